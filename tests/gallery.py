"""The shared parts side by side, with invented data: what `tests.screens` renders and people look at."""

# ruff: noqa: E501 - tables of invented rows read better unbroken

from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from console.domain.errors import Invalid
from console.domain.records import AssignmentLine, EventLine, LightText
from console.domain.roles import Operator, Role, Workplace
from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    Light,
    SupervisionLevel,
    TicketState,
)
from console.jobs import Jobs
from console.theme import Tone, mark
from console.views.call_bar import CallFacts
from console.views.key_sheet import KeySheet
from console.views.main_window import MainWindow
from console.views.parts.assignment_tree import AssignmentTree
from console.views.parts.card import Card, column, label, row
from console.views.parts.chip import Chip
from console.views.parts.clock import grouped_number
from console.views.parts.counter_bar import Counter, CounterBar
from console.views.parts.dialog import Dialog
from console.views.parts.empty_state import EmptyState
from console.views.parts.explain_panel import ExplainPanel, Explanation
from console.views.parts.field import Field
from console.views.parts.key_cap import KeyButton, KeyCap
from console.views.parts.light_label import LightLabel, Shape, supervision_mark
from console.views.parts.message_strip import MessageStrip
from console.views.parts.progress_bar import LongJobBar
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.step_bar import StepBar
from console.views.parts.suggestion_list import SuggestionList
from console.views.parts.table import TableView
from console.views.parts.timeline import Timeline
from console.views.parts.type_ahead import Suggestion, TypeAhead
from console.views.sign_in import SignIn

NOW = datetime.now(UTC).replace(hour=3, minute=24)


class Row:
    """A list row of the gallery."""

    def __init__(
        self, at: int, number: str, title: str, unit: str, state: str, light: object, when: str
    ) -> None:
        self.id, self.number, self.title, self.unit = at, number, title, unit
        self.state, self.light, self.when = state, light, when


def rows() -> list[Row]:
    light = LightText
    return [
        Row(1, "20261122010003175", "保利西街门面下水道堵塞，油污外溢", "楼台街道", "处理中", light(Light.YELLOW, "黄 剩2小时"), "今天 10:24"),
        Row(2, "20261121010002881", "保利西街油污外流，路面打滑", "楼台街道", "已合并", light(Light.NONE, ""), "昨天 17:20"),
        Row(3, "20261120030000417", "南山家属院雨污改造路面高差争议", "真武街道", "调解中", light(Light.RED, "红 超1天"), "11-20 09:02"),
        Row(4, "20261122010003098", "工地夜间施工噪声扰民", "环境保护局", "待签收", light(Light.GREEN, "绿 剩22分"), "今天 09:58"),
        Row(5, "20261122010002980", "消火栓被撞断，喷水", "供水集团", "待核查", supervision_mark(SupervisionLevel.YELLOW), "今天 09:12"),
        Row(6, "20261120020001992", "退休金资格认证", "人社局", "已办结", light(Light.ON_TIME, "按时"), "11-20 14:10"),
        Row(7, "20261119010000031", "小区停车位产权争议，等待法院判决", "住建局", "挂起", light(Light.GREY, "挂起 停表"), "11-19 08:15"),
    ]  # fmt: skip


def _light(record: Row):
    from console.views.parts.light_label import Mark, mark_of

    return record.light if isinstance(record.light, Mark) else mark_of(record.light)


def table() -> TableView:
    model = RecordTable(
        [
            Column("工单编号", lambda r: grouped_number(r.number), Tone.MUTED, width=170),
            Column("事项", lambda r: r.title),
            Column("承办单位", lambda r: r.unit, width=96),
            Column("状态", lambda r: r.state, width=76),
            Column("时限", _light, width=110),
            Column("受理时间", lambda r: r.when, Tone.MUTED, width=96),
        ],
    )
    view = TableView(model)
    model.setParent(view)
    view.show_rows(rows())
    view.selectRow(0)
    view.delegate.hovered_row = 3
    view.setMinimumHeight(28 * 8 + 4)
    return view


