"""Rules of field-facts 3.2 to 3.5, 4.2 and 10.2 that a reading of the table against them found broken."""

import ast
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.domain import guards
from console.domain.case import STORED_AS_IS, Case, Share, Step
from console.domain.deadlines import redo_due
from console.domain.errors import Invalid, InvalidForm, NotAllowed
from console.domain.lifecycle import permitted
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import AssignmentKind, AssignmentState, Nature, TicketState, Urgency
from console.ledger import Entry, Ledger
from db.engine import Database
from db.models import Ticket
from tests.domain.test_lifecycle import (
    AGENT,
    BUREAU,
    CITY,
    COMMUNITY,
    DISPATCHER,
    LEADER,
    LIAISON,
    OVERSEER,
    START,
    STREET,
    STREET_DESK,
    SUPERVISOR,
    WORKER,
    Histories,
    _wander,
    go,
    made,
    new_case,
    person,
    registered,
    replied,
    undoing,
    with_street,
)
from tests.domain.test_lifecycle import closed as closed_case
from tests.journeys import DEPARTMENT, dispatch, dispatched, open_ticket
from tests.world import seat_for

LATER = START + timedelta(hours=3)
COMPLAINED_OF = {"confidential": True, "respondent_unit_id": STREET["id"], "nature": Nature.REPORT}


def with_community() -> Case:
    return go(go(registered(), Move.DISPATCH, DISPATCHER, unit=COMMUNITY), Move.SIGN, LEADER)


def without_shares(case: Case) -> Case:
    return replace(case, shares=())


# --- back to the centre


def test_a_dispatch_undone_after_a_return_leaves_no_trace_but_the_share() -> None:
    case = go(registered(), Move.DISPATCH, DISPATCHER)
    case = go(go(case, Move.ASK_RETURN, STREET_DESK), Move.GRANT_RETURN, DISPATCHER, LATER)
    again = go(case, Move.DISPATCH, DISPATCHER, LATER, unit=BUREAU)
    undone = go(again, Move.UNDO_DISPATCH, DISPATCHER, LATER + timedelta(seconds=5))
    assert without_shares(undone) == without_shares(case)
    assert undone.shares[:1] == case.shares


@pytest.mark.parametrize("how", ["return", "escalate"])
def test_what_comes_back_to_the_centre_runs_on_the_citizens_clock(how: str) -> None:
    """Not on the limit, extended or not, of the unit that no longer has it (field-facts 4.2 rule 4)."""
    case = go(with_street(), Move.ASK_EXTENSION, STREET_DESK)
    case = go(case, Move.GRANT_EXTENSION, DISPATCHER)
    if how == "return":
        case = go(go(case, Move.ASK_RETURN, STREET_DESK), Move.GRANT_RETURN, DISPATCHER)
    else:
        case = go(case, Move.ESCALATE, STREET_DESK, unit=None)
    assert case.state is TicketState.PENDING_DISPATCH
    assert case.finish_due == case.total_due
    assert (case.dispatched_at, case.dispatcher_id, case.sign_due) == (None, None, None)


def test_a_pending_extension_goes_with_the_unit_that_asked() -> None:
    asked = go(with_street(), Move.ASK_EXTENSION, STREET_DESK)
    case = go(go(asked, Move.ASK_RETURN, STREET_DESK), Move.GRANT_RETURN, DISPATCHER)
    case = go(case, Move.DISPATCH, DISPATCHER, unit=BUREAU)
    case = go(case, Move.SIGN, LIAISON)
    with pytest.raises(NotAllowed, match="没有待审的延期"):
        go(case, Move.GRANT_EXTENSION, DISPATCHER)


def test_a_pending_extension_does_not_pass_to_the_superior() -> None:
    case = go(with_community(), Move.ASK_EXTENSION, LEADER)
    assert go(case, Move.ESCALATE, LEADER, unit=STREET).extension_asked == 0


def test_a_redo_cannot_be_returned() -> None:
    """Who has answered once has accepted (field-facts 3.3: only from 待签收 and 处理中)."""
    case = go(replied(), Move.FAIL_REVIEW, DISPATCHER)
    with pytest.raises(NotAllowed, match="重办"):
        go(case, Move.ASK_RETURN, STREET_DESK)


# --- escalation


