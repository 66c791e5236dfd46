"""Every register from a file into both databases: new, changed, refused, and never by halves."""

import json
from pathlib import Path

import pytest
from sqlalchemy import func, select

from console.domain.errors import Cancelled, Conflict, Invalid, NotAllowed
from console.domain.importing.headers import match
from console.domain.importing.kinds import KINDS
from console.domain.importing.records import Checked, Existing, Standing
from console.domain.roles import Role
from console.ledger.audit import verify_chain
from console.services.importing import Importing
from db.engine import Database
from db.models import (
    AuditEntry,
    Building,
    Enterprise,
    Estate,
    Grid,
    GridStaff,
    House,
    Household,
    ImportBatch,
    Person,
    PostHistory,
    RegisterChange,
    RoadRange,
    Staff,
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
    write_xlsx,
)
from tests.importing.test_files import every_character
from tests.world import GUARDED, seat_for


def check(desk: Importing, kind: str, path: Path, existing=Existing.UPDATE) -> Checked:
    source = desk.read(path, kind)
    return desk.check(source, kind, match(source.headers, KINDS[kind]), existing)


def reasons(checked: Checked) -> list[str]:
    return [f"{fault.line} {fault.place}：{fault.reason}" for fault in checked.faults]


def count(city: Database, table) -> int:
    with city.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def rows(city: Database, table, *columns):
    with city.reading() as session:
        picked = [table.__table__.c[name] for name in columns]
        return [tuple(row) for row in session.execute(select(*picked).order_by(*picked[:1]))]


def test_residents_come_in_and_every_row_is_on_record(city, desk, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [PEOPLE, person(1, "王㛃"), person(2, "张𬭎")])
    before = count(city, Person)
    checked = check(desk, "persons", path)
    assert (checked.to_write, checked.faults, count(city, Person)) == (2, (), before)
    loaded = desk.load(checked)
    with city.reading() as session:
        table = Person.__table__
        row = session.execute(select(table).where(table.c.id_number == identity(2))).one()
        changes = session.scalars(select(RegisterChange).where(RegisterChange.register == "person"))
        said = [(c.row_id, c.field, c.after, c.changed_by) for c in changes]
        batch = session.get(ImportBatch, loaded.batch)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "import")).one()
        assert verify_chain(session) is None
    assert (row.name, row.grid_id, row.phone_end, row.ethnicity) == (
        "张𬭎",
        30,
        "0002",
        "汉族",
    )
    assert (row.sex, str(row.born_on)) == ("男" if int(identity(2)[16]) % 2 else "女", "1942-01-01")
    assert (row.id, "*", f"导入批次 {batch.id}，文件第 3 行", "周正 0002") in said
    assert (batch.rows_new, batch.file_name, batch.by) == (2, "a.xlsx", "周正 0002")
    assert entry.details["file"] == checked.source.sha256 == batch.sha256
    # The audit says which file and how many, never who.
    assert "张𬭎" not in json.dumps(entry.details, ensure_ascii=False)


def test_a_second_time_only_what_differs_is_changed_and_blanks_erase_nothing(
    city, desk, tmp_path: Path
) -> None:
    desk.load(check(desk, "persons", write_csv(tmp_path / "a.csv", [PEOPLE, person(1), person(2)])))
    again = [PEOPLE, person(1, 联系电话=""), person(2, 联系电话="19900007777")]
    checked = check(desk, "persons", write_csv(tmp_path / "b.csv", again))
    assert (checked.counts[Standing.SAME], checked.counts[Standing.CHANGED]) == (1, 1)
    desk.load(checked)
    with city.reading() as session:
        table = Person.__table__
        wanted = select(table.c.phone, table.c.phone_end, table.c.version)
        phones = [
            tuple(session.execute(wanted.where(table.c.id_number == identity(n))).one())
            for n in (1, 2)
        ]
        changes = list(
            session.scalars(select(RegisterChange).where(RegisterChange.field == "phone"))
        )
    assert phones == [("19900010001", "0001", 1), ("19900007777", "7777", 2)]
    # On record, but masked: the log of changes is no second register.
    assert [(c.before, c.after) for c in changes] == [("199****0002", "199****7777")]


