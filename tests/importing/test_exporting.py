"""What leaves the console: in scope, masked, stamped, logged, and dead in a spreadsheet."""

import csv
import zipfile
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from console.domain.errors import Cancelled, Invalid, NotAllowed, Unavailable
from console.domain.roles import Role
from console.domain.trace import read_trace
from console.ledger.audit import verify_chain
from console.services.exporting import Exporting, Second
from db.models import Account, AuditEntry, Enterprise, Estate, Household, Person
from tests.importing.files import FAR_GRID, GRID, PEOPLE, credit_code, identity, person, write_csv
from tests.importing.test_matters import DONE, LEDGER, OPEN
from tests.importing.test_registers import check
from tests.world import GUARDED, PASSWORD, seat_for


def sheet(path: Path, at: int = 0) -> list[list]:
    return CalamineWorkbook.from_path(path).get_sheet_by_index(at).to_python()


def logged(city, action: str = "export") -> list[AuditEntry]:
    with city.reading() as session:
        assert verify_chain(session) is None
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def test_residents_are_masked_and_the_copy_says_whose_it_is(city, desk, tmp_path: Path) -> None:
    desk.load(
        check(
            desk,
            "persons",
            write_csv(
                tmp_path / "a.csv",
                [(*PEOPLE, "宗教信仰", "健康状况"), [*person(1), "某教", "某病"]],
            ),
        )
    )
    made = Exporting(seat_for(city, Role.SUPERVISOR)).export("persons", tmp_path / "b.xlsx")
    head, *rows = sheet(made.path)
    row = dict(zip(head, next(r for r in rows if r[1].endswith(identity(1)[-4:])), strict=True))
    assert (row["姓名"], row["联系电话"], row["网格"]) == ("石*", "199****0001", GRID)
    assert row["身份证号"] == f"{identity(1)[:6]}********{identity(1)[-4:]}"
    assert row["现住地址"] == "宝丽小区3栋***"
    raw = b"".join(
        zipfile.ZipFile(made.path).read(name) for name in zipfile.ZipFile(made.path).namelist()
    )
    # What is sensitive is in no column at all.
    for secret in (identity(1), "19900010001", "某教", "某病"):
        assert secret.encode() not in raw
    about = [line[0] for line in sheet(made.path, 1)]
    assert "导出人 周正 0002" in about
    assert f"追溯码 {made.trace}" in about
    assert read_trace(made.trace)[0] == "0002"
    with zipfile.ZipFile(made.path) as packed:
        assert made.trace in packed.read("docProps/custom.xml").decode()
        assert made.trace in packed.read("xl/worksheets/sheet1.xml").decode()
    (entry,) = logged(city)
    assert (entry.subject_key, entry.details["trace"]) == ("persons", made.trace)


def test_nobody_takes_out_more_than_he_sees(city, desk, tmp_path: Path) -> None:
    desk.load(
        check(
            desk,
            "persons",
            write_csv(tmp_path / "a.csv", [PEOPLE, person(1), person(2, 网格=FAR_GRID)]),
        )
    )
    street = Exporting(seat_for(city, Role.STREET_DESK, 11)).export("persons", tmp_path / "b.csv")
    rows = list(csv.reader(street.path.read_text("utf-8-sig").splitlines()))
    assert street.rows == 1
    assert rows[1][0] == "石*"
    assert "追溯码" in rows[-1][0]
    for role in (Role.AGENT, Role.CLERK, Role.ADMIN, Role.GRID_WORKER):
        with pytest.raises(NotAllowed):
            Exporting(seat_for(city, role)).export("persons", tmp_path / "c.xlsx")
    # The administrator keeps the skeleton and sees no citizen, no work order.
    admin = Exporting(seat_for(city, Role.ADMIN))
    assert {name for name, _title in admin.names()} == {
        "staff",
        "units",
        "grids",
        "roads",
        "landmarks",
    }
    assert admin.export("units", tmp_path / "d.xlsx").rows == 8


