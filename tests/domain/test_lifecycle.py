"""The lifecycle table under random people and random histories (field-facts 3.2 to 3.4)."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from console.domain.case import Case, Step
from console.domain.errors import Invalid, NotAllowed, UserError
from console.domain.lifecycle import NEED_TEXTS, RULES, TABLE, advance, permitted, replay
from console.domain.moves import MOVE_NAMES, Move
from console.domain.policy import default_pack
from console.domain.roles import Operator, Role
from console.domain.rules import Rules
from console.domain.states import (
    TERMINAL_STATES,
    AssignmentKind,
    AssignmentState,
    Channel,
    Nature,
    TicketState,
    Urgency,
)
from console.domain.undo import KEPT, TAKES_BACK, with_kept
from db.security import leads_to

PACK = default_pack()
CITY = Rules(PACK, PACK.calendar())
START = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
STREET = {"id": 10, "code": "990101001", "name": "楼台街道办事处", "parent_id": 1}
COMMUNITY = {"id": 20, "code": "990101001001", "name": "清风社区", "parent_id": 10}
GRID = {"id": 30, "code": "990101001001001", "name": "第一网格", "parent_id": 20}
BUREAU = {"id": 40, "code": "D01", "name": "城市管理局", "parent_id": 1}
UNITS = {unit["id"]: unit for unit in (STREET, COMMUNITY, GRID, BUREAU)}
LONG = "已到现场疏通下水道并清理路面油污，双方商户作出承诺。"


def person(role: Role, number: int = 0, unit: dict | None = None) -> Operator:
    unit = unit or {"id": 1, "code": "990101", "name": "热线中心"}
    return Operator(number, f"{number:04d}", "李敏", role, unit["id"], unit["name"], unit["code"])


AGENT, SUPERVISOR = person(Role.AGENT, 1), person(Role.SUPERVISOR, 2)
DISPATCHER, REVISITOR = person(Role.DISPATCHER, 3), person(Role.REVISITOR, 4)
OVERSEER, CLERK = person(Role.OVERSEER, 5), person(Role.CLERK, 6)
STREET_DESK = person(Role.STREET_DESK, 7, STREET)
LEADER = person(Role.GRID_LEADER, 8, COMMUNITY)
WORKER = person(Role.GRID_WORKER, 9, GRID)
LIAISON = person(Role.LIAISON, 10, BUREAU)
PEOPLE = (
    AGENT, SUPERVISOR, DISPATCHER, REVISITOR, OVERSEER, CLERK, STREET_DESK, LEADER, WORKER, LIAISON,
    person(Role.ADMIN, 11), person(Role.INSPECTOR, 12), person(Role.LEADER, 13),
    person(Role.KEEPER, 14), person(Role.GRID_WORKER, 15, GRID),
)  # fmt: skip

INPUTS = {
    "answer": "已答复", "reason": "1", "told": "已告知", "receiver": "1101", "main_number": "x",
    "unit": STREET, "opinion": "请按职责办理", "contacted": True, "basis": "三定方案",
    "suggested_unit": "城市管理局", "days": 2, "resume_on": "2026-12-01", "result": LONG,
    "public_reply": LONG, "resolution": "resolved", "comment": "请重新办理", "not_reached": "no_answer",
    "level": 1, "note": "备注", "photos": 1, "satisfaction": "satisfied", "confirmed_by": 2,
    "knowledge_id": 1, "phone_matches": True, "signed_off": True, "copy_id": 1, "promise_id": 1,
    "what": "今天下午五点前回电", "due": (START + timedelta(hours=7)).isoformat(), "fields": ["urgency"],
    "new_number": "20261118010000021", "from_number": "20261118010000013",
    "outside_no": "A-1", "closed_at": START.isoformat(),
    "accepted_at": START.isoformat(), "total_due": (START + timedelta(days=5)).isoformat(),
}  # fmt: skip


def undoing(log: list[Step], move: Move) -> dict:
    """What the ledger hands in from the log for a move that takes another back."""
    done = next((s for s in reversed(log) if s.move is TAKES_BACK.get(move)), None)
    if done is None:
        return {}
    who, at = done.actor.account_id, done.at.isoformat()
    return {KEPT: done.inputs[KEPT], "done_by": who, "done_at": at}


def new_case(**changes: object) -> Case:
    case = Case("2026111801000317x", Nature.HELP, Urgency.NORMAL, Channel.PHONE, START, 1)
    return replace(case, **{"grid_code": GRID["code"], **changes})


def any_case(chance: random.Random) -> Case:
    """A work order of any kind: nature, urgency, channel, dispute, site, confidential, with or without a number."""
    return new_case(
        nature=chance.choice(list(Nature)),
        urgency=chance.choice(list(Urgency)),
        channel=chance.choice([Channel.PHONE, Channel.POLICE_110]),
        dispute=chance.random() < 0.3,
        needs_site_proof=chance.random() < 0.3,
        reachable=chance.random() < 0.8,
        own_limit=chance.choice(["", "4工作时", "3工作日"]),
        grid_code=chance.choice([GRID["code"], GRID["code"], ""]),
    )


def go(case: Case, move: Move, actor: Operator, at: datetime = START, **inputs: object) -> Case:
    return made(case, move, actor, at, **inputs)[0]


def made(
    case: Case, move: Move, actor: Operator, at: datetime = START, **inputs: object
) -> tuple[Case, Step]:
    """The case after a step, and the step as the log keeps it."""
    share = case.share_of(actor.unit_id)
    given = {**{name: INPUTS[name] for name in RULES[move].needs}, **inputs}
    step = Step(move, actor, at, share.id if share else None, given)
    after = advance(case, step, CITY)
    return after, with_kept(step, case, after)


def registered() -> Case:
    return go(new_case(), Move.REGISTER, AGENT)


def with_street() -> Case:
    return go(go(registered(), Move.DISPATCH, AGENT), Move.SIGN, STREET_DESK)


def replied() -> Case:
    case = go(with_street(), Move.SUB_DISPATCH, STREET_DESK, unit=COMMUNITY)
    case = go(case, Move.SIGN, LEADER)
    case = go(case, Move.CONTACT, LEADER)
    case = go(case, Move.REPLY, LEADER)
    return go(case, Move.REPLY, STREET_DESK)


def closed(at: datetime = START) -> Case:
    case = go(replied(), Move.PASS_REVIEW, DISPATCHER)
    return go(
        case,
        Move.CLOSE,
        REVISITOR,
        at,
        contacted=True,
        resolution="resolved",
        satisfaction="satisfied",
    )


def test_every_move_has_one_row_and_a_name() -> None:
    assert [rule.move for rule in TABLE] == list(dict.fromkeys(rule.move for rule in TABLE))
    assert {rule.move for rule in TABLE} == set(Move) == set(MOVE_NAMES)


def test_every_needed_input_says_what_is_missing() -> None:
    assert {name for rule in TABLE for name in rule.needs} <= set(NEED_TEXTS)


def test_the_straight_path_ends_in_the_archive() -> None:
    case = go(closed(), Move.ARCHIVE, CLERK)
    assert case.state is TicketState.ARCHIVED
    assert [s.state for s in case.shares] == [AssignmentState.DONE, AssignmentState.DONE]
    assert not permitted(case, SUPERVISOR, CITY)


def test_a_child_is_never_due_after_its_parent() -> None:
    case = go(
        with_street(), Move.SUB_DISPATCH, STREET_DESK, START + timedelta(days=2), unit=COMMUNITY
    )
    parent, child = case.shares
    assert child.finish_due == parent.finish_due


def test_only_the_receiving_unit_signs() -> None:
    case = go(registered(), Move.DISPATCH, AGENT)
    with pytest.raises(NotAllowed, match="属于楼台街道办事处"):
        advance(case, Step(Move.SIGN, LIAISON, START, 1), CITY)


def test_a_street_passes_down_to_its_direct_child_only() -> None:
    with pytest.raises(NotAllowed, match="直接下级"):
        go(with_street(), Move.SUB_DISPATCH, STREET_DESK, unit=GRID)


def test_nobody_escalates_past_the_next_level() -> None:
    case = go(registered(), Move.DISPATCH, DISPATCHER, unit=COMMUNITY)
    case = go(case, Move.SIGN, LEADER)
    with pytest.raises(NotAllowed, match="越级"):
        go(case, Move.ESCALATE, LEADER, unit=BUREAU)
    case = go(case, Move.ESCALATE, LEADER, unit=STREET)
    assert case.share_of(STREET["id"]).state is AssignmentState.PENDING_SIGN


def test_a_reply_needs_a_recorded_contact_and_enough_words() -> None:
    case = with_street()
    with pytest.raises(NotAllowed, match="联系群众"):
        go(case, Move.REPLY, STREET_DESK)
    case = go(case, Move.CONTACT, STREET_DESK)
    with pytest.raises(Invalid, match="不少于 20 个字，现有 2 个字"):
        go(case, Move.REPLY, STREET_DESK, public_reply="已办")
    assert go(case, Move.REPLY, STREET_DESK).state is TicketState.PENDING_REVIEW


def test_a_site_matter_needs_a_photo() -> None:
    case = go(replace(with_street(), needs_site_proof=True), Move.CONTACT, STREET_DESK)
    with pytest.raises(Invalid, match="照片"):
        go(case, Move.REPLY, STREET_DESK, photos=0)


def test_undo_is_for_ten_seconds_and_for_whoever_did_it() -> None:
    case = go(registered(), Move.DISPATCH, AGENT)
    undone = go(case, Move.UNDO_DISPATCH, AGENT, START + timedelta(seconds=9))
    assert undone.state is TicketState.PENDING_DISPATCH
    assert undone.dispatch_count == 0
    with pytest.raises(NotAllowed, match="10 秒"):
        go(case, Move.UNDO_DISPATCH, AGENT, START + timedelta(seconds=11))
    with pytest.raises(NotAllowed, match="本人"):
        go(case, Move.UNDO_DISPATCH, DISPATCHER)


def test_undoing_a_close_gives_back_the_shares_it_ended() -> None:
    before = go(replied(), Move.PASS_REVIEW, DISPATCHER)
    answers = {"contacted": True, "resolution": "resolved", "satisfaction": "satisfied"}
    case = go(before, Move.CLOSE, REVISITOR, **answers)
    assert go(case, Move.UNDO_CLOSE, REVISITOR, START + timedelta(seconds=5)) == before


def test_closing_needs_three_answers_or_three_tries() -> None:
    case = go(replied(), Move.PASS_REVIEW, DISPATCHER)
    with pytest.raises(NotAllowed, match="尚未答全") as refused:
        go(case, Move.CLOSE, REVISITOR)
    assert "再拨 3 次" in refused.value.hint
    for _ in range(3):
        case = go(case, Move.RING_BACK, REVISITOR)
    assert go(case, Move.CLOSE, REVISITOR).state is TicketState.CLOSED


def test_after_three_returns_the_centre_designates() -> None:
    case = registered()
    for _ in range(3):
        case = go(case, Move.DISPATCH, DISPATCHER)
        case = go(go(case, Move.ASK_RETURN, STREET_DESK), Move.GRANT_RETURN, DISPATCHER)
    with pytest.raises(NotAllowed, match="已退回 3 次"):
        go(case, Move.DISPATCH, DISPATCHER)
    case = go(case, Move.DESIGNATE, DISPATCHER)
    with pytest.raises(NotAllowed, match="指定承办，不能再退单"):
        go(case, Move.ASK_RETURN, STREET_DESK)


def test_redispatch_restarts_the_unit_clock_but_not_the_total() -> None:
    later = START + timedelta(days=1)
    case = go(registered(), Move.DISPATCH, DISPATCHER)
    case = go(go(case, Move.ASK_RETURN, STREET_DESK), Move.GRANT_RETURN, DISPATCHER, later)
    again = go(case, Move.DISPATCH, DISPATCHER, later, unit=BUREAU)
    assert again.total_due == case.total_due
    assert again.finish_due > case.finish_due


def test_supervision_only_rises() -> None:
    case = go(with_street(), Move.SUPERVISE, OVERSEER, level=100)
    with pytest.raises(NotAllowed, match="黄牌督办"):
        go(case, Move.SUPERVISE, OVERSEER, level=1)
    assert go(case, Move.LIFT_SUPERVISION, OVERSEER).supervision == 0


ENDING = {
    Move.ANSWER,
    Move.REJECT,
    Move.HAND_TO_POLICE,
    Move.MERGE,
    Move.VOID,
    Move.WITHDRAW_APPEAL,
}
ASIDE = {
    Move.NOTE, Move.INSTRUCT, Move.URGE, Move.SUPERVISE, Move.LIFT_SUPERVISION, Move.SAVE, Move.TAG,
    Move.PROMISE, Move.KEEP_PROMISE, Move.NOTIFY, Move.READ_COPY, Move.AMEND, Move.SPLIT, Move.HEAR,
}  # fmt: skip
BACK = {Move.RECALL, Move.UNDO_DISPATCH, Move.UNDO_GRANT, Move.UNDO_RETURN, Move.CANCEL_VERIFY}
ENDING |= {Move.DISCARD, Move.REFUSE_POLICE}
ONWARD = set(Move) - ENDING - ASIDE - BACK - {Move.ADD_CO_UNIT, Move.DISMISS_CO_UNIT}


def offered(case: Case) -> list[tuple[Operator, Move]]:
    return [(actor, move) for actor in PEOPLE for move in sorted(permitted(case, actor, CITY))]


class Histories(RuleBasedStateMachine):
    """Random people try random moves; whatever the table lets through must keep the case sound."""

    def __init__(self) -> None:
        super().__init__()
        self.first = self.case = new_case()
        self.log: list[Step] = []
        self.now = START

    @initialize(
        how=st.sampled_from([Move.REGISTER, Move.RECEIVE, Move.SAVE]), seed=st.integers(0, 999)
    )
    def begins(self, how: Move, seed: int = 0) -> None:
        self.first = self.case = any_case(random.Random(seed))
        self._try(how, BEGINNER.get(how, AGENT), INPUTS)

    @rule(
        move=st.sampled_from(list(Move)),
        actor=st.sampled_from(PEOPLE),
        unit=st.sampled_from(list(UNITS.values())),
        hours=st.floats(0, 30),
        full=st.booleans(),
    )
    def tries(self, move: Move, actor: Operator, unit: dict, hours: float, full: bool) -> None:
        self.now += timedelta(hours=hours)
        needs = INPUTS if full else {name: INPUTS[name] for name in RULES[move].needs}
        self._try(move, actor, {**needs, "unit": unit})

    @rule(data=st.data(), hours=st.floats(0, 5))
    def does_something_offered(self, data: st.DataObject, hours: float) -> None:
        self._do(data, hours, offered(self.case))

    @rule(data=st.data(), seconds=st.floats(0, 9))
    def goes_on(self, data: st.DataObject, seconds: float) -> None:
        """Mostly forward, or random histories would end at the front door."""
        pairs = [(actor, move) for actor, move in offered(self.case) if move in ONWARD]
        self._do(data, seconds / 3600, pairs)

    def _do(self, data: st.DataObject, hours: float, pairs: list[tuple[Operator, Move]]) -> None:
        if not pairs:
            return
        self.now += timedelta(hours=hours)
        actor, move = data.draw(st.sampled_from(pairs))
        below = [unit for unit in UNITS.values() if unit["parent_id"] == actor.unit_id]
        unit = data.draw(st.sampled_from(below or list(UNITS.values())))
        days = data.draw(st.integers(1, 5))
        self._try(move, actor, {**INPUTS, "unit": unit, "days": days, "verify": days > 3})

    def _try(self, move: Move, actor: Operator, inputs: dict) -> None:
        share = self.case.share_of(actor.unit_id)
        due = (self.now + timedelta(hours=7)).isoformat()
        given = {**inputs, "due": due, **undoing(self.log, move)}
        if move in TAKES_BACK and KEPT not in given:
            return
        step = Step(move, actor, self.now, share.id if share else None, given)
        before = self.case
        refused: UserError | None = None
        try:
            self.case = advance(self.case, step, CITY)
        except UserError as error:
            refused = error
        if refused is not None:
            assert refused.text
            assert self.case is before
            return
        assert actor.role in RULES[move].roles
        assert before.state in RULES[move].states
        # PostgreSQL's own guard knows the same targets (db/security).
        assert self.case.state in leads_to(RULES[move], before.state)
        self.log.append(with_kept(step, before, self.case))

    @invariant()
    def log_replays_to_the_same_case(self) -> None:
        case = self.first
        for step in self.log:
            case = replay(case, step, CITY)
        assert case == self.case

    @invariant()
    def a_terminal_state_is_final_for_everyone_but_an_unmerge(self) -> None:
        if self.case.state in TERMINAL_STATES:
            leaving = {move for _, move in offered(self.case)} - ASIDE
            assert leaving <= {Move.UNMERGE, Move.POLICE_REFUSED}
            assert Move.POLICE_REFUSED not in leaving or self.case.with_police

    @invariant()
    def there_is_always_a_way_on(self) -> None:
        if self.case.state is not None and self.case.state not in TERMINAL_STATES:
            moving = {
                move
                for _, move in offered(self.case)
                if RULES[move].to is not self.case.state and move not in ASIDE
            }
            assert moving, f"nobody can move a case in {self.case.state}"

    @invariant()
    def working_states_have_a_lead_unit(self) -> None:
        working = {TicketState.PENDING_SIGN, TicketState.IN_PROGRESS, TicketState.REDO}
        if self.case.state in working:
            assert self.case.lead() is not None

    @invariant()
    def no_live_share_outlives_the_case(self) -> None:
        if self.case.state in TERMINAL_STATES | {TicketState.CLOSED}:
            assert not any(share.live for share in self.case.shares)

    @invariant()
    def at_most_one_live_lead_at_the_top(self) -> None:
        leads = [
            s for s in self.case.shares
            if s.live and s.kind is AssignmentKind.LEAD and s.parent_id is None
        ]  # fmt: skip
        assert len(leads) <= 1

    @invariant()
    def children_are_due_no_later_than_their_parent(self) -> None:
        for share in self.case.shares:
            if share.live and share.parent_id is not None:
                parent = self.case.share(share.parent_id)
                if parent.live and share.finish_due and parent.finish_due:
                    assert share.finish_due <= parent.finish_due
            if share.owes and share.level_due and share.finish_due:
                assert share.level_due <= share.finish_due


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=150, stateful_step_count=50, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


FIRST = [
    Move.REGISTER, Move.RECEIVE, Move.SAVE, Move.SETTLE_ON_SITE, Move.SPLIT_OFF, Move.ANSWER,
    Move.CARRY_OVER,
]  # fmt: skip
BEGINNER = {
    Move.SETTLE_ON_SITE: WORKER, Move.SPLIT_OFF: DISPATCHER, Move.CARRY_OVER: SUPERVISOR,
}  # fmt: skip


def test_long_random_walks_stay_sound_and_make_every_move() -> None:
    """Hypothesis shrinks well but stays near the front door; these walks go all the way through."""
    chance, made = random.Random(20261118), set()
    for number in range(500):
        walk = Histories()
        walk.begins(chance.choice(FIRST), number)
        for _ in range(40):
            _wander(walk, chance, frozenset(made))
        made |= {step.move for step in walk.log}
    assert made == set(Move)


def _wander(walk: Histories, chance: random.Random, made: frozenset[Move] = frozenset()) -> None:
    """One step; what is `made` already gives way, now and then, to what nobody has done yet."""
    pairs = offered(walk.case)
    onward = [pair for pair in pairs if pair[1] in ONWARD | BACK | {Move.DISMISS_CO_UNIT}]
    if not pairs:
        return
    open_to = onward if onward and chance.random() < 0.8 else pairs
    new = [pair for pair in pairs if made and pair[1] not in made]
    open_to = new if new and chance.random() < 0.3 else open_to
    # First what, then who: many may note or tag, few may hear or refuse.
    move = chance.choice(sorted({move for _, move in open_to}))
    actor = chance.choice([who for who, what in open_to if what is move])
    below = [unit for unit in UNITS.values() if unit["parent_id"] == actor.unit_id]
    above = [
        unit
        for unit in UNITS.values()
        if unit["code"] != actor.unit_code and actor.unit_code.startswith(unit["code"])
    ]
    choices = above if move is Move.ESCALATE and above else below or list(UNITS.values())
    walk.now += timedelta(seconds=chance.choice([3, 3, 600, 40_000]))
    days, verify = chance.randint(1, 5), chance.random() < 0.3
    given = {"unit": chance.choice(choices), "days": days, "verify": verify}
    if move is Move.AMEND:
        given |= {"urgency": chance.choice(list(Urgency)).value, "complex": verify}
    if move is Move.DISPATCH and verify:
        given["complex"] = True
    walk._try(move, actor, {**INPUTS, **given})
    for check in SOUND:
        check(walk)


SOUND = (
    Histories.log_replays_to_the_same_case,
    Histories.a_terminal_state_is_final_for_everyone_but_an_unmerge,
    Histories.there_is_always_a_way_on,
    Histories.working_states_have_a_lead_unit,
    Histories.no_live_share_outlives_the_case,
    Histories.at_most_one_live_lead_at_the_top,
    Histories.children_are_due_no_later_than_their_parent,
)
