"""`main.py train` and `main.py suggest`, from the sheet to the sheet."""

import csv
from pathlib import Path

import pytest

from console import commands
from tests.memory.invented import invented, write


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.settings.data_folder", lambda: tmp_path / "data")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_trained_on_one_sheet_and_tried_on_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = invented(700, seed=41)
    write(rows[:600], tmp_path / "a.csv")
    write(rows[600:], tmp_path / "b.csv")
    assert commands.run(["train", "--from", str(tmp_path / "a.csv")]) == 0
    said = capsys.readouterr().out
    for words in (
        "按时间先学前480条、试后120条",
        "5折交叉验证",
        "只靠目录词语",
        "毫秒",
        "模型已存到",
    ):
        assert words in said
    out = tmp_path / "out.csv"
    assert commands.run(["suggest", "--from", str(tmp_path / "b.csv"), "--out", str(out)]) == 0
    assert "类别与文件所载相比" in capsys.readouterr().out
    found = table(out)
    assert len(found) == 100
    right = sum(row["category_1"] == row["given_category"] for row in found)
    assert right >= 80
    assert all(
        row["category_1_reason"] and row["unit_5"] and float(row["milliseconds"]) >= 0
        for row in found
    )
    assert any(row["earlier_1"] and int(row["earlier_1_line"]) < int(row["line"]) for row in found)


def test_without_any_history_the_words_of_the_categories_suggest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(invented(200, seed=5), tmp_path / "a.csv")
    out = tmp_path / "out.csv"
    assert commands.run(["suggest", "--from", str(tmp_path / "a.csv"), "--out", str(out)]) == 0
    assert "还没有学过" in capsys.readouterr().out
    found = table(out)
    three = sum(
        row["given_category"] in (row["category_1"], row["category_2"], row["category_3"])
        for row in found
    )
    assert three >= 160
    assert found[0]["unit_1"] == ""


def test_a_row_s_own_category_is_never_looked_at(tmp_path: Path) -> None:
    """Other labels beside the same texts must not change what is suggested."""
    rows = invented(60, seed=6)
    write(rows, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()
    turned = [
        text[0],
        *(
            line.replace(row.category, rows[-1 - at].category)
            for at, (line, row) in enumerate(zip(text[1:], rows, strict=True))
        ),
    ]
    (tmp_path / "b.csv").write_text("\n".join(turned) + "\n", "utf-8")
    labels = "--labels=" + ",".join(sorted({row.category for row in rows}))
    for name in ("a", "b"):
        arguments = [
            "suggest",
            "--from",
            str(tmp_path / f"{name}.csv"),
            "--out",
            str(tmp_path / f"{name}.out.csv"),
            "--words-only",
            labels,
        ]
        assert commands.run(arguments) == 0
    first, second = (table(tmp_path / f"{name}.out.csv") for name in ("a", "b"))
    assert [row["category_1"] for row in first] == [row["category_1"] for row in second]
    assert [row["given_category"] for row in first] != [row["given_category"] for row in second]


SEVEN = "城乡建设 环境保护 交通运输 教育文体 劳动和社会保障 商贸旅游 卫生计生".split()


def test_every_row_is_answered_in_the_order_of_the_file_even_those_that_say_nothing(
    tmp_path: Path,
) -> None:
    """GBK, headings in another order, markup, line breaks, labels with blanks, times of three kinds and none."""
    said = [
        (
            "2020/1/6 12:09:38",
            "路灯不亮",
            "\n\t\t<p>清风路的路灯\r\n晚上都不亮</p>&nbsp;",
            "城乡建设 ",
            "A1",
        ),
        ("", "", "", "", ""),
        ("43837.5", "工厂排废气", "化工厂半夜排放废气，呛人", "环境保护\u3000", "A3"),
        ("", "又是路灯", "清风路的路灯晚上还是都不亮", "", "A4"),
        ("", "", "", "卫生计生", "A5"),
        ("2020-1-9", "废气", "化工厂又在半夜排放废气", "环境保护", ""),
    ]
    with (tmp_path / "a.csv").open("w", encoding="gbk", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("留言时间", "留言主题", "留言详情", "一级标签", "留言编号"))
        sheet.writerows(said)
    arguments = [
        "suggest",
        "--from",
        str(tmp_path / "a.csv"),
        "--out",
        str(tmp_path / "o.csv"),
        "--words-only",
    ]
    assert commands.run([*arguments, "--labels", ",".join(SEVEN)]) == 0
    found = table(tmp_path / "o.csv")
    assert [row["id"] for row in found] == ["A1", "5", "A3", "A4", "A5", "9"]
    assert [row["given_category"] for row in found] == [
        "城乡建设",
        "",
        "环境保护",
        "",
        "卫生计生",
        "环境保护",
    ]
    assert [row["category_1"] for row in found] == [
        "城乡建设",
        "",
        "环境保护",
        "城乡建设",
        "",
        "环境保护",
    ]
    assert [row["earlier_1"] for row in found] == ["", "", "", "A1", "", "A3"]
    assert set(SEVEN) >= {row[f"category_{at}"] for row in found for at in range(1, 6)} - {""}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--from", "none.csv"], "没有文件"),
        (
            ["suggest", "--from", "few.csv", "--out", "o.csv", "--model", "few.csv"],
            "不是本程序的建议模型",
        ),
        (["suggest", "--from", "few.csv", "--out", "none/o.csv"], "写不了"),
        (["train", "--from", "few.csv"], "至少要 10 条"),
        (["train", "--from", "few.csv", "--half-life", "soon"], "--half-life"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write(invented(4, seed=1), tmp_path / "few.csv")
    assert commands.run(arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
