"""Named colours, type scale and icons: one palette and one style sheet, light and dark."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from string import Template

from PySide6.QtCore import QDir, QObject, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
FAMILIES = ("Microsoft YaHei UI", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC")
SMALL, BODY, TITLE, BIG = 12, 13, 15, 20
ROW = 28


class Tone(StrEnum):
    """What a colour says. A tone never stands alone: words or a shape go with it."""

    NEUTRAL = "neutral"
    MUTED = "muted"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    VIOLET = "violet"


class Scheme(StrEnum):
    """What the operator asked for; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour there is. `selected` is a shade lighter than `soft`: a yellow light must keep 4.5:1 on it."""

    name: str
    bg: str
    surface: str
    raised: str
    hover: str
    line: str
    strong: str
    text: str
    muted: str
    accent: str
    on_accent: str
    soft: str
    selected: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    violet: str
    violet_soft: str

    def ink(self, tone: Tone) -> str:
        """The colour of letters and shapes in this tone."""
        return self.text if tone is Tone.NEUTRAL else str(getattr(self, tone))

    def wash(self, tone: Tone) -> str:
        """The quiet background that goes under `ink`."""
        plain = {Tone.NEUTRAL: self.raised, Tone.MUTED: self.raised, Tone.ACCENT: self.soft}
        return plain.get(tone) or str(getattr(self, f"{tone}_soft"))


LIGHT = Colours(
    name="light", bg="#F3F5F8", surface="#FFFFFF", raised="#F3F5F8", hover="#F7F9FB", line="#E0E5EC",
    strong="#C5CEDA", text="#18212F", muted="#5F6B7A", accent="#1B5FC1", on_accent="#FFFFFF", soft="#E7F0FD",
    selected="#EEF4FE", ok="#1A7A4B", ok_soft="#E5F5EC", warn="#9A6200", warn_soft="#FFF3D6", bad="#B9302A",
    bad_soft="#FDE9E7", violet="#6244B5", violet_soft="#EFEAFB",
)  # fmt: skip
DARK = Colours(
    name="dark", bg="#12161C", surface="#1A2029", raised="#232B36", hover="#1F2630", line="#2B3440",
    strong="#3D4857", text="#E5EAF1", muted="#9BA7B6", accent="#6EA4F7", on_accent="#0E1A2B", soft="#1C2F4B",
    selected="#1C2F4B", ok="#62C594", ok_soft="#17332A", warn="#E9B454", warn_soft="#3A2E14", bad="#F08A80",
    bad_soft="#3F2020", violet="#B39DF2", violet_soft="#2C2547",
)  # fmt: skip

_now = LIGHT


def colours() -> Colours:
    """The colours in force. Ask at paint time, never keep them: the theme changes live."""
    return _now


def colour(tone: Tone) -> QColor:
    return QColor(_now.ink(tone))


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two `#RRGGBB` colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(name: str) -> float:
    shade = QColor(name)
    parts = [
        v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4
        for v in (shade.redF(), shade.greenF(), shade.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def body_font(size: int = BODY, bold: bool = False) -> QFont:
    """The house face at one of the four sizes, with tabular figures so that columns of numbers line up."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(size)
    font.setBold(bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def style_sheet(scheme: Colours) -> str:
    template = (RESOURCES / "style" / "console.qss.in").read_text(encoding="utf-8")
    return _Sheet(template).substitute(asdict(scheme))


class _Sheet(Template):
    delimiter = "@"


def palette(scheme: Colours) -> QPalette:
    """For what Fusion draws itself, and for everything that asks the palette."""
    roles = {
        QPalette.ColorRole.Window: scheme.bg, QPalette.ColorRole.WindowText: scheme.text,
        QPalette.ColorRole.Base: scheme.surface, QPalette.ColorRole.AlternateBase: scheme.hover,
        QPalette.ColorRole.Text: scheme.text, QPalette.ColorRole.PlaceholderText: scheme.muted,
        QPalette.ColorRole.Button: scheme.surface, QPalette.ColorRole.ButtonText: scheme.text,
        QPalette.ColorRole.Highlight: scheme.accent, QPalette.ColorRole.HighlightedText: scheme.on_accent,
        QPalette.ColorRole.ToolTipBase: scheme.text, QPalette.ColorRole.ToolTipText: scheme.surface,
        QPalette.ColorRole.Link: scheme.accent, QPalette.ColorRole.Accent: scheme.accent,
    }  # fmt: skip
    made = QPalette()
    for role, name in roles.items():
        made.setColor(role, QColor(name))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(scheme.muted))
    return made


