"""Draws laid-out pages with reportlab and puts on every page what every page must carry (field-facts 9.1)."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.graphics.barcode import qrencoder
from reportlab.graphics.barcode.code128 import Code128
from reportlab.pdfgen.canvas import Canvas

from console.domain.forms import Stamp
from console.domain.mark import Mark
from console.services.paper.fonts import Role
from console.services.paper.furniture import Furniture, furnish
from console.services.paper.glyphs import Fonts
from console.services.paper.ground import GROUND_STEP, ground
from console.services.paper.layout import (
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Bars,
    Box,
    Matrix,
    Op,
    Ring,
    Rule,
    Sheet,
    Text,
)
from console.services.paper.text import Style, clean
from console.services.paper.tracing import trace
from console.services.paper.words import moment

_WATERMARK_GREY = 0.9
_TRAINING_GREY = 0.8
# Where each copy of the watermark begins, in mm from the top left.
_UPRIGHT = ((22, 60), (105, 60), (22, 125), (105, 125), (22, 190), (105, 190))
_ACROSS = ((22, 45), (105, 45), (188, 45), (22, 110), (105, 110), (188, 110))
_LARGE = tuple((x, y) for y in (45, 110, 175, 240) for x in (22, 105, 188, 271))
# Streams go into the file as they are: ASCII-85 makes them a quarter larger and costs more than the drawing.
rl_config.useA85 = 0


@lru_cache(maxsize=64)
def bar_modules(value: str) -> tuple[tuple[tuple[int, int], ...], int]:
    """Dark bars of Code 128 as (start, width) in modules, and the total width in modules."""
    code = Code128(value, quiet=0)
    code.validate()
    code.encode()
    code.decompose()
    bars, at = [], 0
    for letter in code.decomposed:
        # reportlab writes a bar as A to D in upper case for dark, in lower case for light, by width.
        width = ord(letter.lower()) - ord("a") + 1
        if letter.isupper():
            bars.append((at, width))
        at += width
    return tuple(bars), at


@lru_cache(maxsize=64)
def qr_modules(value: str) -> tuple[tuple[bool, ...], ...]:
    """The dark modules of a QR code, error correction M."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(value)
    code.make()
    return tuple(tuple(bool(cell) for cell in row) for row in code.modules)


