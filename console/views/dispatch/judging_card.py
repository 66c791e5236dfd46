"""What every card that decides something in words has in common."""

from PySide6.QtCore import Qt, Slot

from console.domain.errors import UserError
from console.views.parts.card import Card
from console.views.parts.field import Fields
from console.views.parts.snippet_edit import SnippetEdit


class JudgingCard(Card):
    """Faults stand beside the words until they are changed; what was typed can be kept as a draft."""

    fields: Fields

    def _judge_in(self, words: SnippetEdit) -> None:
        """Where the operator writes."""
        self._words = words
        words.textChanged.connect(self._changed)

    def draft(self) -> str | None:
        return self._words.text.strip() or None

    def show_errors(self, error: Exception) -> Exception | None:
        """Beside the words; what belongs elsewhere is returned."""
        self.fields.clear_errors()
        return self.fields.show_errors(error) if isinstance(error, UserError) else error

    def focus_first(self) -> None:
        self._words.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _changed(self) -> None:
        self.fields.clear_errors()