class Theme(QObject):
    """Dresses the application and follows the desktop's light or dark, live."""

    changed = Signal()

    def __init__(self, app: QApplication, wanted: Scheme = Scheme.SYSTEM) -> None:
        super().__init__(app)
        self._app, self.wanted = app, wanted
        app.setStyle("Fusion")
        app.setFont(body_font())
        QDir.setSearchPaths("style", [str(RESOURCES / "style")])
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._apply()

    @property
    def is_dark(self) -> bool:
        return _now is DARK

    def choose(self, wanted: Scheme) -> None:
        """Light, dark, or as the desktop has it."""
        self.wanted = wanted
        self._apply()

    @Slot()
    def toggle(self) -> Scheme:
        """Ctrl+D: the other one, whatever is shown now; returns what to remember."""
        self.choose(Scheme.LIGHT if self.is_dark else Scheme.DARK)
        return self.wanted

    @Slot()
    def _system_changed(self) -> None:
        if self.wanted is Scheme.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        global _now
        dark = self.wanted is Scheme.DARK or (
            self.wanted is Scheme.SYSTEM and self._desktop_is_dark()
        )
        _now = DARK if dark else LIGHT
        _drawn.clear()
        self._app.setPalette(palette(_now))
        self._app.setStyleSheet(style_sheet(_now))
        self.changed.emit()

    def _desktop_is_dark(self) -> bool:
        return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Set the properties the style sheet selects by, and have the widget restyled."""
    if properties.get("kind") == "page":
        # Qt paints a style sheet's background for a plain QWidget, not for its subclasses, unless asked.
        widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


_drawn: dict[tuple[str, str, int, int], QPixmap] = {}


class _TintedGlyph(QIconEngine):
    """Draws a QtAwesome glyph in whatever the tone's colour is now: icons need no refresh after a theme change."""

    def __init__(self, glyph: str, tone: Tone, on: Tone) -> None:
        super().__init__()
        self._glyph, self._tone, self._on = glyph, tone, on

    def clone(self) -> QIconEngine:
        return _TintedGlyph(self._glyph, self._tone, self._on)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.save()
        painter.setPen(self._ink(mode, state))
        painter.setFont(_glyph_font(self._glyph, round(rect.height() * 0.875)))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, _glyph_char(self._glyph))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        key = (self._glyph, self._ink(mode, state).name(), size.width(), size.height())
        if key not in _drawn:
            drawn = QPixmap(size)
            drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(drawn)
            self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
            painter.end()
            _drawn[key] = drawn
        return _drawn[key]

    def _ink(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        if mode == QIcon.Mode.Disabled:
            return QColor(_now.strong)
        return colour(self._on if state == QIcon.State.On else self._tone)


def _glyph_font(glyph: str, size: int) -> QFont:
    import qtawesome

    font = qtawesome.font(glyph.partition(".")[0], max(size, 1))
    font.setPixelSize(max(size, 1))
    return font


def _glyph_char(glyph: str) -> str:
    import qtawesome

    return str(qtawesome.charmap(glyph))


def icon(glyph: str, tone: Tone = Tone.MUTED, on: Tone | None = None) -> QIcon:
    """A QtAwesome glyph (`fa6s.phone`) in a tone; `on` is its tone while checked."""
    return QIcon(_TintedGlyph(glyph, tone, on or tone))


def colour_names() -> tuple[str, ...]:
    return tuple(f.name for f in fields(Colours) if f.name != "name")
