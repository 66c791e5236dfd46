"""The words of a work order's life: states, natures, channels, levels (field-facts 3.2, 6.2, 7.1)."""

from enum import IntEnum, StrEnum


class TicketState(StrEnum):
    DRAFT = "draft"
    PENDING_ACCEPT = "pending_accept"
    REJECTED = "rejected"
    ANSWERED = "answered"
    PENDING_DISPATCH = "pending_dispatch"
    PENDING_SIGN = "pending_sign"
    IN_PROGRESS = "in_progress"
    RETURN_REVIEW = "return_review"
    SUSPENDED = "suspended"
    PENDING_REVIEW = "pending_review"
    PENDING_VERIFY = "pending_verify"
    PENDING_CALLBACK = "pending_callback"
    REDO = "redo"
    CLOSED = "closed"
    ARCHIVED = "archived"
    VOID = "void"
    MERGED = "merged"


STATE_NAMES: dict[TicketState, str] = {
    TicketState.DRAFT: "暂存",
    TicketState.PENDING_ACCEPT: "待受理",
    TicketState.REJECTED: "不予受理",
    TicketState.ANSWERED: "直接答复",
    TicketState.PENDING_DISPATCH: "待派单",
    TicketState.PENDING_SIGN: "待签收",
    TicketState.IN_PROGRESS: "处理中",
    TicketState.RETURN_REVIEW: "退单待审",
    TicketState.SUSPENDED: "挂起",
    TicketState.PENDING_REVIEW: "待审核",
    TicketState.PENDING_VERIFY: "待核查",
    TicketState.PENDING_CALLBACK: "待回访",
    TicketState.REDO: "重办",
    TicketState.CLOSED: "已办结",
    TicketState.ARCHIVED: "已归档",
    TicketState.VOID: "作废",
    TicketState.MERGED: "已合并",
}

# States in which a unit still owes work and the finishing clock is meaningful.
OPEN_STATES = frozenset(
    {
        TicketState.PENDING_ACCEPT,
        TicketState.PENDING_DISPATCH,
        TicketState.PENDING_SIGN,
        TicketState.IN_PROGRESS,
        TicketState.RETURN_REVIEW,
        TicketState.SUSPENDED,
        TicketState.PENDING_REVIEW,
        TicketState.PENDING_VERIFY,
        TicketState.PENDING_CALLBACK,
        TicketState.REDO,
    }
)
TERMINAL_STATES = frozenset(
    {
        TicketState.REJECTED,
        TicketState.ANSWERED,
        TicketState.ARCHIVED,
        TicketState.VOID,
        TicketState.MERGED,
    }
)


class AssignmentState(StrEnum):
    PENDING_SIGN = "pending_sign"
    IN_PROGRESS = "in_progress"
    PASSED_DOWN = "passed_down"
    RETURN_REVIEW = "return_review"
    REPLIED = "replied"
    DONE = "done"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"
    DECLINED = "declined"


ASSIGNMENT_NAMES: dict[AssignmentState, str] = {
    AssignmentState.PENDING_SIGN: "待签收",
    AssignmentState.IN_PROGRESS: "处理中",
    AssignmentState.PASSED_DOWN: "已下派",
    AssignmentState.RETURN_REVIEW: "退单待审",
    AssignmentState.REPLIED: "已回复",
    AssignmentState.DONE: "已完成",
    AssignmentState.RETURNED: "已退单",
    AssignmentState.WITHDRAWN: "已撤回",
    AssignmentState.ESCALATED: "已上报",
    AssignmentState.DECLINED: "拒绝协办",
}
LIVE_ASSIGNMENTS = frozenset(
    {
        AssignmentState.PENDING_SIGN,
        AssignmentState.IN_PROGRESS,
        AssignmentState.PASSED_DOWN,
        AssignmentState.RETURN_REVIEW,
        AssignmentState.REPLIED,
    }
)

# Shares whose unit gave the matter back, or had it taken away: it neither counts nor sees any more.
GIVEN_UP = frozenset(
    {AssignmentState.RETURNED, AssignmentState.WITHDRAWN, AssignmentState.DECLINED}
)


class AssignmentKind(StrEnum):
    LEAD = "lead"
    CO = "co"


class Nature(StrEnum):
    """诉求性质; the number keys 1 to 6 on the intake desk follow this order."""

    INQUIRY = "inquiry"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PRAISE = "praise"
    OTHER = "other"
    INVALID = "invalid"


