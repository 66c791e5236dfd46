"""更正: facts put right after intake; what becomes of the limit is shown before it is saved (field-facts 3.3)."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console.domain.case import Step
from console.domain.changes import Changed
from console.domain.codes import code_range
from console.domain.corrections import (
    CAPTIONS,
    Amendable,
    AmendForm,
    AmendPreview,
    Change,
    Clash,
    Clashing,
    merged,
)
from console.domain.deadlines import explain
from console.domain.errors import Invalid, NotFound
from console.domain.lifecycle import advance
from console.domain.masking import mask_address
from console.domain.moves import Move
from console.domain.orders import Pick
from console.domain.roles import UNIT_ROLES, Scope
from console.domain.states import NATURE_NAMES, URGENCY_NAMES
from console.domain.wording import TITLE_LIMIT, check_line
from console.ledger import Entry, Ledger, Seat, visible
from console.ledger.contacts import make_findable
from console.ledger.withheld import veil
from console.ledger.writing import case_of
from db.models import Assignment, CategoryRow, Ticket, Unit
from db.pinyin import matches_initials

# What the rules count limits by; the other corrections are told by name alone.
_RULED = frozenset({"nature", "urgency", "complex", "dispute", "confidential", "legacy_issue"})
# A place or a title may name a citizen: the log says that it changed, not into what.
_PRIVATE = frozenset({"title", "address"})
_UNITS_MAY = frozenset({"dispute"})
MOST = 12


class Amending:
    """Correct category, nature, urgency, place, title and marks of a work order."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def open(self, ticket_id: int) -> Amendable:
        """The facts as they are, and which of them this person may correct."""
        with self._seat.db.reading() as session:
            ticket = self._ticket(session, ticket_id)
            unit = self._seat.operator.role in UNIT_ROLES
            return Amendable(
                _form(ticket, veil(session, self._seat, ticket)),
                ticket.category_path,
                self._grid_name(session, ticket.grid_id),
                _UNITS_MAY if unit else frozenset(CAPTIONS),
            )

    def _ticket(self, session: Session, ticket_id: int) -> Ticket:
        query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
        ticket = session.scalar(query)
        if ticket is None:
            raise NotFound("没有找到这张工单，或不在您的查看范围内")
        return ticket

    @staticmethod
    def _grid_name(session: Session, grid_id: int | None) -> str:
        unit = session.get(Unit, grid_id) if grid_id is not None else None
        return unit.name if unit is not None else ""

    # --- what to choose from

    def categories(self, typed: str) -> tuple[Pick, ...]:
        """Categories of the lowest levels by name, pinyin initials or code; the path says where each belongs."""
        words = typed.strip()
        query = select(CategoryRow).where(CategoryRow.level >= 2).order_by(CategoryRow.code)
        if words:
            row = CategoryRow
            told = [row.name.contains(words, autoescape=True), row.code.startswith(words)]
            told += [row.initials.contains(words.lower(), autoescape=True)]
            query = query.where(or_(*told))
        with self._seat.db.reading() as session:
            rows = session.scalars(query.limit(MOST))
            return tuple(Pick(row.code, row.name, row.path) for row in rows)

    def grids(self, typed: str) -> tuple[Pick, ...]:
        """Grids in the operator's scope by name, pinyin initials or code; `code` is the grid's id."""
        words, operator = typed.strip(), self._seat.operator
        query = select(Unit).where(Unit.active, Unit.kind == "grid").order_by(Unit.code)
        if operator.scope is Scope.SUBTREE:
            low, high = code_range(operator.unit_code)
            query = query.where(Unit.code >= low, Unit.code < high)
        with self._seat.db.reading() as session:
            found = [u for u in session.scalars(query) if not words or _matches(u, words)]
            return tuple(Pick(str(u.id), u.name, u.code) for u in found[:MOST])

    # --- before saving

    def preview(self, form: AmendForm) -> AmendPreview:
        """What changes, and the limit before and after; nothing is written. Raises Invalid."""
        with self._seat.db.reading() as session:
            ticket = self._ticket(session, form.ticket_id)
            columns = self._columns(session, ticket, form)
            changes = self._changes(session, ticket, columns)
            if not changes:
                return AmendPreview((), ticket.finish_due, ticket.finish_due)
            query = select(Assignment).where(Assignment.ticket_id == ticket.id)
            before = case_of(ticket, tuple(session.scalars(query.order_by(Assignment.seq))))
            now = self._seat.now(session)
            entry = self._entry(changes, columns, form)
            step = Step(Move.AMEND, self._seat.operator, now, None, entry.inputs)
            after = advance(before, step, self._seat.rules)
            rules = self._seat.rules
            limit = rules.limits(after).finish
            start = after.dispatched_at or after.accepted_at or now
            started = "派单" if after.dispatched_at else "受理"
            lines = explain(limit, rules.calendar, start, started=started)
            return AmendPreview(changes, before.finish_due, after.finish_due, str(limit), lines)

    # --- saving

    def amend(self, form: AmendForm, base: AmendForm | None = None) -> Changed:
        """Save the corrections with the reason; those that somebody else made to `base` meanwhile stay.

        Raises Invalid naming the field, NotAllowed, Clashing where both changed the same; Conflict without `base`.
        """
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, form.ticket_id, None if base else form.version)
            if base is not None and form.version != ticket.version:
                form = self._together(session, ticket, form, base)
            columns = self._columns(session, ticket, form)
            changes = self._changes(session, ticket, columns)
            if not changes:
                raise Invalid("没有要更正的内容", "请先修改，再保存", "title")
            if not form.reason.strip():
                raise Invalid("请填写更正理由", field="reason")
            entry = self._entry(changes, columns, form)
            self._ledger.move(session, ticket.id, entry)
            for name, value in columns.items():
                if _now(ticket, name) != value:
                    setattr(ticket, name, value)
            if "confidential" in entry.inputs["fields"] and form.confidential:
                ticket.confidential_reason = form.reason.strip()[:200]
            make_findable(session, self._seat, ticket)
            return self._ledger.changed(ticket)

    def _together(
        self, session: Session, ticket: Ticket, form: AmendForm, base: AmendForm
    ) -> AmendForm:
        theirs = _form(ticket, veil(session, self._seat, ticket))
        together, clashing = merged(base, form, theirs)
        if clashing:
            by = self._ledger.conflict(session, ticket).by
            raise Clashing(by, tuple(self._clash(session, ticket, name) for name in clashing))
        return together

    def _clash(self, session: Session, ticket: Ticket, name: str) -> Clash:
        seen = veil(session, self._seat, ticket)
        if name == "category_code":
            return Clash(name, CAPTIONS[name], ticket.category_path)
        if name == "grid_id":
            return Clash(name, CAPTIONS[name], self._grid_name(session, ticket.grid_id))
        return Clash(name, CAPTIONS[name], seen(_words(name, _now(ticket, name))))

    def _columns(self, session: Session, ticket: Ticket, form: AmendForm) -> dict[str, Any]:
        """The columns as they should be, with what hangs on category and grid."""
        if not form.title.strip():
            raise Invalid("请填写标题", field="title")
        wanted: dict[str, Any] = {name: getattr(form, name) for name in CAPTIONS}
        wanted["title"] = check_line(form.title, "标题", TITLE_LIMIT, "title")
        wanted["address"] = check_line(form.address, "地点", 200, "address")
        # The form showed them masked: untouched is not "change it into stars".
        seen = veil(session, self._seat, ticket)
        if wanted["title"] == seen(ticket.title):
            wanted["title"] = ticket.title
        if wanted["address"] == seen(ticket.place):
            del wanted["address"]
        if form.category_code != ticket.category_code:
            wanted |= _category(session, form.category_code)
        if form.grid_id != ticket.grid_id:
            wanted |= _grid(session, form.grid_id)
        return wanted

    def _changes(
        self, session: Session, ticket: Ticket, columns: dict[str, Any]
    ) -> tuple[Change, ...]:
        seen = veil(session, self._seat, ticket)

        def words(name: str, value: Any, path: str) -> str:
            if name == "category_code":
                return path
            if name == "grid_id":
                return self._grid_name(session, value)
            return seen(_words(name, value))

        return tuple(
            Change(
                caption,
                words(name, _now(ticket, name), ticket.category_path),
                words(name, columns[name], columns.get("category_path", ticket.category_path)),
            )
            for name, caption in CAPTIONS.items()
            if name in columns and _now(ticket, name) != columns[name]
        )

    @staticmethod
    def _entry(changes: tuple[Change, ...], columns: dict[str, Any], form: AmendForm) -> Entry:
        captions = {caption: name for name, caption in CAPTIONS.items()}
        names = [captions[change.caption] for change in changes]
        inputs: dict[str, Any] = {"fields": names}
        inputs |= {name: columns[name] for name in names if name in _RULED}
        inputs |= {
            name: columns[name]
            for name in ("own_limit", "needs_site_proof", "grid_code")
            if name in columns
        }
        told = [
            change.caption if captions[change.caption] in _PRIVATE else str(change)
            for change in changes
        ]
        reason = form.reason.strip()[:300]
        note = f"更正 {'；'.join(told)}{f'。理由：{reason}' if reason else ''}"
        return Entry(Move.AMEND, inputs, note, form.version)


