"""问题上报、工作下派: which way a step of the flow log goes between the levels (field-facts Y4)."""

from enum import StrEnum

from console.domain.moves import Move


class Direction(StrEnum):
    UP = "↑"
    DOWN = "↓"
    LEVEL = ""


DIRECTION_NAMES: dict[Direction, str] = {
    Direction.UP: "向上",
    Direction.DOWN: "向下",
    Direction.LEVEL: "",
}
_UP = frozenset(
    {
        Move.RECEIVE, Move.ESCALATE, Move.REPLY, Move.ASK_RETURN, Move.ASK_EXTENSION, Move.DECLINE,
        Move.PASS_VERIFY,
    }
)  # fmt: skip
_DOWN = frozenset(
    {
        Move.DISPATCH, Move.DESIGNATE, Move.SUB_DISPATCH, Move.ADD_CO_UNIT, Move.REFUSE_RETURN, Move.FAIL_REVIEW,
        Move.FAIL_VERIFY, Move.REDO, Move.REOPEN, Move.URGE, Move.SUPERVISE, Move.INSTRUCT,
    }
)  # fmt: skip


def direction_of(action: str) -> Direction:
    """Of a step by its move; what stays on one level, or is no move, goes neither way."""
    if action in _UP:
        return Direction.UP
    return Direction.DOWN if action in _DOWN else Direction.LEVEL