def test_rows_on_the_register_can_be_kept_or_refused(desk, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [PEOPLE, person(1)])
    desk.load(check(desk, "persons", path))
    assert check(desk, "persons", path, Existing.KEEP).counts[Standing.KEPT] == 1
    refused = check(desk, "persons", path, Existing.REFUSE)
    assert reasons(refused) == ["2 B列 身份证号：身份证号已登记"]
    with pytest.raises(Invalid, match="没有可以写入"):
        desk.load(refused)


def test_a_phone_that_is_somebody_else_s_is_mentioned(city, desk, tmp_path: Path) -> None:
    table = [PEOPLE, person(1, 联系电话="19900001234"), person(2)]
    checked = check(desk, "persons", write_csv(tmp_path / "a.csv", table))
    # Under guard nobody learns by the way whether a number is registered.
    guarded = GUARDED.get(city.url) is not None
    assert checked.notes == (() if guarded else ("1 个电话已登记在别人名下（家人共用的不必改）",))
    assert checked.to_write == 2


def test_one_number_under_two_names_is_a_conflict_unless_the_former_name_is_said(
    desk, tmp_path: Path
) -> None:
    desk.load(check(desk, "persons", write_csv(tmp_path / "a.csv", [PEOPLE, person(1, "石一")])))
    path = write_csv(tmp_path / "b.csv", [PEOPLE, person(1, "石二")])
    assert "姓名不同" in reasons(check(desk, "persons", path))[0]
    path = write_csv(tmp_path / "c.csv", [(*PEOPLE, "曾用名"), [*person(1, "石二"), "石一"]])
    assert check(desk, "persons", path).counts[Standing.CHANGED] == 1


def test_every_faulty_cell_is_named_and_the_good_rows_are_kept(city, desk, tmp_path: Path) -> None:
    bad = [
        PEOPLE,
        person(1),
        person(2, 身份证号=1.1010519491231e17),
        person(3, 身份证号=identity(3)[:17] + ("1" if identity(3)[17] != "1" else "2")),
        person(4, 姓名="", 联系电话="1990001"),
        person(5, 网格="清风社区第九网格"),
        person(1, "石重"),
        person(7, 网格=""),
    ]
    checked = check(desk, "persons", write_xlsx(tmp_path / "a.xlsx", bad))
    assert reasons(checked) == [
        "3 B列 身份证号：Excel 已把它变成科学计数，末位已丢失，请把该列设为文本后重填",
        f"4 B列 身份证号：身份证号最后一位校验码应为 {identity(3)[17]}，请核对",
        "5 A列 姓名：没有填姓名",
        "5 C列 联系电话：本地固定电话不会以 1 开头，手机号请填满 11 位，固定电话请核对首位",
        "6 E列 网格：没有名为“清风社区第九网格”的网格，请填写编码，或先导入它",
        "7 B列 身份证号：与第 2 行重复（身份证号）",
        "8 E列 网格：请填写网格，填编码或全名；有户号的可以不填",
    ]
    before = count(city, Person)
    desk.load(checked)
    assert count(city, Person) == before + 1


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_failed_rows_can_be_corrected_and_fed_again(desk, tmp_path: Path, suffix: str) -> None:
    bad = [PEOPLE, person(1), person(2, 网格="哪里"), person(3, "=cmd()", 网格="哪里")]
    checked = check(desk, "persons", write_csv(tmp_path / "a.csv", bad))
    desk.load(checked)
    failed = desk.save_failed(checked, tmp_path / f"b.{suffix}")
    source = desk.read(failed, "persons")
    assert source.headers == (*PEOPLE, "行号", "列", "原因")
    assert [row.cells[5] for row in source.rows] == ["3", "4"]
    # Nothing a citizen wrote becomes a formula, and it is read back as it was.
    assert source.rows[1].cells[0] == "=cmd()"
    if suffix == "csv":
        assert "'=cmd()" in failed.read_text("utf-8-sig")
    mended = [source.headers, [*person(2), "3", "E列 网格", "旧原因"]]
    again = check(desk, "persons", write_csv(tmp_path / "c.csv", mended))
    assert (again.to_write, again.faults) == (1, ())


