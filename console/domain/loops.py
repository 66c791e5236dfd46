"""The closed loop of a work order: six, eight or three steps of the same state (field-facts Y3, Z3, H6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.domain.policy_tables import StepView
from console.domain.records import EventLine
from console.domain.states import SupervisionLevel, TicketState

S = TicketState

STEP_NAMES: dict[StepView, tuple[str, ...]] = {
    StepView.SIX: ("问题发现", "受理", "转派", "处置", "反馈", "核实结案"),
    StepView.EIGHT: ("发现", "受理", "分流", "处置", "跟踪", "督办", "反馈", "评价"),
    StepView.THREE: ("受理", "派单", "办结核实"),
}

# The step a state stands at in the six-, eight- and three-step loop.
_AT: dict[TicketState, tuple[int, int, int]] = {
    S.DRAFT: (0, 0, 0),
    S.PENDING_ACCEPT: (1, 1, 0),
    S.REJECTED: (1, 1, 0),
    S.MERGED: (1, 1, 0),
    S.VOID: (1, 1, 0),
    S.PENDING_DISPATCH: (2, 2, 1),
    S.PENDING_SIGN: (2, 2, 1),
    S.RETURN_REVIEW: (2, 2, 1),
    S.IN_PROGRESS: (3, 3, 1),
    S.REDO: (3, 3, 1),
    S.SUSPENDED: (3, 4, 1),
    S.PENDING_REVIEW: (4, 6, 2),
    S.PENDING_VERIFY: (5, 6, 2),
    S.PENDING_CALLBACK: (5, 7, 2),
    S.ANSWERED: (5, 7, 2),
    S.CLOSED: (5, 7, 2),
    S.ARCHIVED: (5, 7, 2),
}
_VIEWS = (StepView.SIX, StepView.EIGHT, StepView.THREE)
_FINISHED = frozenset({S.ANSWERED, S.CLOSED, S.ARCHIVED})
_CUT_SHORT = frozenset({S.REJECTED, S.MERGED, S.VOID})
# Where Suzhou's loop tells tracking and supervision from plain handling.
_HANDLING = frozenset({S.PENDING_SIGN, S.RETURN_REVIEW, S.IN_PROGRESS, S.REDO, S.SUSPENDED})
_TRACKING, _SUPERVISING = 4, 5


@dataclass(frozen=True, slots=True)
class Loop:
    """A step bar: names, the step the work order is at, whether the loop is done, whether it was cut short.

    `at` is always a valid index; a finished loop stands at its last step.
    """

    names: tuple[str, ...]
    at: int
    finished: bool = False
    cut_short: bool = False


def loop(
    view: StepView,
    state: TicketState,
    urged: bool = False,
    supervision: SupervisionLevel = SupervisionLevel.NONE,
) -> Loop:
    """Where a work order stands in the city's loop; urging and supervision show in the eight-step view only."""
    at = _AT[state][_VIEWS.index(view)]
    if view is StepView.EIGHT and state in _HANDLING:
        at = _SUPERVISING if supervision else _TRACKING if urged else at
    return Loop(STEP_NAMES[view], at, state in _FINISHED, state in _CUT_SHORT)


@dataclass(frozen=True, slots=True)
class StepMark:
    """Who did a step, and when."""

    actor: str
    at: datetime


_FOUND = frozenset({"register", "receive", "save", "settle_on_site", "carry_over"})
_TAKEN = frozenset({"register", "accept", "split_off", "answer", "settle_on_site", "carry_over"})
_SENT = frozenset({"dispatch", "designate"})
_DONE = frozenset({"reply", "answer", "settle_on_site", "carry_over"})
_CHECKED = frozenset({"pass_review", "fail_review"})
_ENDED = frozenset({"close", "answer", "settle_on_site", "hand_to_police", "carry_over"})
# The moves of the log that do a step, by its name in whichever loop.
STEP_MOVES: dict[str, frozenset[str]] = {
    "问题发现": _FOUND,
    "发现": _FOUND,
    "受理": _TAKEN,
    "转派": _SENT,
    "分流": _SENT,
    "派单": _SENT,
    "处置": _DONE,
    "跟踪": frozenset({"urge"}),
    "督办": frozenset({"supervise"}),
    "反馈": _CHECKED,
    "评价": _ENDED,
    "核实结案": _ENDED | {"pass_verify"},
    "办结核实": _ENDED,
}


def step_marks(names: Sequence[str], events: Iterable[EventLine]) -> tuple[StepMark | None, ...]:
    """Who did each step of the loop and when, from the log; of a step done twice the last time counts.

    The first step is whoever brought it to us, however often it was sent round afterwards.
    """
    log = sorted(events, key=_when)
    marks = [_mark(log, name, first=at == 0) for at, name in enumerate(names)]
    return tuple(marks)


def _mark(log: Sequence[EventLine], name: str, first: bool) -> StepMark | None:
    moves = STEP_MOVES.get(name, frozenset())
    found = [event for event in log if event.action in moves]
    if not found:
        return None
    event = found[0] if first else found[-1]
    return StepMark(event.actor, event.at)


def _when(event: EventLine) -> tuple[datetime, int]:
    return event.at, event.id
