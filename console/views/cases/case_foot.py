"""The foot of a case: a note, the moves this person may make here, printing."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from console.domain.moves import MOVE_NAMES, Move
from console.domain.orders import OpenedCase
from console.views.cases.note_box import NoteBox
from console.views.parts.flow import Flow
from console.views.parts.key_cap import ActionButton, KeyButton, MenuButton

# Decisions somebody waits for; the rest are corrections and stand back.
MAIN = frozenset({Move.GRANT_RETURN, Move.GRANT_EXTENSION, Move.REGISTER})
FEW = 3


class CaseFoot(QWidget):
    """`chosen(Move)`; only moves that were offered and are permitted have a button."""

    chosen = Signal(object)
    print_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: tuple[Move, ...] = ()
        self._shown: tuple[Move, ...] = ()
        self._moves: dict[str, Move] = {}
        self.note = NoteBox()
        self.moves = Flow(gap=8)
        self.moves.hide()
        self._line = QHBoxLayout()
        self._line.setSpacing(8)
        self._line.addWidget(self.moves, 1)
        self._line.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addLayout(self._line)
        self.put_note()

    def put_note(self) -> None:
        """Above the moves, where it stands unless a low window has put it elsewhere."""
        self._column.insertWidget(0, self.note)

    def offer(self, moves: Iterable[Move]) -> None:
        self._offered = tuple(move for move in moves if move is not Move.NOTE)

    def offer_print(self, action: QAction) -> None:
        self._line.addWidget(ActionButton(action), 0, Qt.AlignmentFlag.AlignBottom)

    def show_opened(self, opened: OpenedCase) -> None:
        case = opened.case
        self.note.show_for(case.row.id)
        self.note.setVisible(Move.NOTE in case.permitted)
        wanted = tuple(move for move in self._offered if move in case.permitted)
        if wanted != self._shown:
            self._shown = wanted
            self.moves.setVisible(bool(wanted))
            self.moves.show_widgets(self._buttons(wanted))
        self.set_ready(True)

    def set_ready(self, on: bool) -> None:
        """No move before the case it is meant for is in sight."""
        self.moves.setEnabled(on)

    def _buttons(self, moves: tuple[Move, ...]) -> list[QWidget]:
        """The first few as buttons, the rest in a menu: a case must not be half buttons."""
        few = moves if len(moves) <= FEW + 1 else moves[:FEW]
        buttons: list[QWidget] = [self._button(move, move in MAIN) for move in few]
        if len(few) < len(moves):
            buttons.append(self._more(moves[len(few) :]))
        return buttons

    def _button(self, move: Move, main: bool) -> KeyButton:
        button = KeyButton(MOVE_NAMES[move], kind="primary" if main else "")
        button.setObjectName(move.value)
        button.clicked.connect(self._pressed)
        return button

    def _more(self, moves: tuple[Move, ...]) -> KeyButton:
        button = MenuButton(self.tr("更多操作"))
        menu = QMenu(button)
        for move in moves:
            action = menu.addAction(MOVE_NAMES[move])
            action.setObjectName(move.value)
            action.triggered.connect(self._pressed)
        self._menu = menu
        button.clicked.connect(self._open_menu)
        return button

    @Slot()
    def _open_menu(self) -> None:
        button = self._menu.parentWidget()
        self._menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    @Slot()
    def _pressed(self) -> None:
        self.chosen.emit(Move(self.sender().objectName()))