def test_leaving_the_superior_out_is_skipping_it() -> None:
    with pytest.raises(NotAllowed, match="越级"):
        go(with_community(), Move.ESCALATE, LEADER, unit=None)
    assert (
        go(with_street(), Move.ESCALATE, STREET_DESK, unit=None).state
        is TicketState.PENDING_DISPATCH
    )


def test_a_designated_unit_does_not_escalate_its_way_out() -> None:
    case = go(registered(), Move.DISPATCH, DISPATCHER)
    case = go(go(case, Move.ASK_RETURN, STREET_DESK), Move.GRANT_RETURN, DISPATCHER)
    case = go(go(case, Move.DESIGNATE, DISPATCHER), Move.SIGN, STREET_DESK)
    with pytest.raises(NotAllowed, match="指定承办"):
        go(case, Move.ESCALATE, STREET_DESK, unit=None)


def test_a_co_unit_that_becomes_the_lead_unit_owes_one_share() -> None:
    """Its own co-share would otherwise hold up its own reply for ever."""
    case = go(registered(), Move.DISPATCH, DISPATCHER, unit=COMMUNITY, co_units=[STREET, BUREAU])
    case = go(go(case, Move.SIGN, LEADER), Move.SIGN, LIAISON)
    case = go(case, Move.ESCALATE, LEADER, unit=STREET)
    case = go(go(case, Move.CONTACT, LIAISON), Move.REPLY, LIAISON)
    case = go(go(case, Move.SIGN, STREET_DESK), Move.CONTACT, STREET_DESK)
    assert go(case, Move.REPLY, STREET_DESK).state is TicketState.PENDING_REVIEW


def test_work_below_an_absorbed_co_share_ends_with_it() -> None:
    other = {"id": 21, "code": "990101001002", "name": "桂花社区", "parent_id": STREET["id"]}
    case = go(registered(), Move.DISPATCH, DISPATCHER, unit=COMMUNITY, co_units=[STREET])
    case = go(go(case, Move.SIGN, LEADER), Move.SIGN, STREET_DESK)
    case = go(case, Move.SUB_DISPATCH, STREET_DESK, unit=other)
    case = go(case, Move.ESCALATE, LEADER, unit=STREET)
    assert [s.unit.id for s in case.shares if s.live] == [STREET["id"]]


def test_a_co_unit_escalating_to_the_lead_unit_leaves_it_one_share() -> None:
    case = go(registered(), Move.DISPATCH, DISPATCHER, co_units=[COMMUNITY])
    case = go(go(case, Move.SIGN, STREET_DESK), Move.SIGN, LEADER)
    case = go(case, Move.ESCALATE, LEADER, unit=STREET)
    assert [(s.unit.id, s.kind) for s in case.shares if s.live] == [
        (STREET["id"], AssignmentKind.LEAD)
    ]


# --- one unit, one share


def test_a_unit_that_still_owes_its_part_is_not_given_another() -> None:
    """It could act on the newer one only, and the older would hold up the lead unit for ever."""
    case = go(registered(), Move.DISPATCH, DISPATCHER, co_units=[COMMUNITY])
    case = go(case, Move.SIGN, STREET_DESK)
    with pytest.raises(Invalid, match="已在承办") as refused:
        go(case, Move.SUB_DISPATCH, STREET_DESK, unit=COMMUNITY)
    assert refused.value.field == "unit"


def test_a_child_whose_reply_will_not_do_gets_it_again() -> None:
    case = go(with_street(), Move.SUB_DISPATCH, STREET_DESK, unit=COMMUNITY)
    case = go(go(case, Move.SIGN, LEADER), Move.CONTACT, LEADER)
    case = go(case, Move.REPLY, LEADER)
    case = go(case, Move.SUB_DISPATCH, STREET_DESK, unit=COMMUNITY)
    assert case.share_of(COMMUNITY["id"]).state is AssignmentState.PENDING_SIGN


@pytest.mark.parametrize("move", [Move.DISPATCH, Move.DESIGNATE])
@pytest.mark.parametrize("co_units", [[STREET], [BUREAU, BUREAU]])
def test_a_dispatch_names_each_unit_once(move: Move, co_units: list[dict]) -> None:
    with pytest.raises(Invalid) as refused:
        go(registered(), move, SUPERVISOR, co_units=co_units)
    assert refused.value.field == "co_units"


# --- confidential


