"""Every action as data. Menus, buttons, shortcuts and the key sheet read this table and nothing else."""

# ruff: noqa: E501 - one action a line, to be read as a table

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from console.domain.auditing import MAY_AUDIT
from console.domain.importing.kinds import kinds_for
from console.domain.knowledge import EDITORS, PROPOSERS
from console.domain.lifecycle import RULES, TABLE
from console.domain.moves import Move
from console.domain.registers.duty import DUTY_KEEPERS
from console.domain.registers.kinds import KEEPERS
from console.domain.roles import WORKPLACES, Role, Workplace
from console.theme import Tone, icon


class Group(StrEnum):
    """The headings of the key sheet, in order."""

    CALL = "通话"
    RECORD = "登记与派单"
    ORDER = "工单办理"
    FIND = "查找"
    VIEW = "界面"
    GO = "工作区"


class ActionId(StrEnum):
    KEYS = "keys"
    ANSWER = "answer"
    FIND = "find"
    DIRECT_ANSWER = "direct_answer"
    KNOWLEDGE = "knowledge"
    DUPLICATES = "duplicates"
    SUBMIT = "submit"
    SUBMIT_ONLY = "submit_only"
    TRANSFER_110 = "transfer_110"
    END_CALL = "end_call"
    REVEAL = "reveal"
    SAVE_DRAFT = "save_draft"
    PRINT = "print"
    UNDO = "undo"
    BLOCKED = "blocked"
    EXPLAIN = "explain"
    READ_ALOUD = "read_aloud"
    SWITCH_THEME = "switch_theme"
    SIGN_OUT = "sign_out"
    CHANGE_PASSWORD = "change_password"
    REJECT = "reject"
    HARASSMENT = "harassment"
    NEW = "new"
    PROMISE = "promise"
    TAKE_NEXT = "take_next"
    DISPATCH = "dispatch"
    DESIGNATE = "designate"
    SPLIT = "split"
    AMEND = "amend"
    SIGN = "sign"
    REPLY = "reply"
    NEXT_STEP = "next_step"
    CONTACT = "contact"
    ARRIVE = "arrive"
    TAKE_BACK = "take_back"
    MEDIATE = "mediate"
    ATTACH = "attach"
    REPORT_MATTER = "report_matter"
    NOTIFY = "notify"
    FEEDBACK = "feedback"
    SUB_DISPATCH = "sub_dispatch"
    ESCALATE = "escalate"
    RETURN = "return"
    EXTEND = "extend"
    CO_HANDLE = "co_handle"
    CLOSE_CALLBACK = "close_callback"
    REDO = "redo"
    PASS_REVIEW = "pass_review"
    PASS_TO_VERIFY = "pass_to_verify"
    NEXT_PILE = "next_pile"
    BATCH = "batch"
    NOT_REACHED = "not_reached"
    CALL_NUMBER = "call_number"
    URGE = "urge"
    SUPERVISE = "supervise"
    LIFT = "lift"
    SUSPEND = "suspend"
    INSTRUCT = "instruct"
    ACCEPT_OVERRIDE = "accept_override"
    SEND_BACK = "send_back"
    NEXT_VIEW = "next_view"
    EXPORT = "export"
    AUDIT = "audit"
    REFRESH = "refresh"
    PREVIEW = "preview"
    BATCH_PRINT = "batch_print"
    GRID_OWNER = "grid_owner"
    MAP = "map"
    PAST_MATTERS = "past_matters"
    RESIDENTS = "residents"
    RESTORE = "restore"
    MORE_FIELDS = "more_fields"
    TAKE_IN_110 = "take_in_110"
    ACCEPT_110 = "accept_110"
    RETURN_110 = "return_110"
    KEEP_PROMISE = "keep_promise"
    HAND_OVER_SHIFT = "hand_over_shift"
    TALLIES = "tallies"
    IMPORT = "import"
    TAG = "tag"
    ADD_ROW = "add_row"
    ADD_MEMBER = "add_member"
    EDIT_ROW = "edit_row"
    SAVE_ROW = "save_row"
    VERIFY_ROW = "verify_row"
    LIFE_EVENT = "life_event"
    VISIT = "visit"
    BUILDING = "building"
    LOOK_UP = "look_up"
    TASK_DONE = "task_done"
    TASK_CHECK = "task_check"
    GIVE_VISITS = "give_visits"
    INSPECT = "inspect"
    RECTIFY = "rectify"
    CORRECT_ID = "correct_id"
    COPY_WEEK = "copy_week"
    REMOVE_DUTY = "remove_duty"
    NEW_ENTRY = "new_entry"
    EDIT_ENTRY = "edit_entry"
    PUBLISH_ENTRY = "publish_entry"
    SEND_BACK_ENTRY = "send_back_entry"
    CONFIRM_ENTRY = "confirm_entry"
    WITHDRAW_ENTRY = "withdraw_entry"
    TAKE_ANSWER = "take_answer"
    OPINION = "opinion"
    PROPOSE_ENTRY = "propose_entry"


