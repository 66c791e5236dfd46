"""After the reply: review, verification on site, the call back, what was promised, the archive."""

from typing import Any

from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.states import NotReached, Satisfaction, TicketState
from db.demo.handling import lights, reply, reply_time
from db.demo.walk import DAY, HOUR, MINUTE, Walk

ANSWERS = {
    Satisfaction.VERY_SATISFIED: 18, Satisfaction.SATISFIED: 46, Satisfaction.FAIRLY_SATISFIED: 22,
    Satisfaction.DISSATISFIED: 7, Satisfaction.VERY_DISSATISFIED: 2, Satisfaction.NO_COMMENT: 5,
}  # fmt: skip


def review(walk: Walk, desk: Operator) -> None:
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
    ready = reply_time(walk)
    lights(walk, ready)
    walk.until(ready)
    reply(walk, desk)
    review(walk, desk)


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


def _keep_promise(walk: Walk, actor: Operator) -> None:
    """What was promised to the citizen is seen to before the file is closed for good."""
    made = next((r.values for r in walk.history.records if r.table == "promise"), None)
    if made is None or not walk.case.open_promises:
        return
    walk.until(max(walk.at, made["due"] - 2 * HOUR))
    walk.do(Move.KEEP_PROMISE, actor, f"承诺已兑现：{made['what']}", promise_id=1)
    made.update(kept_at=walk.at, kept_by=actor.signature)


def _file_away(walk: Walk, desk: Operator) -> None:
    _keep_promise(walk, desk)
    if walk.case.supervision:
        overseer = walk.office.any(walk.rng, Role.OVERSEER)
        walk.do(Move.LIFT_SUPERVISION, overseer, "已办结，解除督办", reason="已办结")
        last = next(r for r in reversed(walk.history.records) if r.table == "supervision")
        last.values.update(lifted_at=walk.at, lifted_by=overseer.signature, lift_reason="已办结")
    walk.after(7 * DAY, 9 * DAY)
    walk.do(Move.ARCHIVE, walk.office.any(walk.rng, Role.CLERK), "归档")