def test_sex_and_birth_must_agree_with_the_number(desk, tmp_path: Path) -> None:
    right = "男" if int(identity(1)[16]) % 2 else "女"
    wrong = "女" if right == "男" else "男"
    table = [(*PEOPLE, "性别", "出生日期"), [*person(1), wrong, ""], [*person(2), "", "1990-1-1"]]
    said = reasons(check(desk, "persons", write_csv(tmp_path / "a.csv", table)))
    assert f"性别与身份证号不符，身份证号为{right}" in said[0]
    assert "出生日期与身份证号不符" in said[1]


def test_foreigners_have_papers_of_their_own(desk, tmp_path: Path) -> None:
    head = (*PEOPLE, "人员属性", "性别", "出生日期")
    good = [*person(1, 身份证号="E12345678"), "境外", "男", "1980/5/6"]
    bad = [*person(2, 身份证号="E12345679"), "户籍", "男", "1980/5/6"]
    checked = check(desk, "persons", write_csv(tmp_path / "a.csv", [head, good, bad]))
    assert checked.to_write == 1
    assert "境外" in reasons(checked)[0]


def test_stopping_while_writing_leaves_nothing(city, desk, tmp_path: Path) -> None:
    table = [PEOPLE, *(person(n, "石磊") for n in range(1, 5001))]
    checked = check(desk, "persons", write_csv(tmp_path / "a.csv", table))
    before = count(city, Person)
    seen: list[int] = []

    def progress(done: int, _total: int, _words: str) -> None:
        seen.append(done)

    with pytest.raises(Cancelled):
        desk.load(checked, progress, lambda: bool(seen) and seen[-1] >= 4000)
    assert seen == [2000, 4000]
    assert count(city, Person) == before
    for table_ in (ImportBatch, RegisterChange):
        assert count(city, table_) == 0
    with city.reading() as session:
        assert (
            session.scalars(select(AuditEntry).where(AuditEntry.action == "import")).first() is None
        )


def test_whoever_registers_meanwhile_stops_the_whole_import(city, desk, tmp_path: Path) -> None:
    checked = check(desk, "persons", write_csv(tmp_path / "a.csv", [PEOPLE, person(1), person(2)]))
    desk.load(check(desk, "persons", write_csv(tmp_path / "b.csv", [PEOPLE, person(2)])))
    before = count(city, Person)
    # Under guard the unique key says it, and no more.
    with pytest.raises(Conflict, match=r"第 3 行|登记了同样的内容"):
        desk.load(checked)
    change = check(
        desk, "persons", write_csv(tmp_path / "c.csv", [PEOPLE, person(2, 联系电话="19900009999")])
    )
    with city.writing.begin() as session:
        table = Person.__table__
        session.execute(table.update().where(table.c.id_number == identity(2)).values(version=7))
    with pytest.raises(Conflict, match="被他人修改"):
        desk.load(change)
    assert count(city, Person) == before


def test_a_street_imports_its_own_grids_only(city, tmp_path: Path) -> None:
    street = Importing(seat_for(city, Role.STREET_DESK, 10))
    path = write_csv(tmp_path / "a.csv", [PEOPLE, person(1), person(2, 网格=FAR_GRID)])
    checked = check(street, "persons", path)
    assert checked.to_write == 1
    assert "管辖范围" in reasons(checked)[0]
    with pytest.raises(NotAllowed, match="街道热线办不能导入单位"):
        street.read(path, "units")
    with pytest.raises(NotAllowed):
        Importing(seat_for(city, Role.CLERK)).read(path, "persons")