def assignments() -> list[AssignmentLine]:
    def line(at, depth, unit, kind, state, light, **more):
        base = dict.fromkeys(
            ("sign_due", "signed_at", "response_due", "responded_at", "finish_due", "replied_at")
        )
        return AssignmentLine(
            id=at, depth=depth, unit_id=at, unit=unit, kind=kind, state=state, signer=more.pop("signer", ""),
            dispatched_at=NOW, opinion="", light=light, **(base | more),
        )  # fmt: skip

    none, lead, co, state = (
        LightText(Light.NONE, ""),
        AssignmentKind.LEAD,
        AssignmentKind.CO,
        AssignmentState,
    )
    later = NOW + timedelta(days=3)
    return [
        line(1, 0, "楼台街道办事处", lead, state.PASSED_DOWN, LightText(Light.YELLOW, "黄 剩2小时"), signed_at=NOW, signer="王**", finish_due=later),
        line(2, 1, "郭亮社区", lead, state.PASSED_DOWN, none, signed_at=NOW + timedelta(minutes=9), signer="周**"),
        line(3, 2, "郭亮社区第一网格", lead, state.IN_PROGRESS, LightText(Light.GREEN, "绿 剩1天"), signed_at=NOW, signer="刘**"),
        line(4, 1, "城市管理和综合执法局", co, state.PENDING_SIGN, none, sign_due=NOW + timedelta(minutes=30)),
        line(5, 0, "供水集团", co, state.RETURNED, none),
    ]  # fmt: skip


def events() -> list[EventLine]:
    def event(at, minute, action, name, actor, unit, note):
        return EventLine(
            at,
            NOW + timedelta(minutes=minute),
            action,
            name,
            actor,
            unit,
            TicketState.IN_PROGRESS,
            note,
        )

    return [
        event(1, 0, "dispatch", "受理并派单", "李敏 0017", "热线中心", ""),
        event(2, 16, "sub_dispatch", "下派", "王**", "楼台街道", "转郭亮社区第一网格现场处置。"),
        event(3, 34, "urged", "催办", "系统", "", "距办结时限不足 20%，已自动催办。"),
        event(4, 41, "contact", "现场联系", "刘**", "第一网格", "到场核实，油污来自 123 号、126 号两家餐饮，已联系物业，下午两点前清疏；已在路口设警示牌。"),
    ]  # fmt: skip


def _buttons() -> Card:
    card = Card("按钮与标签", KeyCap("F1"))
    off = KeyButton("提交并派单", "F8", "primary")
    off.setEnabled(False)
    card.add(
        row(
            KeyButton("提交并派单", "F8", "primary"),
            KeyButton("直接答复", "F4"),
            KeyButton("转 110", "F9", "danger"),
            None,
        )
    )
    card.add(row(KeyButton("存草稿", "Ctrl+S"), KeyButton("更多", kind="quiet"), off, None))
    card.add(row(*(Chip(word, tone) for word, tone in zip(("户籍居民", "已办结", "第3次来电", "红牌", "独居老人", "本周", "更多"),
             (Tone.ACCENT, Tone.OK, Tone.WARN, Tone.BAD, Tone.VIOLET, Tone.NEUTRAL, Tone.MUTED), strict=True)), None))  # fmt: skip
    lights = (LightText(Light.GREEN, "绿 剩3天"), LightText(Light.YELLOW, "黄 剩2小时"), LightText(Light.RED, "红 超1天"),
              LightText(Light.GREY, "挂起"), supervision_mark(SupervisionLevel.RED))  # fmt: skip
    card.add(row(*(LightLabel(light) for light in lights), None))
    card.add(
        row(
            *(
                LightLabel(light, wash=False)
                for light in (LightText(Light.ON_TIME, "按时"), LightText(Light.LATE, "逾期 3小时"))
            ),
            None,
        )
    )
    return card