@pytest.mark.parametrize(
    ("case", "move", "actor"),
    [
        (registered(), Move.DISPATCH, DISPATCHER),
        (registered(), Move.DESIGNATE, SUPERVISOR),
        (go(registered(), Move.DISPATCH, DISPATCHER, unit=BUREAU), Move.ADD_CO_UNIT, DISPATCHER),
        (with_community(), Move.ESCALATE, LEADER),
    ],
    ids=["dispatch", "designate", "add_co_unit", "escalate"],
)
def test_a_confidential_report_never_reaches_the_unit_it_is_about(
    case: Case, move: Move, actor: object
) -> None:
    """By whatever door, and whether or not the caller thought of saying so (field-facts 10.2)."""
    with pytest.raises(NotAllowed, match="被反映"):
        go(replace(case, **COMPLAINED_OF), move, actor, unit=STREET)


def test_nor_by_being_passed_down() -> None:
    case = replace(with_street(), confidential=True, respondent_unit_id=COMMUNITY["id"])
    with pytest.raises(NotAllowed, match="被反映"):
        go(case, Move.SUB_DISPATCH, STREET_DESK, unit=COMMUNITY)


# --- clocks


def test_a_suspension_stops_the_signing_and_contact_clocks_too() -> None:
    """Nobody can sign while it is suspended (field-facts 4.2 rule 4)."""
    case = go(with_street(), Move.ADD_CO_UNIT, DISPATCHER, unit=BUREAU)
    before = case.share_of(BUREAU["id"])
    case = go(case, Move.SUSPEND, OVERSEER, LATER)
    case = go(case, Move.RESUME, OVERSEER, LATER + timedelta(days=7))
    after, lead = case.share_of(BUREAU["id"]), case.share_of(STREET["id"])
    assert after.sign_due == before.sign_due + timedelta(days=7)
    assert after.response_due == before.response_due + timedelta(days=7)
    assert lead.sign_due == with_street().shares[0].sign_due


def test_what_was_replied_late_stays_late() -> None:
    case = go(with_street(), Move.ADD_CO_UNIT, DISPATCHER, unit=BUREAU)
    case = go(go(case, Move.SIGN, LIAISON), Move.CONTACT, LIAISON)
    case = go(
        go(case, Move.ASK_EXTENSION, STREET_DESK), Move.REPLY, LIAISON, START + timedelta(days=30)
    )
    due = case.share_of(BUREAU["id"]).finish_due
    granted = go(case, Move.GRANT_EXTENSION, DISPATCHER, START + timedelta(days=30))
    assert granted.share_of(BUREAU["id"]).finish_due == due
    assert granted.share_of(STREET["id"]).finish_due == granted.finish_due > due


def test_an_urgent_order_keeps_its_natural_time_through_suspension_and_redo() -> None:
    """Twenty-four hours are twenty-four hours, night or not (field-facts 4.2 rule 1)."""
    case = replace(new_case(), urgency=Urgency.URGENT)
    case = go(go(go(case, Move.REGISTER, AGENT), Move.DISPATCH, AGENT), Move.SIGN, STREET_DESK)
    assert case.finish_due == START + timedelta(hours=24)
    night = START + timedelta(hours=12)
    case = go(
        go(case, Move.SUSPEND, OVERSEER, night), Move.RESUME, OVERSEER, night + timedelta(hours=5)
    )
    assert case.finish_due == START + timedelta(hours=29)
    case = go(go(case, Move.CONTACT, STREET_DESK), Move.REPLY, STREET_DESK)
    case = go(case, Move.FAIL_REVIEW, DISPATCHER, night)
    limits = CITY.pack.limits(Urgency.URGENT, Nature.HELP)
    assert case.finish_due == night + timedelta(hours=12) == redo_due(limits, CITY.calendar, night)


def test_a_city_that_grants_no_extension_takes_no_request() -> None:
    pack = replace(CITY.pack, extension=replace(CITY.pack.extension, times=0))
    case, rules = with_street(), replace(CITY, pack=pack)
    with pytest.raises(NotAllowed, match="不能延期"):
        guards.extension_left(case, _step(Move.ASK_EXTENSION, days=2), rules)


# --- ending early and coming back


