"""Everything that can happen to a work order, by name."""

from enum import StrEnum


class Move(StrEnum):
    SAVE = "save"
    DISCARD = "discard"
    REGISTER = "register"
    RECEIVE = "receive"
    ACCEPT = "accept"
    SETTLE_ON_SITE = "settle_on_site"
    CARRY_OVER = "carry_over"
    ANSWER = "answer"
    REJECT = "reject"
    HAND_TO_POLICE = "hand_to_police"
    POLICE_REFUSED = "police_refused"
    REFUSE_POLICE = "refuse_police"
    AMEND = "amend"
    SPLIT = "split"
    SPLIT_OFF = "split_off"
    MERGE = "merge"
    UNMERGE = "unmerge"
    DISPATCH = "dispatch"
    DESIGNATE = "designate"
    RECALL = "recall"
    UNDO_DISPATCH = "undo_dispatch"
    SIGN = "sign"
    CONTACT = "contact"
    ARRIVE = "arrive"
    SUB_DISPATCH = "sub_dispatch"
    TAKE_BACK = "take_back"
    ESCALATE = "escalate"
    ADD_CO_UNIT = "add_co_unit"
    DISMISS_CO_UNIT = "dismiss_co_unit"
    DECLINE = "decline"
    ASK_RETURN = "ask_return"
    GRANT_RETURN = "grant_return"
    REFUSE_RETURN = "refuse_return"
    UNDO_RETURN = "undo_return"
    UNDO_GRANT = "undo_grant"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    SUSPEND = "suspend"
    RESUME = "resume"
    REPLY = "reply"
    PASS_REVIEW = "pass_review"
    FAIL_REVIEW = "fail_review"
    PASS_VERIFY = "pass_verify"
    FAIL_VERIFY = "fail_verify"
    CANCEL_VERIFY = "cancel_verify"
    RING_BACK = "ring_back"
    HEAR = "hear"
    CLOSE = "close"
    UNDO_CLOSE = "undo_close"
    REDO = "redo"
    REOPEN = "reopen"
    ARCHIVE = "archive"
    VOID = "void"
    WITHDRAW_APPEAL = "withdraw_appeal"
    URGE = "urge"
    SUPERVISE = "supervise"
    LIFT_SUPERVISION = "lift_supervision"
    INSTRUCT = "instruct"
    NOTIFY = "notify"
    READ_COPY = "read_copy"
    PROMISE = "promise"
    KEEP_PROMISE = "keep_promise"
    TAG = "tag"
    NOTE = "note"


MOVE_NAMES: dict[Move, str] = {
    Move.SAVE: "暂存",
    Move.DISCARD: "放弃草稿",
    Move.REGISTER: "登记受理",
    Move.RECEIVE: "接收",
    Move.ACCEPT: "受理",
    Move.SETTLE_ON_SITE: "现场办结",
    Move.CARRY_OVER: "接转已办结",
    Move.ANSWER: "直接答复",
    Move.REJECT: "不予受理",
    Move.HAND_TO_POLICE: "移交110",
    Move.POLICE_REFUSED: "110退回",
    Move.REFUSE_POLICE: "退回110",
    Move.AMEND: "更正",
    Move.SPLIT: "拆分",
    Move.SPLIT_OFF: "拆分立单",
    Move.MERGE: "合并",
    Move.UNMERGE: "撤销合并",
    Move.DISPATCH: "派单",
    Move.DESIGNATE: "指定承办",
    Move.RECALL: "撤回派单",
    Move.UNDO_DISPATCH: "撤销派单",
    Move.SIGN: "签收",
    Move.CONTACT: "联系群众",
    Move.ARRIVE: "到场",
    Move.SUB_DISPATCH: "下派",
    Move.TAKE_BACK: "收回下派",
    Move.ESCALATE: "上报",
    Move.ADD_CO_UNIT: "增派协办",
    Move.DISMISS_CO_UNIT: "撤销协办",
    Move.DECLINE: "拒绝协办",
    Move.ASK_RETURN: "申请退单",
    Move.GRANT_RETURN: "同意退单",
    Move.REFUSE_RETURN: "不同意退单",
    Move.UNDO_RETURN: "撤回退单申请",
    Move.UNDO_GRANT: "撤销同意退单",
    Move.ASK_EXTENSION: "申请延期",
    Move.GRANT_EXTENSION: "同意延期",
    Move.REFUSE_EXTENSION: "不同意延期",
    Move.SUSPEND: "挂起",
    Move.RESUME: "恢复办理",
    Move.REPLY: "回复办结",
    Move.PASS_REVIEW: "审核通过",
    Move.FAIL_REVIEW: "审核退回",
    Move.PASS_VERIFY: "核查通过",
    Move.FAIL_VERIFY: "核查退回",
    Move.CANCEL_VERIFY: "撤回核查",
    Move.RING_BACK: "回访未接通",
    Move.HEAR: "回访联名诉求人",
    Move.CLOSE: "回访结案",
    Move.UNDO_CLOSE: "撤销结案",
    Move.REDO: "发回重办",
    Move.REOPEN: "重新办理",
    Move.ARCHIVE: "归档",
    Move.VOID: "作废",
    Move.WITHDRAW_APPEAL: "群众撤单",
    Move.URGE: "催办",
    Move.SUPERVISE: "督办",
    Move.LIFT_SUPERVISION: "解除督办",
    Move.INSTRUCT: "领导批示",
    Move.NOTIFY: "抄告",
    Move.READ_COPY: "阅知",
    Move.PROMISE: "登记承诺",
    Move.KEEP_PROMISE: "承诺兑现",
    Move.TAG: "标注",
    Move.NOTE: "备注",
}
