"""What passed between 110 and the hotline in the demo year, and the campaigns its matters belong to."""

from collections.abc import Iterator, Sequence
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.policy import PolicyPack
from console.domain.states import Channel, TicketState
from console.domain.tallies import suggested
from db.campaigns import campaign_id
from db.demo.registers import Row, put
from db.models import Campaign, PoliceTransfer, Ticket, TicketCampaign

OFFICERS = ("0231", "0245", "0252", "0307")
# Every so many matters are put into the month's topic, whatever their words.
TOPIC, EVERY = "hot", 40


def load_linkage(session: Session, pack: PolicyPack, seed: int) -> None:
    """Rows from the tickets that are there: every 110 matter has its hand-over, words decide on campaigns."""
    tickets = session.scalars(select(Ticket).order_by(Ticket.id)).all()
    put(session, PoliceTransfer, _transfers(tickets, Random(f"{seed}/110")))
    put(session, Campaign, _campaigns(pack))
    put(session, TicketCampaign, _members(tickets, pack))


def tags_of(ticket_id: int, content: str, pack: PolicyPack) -> str:
    """The campaigns' names as they stand on the work order itself."""
    codes = _codes(ticket_id, content, pack)
    return "、".join(one.name for one in pack.campaigns if one.code in codes)


def _transfers(tickets: Sequence[Ticket], rng: Random) -> Iterator[Row]:
    for ticket in tickets:
        if ticket.channel is not Channel.POLICE_110:
            continue
        waits = ticket.state is TicketState.PENDING_ACCEPT
        yield {
            "direction": "in", "service": "110", "ticket_id": ticket.id, "call_id": None, "at": ticket.created_at,
            "handed_by": rng.choice(OFFICERS), "receiver_no": ticket.creator_name.rsplit(" ", 1)[-1],
            "three_way": rng.random() < 0.2, "got_it_first": "110", "reason": ticket.title, "refusal": "",
            "result": "pending" if waits else "accepted",
            "police_no": f"JQ{ticket.created_at:%Y%m%d}{rng.randint(1, 9999):04d}",
            "settled_at": None if waits else ticket.accepted_at or ticket.created_at,
            "settled_by": "" if waits else ticket.creator_name, "receiver_back": "", "agreed": "",
        }  # fmt: skip


def _campaigns(pack: PolicyPack) -> Iterator[Row]:
    for one in sorted(pack.campaigns, key=_children_last):
        parent = campaign_id(one.parent) if one.parent else None
        yield {"id": campaign_id(one.code), "name": one.name, "parent_id": parent}


def _children_last(one: object) -> bool:
    return bool(getattr(one, "parent", ""))


def _members(tickets: Sequence[Ticket], pack: PolicyPack) -> Iterator[Row]:
    for ticket in tickets:
        for code in _codes(ticket.id, ticket.content, pack):
            yield {"ticket_id": ticket.id, "campaign_id": campaign_id(code)}


def _codes(ticket_id: int, content: str, pack: PolicyPack) -> tuple[str, ...]:
    codes = suggested(pack.campaigns, content)
    topic = ticket_id % EVERY == 0 and any(one.code == TOPIC for one in pack.campaigns)
    return tuple(dict.fromkeys((*codes, TOPIC) if topic else codes))
