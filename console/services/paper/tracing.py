"""Words drawn as shapes: seen on paper, but no text to be copied, searched or mixed into the lines under them."""

from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen

from console.services.paper.fonts import Chain


class _PathPen(BasePen):  # type: ignore[misc]  # fontTools ships no types
    """Draws into a reportlab path; fontTools turns quadratic curves into cubic ones on the way."""

    def __init__(self, path: Any) -> None:
        super().__init__(None)
        self._path = path

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._path.moveTo(*point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._path.lineTo(*point)

    def _curveToOne(self, one: Any, two: Any, end: Any) -> None:  # noqa: N802
        self._path.curveTo(*one, *two, *end)

    def _closePath(self) -> None:  # noqa: N802
        self._path.close()


def trace(path: Any, text: str, chain: Chain, size: float) -> None:
    """Add the outlines of `text` to a path, from the origin rightwards; a character without a glyph is left out."""
    x = 0.0
    for char in text:
        source = chain.find(char)
        if source is None:
            continue
        scale = source.scale * size / 1000
        pen = TransformPen(_PathPen(path), (scale, 0, 0, scale, x, 0))
        glyph = source.glyphs[source.cmap[ord(char)]]
        glyph.draw(_Decomposing(pen, source.glyphs) if "glyf" in source.font else pen)
        x += source.advance(char) * size / 1000


class _Decomposing(BasePen):  # type: ignore[misc]  # the same
    """Components of a TrueType glyph drawn out in full, into another pen."""

    def __init__(self, out: Any, glyphs: Any) -> None:
        super().__init__(glyphs)
        self._out = out

    def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._out.moveTo(point)

    def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._out.lineTo(point)

    def _curveToOne(self, one: Any, two: Any, end: Any) -> None:  # noqa: N802
        self._out.curveTo(one, two, end)

    def _closePath(self) -> None:  # noqa: N802
        self._out.closePath()
