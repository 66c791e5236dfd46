"""What every pile of the dispatch desk has: a form beside the case, F8 for the usual decision, Ctrl+B for the other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from console.domain.piles import PILE_STATES, Pile
from console.domain.records import CaseFile


@dataclass(frozen=True)
class Decision:
    """A write and the sentence that tells it was done; a `Done` brings its own sentence and its undo."""

    work: Callable[[], Any]
    words: str = ""


class Bench(QObject):
    """One pile. `helped` is False until what the decision rests on has been read."""

    pile: Pile
    usual = ""
    other = ""
    undo_words = ""
    helped = True
    # Lines of text the form would like more where there is room; None: as high as it needs.
    more = 0

    def __init__(self, card: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.card = card

    def start(self, case: CaseFile, draft: Any) -> None:
        """A work order was opened; `draft` is what was typed for it before."""

    def draft(self) -> Any:
        """What is typed now; None when nothing worth keeping is."""
        return None

    def focus_first(self) -> None:
        """Where the operator types first."""

    def fits(self, case: CaseFile) -> bool:
        """Whether the work order still lies on this pile."""
        return case.row.state in PILE_STATES[self.pile]

    def show_errors(self, error: Exception) -> Exception | None:
        """Beside the fields; returns what belongs to none."""
        return error

    def decide(self, case: CaseFile) -> Decision | None:
        """F8."""

    def refuse(self, case: CaseFile) -> Decision | None:
        """Ctrl+B."""
