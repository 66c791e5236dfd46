"""What happens around a case besides the flow: units whistled to the scene, rounds of mediation, not-reached calls."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.moves import Move
from console.domain.wording import check_line
from console.domain.worktime import civil_date
from console.ledger import Entry, Ledger, Seat
from db.models import MediationRound, Ticket, WhistleCall


class Scene:
    """Works inside the caller's transaction; every act leaves a line in the flow log."""

    def __init__(self, seat: Seat, ledger: Ledger) -> None:
        self._seat, self._ledger = seat, ledger

    def note(
        self, session: Session, ticket_id: int, words: str, version: int | None = None
    ) -> Ticket:
        """A remark by the unit that has the matter in hand. Raises NotAllowed for every other unit."""
        ticket = self._ledger.lock(session, ticket_id, version)
        if self._ledger.case(session, ticket).share_of(self._seat.operator.unit_id) is None:
            raise NotAllowed("这张工单不在您单位手上")
        return self._ledger.move(session, ticket_id, Entry(Move.NOTE, {"note": words}, words))

    def whistle(
        self,
        session: Session,
        ticket_id: int,
        unit_ids: tuple[int, ...],
        request: str,
        version: int | None,
    ) -> Ticket:
        """吹哨报到: ask units to the scene (field-facts K2). Raises Invalid (`units`, `request`)."""
        asked = check_line(request, "请求事项", 500, "request")
        if not unit_ids:
            raise Invalid("请选择要请到现场的单位", field="units")
        if not asked:
            raise Invalid("请填写请求事项", field="request")
        units = [self._ledger.unit(session, unit_id) for unit_id in dict.fromkeys(unit_ids)]
        names = "、".join(unit.name for unit in units)
        ticket = self.note(session, ticket_id, f"吹哨：请{names}到场", version)
        now = self._seat.now(session)
        for unit in units:
            session.add(
                WhistleCall(
                    ticket_id=ticket.id, called_unit_id=unit.id, called_unit=unit.name, called_at=now,
                    called_by=self._seat.operator.signature, request=asked,
                )
            )  # fmt: skip
        return ticket

    def arrived(
        self, session: Session, ticket_id: int, call_id: int, person: str, outcome: str
    ) -> Ticket:
        """A whistled unit came: who and what came of it. Raises Invalid (`person`), NotFound."""
        call = session.get(WhistleCall, call_id)
        if call is None or call.ticket_id != ticket_id:
            raise NotFound("没有找到这次吹哨")
        who = check_line(person, "到场人员", 60, "person")
        if not who:
            raise Invalid("请填写到场人员", field="person")
        call.person, call.outcome = who, check_line(outcome, "处置情况", 500, "outcome")
        call.arrived_at = call.arrived_at or self._seat.now(session)
        return self.note(session, ticket_id, f"{call.called_unit}应哨到场")

    def mark_dispute(
        self, session: Session, ticket_id: int, dispute: bool, version: int | None
    ) -> Ticket:
        """矛盾件: seen on site and signed for before it is over (field-facts X4). Raises NotAllowed."""
        ticket = self._ledger.lock(session, ticket_id, version)
        if ticket.dispute == dispute:
            raise NotAllowed("已经是矛盾件" if dispute else "本来就不是矛盾件", "已为您刷新")
        # A correction, not a note: the flow log alone must tell that it became one.
        inputs = {"fields": ["dispute"], "dispute": dispute}
        words = "标为矛盾件" if dispute else "取消矛盾件标记"
        return self._ledger.move(session, ticket_id, Entry(Move.AMEND, inputs, words))

    def mediate(
        self, session: Session, ticket_id: int, on_day: date, participants: str, result: str, agreed: bool,
        version: int | None,
    ) -> Ticket:  # fmt: skip
        """One more round of mediation (field-facts X5). Raises Invalid (`on_day`, `participants`, `result`)."""
        now = self._seat.now(session)
        if on_day > civil_date(now):
            raise Invalid("调解日期还没到，请核对", field="on_day")
        who = check_line(participants, "参加人员", 300, "participants")
        words = check_line(result, "调解结果", 1000, "result")
        for text, caption, name in (
            (who, "参加人员", "participants"),
            (words, "调解结果", "result"),
        ):
            if not text:
                raise Invalid(f"请填写{caption}", field=name)
        last = select(func.max(MediationRound.round)).where(MediationRound.ticket_id == ticket_id)
        number = (session.scalar(last) or 0) + 1
        outcome = "达成一致" if agreed else "未达成一致"
        ticket = self.note(session, ticket_id, f"第 {number} 次调解，{outcome}", version)
        session.add(
            MediationRound(
                ticket_id=ticket.id, round=number, on_day=on_day, participants=who, result=words,
                agreed=agreed, chaired_by=self._seat.operator.signature,
            )
        )  # fmt: skip
        return ticket
