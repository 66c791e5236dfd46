"""One sentence and one next step, at the foot of the window. It never takes the focus and never stacks."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QTextEdit,
    QWidget,
)

from console.domain.errors import Cancelled, UserError
from console.theme import Tone, icon, mark
from console.views.parts.card import label
from console.views.parts.ime import FocusFilter
from console.views.parts.key_cap import KeyButton

_GLYPHS = {
    Tone.OK: "fa6s.circle-check", Tone.WARN: "fa6s.triangle-exclamation", Tone.BAD: "fa6s.circle-xmark",
    Tone.ACCENT: "fa6s.circle-info", Tone.VIOLET: "fa6s.eye",
}  # fmt: skip
_TO_READ = 60_000
_PASSING = {Tone.OK: 8_000, Tone.ACCENT: 12_000, Tone.NEUTRAL: 8_000, Tone.MUTED: 8_000}


class MessageStrip(QFrame):
    """`say` a sentence; `next_step` tells that its button was pressed, `undo` that an undo was wanted in time.

    Good news passes by itself; warnings and errors stay until the next message or Esc-free dismissal (×).
    `shown(bool)` tells the foot of the window whether there is anything to read.
    """

    next_step = Signal(str)
    undo = Signal(object)
    undo_over = Signal(object)
    shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "strip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._step, self._undo_of, self._left = "", None, 0
        self._tone = Tone.NEUTRAL
        self.sign = QLabel()
        self.sign.setFixedWidth(18)
        self.sentence = label("")
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = KeyButton("", kind="quiet")
        self.dismiss = KeyButton("×", kind="quiet")
        self.dismiss.setAccessibleName(self.tr("收起这条消息"))
        self._lay_out()
        self._passing = QTimer(self, singleShot=True)
        self._second = QTimer(self, interval=1000)
        self._undo_key: _UndoKey | None = None
        self._connect()
        self.clear()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 0, 4, 0)
        line.setSpacing(6)
        line.addWidget(self.sign)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.button)
        line.addWidget(self.dismiss)
        for button in (self.button, self.dismiss):
            # The strip must not become a stop on the way through a form; its key is the undo key or the mouse.
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        self._passing.timeout.connect(self.clear)
        self._second.timeout.connect(self._count_down)
        self.button.clicked.connect(self._pressed)
        self.dismiss.clicked.connect(self.clear)

    def say(
        self, sentence: str, tone: Tone = Tone.ACCENT, button: str = "", step: str = ""
    ) -> None:
        """Show a sentence; with `button`, pressing it emits `next_step(step)`."""
        self._end_undo()
        self._step = step
        self._show(sentence, tone, button)
        passing = _PASSING.get(tone)
        if passing and not button:
            self._passing.start(passing)

    def say_error(self, error: Exception, button: str = "", step: str = "") -> None:
        """A `UserError` in its own words; `Cancelled` shows nothing."""
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, UserError):
            raise error
        self.say("　".join(filter(None, (error.text, error.hint))), Tone.BAD, button, step)

    def offer_undo(self, sentence: str, what: str, subject: object, seconds: int = 10) -> None:
        """撤销派单（9秒）Ctrl+Z: emits `undo(subject)` if taken in time, else `undo_over(subject)`."""
        self._end_undo()
        self._undo_of, self._left, self._step = (what, subject), seconds, ""
        self._show(sentence, Tone.OK, what)
        self._show_left()
        self._second.start()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._undo_key = _UndoKey(app, self)

    @property
    def undo_subject(self) -> object | None:
        return self._undo_of[1] if self._undo_of else None

    @Slot()
    def take_undo(self) -> bool:
        """Ctrl+Z: true when there was something to undo."""
        if self._undo_of is None:
            return False
        _what, subject = self._undo_of
        self._undo_of = None
        self.clear()
        self.undo.emit(subject)
        return True

    @Slot()
    def let_go(self) -> None:
        """What was good news of the call before is taken away; a warning, a next step, a running undo stay."""
        if self._tone in _PASSING and self._undo_of is None and self.button.isHidden():
            self.clear()

    @Slot()
    def clear(self) -> None:
        self._end_undo()
        self._passing.stop()
        self._step = ""
        for part in (self.sign, self.button, self.dismiss):
            part.hide()
        self.sentence.setText("")
        mark(self, tone="")
        self.shown.emit(False)

    def sizeHint(self) -> QSize:
        return QSize(400, 32)

    def _show(self, sentence: str, tone: Tone, button: str) -> None:
        self._passing.stop()
        self._tone = tone
        self.sentence.setText(sentence)
        self.sentence.setToolTip(sentence)
        self.sign.setPixmap(icon(_GLYPHS.get(tone, "fa6s.circle-info"), tone).pixmap(QSize(16, 16)))
        mark(self, tone=str(tone))
        mark(self.sentence, tone="" if tone is Tone.NEUTRAL else str(tone), face="strong")
        self.button.set_key("")
        self.button.set_words(button)
        self.button.setVisible(bool(button))
        self.sign.show()
        self.dismiss.show()
        self.setAccessibleName(sentence)
        self.shown.emit(True)

    def _show_left(self) -> None:
        what, _subject = self._undo_of or ("", None)
        self.button.set_words(self.tr("{0}（{1}秒）").format(what, self._left))
        self.button.set_key("Ctrl+Z")

    @Slot()
    def _count_down(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._show_left()
            return
        # Too late to undo; what was said may still be being read to the caller.
        self._end_undo()
        self.button.hide()
        self._passing.start(_TO_READ)

    @Slot()
    def _pressed(self) -> None:
        if self._undo_of is not None:
            self.take_undo()
        elif self._step:
            step = self._step
            self.clear()
            self.next_step.emit(step)

    def _end_undo(self) -> None:
        self._second.stop()
        if self._undo_key is not None:
            self._undo_key.follow(None, None)
            self._undo_key.deleteLater()
            self._undo_key = None
        if self._undo_of is not None:
            subject, self._undo_of = self._undo_of[1], None
            self.undo_over.emit(subject)


class _UndoKey(FocusFilter):
    """Lets Ctrl+Z through to the ten-second undo although a text field would keep it for itself.

    A field with something of its own to undo goes first.
    """

    def __init__(self, app: QApplication, strip: MessageStrip) -> None:
        super().__init__(app)
        self._strip = strip

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        return event.matches(QKeySequence.StandardKey.Undo) and not _can_undo(watched)


def _can_undo(widget: QObject) -> bool:
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable()
    return isinstance(widget, QPlainTextEdit | QTextEdit) and widget.document().isUndoAvailable()