def test_households_and_the_residents_in_them(city, desk, tmp_path: Path) -> None:
    homes = [("户号", "住址", "网格", "低保户"), ("H9", "宝丽小区3栋2单元501", GRID, "是")]
    desk.load(check(desk, "households", write_csv(tmp_path / "a.csv", homes)))
    assert ("H9", 1, 30, True) in rows(
        city, Household, "number", "house_id", "grid_id", "low_income"
    )
    table = [(*PEOPLE, "户号"), [*person(1, 网格=""), "H9"], [*person(2), "H8"]]
    checked = check(desk, "persons", write_csv(tmp_path / "b.csv", table))
    assert "没有户号 H8" in reasons(checked)[0]
    desk.load(checked)
    with city.reading() as session:
        table_ = Person.__table__
        row = session.execute(select(table_).where(table_.c.id_number == identity(1))).one()
    assert (row.grid_id, row.house_id) == (30, 1)
    assert row.household_id is not None


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_every_character_reaches_the_register_unchanged(
    city, desk, tmp_path: Path, suffix: str
) -> None:
    """All unified ideographs, the 8,105 standard ones among them, through a workbook and through GB18030."""
    characters = every_character()
    texts = ["".join(characters[at : at + 190]) for at in range(0, len(characters), 190)]
    table = [("户号", "住址", "网格"), *((f"Z{n:03d}", text, GRID) for n, text in enumerate(texts))]
    path = tmp_path / f"a.{suffix}"
    write_xlsx(path, table) if suffix == "xlsx" else write_csv(path, table, "gb18030")
    checked = check(desk, "households", path)
    assert not checked.faults
    desk.load(checked)
    there = dict(rows(city, Household, "number", "address"))
    assert [there[f"Z{n:03d}"] for n in range(len(texts))] == texts


def test_houses_bring_their_buildings_and_estates(city, desk, tmp_path: Path) -> None:
    head = ("小区名称", "楼号", "单元", "楼层", "房间号", "网格", "出租起", "出租止")
    table = [
        head,
        ("宝丽小区", "3栋", "2单元", 5, "501", GRID, "2026/1/1", "2026-12-31"),
        ("宝丽小区", "03", 1, 2, "201", GRID, "", ""),
        ("新月苑", "1号楼", 1, 8, "801", GRID, "", ""),
        ("新月苑", "1", 3, 9, "901", GRID, "", ""),
        ("新月苑", "1", 3, 9, "902", GRID, "2026-5-1", "2026-4-1"),
    ]
    checked = check(desk, "houses", write_csv(tmp_path / "a.csv", table))
    assert [s.value for s in (e.standing for e in checked.entries)] == [
        "changed",
        "new",
        "new",
        "new",
    ]
    assert "出租止早于出租起" in reasons(checked)[0]
    assert any("1 个小区是新的" in note for note in checked.notes)
    desk.load(checked)
    assert rows(city, Estate, "name") == [("宝丽小区",), ("新月苑",)]
    assert sorted(rows(city, Building, "number", "floors_above", "units")) == [
        ("1号楼", 9, 3),
        ("3", 6, 2),
    ]
    assert ("新月苑1栋3单元901", 9, "901") in rows(city, House, "address", "floor", "room")
    assert count(city, House) == 4
    desk_again = check(desk, "houses", write_csv(tmp_path / "b.csv", table[:5]))
    assert desk_again.counts[Standing.SAME] == 4


def test_buildings_with_their_estate_s_company(city, desk, tmp_path: Path) -> None:
    head = ("小区名称", "楼号", "网格", "物业公司", "物业电话", "地上层数")
    table = [head, ("宝丽小区", "3号楼", GRID, "泊宁物业", "19900000088", 7)]
    desk.load(check(desk, "buildings", write_csv(tmp_path / "a.csv", table)))
    assert rows(city, Estate, "name", "property_company") == [("宝丽小区", "泊宁物业")]
    assert rows(city, Building, "number", "floors_above", "version") == [("3", 7, 2)]
    again = check(desk, "buildings", write_csv(tmp_path / "a.csv", table))
    assert again.counts[Standing.SAME] == 1


