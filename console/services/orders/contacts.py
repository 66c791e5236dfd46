"""Who may see a citizen in full, and the line that is written when somebody does (field-facts 10.2, 10.3)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.masking import is_masked
from console.domain.orders import REVEAL_NAMES
from console.domain.roles import ROLE_NAMES, UNIT_ROLES, Operator, Role
from console.ledger import Seat, visible
from console.ledger.cases import contact_hidden
from console.ledger.contacts import Wanted, disclose
from db.models import Appellant, Ticket

# Whose work is to talk to citizens. Overseeing, printing and reading do not need a number (field-facts 10.3).
NEEDS_CONTACT = frozenset(
    {Role.AGENT, Role.SUPERVISOR, Role.DISPATCHER, Role.REVISITOR, Role.OVERSEER}
)


_NOTHING = {"content": "诉求内容里没有遮蔽的号码，看到的就是原文"}


def revealable(ticket: Ticket, operator: Operator) -> tuple[str, ...]:
    """What of this ticket's contact the operator may see in full."""
    if refusal(ticket, operator) is not None or ticket.anonymous:
        return ()
    return tuple(what for what in REVEAL_NAMES if what != "content" or is_masked(ticket.content))


def refusal(ticket: Ticket, operator: Operator) -> NotAllowed | None:
    """Why the contact stays masked for this person; None when it need not."""
    if contact_hidden(ticket, operator):
        return NotAllowed(
            "这是保密件，不向承办单位提供诉求人信息", "需要联系诉求人时，请通过热线中心转接"
        )
    if operator.role in NEEDS_CONTACT:
        return None
    if operator.role not in UNIT_ROLES:
        return NotAllowed(
            f"{ROLE_NAMES[operator.role]}不能查看诉求人的完整信息", "需要时请联系值班长"
        )
    if not ticket.reply_wanted:
        return NotAllowed(
            "诉求人不要求回复，不提供联系方式", "需要联系诉求人时，请通过热线中心转接"
        )
    return None


def reveal(seat: Seat, ticket_id: int, what: str, reason: str) -> str:
    """The full value; permission, reason and cap are checked first and the viewing is logged with it."""
    if what not in REVEAL_NAMES:
        raise Invalid("请选择要查看的内容", field="what")
    with seat.db.reading() as session:
        ticket = session.scalar(
            select(Ticket).where(Ticket.id == ticket_id, visible(seat.operator))
        )
        if ticket is None:
            raise NotFound("没有找到这张工单，或不在您的查看范围内")
        refused = refusal(ticket, seat.operator)
        if refused is not None:
            raise refused
        if not _is_known(session, ticket, what):
            raise NotFound(_NOTHING.get(what, f"这张工单没有登记{REVEAL_NAMES[what]}"))
    return disclose(seat, Wanted("ticket", ticket_id, (what,), ticket.number), reason)[0]


def _is_known(session: Session, ticket: Ticket, what: str) -> bool:
    """Whether there is anything to see, by what everybody may read of it."""
    if what == "address":
        return bool(ticket.place)
    if what == "content":
        return is_masked(ticket.content)
    shown = Appellant.phone_key if what == "phone" else Appellant.name_masked
    query = select(shown).where(Appellant.ticket_id == ticket.id)
    return bool(session.scalar(query.order_by(Appellant.main.desc(), Appellant.id).limit(1)))