@pytest.mark.parametrize("suspended", [True, False])
def test_a_withdrawn_appeal_leaves_nothing_open(suspended: bool) -> None:
    case = go(with_street(), Move.SUPERVISE, OVERSEER, level=100)
    case = go(case, Move.ASK_EXTENSION, STREET_DESK)
    if suspended:
        case = go(case, Move.SUSPEND, OVERSEER)
    case = go(case, Move.WITHDRAW_APPEAL, AGENT, phone_matches=True)
    assert case.state is TicketState.VOID
    assert (case.suspended_at, case.extension_asked, case.supervision) == (None, 0, 0)
    assert not any(share.live for share in case.shares)


def half_signed() -> Case:
    """Dispatched with three co-units: one has signed, one has declined."""
    case = go(registered(), Move.DISPATCH, DISPATCHER)
    case = go(case, Move.RECALL, DISPATCHER)
    third = {"id": 41, "code": "D02", "name": "供水集团", "parent_id": 1}
    case = go(case, Move.DISPATCH, DISPATCHER, co_units=[BUREAU, COMMUNITY, third])
    case = go(case, Move.SIGN, LIAISON)
    return go(case, Move.DECLINE, LEADER)


@pytest.mark.parametrize(
    "before",
    [
        go(new_case(), Move.RECEIVE, AGENT),
        registered(),
        go(go(registered(), Move.DISPATCH, DISPATCHER), Move.RECALL, DISPATCHER),
        go(registered(), Move.DISPATCH, DISPATCHER),
        half_signed(),
        go(half_signed(), Move.SUPERVISE, OVERSEER, level=1),
    ],
    ids=[
        "to be accepted",
        "to be dispatched",
        "recalled",
        "dispatched",
        "half signed",
        "supervised",
    ],
)
def test_an_unmerge_months_later_restores_it_exactly(before: Case) -> None:
    """peers 6.4: merge and un-merge leave identical rows."""
    merged, step = made(before, Move.MERGE, DISPATCHER, LATER)
    assert not any(share.live for share in merged.shares)
    kept = undoing([step], Move.UNMERGE)
    assert go(merged, Move.UNMERGE, DISPATCHER, START + timedelta(days=90), **kept) == before


def test_an_unfinished_form_is_not_merged() -> None:
    draft = go(new_case(), Move.SAVE, AGENT)
    with pytest.raises(NotAllowed, match="暂存"):
        go(draft, Move.MERGE, AGENT)


def test_what_was_settled_on_site_is_reported_anew() -> None:
    settled = go(new_case(), Move.SETTLE_ON_SITE, WORKER)
    with pytest.raises(NotAllowed) as refused:
        go(settled, Move.REOPEN, SUPERVISOR)
    assert "新工单" in refused.value.hint
    assert Move.ARCHIVE in permitted(settled, person(Role.CLERK, 6), CITY)


def test_a_site_matter_settled_on_the_spot_needs_its_photo() -> None:
    """field-facts H18."""
    case = new_case(needs_site_proof=True)
    with pytest.raises(Invalid, match="照片"):
        go(case, Move.SETTLE_ON_SITE, WORKER)
    assert go(case, Move.SETTLE_ON_SITE, WORKER, photos=2).state is TicketState.CLOSED


def test_a_reopened_order_is_the_lead_units_alone_again() -> None:
    case = go(closed_case(), Move.REOPEN, SUPERVISOR, LATER)
    assert (case.state, case.closed_at, case.closer_id) == (TicketState.REDO, None, None)
    assert [s.state for s in case.shares] == [AssignmentState.IN_PROGRESS, AssignmentState.DONE]


# --- supervision


@pytest.mark.parametrize("level", [2, 150, 201, -1])
def test_supervision_knows_its_levels_only(level: int) -> None:
    """Any other number would be stored and could never be shown again."""
    with pytest.raises(Invalid) as refused:
        go(with_street(), Move.SUPERVISE, OVERSEER, level=level)
    assert refused.value.field == "level"


def test_the_highest_supervision_is_not_told_to_rise() -> None:
    case = go(with_street(), Move.SUPERVISE, OVERSEER, level=200)
    with pytest.raises(NotAllowed, match="红牌督办") as refused:
        go(case, Move.SUPERVISE, OVERSEER, level=200)
    assert "升级" not in refused.value.text + refused.value.hint


# --- in the database


