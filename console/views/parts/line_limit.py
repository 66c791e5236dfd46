"""How much goes into a line, counted in characters; Qt's own limit counts 𡐓 twice."""

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QLineEdit


class _Characters(QValidator):
    """Lets in as many characters as fit and drops the rest of what was typed or pasted."""

    def __init__(self, most: int, parent: QLineEdit) -> None:
        super().__init__(parent)
        self._most = most

    def validate(self, text: str, at: int) -> object:
        excess = len(text) - self._most
        if excess <= 0:
            return QValidator.State.Acceptable, text, at
        # Qt counts the cursor in 16-bit units. What was just put in ends at it.
        head = text.encode("utf-16-le")[: 2 * at].decode("utf-16-le", "ignore")
        kept = head[: max(len(head) - excess, 0)]
        shorter = (kept + text[len(head) :])[: self._most]
        return QValidator.State.Acceptable, shorter, len(kept.encode("utf-16-le")) // 2


def limit_characters(line: QLineEdit, most: int) -> QLineEdit:
    """At most so many characters of any plane in this line; the same line."""
    line.setMaxLength(32_767)
    line.setValidator(_Characters(most, line))
    return line