EVERY_ROLE = frozenset(Role)
EVERYWHERE: frozenset[Workplace] = frozenset(Workplace)
_CALLS = frozenset({Role.AGENT, Role.SUPERVISOR})
_INTAKE = frozenset({Workplace.INTAKE})
_CASES = frozenset(
    {
        Workplace.LINKAGE,
        Workplace.ORDERS,
        Workplace.DISPATCH,
        Workplace.INBOX,
        Workplace.CALLBACK,
        Workplace.SUPERVISION,
    }
)
_INBOX = frozenset({Workplace.INBOX})
_LINKAGE = frozenset({Workplace.LINKAGE})
_WATCH = frozenset({Workplace.SUPERVISION})
_KNOWLEDGE = frozenset({Workplace.KNOWLEDGE})
_OVERSEE = frozenset({Role.OVERSEER, Role.SUPERVISOR})
_REGISTERS = frozenset({Workplace.REGISTERS})
# Who may do it at all, the lifecycle says: a key that is never answered is not offered.
_PROMISING, _TAGGING = RULES[Move.PROMISE].roles, RULES[Move.TAG].roles
_ACTING = frozenset(role for rule in TABLE for role in rule.roles)
_IMPORTING = frozenset(role for role in Role if kinds_for(role))
_REPORTING = frozenset({Role.GRID_WORKER, Role.GRID_LEADER, Role.STREET_DESK})


@dataclass(frozen=True, slots=True)
class Action:
    """One thing an operator can do; `tone` BAD marks the drastic ones, ACCENT the main one of a place."""

    id: ActionId
    text: str
    shortcut: str
    glyph: str
    group: Group
    workplaces: frozenset[Workplace] = EVERYWHERE
    roles: frozenset[Role] = EVERY_ROLE
    window_wide: bool = False
    tone: Tone = Tone.NEUTRAL

    @property
    def words(self) -> str:
        return QCoreApplication.translate("actions", self.text)

    @property
    def key_words(self) -> str:
        """The key as printed on the keyboard, whatever the language."""
        return self.shortcut