def _moved(world: Database, ticket_id: int, move: Move, **inputs: object) -> Ticket:
    seat = seat_for(world, Role.DISPATCHER)
    with world.writing.begin() as session:
        Ledger(seat).move(session, ticket_id, Entry(move, inputs))
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def test_a_unit_whose_dispatch_was_taken_back_was_never_the_first_asked(world: Database) -> None:
    ticket = _moved(world, dispatched(world), Move.RECALL, reason="派错单位")
    assert (ticket.first_receiver_id, ticket.holder_name) == (None, "")
    dispatch(world, ticket.id, DEPARTMENT)
    with world.reading() as session:
        assert session.get_one(Ticket, ticket.id).first_receiver_id == DEPARTMENT


def test_a_merged_order_is_no_units_until_it_is_unmerged(world: Database) -> None:
    main, ticket_id = open_ticket(world), dispatched(world, co=(DEPARTMENT,))
    names = ("holder_unit_id", "holder_code", "holder_name", "co_unit_names", "first_receiver_id")
    with world.reading() as session:
        before = {
            c: getattr(session.get_one(Ticket, ticket_id), c) for c in (*names, *STORED_AS_IS)
        }
        number = session.get_one(Ticket, main).number
    merged = _moved(world, ticket_id, Move.MERGE, main_number=number)
    assert (merged.holder_unit_id, merged.holder_name, merged.co_unit_names) == (None, "", "")
    after = _moved(world, ticket_id, Move.UNMERGE, reason="不是同一事项")
    assert {c: getattr(after, c) for c in before} == before


# --- words


def test_every_refusal_names_one_next_step() -> None:
    sources = [ast.parse(p.read_text("utf-8")) for p in Path(guards.__file__).parent.glob("*.py")]
    raised = [n for source in sources for n in ast.walk(source) if isinstance(n, ast.Raise)]
    calls = [n.exc for n in raised if isinstance(n.exc, ast.Call)]
    refusals = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "NotAllowed"]
    assert len(refusals) > 25
    assert [c.lineno for c in refusals if len(c.args) < 2] == []


def test_no_refusal_sends_anybody_to_a_door_that_is_not_there() -> None:
    case = go(with_street(), Move.ADD_CO_UNIT, DISPATCHER, unit=BUREAU)
    case = go(case, Move.CONTACT, STREET_DESK)
    with pytest.raises(NotAllowed, match="城市管理局尚未回复") as waiting:
        go(case, Move.REPLY, STREET_DESK)
    assert "取消协办" not in waiting.value.hint
    with pytest.raises(NotAllowed) as co_unit:
        go(go(case, Move.SIGN, LIAISON), Move.ASK_EXTENSION, LIAISON)
    assert "主办单位" in co_unit.value.hint


def test_several_missing_inputs_are_told_at_once() -> None:
    with pytest.raises(InvalidForm) as refused:
        go(with_street(), Move.ASK_RETURN, STREET_DESK, reason="", basis="", suggested_unit="")
    assert [fault.field for fault in refused.value.faults] == ["reason", "basis", "suggested_unit"]


# --- what no history may break


def owing(case: Case) -> list[Share]:
    idle = AssignmentState.REPLIED
    return [share for share in case.shares if share.live and share.state is not idle]


def check_sound(case: Case) -> None:
    units = [share.unit.id for share in owing(case)]
    assert len(units) == len(set(units)), (
        "a unit acts on one share; a second one would be out of reach"
    )
    for share in owing(case):
        if share.parent_id is not None:
            assert case.share(share.parent_id).state is AssignmentState.PASSED_DOWN
    if case.state is TicketState.PENDING_DISPATCH:
        assert (case.dispatched_at, case.sign_due, case.extension_asked) == (None, None, 0)
        assert case.finish_due == case.total_due
        assert not any(share.live for share in case.shares)
    assert (case.suspended_at is not None) == (case.state is TicketState.SUSPENDED)
    assert case.dispatch_count >= case.return_count


def test_random_walks_keep_one_share_a_unit_and_one_clock_at_the_centre() -> None:
    chance = random.Random(7)
    for _ in range(150):
        walk = Histories()
        walk.begins(chance.choice([Move.REGISTER, Move.RECEIVE]))
        for _ in range(40):
            _wander(walk, chance)
            check_sound(walk.case)


def _step(move: Move, at: datetime = START, **inputs: object) -> Step:
    return Step(move, STREET_DESK, at, 1, inputs)
