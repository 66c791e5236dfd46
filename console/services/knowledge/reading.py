"""Entries as records: lists, one version in full, its history and what was said of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from console.domain.knowledge import (
    AHEAD,
    EDITORS,
    EntryFile,
    EntryLine,
    EntryState,
    EntryText,
    Opinion,
    OpinionLine,
    Pile,
    Standing,
    VersionLine,
    changes,
    permitted,
    review_due,
    standing_of,
    validity_words,
)
from console.domain.roles import Operator
from console.ledger.knowledge import in_force
from db.models import CategoryRow, KnowledgeEntry, KnowledgeFeedback

MOST = 200
_ROW = KnowledgeEntry


def root_of(row: KnowledgeEntry) -> int:
    return row.root_id or row.id


def lines_of(
    session: Session, rows: Sequence[KnowledgeEntry], today: date
) -> tuple[EntryLine, ...]:
    """Rows as they stand in a list. One statement more, for the complaints."""
    open_ones = _complaints(session, {root_of(row) for row in rows})
    return tuple(_line(row, today, open_ones.get(root_of(row), 0)) for row in rows)


def _line(row: KnowledgeEntry, today: date, complaints: int) -> EntryLine:
    return EntryLine(
        row.id,
        row.title,
        row.short_answer,
        row.responsible_unit,
        _standing(row, today),
        row.version,
        row.hit_count,
        validity_words(row.effective_on, row.expires_on, today),
        review_due(row.reviewed_on, row.review_every_days),
        complaints,
        row.author,
        row.updated_at,
    )


def _standing(row: KnowledgeEntry, today: date) -> Standing:
    return standing_of(EntryState(row.state), row.effective_on, row.expires_on, today)


def _complaints(session: Session, roots: set[int]) -> dict[int, int]:
    if not roots:
        return {}
    root = func.coalesce(_ROW.root_id, _ROW.id)
    query = select(root, func.count()).join(
        KnowledgeFeedback, KnowledgeFeedback.entry_id == _ROW.id
    )
    query = query.where(root.in_(roots), _unsettled()).group_by(root)
    return {row[0]: row[1] for row in session.execute(query)}


def _unsettled() -> ColumnElement[bool]:
    return and_(
        KnowledgeFeedback.settled_at.is_(None), KnowledgeFeedback.kind != Opinion.USEFUL.value
    )


def pile_condition(session: Session, pile: Pile, me: Operator, today: date) -> ColumnElement[bool]:
    """What stands in a list of the editors; `OWN` is what somebody has written himself."""
    published = _ROW.state == EntryState.PUBLISHED
    if pile is Pile.REVIEW:
        return _ROW.state == EntryState.REVIEW
    if pile is Pile.DUE:
        return and_(in_force(today), _due(session, today + AHEAD))
    if pile is Pile.EXPIRED:
        return and_(published, _ROW.expires_on < today + AHEAD)
    if pile is Pile.COMPLAINTS:
        return and_(in_force(today), _complained())
    return and_(_ROW.author_id == me.account_id, _ROW.state != EntryState.REPLACED)


def _due(session: Session, until: date) -> ColumnElement[bool]:
    """Reviewed so many days ago that it is due by then; counted by the database, which knows the days of each row."""
    passed: Any
    if session.get_bind().dialect.name == "postgresql":
        passed = literal(until) - _ROW.reviewed_on
    else:
        passed = func.julianday(until) - func.julianday(_ROW.reviewed_on)
    return or_(_ROW.reviewed_on.is_(None), passed >= _ROW.review_every_days)


def _complained() -> ColumnElement[bool]:
    """Somebody found this or an earlier version of it wrong or outdated, and nobody has settled that."""
    version = KnowledgeEntry.__table__.alias("version")
    mine = func.coalesce(version.c.root_id, version.c.id) == func.coalesce(_ROW.root_id, _ROW.id)
    query = select(literal(1)).select_from(version)
    query = query.join(KnowledgeFeedback, KnowledgeFeedback.entry_id == version.c.id)
    return query.where(mine, _unsettled()).exists()


def text_of(row: KnowledgeEntry) -> EntryText:
    return EntryText(
        row.title,
        row.question_variants,
        row.short_answer,
        row.long_answer,
        row.basis,
        row.responsible_unit,
        row.region,
        row.category_code,
        row.effective_on,
        row.expires_on,
        row.review_every_days,
    )


def file_of(session: Session, row: KnowledgeEntry, me: Operator, today: date) -> EntryFile:
    """One version with its line's history and, for whoever may see them, the opinions. Three statements."""
    versions = [v for v in versions_of(session, root_of(row)) if may_see(v, me)]
    standing = _standing(row, today)
    mine = row.author_id == me.account_id
    return EntryFile(
        id=row.id,
        text=text_of(row),
        standing=standing,
        version=row.version,
        category=_category(session, row.category_code),
        author=row.author,
        reviewer=row.reviewer,
        reviewed_on=row.reviewed_on,
        review_due=review_due(row.reviewed_on, row.review_every_days),
        proposed_from=row.proposed_from,
        note=row.note,
        hits=row.hit_count,
        updated_at=row.updated_at,
        validity=validity_words(row.effective_on, row.expires_on, today),
        versions=_history(versions, today),
        opinions=_opinions(session, versions),
        deeds=permitted(me.role, mine, standing, row.editor_id == me.account_id),
    )


def may_see(row: KnowledgeEntry, me: Operator) -> bool:
    """What was never published is its writer's and the editors'; the server says the same (46_knowledge.sql)."""
    shown = row.state == EntryState.PUBLISHED or row.published_at is not None
    return shown or me.role in EDITORS or row.author_id == me.account_id


def versions_of(session: Session, root: int) -> tuple[KnowledgeEntry, ...]:
    """Every version of the line, the newest first; on PostgreSQL those this person may see."""
    query = select(_ROW).where(or_(_ROW.id == root, _ROW.root_id == root))
    return tuple(session.scalars(query.order_by(_ROW.version.desc(), _ROW.id.desc())))


def _history(versions: Sequence[KnowledgeEntry], today: date) -> tuple[VersionLine, ...]:
    by_id = {row.id: row for row in versions}
    return tuple(
        VersionLine(
            row.id,
            row.version,
            _standing(row, today),
            "、".join(filter(None, (row.author, row.editor))),
            row.reviewer,
            row.published_at or row.updated_at,
            row.note,
            changes(_text_before(row, by_id), text_of(row)),
        )
        for row in versions
    )


def _text_before(row: KnowledgeEntry, by_id: dict[int, KnowledgeEntry]) -> EntryText | None:
    before = by_id.get(row.previous_id or 0)
    return text_of(before) if before is not None else None


def _opinions(session: Session, versions: Sequence[KnowledgeEntry]) -> tuple[OpinionLine, ...]:
    number = {row.id: row.version for row in versions}
    row = KnowledgeFeedback
    query = select(row).where(row.entry_id.in_(number)).order_by(row.id.desc()).limit(MOST)
    return tuple(
        OpinionLine(
            one.id, Opinion(one.kind), one.by, one.at, one.text, number[one.entry_id],
            one.settled_at is not None,
        )
        for one in session.scalars(query)
    )  # fmt: skip


def _category(session: Session, code: str) -> str:
    if not code:
        return ""
    query = select(CategoryRow.path).where(CategoryRow.code == code)
    return session.scalar(query) or ""