def _now(ticket: Ticket, name: str) -> Any:
    """As it stands; of the place, what may be seen of it."""
    return ticket.place if name == "address" else getattr(ticket, name)


def _form(ticket: Ticket, seen: Callable[[str], str]) -> AmendForm:
    kept = {f.name for f in fields(AmendForm)} - {"ticket_id", "version", "reason"}
    values = {name: _now(ticket, name) for name in kept}
    values |= {"title": seen(ticket.title), "address": seen(ticket.place)}
    return AmendForm(ticket_id=ticket.id, version=ticket.version, **values)


def _words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "nature":
        return NATURE_NAMES[value]
    if name == "urgency":
        return URGENCY_NAMES[value]
    return mask_address(value) if name == "address" else str(value or "")


def _category(session: Session, code: str) -> dict[str, Any]:
    row = session.get(CategoryRow, code) if code else None
    if row is None:
        raise Invalid("请从目录中选择分类", "输入名称、拼音首字母或编码", "category_code")
    return {
        "category_path": row.path,
        "own_limit": row.finish,
        "needs_site_proof": row.site,
        "platform": row.platform or "service",
    }


def _grid(session: Session, grid_id: int | None) -> dict[str, Any]:
    unit = session.get(Unit, grid_id) if grid_id is not None else None
    if grid_id is not None and (unit is None or unit.kind != "grid"):
        raise Invalid("请从列表中选择网格", "输入名称、拼音首字母或编码", "grid_id")
    rule = "派单台更正" if unit is not None else ""
    return {"grid_code": unit.code if unit is not None else "", "grid_rule": rule}


def _matches(unit: Unit, typed: str) -> bool:
    return (
        typed in unit.name
        or unit.code.startswith(typed)
        or matches_initials(typed.lower(), unit.name)
    )
