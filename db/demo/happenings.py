"""What lies on the desks at the first start: disputes, copies to read, promises for today, returns, hand-overs to 110.

Told after the year is lived, on work orders still open; each step is allowed by the rules like every other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from random import Random

from console.domain.case import UnitRef
from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.rules import Rules
from console.domain.states import Channel, TicketState
from console.domain.worktime import civil_date
from db.demo.office import Office
from db.demo.walk import MINUTE, History, Walk

DISPUTES, COPIES, PROMISES, TO_POLICE = 3, 4, 5, 4
OFFICER = "0245"
# fmt: off
MEDIATED = (
    ("双方各执一词，未达成一致，约定三日后再谈。", False),
    ("物业答应减免一个月物业费，住户同意配合施工，双方签字。", True),
)
SAID = (
    "今天下班前回电告知处理进度", "安排师傅上门维修", "送达书面答复", "复查现场并回电", "协调物业后回电",
)
GROUNDS = (
    ("职责不符", "2", "承办单位职责目录：职责不含本事项"), ("权属不清", "3", "网格事项责任规则：部件先属主后属地，事件先属地后属主"),
    ("职责不符", "2", "本单位“三定”规定未含此项职责"),
)
# fmt: on


def happen(
    histories: Sequence[History], office: Office, rules: Rules, now: datetime, seed: int
) -> None:
    """Go on with a handful of the histories, the newest of their kind first."""
    scene = _Scene(histories, office, rules, now, Random(f"{seed}/happenings"))
    scene.disputes()
    scene.signed_dispute()
    scene.copies()
    scene.promises()
    scene.joint_sheets()
    scene.hand_overs()


class _Scene:
    def __init__(
        self,
        histories: Sequence[History],
        office: Office,
        rules: Rules,
        now: datetime,
        rng: Random,
    ) -> None:
        self._office, self._rules, self._now, self._rng = office, rules, now, rng
        self._newest = sorted(histories, key=lambda h: h.case.created_at, reverse=True)
        self._street = office.people[Role.STREET_DESK][0]
        self._used: set[int] = set()

    def _open(self, *states: TicketState) -> Iterator[History]:
        for history in self._newest:
            if history.case.state in states and id(history) not in self._used:
                yield history

    def _walk(self, history: History) -> Walk:
        """At the moment of its last step; the work order is told about once."""
        self._used.add(id(history))
        walk = Walk(self._rng, self._office, self._rules, history, self._now)
        walk.at = history.steps[-1][0].at
        return walk

    def _later(self, walk: Walk, part: float) -> None:
        walk.until(walk.at + (self._now - walk.at) * part)

    def disputes(self) -> None:
        """矛盾件 in streets' hands, the first mediated twice, the others once (field-facts X4, X5)."""
        found = [h for h in self._open(TicketState.IN_PROGRESS) if self._desk_of(h) is not None]
        found.sort(key=lambda h: self._unit_of(h) != self._street.unit_id)
        for at, history in enumerate(found[:DISPUTES]):
            walk, desk = self._walk(history), self._desk_of(history)
            assert desk is not None
            self._later(walk, 0.2)
            walk.do(Move.AMEND, desk, "标为矛盾件", fields=["dispute"], dispute=True)
            for number, (result, agreed) in enumerate(MEDIATED[: 2 if at == 0 else 1], 1):
                self._later(walk, 0.4)
                outcome = "达成一致" if agreed else "未达成一致"
                words = f"第 {number} 次调解，{outcome}"
                walk.do(Move.NOTE, desk, words, note=words)
                walk.write(
                    "mediation_round", round=number, on_day=civil_date(walk.at), place="社区调解室",
                    participants="诉求人、物业公司、社区网格长", chaired_by=desk.signature, result=result,
                    agreed=agreed,
                )  # fmt: skip

    def signed_dispute(self) -> None:
        """A dispute seen on site and signed for; it waits for its call."""
        called = self._open(TicketState.PENDING_CALLBACK)
        seen = (h for h in called if any(r.table == "verification" for r in h.records))
        for history in list(seen)[:1]:
            walk = self._walk(history)
            walk.do(
                Move.AMEND, self._office.any(self._rng, Role.DISPATCHER), "更正 矛盾件：是",
                fields=["dispute"], dispute=True,
            )  # fmt: skip
            result, agreed = MEDIATED[1]
            walk.write(
                "mediation_round", round=1, on_day=civil_date(walk.at), place="现场", result=result,
                participants="诉求人、物业公司、社区网格长", chaired_by=self._street.signature, agreed=agreed,
            )  # fmt: skip

    def copies(self) -> None:
        """抄告: work of others that the demo's street is to read; the last one it has read."""
        mine = self._street.unit_id
        working = self._open(TicketState.IN_PROGRESS, TicketState.PENDING_SIGN, TicketState.REDO)
        others = [h for h in working if h.case.share_of(mine) is None]
        unit = self._office.units[self._street.unit_code]
        for at, history in enumerate(others[:COPIES]):
            walk = self._walk(history)
            self._later(walk, 0.5)
            dispatcher = self._office.any(self._rng, Role.DISPATCHER)
            walk.do(Move.NOTIFY, dispatcher, f"抄告{unit.name}", unit=asdict(unit))
            told = {"unit_id": unit.id, "told_at": walk.at}
            if at < COPIES - 1:
                walk.write("notify_copy", **told)
                continue
            self._later(walk, 0.5)
            walk.do(Move.READ_COPY, self._street, "已阅知抄告", copy_id=1)
            walk.write("notify_copy", **told, read_at=walk.at, read_by=self._street.signature)

    def promises(self) -> None:
        """Times promised to citizens for today."""
        for at, history in enumerate(list(self._open(TicketState.IN_PROGRESS))[:PROMISES]):
            walk, agent = self._walk(history), self._office.any(self._rng, Role.AGENT)
            self._later(walk, 0.9)
            due = (self._now + timedelta(hours=1 + at)).replace(minute=0, second=0)
            walk.do(Move.PROMISE, agent, f"承诺：{SAID[at]}", what="承诺", due=due.isoformat())
            walk.write("promise", what=SAID[at], due=due, made_at=walk.at, made_by=agent.signature)

    def joint_sheets(self) -> None:
        """Sent back until the units met: one sheet is open, one was concluded by a designation (peers 6.6)."""
        asked = list(self._open(TicketState.RETURN_REVIEW))[:2]
        for concluded, history in enumerate(asked):
            walk = self._walk(history)
            while walk.case.return_count < self._rules.pack.returns.dispatches:
                self._send_back(walk)
            units = [r.values["unit_name"] for r in history.records if r.table == "return_request"]
            supervisor = self._office.any(self._rng, Role.SUPERVISOR)
            sheet = {
                "opened_at": walk.at, "opened_by": supervisor.signature, "units": "、".join(dict.fromkeys(units)),
            }  # fmt: skip
            if not concluded:
                walk.write("joint_sheet", **sheet)
                continue
            walk.until(walk.at + 20 * MINUTE)
            unit = self._office.units[history.appeal.unit_code]
            reason = f"会商意见：由{unit.name}牵头办理，其他单位配合"
            walk.do(
                Move.DESIGNATE, supervisor, f"指定{unit.name}承办", reason, unit=asdict(unit), reason=reason
            )  # fmt: skip
            walk.write(
                "joint_sheet", **sheet, conclusion=reason, concluded_at=walk.at,
                concluded_by=supervisor.signature,
            )  # fmt: skip

    def _send_back(self, walk: Walk) -> None:
        """The next unit does not take it either; the one before was right, says the dispatcher."""
        walk.until(walk.at + 15 * MINUTE)
        dispatcher = self._office.any(self._rng, Role.DISPATCHER)
        if walk.case.state is TicketState.PENDING_DISPATCH:
            unit = self._stranger(walk)
            walk.do(Move.DISPATCH, dispatcher, f"派给{unit.name}主办", unit=asdict(unit))
            walk.until(walk.at + 30 * MINUTE)
            self._ask_return(walk, unit)
            walk.until(walk.at + 15 * MINUTE)
        walk.do(Move.GRANT_RETURN, dispatcher, "同意退单")
        request = next(r for r in reversed(walk.history.records) if r.table == "return_request")
        request.values.update(decided_at=walk.at, decided_by=dispatcher.signature, granted=True)

    def _stranger(self, walk: Walk) -> UnitRef:
        had = {share.unit.id for share in walk.case.shares}
        departments = (u for c, u in sorted(self._office.units.items()) if c.startswith("D"))
        free = [
            u for u in departments
            if u.id not in had and u.code != walk.history.appeal.unit_code
            and (Role.LIAISON, u.code) in self._office.in_unit
        ]  # fmt: skip
        return self._rng.choice(free)

    def _ask_return(self, walk: Walk, unit: UnitRef) -> None:
        liaison = self._office.at(self._rng, Role.LIAISON, unit.code)
        reason, code, basis = GROUNDS[walk.case.return_count % len(GROUNDS)]
        right = self._office.units[walk.history.appeal.unit_code].name
        share = walk.case.share_of(unit.id)
        walk.write(
            "return_request", share_seq=share.id if share else 1, hop=walk.case.return_count + 1,
            unit_name=unit.name, reason=reason, basis=basis, suggested_unit=right, asked_at=walk.at,
            asked_by=liaison.signature,
        )  # fmt: skip
        walk.do(
            Move.ASK_RETURN, liaison, f"申请退单：{reason}，建议由{right}承办",
            reason=code, basis=basis, suggested_unit=right,
        )  # fmt: skip

    def hand_overs(self) -> None:
        """To 110; one came back, as no matter of the police."""
        waiting = self._open(TicketState.PENDING_DISPATCH)
        plain = [
            h
            for h in waiting
            if h.case.channel is not Channel.POLICE_110 and not h.case.return_count
        ]
        for at, history in enumerate(plain[:TO_POLICE]):
            walk, agent = self._walk(history), self._office.any(self._rng, Role.DISPATCHER)
            self._later(walk, 0.3)
            walk.do(Move.HAND_TO_POLICE, agent, "移交110", receiver=OFFICER)
            given = {
                "direction": "out", "service": "110", "at": walk.at, "handed_by": agent.signature,
                "receiver_no": OFFICER, "got_it_first": "12345", "reason": "属110职责",
            }  # fmt: skip
            if at:
                walk.write("police_transfer", **given, result="accepted", three_way=at == 1)
                continue
            self._later(walk, 0.5)
            why = "现场为噪声纠纷，无人身危险，不属警务事项"
            walk.do(Move.POLICE_REFUSED, agent, f"110退回：{why}", reason=why, receiver=OFFICER)
            walk.write(
                "police_transfer", **given, result="refused", refusal=why, settled_at=walk.at,
                settled_by=agent.signature, receiver_back=OFFICER,
            )  # fmt: skip

    def _unit_of(self, history: History) -> int:
        lead = history.case.lead()
        return lead.unit.id if lead is not None else 0

    def _desk_of(self, history: History) -> Operator | None:
        lead = history.case.lead()
        code = lead.unit.code if lead is not None else ""
        return next(iter(self._office.in_unit.get((Role.STREET_DESK, code), ())), None)