def test_enterprises_by_their_credit_code(city, desk, tmp_path: Path) -> None:
    code = credit_code(1)
    wrong = code[:17] + ("A" if code[17] != "A" else "B")
    head = ("企业名称", "统一社会信用代码", "经营地址", "网格", "微型消防站")
    table = [
        head,
        ("泊宁面馆", code.lower(), "宝丽西街101号", GRID, "√"),
        ("假店", wrong, "某处", GRID, ""),
    ]
    checked = check(desk, "enterprises", write_xlsx(tmp_path / "a.xlsx", table))
    assert "校验码" in reasons(checked)[0]
    desk.load(checked)
    assert rows(city, Enterprise, "name", "uscc", "fire_station") == [("泊宁面馆", code, True)]


def test_staff_and_the_grids_they_answer_for(city, desk, tmp_path: Path) -> None:
    head = ("工号", "姓名", "单位", "岗位", "负责网格", "专兼职")
    table = [
        head,
        ("G1", "刘大海", "清风社区", "网格长", f"{GRID}；{OTHER_GRID}", "专职"),
        ("G9", "马兰", "990101001001", "网格员", GRID, "兼职"),
        ("G8", "马桂", "清风社区", "站长", "", ""),
    ]
    checked = check(desk, "staff", write_csv(tmp_path / "a.csv", table))
    assert "岗位没有“站长”" in reasons(checked)[0]
    desk.load(checked)
    assert ("G9", "全科网格员", 20, False) in rows(
        city, Staff, "staff_no", "post", "unit_id", "full_time"
    )
    with city.reading() as session:
        posts = set(
            session.execute(
                select(GridStaff.grid_id, GridStaff.post).where(GridStaff.staff_id == 1)
            )
        )
        careers = list(session.scalars(select(PostHistory).order_by(PostHistory.id)))
    assert posts == {(30, "网格长"), (31, "网格长")}
    # Who comes and who changes is in the history of posts, as by the form (field-facts X12).
    assert [(one.post, one.ended_on) for one in careers if one.staff_id != 1] == [
        ("全科网格员", None)
    ]
    last = [one for one in careers if one.staff_id == 1][-1]
    assert (last.post, last.ended_on, last.grids.count("、")) == ("网格长", None, 1)


def test_a_code_table_keeps_codes_as_text_and_never_guesses_by_name(
    city, desk, tmp_path: Path
) -> None:
    table = [
        ("统计用区划代码", "城乡分类代码", "名称"),
        ("990101003001", 111, "新华村"),
        (990101003000, 111, "石桥镇"),
        ("990101004201", 220, "新华村"),
        ("990101004000", 111, "河口镇"),
        ("990101005201", 220, "新华村"),
        ("9901010032", 220, "短码村"),
    ]
    checked = check(desk, "units", write_xlsx(tmp_path / "a.xlsx", table))
    assert reasons(checked) == [
        "6 A列 统计用区划代码：没有上级单位 990101005，请先导入上级，或放在同一个文件里",
        "7 A列 统计用区划代码：区划代码“9901010032”是 10 位，应为 2、4、6、9、12 或 15 位",
    ]
    assert "2 行的名称在同一城市里重复" in checked.notes[0]
    desk.load(checked)
    with city.reading() as session:
        made = {u.code: u for u in session.scalars(select(Unit).where(Unit.name == "新华村"))}
        towns = {u.id: u.code for u in session.scalars(select(Unit).where(Unit.kind == "street"))}
    assert {code: towns[u.parent_id] for code, u in made.items()} == {
        "990101003001": "990101003", "990101004201": "990101004",
    }  # fmt: skip
    assert (made["990101003001"].kind, made["990101004201"].kind) == ("community", "village")
    people = [
        ("工号", "姓名", "单位", "岗位"),
        ("G7", "马兰", "新华村", "网格员"),
        ("G6", "马桂", "河口镇/新华村", "网格员"),
    ]
    staff = check(desk, "staff", write_csv(tmp_path / "b.csv", people))
    assert staff.to_write == 1
    assert "有 2 个单位名为“新华村”，不能猜" in reasons(staff)[0]
    assert "990101003001、990101004201" in reasons(staff)[0]