def test_codes_stay_text_and_nothing_is_computed(city, desk, tmp_path: Path) -> None:
    head = ("企业名称", "统一社会信用代码", "经营地址", "网格")
    table = [head, ('=HYPERLINK("x")', credit_code(1), "+宝丽西街101号", GRID)]
    desk.load(check(desk, "enterprises", write_csv(tmp_path / "a.csv", table)))
    exporting = Exporting(seat_for(city, Role.SUPERVISOR))
    text = exporting.export("enterprises", tmp_path / "b.csv").path.read_text("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert ",'+宝丽西街101号" in text
    book = exporting.export("enterprises", tmp_path / "b.xlsx").path
    with zipfile.ZipFile(book) as packed:
        assert "<f>" not in packed.read("xl/worksheets/sheet1.xml").decode()
    row = dict(zip(*sheet(book)[:2], strict=True))
    assert (row["统一社会信用代码"], row["网格"]) == (credit_code(1), GRID)
    # Fed again it is what is there: nothing to change, and the stamp is not taken for a shop.
    again = check(desk, "enterprises", exporting.export("enterprises", tmp_path / "c.csv").path)
    assert not again.to_write
    with city.reading() as session:
        assert session.scalar(select(Enterprise.name)) == '=HYPERLINK("x")'


def test_many_rows_need_a_second_person(city, desk, tmp_path: Path) -> None:
    desk.load(
        check(
            desk,
            "persons",
            write_csv(tmp_path / "a.csv", [PEOPLE, *(person(n, "石磊") for n in range(1, 300))]),
        )
    )
    exporting = Exporting(seat_for(city, Role.SUPERVISOR))
    path = tmp_path / "b.xlsx"
    with pytest.raises(Invalid, match="两人同意") as refused:
        exporting.export("persons", path)
    assert refused.value.field == "second"
    with city.writing.begin() as session:
        secret = PasswordHasher().hash("right-word")
        session.execute(update(Account).where(Account.id == 5).values(password_hash=secret))
    # Oneself, somebody without standing, nobody, a wrong word.
    tried = [("0002", ""), ("0017", ""), ("nobody", ""), ("0051", "wrong-word")]
    if city.url in GUARDED:
        # This server trusts its own machine; tests/services prove the password on a strict one.
        tried[-1] = ("I001", PASSWORD)
    for login, word in tried:
        with pytest.raises(Invalid, match="第二人"):
            exporting.export("persons", path, Second(login, word))
    assert not path.exists()
    made = exporting.export("persons", path, Second("0051", "right-word"))
    assert made.rows == 301
    assert logged(city)[0].details["second"] == "0051"
    assert len(logged(city, "export_refused")) == 4


def test_a_file_is_there_whole_or_not_at_all(city, tmp_path: Path) -> None:
    exporting = Exporting(seat_for(city, Role.SUPERVISOR))
    with pytest.raises(Unavailable):
        exporting.export("units", tmp_path / "none" / "a.xlsx")
    rows = [("甲",)] * 1200
    with pytest.raises(Invalid):
        exporting.table("清单", ("名称",), rows, tmp_path / "a.csv")
    with city.writing.begin() as session:
        session.add_all(Estate(name=f"小区{n}", grid_id=30) for n in range(3))
        session.add_all(Household(number=f"X{n}", grid_id=30, address="某处") for n in range(1200))
    with pytest.raises(Cancelled):
        exporting.export(
            "households", tmp_path / "a.xlsx", Second("0051", ""), cancelled=lambda: True
        )
    assert not [file for file in tmp_path.iterdir() if ".db" not in file.name]


def test_work_orders_as_their_list_shows_them(city, desk, tmp_path: Path) -> None:
    secret = [*OPEN]
    secret[0], secret[4] = "A-9", "举报人石磊住宝丽小区，电话19900001111，反映噪声扰民。"
    table = [(*LEDGER, "是否保密"), [*OPEN, ""], [*DONE, ""], [*secret, "是"]]
    desk.load(check(desk, "tickets", write_csv(tmp_path / "a.csv", table)))
    made = Exporting(seat_for(city, Role.OVERSEER)).export("orders", tmp_path / "b.xlsx")
    text = str(sheet(made.path))
    assert made.rows == 3
    assert "19900001111" not in text
    assert Exporting(seat_for(city, Role.LIAISON)).export("orders", tmp_path / "c.xlsx").rows == 0


def test_every_register_can_be_exported(city, tmp_path: Path) -> None:
    exporting = Exporting(seat_for(city, Role.SUPERVISOR))
    for name, _title in exporting.names():
        made = exporting.export(name, tmp_path / f"{name}.xlsx")
        assert len(sheet(made.path)) >= made.rows + 1 or not made.rows
    assert {name for name, _title in exporting.names()} >= {
        "persons",
        "houses",
        "buildings",
        "roads",
        "orders",
    }
    assert Person.__tablename__ == "person"
