"""Saved filters: a person's own, and those shared with everybody."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.orders import Criteria, Filter
from console.domain.roles import Role
from console.ledger import Seat
from db.models import SavedFilter

MAY_SHARE = frozenset(
    {Role.SUPERVISOR, Role.DISPATCHER, Role.OVERSEER, Role.STREET_DESK, Role.LIAISON}
)


def saved(session: Session, seat: Seat) -> tuple[Filter, ...]:
    me = seat.operator.account_id
    query = select(SavedFilter).where(or_(SavedFilter.account_id == me, SavedFilter.shared))
    query = query.order_by(SavedFilter.account_id != me, SavedFilter.name, SavedFilter.id)
    return tuple(
        Filter(row.id, row.name, Criteria.from_data(row.criteria), row.shared, row.account_id == me)
        for row in session.scalars(query)
    )


def save(session: Session, seat: Seat, name: str, criteria: Criteria, shared: bool) -> None:
    """Raises Invalid without a name, NotAllowed when the role may not share."""
    words = name.strip()
    if not words:
        raise Invalid("请给筛选起个名字", field="name")
    if len(words) > 20:
        raise Invalid("名字最多 20 个字", field="name")
    if shared and seat.operator.role not in MAY_SHARE:
        raise NotAllowed("您的岗位只能保存自己的筛选", "需要全班共用时，请值班长保存")
    me = seat.operator.account_id
    mine = select(SavedFilter).where(SavedFilter.account_id == me, SavedFilter.name == words)
    row = session.scalars(mine.limit(1)).first() or SavedFilter(account_id=me, name=words)
    row.criteria, row.shared = criteria.as_data(), shared
    session.add(row)
    session.flush()


def delete(session: Session, seat: Seat, filter_id: int) -> None:
    row = session.get(SavedFilter, filter_id)
    if row is None:
        raise NotFound("这个筛选已不在了")
    if row.account_id != seat.operator.account_id:
        raise NotAllowed("只能删除自己保存的筛选")
    session.delete(row)
    session.flush()
