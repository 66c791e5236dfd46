"""Platform and campaigns of a work order in one quiet line; Ctrl+Shift+T opens them to be changed."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.changes import Changed
from console.domain.errors import UserError
from console.domain.moves import Move
from console.domain.records import CaseFile
from console.domain.states import PLATFORM_NAMES, Platform
from console.domain.tallies import Tags
from console.jobs import Jobs
from console.theme import mark
from console.views.parts.campaign_picker import CampaignPicker
from console.views.parts.card import label
from console.views.parts.field import Field
from console.views.parts.key_cap import KeyButton
from console.views.parts.segmented import Segmented


class TagDesk(Protocol):
    """console.services.tallies.Tallies, as far as a case uses it."""

    def tags(self, ticket_id: int) -> Tags: ...
    def tag(
        self,
        ticket_id: int,
        platform: Platform | None,
        codes: tuple[str, ...] | None,
        version: int | None = None,
    ) -> Changed: ...


class TagStrip(QWidget):
    """`show_case(CaseFile)`; hidden where nothing is tagged and this person may not tag."""

    failed = Signal(object)
    settled = Signal()

    def __init__(self, jobs: Jobs, desk: TagDesk, owner: QWidget) -> None:
        super().__init__(owner)
        self._jobs, self._desk = jobs, desk
        self._case: CaseFile | None = None
        self._tags: Tags | None = None
        self.tag = add_action(owner, ActionId.TAG, self.ask)
        self.words = label("", "muted", wrap=True)
        self.change = KeyButton(self.tr("标注"), self.tag.shortcut().toString(), "quiet")
        self.change.setFixedHeight(22)
        self.change.clicked.connect(self.ask)
        self.platform = Segmented(list(PLATFORM_NAMES.items()), self.tr("平台"), numbers=False)
        self.picker = CampaignPicker()
        self.save = KeyButton(self.tr("保存标注"), "Ctrl+Enter", "primary")
        self.save.clicked.connect(self.store)
        self.error = label("", "error", wrap=True)
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.words, 1)
        line.addWidget(self.change, 0, Qt.AlignmentFlag.AlignVCenter)
        self.sheet = QFrame()
        mark(self.sheet, kind="strip", tone="accent")
        inner = QVBoxLayout(self.sheet)
        inner.setContentsMargins(12, 10, 12, 10)
        inner.setSpacing(8)
        inner.addWidget(Field(self.tr("平台"), self.platform))
        inner.addWidget(Field(self.tr("专项活动，可多选"), self.picker))
        foot = QHBoxLayout()
        foot.addWidget(self.error, 1)
        foot.addWidget(self.save)
        inner.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(line)
        column.addWidget(self.sheet)
        self.sheet.hide()

    @property
    def is_typing(self) -> bool:
        return self.sheet.isVisible()

    def clear(self) -> None:
        self._case, self._tags = None, None
        self.sheet.hide()
        self.tag.setEnabled(False)
        self.hide()

    @Slot(object)
    def show_case(self, case: CaseFile) -> None:
        if self._case is not None and self._case.row.id != case.row.id:
            self.sheet.hide()
            self.hide()
        self._case = case
        self.tag.setEnabled(Move.TAG in case.permitted)
        self._read_again()

    def _read_again(self) -> None:
        if self._case is not None:
            work = partial(self._desk.tags, self._case.row.id)
            self._jobs.read(self, work, self._read, self._trouble, key="tags")

    def _read(self, tags: Tags) -> None:
        if self._case is None or tags.ticket_id != self._case.row.id:
            return
        self._tags = tags
        names = "、".join(choice.name for choice in tags.campaigns if choice.chosen)
        parts = [self.tr("平台　{0}").format(PLATFORM_NAMES[tags.platform])]
        if names:
            parts.append(self.tr("专项活动　{0}").format(names))
        self.words.setText("　　".join(parts))
        self.change.setVisible(self.tag.isEnabled())
        self.setVisible(bool(names) or self.tag.isEnabled())
        if not self.sheet.isVisible():
            self._fill(tags)

    def _fill(self, tags: Tags) -> None:
        self.platform.choose(tags.platform)
        self.picker.show_choices(tags.campaigns)
        self.error.setText("")

    @Slot()
    def ask(self) -> None:
        """Opens the sheet; again, puts it away with nothing changed."""
        if self.sheet.isVisible():
            self._put_away()
        elif self._tags is not None:
            self._fill(self._tags)
            self.sheet.show()
            first = self.picker.first or self.platform
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def store(self) -> None:
        if self._case is None or self._tags is None:
            return
        chosen = self.platform.value
        platform = chosen if chosen is not self._tags.platform else None
        codes = self.picker.codes if set(self.picker.codes) != set(self._tags.codes) else None
        if platform is None and codes is None:
            self._put_away()
            return
        work = partial(self._desk.tag, self._case.row.id, platform, codes, self._tags.version)
        self.save.setEnabled(False)
        self._jobs.write(self, work, self._stored, self._trouble)

    def _stored(self, _changed: Changed) -> None:
        self.save.setEnabled(True)
        self._put_away()
        self._read_again()

    def _put_away(self) -> None:
        self.sheet.hide()
        self.settled.emit()

    def _trouble(self, error: Exception) -> None:
        self.save.setEnabled(True)
        if not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
        elif self.sheet.isVisible():
            self.error.setText(error.sentence)
            self._reread()
        else:
            self.failed.emit(error)

    def _reread(self) -> None:
        """Somebody else changed it first: the next press goes by what is there now."""
        if self._case is not None:
            work = partial(self._desk.tags, self._case.row.id)
            self._jobs.read(self, work, self._read, self._jobs.unhandled.emit, key="tags")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape and self.sheet.isVisible():
            self._put_away()
        elif enter and self.sheet.isVisible():
            self.store()
        else:
            super().keyPressEvent(event)
