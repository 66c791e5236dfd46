"""承办: what a street, community, department or grid worker does with the work orders sent to them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.deadlines import extend
from console.domain.desks import UnitChoice
from console.domain.errors import Invalid, InvalidForm, NotAllowed, UserError
from console.domain.inbox import (
    Attached,
    ChildUnit,
    Desk,
    HouseRules,
    InboxRow,
    InboxTab,
    ReplyForm,
    SignedMany,
    SignOutcome,
)
from console.domain.moves import Move
from console.domain.roles import UNIT_ROLES
from console.domain.wording import check_line
from console.ledger import Entry, Ledger, Seat
from console.ledger.files import Progress, Stop
from console.ledger.queues import units_like
from console.services.handling import evidence, inbox, opening
from console.services.handling.replying import Replying, missing
from console.services.handling.scene import Scene
from db.models import ExtensionRequest, ReturnRequest, Ticket


def _quiet(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


class Handling:
    """One unit's desk. Every write is one transaction and returns what changed.

    Writes raise NotFound, Conflict (stale `version`), NotAllowed, and Invalid or InvalidForm whose
    `field` is the name of a field of the form.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)
        self._replying, self._scene = Replying(seat, self._ledger), Scene(seat, self._ledger)

    # --- reading

    def inbox(self, tab: InboxTab) -> tuple[InboxRow, ...]:
        """One pile of the unit's own shares, what is due first on top. One statement."""
        self._at_a_unit()
        with self._seat.db.reading() as session:
            return inbox.rows_of(session, self._seat, tab)

    def tab_counts(self) -> dict[InboxTab, int]:
        """How many lie in each pile. One statement."""
        self._at_a_unit()
        with self._seat.db.reading() as session:
            return inbox.counts_of(session, self._seat)

    def open(self, ticket_id: int) -> Desk:
        """One case with the unit's own share and what its forms need to know."""
        with self._seat.db.reading() as session:
            return opening.open_desk(session, self._seat, self._ledger, ticket_id)

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

    # --- passing on

    def sub_dispatch(
        self, ticket_id: int, unit_id: int | None, opinion: str, version: int | None = None
    ) -> Changed:
        """下派 to a direct child with an opinion; its limit is never later than ours (field-facts 4.2 rule 5)."""
        words = check_line(opinion, "下派意见", 500, "opinion")
        with self._seat.db.writing.begin() as session:
            if unit_id is None:
                raise InvalidForm(missing(Move.SUB_DISPATCH, {"opinion": words}))
            unit = self._ledger.unit(session, unit_id)
            inputs = {"unit": asdict(unit), "opinion": words}
            entry = Entry(Move.SUB_DISPATCH, inputs, f"下派给{unit.name}", version, words)
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def take_back(self, ticket_id: int, reason: str, version: int | None = None) -> Changed:
        """收回下派, while the child has not signed."""
        words = check_line(reason, "原因", 300, "reason")
        return self._move(
            ticket_id, Entry(Move.TAKE_BACK, {"reason": words}, f"收回下派：{words}", version)
        )

    def escalate(self, ticket_id: int, reason: str, version: int | None = None) -> Changed:
        """上报 one level: to whoever passed it down, to the superior unit, or to the centre."""
        words = check_line(reason, "上报原因", 300, "reason")
        with self._seat.db.writing.begin() as session:
            self._ledger.lock(session, ticket_id)
            share = opening.own_share(session, self._seat, ticket_id)
            above = opening.superior(session, share)
            inputs: dict[str, object] = {"reason": words}
            if above is not None:
                inputs["unit"] = asdict(self._ledger.unit(session, above.id))
            entry = Entry(
                Move.ESCALATE, inputs, f"上报：{words}", version, f"下级上报：{words}"[:500]
            )
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def decline(self, ticket_id: int, reason: str, version: int | None = None) -> Changed:
        """拒绝协办: a co-unit's way out before signing."""
        words = check_line(reason, "原因", 300, "reason")
        return self._move(
            ticket_id, Entry(Move.DECLINE, {"reason": words}, f"拒绝协办：{words}", version)
        )

    def ask_return(
        self, ticket_id: int, reason: str, basis: str, suggested_unit: str, version: int | None = None
    ) -> Changed:  # fmt: skip
        """退单: a coded reason, the basis, and who should do it instead (field-facts 3.3, 9.6)."""
        words = check_line(basis, "退单依据", 500, "basis")
        unit = check_line(suggested_unit, "建议承办单位", 120, "suggested_unit")
        names = dict(self.rules().return_reasons)
        if reason and reason not in names:
            raise Invalid("请从退单原因中选择一项", field="reason")
        inputs = {"reason": reason, "basis": words, "suggested_unit": unit}
        note = f"申请退单（{names.get(reason, '')}），建议由{unit}承办"
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(
                session, ticket_id, Entry(Move.ASK_RETURN, inputs, note, version)
            )
            session.add(
                ReturnRequest(
                    ticket_id=ticket.id,
                    share_seq=opening.own_share(session, self._seat, ticket_id).seq,
                    hop=ticket.return_count + 1,
                    unit_name=self._seat.operator.unit_name,
                    reason=names[reason],
                    basis=words,
                    suggested_unit=unit,
                    asked_at=self._seat.now(session),
                    asked_by=self._seat.operator.signature,
                )
            )
            return self._ledger.changed(ticket)

    def ask_extension(
        self, ticket_id: int, days: int, reason: str, basis: str, told: bool, version: int | None = None
    ) -> Changed:  # fmt: skip
        """延期: working days, reason, legal basis, and whether the citizen has been told (field-facts 3.3)."""
        why = check_line(reason, "延期理由", 500, "reason")
        law = check_line(basis, "延期依据", 300, "basis")
        inputs = {"days": days, "reason": why, "basis": law}
        if self._seat.rules.pack.extension.tell_citizen and not told:
            untold = Invalid("申请延期前须先告知诉求人", "告知后请勾选", "told")
            raise InvalidForm((*missing(Move.ASK_EXTENSION, inputs), untold))
        with self._seat.db.writing.begin() as session:
            entry = Entry(Move.ASK_EXTENSION, inputs, f"申请延期 {days} 个工作日", version)
            ticket = self._ledger.move(session, ticket_id, entry)
            self._ask_for_days(session, ticket, days, why, law, told)
            return self._ledger.changed(ticket)

    def _ask_for_days(
        self, session: Session, ticket: Ticket, days: int, why: str, law: str, told: bool
    ) -> None:
        share = opening.own_share(session, self._seat, ticket.id)
        due = share.finish_due
        session.add(
            ExtensionRequest(
                ticket_id=ticket.id,
                share_seq=share.seq,
                days=days,
                reason=why,
                basis=law,
                citizen_told=told,
                old_due=due,
                new_due=extend(due, days, self._seat.rules.calendar) if due else None,
                asked_at=self._seat.now(session),
                asked_by=self._seat.operator.signature,
            )
        )

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

    def save_copy(self, attachment_id: int, path: Path) -> Changed:
        """Write a copy of a paper to disk; who took it out of the program is logged (field-facts 10.3, 10.8).

        Raises NotAllowed for what shows who the citizen is, Unavailable when the disk refuses.
        """
        with self._seat.db.writing.begin() as session:
            content = evidence.take_out(session, self._seat, attachment_id)
        evidence.write_out(content, path)
        return Changed(frozenset())

    def reply(self, ticket_id: int, form: ReplyForm, version: int | None = None) -> Changed:
        """回复办结: to whoever passed it down, or to the centre for review (field-facts 3.5)."""
        with self._seat.db.writing.begin() as session:
            ticket = self._replying.reply(session, ticket_id, form, version)
            return self._ledger.changed(ticket)

    def _move(self, ticket_id: int, entry: Entry) -> Changed:
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def _at_a_unit(self) -> None:
        if self._seat.operator.role not in UNIT_ROLES:
            raise NotAllowed("只有承办单位有承办件", "请到“工单”中查看")


__all__ = ["Handling"]
