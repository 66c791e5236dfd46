"""What the units do with a work order: sign, ask for more time, pass it down, promise, reply; and who urges them."""

from dataclasses import asdict
from datetime import datetime, timedelta

from console.domain.case import UnitRef
from console.domain.lights import Timed, yellow_at
from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.states import SupervisionLevel, TicketState, Urgency
from db.demo.walk import DAY, HOUR, MINUTE, Walk


def handle(walk: Walk, unit: UnitRef) -> Operator:
    """The unit's whole part; returns who answers for it from now on."""
    rng, office = walk.rng, walk.office
    is_street = not unit.code.startswith("D")
    desk = office.at(rng, Role.STREET_DESK if is_street else Role.LIAISON, unit.code)
    urgent = walk.case.urgency is not Urgency.NORMAL
    walk.after(3 * MINUTE, 25 * MINUTE) if urgent else walk.after(
        10 * MINUTE, 5 * HOUR, office_hours=True
    )
    walk.do(Move.SIGN, desk)
    _settle_co_units(walk)
    ready = reply_time(walk)
    _interludes(walk, desk, ready)
    if is_street and walk.history.appeal.spot.grid_code and rng.random() < 0.85:
        _through_community(walk, desk, ready)
    else:
        _contact(walk, desk, ready)
    lights(walk, ready)
    walk.until(ready)
    reply(walk, desk)
    return desk


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


def reply_time(walk: Walk) -> datetime:
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
    lights(walk, almost)
    walk.until(almost)
    reply(walk, leader)


def reply(walk: Walk, actor: Operator) -> None:
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


def lights(walk: Walk, ready: datetime) -> None:
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
            unit_name=lead_name(walk),
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
            demands="请立即办理并说明原因", lead_unit=lead_name(walk), issued_at=walk.at, issued_by=overseer.signature,
        )  # fmt: skip


def lead_name(walk: Walk) -> str:
    lead = walk.case.lead()
    return lead.unit.name if lead else ""
