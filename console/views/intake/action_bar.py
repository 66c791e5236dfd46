"""The bar at the foot of the desk: every way a call can end, each with its key; and what waits to be taken up again."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from console.domain.intake import Draft
from console.theme import mark
from console.views.parts.card import label
from console.views.parts.clock import local
from console.views.parts.elided import ElidedLabel
from console.views.parts.key_cap import ActionButton, KeyButton, MenuButton

_TITLE = 14


class ActionBar(QFrame):
    """Buttons for actions made elsewhere; none of them takes the focus from the form."""

    def __init__(
        self,
        left: Sequence[tuple[QAction, str, str]],
        menu: Sequence[QAction],
        right: Sequence[tuple[QAction, str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setFixedHeight(48)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 12, 0)
        line.setSpacing(8)
        for action, kind, words in left:
            line.addWidget(_quiet(ActionButton(action, kind, words)))
        self.more = _quiet(MenuButton(self.tr("其他处理")))
        self.menu = QMenu(self)
        self.menu.addActions(list(menu))
        self.more.clicked.connect(self._open_menu)
        line.addWidget(self.more)
        self.waiting = label("", "strong", tone="warn")
        line.addWidget(self.waiting)
        line.addStretch(1)
        for action, kind, words in right:
            line.addWidget(_quiet(ActionButton(action, kind, words)))

    def show_waiting(self, number: int) -> None:
        """Forms in the outbox while the database is away."""
        self.waiting.setText(self.tr("待上传 {0}").format(number) if number else "")
        self.waiting.setToolTip(
            self.tr("数据库恢复后自动按顺序上传，每份只传一次。") if number else ""
        )

    @Slot()
    def _open_menu(self) -> None:
        above = self.more.mapToGlobal(QPoint(0, -self.menu.sizeHint().height() - 4))
        self.menu.popup(above)


class FoundStrip(QFrame):
    """找回 1 份未提交的记录: `restore_wanted(Draft)` for the newest, `later` puts the strip away until the next."""

    restore_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drafts: tuple[Draft, ...] = ()
        self._put_off: frozenset[str] = frozenset()
        self.setProperty("kind", "strip")
        self.setProperty("tone", "warn")
        self.setFixedHeight(38)
        self.words = ElidedLabel()
        mark(self.words, face="strong")
        self.restore_button = KeyButton(self.tr("恢复"), "Ctrl+O")
        self.later_button = KeyButton(self.tr("稍后"), kind="quiet")
        for button in (self.restore_button, self.later_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 8, 0)
        for part, stretch in ((self.words, 1), (self.restore_button, 0), (self.later_button, 0)):
            line.addWidget(part, stretch)
        self.restore_button.clicked.connect(self.restore)
        self.later_button.clicked.connect(self.put_off)
        self.hide()

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """Newest first."""
        return self._drafts

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        self._drafts = tuple(sorted(drafts, key=_newest_first))
        fresh = {draft.key for draft in self._drafts} - self._put_off
        if self._drafts:
            newest = self._drafts[0]
            found = (
                self.tr("找回 {0} 份未提交的记录")
                if newest.left_by_crash
                else self.tr("另有 {0} 份未提交的记录")
            )
            about = (
                newest.form.title
                or newest.form.content[:_TITLE]
                or newest.form.address
                or newest.form.name
            )
            parts = (
                found.format(len(self._drafts)),
                f"{local(newest.saved_at):%H:%M}",
                newest.masked_phone,
                about,
            )
            self.words.setText("　".join(filter(None, parts)))
            self.setAccessibleName(self.words.text())
        self.setVisible(bool(fresh))

    @Slot()
    def restore(self) -> None:
        """The newest; also while the strip is put away."""
        if self._drafts:
            self.restore_wanted.emit(self._drafts[0])

    @Slot()
    def put_off(self) -> None:
        self._put_off = frozenset(draft.key for draft in self._drafts)
        self.hide()


def _quiet(button: KeyButton) -> KeyButton:
    # Their keys work everywhere; Tab goes round the form only.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button


def _newest_first(draft: Draft) -> float:
    return -draft.saved_at.timestamp()