def _form() -> Card:
    card = Card("输入", label(grouped_number("20261122010003175"), "muted"), padding=16)
    who, phone = TypeAhead("姓名"), TypeAhead("电话")
    who.put("叶先生")
    phone.put("138****567")
    wrong = Field("联系电话", phone, required=True)
    wrong.show_error("少一位数字。请向来电人核对号码。")
    pair = row(Field("何人", who, hint="同号登记 2 人"), wrong, spacing=12)
    text = SnippetEdit("何事", rows=2)
    text.put("门面下水道堵塞，油污外溢到人行道，路面湿滑，有老人滑倒，希望尽快疏通并清理路面。")
    nature = Segmented(list(enumerate(("咨询", "求助", "投诉", "举报", "建议", "表扬"))), "性质")
    nature.choose(1)
    box, level = (
        QCheckBox("需要回复"),
        Segmented(list(enumerate(("一般", "紧急", "特急"))), "紧急程度"),
    )
    box.setChecked(True)
    radio = QRadioButton("其他")
    radio.setChecked(True)
    combo = QComboBox()
    combo.addItems(["示闲"])
    category = TypeAhead("分类")
    category.put("xsd")
    card.add(pair, Field("何事与诉求", text, hint="46 字"), Field("性质", row(nature, None)))
    card.add(
        row(level, box, QCheckBox("保密"), radio, None, combo),
        Field("分类", category, hint="拼音首字母 xsddu", key="Alt+C"),
    )
    card.category = category
    return card


def _side() -> QWidget:
    tree, line, explain = AssignmentTree(), Timeline(), ExplainPanel()
    tree.show_lines(assignments())
    line.show_events(events())
    explain.show_lines(
        "为什么是 11月25日 17:30",
        [
            Explanation("受理", "11月22日 10:24", "星期日，非工作时间"),
            Explanation("起算", "11月23日 08:30", "次一工作时段开始（GB/T 33358）"),
            Explanation("时限", "3 个工作日", "一般 · 求助（默认政策包）"),
            Explanation("办结前", "11月25日 17:30", "", result=True),
        ],
    )
    work, flow, why = Card("承办"), Card("经过"), Card("时限", KeyCap("Ctrl+L"))
    steps = StepBar(("发现", "受理", "分流", "处置", "跟踪", "督办", "反馈", "评价"), 3)
    work.add(steps, tree)
    flow.add(line)
    why.add(explain)
    return column(work, flow, why, None)


def _foot() -> QWidget:
    good, bad, info, undo = MessageStrip(), MessageStrip(), MessageStrip(), MessageStrip()
    good.say("工单 20261122 01 000317 5 已回复办结。", Tone.OK)
    bad.say("数据库暂时连不上，已存入本机待传。", Tone.BAD, "立即重试", "retry")
    info.say("陈**（坐席 0021）也打开了这张工单。", Tone.VIOLET)
    undo.offer_undo("已派给楼台街道办事处。", "撤销派单", "x", 9)
    job = LongJobBar()
    job.start("正在导出工单明细…", None)
    job.progressed(41_200, 100_000)
    return column(good, bad, info, undo, job, spacing=6)


def gallery() -> QWidget:
    page = QWidget()
    mark(page, kind="page")
    page.resize(1440, 1010)
    counters = CounterBar()
    counters.show_counters(
        [Counter("all", "工单总数", 2841), Counter("sign", "待签收", 37), Counter("work", "处理中", 412), Counter("call", "待回访"),
         Counter("yellow", "黄灯", 21, Tone.WARN, Shape.DISC), Counter("red", "红灯", 6, Tone.BAD, Shape.SQUARE),
         Counter("done", "已办结", 2307, Tone.OK, Shape.TICK)]
    )  # fmt: skip
    counters.choose("work")
    form, list_card, empty = _form(), Card("工单", label("共 476 件", "muted"), padding=0), Card()
    list_card.head.setContentsMargins(12, 10, 12, 6)
    list_card.add(table())
    empty.add(
        EmptyState("没有待签收的工单", "新派来的工单会自动出现在这里。", "查看全部工单", "Ctrl+2")
    )
    left = column(counters, list_card, row(_buttons(), empty), form, _foot(), None)
    page.form = form
    outer = QHBoxLayout(page)
    outer.setContentsMargins(12, 12, 12, 12)
    outer.setSpacing(12)
    outer.addWidget(left, 1)
    side = _side()
    side.setFixedWidth(440)
    outer.addWidget(side)
    return page


