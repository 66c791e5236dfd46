"""A word in a coloured box. The word carries the meaning; the colour only helps the eye."""

from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from console.theme import Tone, mark


class Chip(QLabel):
    def __init__(
        self, text: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", "chip")
        self.setProperty("tone", str(tone))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, text: str, tone: Tone | None = None) -> None:
        """Change the words and, if given, the tone; an empty word hides the chip."""
        self.setText(text)
        self.setVisible(bool(text))
        if tone is not None and self.property("tone") != tone:
            mark(self, tone=str(tone))
