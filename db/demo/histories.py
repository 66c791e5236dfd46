"""Twelve months of work orders, each step taken by somebody and allowed by the rules themselves.

`live_through` walks one appeal through the offices until it is archived or `now` is reached. Every step goes
through `console.domain.lifecycle.advance`, so a history the table forbids cannot be written.
"""

from dataclasses import asdict
from datetime import datetime
from random import Random

from console.domain.case import Case, UnitRef
from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.rules import Rules
from console.domain.states import Channel, Nature, TicketState, Urgency
from db.demo.appeals import Appeal
from db.demo.finishing import review
from db.demo.handling import handle
from db.demo.office import Office
from db.demo.walk import DAY, HOUR, MINUTE, History, Now, Record, Walk

# Stands for the main ticket's number until numbers are given.
MAIN = "main"
CHANNELS = {
    Channel.PHONE: 78, Channel.WECHAT: 8, Channel.WEB: 4, Channel.GRID: 5, Channel.POLICE_110: 3,
    Channel.MAYOR_MAILBOX: 1, Channel.APP: 1,
}  # fmt: skip


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
    review(walk, handle(walk, unit))


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


__all__ = ["History", "Record", "live_through"]
