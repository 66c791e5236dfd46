"""Whose work orders an operator may see: a condition for every query (field-facts 2, data scope)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, not_, or_, select, true, union

from console.domain.codes import code_range
from console.domain.roles import Operator, Role, Scope
from console.domain.states import GIVEN_UP, AssignmentState, TicketState
from db.models import Assignment, NotifyCopy, Ticket

GRID_LENGTH = 15
VERIFIERS = frozenset({Role.GRID_LEADER, Role.GRID_WORKER})


def visible(operator: Operator) -> ColumnElement[bool]:
    """True for the tickets in the operator's scope; drafts are their writer's alone."""
    if operator.scope is Scope.NONE:
        return false()
    own = Ticket.creator_id == operator.account_id
    if operator.scope is Scope.ALL:
        return or_(Ticket.state != "draft", own)
    told = _told(operator.unit_id)
    ours = or_(_assigned_below(operator.unit_code), told, *_to_verify(operator))
    seen = or_(own, and_(ours, not_(_about_us(operator.unit_code))))
    return and_(Ticket.id.in_(_reached(operator)), seen) if _is_small(operator) else seen


def _is_small(operator: Operator) -> bool:
    """A grid: its few work orders are looked up and the history is not walked for them, nor for what is not there."""
    return len(operator.unit_code) >= GRID_LENGTH


def _reached(operator: Operator) -> Any:
    """Ids of whatever can be seen at all, each kind by its own index; more than is seen in the end."""
    low, high = code_range(operator.unit_code)
    below = Assignment.unit_code >= low, Assignment.unit_code < high
    return union(
        select(Ticket.id).where(Ticket.creator_id == operator.account_id),
        select(Assignment.ticket_id).where(*below),
        select(NotifyCopy.ticket_id).where(NotifyCopy.unit_id == operator.unit_id),
        *(select(Ticket.id).where(waits) for waits in _to_verify(operator)),
    )


def _assigned_below(code: str) -> ColumnElement[bool]:
    """Ticket assigned to the unit or one below it: a half-open range of codes, never LIKE."""
    low, high = code_range(code)
    # What ended while a unit had it in hand stays in that unit's own history.
    ended = Ticket.state.in_((TicketState.VOID, TicketState.MERGED))
    held = or_(
        Assignment.state.not_in(GIVEN_UP),
        and_(ended, Assignment.state == AssignmentState.WITHDRAWN),
    )
    mine = and_(
        Assignment.ticket_id == Ticket.id,
        Assignment.unit_code >= low,
        Assignment.unit_code < high,
        held,
    )
    return select(true()).where(mine).exists()


def _told(unit_id: int) -> ColumnElement[bool]:
    """抄告: a copy was sent to this unit to be read (field-facts 3.4 rule 7)."""
    mine = and_(NotifyCopy.ticket_id == Ticket.id, NotifyCopy.unit_id == unit_id)
    return select(true()).where(mine).exists()


def _to_verify(operator: Operator) -> tuple[ColumnElement[bool], ...]:
    """What waits to be looked at on site, in the verifier's own grids."""
    if operator.role not in VERIFIERS:
        return ()
    low, high = code_range(operator.unit_code)
    waits = Ticket.state == TicketState.PENDING_VERIFY
    return (and_(waits, Ticket.grid_code >= low, Ticket.grid_code < high),)


def _about_us(code: str) -> ColumnElement[bool]:
    """A confidential report about the unit, or one above it: it must not read along (field-facts 10.2)."""
    above = [code[:length] for length in range(1, len(code) + 1)]
    return and_(Ticket.confidential, Ticket.respondent_code.in_(above))
