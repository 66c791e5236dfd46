"""What a word in a file means on the register: a code for certain, a name only when there is one of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from console.domain.codes import covers, scope_prefix
from console.domain.errors import Invalid
from console.domain.roles import Operator, Role, Scope
from db.models import Unit

# SQLite takes 32,766 values in one statement; a few thousand is as fast.
MANY = 5000
Query = Select[*tuple[Any, ...]]
Column = InstrumentedAttribute[Any] | ColumnElement[Any]
_LEVELS = re.compile(r"[›>/／\\|、\s]+")


def pieces(values: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """Values in the numbers that fit into one statement."""
    values = list(values)
    for start in range(0, len(values), MANY):
        yield values[start : start + MANY]


def within(session: Session, query: Query, column: Column, values: Iterable[Any]) -> Iterator[Any]:
    """Rows of `query` whose `column` is among `values`, however many those are."""
    for piece in pieces(dict.fromkeys(values)):
        yield from session.execute(query.where(column.in_(piece)))


@dataclass(frozen=True, slots=True)
class Place:
    """A unit or grid as a file may mean it."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None


class Places:
    """Units and grids of the city, by code and by name; read once for a file."""

    def __init__(self, session: Session, operator: Operator) -> None:
        self._operator = operator
        query = select(Unit.id, Unit.code, Unit.name, Unit.short_name, Unit.kind, Unit.parent_id)
        self.by_code: dict[str, Place] = {}
        self.by_id: dict[int, Place] = {}
        self._by_name: defaultdict[str, list[Place]] = defaultdict(list)
        for id_, code, name, short, kind, parent in session.execute(query.where(Unit.active)):
            place = Place(id_, code, name, kind, parent)
            self.by_code[code] = self.by_id[id_] = place
            for word in {name, short} - {""}:
                self._by_name[word].append(place)
        self._found: dict[tuple[str, bool], Place | Invalid] = {}

    def grid(self, text: str, field: str = "grid_id") -> Place:
        """A grid by code, unique name or path 清河街道/清风社区/第一网格, in the operator's scope. Raises Invalid."""
        place = self._remembered(text, True, field)
        if not self.may(place.code):
            raise Invalid(
                f"网格 {place.code} 不在您的管辖范围内", "请由所属街道或热线中心导入", field
            )
        return place

    def unit(self, text: str, field: str = "unit_id") -> Place:
        """Any unit by code or unique name. Raises Invalid."""
        return self._remembered(text, False, field)

    def may(self, code: str) -> bool:
        """Whether the operator answers for this place; the administrator keeps the skeleton of the whole city."""
        whole = self._operator.scope is Scope.ALL or self._operator.role is Role.ADMIN
        return whole or covers(self._operator.unit_code, code)

    def _remembered(self, text: str, grids: bool, field: str) -> Place:
        key = (text, grids)
        if key not in self._found:
            try:
                self._found[key] = self._find(text, grids, field)
            except Invalid as fault:
                self._found[key] = fault
        found = self._found[key]
        if isinstance(found, Invalid):
            raise Invalid(found.text, found.hint, field)
        return found

    def _find(self, text: str, grids: bool, field: str) -> Place:
        what = "网格" if grids else "单位"
        place = self.by_code.get(text) or self.by_code.get(
            scope_prefix(text) if text.isdigit() else ""
        )
        if place is not None and (not grids or place.kind == "grid"):
            return place
        if text.isdigit():
            raise Invalid(f"没有编码为 {text} 的{what}", "请核对编码，或先导入它", field)
        named = self._named(text, grids)
        if len(named) == 1:
            return named[0]
        if not named:
            raise Invalid(f"没有名为“{text[:30]}”的{what}", "请填写编码，或先导入它", field)
        some = "、".join(place.code for place in named[:3])
        more = " 等" if len(named) > 3 else ""
        raise Invalid(
            f"有 {len(named)} 个{what}名为“{text[:30]}”，不能猜", f"请改填编码：{some}{more}", field
        )

    def _named(self, text: str, grids: bool) -> list[Place]:
        parts = [part for part in _LEVELS.split(text) if part]
        last = self._by_name.get(text) or self._by_name.get(parts[-1] if parts else "", [])
        above = [] if text in self._by_name else parts[:-1]
        return [p for p in last if (not grids or p.kind == "grid") and self._below(p, above)]

    def _below(self, place: Place, names: list[str]) -> bool:
        """Whether the places above it carry the names written before it."""
        lineage = []
        parent = self.by_id.get(place.parent_id or 0)
        while parent is not None:
            lineage.append(parent.name)
            parent = self.by_id.get(parent.parent_id or 0)
        return all(any(name in above for above in lineage) for name in names)
