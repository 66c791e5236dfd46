"""Which act is the next one for a unit: the blue button of F8, one table from state to step."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from console.actions import ActionId
from console.domain.inbox import Desk
from console.domain.moves import Move
from console.domain.states import AssignmentState, TicketState

translate = QCoreApplication.translate

# What each action of the desk asks of the lifecycle; the table there decides, here it is only looked up.
MOVE_OF: dict[ActionId, Move] = {
    ActionId.SIGN: Move.SIGN,
    ActionId.CONTACT: Move.CONTACT,
    ActionId.ARRIVE: Move.ARRIVE,
    ActionId.SUB_DISPATCH: Move.SUB_DISPATCH,
    ActionId.TAKE_BACK: Move.TAKE_BACK,
    ActionId.ESCALATE: Move.ESCALATE,
    ActionId.RETURN: Move.ASK_RETURN,
    ActionId.EXTEND: Move.ASK_EXTENSION,
    ActionId.REPLY: Move.REPLY,
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """What F8 does; without an action the button says what is being waited for."""

    action: ActionId | None
    words: str


def next_step(desk: Desk) -> NextStep:
    """Sign, then contact, then reply; a reply from below is reviewed first."""
    own, may = desk.own, desk.case.permitted
    if Move.SIGN in may:
        return NextStep(ActionId.SIGN, translate("inbox", "签收"))
    at_hand = own.share_state is AssignmentState.IN_PROGRESS
    if Move.CONTACT in may and at_hand and not desk.contacts and not desk.contact_waived:
        return NextStep(ActionId.CONTACT, translate("inbox", "登记联系"))
    if Move.REPLY in may:
        reviewing = own.below_state is AssignmentState.REPLIED and desk.prefill is not None
        return NextStep(
            ActionId.REPLY,
            translate("inbox", "审核回复") if reviewing else translate("inbox", "回复办结"),
        )
    return NextStep(None, _waiting(desk))


def _waiting(desk: Desk) -> str:
    own = desk.own
    if own.state is TicketState.SUSPENDED:
        return translate("inbox", "挂起中，停表")
    if own.share_state is AssignmentState.PASSED_DOWN:
        return (
            translate("inbox", "等{0}回复").format(own.below)
            if own.below
            else translate("inbox", "等下级回复")
        )
    if own.share_state is AssignmentState.RETURN_REVIEW:
        return translate("inbox", "退单待审")
    if own.share_state in (AssignmentState.REPLIED, AssignmentState.DONE):
        return translate("inbox", "已回复")
    return translate("inbox", "无须办理")


def allowed(desk: Desk, action: ActionId) -> bool:
    """Whether the action has any chance now; its guards speak when it is tried."""
    may = desk.case.permitted
    if action is ActionId.SUB_DISPATCH and not desk.passes_down:
        return False
    if action is ActionId.TAKE_BACK:
        return Move.TAKE_BACK in may and desk.own.below_state is AssignmentState.PENDING_SIGN
    if action is ActionId.RETURN:
        # A co-unit has no return; before signing it may decline.
        returns = Move.ASK_RETURN in may and desk.return_until is not None
        return returns or declines(desk)
    if action is ActionId.EXTEND:
        return Move.ASK_EXTENSION in may and desk.extension_left > 0 and desk.top_lead
    if action is ActionId.ARRIVE:
        return Move.ARRIVE in may and desk.own.arrived_at is None
    move = MOVE_OF.get(action)
    if move is not None:
        return move in may
    return desk.own.share_state in (WORKING if action is ActionId.ATTACH else IN_HAND)


def declines(desk: Desk) -> bool:
    """拒绝协办 stands where 退单 stands for a lead unit."""
    return Move.DECLINE in desk.case.permitted and desk.own.kind.value == "co"


IN_HAND = frozenset({AssignmentState.IN_PROGRESS, AssignmentState.PASSED_DOWN})
WORKING = IN_HAND | {AssignmentState.PENDING_SIGN}
