"""The case of the tour, desk by desk: what is pressed, and what must then stand in the database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget
from sqlalchemy import select

from console.app import Console
from console.domain.roles import Operator, Role, Workplace
from console.domain.states import TicketState
from console.tour.keyboard import Keyboard, Stuck, pause, wait_for
from console.views.call_bar import PhoneState
from console.views.main_window import MainWindow
from db.models import (
    Account,
    Appellant,
    Assignment,
    Attachment,
    Call,
    Person,
    Ticket,
    TicketEvent,
    Unit,
)

PLACE = "宝丽西街123号门面"
MATTER = "烧烤摊出店经营占人行道，油污泼到路面，地面湿滑，有老人滑倒，希望尽快清理整治。"
OPINION = "请到现场核实处理，联系诉求人，按时回复。"
HANDLED = (
    "已到现场查看，两家烧烤店出店经营、油污泼地属实，已责令收摊入店并冲洗路面，店主作出书面承诺。"
)
REPLY = "您好，您反映的烧烤摊占道和油污问题属实，社区已督促商户收摊入店、冲洗路面，并安排每晚巡查，感谢您的监督。"

CAUSE = "店内座位不足，店主为招揽夜间生意把烤炉和桌椅摆到人行道，油污随手泼倒。"
MEASURES = "责令收摊入店，清走烤炉三台、桌椅九套，调高压冲洗车冲洗路面，签订门前三包承诺书。"
WHY_SO_FAST = "网格员当时正在附近巡查，十分钟内到场处置完毕。"


class Case:
    """Holds the console, the hands and the ticket while it passes from desk to desk."""

    def __init__(self, console: Console, keyboard: Keyboard, photos: tuple[Path, Path]) -> None:
        self.console, self.keys, self.photos = console, keyboard, photos
        self.ticket_id = 0

    # --- seats

    def sit(self, role: Role, unit_id: int | None = None) -> MainWindow:
        """Another person opens the console: the window of the first account of that role (and unit)."""
        self.console.open_window(self._person(role, unit_id))
        window = self.console.window
        assert window is not None
        self.keys.window = window
        window.activateWindow()
        pause(150)
        return window

    def _person(self, role: Role, unit_id: int | None) -> Operator:
        query = (
            select(Account, Unit)
            .join(Unit, Unit.id == Account.unit_id)
            .where(Account.role == role.value)
        )
        if unit_id is not None:
            query = query.where(Account.unit_id == unit_id)
        with self.console.database.reading() as session:
            found = session.execute(query.order_by(Account.id).limit(1)).first()
        if found is None:
            raise Stuck(f"没有这个角色的账号：{role}")
        account, unit = found
        return Operator(
            account.id, account.agent_no, account.name, role, unit.id, unit.name, unit.code
        )

    @property
    def page(self) -> Any:
        window = self.console.window
        assert window is not None
        return window.stack.currentWidget()

    # --- what stands in the database

    def ticket(self) -> Ticket:
        with self.console.database.reading() as session:
            found = session.get(Ticket, self.ticket_id)
        if found is None:
            raise Stuck("数据库里没有这张工单")
        return found

    def until_state(self, state: TicketState) -> str:
        wait_for(lambda: self.ticket().state is state, f"工单进入 {state}")
        return f"ticket.state={state.value}"

    def until_event(self, move: str, count: int = 1) -> str:
        wait_for(lambda: self._events(move) >= count, f"流转记录出现 {move}")
        return f"ticket_event.move={move} ×{count}"

    def _events(self, move: str) -> int:
        query = select(TicketEvent.id).where(
            TicketEvent.ticket_id == self.ticket_id, TicketEvent.move == move
        )
        with self.console.database.reading() as session:
            return len(session.scalars(query).all())

    def one(self, query: Any) -> Any:
        with self.console.database.reading() as session:
            return session.scalars(query.limit(1)).first()

    # --- hands

    def walk_to(self, table: QAbstractItemView, ticket_id: int) -> None:
        """Arrow keys until the row of our work order is the current one."""

        def rows() -> int:
            return int(table.model().rowCount())

        find: Callable[[int], int] = (
            table.records.find if hasattr(table, "records") else table.model().find
        )  # type: ignore[attr-defined]
        wait_for(lambda: rows() and find(ticket_id) >= 0, "工单出现在列表里")
        table.setFocus(Qt.FocusReason.TabFocusReason)
        target = find(ticket_id)
        if target > rows() // 2:
            self.keys.press("End" if table.currentIndex().isValid() else "Ctrl+End")
        else:
            self.keys.press("Home")
        for _ in range(rows()):
            row = table.currentIndex().row()
            if row == target:
                break
            self.keys.press("Down" if row < target else "Up")
        if table.currentIndex().row() != target:
            raise Stuck("方向键到不了这张工单")

    def drop_file(self, zone: QWidget, photo: Path) -> None:
        """Drag a photo onto the evidence box, as from the file manager."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(photo))])
        at, actions = zone.rect().center(), Qt.DropAction.CopyAction
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(zone, QDragEnterEvent(QPoint(at), actions, data, buttons, keys))
        QApplication.sendEvent(zone, QDropEvent(QPointF(at), actions, data, buttons, keys))


__all__ = [
    "HANDLED",
    "MATTER",
    "OPINION",
    "PLACE",
    "REPLY",
    "Appellant",
    "Assignment",
    "Attachment",
    "Call",
    "Case",
    "Person",
    "PhoneState",
    "Workplace",
]  # fmt: skip
