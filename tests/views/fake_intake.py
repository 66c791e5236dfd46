"""A tiny intake service and draft book in memory: invented people, instant answers, faults on demand."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from console.domain.changes import Changed, Topic
from console.domain.errors import Invalid, InvalidForm
from console.domain.identity import read_identity_number
from console.domain.intake import (
    CallerCard,
    Choice,
    DeadlinePreview,
    Draft,
    DuplicateCard,
    IntakeForm,
    KnowledgeCard,
    PastMatter,
    PlaceAnswer,
    Registered,
    Resident,
    Suggested,
    Waiting,
)
from console.domain.masking import mask_phone
from console.domain.phones import parse_phone
from console.domain.records import GridOwner
from console.domain.spoken_time import parse_occurred
from console.domain.states import Channel, Nature, TicketState, Urgency
from console.domain.tallies import CampaignChoice
from console.domain.wording import check_content, check_name

NOW = datetime.now(UTC)
CHANGED = Changed(frozenset({Topic.CALLS}))
PHONE = "19900001234"
HOME = "宝丽小区3栋2单元501"
PEOPLE = (
    Resident(
        1,
        "叶**",
        "男",
        71,
        "户主",
        "宝丽小区3栋***",
        30,
        "清河街道 › 清风社区 › 第一网格",
        "户籍",
        ("独居老人",),
        NOW - timedelta(days=20),
    ),
    Resident(
        2,
        "王*",
        "女",
        68,
        "配偶",
        "宝丽小区3栋***",
        30,
        "清河街道 › 清风社区 › 第一网格",
        "户籍",
        (),
        NOW - timedelta(days=99),
    ),
)
FULL = {1: ("叶长青", HOME), 2: ("王㛃", HOME), 3: ("欧阳春", "桂花园6栋")}
MATTERS = (
    PastMatter(
        11,
        "20261102010002211",
        "路灯不亮，宝丽西街路口",
        TicketState.CLOSED,
        NOW - timedelta(days=20),
        "已办结 满意",
        False,
    ),
    PastMatter(
        12,
        "20261120010000871",
        "楼道堆放杂物，多次反映",
        TicketState.IN_PROGRESS,
        NOW - timedelta(days=2),
        "处理中",
        True,
    ),
    PastMatter(
        13,
        "20260815010003120",
        "夜间施工噪声",
        TicketState.ANSWERED,
        NOW - timedelta(days=98),
        "直接答复",
        False,
    ),
)
GRID = GridOwner(
    30,
    "990101001001001",
    "第一网格",
    "清风社区",
    "清河街道",
    "宝丽西街 101–199 单号",
    10,
    20,
    "刘**",
    "199****0021",
    "陈**",
    "199****0022",
    "周*",
    "199****0023",
)
OTHER_GRID = replace(
    GRID,
    grid_id=31,
    grid_code="990101001001002",
    grid_name="第二网格",
    rule="宝丽西街 100–198 双号",
    leader="何**",
    worker="孙*",
)
DRAIN = Choice("010304", "下水道堵塞", detail="城市管理 › 市政设施")
CATEGORIES = (
    DRAIN,
    Choice("010305", "井盖缺失", detail="城市管理 › 市政设施"),
    Choice("020101", "小区物业纠纷", detail="住房 › 物业管理"),
    Choice("030201", "夜间施工噪声", detail="生态环境 › 噪声"),
)
STREET = Choice("qhjd", "清河街道办事处", detail="街道", id=10)
UNITS = (
    STREET,
    Choice("gsjt", "供水集团", detail="企业", id=41),
    Choice("csgl", "城市管理局", detail="部门", id=40),
)
INITIALS = {
    "下水道堵塞": "xsdds",
    "井盖缺失": "jgqs",
    "小区物业纠纷": "xqwyjf",
    "夜间施工噪声": "yjsgzs",
    "清河街道办事处": "qhjdbsc",
    "供水集团": "gsjt",
    "城市管理局": "csglj",
}
ALIKE = (
    DuplicateCard(
        77,
        "20261121010002881",
        "宝丽西街油污外流，路面打滑",
        TicketState.PENDING_SIGN,
        "清河街道办事处",
        NOW - timedelta(hours=17),
        86,
        ("同一路段 宝丽西街，相隔 2 号", "同类 下水道堵塞", "用词相同 油污外溢、打滑"),
        3,
        "宝丽西街125号",
    ),
    DuplicateCard(
        78,
        "20261118010001112",
        "宝丽西街123号门前积水",
        TicketState.IN_PROGRESS,
        "清河街道办事处",
        NOW - timedelta(days=4),
        58,
        ("同一路段 宝丽西街", "4天前"),
        1,
        "宝丽西街123号",
    ),
)
ANSWERS = (
    KnowledgeCard(
        1,
        "下水道堵塞由谁疏通？",
        "公共管道由市政疏通；门面内支管由产权人或物业负责，街道协调。",
        "…",
        "城镇排水与污水处理条例 第三十八条",
        "城市管理局",
    ),
    KnowledgeCard(
        2,
        "餐饮油污外溢向谁投诉？",
        "先由街道到场制止，再由城市管理局依法处理。",
        "…",
        "",
        "城市管理局",
        "12-31 到期",
    ),
)


def _hits(choices: tuple[Choice, ...], text: str) -> tuple[Choice, ...]:
    asked = text.strip().lower()
    return tuple(
        c
        for c in choices
        if not asked
        or asked in c.text
        or asked in INITIALS.get(c.text, "")
        or c.key.startswith(asked)
    )


class FakeIntake:
    """Counts what was asked; `fail` is raised by the next write; `gate` holds a named read back until released."""

    def __init__(self) -> None:
        self.submitted: list[tuple[IntakeForm, bool]] = []
        self.filed: list[tuple] = []
        self.calls: list[tuple] = []
        self.reveals: list[tuple[int, str]] = []
        self.fail: Exception | None = None
        self.gates: dict[str, threading.Event] = {}
        self.people = PEOPLE
        self.alike = ALIKE
        self.suggested = Suggested(
            category=DRAIN,
            category_reason="像20261103010000217、20261019010004412；按地点“宝丽西街”；按关键词“下水道堵塞”“油污外溢”",
            unit=STREET,
            unit_reason="“下水道堵塞”由属地街道承办，地址属清河街道 › 清风社区 › 第一网格（宝丽西街 101–199 号单号侧）",
            nature=Nature.HELP,
            nature_reason="话中有“堵塞”、“外溢”",
            urgency=Urgency.NORMAL,
            others=(CATEGORIES[1], CATEGORIES[2]),
        )

    def _wait(self, name: str) -> None:
        gate = self.gates.get(name)
        if gate is not None:
            gate.wait(10)

    def _write(self) -> None:
        if self.fail is not None:
            failure, self.fail = self.fail, None
            raise failure

    def ring(self, phone: str, called_no: str = "12345") -> CallerCard:
        self._write()
        self.calls.append(("ring", phone))
        return self.caller(phone, 100 + len(self.calls))

    def answer_call(self, call_id: int) -> Changed:
        self.calls.append(("answer", call_id))
        return CHANGED

    def end_call(self, call_id: int, result: str = "answered") -> Changed:
        self.calls.append(("end", call_id, result))
        return CHANGED

    def caller(self, phone: str, call_id: int | None = None) -> CallerCard:
        try:
            parse_phone(phone)
            fault = None
        except Invalid as error:
            fault = error
        known = phone == PHONE
        return CallerCard(
            call_id,
            mask_phone(phone),
            phone,
            "手机",
            "示范市",
            2 if known else 0,
            0,
            self.people if known else (),
            MATTERS if known else (),
            fault=fault,
        )

    def residents(self, text: str) -> tuple[Resident, ...]:
        if len(text) == 18:
            read_identity_number(text, NOW.date())
        found = replace(PEOPLE[1], person_id=3, name="欧阳*", home="桂花园6栋***", relation="户主")
        return (found,) if text in ("欧阳", "oyc", "桂花") else ()

    def full_person(self, person_id: int, reason: str) -> tuple[str, str]:
        self._wait("full_person")
        self.reveals.append((person_id, reason))
        return FULL[person_id]

    def reveal_number(self, call_id: int, reason: str) -> str:
        self._wait("reveal_number")
        self.reveals.append((f"call {call_id}", reason))
        return "13800000099"

    def grid(self, grid_id: int, rule: str) -> GridOwner | None:
        self._wait("grid")
        people = {"leader": "孙**", "leader_phone": "199****0031"}
        known = {one.grid_id: one for one in (GRID, OTHER_GRID)}
        return replace(known[grid_id], rule=rule, **people)

    def place(self, sentence: str, person_id: int | None) -> PlaceAnswer:
        self._wait("place")
        if "宝丽西街" in sentence and not any(c.isdigit() for c in sentence):
            return PlaceAnswer(
                None, (GRID, OTHER_GRID), "宝丽西街分属两个网格", "请问门牌是单号还是双号？"
            )
        if "宝丽" in sentence or (not sentence and person_id):
            return PlaceAnswer(
                GRID,
                rule="宝丽西街 101–199 单号",
                neighbour="第二网格（双号）",
                confidence="按地址",
            )
        return PlaceAnswer()

    def categories(self, text: str) -> tuple[Choice, ...]:
        return _hits(CATEGORIES, text)

    def units(self, text: str) -> tuple[Choice, ...]:
        return _hits(UNITS, text)

    def addresses(self, text: str) -> tuple[Choice, ...]:
        roads = (
            Choice("blxj", "宝丽西街", detail="清河街道"),
            Choice("blxq", "宝丽小区", detail="清风社区"),
        )
        return tuple(c for c in roads if c.text.startswith(text) and c.text != text) if text else ()

    def suggest(self, form: IntakeForm) -> Suggested:
        self._wait("suggest")
        if "着火" in form.content:
            return replace(self.suggested, emergency_line="119 火警")
        return self.suggested if len(form.content) > 5 else Suggested()

    def like(self, number: str) -> int:
        return int(number[-6:])

    def duplicates(self, form: IntakeForm) -> tuple[DuplicateCard, ...]:
        return self.alike if len(form.content) > 5 else ()

    def knowledge(self, text: str) -> tuple[KnowledgeCard, ...]:
        return ANSWERS if "下水道" in text or "油污" in text else ()

    def preview(
        self, nature: Nature | None, urgency: Urgency, category_code: str
    ) -> DeadlinePreview:
        if nature is None:
            return DeadlinePreview("", ())
        return DeadlinePreview(
            "签收 今天 16:30 前 · 响应 30 分钟 · 办结 11月25日 17:30 前（3个工作日）",
            (
                "受理　今天 10:24",
                "签收　30 分钟内　默认政策包",
                "起算　11月23日 08:30（GB/T 33358）",
                "办结　3 个工作日 → 11月25日 17:30",
            ),
        )

    def snippets(self) -> tuple[Choice, ...]:
        return (Choice("xsd", "下水道堵塞，污水外溢，", hint="下水道"),)

    def check(self, form: IntakeForm, dispatch: bool) -> tuple[Invalid, ...]:
        faults: list[Invalid] = []
        for check, text, field in (
            (check_name, form.name, "name"),
            (check_content, form.content, "content"),
        ):
            try:
                check(text, field=field)
            except Invalid as error:
                faults.append(error)
        faults += self._more(form, dispatch)
        order = (
            "name",
            "contact_phone",
            "occurred",
            "address",
            "content",
            "category_code",
            "unit_id",
        )
        return tuple(sorted(faults, key=lambda fault: order.index(fault.field)))

    def _more(self, form: IntakeForm, dispatch: bool) -> list[Invalid]:
        faults: list[Invalid] = []
        if not form.name and not form.anonymous:
            faults.append(Invalid("请填写姓名", "不愿留名请选“匿名”", "name"))
        for parse, text, field in (
            (parse_phone, form.contact_phone, "contact_phone"),
            (_when, form.occurred, "occurred"),
        ):
            try:
                if text:
                    parse(text, field=field)
            except Invalid as error:
                faults.append(error)
        if not form.category_code:
            faults.append(Invalid("请选择分类", "可打拼音首字母", "category_code"))
        if dispatch and form.unit_id is None:
            faults.append(Invalid("派单要有主办单位", field="unit_id"))
        return faults

    def submit(self, form: IntakeForm, dispatch: bool) -> Registered:
        self._wait("submit")
        self._write()
        faults = self.check(form, dispatch)
        if faults:
            raise InvalidForm(faults)
        self.submitted.append((form, dispatch))
        until = datetime.now(UTC) + timedelta(seconds=10) if dispatch else None
        state = TicketState.PENDING_SIGN if dispatch else TicketState.PENDING_DISPATCH
        return Registered(
            500 + len(self.submitted), "20261122010003175", "482913", state, "清河街道办事处", until
        )

    def _file(self, *what: object) -> Registered:
        self._write()
        self.filed.append(what)
        return Registered(700, "20261122010003183", "", TicketState.ANSWERED)

    def answer(self, form: IntakeForm, answer: str, knowledge_id: int | None = None) -> Registered:
        return self._file("answer", form, answer, knowledge_id)

    def join(self, form: IntakeForm, main_ticket_id: int) -> Registered:
        return self._file("join", form, main_ticket_id)

    def reject(
        self, form: IntakeForm, reason_code: str, told: str, confirmed_by: int
    ) -> Registered:
        return self._file("reject", form, reason_code, told, confirmed_by)

    def supervisors(self) -> tuple[Choice, ...]:
        return (Choice("0002", "周正 0002", id=2),)

    def rejection_reasons(self) -> tuple[Choice, ...]:
        return (
            Choice("1", "不属于本市行政管理职责"),
            Choice("4", "已进入诉讼、仲裁、复议程序"),
            Choice("7", "同一事项正在办理或已办结，无新事实"),
        )

    def hand_to_police(
        self, form: IntakeForm, service: str, receiver_no: str, three_way: bool
    ) -> Registered:
        return self._file("police", form, service, receiver_no, three_way)

    def harassment(self, call_id: int, reason: str) -> Changed:
        self.calls.append(("harassment", call_id, reason))
        return CHANGED

    def save_draft(self, form: IntakeForm) -> Registered:
        return self._file("draft", form)

    def undo_dispatch(self, ticket_id: int) -> Changed:
        self._write()
        self.filed.append(("undo", ticket_id))
        return replace(CHANGED, version=7)

    def read_back(self, form: IntakeForm) -> str:
        return f"您反映的是：{form.content}地点在{form.address}。对吗？"

    def take_number(self, channel: Channel = Channel.PHONE) -> str:
        return "20261122010009992"

    def campaigns(self, text: str) -> tuple[CampaignChoice, ...]:
        return (
            CampaignChoice("battles", "三大攻坚"),
            CampaignChoice("environment", "环境攻坚", "三大攻坚", "扬尘" in text, "扬尘" in text),
            CampaignChoice("smoke", "控烟"),
        )


class FakeDrafts:
    """The journal in memory."""

    def __init__(self, *found: Draft) -> None:
        self.forms: dict[str, Draft] = {draft.key: draft for draft in found}
        self.queued: list[Waiting] = []
        self.fail: Exception | None = None

    def keep(self, form: IntakeForm) -> None:
        if self.fail is not None:
            raise self.fail
        self.forms[form.key] = Draft(form.key, form, datetime.now(UTC), mask_phone(form.full_phone))

    def all(self) -> tuple[Draft, ...]:
        waiting = {item.key for item in self.queued}
        return tuple(draft for key, draft in self.forms.items() if key not in waiting)

    def drop(self, key: str) -> None:
        self.forms.pop(key, None)
        self.queued = [item for item in self.queued if item.key != key]

    def queue(self, form: IntakeForm, dispatch: bool) -> None:
        self.queued.append(
            Waiting(form.key, form, dispatch, datetime.now(UTC), mask_phone(form.full_phone))
        )

    def waiting(self) -> tuple[Waiting, ...]:
        return tuple(self.queued)


def _when(text: str, field: str) -> datetime:
    return parse_occurred(text, datetime.now(UTC), field)
