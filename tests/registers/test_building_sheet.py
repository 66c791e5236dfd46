"""楼栋表 on paper: every door, nothing clipped, nobody's name, and each copy on record."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from console.domain.auditing import Question
from console.domain.errors import NotAllowed, NotFound, Unavailable
from console.domain.forms import Stamp
from console.domain.mark import Mark, Medium
from console.domain.registers.building_sheet import BuildingSheet, building_form, building_of
from console.domain.registers.matrix import Room, lay_out
from console.domain.roles import Role
from console.services.auditing import Auditing
from console.services.auditing.reading import read
from console.services.paper import preview
from console.services.registers import Registers
from db.engine import Database
from db.models import Building, Estate, PrintLog
from tests.registers.city import OTHER_STREET, STREET, seat
from tests.services.paper_pages import needs_poppler, pages, words
from tests.services.test_paper import paper

pytestmark = needs_poppler
AT = datetime(2026, 11, 22, 6, tzinfo=UTC)
STAMP = Stamp("周正 0002", AT, "3（0002-61XKQ）", mark=Mark(61, AT, Medium.PAPER, copy=3))


def sheets(db: Database, role: Role = Role.GRID_LEADER, unit_id: int | None = None):
    return Registers(seat(db, role, unit_id), paper().render_building, preview).sheets


def text(pdf: bytes) -> str:
    return "".join(pages(pdf))


def logged(db: Database) -> list[tuple[str, int, str, int, str]]:
    with db.reading() as session:
        rows = session.scalars(select(PrintLog).order_by(PrintLog.id))
        return [(row.form, row.copy_no, row.manner, row.pages, row.by) for row in rows]


# --- what it says


def test_head_and_doors_are_on_it_and_nobodys_name(city: Database) -> None:
    with city.writing.begin() as session:
        building = session.get_one(Building, 1)
        building.building_head, building.building_head_phone = "叶长青", "19900001234"
        building.hazard = "外墙瓷砖脱落"
        session.get_one(Estate, building.estate_id).property_phone = "19900005678"
    said = text(sheets(city).preview(1).pdf)
    for piece in (
        "宝丽小区3栋楼栋表",
        "叶**",
        "199****5678",
        "外墙瓷砖脱落",
        "1单元",
        "201",
        "电线老化",
        "♥",
        "▲",
    ):
        assert piece in said, piece
    assert "郑*" in said
    for name in ("郑远", "叶长青", "19900001234", "19900005678"):
        assert name not in said


def test_a_mark_tells_no_more_on_paper_than_on_the_screen(city: Database) -> None:
    """郑 at 101 is of a restricted class: named staff see the mark, his neighbours' worker does not."""

    def care(role: Role) -> dict[str, int]:
        return {room.room: room.care for room in sheets(city, role).record(1).matrix.rooms}

    assert care(Role.GRID_LEADER)["101"] == 1
    assert care(Role.GRID_WORKER)["101"] == 0
    named, other = (
        text(sheets(city, role).preview(1).pdf) for role in (Role.GRID_LEADER, Role.GRID_WORKER)
    )
    assert named.count("♥") == other.count("♥") + 1


def test_only_for_whoever_may_see_the_building(city: Database) -> None:
    assert sheets(city, Role.STREET_DESK, STREET).preview(1).pages == 1
    with pytest.raises(NotFound):
        sheets(city, Role.STREET_DESK, OTHER_STREET).preview(1)
    with pytest.raises(NotAllowed):
        sheets(city, Role.CLERK).preview(1)
    with pytest.raises(Unavailable):
        _ = Registers(seat(city)).sheets


def test_a_training_database_says_so(city: Database) -> None:
    training = replace(seat(city), training=True)
    found = Registers(training, paper().render_building, preview).sheets.preview(1)
    assert "演练" in text(found.pdf)


# --- copies


def test_a_look_is_not_logged_and_copies_are_counted_over_everybody(
    city: Database, tmp_path: Path
) -> None:
    first, stick = sheets(city), tmp_path / "stick"
    stick.mkdir()
    assert "预览" in text(first.preview(1).pdf)
    assert logged(city) == []
    assert "份号1（" in text(first.issue(1).pdf)
    file = sheets(city, Role.GRID_WORKER).save(1, True, stick)
    assert "份号2（" in text(file.read_bytes())
    assert [line[:4] for line in logged(city)] == [
        (building_form(1), 1, "print", 1), (building_form(1), 2, "file", 1),
    ]  # fmt: skip
    assert [path.name for path in stick.iterdir()] == [file.name]


