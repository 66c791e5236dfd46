"""The foot of the window: the message strip, whether something is under way, who is signed in."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QWidget

from console.domain.roles import Operator
from console.views.parts.card import label, row
from console.views.parts.key_cap import KeyButton, KeyCap, MenuButton
from console.views.parts.message_strip import MessageStrip


class StatusBar(QFrame):
    """`message` is the window's one strip; `show_note` is for quiet facts such as 草稿已保存."""

    def __init__(
        self, operator: Operator, own: Sequence[QAction] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "foot")
        self.setFixedHeight(40)
        self.message = MessageStrip()
        self.note, self.keys, self.working = (
            label("", "muted"),
            label("", "muted"),
            label("", "muted"),
        )
        self.clock = label("", tone="warn")
        self.clock.setToolTip(self.tr("倒计时、期限和记录都用数据库时间；请校准本机时钟"))
        self.clock.hide()
        self.seats = label("", "muted")
        self.seats.hide()
        self.link = label("", tone="bad")
        self.link.setToolTip(self.tr("已输入的内容都在；提交的受理单先存本机，恢复后自动上传"))
        self.link.hide()
        for quiet in (self.note, self.keys, self.working):
            quiet.hide()
        self.message.shown.connect(self._make_room)
        self.who = self._who(operator, own)
        self._soon = QTimer(self, singleShot=True, interval=100)
        self._soon.timeout.connect(self._show_working)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 16, 0)
        line.setSpacing(16)
        line.addWidget(self.message, 1)
        for part in (
            self.link,
            self.clock,
            self.seats,
            self.working,
            self.note,
            self.keys,
            self.who,
        ):
            line.addWidget(part)
        help_key = row(label(self.tr("按键一览"), "muted"), KeyCap("F1"), spacing=6)
        line.addWidget(help_key)

    def _who(self, operator: Operator, own: Sequence[QAction]) -> KeyButton:
        """Who sits here, and what concerns nobody but him: 修改密码, 换人登录."""
        made = MenuButton(
            " · ".join((f"{operator.name} {operator.agent_no}", operator.unit_name)), kind="quiet"
        )
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._own = QMenu(made)
        self._own.addActions(list(own))
        made.clicked.connect(self._open_own)
        return made

    @Slot()
    def _open_own(self) -> None:
        self._own.popup(self.who.mapToGlobal(QPoint(0, -self._own.sizeHint().height())))

    def add_lamp(self, lamp: QWidget) -> None:
        """Something to be seen from every page, left of the quiet notes."""
        line = self.layout()
        assert isinstance(line, QHBoxLayout)
        line.insertWidget(1, lamp)

    def show_note(self, words: str) -> None:
        self._say(self.note, words)

    @Slot(str)
    def show_clock(self, words: str) -> None:
        """本机时钟慢 12 分钟，一律以数据库时间为准; empty while it is right."""
        self.clock.setText(words)
        self.clock.setVisible(bool(words))

    def show_seats(self, words: str) -> None:
        """坐席 示闲 3 · 通话中 5, for those who oversee them."""
        self.seats.setText(words)
        self.seats.setVisible(bool(words))

    @Slot(bool, str)
    def show_link(self, connected: bool, words: str) -> None:
        """连接中断，正在重连; nothing while the database is there."""
        self.link.setText("" if connected else words)
        self.link.setVisible(not connected)

    @Slot(int, int)
    def show_keys(self, keys: int, clicks: int) -> None:
        self.keys.setText(self.tr("本单按键 {0} 次 · 鼠标 {1} 次").format(keys, clicks))
        self.keys.setVisible(not self.message.sentence.text())

    def _say(self, quiet: QLabel, words: str) -> None:
        quiet.setText(words)
        quiet.setVisible(bool(words))

    @Slot(bool)
    def _make_room(self, message: bool) -> None:
        """A sentence is worth more than the count of keys."""
        self.keys.setVisible(bool(self.keys.text()) and not message)

    @Slot(bool)
    def show_busy(self, busy: bool) -> None:
        """Connect `jobs.busy`; short work is not shown at all."""
        if busy:
            self._soon.start()
        else:
            self._soon.stop()
            self._say(self.working, "")

    @Slot()
    def _show_working(self) -> None:
        self._say(self.working, self.tr("载入中…"))
