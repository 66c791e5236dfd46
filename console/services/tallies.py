"""四平台 and 专项活动: tagging a work order, and the counts reports and the pool show (field-facts K1, K14)."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.errors import Invalid, NotFound
from console.domain.moves import Move
from console.domain.states import PLATFORM_NAMES, Platform, TicketState
from console.domain.tallies import (
    CampaignChoice,
    CampaignTable,
    CampaignTally,
    PlatformTally,
    Tags,
    choices,
)
from console.ledger import Entry, Ledger, Seat, campaigns, visible
from db.campaigns import campaign_id
from db.models import Campaign, Ticket, TicketCampaign

FINISHED = (TicketState.CLOSED, TicketState.ARCHIVED, TicketState.ANSWERED)
UNCOUNTED = (TicketState.DRAFT, TicketState.VOID, TicketState.MERGED)


class Tallies:
    """Tags and their counts, for whoever sits at this seat."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def campaigns(self, text: str = "") -> tuple[CampaignChoice, ...]:
        """The pack's campaigns, those the words point to marked."""
        return choices(self._seat.rules.pack.campaigns, (), text)

    def tags(self, ticket_id: int) -> Tags:
        """What a work order is tagged with. Raises NotFound outside the operator's scope."""
        pack = self._seat.rules.pack
        with self._seat.db.reading() as session:
            query = select(Ticket).where(Ticket.id == ticket_id, visible(self._seat.operator))
            ticket = session.scalar(query)
            if ticket is None:
                raise NotFound("没有找到这张工单，或不在您的查看范围内")
            chosen = campaigns.codes_of(session, pack, ticket.id)
            offered = choices(pack.campaigns, chosen, ticket.content)
            return Tags(ticket.id, ticket.version, Platform(ticket.platform), offered)

    def tag(
        self,
        ticket_id: int,
        platform: Platform | None,
        codes: tuple[str, ...] | None,
        version: int | None = None,
    ) -> Changed:
        """Put a work order on a platform and into campaigns; None leaves that as it is."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id, version)
            before = campaigns.codes_of(session, self._seat.rules.pack, ticket.id)
            said = self._said(ticket, before, platform, codes)
            if not said:
                raise Invalid("没有改动", "请选择平台或专项活动", "campaigns")
            inputs: dict[str, Any] = {}
            if platform is not None:
                inputs["platform"] = platform.value
            if codes is not None:
                inputs["campaigns"] = list(codes)
            ticket = self._ledger.move(session, ticket.id, Entry(Move.TAG, inputs, f"标注 {said}"))
            if platform is not None:
                ticket.platform = platform.value
            if codes is not None:
                campaigns.put_into(session, self._seat, ticket, codes)
            return self._ledger.changed(ticket)

    def _said(
        self,
        ticket: Ticket,
        before: tuple[str, ...],
        platform: Platform | None,
        codes: tuple[str, ...] | None,
    ) -> str:
        """The change in words, empty when there is none."""
        parts = []
        if platform is not None and platform.value != ticket.platform:
            parts.append(f"平台：{PLATFORM_NAMES[platform]}")
        if codes is not None and set(codes) != set(before):
            names = "、".join(campaigns.names_of(self._seat.rules.pack, codes))
            parts.append(f"专项活动：{names or '无'}")
        return "；".join(parts)

    # --- counts

    def platforms(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[PlatformTally, ...]:
        """The four tiles over what was accepted in the period, in scope. One statement; they add up."""
        closed = func.sum(case((Ticket.state.in_(FINISHED), 1), else_=0))
        query = select(Ticket.platform, func.count(), closed)
        query = query.where(*self._counted(since, until)).group_by(Ticket.platform)
        with self._seat.db.reading() as session:
            found = {row[0]: (row[1], row[2] or 0) for row in session.execute(query)}
        counts = ((one, *found.get(one.value, (0, 0))) for one in Platform)
        return tuple(PlatformTally(one, total, total - done, done) for one, total, done in counts)

    def campaign_table(
        self, since: datetime | None = None, until: datetime | None = None
    ) -> CampaignTable:
        """Every campaign with what is in it, computed from the rows; the overlap is said. Two statements."""
        query = select(TicketCampaign.ticket_id, TicketCampaign.campaign_id, Ticket.state)
        query = query.join(Ticket, Ticket.id == TicketCampaign.ticket_id)
        with self._seat.db.reading() as session:
            found = session.execute(query.where(*self._counted(since, until))).all()
            known = _known(session)
        in_it: defaultdict[int, set[int]] = defaultdict(set)
        for ticket_id, member_of, _state in found:
            in_it[member_of].add(ticket_id)
        done = {row[0] for row in found if row[2] in FINISHED}
        return self._table(in_it, done, known)

    def _counted(
        self, since: datetime | None, until: datetime | None
    ) -> tuple[ColumnElement[bool], ...]:
        conditions = [visible(self._seat.operator), Ticket.state.not_in(UNCOUNTED)]
        if since is not None:
            conditions.append(Ticket.accepted_at >= since)
        if until is not None:
            conditions.append(Ticket.accepted_at < until)
        return tuple(conditions)

    def _table(
        self, in_it: dict[int, set[int]], done: set[int], known: dict[int, tuple[str, int | None]]
    ) -> CampaignTable:
        """The pack's campaigns in its order, then those of earlier packs that still hold work orders."""
        rows: list[CampaignTally] = []
        tops: Counter[int] = Counter()
        nested: set[int] = set()
        for id_, code, name in self._tops(known):
            below = [(c, d, n) for c, d, n in self._below(id_, known) if in_it.get(c) or d]
            family = in_it.get(id_, set()).union(
                *(in_it.get(child, set()) for child, _, _ in below)
            )
            if not family and not code:
                continue
            tops.update(family)
            inside = Counter(ticket for child, _, _ in below for ticket in in_it.get(child, ()))
            nested |= {ticket for ticket, times in inside.items() if times > 1}
            rows.append(CampaignTally(code, name, 0, len(family), len(family & done)))
            for child, child_code, child_name in below:
                mine = in_it.get(child, set())
                rows.append(CampaignTally(child_code, child_name, 1, len(mine), len(mine & done)))
        shared = sum(1 for times in tops.values() if times > 1)
        return CampaignTable(tuple(rows), len(tops), shared, len(nested))

    def _tops(self, known: dict[int, tuple[str, int | None]]) -> list[tuple[int, str, str]]:
        pack = [c for c in self._seat.rules.pack.campaigns if not c.parent]
        ours = [(campaign_id(c.code), c.code, c.name) for c in pack]
        present = {id_ for id_, _, _ in ours}
        old = [
            (id_, "", n)
            for id_, (n, parent) in known.items()
            if parent is None and id_ not in present
        ]
        return [*ours, *old]

    def _below(
        self, top: int, known: dict[int, tuple[str, int | None]]
    ) -> list[tuple[int, str, str]]:
        pack = self._seat.rules.pack.campaigns
        ours = [
            (campaign_id(c.code), c.code, c.name)
            for c in pack
            if c.parent and campaign_id(c.parent) == top
        ]
        present = {id_ for id_, _, _ in ours}
        old = [
            (id_, "", n)
            for id_, (n, parent) in known.items()
            if parent == top and id_ not in present
        ]
        return [*ours, *old]


def _known(session: Session) -> dict[int, tuple[str, int | None]]:
    query = select(Campaign.id, Campaign.name, Campaign.parent_id).order_by(Campaign.name)
    return {row.id: (row.name, row.parent_id) for row in session.execute(query)}
