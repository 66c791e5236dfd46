"""Units and categories to filter by, found by name, pinyin initials or code."""

import re
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from console.domain.codes import code_range
from console.domain.orders import Pick
from console.domain.roles import Operator, Scope
from db.models import CategoryRow, Unit

MOST = 12
KIND_NAMES = {
    "centre": "中心", "district": "区县", "street": "街道", "town": "乡镇", "community": "社区",
    "village": "村", "grid": "网格", "department": "部门",
}  # fmt: skip


def like(typed: str, name: Any, initials: Any, code: Any) -> ColumnElement[bool]:
    """Name contains, initials or code begin with what was typed. For small tables only."""
    letters = re.sub(r"[^0-9a-z]", "", typed.lower())
    said = [name.contains(typed, autoescape=True)]
    if letters and letters.isalpha():
        # Later readings of a name stand behind a blank (重庆路: cql zql).
        said += [initials.startswith(letters), initials.contains(f" {letters}")]
    elif letters == typed.lower():
        said.append(code.startswith(letters.upper()))
    return or_(*said)


def units(session: Session, operator: Operator, typed: str) -> tuple[Pick, ...]:
    """Units in the operator's scope, the higher ones first."""
    words = typed.strip()
    query = select(Unit.code, Unit.name, Unit.kind).where(Unit.active)
    if operator.scope is Scope.SUBTREE:
        low, high = code_range(operator.unit_code)
        query = query.where(Unit.code >= low, Unit.code < high)
    if words:
        query = query.where(like(words, Unit.name, Unit.initials, Unit.code))
    found = session.execute(query.order_by(Unit.kind == "grid", Unit.code).limit(MOST))
    return tuple(Pick(code, name, KIND_NAMES.get(kind, "")) for code, name, kind in found)


def categories(session: Session, typed: str) -> tuple[Pick, ...]:
    """Categories of every level; the path says where each belongs."""
    words = typed.strip()
    query = select(CategoryRow.code, CategoryRow.name, CategoryRow.path)
    if words:
        query = query.where(like(words, CategoryRow.name, CategoryRow.initials, CategoryRow.code))
    found = session.execute(query.order_by(CategoryRow.level, CategoryRow.code).limit(MOST))
    return tuple(Pick(code, name, path if path != name else "") for code, name, path in found)
