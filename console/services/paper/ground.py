"""The faint ground of a sheet that says whose copy it is (`console.domain.mark`)."""

from reportlab.pdfgen.canvas import Canvas

from console.domain.mark import SIDE, Mark, tile
from console.services.paper.layout import MM, PAGE_HEIGHT

CELL = 2 * MM
# Whole tiles of the form below: laid so far to the right again its pattern goes on without a seam.
GROUND_STEP = int(PAGE_HEIGHT / (SIDE * CELL)) * SIDE * CELL
_REACH, _THICK = 0.30 * CELL, 0.21 * CELL
# Lighter than the lightest letter and darker than what a copier drops; tests/services/test_marks_on_paper.py prints it.
_GREY = 0.93


def ground(canvas: Canvas, name: str, mark: Mark) -> None:
    """Lay down a form of that name, as large as a sheet either way round."""
    piece, side = f"{name}tile", SIDE * CELL
    canvas.beginForm(piece, 0, 0, side, side)
    _strokes(canvas, mark)
    canvas.endForm()
    canvas.beginForm(name, 0, 0, PAGE_HEIGHT, PAGE_HEIGHT)
    for row in range(int(PAGE_HEIGHT / side) + 1):
        for col in range(int(PAGE_HEIGHT / side) + 1):
            canvas.saveState()
            canvas.translate(col * side, PAGE_HEIGHT - (row + 1) * side)
            canvas.doForm(piece)
            canvas.restoreState()
    canvas.endForm()


def _strokes(canvas: Canvas, mark: Mark) -> None:
    """All in one path; PDF counts upwards, a tile downwards."""
    path = canvas.beginPath()
    for row, cells in enumerate(tile(mark)):
        y = (SIDE - row - 0.5) * CELL
        for col, cell in enumerate(cells):
            if cell:
                x = (col + 0.5) * CELL
                path.moveTo(x - _REACH, y + cell * _REACH)
                path.lineTo(x + _REACH, y - cell * _REACH)
    canvas.setStrokeGray(_GREY)
    canvas.setLineWidth(_THICK)
    canvas.setLineCap(0)
    canvas.drawPath(path, stroke=1, fill=0)
