"""The step bar: six, eight and three steps of the same state."""

import pytest

from console.domain.loops import STEP_NAMES, loop
from console.domain.policy_tables import StepView
from console.domain.states import SupervisionLevel, TicketState

S = TicketState


@pytest.mark.parametrize("view", StepView)
@pytest.mark.parametrize("state", TicketState)
def test_every_state_stands_at_a_step_of_every_view(view: StepView, state: TicketState) -> None:
    shown = loop(view, state)
    assert 0 <= shown.at < len(shown.names)
    assert not (shown.finished and shown.cut_short)


def test_the_loops_are_those_of_the_cities() -> None:
    assert "→".join(STEP_NAMES[StepView.SIX]) == "问题发现→受理→转派→处置→反馈→核实结案"
    assert "、".join(STEP_NAMES[StepView.EIGHT]) == "发现、受理、分流、处置、跟踪、督办、反馈、评价"
    assert len(STEP_NAMES[StepView.THREE]) == 3


WAY = [
    S.DRAFT,
    S.PENDING_ACCEPT,
    S.PENDING_DISPATCH,
    S.PENDING_SIGN,
    S.IN_PROGRESS,
    S.PENDING_REVIEW,
    S.PENDING_VERIFY,
    S.PENDING_CALLBACK,
    S.CLOSED,
    S.ARCHIVED,
]


@pytest.mark.parametrize("view", StepView)
def test_the_usual_way_never_steps_back_and_ends_at_the_last_step(view: StepView) -> None:
    steps = [loop(view, state).at for state in WAY]
    assert steps == sorted(steps)
    assert steps[-1] == len(STEP_NAMES[view]) - 1
    assert [loop(view, state).finished for state in WAY] == [False] * 8 + [True] * 2


def test_closing_stands_at_verification_in_the_six_step_loop() -> None:
    assert STEP_NAMES[StepView.SIX][loop(StepView.SIX, S.PENDING_VERIFY).at] == "核实结案"


def test_urging_and_supervision_show_in_the_eight_step_loop_while_handling() -> None:
    view, names = StepView.EIGHT, STEP_NAMES[StepView.EIGHT]
    yellow = SupervisionLevel.YELLOW
    assert names[loop(view, S.IN_PROGRESS).at] == "处置"
    assert names[loop(view, S.IN_PROGRESS, urged=True).at] == "跟踪"
    assert names[loop(view, S.IN_PROGRESS, urged=True, supervision=yellow).at] == "督办"
    assert names[loop(view, S.PENDING_CALLBACK, True, yellow).at] == "评价"
    assert loop(StepView.SIX, S.IN_PROGRESS, True, yellow).at == 3


@pytest.mark.parametrize("state", [S.REJECTED, S.MERGED, S.VOID])
def test_an_order_cut_short_says_so(state: TicketState) -> None:
    assert loop(StepView.SIX, state).cut_short