def suggestions() -> QWidget:
    """A type-ahead with its list open; the list is placed by hand because a grabbed window has no focus."""
    page = QWidget()
    mark(page, kind="page")
    page.resize(640, 300)
    line = TypeAhead("分类，可打拼音首字母")
    line.setText("xsd")
    lines = QVBoxLayout(page)
    lines.setContentsMargins(16, 16, 16, 16)
    lines.addWidget(Field("分类", line, hint="拼音首字母"))
    lines.addStretch(1)
    offers = [
        Suggestion("下水道堵塞", 1, "城市管理 › 市政设施", "像 38 件", Tone.ACCENT),
        Suggestion("下水道井盖缺失", 2, "城市管理 › 市政设施"),
        Suggestion("消防栓喷水", 3, "城市管理 › 供水", "紧急", Tone.BAD),
        Suggestion("小商店占道经营", 4, "城市管理 › 市容环境"),
    ]
    page.show()
    popup = SuggestionList(page)
    popup.show_offers(offers, 0)
    popup.place(line)
    return page


OPERATOR = Operator(1, "0017", "李敏", Role.AGENT, 1, "示范市12345热线中心", "4306")


class FakeSignIn:
    """Invented people; `error` is raised by the next sign-in."""

    must_change = False

    def __init__(
        self, error: Exception | None = None, known: tuple[str, str] | None = None
    ) -> None:
        self.error, self.known, self.asked = error, known, []

    def demo_people(self) -> list[Operator]:
        roles = (Role.AGENT, Role.SUPERVISOR, Role.DISPATCHER, Role.STREET_DESK, Role.HANDLER, Role.GRID_LEADER, Role.REVISITOR,
                 Role.OVERSEER, Role.CLERK, Role.TRAINER, Role.ADMIN)  # fmt: skip
        names = "李敏 赵启明 孙婷 王建国 何志远 刘桂香 郑雅 冯国栋 蒋文 沈默 韩磊".split()
        return [
            Operator(i, f"{i + 17:04}", name, role, 1, "示范市12345热线中心", "4306")
            for i, (role, name) in enumerate(zip(roles, names, strict=True))
        ]

    def remembered(self) -> tuple[str, str] | None:
        return self.known

    def sign_in(self, name: str, password: str, remember: bool = False) -> Operator:
        self.asked.append((name, password, remember))
        if self.error is not None:
            raise self.error
        return OPERATOR


def frame(
    size: tuple[int, int] = (1440, 900), phone: str = "call", training: bool = False
) -> MainWindow:
    """The frame with nothing in it, in one of the three states of the phone."""
    manager = Operator(1, "0017", "李敏", Role.SUPERVISOR, 1, "示范市12345热线中心", "4306")
    empty = (
        "没有打开的诉求",
        "来电时按 F2 接听；也可以直接登记窗口、信件诉求。",
        "新登记",
        "Ctrl+N",
        "fa6s.headset",
    )
    pages = {place: EmptyState(*empty) for place in Workplace}
    window = MainWindow(manager, pages, training=training)
    window.resize(*size)
    facts = CallFacts(
        "138****5678", 3, "楼台区", "移动", datetime.now(UTC) - timedelta(seconds=42), "独居老人"
    )
    show = {"call": window.call_bar.show_call, "ring": window.call_bar.show_ring}.get(phone)
    if show:
        show(facts)
    window.rail.show_badge(Workplace.ORDERS, 6)
    window.status.show_note("草稿已保存 10:24:06")
    window.message.offer_undo("已派给楼台街道办事处。", "撤销派单", "x", 9)
    return window


def key_sheet() -> KeySheet:
    return KeySheet(
        Workplace.INTAKE, Role.AGENT, (Workplace.INTAKE, Workplace.ORDERS, Workplace.REPORTS)
    )


def sign_in_demo() -> SignIn:
    return SignIn(FakeSignIn(), Jobs(QApplication.instance()), demo=True)


def sign_in_error() -> SignIn:
    form = SignIn(FakeSignIn(), Jobs(QApplication.instance()))
    form.name.setText("0017")
    form.password.setText("wrong")
    form.fail(Invalid("密码不对。", "还可再试 4 次。", "password"))
    return form


def dialog() -> Dialog:
    made = Dialog(
        "退回这张工单？",
        "退回热线中心",
        "退回后由派单员裁定；两个工作小时内没有答复视为同意。",
        danger=True,
    )
    made.body.addWidget(
        Field("退单理由", SnippetEdit("理由", rows=3), required=True, hint="0 / 200 字")
    )
    made.fail("请写明依据的职责条款。")
    return made
