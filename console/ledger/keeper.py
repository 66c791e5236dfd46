"""The system's own account: what it does by the clock stands in the log under a name of its own."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.errors import Unavailable
from console.domain.roles import Operator, Role
from db.models import Account, Unit

LOGIN, NUMBER, NAME = "system.keeper", "自动值守", "系统"


def ensure_keeper_account(session: Session, at: datetime) -> Operator:
    """The keeper as an operator; its account is made at the first need, without a password and cut off at once.

    Raises Unavailable while the database has no centre to belong to.
    """
    found = _find(session)
    if found is None:
        _make(session, at)
        found = _find(session)
    if found is None:
        raise Unavailable("值守账号没有建好", "请管理员运行 main.py user keeper")
    return found


def _find(session: Session) -> Operator | None:
    """Word by word: on PostgreSQL not every column of an account is to be read, not even by the keeper."""
    query = select(Account.id, Account.agent_no, Account.name, Unit.id, Unit.name, Unit.code)
    query = query.join(Unit, Unit.id == Account.unit_id).where(Account.role == Role.KEEPER.value)
    row = session.execute(query.order_by(Account.id)).first()
    return Operator(row[0], row[1], row[2], Role.KEEPER, row[3], row[4], row[5]) if row else None


def _make(session: Session, at: datetime) -> None:
    account = Account(
        login=LOGIN, agent_no=NUMBER, name=NAME, role=Role.KEEPER.value,
        unit_id=_centre(session).id, disabled_at=at,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        # Another keeper made it a moment before.
        return


def _centre(session: Session) -> Unit:
    """The hotline centre, or whatever stands at the top."""
    centre = session.scalars(select(Unit).where(Unit.kind == "centre").order_by(Unit.id))
    top = select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id)
    unit = centre.first() or session.scalars(top).first()
    if unit is None:
        raise Unavailable("数据库里还没有热线中心", "请先由管理员完成初始化")
    return unit
