"""Who asked, masked; in full for a minute, with a reason, logged (field-facts 10.3)."""

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from console.domain.errors import UserError
from console.domain.orders import REVEAL_NAMES, REVEAL_REASONS, OpenedCase
from console.theme import Tone
from console.views.parts.card import label
from console.views.parts.chip import Chip
from console.views.parts.flow import Flow
from console.views.parts.key_cap import ActionButton, KeyButton

SHOWN_MS = 60_000


class ContactCard(QWidget):
    """`wanted(what, reason)` asks for a full value; `show_value` answers. It is masked again after a minute."""

    wanted = Signal(str, str)
    viewers_wanted = Signal()

    def __init__(self, reveal: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: OpenedCase | None = None
        self.name, self.phone = label("", "strong"), label("", "strong")
        self.phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kind = Chip("", Tone.MUTED)
        self.full = Chip("", Tone.VIOLET)
        self.reveal_button = ActionButton(reveal, "", self.tr("显示"))
        self.viewers_button = KeyButton(self.tr("谁看过这个号码"), "Ctrl+Shift+W")
        # Low, with an edge: at the start of a line a bare word would stand indented.
        for button in (self.reveal_button, self.viewers_button):
            button.setProperty("small", True)
            button.setFixedHeight(24)
        self.original = label("", wrap=True)
        self.error = label("", "error", wrap=True)
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._chose)
        self._mask_again = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._mask_again.timeout.connect(self.mask)
        self.viewers_button.clicked.connect(self.viewers_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(
            Flow(
                self.name,
                self.phone,
                self.kind,
                self.full,
                self.reveal_button,
                self.viewers_button,
                gap=10,
            ),
            1,
        )
        column.addLayout(line)
        column.addWidget(self.original)
        column.addWidget(self.error)
        self.original.hide()
        self.error.hide()

    def show_contact(self, opened: OpenedCase) -> None:
        """Masked; a value shown in full for the same work order stays until its minute is over."""
        same = self._opened is not None and self._opened.case.row.id == opened.case.row.id
        self._opened = opened
        self.viewers_button.setVisible(opened.may_audit)
        if not (same and self._mask_again.isActive()):
            self.mask()

    @Slot()
    def mask(self) -> None:
        """Nothing in full any more."""
        self._mask_again.stop()
        self.full.say("")
        self.original.clear()
        self.original.hide()
        self.error.hide()
        if self._opened is None:
            return
        case = self._opened.case
        self.name.setText(
            self.tr("匿名") if case.anonymous else case.appellant or self.tr("未留姓名")
        )
        hidden = (
            self.tr("联系方式不对本岗位提供")
            if case.phone_hidden
            else case.phone or self.tr("未留号码")
        )
        self.phone.setText(hidden)
        self.kind.say(case.caller_kind)

    def ask(self) -> None:
        """Ctrl+R: what, and why; two keys."""
        if self._opened is None or not self._opened.reveals:
            self.show_error(self.tr("这张工单的诉求人信息不能由您查看"))
            return
        self._menu.clear()
        self._add("phone", REVEAL_REASONS)
        others = [what for what in self._opened.reveals if what != "phone"]
        for what in others:
            self._menu.addSeparator()
            self._add(what, REVEAL_REASONS[:1] + REVEAL_REASONS[2:3])
        self._menu.popup(self.reveal_button.mapToGlobal(QPoint(0, self.reveal_button.height())))

    def _add(self, what: str, reasons: tuple[str, ...]) -> None:
        heading = self._menu.addAction(self.tr("显示{0}，用于").format(REVEAL_NAMES[what]))
        heading.setEnabled(False)
        for reason in reasons:
            taken = sum(
                action.isEnabled() and not action.isSeparator() for action in self._menu.actions()
            )
            action = self._menu.addAction(f"&{taken + 1}　{reason}")
            action.setData((what, reason))

    def show_value(self, what: str, value: str) -> None:
        """A full value, for a minute."""
        self.error.hide()
        target = {"name": self.name, "phone": self.phone}.get(what)
        if target is not None:
            target.setText(value)
            self.full.say(self.tr("已记录查看，一分钟后隐藏"))
        elif what == "content":
            self.original.setText(value)
            self.original.show()
            self.full.say(self.tr("已记录查看，一分钟后隐藏"))
        else:
            self.full.say(value)
        self._mask_again.start()

    def show_error(self, error: Exception | str) -> None:
        words = error if isinstance(error, str) else ""
        if isinstance(error, UserError):
            words = " ".join(filter(None, (error.text, error.hint)))
        self.error.setText(words)
        self.error.show()

    @Slot(QAction)
    def _chose(self, action: QAction) -> None:
        if action.data():
            self.wanted.emit(*action.data())
