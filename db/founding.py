"""A city's beginning in an empty database: who it is, its first units, its categories, days and rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from console.domain.catalogue import Catalogue, Department
from console.domain.errors import Conflict, Invalid
from console.domain.policy import PACKS, PolicyPack, load_pack, pack_names
from console.domain.worktime import KnownDays, Limit, TimeUnit
from db.models import Base, CalendarDay, CategoryRow, City, PolicyPackRow, Unit, VisitPolicy
from db.pinyin import initials_column

CHUNK = 2000
PRODUCTION = "production"
_LONGEST_NAME = 20
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Founding:
    """What must be said of a new city. `code` is its division code; the centre's unit bears it (GB/T 2260)."""

    name: str
    code: str
    pack: str = "default"

    @property
    def heading(self) -> str:
        return f"{self.name}12345政务服务便民热线"

    def check(self) -> None:
        """Raises Invalid."""
        if not self.name or len(self.name) > _LONGEST_NAME:
            raise Invalid(f"城市名称应为 1 至 {_LONGEST_NAME} 个字", field="city")
        if not (self.code.isascii() and self.code.isdigit() and len(self.code) in (4, 6)):
            raise Invalid(
                f"区划代码“{self.code[:12]}”不对", "应为 4 位或 6 位数字，例如 990101", "code"
            )
        if self.pack not in pack_names():
            raise Invalid(f"没有规则包“{self.pack}”", "可用：" + "、".join(pack_names()), "pack")


@dataclass(frozen=True, slots=True)
class Founded:
    """What was done: `made` names what was added; empty when the city stood already."""

    city: str
    made: tuple[str, ...]


def found_city(
    session: Session, founding: Founding, catalogue: Catalogue, days: KnownDays, now: datetime
) -> Founded:
    """Add what a usable city lacks; never touch what stands. Raises Conflict when it is another city's database."""
    founding.check()
    pack = load_pack(PACKS / founding.pack)
    found = session.scalars(select(City).limit(1)).first()
    if found is not None and (found.name, found.division_code) != (
        founding.name,
        founding.code[:6],
    ):
        raise Conflict(
            f"这个数据库已经是“{found.name}”（{found.division_code}）的", "换城市请另建一个数据库"
        )
    if found is not None and found.policy_pack != founding.pack:
        raise Conflict(
            f"“{found.name}”现在用规则包“{found.policy_pack}”", "换规则包之前请用 db policy 看影响"
        )
    if found is None:
        session.add(city_row(founding, PRODUCTION, now))
    made = [] if found else [f"城市“{founding.name}”"]
    made += _fill(session, Unit, list(_first_units(founding, catalogue)), "单位")
    made += _fill(session, CategoryRow, list(category_rows(catalogue)), "分类")
    made += _fill(session, CalendarDay, list(day_rows(days)), "节假日与调休")
    made += _fill(session, VisitPolicy, list(visit_rows(pack)), "走访规则")
    made += _fill(session, PolicyPackRow, [pack_row(founding.pack, now)], "规则包")
    return Founded(founding.name, tuple(made))


def city_row(founding: Founding, kind: str, now: datetime) -> City:
    return City(
        id=1, name=founding.name, division_code=founding.code[:6], heading=founding.heading,
        policy_pack=founding.pack, kind=kind, created_at=now,
    )  # fmt: skip


def _fill(session: Session, table: type[Base], rows: list[Row], words: str) -> list[str]:
    """A table somebody has begun to fill is his."""
    if session.scalar(select(func.count()).select_from(table)):
        return []
    for row in rows if table is Unit else ():
        _add_unit(session, row)
    if table is not Unit:
        put(session, table, rows)
    return [f"{words} {len(rows)} 条"]


def _add_unit(session: Session, row: Row) -> None:
    """Parents first; the keys are the database's, so that units added later go on after them."""
    parent = row.pop("parent", "")
    row["parent_id"] = (
        session.scalar(select(Unit.id).where(Unit.code == parent)) if parent else None
    )
    session.add(Unit(**row))
    session.flush()


def _first_units(founding: Founding, catalogue: Catalogue) -> Iterator[Row]:
    centre = f"{founding.name}12345政务服务便民热线中心"
    yield {
        "code": founding.code, "name": centre, "short_name": "热线中心", "kind": "centre",
        "initials": initials_column(centre), "working_hours": "全天", "is_command_level": True,
    }  # fmt: skip
    for one in catalogue.departments:
        yield _department(one, founding.code)


def _department(one: Department, centre: str) -> Row:
    return {
        "code": one.code, "name": one.name, "short_name": one.short, "kind": "department", "parent": centre,
        "initials": initials_column(one.name),
    }  # fmt: skip


def category_rows(catalogue: Catalogue) -> Iterator[Row]:
    for one in catalogue.categories:
        yield {
            "code": one.code, "parent_code": one.parent_code, "level": one.level, "name": one.name,
            "path": " › ".join(one.path), "initials": initials_column(one.name, 60),
            "synonyms": " ".join(one.words)[:500], "default_unit": one.unit,
            "default_urgency": one.urgency.value, "default_nature": one.nature.value if one.nature else "",
            "platform": one.platform.value, "site": one.site, "finish": str(one.finish or ""), "flow_enabled": True,
        }  # fmt: skip


def day_rows(days: KnownDays) -> Iterator[Row]:
    for day, name in sorted(days.off.items()):
        yield {"day": day, "kind": "holiday", "name": name}
    for day in sorted(days.makeup):
        yield {"day": day, "kind": "makeup", "name": "调休上班"}


def visit_rows(pack: PolicyPack) -> Iterator[Row]:
    for rule in pack.visits:
        yield {
            "group_class": rule.group, "risk_level": rule.risk, "interval_days": rule.interval_days,
            "first_within_hours": _hours(rule.first_within),
        }  # fmt: skip


def _hours(limit: Limit) -> int:
    """Working days count as whole days here: a visit's interval is a calendar's matter (field-facts 6.4)."""
    if limit.unit is TimeUnit.WORKDAYS:
        return max(1, limit.amount) * 24
    return max(1, round(limit.length.total_seconds() / 3600))


def pack_row(name: str, now: datetime) -> Row:
    """The pack's words as they came into force, for whoever asks later by which rules it was done."""
    text = (PACKS / name / "pack.toml").read_text("utf-8")
    return {"name": name, "text": text, "in_force_from": now, "loaded_by": "db init"}


def put(session: Session, table: type[Base], rows: Iterable[Row]) -> None:
    """Bulk insert, in pieces that keep memory flat."""
    rows = iter(rows)
    while piece := list(islice(rows, CHUNK)):
        session.execute(insert(table), piece)