NATURE_NAMES: dict[Nature, str] = {
    Nature.INQUIRY: "咨询",
    Nature.HELP: "求助",
    Nature.COMPLAINT: "投诉",
    Nature.REPORT: "举报",
    Nature.SUGGESTION: "建议",
    Nature.PRAISE: "表扬",
    Nature.OTHER: "其他",
    Nature.INVALID: "无效",
}


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


URGENCY_NAMES = {Urgency.NORMAL: "一般", Urgency.URGENT: "紧急", Urgency.CRITICAL: "特急"}


class Channel(StrEnum):
    """信息来源; the value is the two-digit channel part of the ticket number (product.md 6)."""

    PHONE = "01"
    WECHAT = "02"
    WEB = "03"
    GRID = "04"
    APP = "05"
    SMS = "06"
    MAYOR_MAILBOX = "07"
    PROVINCE = "08"
    LEADER = "09"
    MEDIA = "10"
    POLICE_110 = "11"
    SUB_HOTLINE = "12"
    URBAN_MANAGEMENT = "13"


CHANNEL_NAMES = {
    Channel.PHONE: "电话",
    Channel.WECHAT: "微信",
    Channel.WEB: "网站",
    Channel.GRID: "网格上报",
    Channel.APP: "手机应用",
    Channel.SMS: "短信",
    Channel.MAYOR_MAILBOX: "市长信箱",
    Channel.PROVINCE: "省平台转办",
    Channel.LEADER: "领导批示",
    Channel.MEDIA: "媒体",
    Channel.POLICE_110: "110转办",
    Channel.SUB_HOTLINE: "并入热线",
    Channel.URBAN_MANAGEMENT: "数字城管",
}


class Light(StrEnum):
    """Computed from due times, never stored (product.md 5; field-facts 4.3)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    ON_TIME = "on_time"
    LATE = "late"
    NONE = "none"


class SupervisionLevel(IntEnum):
    """Stored; only rises until lifted (field-facts 3.4 rule 6)."""

    NONE = 0
    NORMAL = 1
    YELLOW = 100
    RED = 200


SUPERVISION_NAMES = {
    SupervisionLevel.NONE: "",
    SupervisionLevel.NORMAL: "普通督办",
    SupervisionLevel.YELLOW: "黄牌督办",
    SupervisionLevel.RED: "红牌督办",
}


class Satisfaction(StrEnum):
    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    FAIRLY_SATISFIED = "fairly_satisfied"
    DISSATISFIED = "dissatisfied"
    VERY_DISSATISFIED = "very_dissatisfied"
    NO_COMMENT = "no_comment"


SATISFACTION_NAMES = {
    Satisfaction.VERY_SATISFIED: "非常满意",
    Satisfaction.SATISFIED: "满意",
    Satisfaction.FAIRLY_SATISFIED: "基本满意",
    Satisfaction.DISSATISFIED: "不满意",
    Satisfaction.VERY_DISSATISFIED: "非常不满意",
    Satisfaction.NO_COMMENT: "不评价",
}


class Resolution(StrEnum):
    RESOLVED = "resolved"
    PARTLY = "partly"
    UNRESOLVED = "unresolved"


RESOLUTION_NAMES = {
    Resolution.RESOLVED: "已解决",
    Resolution.PARTLY: "部分解决",
    Resolution.UNRESOLVED: "未解决",
}


class NotReached(StrEnum):
    NO_ANSWER = "no_answer"
    OUT_OF_SERVICE = "out_of_service"
    DECLINED = "declined"
    WRONG_NUMBER = "wrong_number"


NOT_REACHED_NAMES = {
    NotReached.NO_ANSWER: "无人接",
    NotReached.OUT_OF_SERVICE: "停机",
    NotReached.DECLINED: "拒接",
    NotReached.WRONG_NUMBER: "号码错",
}


class Platform(StrEnum):
    """四平台 (field-facts K1)."""

    GOVERNANCE = "governance"
    ENFORCEMENT = "enforcement"
    OVERSIGHT = "oversight"
    SERVICE = "service"


PLATFORM_NAMES = {
    Platform.GOVERNANCE: "综合治理",
    Platform.ENFORCEMENT: "执法监管",
    Platform.OVERSIGHT: "综合监督",
    Platform.SERVICE: "便民服务",
}
