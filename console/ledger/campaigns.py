"""专项活动 of a work order as rows: many to one ticket, in two levels (field-facts K14)."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.policy import PolicyPack
from console.domain.tallies import suggested
from console.ledger.seat import Seat
from db.campaigns import campaign_id
from db.models import Campaign, Ticket, TicketCampaign

TAGS_LIMIT = 200


def wanted(pack: PolicyPack, chosen: tuple[str, ...] | None, text: str) -> tuple[str, ...]:
    """What the operator chose; untouched, what the words point to."""
    return suggested(pack.campaigns, text) if chosen is None else chosen


def names_of(pack: PolicyPack, codes: Iterable[str]) -> tuple[str, ...]:
    """Names in the pack's order."""
    kept = set(codes)
    return tuple(one.name for one in pack.campaigns if one.code in kept)


def codes_of(session: Session, pack: PolicyPack, ticket_id: int) -> tuple[str, ...]:
    """The campaigns a work order is in, as codes of the pack in force."""
    query = select(TicketCampaign.campaign_id).where(TicketCampaign.ticket_id == ticket_id)
    ids = set(session.scalars(query))
    return tuple(one.code for one in pack.campaigns if campaign_id(one.code) in ids)


def belongs_to(pack: PolicyPack, code: str) -> ColumnElement[bool]:
    """The work orders of a campaign or of one below it."""
    family = [code, *(one.code for one in pack.campaigns if one.parent == code)]
    members = select(TicketCampaign.ticket_id).where(
        TicketCampaign.campaign_id.in_([campaign_id(one) for one in family])
    )
    return Ticket.id.in_(members)


def put_into(session: Session, seat: Seat, ticket: Ticket, codes: tuple[str, ...]) -> None:
    """The work order is in exactly these campaigns; its words for lists follow. Raises Invalid for an unknown one."""
    pack = seat.rules.pack
    unknown = set(codes) - {one.code for one in pack.campaigns}
    if unknown:
        raise Invalid("这个专项活动不在现行政策包里", "请重新选择", "campaigns")
    session.flush()
    before = set(codes_of(session, pack, ticket.id))
    gone = [campaign_id(code) for code in before - set(codes)]
    of_ticket = TicketCampaign.ticket_id == ticket.id
    session.execute(delete(TicketCampaign).where(of_ticket, TicketCampaign.campaign_id.in_(gone)))
    for code in dict.fromkeys(codes):
        if code not in before:
            _make(session, pack, code)
            session.add(TicketCampaign(ticket_id=ticket.id, campaign_id=campaign_id(code)))
    ours = {one.name for one in pack.campaigns}
    kept = (tag for tag in ticket.special_tags.split("、") if tag and tag not in ours)
    ticket.special_tags = _joined((*kept, *names_of(pack, codes)))
    session.flush()


def _joined(tags: tuple[str, ...]) -> str:
    """As many as there is room for: the rows hold all of them."""
    while len("、".join(tags)) > TAGS_LIMIT:
        tags = tags[:-1]
    return "、".join(tags)


def _make(session: Session, pack: PolicyPack, code: str) -> None:
    """The campaign's row, and its parent's before it, once for the whole city."""
    one = next(one for one in pack.campaigns if one.code == code)
    if one.parent:
        _make(session, pack, one.parent)
    id_ = campaign_id(code)
    if session.get(Campaign, id_) is not None:
        return
    try:
        with session.begin_nested():
            parent = campaign_id(one.parent) if one.parent else None
            session.add(Campaign(id=id_, name=one.name[:80], parent_id=parent))
            session.flush()
    except IntegrityError:
        # A colleague met it first a moment ago: the row is there.
        return
