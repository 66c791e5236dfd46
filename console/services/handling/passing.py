"""How a unit hands work on or back: down, up, away, later. Methods of `Handling`."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.deadlines import extend
from console.domain.errors import Invalid, InvalidForm
from console.domain.moves import Move
from console.domain.wording import check_line
from console.ledger import Entry, Ledger, Seat
from console.services.handling import opening
from console.services.handling.replying import missing
from db.models import ExtensionRequest, NotifyCopy, ReturnRequest, Ticket


class Passing:
    """Every method is one transaction. Raises as `Handling` does."""

    def __init__(self, seat: Seat, ledger: Ledger) -> None:
        self._seat, self._ledger = seat, ledger

    def _move(self, ticket_id: int, entry: Entry) -> Changed:
        with self._seat.db.writing.begin() as session:
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def sub_dispatch(
        self, ticket_id: int, unit_id: int | None, opinion: str, version: int | None = None
    ) -> Changed:
        """下派, or 加派 while others below are at it: to a direct child, with an opinion.

        Its limit is never later than ours (field-facts 4.2 rule 5).
        """
        words = check_line(opinion, "下派意见", 500, "opinion")
        with self._seat.db.writing.begin() as session:
            if unit_id is None:
                raise InvalidForm(missing(Move.SUB_DISPATCH, {"opinion": words}))
            unit = self._ledger.unit(session, unit_id)
            inputs = {"unit": asdict(unit), "opinion": words}
            entry = Entry(Move.SUB_DISPATCH, inputs, f"下派给{unit.name}", version, words)
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def take_back(
        self, ticket_id: int, reason: str, version: int | None = None, unit_id: int | None = None
    ) -> Changed:
        """收回下派, while the child has not signed; without `unit_id` from all of them."""
        words = check_line(reason, "原因", 300, "reason")
        with self._seat.db.writing.begin() as session:
            inputs: dict[str, object] = {"reason": words}
            name = ""
            if unit_id is not None:
                unit = self._ledger.unit(session, unit_id)
                inputs["unit"], name = asdict(unit), unit.name
            entry = Entry(Move.TAKE_BACK, inputs, f"收回下派{name}：{words}", version)
            return self._ledger.changed(self._ledger.move(session, ticket_id, entry))

    def escalate(
        self, ticket_id: int, reason: str, version: int | None = None, past: int | None = None
    ) -> Changed:
        """上报 one level: to whoever passed it down, to the superior unit, or to the centre.

        `past` is a unit further up, for danger or where the city allows skipping (field-facts 3.4 rule 3).
        """
        words = check_line(reason, "上报原因", 300, "reason")
        with self._seat.db.writing.begin() as session:
            self._ledger.lock(session, ticket_id)
            share = opening.own_share(session, self._seat, ticket_id)
            above = opening.superior(session, share)
            target = past or (above.id if above is not None else None)
            inputs: dict[str, object] = {"reason": words}
            said = "上报"
            if target is not None:
                unit = self._ledger.unit(session, target)
                inputs["unit"] = asdict(unit)
                said = f"越级上报{unit.name}" if past else said
            entry = Entry(
                Move.ESCALATE, inputs, f"{said}：{words}", version, f"下级{said}：{words}"[:500]
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
        names = {r.code: r.name for r in self._seat.rules.pack.returns.reasons}
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

    def undo_return(self, ticket_id: int, version: int | None = None) -> Changed:
        """撤回退单申请, by the unit that asked and while nobody has decided: it keeps the work order.

        The ledger settles the request's own row.
        """
        with self._seat.db.writing.begin() as session:
            entry = Entry(Move.UNDO_RETURN, {}, "撤回退单申请，由本单位继续承办", version)
            ticket = self._ledger.move(session, ticket_id, entry)
            return self._ledger.changed(ticket)

    def notify(self, ticket_id: int, unit_id: int, version: int | None = None) -> Changed:
        """抄告 another unit: it shall know, it need not act (field-facts 3.4 rule 7)."""
        with self._seat.db.writing.begin() as session:
            unit = self._ledger.unit(session, unit_id)
            self._ledger.lock(session, ticket_id, version)
            told = select(NotifyCopy.id).where(
                NotifyCopy.ticket_id == ticket_id, NotifyCopy.unit_id == unit_id, NotifyCopy.read_at.is_(None)
            )  # fmt: skip
            if session.scalar(told.limit(1)) is not None:
                raise Invalid(f"已抄告{unit.name}，尚未阅知", field="unit")
            entry = Entry(Move.NOTIFY, {"unit": asdict(unit)}, f"抄告{unit.name}")
            ticket = self._ledger.move(session, ticket_id, entry)
            now = self._seat.now(session)
            session.add(NotifyCopy(ticket_id=ticket.id, unit_id=unit.id, told_at=now))
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
