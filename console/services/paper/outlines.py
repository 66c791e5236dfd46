"""Cubic outlines into TrueType `glyf` entries.

fontTools' own TTGlyphPen and Glyph.compile do this too, at twice the time; the first document an operator prints is
mostly this work.
"""

import struct
from typing import Any

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen

from console.services.paper.fonts import COMPOSED, Chain, Source

Point = tuple[float, float]
# How far, in thousandths of an em, a converted curve may stray: 0.006 mm at the title's size.
_CURVE_ERROR = 1.0
# What follows the box in a composed character: the tick centred on it, then again a little to the right for weight.
_TICKS = ((0.8, 0, 0, 0.8, 220, 32), (0.8, 0, 0, 0.8, 255, 32))
_ON, _X_BYTE, _Y_BYTE, _X_SAME, _Y_SAME = 1, 2, 4, 16, 32


class OutlinePen:
    """Collects closed quadratic contours as (x, y, on the curve) points."""

    def __init__(self) -> None:
        self.contours: list[list[tuple[int, int, int]]] = []

    def moveTo(self, point: Point) -> None:  # noqa: N802
        self.contours.append([_at(point, _ON)])

    def lineTo(self, point: Point) -> None:  # noqa: N802
        self.contours[-1].append(_at(point, _ON))

    def qCurveTo(self, *points: Point | None) -> None:  # noqa: N802
        """Off-curve points and an on-curve end; None for the end means a contour with no on-curve point."""
        *bends, end = points
        if end is None:
            self.contours.append([])
        self.contours[-1] += [_at(bend, 0) for bend in bends if bend is not None]
        if end is not None:
            self.contours[-1].append(_at(end, _ON))

    def closePath(self) -> None:  # noqa: N802
        """The closing line is implied; a last point on top of the first would be a point too many."""
        contour = self.contours[-1]
        if len(contour) > 1 and contour[0] == contour[-1]:
            contour.pop()

    endPath = closePath  # noqa: N815


def _at(point: Point, on: int) -> tuple[int, int, int]:
    return round(point[0]), round(point[1]), on


def glyph_data(chain: Chain, char: str) -> bytes:
    """The `glyf` entry of a character at 1000 units to the em; empty when it has no ink."""
    pen = OutlinePen()
    for index, part in enumerate(COMPOSED.get(char, (char,))):
        source = chain.find(part)
        if source is not None:
            _trace(source, part, TransformPen(pen, _TICKS[index - 1]) if index else pen)
    return compile_glyph([contour for contour in pen.contours if len(contour) > 2])


def _trace(source: Source, char: str, pen: Any) -> None:
    """Draw a character, whatever its file's curves and scale."""
    scale = source.scale
    target = pen if scale == 1 else TransformPen(pen, (scale, 0, 0, scale, 0, 0))
    glyph = source.glyphs[source.cmap[ord(char)]]
    if "glyf" not in source.font:
        glyph.draw(Cu2QuPen(target, _CURVE_ERROR, reverse_direction=True))
        return
    recording = DecomposingRecordingPen(source.glyphs)
    glyph.draw(recording)
    recording.replay(target)


def compile_glyph(contours: list[list[tuple[int, int, int]]]) -> bytes:
    """A simple glyph description (OpenType `glyf`), without instructions and repeat flags."""
    if not contours:
        return b""
    points = [point for contour in contours for point in contour]
    across, up = [point[0] for point in points], [point[1] for point in points]
    flags, wide, high = bytearray(), bytearray(), bytearray()
    x = y = 0
    for point_x, point_y, flag in points:
        flag |= _step(point_x - x, _X_BYTE, _X_SAME, wide) | _step(
            point_y - y, _Y_BYTE, _Y_SAME, high
        )
        flags.append(flag)
        x, y = point_x, point_y
    ends, count = [], -1
    for contour in contours:
        count += len(contour)
        ends.append(count)
    box = (min(across), min(up), max(across), max(up))
    return struct.pack(f">5h{len(ends)}HH", len(ends), *box, *ends, 0) + flags + wide + high


def _step(delta: int, byte: int, same: int, out: bytearray) -> int:
    """Write one coordinate's change; return the flags that say how."""
    if delta == 0:
        return same
    if -256 < delta < 256:
        out.append(abs(delta))
        return byte | same if delta > 0 else byte
    out += struct.pack(">h", delta)
    return 0
