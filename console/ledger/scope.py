"""Whose work orders an operator may see: a condition for every query (field-facts 2, data scope)."""

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from console.domain.codes import code_range
from console.domain.roles import Operator, Scope
from db.models import Assignment, Ticket


def visible(operator: Operator) -> ColumnElement[bool]:
    """True for the tickets in the operator's scope; drafts are their writer's alone."""
    if operator.scope is Scope.NONE:
        return false()
    own = Ticket.creator_id == operator.account_id
    if operator.scope is Scope.ALL:
        return or_(Ticket.state != "draft", own)
    return or_(own, _assigned_below(operator.unit_code))


def _assigned_below(code: str) -> ColumnElement[bool]:
    """Ticket assigned to the unit or one below it: a half-open range of codes, never LIKE."""
    low, high = code_range(code)
    mine = and_(
        Assignment.ticket_id == Ticket.id, Assignment.unit_code >= low, Assignment.unit_code < high
    )
    return select(true()).where(mine).exists()
