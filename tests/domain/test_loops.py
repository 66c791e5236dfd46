"""The step bar: six, eight and three steps of the same state."""

from datetime import UTC, datetime

import pytest

from console.domain.loops import STEP_MOVES, STEP_NAMES, loop, step_marks
from console.domain.moves import Move
from console.domain.policy_tables import StepView
from console.domain.records import EventLine
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


def _event(id_: int, action: str, actor: str, state: TicketState = S.IN_PROGRESS) -> EventLine:
    at = datetime(2026, 11, 20, 1, id_, tzinfo=UTC)
    return EventLine(id_, at, action, action, actor, "", state, "")


LOG = (
    _event(1, "register", "李敏 0017"),
    _event(2, "dispatch", "孙岚 0031"),
    _event(3, "grant_return", "孙岚 0031"),
    _event(4, "dispatch", "周正 0002"),
    _event(5, "sign", "王街 S101"),
    _event(6, "urge", "郑督 0051"),
    _event(7, "reply", "王街 S101"),
    _event(8, "pass_review", "孙岚 0031"),
    _event(9, "close", "何静 0041"),
)


@pytest.mark.parametrize(
    ("view", "who"),
    [
        (
            StepView.SIX,
            ["李敏 0017", "李敏 0017", "周正 0002", "王街 S101", "孙岚 0031", "何静 0041"],
        ),
        (
            StepView.EIGHT,
            [
                "李敏 0017",
                "李敏 0017",
                "周正 0002",
                "王街 S101",
                "郑督 0051",
                None,
                "孙岚 0031",
                "何静 0041",
            ],
        ),
        (StepView.THREE, ["李敏 0017", "周正 0002", "何静 0041"]),
    ],
)
def test_every_loop_tells_who_did_each_step_from_the_same_log(view: StepView, who: list) -> None:
    marks = step_marks(STEP_NAMES[view], LOG)
    assert [mark.actor if mark else None for mark in marks] == who
    assert marks[0].at == LOG[0].at


def test_every_step_of_every_loop_has_moves_that_do_it() -> None:
    for names in STEP_NAMES.values():
        assert all(STEP_MOVES[name] for name in names)
    assert {Move(move) for moves in STEP_MOVES.values() for move in moves}