_A, _G = ActionId, Group
ACTIONS: tuple[Action, ...] = (
    Action(_A.ANSWER, "接听 / 开始登记", "F2", "fa6s.phone", _G.CALL, roles=_CALLS, window_wide=True, tone=Tone.ACCENT),
    Action(_A.END_CALL, "结束通话", "F12", "fa6s.phone-slash", _G.CALL, roles=_CALLS, window_wide=True),
    Action(_A.TRANSFER_110, "转 110", "F9", "fa6s.truck-medical", _G.CALL, _INTAKE | _LINKAGE, _CALLS | {Role.DISPATCHER}, tone=Tone.BAD),
    Action(_A.HARASSMENT, "标为骚扰电话", "Ctrl+Shift+H", "fa6s.phone-slash", _G.CALL, _INTAKE, _CALLS),
    Action(_A.REVEAL, "显示完整号码与姓名", "Ctrl+R", "fa6s.eye", _G.CALL),
    Action(_A.READ_ALOUD, "朗读核对", "Ctrl+T", "fa6s.volume-high", _G.CALL),
    Action(_A.SUBMIT, "提交并派单", "F8", "fa6s.paper-plane", _G.RECORD, _INTAKE, _CALLS, tone=Tone.ACCENT),
    Action(_A.SUBMIT_ONLY, "提交待派", "Ctrl+F8", "fa6s.inbox", _G.RECORD, _INTAKE, _CALLS),
    Action(_A.DIRECT_ANSWER, "直接答复", "F4", "fa6s.comment-dots", _G.RECORD, _INTAKE, _CALLS),
    Action(_A.SAVE_DRAFT, "存草稿", "Ctrl+S", "fa6s.floppy-disk", _G.RECORD, _INTAKE | _INBOX | _KNOWLEDGE | {Workplace.CALLBACK}),
    Action(_A.REJECT, "不予受理", "Ctrl+Shift+J", "fa6s.ban", _G.RECORD, _INTAKE, _CALLS),
    Action(_A.NEW, "新登记", "Ctrl+N", "fa6s.plus", _G.RECORD, _INTAKE, _CALLS),
    Action(_A.RESTORE, "恢复未提交的记录", "Ctrl+O", "fa6s.clock-rotate-left", _G.RECORD, _INTAKE, _CALLS),
    Action(_A.MORE_FIELDS, "被反映对象与转办意见", "Alt+M", "fa6s.ellipsis", _G.RECORD, _INTAKE, _CALLS),
    Action(_A.PROMISE, "记下承诺时间", "Ctrl+M", "fa6s.handshake", _G.RECORD, _INTAKE | _CASES, _PROMISING),
    Action(_A.KEEP_PROMISE, "登记承诺已兑现", "Ctrl+Shift+O", "fa6s.handshake-simple", _G.ORDER, _CASES, _PROMISING),
    Action(_A.TAG, "专项活动与平台", "Ctrl+Shift+T", "fa6s.tags", _G.RECORD, _INTAKE | _CASES, _TAGGING),
    Action(_A.TAKE_IN_110, "登记110转来", "Ctrl+N", "fa6s.plus", _G.ORDER, _LINKAGE),
    Action(_A.ACCEPT_110, "受理110转来", "F8", "fa6s.check", _G.ORDER, _LINKAGE, tone=Tone.ACCENT),
    Action(_A.RETURN_110, "退回110、登记110退回", "Ctrl+B", "fa6s.arrow-rotate-left", _G.ORDER, _LINKAGE, tone=Tone.BAD),
    Action(_A.TALLIES, "平台与专项活动", "Ctrl+Shift+Y", "fa6s.table-cells-large", _G.VIEW, frozenset({Workplace.ORDERS})),
    Action(_A.HAND_OVER_SHIFT, "交接班", "Ctrl+Shift+H", "fa6s.people-arrows", _G.VIEW, frozenset({Workplace.ORDERS}), _CALLS | {Role.DISPATCHER}),
    Action(_A.BLOCKED, "骚扰号码：批准、解除", "Ctrl+Shift+B", "fa6s.phone-slash", _G.VIEW, frozenset({Workplace.ORDERS}), frozenset({Role.SUPERVISOR})),
    Action(_A.UNDO, "撤销刚才的操作（10 秒内）", "Ctrl+Z", "fa6s.rotate-left", _G.RECORD, roles=_ACTING, window_wide=True),
    Action(_A.TAKE_NEXT, "领取下一件", "F5", "fa6s.hand-pointer", _G.ORDER, frozenset({Workplace.DISPATCH, Workplace.CALLBACK})),
    Action(_A.DISPATCH, "派单", "F8", "fa6s.share-nodes", _G.ORDER, frozenset({Workplace.DISPATCH}), tone=Tone.ACCENT),
    Action(_A.DESIGNATE, "指定承办", "Ctrl+Shift+D", "fa6s.gavel", _G.ORDER, frozenset({Workplace.DISPATCH})),
    Action(_A.SPLIT, "拆分工单", "Ctrl+Shift+S", "fa6s.code-branch", _G.ORDER, frozenset({Workplace.DISPATCH, Workplace.ORDERS})),
    Action(_A.AMEND, "更正工单", "Ctrl+G", "fa6s.pen-to-square", _G.ORDER, frozenset({Workplace.DISPATCH, Workplace.ORDERS})),
    Action(_A.SIGN, "签收", "F4", "fa6s.signature", _G.ORDER, _INBOX),
    Action(_A.NEXT_STEP, "下一步：签收、联系、回复", "F8", "fa6s.circle-arrow-right", _G.ORDER, _INBOX, tone=Tone.ACCENT),
    Action(_A.CONTACT, "登记联系群众", "Ctrl+K", "fa6s.phone-volume", _G.ORDER, _INBOX),
    Action(_A.ARRIVE, "登记到场", "Ctrl+J", "fa6s.location-dot", _G.ORDER, _INBOX),
    Action(_A.REPLY, "回复办结", "Ctrl+Shift+R", "fa6s.reply", _G.ORDER, _INBOX),
    Action(_A.SUB_DISPATCH, "下派", "Ctrl+Down", "fa6s.arrow-down", _G.ORDER, _INBOX),
    Action(_A.ESCALATE, "上报", "Ctrl+Up", "fa6s.arrow-up", _G.ORDER, _INBOX),
    Action(_A.TAKE_BACK, "收回下派", "Ctrl+Shift+Down", "fa6s.rotate-left", _G.ORDER, _INBOX),
    Action(_A.RETURN, "退单", "Ctrl+B", "fa6s.arrow-rotate-left", _G.ORDER, _INBOX, tone=Tone.BAD),
    Action(_A.EXTEND, "申请延期", "Ctrl+E", "fa6s.calendar-plus", _G.ORDER, _INBOX),
    Action(_A.CO_HANDLE, "吹哨请协办", "Ctrl+H", "fa6s.people-arrows", _G.ORDER, _INBOX),
    Action(_A.MEDIATE, "记录调解", "Ctrl+Shift+M", "fa6s.handshake-angle", _G.ORDER, _INBOX),
    Action(_A.NOTIFY, "抄告其他单位", "Ctrl+G", "fa6s.share-from-square", _G.ORDER, _INBOX),
    Action(_A.FEEDBACK, "反馈督办", "Ctrl+I", "fa6s.reply-all", _G.ORDER, _INBOX),
    Action(_A.REPORT_MATTER, "上报事项", "Ctrl+N", "fa6s.bullhorn", _G.RECORD, _INBOX, _REPORTING),
    Action(_A.ATTACH, "添加照片和附件", "Ctrl+O", "fa6s.paperclip", _G.ORDER, _INBOX),
    Action(_A.CLOSE_CALLBACK, "回访办结", "F8", "fa6s.check", _G.ORDER, frozenset({Workplace.CALLBACK}), tone=Tone.ACCENT),
    Action(_A.REDO, "发回重办", "Ctrl+B", "fa6s.repeat", _G.ORDER, frozenset({Workplace.DISPATCH, Workplace.CALLBACK}), tone=Tone.BAD),
    Action(_A.PASS_REVIEW, "审核通过，转回访", "Alt+1", "fa6s.check", _G.ORDER, frozenset({Workplace.DISPATCH})),
    Action(_A.PASS_TO_VERIFY, "审核通过，转现场核查", "Alt+2", "fa6s.person-walking", _G.ORDER, frozenset({Workplace.DISPATCH})),
    Action(_A.BATCH, "办理勾选的工单（空格勾选，Ctrl+A 全选）", "F8", "fa6s.list-check", _G.ORDER, frozenset({Workplace.ORDERS}), frozenset({Role.SUPERVISOR, Role.DISPATCHER, Role.OVERSEER, Role.CLERK})),
    Action(_A.NEXT_PILE, "换到下一堆", "Ctrl+Tab", "fa6s.right-left", _G.FIND, _INBOX | _KNOWLEDGE | {Workplace.DISPATCH}),
    Action(_A.CALL_NUMBER, "显示这位诉求人的号码", "Ctrl+Shift+R", "fa6s.phone", _G.ORDER, frozenset({Workplace.CALLBACK})),
    Action(_A.NOT_REACHED, "未接通", "F4", "fa6s.phone-slash", _G.ORDER, frozenset({Workplace.CALLBACK})),
    Action(_A.TAKE_ANSWER, "引用到直接答复", "F4", "fa6s.comment-dots", _G.RECORD, _KNOWLEDGE, _CALLS, tone=Tone.ACCENT),
    Action(_A.OPINION, "反馈：有用、有误、已过时", "Ctrl+J", "fa6s.comment", _G.ORDER, _KNOWLEDGE),
    Action(_A.NEW_ENTRY, "写新条目", "Ctrl+N", "fa6s.plus", _G.ORDER, _KNOWLEDGE, PROPOSERS),
    Action(_A.EDIT_ENTRY, "修改，已发布的写下一版", "Ctrl+E", "fa6s.pen-to-square", _G.ORDER, _KNOWLEDGE, PROPOSERS),
    Action(_A.PUBLISH_ENTRY, "提交审核、发布", "F8", "fa6s.check", _G.ORDER, _KNOWLEDGE, PROPOSERS, tone=Tone.ACCENT),
    Action(_A.SEND_BACK_ENTRY, "退回修改", "Ctrl+B", "fa6s.arrow-rotate-left", _G.ORDER, _KNOWLEDGE, EDITORS),
    Action(_A.CONFIRM_ENTRY, "复核无误", "Ctrl+K", "fa6s.check-double", _G.ORDER, _KNOWLEDGE, EDITORS),
    Action(_A.WITHDRAW_ENTRY, "撤下、放弃草稿", "Ctrl+Shift+B", "fa6s.box-archive", _G.ORDER, _KNOWLEDGE, PROPOSERS, tone=Tone.BAD),
    Action(_A.PROPOSE_ENTRY, "由办结的工单提出知识条目", "Ctrl+Shift+N", "fa6s.lightbulb", _G.ORDER, _CASES, PROPOSERS),
    Action(_A.URGE, "催办", "F8", "fa6s.bell", _G.ORDER, _WATCH, _OVERSEE, tone=Tone.ACCENT),
    Action(_A.SUPERVISE, "督办", "F4", "fa6s.triangle-exclamation", _G.ORDER, _WATCH, _OVERSEE),
    Action(_A.LIFT, "解除督办", "Ctrl+U", "fa6s.check-double", _G.ORDER, _WATCH, _OVERSEE),
    Action(_A.SUSPEND, "挂起或恢复办理", "Ctrl+G", "fa6s.pause", _G.ORDER, _WATCH, _OVERSEE),
    Action(_A.ACCEPT_OVERRIDE, "认可越关办结", "Alt+1", "fa6s.check", _G.ORDER, _WATCH, _OVERSEE),
    Action(_A.SEND_BACK, "越关办结发回重办", "Ctrl+B", "fa6s.repeat", _G.ORDER, _WATCH, _OVERSEE, tone=Tone.BAD),
    Action(_A.INSTRUCT, "领导批示", "F8", "fa6s.pen-nib", _G.ORDER, _WATCH, frozenset({Role.LEADER}), tone=Tone.ACCENT),
    Action(_A.NEXT_VIEW, "看板、复核、问责之间切换", "Ctrl+Tab", "fa6s.right-left", _G.FIND, _WATCH),
    Action(_A.EXPLAIN, "说明这个时限", "Ctrl+L", "fa6s.clock", _G.ORDER, _INTAKE | _CASES),
    Action(_A.PREVIEW, "预览", "F8", "fa6s.file-lines", _G.ORDER, frozenset({Workplace.REPORTS}), tone=Tone.ACCENT),
    Action(_A.BATCH_PRINT, "批量打印", "Ctrl+Shift+P", "fa6s.layer-group", _G.ORDER, frozenset({Workplace.REPORTS})),
    Action(_A.ADD_ROW, "新登记、派任务、登记巡查、排值班", "Ctrl+N", "fa6s.plus", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.ADD_MEMBER, "给这一户、这套房添加成员", "Ctrl+Shift+N", "fa6s.user-plus", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.EDIT_ROW, "修改登记", "F4", "fa6s.pen-to-square", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.SAVE_ROW, "保存登记", "F8", "fa6s.check", _G.RECORD, _REGISTERS, KEEPERS, tone=Tone.ACCENT),
    Action(_A.VERIFY_ROW, "核实无误", "Ctrl+J", "fa6s.circle-check", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.LIFE_EVENT, "出生、死亡、迁入、迁出", "Ctrl+E", "fa6s.person-walking-luggage", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.VISIT, "登记走访", "Ctrl+K", "fa6s.person-walking", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.BUILDING, "楼栋图", "Ctrl+B", "fa6s.building", _G.FIND, _REGISTERS),
    Action(_A.LOOK_UP, "查登记", "Ctrl+F", "fa6s.magnifying-glass", _G.FIND, _REGISTERS),
    Action(_A.TASK_DONE, "任务完成", "Ctrl+I", "fa6s.check-double", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.TASK_CHECK, "连线抽查", "Ctrl+H", "fa6s.phone-volume", _G.RECORD, _REGISTERS, KEEPERS - {Role.GRID_WORKER} | {Role.AGENT}),
    Action(_A.GIVE_VISITS, "到期走访派给网格员", "Ctrl+U", "fa6s.paper-plane", _G.RECORD, _REGISTERS, KEEPERS - {Role.GRID_WORKER}),
    Action(_A.INSPECT, "登记企业检查", "Ctrl+G", "fa6s.clipboard-check", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.RECTIFY, "登记隐患整改", "Ctrl+L", "fa6s.screwdriver-wrench", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.CORRECT_ID, "更正身份证号", "Shift+F4", "fa6s.id-card", _G.RECORD, _REGISTERS, KEEPERS),
    Action(_A.COPY_WEEK, "值班照抄上周", "Ctrl+Shift+U", "fa6s.copy", _G.RECORD, _REGISTERS, DUTY_KEEPERS),
    Action(_A.REMOVE_DUTY, "撤下这一班", "Ctrl+Shift+B", "fa6s.xmark", _G.RECORD, _REGISTERS, DUTY_KEEPERS, tone=Tone.BAD),
    Action(_A.PRINT, "打印", "Ctrl+P", "fa6s.print", _G.ORDER),
    Action(_A.IMPORT, "导入", "Ctrl+Shift+I", "fa6s.file-import", _G.VIEW, frozenset({Workplace.ORDERS, Workplace.REGISTERS}), _IMPORTING),
    Action(_A.AUDIT, "查阅记录", "Ctrl+Shift+W", "fa6s.user-secret", _G.FIND, _CASES | _REGISTERS, MAY_AUDIT),
    Action(_A.EXPORT, "导出", "Ctrl+Shift+E", "fa6s.file-export", _G.ORDER, _CASES | {Workplace.REPORTS, Workplace.REGISTERS}),
    Action(_A.FIND, "查找工单、号码、居民、地址、单位", "F3", "fa6s.magnifying-glass", _G.FIND, window_wide=True),
    Action(_A.KNOWLEDGE, "知识库答案", "F6", "fa6s.book-open", _G.FIND),
    Action(_A.DUPLICATES, "疑似同一事项", "F7", "fa6s.clone", _G.FIND, _INTAKE | _CASES),
    Action(_A.GRID_OWNER, "选网格（地址有歧义时）", "Alt+G", "fa6s.location-dot", _G.FIND, _INTAKE, _CALLS),
    Action(_A.MAP, "地图：选点、看今日工单、看登记在哪里", "F11", "fa6s.map-location-dot", _G.FIND, _INTAKE | _REGISTERS | {Workplace.ORDERS}),
    Action(_A.PAST_MATTERS, "以往来电与工单", "Alt+H", "fa6s.clock-rotate-left", _G.FIND, _INTAKE, _CALLS),
    Action(_A.RESIDENTS, "查居民", "Alt+R", "fa6s.users", _G.FIND, _INTAKE, _CALLS),
    Action(_A.REFRESH, "重新载入列表", "Ctrl+F5", "fa6s.rotate", _G.FIND, EVERYWHERE - _INTAKE),
    Action(_A.KEYS, "按键一览", "F1", "fa6s.keyboard", _G.VIEW, window_wide=True),
    Action(_A.SIGN_OUT, "换人登录", "Ctrl+Shift+L", "fa6s.right-from-bracket", _G.VIEW, window_wide=True),
    Action(_A.CHANGE_PASSWORD, "修改密码", "Ctrl+Shift+K", "fa6s.key", _G.VIEW, window_wide=True),
    Action(_A.SWITCH_THEME, "切换明暗", "Ctrl+D", "fa6s.circle-half-stroke", _G.VIEW, window_wide=True),
)  # fmt: skip
BY_ID: dict[ActionId, Action] = {action.id: action for action in ACTIONS}


