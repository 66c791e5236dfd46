"""Plain text wrapped and drawn by hand: Chinese breaks anywhere, long numbers too, and nothing is read as markup."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

_FLAGS = Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def wrapped_height(text: str, font: QFont, width: int) -> int:
    """Pixels the text needs at this width."""
    return QFontMetrics(font).boundingRect(QRect(0, 0, max(width, 40), 100_000), _FLAGS, text).height() if text else 0


def draw_wrapped(painter: QPainter, rect: QRect, text: str, font: QFont) -> None:
    painter.setFont(font)
    painter.drawText(rect, _FLAGS, text)
