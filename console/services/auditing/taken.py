"""Exports that held somebody: an export is of everything its maker could see then, so no row of it is kept."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.auditing import Seen
from console.domain.roles import Operator, Role
from console.ledger import visible
from console.ledger.registers import in_branch
from console.services.auditing.wanted import Wanted
from db.models import Account, AuditEntry, Person, Ticket, Unit

MOST_EXPORTS = 200
_ORDERS, _PERSONS = "orders", "persons"


def exports(session: Session, wanted: Wanted) -> Iterator[Seen]:
    """Whole tables taken out in the period by people in whose scope the citizen, or the work order, lies."""
    if not wanted.about_somebody:
        return
    query = select(AuditEntry).where(
        AuditEntry.at >= wanted.since,
        AuditEntry.at < wanted.until,
        AuditEntry.action == "export",
        AuditEntry.subject_key.in_((_ORDERS, _PERSONS)),
    )
    if wanted.accounts is not None:
        query = query.where(AuditEntry.account_id.in_(wanted.accounts))

    @cache
    def held(account_id: int, table: str, until: object) -> int:
        operator = _operator(session, account_id)
        if operator is None:
            return 0
        counted = select(func.count())
        if table == _ORDERS:
            mine = counted.select_from(Ticket).where(wanted.theirs(), Ticket.created_at <= until)
            return session.scalar(mine.where(visible(operator))) or 0
        rows = counted.select_from(Person).where(Person.id.in_(wanted.people))
        return session.scalar(rows.where(in_branch(operator, Person.grid_id))) or 0

    for row in session.scalars(query.order_by(AuditEntry.id.desc()).limit(MOST_EXPORTS)):
        count = held(row.account_id or 0, row.subject_key, row.at)
        if count:
            kind = "工单表，含其工单" if row.subject_key == _ORDERS else "居民表，含其登记"
            yield Seen(
                f"a{row.id}", row.at, row.actor_name, row.account_id, row.action, f"{kind} {count} 件",
                "", row.reason, row.workstation,
            )  # fmt: skip


def _operator(session: Session, account_id: int) -> Operator | None:
    query = select(Account, Unit).join(Unit, Unit.id == Account.unit_id)
    row = session.execute(query.where(Account.id == account_id)).first()
    if row is None:
        return None
    account, unit = row
    return Operator(
        account.id,
        account.agent_no,
        account.name,
        Role(account.role),
        unit.id,
        unit.name,
        unit.code,
    )
