"""The foot of an entry: only what this person may do with this version stands there."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.knowledge import UNPUBLISHED, Deed, EntryFile, Opinion
from console.views.parts.key_cap import ActionButton, KeyButton


@dataclass(frozen=True, slots=True)
class Deeds:
    """The page's actions on an entry."""

    publish: QAction
    edit: QAction
    confirm: QAction
    back: QAction
    withdraw: QAction


class DeedBar(QWidget):
    """`show_deeds(file, deeds)` enables the actions and names them after what they do here. `settle()` is pressed."""

    settle = Signal()

    def __init__(self, actions: Deeds) -> None:
        super().__init__()
        self.setProperty("kind", "clear")
        self._actions = actions
        self.publish = ActionButton(actions.publish, "primary")
        self.edit = ActionButton(actions.edit)
        self.confirm = ActionButton(actions.confirm)
        self.back = ActionButton(actions.back)
        self.withdraw = ActionButton(actions.withdraw, "danger")
        self.checked = KeyButton(self.tr("反馈已核实"))
        self.checked.clicked.connect(self.settle)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for button in (*self.buttons, self.checked):
            line.addWidget(button)
        line.addStretch(1)

    @property
    def buttons(self) -> tuple[ActionButton, ...]:
        return self.publish, self.edit, self.confirm, self.back, self.withdraw

    def show_deeds(self, file: EntryFile | None, deeds: frozenset[Deed]) -> None:
        actions = self._actions
        for action, those in (
            (actions.publish, {Deed.PUBLISH, Deed.SUBMIT}),
            (actions.edit, {Deed.EDIT, Deed.REVISE}),
            (actions.confirm, {Deed.CONFIRM}),
            (actions.back, {Deed.SEND_BACK}),
            (actions.withdraw, {Deed.WITHDRAW}),
        ):
            action.setEnabled(bool(deeds & those))
        self._name(file, deeds)
        for button in self.buttons:
            button.setVisible(button.isEnabled())
        self.checked.setVisible(Deed.SETTLE in deeds and _has_complaints(file))

    def _name(self, file: EntryFile | None, deeds: frozenset[Deed]) -> None:
        publishes, revises = Deed.PUBLISH in deeds, Deed.REVISE in deeds
        given_up = file is not None and file.standing in UNPUBLISHED
        self.publish.set_own_words(self.tr("发布") if publishes else self.tr("提交审核"))
        self.edit.set_own_words(self.tr("写下一版") if revises else self.tr("修改"))
        self.confirm.set_own_words(self.tr("复核无误"))
        self.back.set_own_words(self.tr("退回修改"))
        self.withdraw.set_own_words(self.tr("放弃") if given_up else self.tr("撤下"))


def _has_complaints(file: EntryFile | None) -> bool:
    if file is None:
        return False
    return any(not one.settled and one.kind is not Opinion.USEFUL for one in file.opinions)
