"""Twelve months of work orders, each step taken by somebody and allowed by the rules themselves.

`live_through` walks one appeal through the offices until it is archived or `now` is reached. Every step goes
through `console.domain.lifecycle.advance`, so a history the table forbids cannot be written.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from console.domain.case import Case, Share, Step, UnitRef
from console.domain.lifecycle import advance
from console.domain.lights import Timed, yellow_at
from console.domain.moves import MOVE_NAMES, Move
from console.domain.roles import Operator, Role
from console.domain.rules import Rules
from console.domain.states import (
    Channel,
    Nature,
    NotReached,
    Satisfaction,
    SupervisionLevel,
    TicketState,
    Urgency,
)
from console.domain.undo import with_kept
from db.demo.appeals import Appeal
from db.demo.office import Office

# Stands for the main ticket's number until numbers are given.
MAIN = "main"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CHANNELS = {
    Channel.PHONE: 78, Channel.WECHAT: 8, Channel.WEB: 4, Channel.GRID: 5, Channel.POLICE_110: 3,
    Channel.MAYOR_MAILBOX: 1, Channel.APP: 1,
}  # fmt: skip
ANSWERS = {
    Satisfaction.VERY_SATISFIED: 18, Satisfaction.SATISFIED: 46, Satisfaction.FAIRLY_SATISFIED: 22,
    Satisfaction.DISSATISFIED: 7, Satisfaction.VERY_DISSATISFIED: 2, Satisfaction.NO_COMMENT: 5,
}  # fmt: skip


class Now(Exception):
    """The present is reached; what comes after has not happened yet."""


@dataclass
class Record:
    """Something people wrote down beside the moves: a row of one of the side tables."""

    table: str
    values: dict[str, Any]


@dataclass
class History:
    """One work order's life: the case as it stands, its steps, what was written down."""

    appeal: Appeal
    case: Case
    steps: list[tuple[Step, str, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    states: list[TicketState] = field(default_factory=list)
    signers: dict[int, Operator] = field(default_factory=dict)
    reviewer: str = ""
    review_comment: str = ""

    def number(self, number: str) -> None:
        """Numbers are given once the channel is known."""
        self.case = replace(self.case, number=number)

    def join(self, main_number: str) -> None:
        """Name the work order this one was merged into, in the case and in the log."""
        self.case = replace(self.case, merged_into=main_number)
        self.steps = [
            (
                replace(step, inputs={**step.inputs, "main_number": main_number})
                if step.move is Move.MERGE
                else step,
                note,
                said,
            )
            for step, note, said in self.steps
        ]


class Walk:
    """Moves one case forward in time. `at` is when the last thing happened."""

    def __init__(
        self,
        rng: Random,
        office: Office,
        rules: Rules,
        history: History,
        now: datetime,
        stop: TicketState | None = None,
    ) -> None:
        self.rng, self.office, self.rules, self.history = rng, office, rules, history
        self.now, self.at, self.stop = now, history.case.created_at, stop

    @property
    def case(self) -> Case:
        return self.history.case

    def after(self, low: timedelta, high: timedelta, office_hours: bool = False) -> None:
        """Let time pass; office hours count only while offices are open. Raises Now at the present."""
        took = low + (high - low) * self.rng.random()
        calendar = self.rules.calendar
        self.until(calendar.add_worktime(self.at, took) if office_hours else self.at + took)

    def until(self, moment: datetime) -> None:
        if moment > self.now:
            raise Now
        self.at = max(self.at, moment.replace(microsecond=0))

    def do(
        self, move: Move, actor: Operator, note: str = "", said: str = "", **inputs: Any
    ) -> None:
        own = self.case.share_of(actor.unit_id)
        step = Step(move, actor, self.at, own.id if own else None, inputs)
        before, self.history.case = self.case, advance(self.case, step, self.rules)
        kept = with_kept(step, before, self.case)
        self.history.steps.append((kept, note or MOVE_NAMES[move], said))
        assert self.case.state is not None
        self.history.states.append(self.case.state)
        if move is Move.SIGN and own:
            self.history.signers[own.id] = actor
        if self.case.state is self.stop:
            raise Now

    def write(self, table: str, **values: Any) -> None:
        self.history.records.append(Record(table, values))


def live_through(
    rng: Random, office: Office, rules: Rules, appeal: Appeal, own_limit: str, at: datetime, now: datetime,
    needs_site_proof: bool, stop: TicketState | None = None,
) -> History:  # fmt: skip
    """The life of one appeal received at `at`, as far as it has come by `now` or until it enters `stop`."""
    channel = rng.choices(tuple(CHANNELS), tuple(CHANNELS.values()))[0]
    if appeal.knowledge_id is not None:
        channel = Channel.PHONE
    if stop is TicketState.PENDING_ACCEPT:
        channel = Channel.WECHAT
    agent = office.any(rng, Role.AGENT)
    case = Case(
        "", Nature(appeal.nature), Urgency(appeal.urgency), channel, at, agent.account_id,
        confidential=appeal.confidential, needs_site_proof=needs_site_proof, own_limit=own_limit,
        grid_code=appeal.spot.grid_code,
    )  # fmt: skip
    walk = Walk(rng, office, rules, History(appeal, case), now, stop)
    try:
        _receive(walk, agent)
    except Now:
        pass
    return walk.history


def _receive(walk: Walk, agent: Operator) -> None:
    rng, appeal = walk.rng, walk.history.appeal
    if appeal.knowledge_id is not None:
        walk.do(
            Move.ANSWER,
            agent,
            "按知识库直接答复",
            answer="见直接答复内容",
            knowledge_id=appeal.knowledge_id,
        )
        return
    chance = rng.random()
    if walk.stop is not None:
        chance = 0.5
    if chance < 0.012:
        walk.do(
            Move.REJECT,
            agent,
            "不予受理：已进入信访渠道，已告知来电人",
            reason="5",
            told="已告知向信访部门反映",
            confirmed_by=2,
        )
        return
    if (chance < 0.02 and walk.now - walk.at < 2 * DAY) or walk.stop is TicketState.DRAFT:
        walk.do(Move.SAVE, agent)
        return
    if walk.case.channel is Channel.PHONE:
        walk.do(Move.REGISTER, agent)
    else:
        walk.do(Move.RECEIVE, agent)
        walk.after(5 * MINUTE, 2 * HOUR)
        walk.do(Move.ACCEPT, walk.office.any(rng, Role.DISPATCHER))
    if walk.stop is TicketState.MERGED:
        walk.after(MINUTE, 5 * MINUTE)
        walk.do(Move.MERGE, agent, "同一事项，并入主工单", main_number=MAIN)
    if chance < 0.03:
        _end_early(walk, agent)
        return
    _dispatch(walk, agent)


def _end_early(walk: Walk, agent: Operator) -> None:
    walk.after(10 * MINUTE, 3 * HOUR)
    if walk.rng.random() < 0.5:
        walk.do(
            Move.VOID,
            walk.office.any(walk.rng, Role.SUPERVISOR),
            "作废：重复录入",
            reason="重复录入",
        )
    else:
        walk.do(
            Move.WITHDRAW_APPEAL,
            agent,
            "来电人撤单：问题已自行解决",
            reason="问题已自行解决",
            phone_matches=True,
        )


def _dispatch(walk: Walk, agent: Operator) -> None:
    rng, office, appeal = walk.rng, walk.office, walk.history.appeal
    direct = walk.case.channel is Channel.PHONE and rng.random() < 0.6
    urgent = walk.case.urgency is not Urgency.NORMAL
    walk.after(MINUTE, 4 * MINUTE) if direct else walk.after(
        3 * MINUTE, 12 * MINUTE if urgent else 50 * MINUTE
    )
    dispatcher = agent if direct else office.any(rng, Role.DISPATCHER)
    unit = office.units[appeal.unit_code]
    if rng.random() < 0.05 or walk.stop is TicketState.RETURN_REVIEW:
        _go_astray(walk, dispatcher, unit)
        dispatcher = office.any(rng, Role.DISPATCHER)
    co_units = _co_units(walk, unit)
    names = "、".join(u.name for u in co_units)
    opinion = f"请{unit.name}按职责办理，并将结果答复诉求人。"
    walk.do(
        Move.DISPATCH, dispatcher, f"派给{unit.name}主办" + (f"，{names}协办" if names else ""), opinion,
        unit=asdict(unit), co_units=[asdict(u) for u in co_units],
    )  # fmt: skip
    _handle(walk, unit)


def _co_units(walk: Walk, lead: UnitRef) -> list[UnitRef]:
    if walk.rng.random() > 0.06:
        return []
    others = [u for u in walk.office.units.values() if u.code.startswith("D") and u.id != lead.id]
    return [walk.rng.choice(others)]


def _go_astray(walk: Walk, dispatcher: Operator, right: UnitRef) -> None:
    """A wrong unit first, which returns it with the grounds the rules ask for."""
    rng, office = walk.rng, walk.office
    wrong = rng.choice(
        [u for u in office.units.values() if u.code.startswith("D") and u.id != right.id]
    )
    walk.do(Move.DISPATCH, dispatcher, f"派给{wrong.name}主办", unit=asdict(wrong))
    walk.after(20 * MINUTE, 3 * HOUR, office_hours=True)
    liaison = office.at(rng, Role.LIAISON, wrong.code)
    basis = "本单位三定方案未含此项职责"
    asked = {"reason": "2", "basis": basis, "suggested_unit": right.name}
    share = walk.case.share_of(wrong.id)
    walk.write(
        "return_request", share_seq=share.id if share else 1, hop=1, unit_name=wrong.name, reason="职责不符",
        basis=basis, suggested_unit=right.name, asked_at=walk.at, asked_by=liaison.signature,
    )  # fmt: skip
    walk.do(Move.ASK_RETURN, liaison, f"申请退单：职责不符，建议由{right.name}承办", **asked)
    walk.after(15 * MINUTE, 2 * HOUR, office_hours=True)
    judge = office.any(rng, Role.DISPATCHER)
    walk.do(Move.GRANT_RETURN, judge, "同意退单")
    walk.history.records[-1].values.update(
        decided_at=walk.at, decided_by=judge.signature, granted=True
    )
    walk.after(5 * MINUTE, 30 * MINUTE)


def _handle(walk: Walk, unit: UnitRef) -> None:
    rng, office = walk.rng, walk.office
    is_street = not unit.code.startswith("D")
    desk = office.at(rng, Role.STREET_DESK if is_street else Role.LIAISON, unit.code)
    urgent = walk.case.urgency is not Urgency.NORMAL
    walk.after(3 * MINUTE, 25 * MINUTE) if urgent else walk.after(
        10 * MINUTE, 5 * HOUR, office_hours=True
    )
    walk.do(Move.SIGN, desk)
    _settle_co_units(walk)
    ready = _reply_time(walk)
    _interludes(walk, desk, ready)
    if is_street and walk.history.appeal.spot.grid_code and rng.random() < 0.85:
        _through_community(walk, desk, ready)
    else:
        _contact(walk, desk, ready)
    _lights(walk, ready)
    walk.until(ready)
    _reply(walk, desk)
    _review(walk, desk)


def _settle_co_units(walk: Walk) -> None:
    for share in walk.case.shares:
        if share.kind == "co" and share.live:
            helper = walk.office.at(walk.rng, Role.LIAISON, share.unit.code)
            walk.after(10 * MINUTE, HOUR, office_hours=True)
            walk.do(Move.SIGN, helper)
            walk.do(Move.CONTACT, helper, "已与主办单位沟通配合", contacted=True)
            text = "已按职责配合主办单位到场处理，情况已反馈主办单位。"
            walk.do(
                Move.REPLY,
                helper,
                "协办完成",
                result=text,
                public_reply=text,
                resolution="resolved",
                photos=1,
            )


def _reply_time(walk: Walk) -> datetime:
    """When the answer will be ready: mostly well before the limit, now and then after it."""
    due = walk.case.finish_due or walk.at + DAY
    share = (
        walk.rng.betavariate(2.2, 2.8) if walk.rng.random() < 0.94 else walk.rng.uniform(1.02, 1.6)
    )
    ready = walk.at + max(due - walk.at, HOUR) * share
    if walk.case.urgency is not Urgency.NORMAL:
        return ready
    return walk.rules.calendar.add_worktime(ready, timedelta(minutes=walk.rng.randint(1, 30)))


def _interludes(walk: Walk, desk: Operator, ready: datetime) -> None:
    chance = 0.05 if walk.stop is TicketState.SUSPENDED else walk.rng.random()
    early = walk.at + (ready - walk.at) * 0.15
    if chance < 0.04 and early < (walk.case.finish_due or early):
        _extend(walk, desk, early)
    elif chance < 0.065:
        _suspend(walk, early)


def _extend(walk: Walk, desk: Operator, moment: datetime) -> None:
    walk.until(moment)
    if walk.case.finish_due is None or walk.at >= walk.case.finish_due:
        return
    share, old = walk.case.share_of(desk.unit_id), walk.case.finish_due
    reason = "涉及多方产权单位，需现场会商后施工"
    walk.do(
        Move.ASK_EXTENSION,
        desk,
        f"申请延期 5 个工作日：{reason}",
        days=5,
        reason=reason,
        basis="热线办理办法",
    )
    walk.write(
        "extension_request", share_seq=share.id if share else 1, days=5, reason=reason, basis="热线办理办法",
        citizen_told=True, old_due=old, asked_at=walk.at, asked_by=desk.signature,
    )  # fmt: skip
    record = walk.history.records[-1]
    walk.after(20 * MINUTE, 3 * HOUR, office_hours=True)
    judge = walk.office.any(walk.rng, Role.DISPATCHER)
    walk.do(Move.GRANT_EXTENSION, judge, "同意延期")
    record.values.update(
        decided_at=walk.at, decided_by=judge.signature, granted=True, new_due=walk.case.finish_due
    )


def _suspend(walk: Walk, moment: datetime) -> None:
    if walk.case.state != "in_progress":
        return
    walk.until(moment)
    overseer = walk.office.any(walk.rng, Role.OVERSEER)
    resume = (walk.at + 6 * DAY).date()
    walk.do(
        Move.SUSPEND, overseer, "挂起：等待诉求人补充材料", reason="1", resume_on=resume.isoformat()
    )
    walk.write(
        "suspension", reason_kind="1", reason="等待诉求人补充材料", since=walk.at, resume_on=resume,
        by=overseer.signature,
    )  # fmt: skip
    record = walk.history.records[-1]
    walk.after(1 * DAY, 6 * DAY)
    walk.do(Move.RESUME, overseer, "材料已补齐，恢复办理")
    record.values.update(resumed_at=walk.at)


def _contact(walk: Walk, actor: Operator, ready: datetime) -> None:
    walk.until(walk.at + (ready - walk.at) * walk.rng.uniform(0.02, 0.3))
    walk.do(Move.CONTACT, actor, "已电话联系诉求人，核实情况", contacted=True)
    share = walk.case.share_of(actor.unit_id)
    walk.write(
        "contact", share_seq=share.id if share else 1, at=walk.at, phone_masked="", manner="电话",
        contacted_by=actor.signature, outcome="已核实诉求，约定处理时间",
    )  # fmt: skip


def _through_community(walk: Walk, desk: Operator, ready: datetime) -> None:
    rng, office = walk.rng, walk.office
    community = office.units[walk.history.appeal.spot.grid_code[:12]]
    walk.until(walk.at + (ready - walk.at) * rng.uniform(0.01, 0.08))
    opinion = "请到现场核实处理，及时联系诉求人。"
    walk.do(
        Move.SUB_DISPATCH,
        desk,
        f"下派{community.name}",
        opinion,
        unit=asdict(community),
        opinion=opinion,
    )
    leader = office.at(rng, Role.GRID_LEADER, community.code)
    walk.until(walk.at + (ready - walk.at) * rng.uniform(0.01, 0.12))
    walk.do(Move.SIGN, leader)
    _contact(walk, leader, ready)
    if walk.case.needs_site_proof:
        walk.until(walk.at + (ready - walk.at) * rng.uniform(0.05, 0.3))
        walk.do(Move.ARRIVE, leader, "已到现场")
    almost = walk.at + (ready - walk.at) * rng.uniform(0.6, 0.9)
    _lights(walk, almost)
    walk.until(almost)
    _reply(walk, leader)


def _reply(walk: Walk, actor: Operator) -> None:
    appeal = walk.history.appeal
    share = walk.case.share_of(actor.unit_id)
    resolved = walk.rng.choices(("resolved", "partly", "unresolved"), (88, 8, 4))[0]
    note = appeal.internal_note or "已按职责核实处理，情况属实，已向诉求人说明。"
    result = note if len(note) >= 20 else f"{note}经现场核实，已按程序处理并告知诉求人。"
    public = appeal.public_reply
    if len(public) < 20:
        public = f"您好，您反映的问题已核实处理。{public}"
    _promise(walk, actor)
    walk.do(
        Move.REPLY, actor, "回复办结", result=result, public_reply=public, resolution=resolved,
        photos=2 if walk.case.needs_site_proof else 0,
    )  # fmt: skip
    walk.write(
        "handling_result", share_seq=share.id if share else 1, handler_id=actor.account_id,
        handler_name=actor.signature, unit_name=actor.unit_name, true_appeal=True, resolution=resolved,
        unresolved_reason="" if resolved == "resolved" else "涉及长期整改，已列入计划", cause=appeal.cause,
        measures=appeal.measures, internal_note=result, public_reply=public, replied_at=walk.at,
    )  # fmt: skip


def _promise(walk: Walk, actor: Operator) -> None:
    appeal = walk.history.appeal
    if appeal.promise and not any(r.table == "promise" for r in walk.history.records):
        due = walk.at + max(1, appeal.promise_days) * DAY
        walk.do(
            Move.PROMISE, actor, f"承诺：{appeal.promise}", what=appeal.promise, due=due.isoformat()
        )
        walk.write(
            "promise", what=appeal.promise, due=due, made_at=walk.at, made_by=actor.signature
        )


def _keep_promise(walk: Walk, actor: Operator) -> None:
    """What was promised to the citizen is seen to before the file is closed for good."""
    made = next((r.values for r in walk.history.records if r.table == "promise"), None)
    if made is None or not walk.case.open_promises:
        return
    walk.until(max(walk.at, made["due"] - 2 * HOUR))
    walk.do(Move.KEEP_PROMISE, actor, f"承诺已兑现：{made['what']}", promise_id=1)
    made.update(kept_at=walk.at, kept_by=actor.signature)


def _lights(walk: Walk, ready: datetime) -> None:
    """Urge when the light turned yellow before the answer, supervise when it turned red."""
    overseer = walk.office.any(walk.rng, Role.OVERSEER)
    limit = walk.rules.limits(walk.case).finish
    start = walk.case.dispatched_at or walk.at
    timed = Timed(start, walk.case.finish_due, limit.working, walk.case.urgency)
    yellow = yellow_at(timed, walk.rules.pack.lights, walk.rules.calendar)
    if yellow and walk.at < yellow < ready and not walk.case.urge_count:
        walk.until(yellow + 2 * MINUTE)
        walk.do(Move.URGE, overseer, "临近办结时限，催办", reason="临近办结时限")
        walk.write(
            "urging",
            automatic=True,
            unit_name=_lead_name(walk),
            reason="临近办结时限",
            at=walk.at,
            by="系统",
        )
    due = walk.case.finish_due
    if due and walk.at < due + HOUR < ready and not walk.case.supervision:
        walk.until(due + HOUR)
        walk.do(
            Move.SUPERVISE,
            overseer,
            "超过办结时限，督办",
            level=int(SupervisionLevel.NORMAL),
            reason="超期未办结",
        )
        walk.write(
            "supervision", automatic=True, level=int(SupervisionLevel.NORMAL), reason="超期未办结",
            demands="请立即办理并说明原因", lead_unit=_lead_name(walk), issued_at=walk.at, issued_by=overseer.signature,
        )  # fmt: skip


def _lead_name(walk: Walk) -> str:
    lead = walk.case.lead()
    return lead.unit.name if lead else ""


def _review(walk: Walk, desk: Operator) -> None:
    rng, office = walk.rng, walk.office
    walk.after(10 * MINUTE, 4 * HOUR, office_hours=True)
    reviewer = office.any(rng, Role.DISPATCHER)
    walk.history.reviewer = reviewer.signature
    if (rng.random() < 0.02 or walk.stop is TicketState.REDO) and walk.case.redo_count == 0:
        walk.history.review_comment = "答复未回应诉求要点，请补充办理"
        walk.do(
            Move.FAIL_REVIEW,
            reviewer,
            "审核退回：答复未回应诉求要点",
            comment="答复未回应诉求要点，请补充办理",
        )
        _again(walk, desk)
        return
    worker_there = (Role.GRID_WORKER, walk.history.appeal.spot.grid_code) in office.in_unit
    verify = walk.case.needs_site_proof and worker_there and rng.random() < 0.5
    verify = verify or (walk.stop is TicketState.PENDING_VERIFY and bool(walk.case.grid_code))
    walk.history.review_comment = "情况清楚，答复得当"
    walk.do(
        Move.PASS_REVIEW,
        reviewer,
        "审核通过，转现场核查" if verify else "审核通过，转回访",
        verify=verify,
    )
    if verify:
        _verify(walk)
    _call_back(walk, desk)


def _again(walk: Walk, desk: Operator) -> None:
    ready = _reply_time(walk)
    _lights(walk, ready)
    walk.until(ready)
    _reply(walk, desk)
    _review(walk, desk)


def _verify(walk: Walk) -> None:
    rng, office = walk.rng, walk.office
    walk.after(HOUR, 6 * HOUR, office_hours=True)
    worker = office.at(rng, Role.GRID_WORKER, walk.history.appeal.spot.grid_code)
    result = "到现场核查，问题已处理到位，周边居民认可"
    walk.do(
        Move.PASS_VERIFY,
        worker,
        f"核查通过：{result}",
        result=result,
        signed_off=True,
    )
    walk.write(
        "verification", verifier_id=worker.account_id, verifier_name=worker.signature, at=walk.at, passed=True,
        result=result, signed_off=True,
    )  # fmt: skip


def _call_back(walk: Walk, desk: Operator) -> None:
    rng = walk.rng
    revisitor = walk.office.any(rng, Role.REVISITOR)
    attempt = sum(1 for record in walk.history.records if record.table == "callback")
    while rng.random() < 0.13 and walk.case.ring_back_count < walk.rules.pack.callback.tries:
        walk.after(HOUR, 6 * HOUR, office_hours=True)
        why = rng.choice(tuple(NotReached))
        attempt += 1
        walk.do(Move.RING_BACK, revisitor, "回访未接通", not_reached=why.value)
        _attempt(walk, revisitor, attempt, reached=False, not_reached=why.value, conclusion="再拨")
    walk.after(HOUR, 8 * HOUR, office_hours=True)
    _conclude(walk, desk, revisitor, attempt + 1)


def _conclude(walk: Walk, desk: Operator, revisitor: Operator, attempt: int) -> None:
    rng = walk.rng
    answer = rng.choices(tuple(ANSWERS), tuple(ANSWERS.values()))[0]
    unhappy = "dissatisfied" in answer.value
    said: dict[str, Any] = {
        "contacted": rng.random() < 0.97,
        "resolution": "unresolved" if unhappy else "resolved",
        "satisfaction": answer.value,
    }
    full = {
        **said,
        "dissatisfied_reason": "结果" if unhappy else "",
        "hotline_satisfaction": "satisfied",
    }
    if unhappy and rng.random() < 0.5 and walk.case.redo_count == 0:
        comment = "诉求人表示问题未解决，请重新办理"
        walk.do(Move.REDO, revisitor, f"发回重办：{comment}", comment=comment)
        _attempt(walk, revisitor, attempt, reached=True, conclusion="重办", **full)
        _again(walk, desk)
        return
    walk.do(Move.CLOSE, revisitor, "回访结案", **said)
    _attempt(walk, revisitor, attempt, reached=True, conclusion="结案", **full)
    _file_away(walk, desk)


def _attempt(walk: Walk, revisitor: Operator, attempt: int, **values: Any) -> None:
    walk.write(
        "callback", attempt=attempt, at=walk.at, revisitor_id=revisitor.account_id,
        revisitor_name=revisitor.signature, **values,
    )  # fmt: skip


def _file_away(walk: Walk, desk: Operator) -> None:
    _keep_promise(walk, desk)
    if walk.case.supervision:
        overseer = walk.office.any(walk.rng, Role.OVERSEER)
        walk.do(Move.LIFT_SUPERVISION, overseer, "已办结，解除督办", reason="已办结")
        last = next(r for r in reversed(walk.history.records) if r.table == "supervision")
        last.values.update(lifted_at=walk.at, lifted_by=overseer.signature, lift_reason="已办结")
    walk.after(7 * DAY, 9 * DAY)
    walk.do(Move.ARCHIVE, walk.office.any(walk.rng, Role.CLERK), "归档")


__all__ = ["History", "Record", "Share", "live_through"]
