"""`main.py import` and `main.py export` as the administrator types them."""

import io
from pathlib import Path

from sqlalchemy import func, select

from console.commands import run
from db.models import ImportBatch, Person
from tests.importing.files import PEOPLE, identity, person, write_csv
from tests.world import PASSWORD


def people(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


def test_check_then_import_then_the_rest(on_file, tmp_path: Path, capsys) -> None:
    path = write_csv(
        tmp_path / "a.csv", [PEOPLE, person(1, "王㛃"), person(2, 联系电话="19x")], "gb18030"
    )
    base = ["--as", "0002", "--database", on_file.url]
    before = people(on_file)
    assert run(["import", "persons", str(path), "--dry-run", *base]) == 2
    said = capsys.readouterr().out
    assert "GB18030，表头在第 1 行，2 行" in said
    assert "身份证号←身份证号" in said
    assert "C列 联系电话：电话号码里有字母“…”" in said
    assert people(on_file) == before
    assert run(["import", "居民", str(path), *base]) == 2
    assert people(on_file) == before + 1
    said = capsys.readouterr()
    # Neither names nor numbers reach a terminal and what keeps its lines.
    assert not any(secret in said.out + said.err for secret in ("王㛃", identity(1), "19900010001"))
    assert run(["import", "history", *base]) == 0
    assert (
        "批次 1 居民 a.csv：新增 1，更新 0，无变化 0，有错 1（周正 0002）"
        in capsys.readouterr().out
    )
    failed = tmp_path / "a-有错的行.xlsx"
    assert failed.exists()
    assert run(["import", "persons", str(failed), "--dry-run", *base]) == 2


def test_a_mapping_is_written_edited_and_used(on_file, tmp_path: Path, capsys) -> None:
    path = write_csv(tmp_path / "a.csv", [("户籍人", "号码", "备注"), (*person(1)[:2], "")])
    base = ["--as", "0002", "--database", on_file.url]
    assert run(["import", "persons", str(path), *base]) == 1
    assert "没有找到表头" in capsys.readouterr().err
    path = write_csv(tmp_path / "b.csv", [("姓名", "号码", "性别"), (*person(1)[:2], "")])
    mapping = tmp_path / "m.toml"
    assert run(["import", "persons", str(path), "--save-mapping", str(mapping), *base]) == 0
    text = mapping.read_text("utf-8").replace('"身份证号" = ""', '"身份证号" = "号码"')
    mapping.write_text(text + '"网格" = "清风社区第一网格"\n', "utf-8")
    assert run(["import", "persons", str(path), "--mapping", str(mapping), *base]) == 0
    assert "新增 1" in capsys.readouterr().out
    mapping.write_text("[columns\n", "utf-8")
    assert run(["import", "persons", str(path), "--mapping", str(mapping), *base]) == 1
    assert "列对照写法不对" in capsys.readouterr().err


def test_who_is_asked_for_and_what_he_may_not(on_file, tmp_path: Path, capsys) -> None:
    path = write_csv(tmp_path / "a.csv", [PEOPLE, person(1)])
    url = ["--database", on_file.url]
    assert run(["import", "persons", str(path), *url]) == 1
    assert "--as" in capsys.readouterr().err
    assert run(["import", "persons", str(path), "--as", "0017", *url]) == 1
    assert "话务员不能导入居民" in capsys.readouterr().err
    assert run(["import", "火星", str(path), "--as", "0002", *url]) == 1
    assert "可导入：persons（居民）" in capsys.readouterr().err
    assert run(["import", "persons", str(tmp_path / "none.csv"), "--as", "0002", *url]) == 1
    assert "没有文件" in capsys.readouterr().err


def test_a_blank_form_and_an_export(on_file, tmp_path: Path, capsys) -> None:
    base = ["--as", "0002", "--database", on_file.url]
    form = tmp_path / "表.xlsx"
    assert run(["import", "persons", "--template", str(form), *base]) == 0
    assert form.exists()
    assert run(["export", "list", *base]) == 0
    assert "persons\t居民" in capsys.readouterr().out
    assert run(["export", "persons", str(tmp_path / "b.csv"), *base]) == 0
    assert "追溯码 0002-" in capsys.readouterr().out
    assert "叶**" in (tmp_path / "b.csv").read_text("utf-8-sig")


def test_on_a_guarded_server_the_owner_imports_in_the_operator_s_name(
    guarded_world, tmp_path: Path, monkeypatch, capsys
) -> None:
    path = write_csv(tmp_path / "a.csv", [PEOPLE, person(1)])
    base = ["import", "persons", str(path), "--as", "0002", "--database", guarded_world.url]
    with guarded_world.writing.begin() as session:
        # The small city's rows carry keys of their own; the server shall go on counting behind them.
        session.execute(select(func.setval(func.pg_get_serial_sequence("person", "id"), 100)))
    # This server trusts whoever comes from its own machine; tests/services prove the password on a strict one.
    before = people(guarded_world)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run(base) == 0, capsys.readouterr().err
    assert people(guarded_world) == before + 1
    with guarded_world.reading() as session:
        assert session.scalar(select(ImportBatch.by)) == "周正 0002"