def test_the_auditor_sees_who_printed_which_building(city: Database) -> None:
    sheets(city).issue(1)
    seen = Auditing(seat(city, Role.INSPECTOR), preview).search(Question()).seen
    assert [one.what for one in seen if one.action == "print"] == [
        "宝丽小区3栋楼栋表 第 1 份，1 页"
    ]


def test_a_form_names_its_building() -> None:
    assert building_of(building_form(12)) == 12
    assert building_of("ticket_form") is None


# --- large buildings


def tower(units: int, floors: int, doors: int, below: int = 0) -> BuildingSheet:
    """Rooms of every kind, some with numbers as long as the column holds."""
    pick, rooms = random.Random(units * 100 + floors), []
    for unit in range(1, units + 1):
        for floor in (*range(-below, 0), *range(1, floors + 1)):
            for door in range(1, doors + 1):
                people = pick.randint(0, 5)
                number = (
                    f"{unit}#{floor}{door:02d}"
                    if floor != 1
                    else f"沿街商铺{unit}{door:02d}号之二东侧门脸"
                )
                rooms.append(
                    Room(
                        len(rooms) + 1, unit, floor, number[:20], pick.choice(["自住", "出租", "空置", "经营", ""]),
                        people, min(people, 2), "欧阳**" if people else "", people and pick.randint(0, 1),
                        "电线老化" if pick.random() < 0.05 else "",
                    )
                )  # fmt: skip
    return BuildingSheet(
        lay_out(1, "华庭新村3栋", rooms, units, floors), (("物业", "云澜物业" * 12),)
    )


TOWERS = [(3, 6, 2, 1), (4, 33, 2, 2), (9, 7, 3, 0), (1, 2, 40, 0), (12, 18, 4, 0)]


@pytest.mark.parametrize("size", TOWERS)
@pytest.mark.parametrize("large", [False, True])
def test_every_door_is_there_once_inside_the_sheet(size: tuple[int, ...], large: bool) -> None:
    record = replace(tower(*size), large=large)
    made = paper().render_building(record, STAMP)
    said = text(made.pdf)
    for room in record.matrix.rooms:
        if room.floor != 1:
            assert said.count(room.room) >= 1, room.room
    assert said.count("沿街商铺") >= size[0] * size[2]
    assert made.missing == ()
    for width, height, found in words(made.pdf):
        assert (round(width), round(height)) == ((1191, 842) if large else (842, 595))
        for word in found:
            assert word.left >= 50, word
            assert word.right <= width - 50, word
            assert word.top >= 20, word
            assert word.bottom <= height - 15, word


def test_what_goes_on_says_of_which_building_and_which_units() -> None:
    made = paper().render_building(tower(9, 20, 3), STAMP)
    first, *rest = pages(made.pdf)
    assert "（续）" not in first
    for page in rest:
        assert "华庭新村3栋楼栋表（续）" in page
        assert "单元" in page
    assert "核对人（签字）" in pages(made.pdf)[-1]
    assert any("4至6单元" in page for page in rest)


def test_no_page_has_signatures_alone() -> None:
    for floors in range(1, 30):
        last = pages(paper().render_building(tower(2, floors, 2), STAMP).pdf)[-1]
        assert "层" in last.split("核对人")[0], floors


def test_a_building_without_doors_says_so() -> None:
    made = paper().render_building(BuildingSheet(lay_out(1, "华庭新村9栋", [])), STAMP)
    assert "还没有登记房屋" in text(made.pdf)


@pytest.mark.parametrize("left", [200, 2400, 3900])
def test_the_ground_of_a_large_sheet_is_read_at_its_right_as_well(left: int) -> None:
    made = paper().render_building(replace(tower(9, 7, 3), large=True), STAMP)
    width, height, raw = preview(made.pdf, 0, 300)
    page = Image.frombytes("RGBX", (width, height), raw).convert("L")
    part = np.asarray(page.crop((left, 2300, left + 900, 3200)), np.float32)
    found = read(part)
    assert found is not None
    assert found.mark == STAMP.mark
