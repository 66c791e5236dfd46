"""Plain text wrapped and drawn by hand: Chinese rules of line breaking, long numbers broken, nothing read as markup."""

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption


def unbroken(words: str) -> str:
    """The same words, never broken across two lines: Chinese may otherwise break between any two characters."""
    return "\u2060".join(words.replace(" ", "\u00a0"))


def wrapped_height(text: str, font: QFont, width: int) -> int:
    """Pixels the text needs at this width."""
    return round(_laid_out(text, font, width)[1]) if text else 0


def draw_wrapped(painter: QPainter, rect: QRect, text: str, font: QFont) -> None:
    if text:
        _laid_out(text, font, rect.width())[0].draw(painter, QPointF(rect.topLeft()))


def _laid_out(text: str, font: QFont, width: int) -> tuple[QTextLayout, float]:
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    layout.setTextOption(QTextOption(wrapMode=QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere))
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 40))
        line.setPosition(QPointF(0, height))
        height += line.height()
    layout.endLayout()
    return layout, height
