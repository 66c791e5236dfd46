"""Which act is the next one for a unit: the blue button of F8, one table from state to step."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from console.actions import ActionId
from console.domain.inbox import Desk, Duty
from console.domain.moves import Move
from console.domain.records import AssignmentLine
from console.domain.states import STATE_NAMES, AssignmentKind, AssignmentState, TicketState

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
    ActionId.NOTIFY: Move.NOTIFY,
    ActionId.PROMISE: Move.PROMISE,
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """What F8 does; without an action or a panel the button says what is being waited for."""

    action: ActionId | None
    words: str
    panel: str = ""

    @property
    def can(self) -> bool:
        return self.action is not None or bool(self.panel)


def next_step(desk: Desk) -> NextStep:
    """Sign, then contact, then reply; a reply from below is reviewed first."""
    own, may = desk.own, desk.case.permitted
    if own.share_state is None:
        return _without_share(desk)
    if Move.SIGN in may:
        agrees = own.kind is AssignmentKind.CO
        words = translate("inbox", "同意协办") if agrees else translate("inbox", "签收")
        return NextStep(ActionId.SIGN, words)
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


def _without_share(desk: Desk) -> NextStep:
    """To be verified on site, or copied to us; our own report is only followed."""
    if desk.own.duty is Duty.VERIFY and desk.case.row.state is TicketState.PENDING_VERIFY:
        return NextStep(None, translate("inbox", "现场核查"), "verify")
    if desk.own.duty is Duty.READ:
        return NextStep(None, translate("inbox", "阅知"), "read_copy")
    return NextStep(None, STATE_NAMES[desk.case.row.state])


def _waiting(desk: Desk) -> str:
    own = desk.own
    if own.state is TicketState.SUSPENDED:
        return translate("inbox", "挂起中，停表")
    if own.share_state is AssignmentState.PASSED_DOWN:
        if own.below_count > 1:
            return translate("inbox", "等 {0} 家下级回复").format(own.below_count)
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
    if desk.own.share_state is None:
        return False
    if action is ActionId.SUB_DISPATCH and not desk.passes_down:
        return False
    if action is ActionId.TAKE_BACK:
        return Move.TAKE_BACK in may and bool(unsigned(desk))
    if action is ActionId.RETURN:
        # A co-unit has no return; before signing it may decline.
        returns = Move.ASK_RETURN in may and desk.return_until is not None
        return returns or declines(desk) or withdraws(desk)
    if action is ActionId.EXTEND:
        return Move.ASK_EXTENSION in may and desk.extension_left > 0 and desk.top_lead
    if action is ActionId.ARRIVE:
        return Move.ARRIVE in may and desk.own.arrived_at is None
    if action is ActionId.FEEDBACK:
        return desk.notice is not None and desk.own.share_state in IN_HAND
    move = MOVE_OF.get(action)
    if move is not None:
        return move in may
    return desk.own.share_state in (WORKING if action is ActionId.ATTACH else IN_HAND)


def why_not(desk: Desk | None, action: ActionId, name: str) -> str:
    """What to tell whoever presses the key of an act that is not to be had here."""
    if desk is None:
        return translate("inbox", "先选一张工单")
    if desk.own.share_state is not None and desk.own.state is TicketState.SUSPENDED:
        return translate("inbox", "挂起中，停表；恢复办理后再办")
    if action is ActionId.NEXT_STEP:
        return _waiting(desk)
    if desk.own.share_state is AssignmentState.PENDING_SIGN:
        return translate("inbox", "先按 F8 签收，再办“{0}”").format(name)
    said = {
        ActionId.TAKE_BACK: translate("inbox", "没有可收回的下派：没有下派，或下级已签收"),
        ActionId.SUB_DISPATCH: translate("inbox", "现在不能下派：工单不在办理中，或没有可派的下级"),
        ActionId.RETURN: translate(
            "inbox", "现在不能退单：退单时限已过、已指定承办，或本单位不是主办"
        ),
        ActionId.EXTEND: translate("inbox", "现在不能申请延期：已延过期，或本单位不是主办"),
        ActionId.FEEDBACK: translate("inbox", "这张工单没有要反馈的督办"),
        ActionId.SIGN: translate("inbox", "这张工单不用签收"),
        ActionId.ARRIVE: translate("inbox", "现在不用登记到场，或已经登记过"),
    }.get(action)
    return said or translate("inbox", "“{0}”现在用不上：{1}").format(name, _waiting(desk))


def unsigned(desk: Desk) -> tuple[AssignmentLine, ...]:
    """The children that can still be taken back."""
    return tuple(c for c in desk.children if c.state is AssignmentState.PENDING_SIGN)


def withdraws(desk: Desk) -> bool:
    """撤回退单申请 stands where 退单 stands, while nobody has decided."""
    return Move.UNDO_RETURN in desk.case.permitted


def declines(desk: Desk) -> bool:
    """拒绝协办 stands where 退单 stands for a lead unit."""
    return Move.DECLINE in desk.case.permitted and desk.own.kind.value == "co"


IN_HAND = frozenset({AssignmentState.IN_PROGRESS, AssignmentState.PASSED_DOWN})
WORKING = IN_HAND | {AssignmentState.PENDING_SIGN}
