"""Importing with one's own login on PostgreSQL: one's own branch, matters by the thousand, nothing read."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from console.domain.auditing import Question
from console.domain.errors import Cancelled, NotAllowed
from console.domain.importing.records import Existing, Standing
from console.domain.roles import Role
from console.ledger.audit import verify_chain
from console.services.auditing import Auditing
from console.services.exporting import Exporting
from console.services.importing import Importing
from console.services.paper import preview
from db.engine import Database
from db.models import (
    Appellant,
    AuditEntry,
    Enterprise,
    ImportBatch,
    Person,
    RegisterChange,
    RoadRange,
    Ticket,
    Unit,
)
from tests.importing.files import (
    FAR_GRID,
    GRID,
    OTHER_GRID,
    PEOPLE,
    credit_code,
    identity,
    person,
    write_csv,
)
from tests.importing.test_exporting import sheet
from tests.importing.test_matters import LEDGER, OPEN
from tests.importing.test_matters import check as check_matters
from tests.importing.test_registers import check, count, reasons
from tests.world import seat_for


def street(city: Database) -> Importing:
    return Importing(seat_for(city, Role.STREET_DESK, 10))


def entries(city: Database, action: str) -> list[AuditEntry]:
    with city.reading() as session:
        assert verify_chain(session) is None
        found = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
        return list(session.scalars(found))


def one_person(city: Database, number: int) -> dict:
    with city.reading() as session:
        table = Person.__table__
        row = session.execute(select(table).where(table.c.id_number == identity(number))).one()
        return row._asdict()


def test_work_orders_of_another_system_pass_the_guard(guarded_world, tmp_path: Path) -> None:
    seat = seat_for(guarded_world, Role.SUPERVISOR)
    desk = Importing(seat)
    checked = check_matters(desk, "tickets", write_csv(tmp_path / "a.csv", [LEDGER, OPEN]))
    desk.load(checked)
    with guarded_world.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 1
        assert session.scalar(select(ImportBatch.by)) == "周正 0002"
    with pytest.raises(DBAPIError), seat.db.writing.begin() as session:
        session.execute(text("update import_batch set rows_new = 0"))


def test_a_street_registers_its_own_residents_and_is_told_of_each_that_is_not(
    guarded_world, tmp_path: Path
) -> None:
    far = Importing(seat_for(guarded_world, Role.STREET_DESK, 11))
    far.load(
        check(far, "persons", write_csv(tmp_path / "far.csv", [PEOPLE, person(9, 网格=FAR_GRID)]))
    )
    desk = street(guarded_world)
    table = [PEOPLE, person(1), person(2, 网格=FAR_GRID), person(3), person(9, 网格=GRID)]
    checked = check(desk, "persons", write_csv(tmp_path / "a.csv", table))
    assert reasons(checked) == [
        f"3 E列 网格：网格 {FAR_GRID} 不在您的管辖范围内，请由所属街道或热线中心导入",
        "5 B列 身份证号：已在别的辖区登记，跨辖区的变动请热线中心办理",
    ]
    desk.load(checked)
    row = one_person(guarded_world, 1)
    assert (row["grid_id"], row["phone_end"], row["id_masked"][-4:]) == (
        30,
        "0001",
        identity(1)[-4:],
    )
    with guarded_world.reading() as session:
        key = session.scalar(select(func.hotline.make_key(identity(1))))
        lines = session.scalars(select(RegisterChange).where(RegisterChange.row_id == row["id"]))
        said = [(line.field, line.changed_by) for line in lines]
    # Keys as the server makes them, although nobody took a turn.
    assert row["id_key"] == key
    assert said == [("*", "王街 S101")]
    assert one_person(guarded_world, 9)["grid_id"] == 32
    (line,) = [e for e in entries(guarded_world, "import_check") if e.actor_name == "王街 S101"]
    assert (line.details["rows"], line.details["known"], line.details["strange"]) == (3, 1, 1)
    assert identity(9) not in str(line.details)
    assert [e.actor_name for e in entries(guarded_world, "import")] == ["吴月 S111", "王街 S101"]


def test_what_differs_is_changed_without_anybody_reading_it(guarded_world, tmp_path: Path) -> None:
    desk = street(guarded_world)
    head = (*PEOPLE, "民族", "健康状况", "性别")
    first = [head, [*person(1), "汉族", "良好", ""], [*person(2), "", "", ""]]
    desk.load(check(desk, "persons", write_csv(tmp_path / "a.csv", first)))
    again = [
        head,
        [*person(1, 联系电话="19900007777"), "苗族", "一般", ""],
        [*person(2, 网格=OTHER_GRID), "", "", ""],
        [*person(3), "", "", ""],
    ]
    checked = check(desk, "persons", write_csv(tmp_path / "b.csv", again))
    assert [entry.standing for entry in checked.entries] == [
        Standing.CHANGED,
        Standing.CHANGED,
        Standing.NEW,
    ]
    # What stands there is no part of the answer.
    assert "19900010001" not in repr([dict(entry.before) for entry in checked.entries])
    desk.load(checked)
    row, moved = one_person(guarded_world, 1), one_person(guarded_world, 2)
    assert (row["phone"], row["phone_masked"], row["phone_end"]) == (
        "19900007777",
        "199****7777",
        "7777",
    )
    assert (row["ethnicity"], row["class_details"], row["version"]) == (
        "苗族",
        {"健康状况": "一般"},
        2,
    )
    assert (moved["grid_id"], moved["version"]) == (31, 2)
    with guarded_world.reading() as session:
        assert row["phone_key"] == session.scalar(select(func.hotline.make_key("19900007777")))
        changes = session.scalars(
            select(RegisterChange).where(
                RegisterChange.row_id == row["id"], RegisterChange.field != "*"
            )
        )
        said = {change.field: (change.before, change.after) for change in changes}
    assert said == {
        "phone": ("199****0001", "199****7777"),
        "ethnicity": ("***", "***"),
        "class_details": ("***", "***"),
    }
    same = check(desk, "persons", write_csv(tmp_path / "b.csv", again))
    assert same.counts[Standing.SAME] == 3


def test_kept_and_refused_rows_under_guard(guarded_world, tmp_path: Path) -> None:
    desk = street(guarded_world)
    path = write_csv(tmp_path / "a.csv", [PEOPLE, person(1)])
    desk.load(check(desk, "persons", path))
    assert check(desk, "persons", path, Existing.KEEP).counts[Standing.KEPT] == 1
    assert reasons(check(desk, "persons", path, Existing.REFUSE)) == [
        "2 B列 身份证号：身份证号已登记"
    ]


def test_a_grid_leader_and_the_enterprises_of_his_community(guarded_world, tmp_path: Path) -> None:
    head = ("企业名称", "统一社会信用代码", "经营地址", "网格", "联系电话", "负责人")
    rows = [
        (f"泊宁面馆{n}", credit_code(n), "宝丽西街101号", GRID, f"1990003{n:04d}", "石磊")
        for n in range(1, 400)
    ]
    leader = Importing(seat_for(guarded_world, Role.GRID_LEADER))
    leader.load(check(leader, "enterprises", write_csv(tmp_path / "a.csv", [head, *rows])))
    # More numbers than the pace of looking people up would have let through in one go.
    assert count(guarded_world, Enterprise) == 399
    changed = [head, (*rows[0][:4], "19900039999", "石森"), (*rows[1][:5], "石森")]
    checked = check(leader, "enterprises", write_csv(tmp_path / "b.csv", changed))
    assert checked.counts[Standing.CHANGED] == 2
    leader.load(checked)
    with guarded_world.reading() as session:
        table = Enterprise.__table__
        phones = select(table.c.phone, table.c.phone_key, table.c.manager).order_by(table.c.id)
        first, second = session.execute(phones.limit(2)).all()
        key = session.scalar(select(func.hotline.make_key("19900039999")))
    assert tuple(first) == ("19900039999", key, "石森")
    assert (second.phone, second.manager) == ("19900030002", "石森")
    elsewhere = Importing(seat_for(guarded_world, Role.STREET_DESK, 11))
    taken = [head, (*rows[2][:3], FAR_GRID, *rows[2][4:])]
    refused = check(elsewhere, "enterprises", write_csv(tmp_path / "c.csv", taken))
    assert "已在别的辖区登记" in reasons(refused)[0]


def test_the_head_of_the_centre_imports_the_skeleton_and_the_administrator_is_told(
    guarded_world, tmp_path: Path
) -> None:
    head = Importing(seat_for(guarded_world, Role.SUPERVISOR))
    units = [("区划代码", "名称"), ("990101003", "石桥镇"), ("990101003201", "新华村")]
    head.load(check(head, "units", write_csv(tmp_path / "a.csv", units)))
    roads = [("道路", "起始门牌", "终止门牌", "网格"), ("石桥路", 1, 9, GRID)]
    head.load(check(head, "roads", write_csv(tmp_path / "b.csv", roads)))
    moved = [roads[0], ("石桥路", 1, 9, OTHER_GRID)]
    head.load(check(head, "roads", write_csv(tmp_path / "c.csv", moved)))
    staff = [
        ("工号", "姓名", "单位", "岗位", "负责网格"),
        ("G9", "马兰", "清风社区", "网格员", GRID),
    ]
    head.load(check(head, "staff", write_csv(tmp_path / "d.csv", staff)))
    with guarded_world.reading() as session:
        names = set(session.scalars(select(Unit.name)))
        grid = session.scalar(select(RoadRange.grid_id).order_by(RoadRange.id.desc()))
    assert {"石桥镇", "新华村"} <= names
    assert grid == 31
    admin = Importing(seat_for(guarded_world, Role.ADMIN))
    assert not admin.kinds()
    with pytest.raises(NotAllowed, match="值班长导入"):
        admin.read(tmp_path / "a.csv", "units")


def test_stopping_under_guard_leaves_nothing_but_the_line_of_the_check(
    guarded_world, tmp_path: Path
) -> None:
    desk = street(guarded_world)
    table = [PEOPLE, *(person(n, "石磊") for n in range(1, 2500))]
    checked = check(desk, "persons", write_csv(tmp_path / "a.csv", table))
    before = count(guarded_world, Person)
    with pytest.raises(Cancelled):
        desk.load(checked, cancelled=lambda: True)
    assert count(guarded_world, Person) == before
    assert count(guarded_world, ImportBatch) == count(guarded_world, RegisterChange) == 0
    assert not entries(guarded_world, "import")
    assert len(entries(guarded_world, "import_check")) == 1
    desk.load(checked)
    assert count(guarded_world, Person) == before + 2499


@pytest.mark.parametrize(("role", "kind"), [(Role.AGENT, "police"), (Role.SUPERVISOR, "tickets")])
def test_many_matters_with_numbers_need_no_turns(
    guarded_world, tmp_path: Path, role: Role, kind: str
) -> None:
    key = "警情编号" if kind == "police" else "原工单编号"
    head = (key, "内容", "来电人", "联系电话", "地点")
    rows = [
        (f"P{n}", f"宝丽西街{n}号门前积水", "石磊", f"1990004{n:04d}", "宝丽西街101号")
        for n in range(1, 420)
    ]
    desk = Importing(seat_for(guarded_world, role))
    desk.load(check(desk, kind, write_csv(tmp_path / "a.csv", [head, *rows])))
    with guarded_world.reading() as session:
        keys = set(session.scalars(select(Appellant.phone_key)))
        made = session.scalar(select(func.hotline.make_key("19900040419")))
    assert len(keys) == 419
    assert made in keys


def test_an_export_under_guard_holds_its_own_branch_and_no_private_column(
    guarded_world, tmp_path: Path
) -> None:
    head = Importing(seat_for(guarded_world, Role.SUPERVISOR))
    table = [
        (*PEOPLE, "民族", "服务处所"),
        [*person(1), "苗族", "泊宁厂"],
        [*person(2, 网格=FAR_GRID), "", ""],
    ]
    head.load(check(head, "persons", write_csv(tmp_path / "a.csv", table)))
    seat = seat_for(guarded_world, Role.STREET_DESK, 11)
    made = Exporting(seat).export("persons", tmp_path / "b.xlsx")
    first, *rows = sheet(made.path)
    assert len(rows) == made.rows == 1
    row = dict(zip(first, rows[0], strict=True))
    assert (row["姓名"][1:], row["联系电话"], row["网格"]) == ("*", "199****0002", FAR_GRID)
    assert row["身份证号"] == f"{identity(2)[:6]}********{identity(2)[-4:]}"
    assert row["现住地址"] == "宝丽小区3栋***"
    assert not {"民族", "服务处所", "曾用名", "户籍地址", "紧急联系人"} & row.keys()
    for role, unit in ((Role.GRID_LEADER, 20), (Role.STREET_DESK, 11), (Role.SUPERVISOR, None)):
        desk = Exporting(seat_for(guarded_world, role, unit))
        for name, _title in desk.names():
            desk.export(name, tmp_path / f"{role}-{name}.csv")


def test_an_auditor_sees_whose_list_it_was_and_how_many_it_named(
    guarded_world, tmp_path: Path
) -> None:
    desk = street(guarded_world)
    desk.load(check(desk, "persons", write_csv(tmp_path / "a.csv", [PEOPLE, person(1), person(2)])))
    answer = Auditing(seat_for(guarded_world, Role.INSPECTOR), preview).search(
        Question(operator="S101")
    )
    said = [(one.action_words, one.what, one.who) for one in answer.seen]
    assert ("导入前比对", "居民：共 2，已登记 0，别处或姓名不符 0", "王街 S101") in said
    assert ("导入", "居民：新增 2，更新 0，有错 0", "王街 S101") in said
