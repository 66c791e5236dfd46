"""F1: every key of this place and of the window, read from console.actions."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.actions import PLACES, Action, Group, actions_of
from console.domain.roles import Role, Workplace
from console.views.parts.card import label, row
from console.views.parts.key_cap import KeyButton, KeyCap

_WRITING = (
    ("::首字母 空格", "展开常用语"),
    ("1…9", "在选项上直接选"),
    ("↑ ↓ Enter / Tab", "选建议，Tab 选中并到下一项"),
    ("Esc", "只收起列表，从不丢字"),
    ("Ctrl+Enter", "确认对话框"),
)


class KeySheet(QDialog):
    """Closes with Esc, F1 or Enter; opened without blocking anything."""

    def __init__(
        self,
        workplace: Workplace | None,
        role: Role,
        places: Iterable[Workplace],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("按键一览"))
        name = PLACES[workplace].name if workplace else self.tr("全部")
        close = KeyButton(self.tr("关闭"), "Esc", "primary")
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(16)
        column.addWidget(label(self.tr("按键一览 · {0}").format(name), "big"))
        column.addLayout(self._columns(actions_of(workplace, role), tuple(places)))
        column.addWidget(row(None, close))

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_F1:
            self.accept()
        else:
            super().keyPressEvent(event)

    def _columns(self, actions: tuple[Action, ...], places: tuple[Workplace, ...]) -> QHBoxLayout:
        by_group = {
            group: [a for a in actions if a.group is group and a.shortcut] for group in Group
        }
        columns = QHBoxLayout()
        columns.setSpacing(40)
        for groups in (
            (Group.CALL, Group.RECORD),
            (Group.ORDER, Group.FIND),
            (Group.VIEW, Group.GO),
        ):
            column = QVBoxLayout()
            column.setSpacing(16)
            for group in groups:
                rows = [(a.shortcut, a.words) for a in by_group[group]]
                if group is Group.GO:
                    rows = [
                        (f"Ctrl+{at + 1}", PLACES[place].name)
                        for at, place in enumerate(places[:9])
                    ]
                if rows:
                    column.addLayout(self._section(group.value, rows))
            if Group.GO in groups:
                column.addLayout(
                    self._section(
                        self.tr("打字时"), [(key, self.tr(words)) for key, words in _WRITING]
                    )
                )
            column.addStretch(1)
            columns.addLayout(column)
        return columns

    def _section(self, title: str, rows: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.addWidget(label(title, "caption"), 0, 0, 1, 2)
        for at, (key, words) in enumerate(rows, 1):
            grid.addWidget(KeyCap(key), at, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(words), at, 1)
        grid.setColumnMinimumWidth(0, 108)
        grid.setColumnStretch(1, 1)
        return grid
