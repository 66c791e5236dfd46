"""Rules of field-facts 3.2 to 4.2 that the review of issue 3 found unreachable or unenforced (docs/conformity.md)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from console.domain.case import Case
from console.domain.errors import NotAllowed
from console.domain.lifecycle import permitted
from console.domain.moves import Move
from console.domain.roles import Role, Scope
from console.domain.states import AssignmentState, TicketState, Urgency
from tests.domain.test_lifecycle import (
    BUREAU,
    CITY,
    COMMUNITY,
    DISPATCHER,
    GRID,
    LEADER,
    START,
    STREET,
    STREET_DESK,
    WORKER,
    go,
    person,
    registered,
    replied,
    with_street,
)


def _with_community() -> Case:
    case = go(with_street(), Move.SUB_DISPATCH, STREET_DESK, unit=COMMUNITY)
    case = go(case, Move.SIGN, LEADER)
    case = go(case, Move.SUB_DISPATCH, LEADER, unit=GRID)
    return go(case, Move.SIGN, WORKER)


def test_only_danger_or_a_skip_rule_reaches_past_the_superior() -> None:
    """field-facts 3.4 rule 3: who is passed over has it no longer, who is reached has it in hand."""
    case = _with_community()
    with pytest.raises(NotAllowed, match="越级"):
        go(case, Move.ESCALATE, WORKER, unit=STREET)
    case = go(replace(case, urgency=Urgency.CRITICAL), Move.ESCALATE, WORKER, unit=STREET)
    states = [share.state for share in case.shares]
    assert states == [
        AssignmentState.IN_PROGRESS, AssignmentState.WITHDRAWN, AssignmentState.ESCALATED,
    ]  # fmt: skip
    assert permitted(case, STREET_DESK, CITY) >= {Move.REPLY, Move.SUB_DISPATCH}


def test_past_whoever_had_it_first_the_unit_above_leads() -> None:
    """The tree began at the community: the street above never had it and leads now."""
    case = go(registered(), Move.DISPATCH, DISPATCHER, unit=COMMUNITY)
    case = go(case, Move.SIGN, LEADER)
    case = go(case, Move.SUB_DISPATCH, LEADER, unit=GRID)
    case = replace(go(case, Move.SIGN, WORKER), urgency=Urgency.CRITICAL)
    case = go(case, Move.ESCALATE, WORKER, unit=STREET)
    lead = case.lead()
    assert lead is not None
    assert (lead.unit.name, lead.state) == (STREET["name"], AssignmentState.PENDING_SIGN)
    assert [s.live for s in case.shares] == [False, False, True]


def test_a_units_leader_reviews_and_instructs_below_only() -> None:
    """field-facts 3.3 (lead unit's chief signs), 3.4 rule 6 (never a superior, never a neighbour)."""
    chief, other = person(Role.LEADER, 21, STREET), person(Role.LEADER, 22, BUREAU)
    case = go(replied(), Move.INSTRUCT, chief)
    assert case.leader_instructed
    for move in (Move.INSTRUCT, Move.PASS_REVIEW, Move.FAIL_REVIEW):
        assert move in permitted(case, chief, CITY)
        assert move not in permitted(case, other, CITY)
        with pytest.raises(NotAllowed, match="本单位及下级"):
            go(case, move, other)
    assert go(case, Move.PASS_REVIEW, chief).state is TicketState.PENDING_CALLBACK
    mayor = person(Role.LEADER, 23)
    assert go(case, Move.INSTRUCT, mayor).leader_instructed
    assert (mayor.scope, chief.scope, other.scope) == (Scope.ALL, Scope.SUBTREE, Scope.SUBTREE)


def test_a_matter_marked_complex_at_dispatch_has_the_long_limits() -> None:
    """field-facts 4.1: the long finish, the citizen's total with it, and the longer time to return."""
    plain = go(registered(), Move.DISPATCH, DISPATCHER)
    hard = go(registered(), Move.DISPATCH, DISPATCHER, complex=True)
    assert hard.finish_due > plain.finish_due
    assert hard.total_due > plain.total_due
    asked = START + timedelta(days=1, hours=9)
    with pytest.raises(NotAllowed, match="退单时限"):
        go(plain, Move.ASK_RETURN, STREET_DESK, asked)
    assert go(hard, Move.ASK_RETURN, STREET_DESK, asked).state is TicketState.RETURN_REVIEW
    # Left alone it moves nothing.
    assert go(registered(), Move.DISPATCH, DISPATCHER, complex=False).total_due == plain.total_due


def test_a_higher_urgency_shortens_every_clock_that_still_runs() -> None:
    """4.2 rule 5, after a correction: signing and answering too, never later than before, never past the parent."""
    case = go(registered(), Move.DISPATCH, DISPATCHER)
    urgent = go(case, Move.AMEND, DISPATCHER, fields=["urgency"], urgency="critical")
    before, after = case.shares[0], urgent.shares[0]
    assert after.sign_due < before.sign_due
    assert after.response_due < before.response_due
    assert after.level_due <= after.finish_due < before.finish_due
    assert urgent.sign_due == after.sign_due
    signed = go(case, Move.SIGN, STREET_DESK)
    kept = go(signed, Move.AMEND, DISPATCHER, fields=["urgency"], urgency="critical").shares[0]
    assert kept.sign_due == before.sign_due, "what is done keeps the limit it was done under"


def test_a_known_old_trouble_is_marked_and_keeps_its_limits() -> None:
    """历史遗留 is a flag, not a state (field-facts 3.2)."""
    case = go(registered(), Move.AMEND, DISPATCHER, fields=["legacy_issue"], legacy_issue=True)
    assert case.legacy_issue
    assert case.finish_due == registered().finish_due


def test_a_correction_leaves_the_citizens_total_as_it_was_granted() -> None:
    """Extensions are the unit's (4.2 rule 4): a correction must not slip them into the total."""
    case = go(with_street(), Move.ASK_EXTENSION, STREET_DESK, days=2)
    case = go(case, Move.GRANT_EXTENSION, DISPATCHER)
    assert case.total_due == registered().total_due
    amended = go(case, Move.AMEND, DISPATCHER, fields=["nature"], nature="inquiry")
    plain = go(registered(), Move.AMEND, DISPATCHER, fields=["nature"], nature="inquiry")
    assert amended.total_due == plain.total_due
    assert amended.finish_due > plain.finish_due