def square(left: float, low: float, size: float = 0.01) -> dict:
    ring = [
        [left, low],
        [left + size, low],
        [left + size, low + size],
        [left, low + size],
        [left, low],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code: str, name: str, shape: dict | None) -> dict:
    return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": shape}


def test_grids_from_geojson(city, desk, tmp_path: Path) -> None:
    crossed = {
        "type": "Polygon",
        "coordinates": [[[113, 29], [113.01, 29.01], [113.01, 29], [113, 29.01], [113, 29]]],
    }
    features = [
        feature("990101002001002", "桂花社区第二网格", square(122.9, 34.3)),
        feature("990101002001003", "桂花社区第三网格", square(122.91, 34.3)),
        feature("990101002001004", "桂花社区第四网格", square(122.905, 34.3)),
        feature("990101002001005", "桂花社区第五网格", crossed),
        feature("990101002001006", "桂花社区第六网格", {"type": "Point", "coordinates": [1, 2]}),
        feature("990101009001001", "没有社区", square(120, 30)),
        feature(FAR_GRID, "桂花第一网格", square(123, 34.5)),
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    checked = check(desk, "grids", path)
    assert [reason.split("：")[1][:12] for reason in reasons(checked)] == [
        "边界与网格 990101", "边界自相交，请在制图软件", "网格边界应为面（Poly", "没有社区或村 99010",
    ]  # fmt: skip
    desk.load(checked)
    with city.reading() as session:
        unit, grid = session.execute(
            select(Unit, Grid)
            .join(Grid, Grid.unit_id == Unit.id)
            .where(Unit.code == "990101002001002")
        ).one()
        renamed = session.scalar(select(Unit.name).where(Unit.code == FAR_GRID))
    assert (unit.kind, unit.parent_id, renamed) == ("grid", 21, "桂花第一网格")
    assert grid.boundary["type"] == "Polygon"
    assert grid.area_m2 == pytest.approx(1_023_000, rel=0.01)
    assert check(desk, "grids", path).counts[Standing.SAME] == 3


def test_doors_of_a_road_belong_to_one_grid(city, desk, tmp_path: Path) -> None:
    head = ("路名", "起号", "止号", "单双号", "网格编码")
    table = [
        head,
        ("宝丽西街", "201号", 299, "单", GRID),
        ("宝丽西街", 150, 250, "双号", GRID),
        ("新开路", 1, 99, "", GRID),
        ("新开路", 50, 60, "单", OTHER_GRID),
        ("新开路", 9, 3, "", GRID),
    ]
    checked = check(desk, "roads", write_csv(tmp_path / "a.csv", table))
    said = reasons(checked)
    assert f"与网格 {OTHER_GRID} 的 100–198 号双号侧 重叠" in said[0]
    assert f"与网格 {GRID} 的 1–99 号 重叠" in said[1]
    assert "大于终止门牌" in said[2]
    desk.load(checked)
    assert sorted(rows(city, RoadRange, "low", "high", "side", "grid_id"))[0] == (1, 99, "both", 30)
    assert check(desk, "roads", write_csv(tmp_path / "b.csv", table[:2])).counts[Standing.SAME] == 1


def test_the_kinds_on_offer_all_have_a_register_or_are_matters() -> None:
    from console.services.importing.desk import REGISTERS

    assert (
        REGISTERS.keys() == {name for name, kind in KINDS.items() if not kind.matters}
        or REGISTERS.keys() == KINDS.keys()
    )
