"""承办: what a street, community, department or grid worker does with the work orders sent to them."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from console.domain.changes import Changed, Topic
from console.domain.desks import UnitChoice
from console.domain.errors import NotAllowed, UserError
from console.domain.inbox import (
    SHARELESS,
    Attached,
    ChildUnit,
    Desk,
    HouseRules,
    InboxRow,
    InboxTab,
    ReplyForm,
    SignedMany,
    SignOutcome,
    tabs_of,
)
from console.domain.moves import Move
from console.domain.roles import UNIT_ROLES, Role
from console.ledger import Entry, Ledger, Seat
from console.ledger.files import Progress, Stop
from console.ledger.queues import units_like
from console.services.handling import evidence, inbox, opening, others
from console.services.handling.passing import Passing
from console.services.handling.replying import Replying
from console.services.handling.scene import Scene
from db.models import Ticket


def _quiet(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


class Handling(Passing):
    """One unit's desk. Every write is one transaction and returns what changed.

    Writes raise NotFound, Conflict (stale `version`), NotAllowed, and Invalid or InvalidForm whose
    `field` is the name of a field of the form.
    """

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat, Ledger(seat))
        self._replying, self._scene = Replying(seat, self._ledger), Scene(seat, self._ledger)

    # --- reading

    def inbox(self, tab: InboxTab) -> tuple[InboxRow, ...]:
        """One pile of the unit's own shares, what is due first on top. One statement."""
        self._at_a_unit()
        read = others.rows_of if tab in SHARELESS else inbox.rows_of
        with self._seat.db.reading() as session:
            return read(session, self._seat, tab)

    def tab_counts(self) -> dict[InboxTab, int]:
        """How many lie in each pile, but for what is to be verified on site. One statement."""
        self._at_a_unit()
        with self._seat.db.reading() as session:
            return inbox.counts_of(session, self._seat)

    def open(self, ticket_id: int) -> Desk:
        """One case with the unit's own share and what its forms need to know."""
        with self._seat.db.reading() as session:
            return opening.open_desk(session, self._seat, self._ledger, ticket_id)

    def open_other(self, ticket_id: int) -> Desk:
        """One case copied to the unit or reported by the operator, to be read."""
        with self._seat.db.reading() as session:
            return others.open_other(session, self._seat, ticket_id)

    def read_copy(self, ticket_id: int) -> Changed:
        """阅知: the unit has read what was copied to it; only the told unit may say so (field-facts 3.4 rule 7)."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, ticket_id)
            note = f"{self._seat.operator.unit_name}已阅知"
            for copy_id in others.mark_read(session, self._seat, ticket_id):
                entry = Entry(Move.READ_COPY, {"copy_id": copy_id}, note)
                ticket = self._ledger.move(session, ticket_id, entry)
            return self._ledger.changed(ticket)

    def children(self) -> tuple[ChildUnit, ...]:
        """The direct children that may receive a part, grids with their leader and worker."""
        with self._seat.db.reading() as session:
            return opening.children_of(session, self._seat.operator.unit_id)

    def units(self, text: str) -> tuple[UnitChoice, ...]:
        """Units for the type-aheads of 建议承办单位 and 吹哨."""
        with self._seat.db.reading() as session:
            return units_like(session, text, 8)

    def child_result(self, ticket_id: int) -> ReplyForm | None:
        """What the unit below replied, as the start of this unit's own reply; None when nothing came."""
        with self._seat.db.reading() as session:
            share = opening.own_share(session, self._seat, ticket_id)
            row = opening.child_reply(session, ticket_id, share)
            return opening.reply_of(session, row) if row else None

    def explain(self, ticket_id: int) -> tuple[str, ...]:
        """Why this unit's next due time and its finishing time are what they are, line by line (peers 6.7)."""
        with self._seat.db.reading() as session:
            share = opening.own_share(session, self._seat, ticket_id)
            return inbox.explain(session, self._seat, ticket_id, share.seq)

    def snippets(self) -> Mapping[str, str]:
        """Stored phrases by initials."""
        with self._seat.db.reading() as session:
            return opening.snippets_for(session, self._seat.operator.account_id)

    def rules(self) -> HouseRules:
        """What the city's pack asks of the forms; no statement."""
        pack = self._seat.rules.pack
        return HouseRules(
            length_min=pack.reply.length_min,
            contact_required=pack.reply.contact_required,
            site_photos=pack.reply.site_photos,
            return_reasons=tuple((r.code, r.name) for r in pack.returns.reasons),
            extension_days=pack.extension.workdays,
            tell_citizen=pack.extension.tell_citizen,
            suspicious_within=str(pack.reply.suspicious_within),
            tabs=tabs_of(self._seat.operator.role),
            brief=self._seat.operator.role is Role.GRID_WORKER,
            reports=InboxTab.REPORTED in tabs_of(self._seat.operator.role),
            undo_seconds=pack.desk.undo_seconds,
        )

    # --- signing and contact

    def sign(self, ticket_id: int, version: int | None = None) -> Changed:
        """签收: the unit has it; name and time are stamped."""
        note = f"{self._seat.operator.unit_name}签收"
        return self._move(ticket_id, Entry(Move.SIGN, {}, note, version))

    def sign_many(self, ids: tuple[int, ...]) -> SignedMany:
        """Sign several, each by itself: one refusal does not hold up the others."""
        outcomes = tuple(self._sign_one(ticket_id) for ticket_id in dict.fromkeys(ids))
        signed = tuple(o.ticket_id for o in outcomes if o.signed)
        return SignedMany(outcomes, Changed(frozenset({Topic.TICKETS}), signed))

    def _sign_one(self, ticket_id: int) -> SignOutcome:
        try:
            changed = self.sign(ticket_id)
        except UserError as error:
            return SignOutcome(ticket_id, self._number(ticket_id), False, error.text)
        return SignOutcome(ticket_id, changed.number, True, "已签收")

    def _number(self, ticket_id: int) -> str:
        with self._seat.db.reading() as session:
            ticket = session.get(Ticket, ticket_id)
            return ticket.number if ticket else ""

    def contact(
        self, ticket_id: int, at: datetime, manner: str, outcome: str, version: int | None = None, reached: bool = True
    ) -> Changed:  # fmt: skip
        """联系群众: when, how, with what outcome; a vain attempt is logged but does not count as contact."""
        with self._seat.db.writing.begin() as session:
            if reached:
                ticket = self._replying.record_contact(
                    session, ticket_id, at, manner, outcome, version
                )
            else:
                words = f"联系群众未接通（{manner}）"
                ticket = self._scene.note(session, ticket_id, words, version)
            return self._ledger.changed(ticket)

    def arrive(self, ticket_id: int, version: int | None = None) -> Changed:
        """到场: stamped by the server's clock, not typed."""
        return self._move(ticket_id, Entry(Move.ARRIVE, {}, "已到达现场", version))

    # --- the scene

    def whistle(
        self, ticket_id: int, unit_ids: tuple[int, ...], request: str, version: int | None = None
    ) -> Changed:
        """吹哨: ask units to come to the scene."""
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(
                self._scene.whistle(session, ticket_id, unit_ids, request, version)
            )

    def whistle_arrived(
        self, ticket_id: int, call_id: int, person: str, outcome: str = ""
    ) -> Changed:
        """A whistled unit came."""
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(
                self._scene.arrived(session, ticket_id, call_id, person, outcome)
            )

    def mark_dispute(self, ticket_id: int, dispute: bool, version: int | None = None) -> Changed:
        """标为矛盾件, or not one after all: a dispute is verified on site and signed for (field-facts X4)."""
        with self._seat.db.writing.begin() as session:
            ticket = self._scene.mark_dispute(session, ticket_id, dispute, version)
            return self._ledger.changed(ticket)

    def mediate(
        self, ticket_id: int, on_day: date, participants: str, result: str, agreed: bool, version: int | None = None
    ) -> Changed:  # fmt: skip
        """One more round of mediation."""
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(
                self._scene.mediate(
                    session, ticket_id, on_day, participants, result, agreed, version
                )
            )

    # --- evidence and reply

    def attach(
        self, ticket_id: int, kind: str, path: Path, progress: Progress = _quiet, cancelled: Stop = _never
    ) -> Attached:  # fmt: skip
        """Add a photo, recording or paper of at most 50 MB. Raises Invalid (`attachment`), Cancelled."""
        return evidence.attach_file(
            self._seat, self._ledger, ticket_id, kind, Path(path), progress, cancelled
        )

    def detach(self, ticket_id: int, attachment_id: int) -> Changed:
        """Take away an attachment one's own unit added, until it has replied."""
        with self._seat.db.writing.begin() as session:
            ticket = evidence.detach_file(
                session, self._seat, self._ledger, ticket_id, attachment_id
            )
            return self._ledger.changed(ticket)

    def save_copy(
        self, attachment_id: int, path: Path, progress: Progress = _quiet, cancelled: Stop = _never
    ) -> Changed:
        """Write a copy of a paper to disk; who took it out of the program is logged (field-facts 10.3, 10.8).

        Raises NotAllowed for what shows who the citizen is, Unavailable when the disk refuses, Cancelled.
        The note of the answer is the name it lies under: the suffix is always that of the content.
        """
        with self._seat.db.writing.begin() as session:
            wanted = evidence.take_out(session, self._seat, attachment_id)
        place = evidence.write_out(self._seat, wanted, Path(path), progress, cancelled)
        return Changed(frozenset(), note=place.name)

    def reply(self, ticket_id: int, form: ReplyForm, version: int | None = None) -> Changed:
        """回复办结: to whoever passed it down, or to the centre for review (field-facts 3.5)."""
        with self._seat.db.writing.begin() as session:
            ticket = self._replying.reply(session, ticket_id, form, version)
            return self._ledger.changed(ticket)

    def _at_a_unit(self) -> None:
        if self._seat.operator.role not in UNIT_ROLES:
            raise NotAllowed("只有承办单位有承办件", "请到“工单”中查看")


__all__ = ["Handling"]