@dataclass(frozen=True, slots=True)
class Place:
    """How a workplace stands on the rail; the sentence is for tooltips and screen readers."""

    short: str
    name: str
    glyph: str
    does: str


PLACES: dict[Workplace, Place] = {
    Workplace.INTAKE: Place("受理", "受理台", "fa6s.headset", "接电话、登记诉求、派单"),
    Workplace.ORDERS: Place("工单", "工单池", "fa6s.list-check", "查看与筛选全部工单"),
    Workplace.DISPATCH: Place("派单", "派单台", "fa6s.share-nodes", "审核、派单、裁定退单与延期"),
    Workplace.INBOX: Place("承办", "承办", "fa6s.inbox", "签收、处置、回复"),
    Workplace.CALLBACK: Place("回访", "回访", "fa6s.phone-volume", "回访市民、办结或重办"),
    Workplace.LINKAGE: Place("联动", "110联动", "fa6s.shield-halved", "与110互转、退回、统计"),
    Workplace.SUPERVISION: Place("督办", "督办", "fa6s.bell", "催办、督办、通报"),
    Workplace.REGISTERS: Place(
        "网格", "居民与网格", "fa6s.map-location-dot", "居民、房屋、网格与人员"
    ),
    Workplace.DASHBOARD: Place("看板", "看板", "fa6s.chart-column", "实时数量与曲线"),
    Workplace.REPORTS: Place("报表", "报表", "fa6s.print", "表单、报表、批量打印"),
    Workplace.KNOWLEDGE: Place("知识", "知识库", "fa6s.book-open", "查找与维护标准答案"),
    Workplace.TRAINING: Place("培训", "培训", "fa6s.graduation-cap", "模拟来电与评分"),
    Workplace.QUALITY: Place("质检", "质检", "fa6s.clipboard-check", "抽查与评分"),
    Workplace.ADMINISTRATION: Place("管理", "管理", "fa6s.gear", "单位、人员、权限、政策包"),
}


