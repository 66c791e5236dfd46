"""The first window: in the demo a person to be, otherwise name and password."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, cast

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.domain.errors import Cancelled, Invalid, UserError
from console.domain.roles import ROLE_NAMES, Operator, Role
from console.domain.server import Server
from console.jobs import Jobs
from console.theme import RESOURCES, mark
from console.views.connection import ConnectionPanel, ServerService
from console.views.parts.card import Card, label, row
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.person_card import PersonCard
from console.views.password import PasswordDialog, PasswordService

ROLE_WORK: dict[Role, str] = {
    Role.AGENT: "接电话，登记诉求，派单或直接答复",
    Role.SUPERVISOR: "看全班，接管与改派工单",
    Role.DISPATCHER: "审核、派单，裁定退单、延期与挂起",
    Role.LIAISON: "部门收件：签收、内部分办、回复",
    Role.HANDLER: "办理派给本单位的工单",
    Role.STREET_DESK: "街道收件：签收、下派社区、回复",
    Role.GRID_LEADER: "带网格：核实、处置、上报",
    Role.GRID_WORKER: "到现场，拍照，报结果",
    Role.REVISITOR: "回访市民，办结或发回重办",
    Role.OVERSEER: "催办、督办、通报",
    Role.INSPECTOR: "只读检查",
    Role.LEADER: "看全市数量与进度",
    Role.QC: "抽查通话与工单",
    Role.KB_EDITOR: "维护标准答案",
    Role.CLERK: "出报表，批量打印与导出",
    Role.TRAINER: "布置演练，评分",
    Role.ADMIN: "单位、人员、权限、政策包",
}


class SignInService(Protocol):
    """What this window asks for; every call runs on a lane."""

    def demo_people(self) -> Sequence[Operator]: ...
    @property
    def must_change(self) -> bool: ...
    def remembered(self) -> tuple[str, str] | None: ...
    def sign_in(self, name: str, password: str, remember: bool = False) -> Operator: ...


@dataclass(frozen=True, slots=True)
class Links:
    """The page of a city on a server: its name, and the file in which an administrator laid the server down."""

    city: str = ""
    file: str = ""


class SignIn(QWidget):
    """`signed_in(operator)`. In the demo: number keys, arrows and Enter; otherwise errors stand beside their field.

    With `links` the service is one that reaches a server; `server_chosen(Server)` when it was set here.
    """

    signed_in = Signal(object)
    server_chosen = Signal(object)

    def __init__(
        self,
        service: SignInService,
        jobs: Jobs,
        demo: bool = False,
        links: Links | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._service, self._jobs, self._demo, self._links = service, jobs, demo, links
        self._panel: ConnectionPanel | None = None
        self._password_dialog: PasswordDialog | None = None
        self._people: tuple[Operator, ...] = ()
        self._operator: Operator | None = None
        self._cards: list[PersonCard] = []
        mark(self, kind="page")
        self.setWindowTitle(self.tr("12345热线工作台"))
        self.setWindowIcon(QIcon(str(RESOURCES / "icons" / "console.svg")))
        self.resize(*((1080, 560) if demo else (520, 460 if links else 430)))
        self.stack = QStackedWidget()
        self.stack.addWidget(self._people_page() if demo else self._password_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(20)
        column.addWidget(self._heading())
        column.addWidget(self.stack, 1)
        self._load()

    def keyPressEvent(self, event) -> None:
        digit = event.key() - Qt.Key.Key_1
        if self._demo and 0 <= digit < min(9, len(self._cards)):
            self._cards[digit].click()
        elif self._demo and self._move(event.key()):
            event.accept()
        else:
            super().keyPressEvent(event)

    def fail(self, error: Exception) -> None:
        """Shows why it did not work; what was typed stays, the password is selected for the next try."""
        self.enter.setEnabled(True)
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
            return
        placed = isinstance(error, Invalid) and error.field in ("name", "password")
        rest = self.fields.show_errors(
            error if placed else Invalid(error.text, error.hint, "password")
        )
        if rest is None:
            self.password.selectAll()

    def _heading(self) -> QWidget:
        sign = QLabel()
        sign.setPixmap(
            QIcon(str(RESOURCES / "icons" / "console.svg")).pixmap(
                QSize(44, 44), self.devicePixelRatioF()
            )
        )
        words = QWidget()
        lines = QVBoxLayout(words)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(2)
        city = self._links.city if self._links else ""
        lines.addWidget(label(city + self.tr("12345热线工作台"), "big"))
        hint = self.tr("演示数据，人物均为虚构。选一个人进入：按数字键，或用方向键与回车。")
        lines.addWidget(
            label(
                hint if self._demo else self.tr("用本人账号登录。查看个人信息会留下记录。"), "muted"
            )
        )
        return row(sign, words, None, spacing=14)

    def _people_page(self) -> QWidget:
        page = QWidget()
        mark(page, kind="clear")
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(12)
        self.wait = label(self.tr("载入中…"), "muted")
        self._grid.addWidget(self.wait, 0, 0)
        return page

    def _password_page(self) -> QWidget:
        self.name, self.password = QLineEdit(), QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.remember = QCheckBox(self.tr("记住密码（存入系统凭据库）"))
        self.enter = KeyButton(self.tr("登录"), "Enter", "primary")
        name = Field(self.tr("账号"), self.name, "name", self.tr("坐席号"))
        password = Field(self.tr("密码"), self.password, "password")
        self.fields = Fields(name, password)
        card = Card(padding=24, spacing=16)
        card.add(name, password, self.remember, self.enter)
        self.name.returnPressed.connect(self._next)
        self.password.returnPressed.connect(self._enter)
        self.enter.clicked.connect(self._enter)
        page = QWidget()
        mark(page, kind="clear")
        line = QVBoxLayout(page)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(card)
        if self._links is not None:
            line.addWidget(self._server_line())
        line.addStretch(1)
        return page

    def _server_line(self) -> QWidget:
        """Which server, and the way to set it."""
        self.where = label("", "muted")
        self.where.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.connection = KeyButton(self.tr("连接设置"), "Alt+L", "quiet")
        self.connection.setShortcut(QKeySequence("Alt+L"))
        self.connection.clicked.connect(self.open_connection)
        self._show_server()
        line = row(self.where, self.connection, spacing=12)
        line.layout().setStretchFactor(self.where, 1)
        return line

    def _show_server(self) -> None:
        server = self._reaching().server
        words = (
            self.tr("数据库：{0}").format(server.words)
            if server
            else self.tr("还没有设置数据库服务器")
        )
        self.where.setText(words)
        self.where.setToolTip(words)

    def _reaching(self) -> ServerService:
        return cast(ServerService, self._service)

    @Slot()
    def open_connection(self) -> None:
        """Where the database is: to be set, tested, or only looked at when an administrator's file says it."""
        service = self._reaching()
        file = self._links.file if self._links else ""
        self._panel = ConnectionPanel(service, self._jobs, self.name.text(), file, self)
        self._panel.chosen.connect(self._take_server)
        self._panel.open()

    @Slot(object)
    def _take_server(self, server: Server) -> None:
        self.server_chosen.emit(server)
        self._show_server()
        self.fields.clear_errors()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _load(self) -> None:
        if self._demo:
            self._jobs.read(self, self._service.demo_people, self._show_people)
        else:
            self._jobs.read(self, self._service.remembered, self._show_remembered, self._forgotten)

    def _show_people(self, people: Sequence[Operator]) -> None:
        self._people = tuple(people)
        self.wait.hide()
        columns = 3
        for at, person in enumerate(self._people):
            key = str(at + 1) if at < 9 else ""
            title = f"{ROLE_NAMES[person.role]}　{person.name}"
            card = PersonCard(title, ROLE_WORK[person.role], person.unit_name, key)
            card.clicked.connect(self._picked)
            self._cards.append(card)
            self._grid.addWidget(card, at // columns, at % columns)
        for number in range(columns):
            self._grid.setColumnStretch(number, 1)
        self._grid.setRowStretch(len(people), 1)
        # As high as the people need: an empty third of a window looks like something is missing.
        self.resize(self.width(), self.sizeHint().height())
        if self._cards:
            self._cards[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _move(self, key: int) -> bool:
        step = {
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Down: 3,
            Qt.Key.Key_Up: -3,
        }.get(Qt.Key(key))
        here = next((at for at, card in enumerate(self._cards) if card.hasFocus()), 0)
        if step is None or not 0 <= here + step < len(self._cards):
            return False
        self._cards[here + step].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @Slot()
    def _picked(self) -> None:
        card = self.sender()
        if isinstance(card, PersonCard):
            self.signed_in.emit(self._people[self._cards.index(card)])

    def _show_remembered(self, known: tuple[str, str] | None) -> None:
        if known is not None and not self.name.text():
            self.name.setText(known[0])
            self.password.setText(known[1])
            self.remember.setChecked(True)
            self.enter.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forgotten(self, _error: Exception) -> None:
        """No vault on this workstation: the password is simply typed, and cannot be kept."""
        self.remember.setEnabled(False)
        self.remember.setText(self.tr("记住密码（本机没有凭据库）"))

    @Slot()
    def _next(self) -> None:
        if self.password.text():
            self._enter()
        else:
            self.password.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _enter(self) -> None:
        self.fields.clear_errors()
        name, password = self.name.text().strip(), self.password.text()
        if not name or not password:
            empty = (
                ("name", self.tr("请输入账号。"))
                if not name
                else ("password", self.tr("请输入密码。"))
            )
            self.fields.show_errors(Invalid(empty[1], field=empty[0]))
            return
        self.enter.setEnabled(False)
        work = partial(self._service.sign_in, name, password, self.remember.isChecked())
        self._jobs.read(self, work, self._entered, self.fail, key="sign-in")

    def _entered(self, operator: Operator) -> None:
        given = self.password.text()
        self.password.clear()
        self.enter.setEnabled(True)
        if not self._service.must_change:
            self.signed_in.emit(operator)
            return
        self._operator = operator
        service = cast(PasswordService, self._service)
        self._password_dialog = PasswordDialog(service, self._jobs, given, self)
        self._password_dialog.accepted.connect(self._changed)
        self._password_dialog.open()

    @Slot()
    def _changed(self) -> None:
        self.signed_in.emit(self._operator)
