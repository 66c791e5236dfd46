"""From a ringing phone to the archive, step by step, by the keys an operator would press."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from console.domain.roles import ROLE_NAMES, Role, Workplace
from console.domain.states import TicketState
from console.tour.case import (
    CAUSE,
    HANDLED,
    MATTER,
    MEASURES,
    OPINION,
    PLACE,
    REPLY,
    WHY_SO_FAST,
    Case,
)
from console.tour.keyboard import Stuck, pause, wait_for
from console.tour.record import StepRecord, Transcript
from console.views.call_bar import PhoneState
from db.models import Appellant, Assignment, Attachment, Call, Person, Ticket

ROOT = Path(__file__).resolve().parents[2]
Look = Any


class Script:
    """The steps in order. `look(name)` takes a picture of the window as it stands."""

    def __init__(self, case: Case, transcript: Transcript, look: Look, phone_suffix: str) -> None:
        self._case, self._transcript, self._look, self._suffix = (
            case,
            transcript,
            look,
            phone_suffix,
        )
        self._role = Role.AGENT

    @contextmanager
    def _step(self, step: str, name: str) -> Iterator[StepRecord]:
        with self._transcript.step(step, name, ROLE_NAMES[self._role], self._case.keys) as record:
            yield record
        self._transcript.ticket = self._case.ticket().number if self._case.ticket_id else ""
        record.ticket = self._transcript.ticket

    def run(self) -> None:
        self._take_the_call()
        self._street_receives()
        self._community_handles()
        self._street_replies()
        self._centre_reviews()
        self._call_back()
        self._file()

    # --- the agent

    def _take_the_call(self) -> None:
        case, keys = self._case, self._case.keys
        window = case.sit(Role.AGENT)
        number = self._shared_number()
        with self._step("来电", "电话响起，来电显示在顶栏，键盘不被抢走") as record:
            subprocess.Popen([sys.executable, "-c", _CALL, number, self._suffix], cwd=ROOT)
            wait_for(lambda: window.call_bar.phone_state is PhoneState.RINGING, "来电横幅")
            call = case.one(select(Call).where(Call.caller_no == number).order_by(Call.id.desc()))
            record.in_database = f"call.result={call.result}"
        self._look("intake-ringing")
        with self._step("认出来电人", "F2 接听，Alt+1 选中同号登记居民") as record:
            keys.press("F2")
            wait_for(lambda: window.call_bar.phone_state is PhoneState.TALKING, "接通")
            keys.press("Alt+1")
            wait_for(lambda: case.page.open_form().person_id, "选中居民")
            found = case.one(select(Person).where(Person.id == case.page.open_form().person_id))
            record.in_database = f"person.id={found.id} 同号 {self._on_number(number)} 人"
        self._record(case, window)

    def _record(self, case: Case, window: Any) -> None:
        keys, page = case.keys, case.page
        with self._step("记录诉求", "依次说地点和事情，其余由建议填好"):
            wait_for(lambda: QApplication.focusWidget() is page.record.address, "光标在何地")
            keys.say(PLACE)
            keys.press("Tab")
            keys.say(MATTER)
            wait_for(lambda: page.open_form().category_code, "建议的分类")
            keys.press("Alt+T")
        with self._step("找到网格", "按地址找到网格、网格长和街道") as record:
            wait_for(lambda: page.open_form().grid_id, "网格归属")
            wait_for(lambda: page.open_form().unit_id, "建议的主办单位")
            pause(600)
            record.in_database = f"grid_id={page.open_form().grid_id}"
        self._look("intake")
        with self._step("派单", "F8 提交并派单") as record:
            keys.press("F8")
            wait_for(lambda: self._mine(case), "工单登记")
            case.ticket_id = self._mine(case)
            record.in_database = case.until_state(TicketState.PENDING_SIGN)
        pause(400)
        self._look("intake-dispatched")
        with self._step("结束通话", "F12 挂机") as record:
            keys.press("F12")
            call = select(Call.result).where(Call.ticket_id == case.ticket_id)
            wait_for(lambda: case.one(call) == "answered", "通话记录收尾")
            record.in_database = "call.result=answered"

    def _mine(self, case: Case) -> int:
        return (
            case.one(select(Ticket.id).where(Ticket.content == MATTER).order_by(Ticket.id.desc()))
            or 0
        )

    def _shared_number(self) -> str:
        """A number with several residents on it, one of whom has called before."""
        shared = select(Person.phone).group_by(Person.phone).having(func.count() > 1)
        query = select(Appellant.phone).where(Appellant.phone.in_(shared), Appellant.phone != "")
        number = self._case.one(query.order_by(Appellant.id.desc()))
        if not number:
            raise Stuck("演示库里没有合用的号码")
        return str(number)

    def _on_number(self, number: str) -> int:
        return int(
            self._case.one(select(func.count()).select_from(Person).where(Person.phone == number))
        )

    # --- street and community

    def _street_receives(self) -> None:
        case, keys = self._case, self._case.keys
        self._role = Role.STREET_DESK
        street = case.ticket().holder_unit_id
        case.sit(Role.STREET_DESK, street)
        with self._step("街道签收", "F8 签收") as record:
            self._find_in_pile()
            keys.press("F8")
            record.in_database = case.until_event("sign")
        pause(500)
        self._look("inbox-street")
        with self._step("下派社区", "Ctrl+Down 下派，选社区，写意见，F8") as record:
            self._find_in_pile()
            self._open_panel("Ctrl+Down", "sub_dispatch")
            panel = case.page.side.panel
            self._choose_community(panel)
            panel.opinion.setFocus()
            keys.say(OPINION)
            self._look("inbox-sub-dispatch")
            keys.press("F8")
            record.in_database = case.until_event("sub_dispatch")

    def _choose_community(self, panel: Any) -> None:
        """The community of the place, by its name, from the list of direct children."""
        case, keys = self._case, self._case.keys
        name = self._community_name()
        wait_for(lambda: panel.unit.hasFocus(), "光标在下派单位")
        keys.say(name)
        wait_for(lambda: panel.unit.is_open, "下级单位候选")
        keys.press("Return")
        wait_for(lambda: panel.unit.value is not None, f"选中{name}")
        del case

    def _community_name(self) -> str:
        from db.models import Unit

        grid = self._case.ticket().grid_id
        parent = select(Unit.parent_id).where(Unit.id == grid).scalar_subquery()
        return str(self._case.one(select(Unit.short_name).where(Unit.id == parent)))

    def _community_handles(self) -> None:
        case, keys = self._case, self._case.keys
        self._role = Role.GRID_LEADER
        child = select(Assignment.unit_id).where(
            Assignment.ticket_id == case.ticket_id, Assignment.parent_seq == 1
        )
        case.sit(Role.GRID_LEADER, case.one(child))
        with self._step("社区签收", "F8 签收") as record:
            self._find_in_pile()
            keys.press("F8")
            record.in_database = case.until_event("sign", 2)
        with self._step("联系群众", "F8 登记联系") as record:
            self._find_in_pile()
            self._open_panel("F8", "contact")
            case.page.side.panel.outcome.setFocus()
            keys.say("已说明办理安排，诉求人表示理解。")
            self._look("inbox-contact")
            keys.press("F8")
            record.in_database = case.until_event("contact")
        self._reply("社区办理", "带现场照片回复", with_photo=True)

    def _street_replies(self) -> None:
        case = self._case
        self._role = Role.STREET_DESK
        case.sit(Role.STREET_DESK, case.ticket().holder_unit_id)
        self._find_in_pile()
        self._reply("街道回复", "审核社区的回复并上报中心", with_photo=False)

    def _reply(self, step: str, name: str, *, with_photo: bool) -> None:
        case, keys = self._case, self._case.keys
        with self._step(step, name) as record:
            self._open_panel("F8", "reply")
            panel = case.page.side.panel
            if with_photo:
                self._attach(panel)
                self._fill_reply(panel)
            pause(400)
            self._look("inbox-reply" if with_photo else "inbox-street-reply")
            keys.press("F8")
            if with_photo:
                self._explain_speed(panel)
                keys.press("F8")
            record.in_database = case.until_event("reply", 1 if with_photo else 2)
            if not with_photo:
                record.in_database += " " + case.until_state(TicketState.PENDING_REVIEW)

    def _explain_speed(self, panel: Any) -> None:
        """Answered minutes after signing: the gate against false closure asks why (peers 6.9)."""
        wait_for(lambda: panel.fields["explanation"].has_error, "闸口要求说明")
        self._look("inbox-closing-gate")
        panel.explanation.setFocus()
        self._case.keys.say(WHY_SO_FAST)

    def _attach(self, panel: Any) -> None:
        case = self._case
        stored = (
            select(func.count())
            .select_from(Attachment)
            .where(Attachment.ticket_id == case.ticket_id)
        )
        for done, (kind, photo) in enumerate(zip(("before", "after"), case.photos, strict=True), 1):
            case.drop_file(panel.evidence.zones[kind], photo)
            wait_for(lambda done=done: case.one(stored) >= done, "照片存入数据库")

    def _fill_reply(self, panel: Any) -> None:
        keys = self._case.keys
        panel.true_appeal.setFocus()
        keys.press("1")
        panel.resolution.setFocus()
        keys.press("1")
        panel.result.setFocus()
        keys.say(HANDLED)
        panel.cause.setFocus()
        keys.say(CAUSE)
        panel.measures.setFocus()
        keys.say(MEASURES)
        panel.public.setFocus()
        keys.say(REPLY)

    def _find_in_pile(self) -> None:
        """Our work order in whichever pile of this unit it lies."""
        case, page = self._case, self._case.page
        for key in ("Right", "Right", "Right", "Right", "Home"):
            try:
                wait_for(lambda: page.pile.model.find(case.ticket_id) >= 0, "承办件", 700)
            except Stuck:
                page.pile.tabs.setFocus()
                case.keys.press(key)
            else:
                break
        case.walk_to(page.pile.table, case.ticket_id)
        wait_for(lambda: page.ticket_id == case.ticket_id and page.side.isEnabled(), "打开工单")

    def _open_panel(self, key: str, name: str) -> None:
        page = self._case.page
        wait_for(lambda: page.side.panel is None, "上一步的表单收起")
        pause(250)
        self._case.keys.press(key)
        wait_for(
            lambda: page.side.panel is not None and page.side.panel.name == name, f"{name} 表单"
        )

    # --- the centre again

    def _centre_reviews(self) -> None:
        case, keys = self._case, self._case.keys
        self._role = Role.DISPATCHER
        case.sit(Role.DISPATCHER)
        self._look("dispatch")
        with self._step("审核", "待审核队列，Alt+1 通过转回访") as record:
            keys.press("Ctrl+Tab", "Ctrl+Tab")
            self._open_in_queue()
            self._look("review")
            keys.press("Alt+1")
            record.in_database = case.until_state(TicketState.PENDING_CALLBACK)

    def _open_in_queue(self) -> None:
        case, page = self._case, self._case.page
        case.walk_to(page.panel.table, case.ticket_id)
        wait_for(lambda: page.case is not None and page.case.row.id == case.ticket_id, "打开工单")
        case.keys.press("Return")
        pause(300)

    def _call_back(self) -> None:
        case, keys = self._case, self._case.keys
        self._role = Role.REVISITOR
        case.sit(Role.REVISITOR)
        with self._step("回访", "三问作答，F8 结案") as record:
            self._open_in_queue()
            self._look("callback")
            keys.press("1", "1", "2", "2")
            pause(200)
            self._look("callback-answered")
            keys.press("F8")
            record.in_database = case.until_state(TicketState.CLOSED)
        self._look("callback-closed")

    def _file(self) -> None:
        case, keys = self._case, self._case.keys
        self._role = Role.CLERK
        case.sit(Role.CLERK)
        with self._step("归档", "勾选，F8 归档") as record:
            panel = self._archive_panel()
            case.walk_to(panel.table, case.ticket_id)
            self._look("archive")
            keys.press("Space", "F8")
            record.in_database = case.until_state(TicketState.ARCHIVED)

    def _archive_panel(self) -> Any:
        page = self._case.page
        page.tabs.setFocus()
        self._case.keys.press("Right")
        wait_for(lambda: page.archive.table.isVisible(), "归档页")
        return page.archive


# A call handed over by another process, as a softphone would.
_CALL = (
    "import sys\n"
    "from PySide6.QtCore import QCoreApplication\n"
    "app = QCoreApplication([])\n"
    "from console.telephone import hand_over\n"
    "hand_over(sys.argv[1], sys.argv[2])\n"
)
__all__ = ["Script", "Workplace"]
