"""A year of inspections: most firms in order, some hazards put right in time, some late; careers of the grids' people."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from console.domain.registers.inspections import CHECK_POINTS, INSPECTION_KINDS, Recheck
from db.demo import words
from db.demo.city import City

Row = dict[str, Any]
# What is found at which point, and what is done about it.
HAZARDS = {
    "安全出口与疏散通道": ("后门堆放货物，通道不足 1 米", "已清出通道，划线标识"),
    "消火栓与灭火器": ("2 具灭火器过期，1 具无压力", "已更换 3 具，现场压力正常"),
    "应急照明与疏散指示": ("应急灯 2 盏不亮", "已换新，断电试验正常"),
    "电气线路与用电": ("临时线路未穿管，插座串接", "已由电工重新敷设穿管"),
    "燃气与液化气瓶": ("未装燃气报警器，软管老化", "已装报警器并更换软管"),
    "经营场所不住人": ("阁楼有住人痕迹", "床铺已拆除，签承诺书"),
    "食品与从业健康证": ("1 名员工健康证到期", "已补办，现场查验原件"),
}
ANSWERED, FAILED_FIRST = 0.78, 0.2


def inspection_rows(city: City) -> Iterator[Row]:
    """The grid's worker or leader comes by once or twice a year; what is open is due around today."""
    rng = Random(f"{city.seed}/inspections")
    people = _by_grid(city)
    for firm in city.enterprises:
        staff = people.get(firm.grid_code, ())
        if not staff or firm.state != "open" or rng.random() < 0.3:
            continue
        for back in sorted(rng.sample(range(3, 300), rng.choice((1, 1, 2))), reverse=True):
            yield _inspection(rng, city, firm.id, rng.choice(staff), back)


def _by_grid(city: City) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for person in city.staff:
        if person.post in ("all_round_worker", "grid_leader"):
            for code in person.grid_codes:
                found.setdefault(code, []).append(person)
    return found


def _inspection(rng: Random, city: City, firm: int, inspector: Any, back: int) -> Row:
    day = city.today - timedelta(days=back)
    at = datetime.combine(day, time(1, rng.randint(0, 59)), UTC) + timedelta(
        hours=rng.randint(0, 7)
    )
    points = rng.sample(CHECK_POINTS, rng.randint(4, 9))
    by = f"{inspector.name} {inspector.staff_number}"
    row: Row = {
        "enterprise_id": firm, "at": at, "kind": rng.choice((INSPECTION_KINDS[0], *INSPECTION_KINDS)),
        "inspector": inspector.name, "staff_id": inspector.id, "points": "、".join(points), "hazards": "",
        "rectify_by": None, "rectified_at": None, "rectification": "", "recheck": "", "rechecked_by": "",
        "recorded_by": by, "version": 1,
    }  # fmt: skip
    found = [point for point in points if point in HAZARDS]
    if not found or rng.random() < 0.55:
        return row
    what, done = HAZARDS[rng.choice(found)]
    row |= {"hazards": what, "rectify_by": day + timedelta(days=rng.choice((3, 7, 15, 30)))}
    again = at + timedelta(days=rng.randint(1, 12))
    if back > 20 and rng.random() < ANSWERED:
        row |= {
            "rectified_at": again,
            "rectification": done,
            "recheck": Recheck.PASSED.value,
            "rechecked_by": by,
        }
    elif back > 12 and rng.random() < FAILED_FIRST:
        row |= {
            "rectified_at": again, "rectification": "只整改了一部分", "recheck": Recheck.FAILED.value,
            "rechecked_by": by, "rectify_by": city.today + timedelta(days=rng.randint(-6, 10)),
        }  # fmt: skip
    elif back > 45:
        row["rectify_by"] = city.today + timedelta(days=rng.randint(-9, 25))
    return row


def post_rows(city: City) -> Iterator[Row]:
    """Who leads a grid was its worker before (field-facts X12); everybody else has held one post."""
    names = {unit.code: unit.name for unit in city.units}
    rng = Random(f"{city.seed}/careers")
    for person in city.staff:
        grids = "、".join(names[code] for code in dict.fromkeys(person.grid_codes))[:300]
        row = {
            "staff_id": person.id, "post": words.POSTS[person.post], "unit_name": names[person.unit_code],
            "grids": grids, "started_on": person.started, "ended_on": None,
        }  # fmt: skip
        if person.post == "grid_leader":
            before = person.started - timedelta(days=rng.randint(400, 2600))
            yield row | {"post": "全科网格员", "started_on": before, "ended_on": person.started}
        yield row