def actions_of(workplace: Workplace | None, role: Role) -> tuple[Action, ...]:
    """What this role can do there, in table order; window-wide actions are everywhere."""
    return tuple(
        a for a in ACTIONS if role in a.roles and (a.window_wide or workplace in a.workplaces)
    )


def places_of(role: Role, built: frozenset[Workplace] = EVERYWHERE) -> tuple[Workplace, ...]:
    """The role's workplaces, its own first; Ctrl+1 is the first of them."""
    return tuple(place for place in WORKPLACES[role] if place in built)


def add_action(widget: QWidget, action_id: ActionId, slot: Any, text: str = "") -> QAction:
    """Hang an action on a page and connect it to a bound method.

    The shortcut works in the whole window while the page is visible: Qt ignores the actions of hidden
    widgets, so pages may reuse F8 without getting in each other's way.
    """
    data = BY_ID[action_id]
    made = QAction(icon(data.glyph), text or data.words, widget)
    made.setObjectName(action_id)
    made.setShortcut(QKeySequence(data.shortcut))
    made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    made.setAutoRepeat(False)
    made.setData(action_id)
    # Invisible, Qt lets nobody trigger it either, whatever the page enables.
    made.setVisible(bool(data.workplaces))
    made.triggered.connect(slot)
    widget.addAction(made)
    return made