class Painter:
    """One PDF in the making. Page 1 is at the top of the first document added."""

    def __init__(self, fonts: Fonts, title: str) -> None:
        self._fonts, self._out, self.pages = fonts, BytesIO(), 0
        self.missing: dict[str, None] = {}
        fonts.register()
        self._canvas = Canvas(
            self._out,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            pageCompression=1,
            invariant=1,
            initialFontName=fonts.name(Role.BODY),
            lang="zh-CN",
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor("12345 Hotline Console")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._watermarks: dict[tuple[Stamp, tuple[float, float]], str] = {}
        self._grounds: dict[Mark, str] = {}

    def add(self, sheet: Sheet, furniture: Furniture) -> None:
        """Draw one document's pages."""
        furnish(sheet, furniture)
        self.missing.update(sheet.missing)
        width, height = sheet.paper
        for page in sheet.pages:
            self._canvas.setPageSize((width, height))
            # Everything is placed from the top of an upright sheet; on its side the top lies lower.
            self._canvas.translate(0, height - PAGE_HEIGHT)
            self._backdrop(furniture, sheet.paper)
            self._draw(page)
            self._canvas.showPage()
            self.pages += 1

    def save(self) -> bytes:
        self._canvas.save()
        return self._out.getvalue()

    def _backdrop(self, furniture: Furniture, paper: tuple[float, float]) -> None:
        """The faint copy watermark, and 演练 across a training sheet, under everything else."""
        if furniture.stamp.training:
            self._training(paper)
        if furniture.watermark:
            if furniture.stamp.mark is not None:
                self._lay_ground(self._ground(furniture.stamp.mark), paper[0])
            self._canvas.doForm(self._watermark(furniture.stamp, paper))

    def _lay_ground(self, name: str, width: float) -> None:
        """Once, or on a sheet wider than it, again where its pattern begins anew."""
        left = 0.0
        while left < width:
            self._canvas.saveState()
            self._canvas.translate(left, 0)
            self._canvas.doForm(name)
            self._canvas.restoreState()
            left += GROUND_STEP

    def _ground(self, mark: Mark) -> str:
        """Faint strokes over the whole sheet, for `main.py trace`: a scan of any 32 mm of it will do."""
        if mark in self._grounds:
            return self._grounds[mark]
        name = self._grounds[mark] = f"ground{len(self._grounds)}"
        ground(self._canvas, name, mark)
        return name

    def _training(self, paper: tuple[float, float]) -> None:
        canvas = self._canvas
        width, height = paper
        canvas.saveState()
        canvas.translate(width / 2, PAGE_HEIGHT - height / 2)
        canvas.rotate(30 if width > height else 52)
        canvas.setStrokeGray(_TRAINING_GREY)
        canvas.setLineWidth(1.2)
        self._string(-170, -62, "演练", Style(Role.HEAD, 170, 170), mode=1)
        canvas.restoreState()

    def _watermark(self, stamp: Stamp, paper: tuple[float, float]) -> str:
        """A form with printer and copy number all over: a photograph of any part tells whose copy it was."""
        if (stamp, paper) in self._watermarks:
            return self._watermarks[stamp, paper]
        name = self._watermarks[stamp, paper] = f"watermark{len(self._watermarks)}"
        canvas = self._canvas
        text = self._clean(f"{stamp.printed_by}  {moment(stamp.printed_at)}  份号{stamp.copy_no}")
        width = sum(map(self._fonts.widths(Role.BODY).__getitem__, text))
        # The right-hand column must end on the page.
        # Shapes, not text: slanting words would be read into the lines they lie under.
        shapes = canvas.beginPath()
        trace(shapes, text, self._fonts.chains[Role.BODY], min(10.0, 330 / width))
        # Its own bounds: the page's would cut it off on a sheet turned on its side.
        canvas.beginForm(name, 0, 0, max(paper), PAGE_HEIGHT)
        canvas.setFillGray(_WATERMARK_GREY)
        for x, y in _places(paper):
            canvas.saveState()
            canvas.translate(x * MM, PAGE_HEIGHT - (y + 45) * MM)
            canvas.rotate(30)
            canvas.drawPath(shapes, stroke=0, fill=1)
            canvas.restoreState()
        canvas.endForm()
        return name

    def _clean(self, text: str) -> str:
        return clean(text, self._fonts.can_draw, self.missing)

    def _string(self, x: float, y: float, text: str, style: Style, mode: int = 0) -> None:
        drawing = self._canvas.beginText(x, y)
        drawing.setFont(self._fonts.name(style.role), style.size)
        if mode:
            drawing.setTextRenderMode(mode)
        drawing.textOut(text)
        self._canvas.drawText(drawing)

    def _draw(self, ops: Sequence[Op]) -> None:
        self._draw_texts([op for op in ops if isinstance(op, Text)])
        for op in ops:
            if not isinstance(op, Text):
                _DRAW[type(op)](self._canvas, op)

    def _draw_texts(self, texts: Sequence[Text]) -> None:
        """All of a page's text in one text object; drawString would measure each string over again."""
        drawing = self._canvas.beginText()
        weight, grey, space = 0.0, 0.0, 0.0
        for text in texts:
            style = text.style
            if style.weight != weight:
                # The stroke width rides in the text object: it is legal between BT and ET (ISO 32000-1 table 51).
                drawing.setTextRenderMode(2 if style.weight else 0)
                drawing._code.append(f"{style.weight:g} w")
                weight = style.weight
            if style.grey != grey:
                drawing.setFillGray(style.grey)
                grey = style.grey
            if text.space != space:
                drawing.setCharSpace(text.space)
                space = text.space
            drawing.setFont(self._fonts.name(style.role), style.size)
            drawing.setTextOrigin(text.x, PAGE_HEIGHT - text.y)
            drawing.textOut(text.text)
        self._canvas.drawText(drawing)
        # Text state outlives ET; leave none of it to what is drawn next.
        self._canvas._code.append("0 Tr 0 Tc 0 g")


def _places(paper: tuple[float, float]) -> tuple[tuple[int, int], ...]:
    width, height = paper
    if width <= height:
        return _UPRIGHT
    return _ACROSS if width <= PAGE_HEIGHT else _LARGE


def _draw_rule(canvas: Canvas, rule: Rule) -> None:
    canvas.setLineWidth(rule.thick)
    canvas.setStrokeGray(rule.grey)
    canvas.setDash(*([list(rule.dash)] if rule.dash else []))
    canvas.line(rule.x0, PAGE_HEIGHT - rule.y0, rule.x1, PAGE_HEIGHT - rule.y1)


def _draw_box(canvas: Canvas, box: Box) -> None:
    canvas.setLineWidth(box.thick)
    canvas.setStrokeGray(0)
    canvas.setDash()
    canvas.rect(box.x, PAGE_HEIGHT - box.y - box.height, box.width, box.height)


def _draw_ring(canvas: Canvas, ring: Ring) -> None:
    canvas.setLineWidth(0.4)
    canvas.setStrokeGray(0.7)
    canvas.setDash([1.5, 3])
    canvas.circle(ring.x, PAGE_HEIGHT - ring.y, ring.radius)


def _draw_bars(canvas: Canvas, bars: Bars) -> None:
    dark, total = bar_modules(bars.value)
    module = bars.width / total
    path = canvas.beginPath()
    for start, width in dark:
        path.rect(
            bars.x + start * module, PAGE_HEIGHT - bars.y - bars.height, width * module, bars.height
        )
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_matrix(canvas: Canvas, matrix: Matrix) -> None:
    rows = qr_modules(matrix.value)
    module = matrix.side / len(rows)
    path = canvas.beginPath()
    for index, row in enumerate(rows):
        y = PAGE_HEIGHT - matrix.y - (index + 1) * module
        for column, dark in enumerate(row):
            if dark:
                path.rect(matrix.x + column * module, y, module, module)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


_DRAW: dict[type, Callable[[Canvas, Any], None]] = {
    Rule: _draw_rule,
    Box: _draw_box,
    Ring: _draw_ring,
    Bars: _draw_bars,
    Matrix: _draw_matrix,
}
