"""The fonts reportlab sees: faces put together from several files, as TrueType, one used character at a time.

reportlab asks a face for subsets of at most 256 characters while it writes a document. Answering with just those
glyphs, converted from CFF to TrueType curves once and remembered, spares both the conversion of 30,000 glyphs (12 s)
and a separate pass to collect a batch's characters; and since reportlab subsets by use, the same document gives the
same bytes whatever was printed before.
"""

import struct
import threading
from functools import lru_cache, partial
from io import BytesIO
from itertools import accumulate
from typing import Any
from weakref import WeakKeyDictionary

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfmetrics, ttfonts

from console.services.paper.fonts import COMPOSED, Chain, Role, find_chains
from console.services.paper.outlines import glyph_data

_UNITS = 1000
_ASCENT, _DESCENT = 880, -120
_BOX = (-1000, -500, 3000, 1500)
_FF_SYMBOLIC = 4


def to_unicode_map(font_name: str, subset: list[int]) -> str:
    """The ToUnicode map of one subset, with surrogate pairs beyond U+FFFF.

    WORKAROUND reportlab 5.1 pdfbase/ttfonts.py makeToUnicodeCMap writes `%04X` of the code point, so 𡐓 prints right
    but is searched and copied as another character: remove when it emits UTF-16BE. Also kept to 100 entries a block,
    which ISO 32000-1 9.10.3 asks for.
    """
    entries = [
        f"<{i:02X}> <{chr(code).encode('utf-16-be').hex().upper()}>"
        for i, code in enumerate(subset)
    ]
    blocks = []
    for start in range(0, len(entries), 100):
        part = entries[start : start + 100]
        blocks += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
            f"/CMapName /{font_name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


ttfonts.makeToUnicodeCMap = to_unicode_map
# reportlab keeps one font table per process, and fontTools reads glyphs lazily: one document at a time.
_ONE_DOCUMENT = threading.Lock()


class _Coverage:
    """reportlab's `charToGlyph`: it only asks whether a code is in it."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    def __contains__(self, code: int) -> bool:
        return code == 32 or chr(code) in COMPOSED or self._chain.find(chr(code)) is not None


class Widths(dict[str, float]):
    """Character → width in ems, looked up once each."""

    def __init__(self, chain: Chain) -> None:
        super().__init__()
        self._chain = chain

    def __missing__(self, char: str) -> float:
        drawn = COMPOSED[char][0] if char in COMPOSED else char
        source = self._chain.find(drawn)
        self[char] = width = source.advance(drawn) / _UNITS if source else 1.0
        return width


class ComposedFace(ttfonts.TTFontFace):  # type: ignore[misc]
    """A face whose glyphs come from a chain of files; stands where reportlab expects one parsed file."""

    def __init__(self, role: Role, chain: Chain) -> None:
        pdfmetrics.TypeFace.__init__(self, None)
        self.chain, self.filename = chain, role.value
        self.name = ttfonts.TTFNameBytes(chain.name.encode("ascii", "ignore"))
        self.subfontNameX = b""
        self.flags, self.italicAngle, self.stemV = _FF_SYMBOLIC, 0, 80
        self.ascent, self.descent, self.capHeight = _ASCENT, _DESCENT, 733
        self.bbox, self.defaultWidth = list(_BOX), _UNITS
        self.charToGlyph = _Coverage(chain)
        self.widths = Widths(chain)
        self._glyph = lru_cache(maxsize=12_000)(partial(glyph_data, chain))
        self._template = template(self.name.ustr)

    def getCharWidth(self, code: int) -> float:  # noqa: N802
        """Width of a code in thousandths; 0 stands for .notdef."""
        return round(self.widths[chr(code)] * _UNITS) if code else _UNITS

    def makeSubset(self, subset: list[int]) -> bytes:  # noqa: N802
        """A TrueType file with these characters, code i drawing the i-th of them."""
        order = list(dict.fromkeys([0, *subset]))
        place = {code: index for index, code in enumerate(order)}
        return assemble(
            [self._glyph(chr(code)) if code else b"" for code in order],
            [int(self.getCharWidth(code)) for code in order],
            [place[code] for code in subset],
            self._template,
        )


def template(name: str) -> dict[str, bytes]:
    """The tables of a font of ours that do not depend on its glyphs, and those patched for each subset."""
    font = FontBuilder(_UNITS, isTTF=True)
    font.setupGlyphOrder([".notdef"])
    font.setupCharacterMap({})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph()})
    font.setupHorizontalMetrics({".notdef": (_UNITS, 0)})
    font.setupHorizontalHeader(ascent=_ASCENT, descent=_DESCENT)
    font.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    font.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=_DESCENT)
    font.setupPost(keepGlyphNames=False)
    font.font.recalcBBoxes = font.font.recalcTimestamp = False
    head, limits = font.font["head"], font.font["maxp"]
    # The clock must not reach the file: the same document gives the same bytes.
    head.created = head.modified = 0
    head.xMin, head.yMin, head.xMax, head.yMax = _BOX
    # Upper bounds: the densest character in Unicode (𪚥, 64 strokes) stays well below.
    limits.maxPoints, limits.maxContours = 4000, 400
    font.save(out := BytesIO())
    reader = TTFont(BytesIO(out.getvalue())).reader
    return {tag: reader[tag] for tag in ("name", "OS/2", "post", "hhea", "maxp", "head")}


def assemble(
    glyphs: list[bytes], widths: list[int], codes: list[int], tables: dict[str, bytes]
) -> bytes:
    """A TrueType file from compiled glyphs, their widths, and the glyph of each code (cmap 1,0 format 6)."""
    font = ttfonts.TTFontMaker()
    padded = [glyph + bytes(-len(glyph) % 4) for glyph in glyphs]
    ends = list(accumulate(map(len, padded), initial=0))
    bearings = [struct.unpack(">h", glyph[2:4])[0] if glyph else 0 for glyph in glyphs]
    pairs = [value for pair in zip(widths, bearings, strict=True) for value in pair]
    for tag in ("name", "OS/2", "post"):
        font.add(tag, tables[tag])
    font.add("glyf", b"".join(padded))
    font.add("loca", struct.pack(f">{len(ends)}L", *ends))
    font.add("hmtx", struct.pack(">" + "Hh" * len(glyphs), *pairs))
    font.add("hhea", _with_short(tables["hhea"], 34, len(glyphs)))
    font.add("maxp", _with_short(tables["maxp"], 4, len(glyphs)))
    font.add("head", _with_short(tables["head"], 50, 1))
    head = (0, 1, 1, 0, 0, 12, 6, 10 + 2 * len(codes), 0, 0, len(codes))
    font.add("cmap", struct.pack(f">{len(head) + len(codes)}H", *head, *codes))
    return bytes(font.makeStream())


def _with_short(table: bytes, at: int, value: int) -> bytes:
    return table[:at] + struct.pack(">H", value) + table[at + 2 :]


class ComposedFont(ttfonts.TTFont):  # type: ignore[misc]
    """reportlab's dynamic font over a composed face."""

    def __init__(self, role: Role, chain: Chain) -> None:
        self.fontName, self.face = role.value, ComposedFace(role, chain)
        self.encoding = ttfonts.TTEncoding()
        self.state: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self._asciiReadable = True
        self.shapable = False

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:  # noqa: N802
        """Width in points."""
        return sum(map(self.face.widths.__getitem__, text)) * size


class Fonts:
    """The faces of the three roles. One is enough for a program."""

    def __init__(self, chains: dict[Role, Chain] | None = None) -> None:
        self.chains = find_chains() if chains is None else chains
        self.lock = _ONE_DOCUMENT
        # Title and body share a font where both fall back to the same file: two of one name would clash in the PDF.
        made: dict[Chain, ComposedFont] = {}
        for role, chain in self.chains.items():
            made[chain] = made.get(chain) or ComposedFont(role, chain)
        self._fonts = {role: made[chain] for role, chain in self.chains.items()}
        self._known: dict[str, bool] = {}

    def register(self) -> None:
        """Put our faces in reportlab's table, before every document."""
        for font in self._fonts.values():
            # Not pdfmetrics.registerFont: it keeps the first font of a name, or of a face's name, for good.
            pdfmetrics._fonts[font.fontName] = font

    def name(self, role: Role) -> str:
        """What reportlab calls the face of a role."""
        return str(self._fonts[role].fontName)

    def widths(self, role: Role) -> Widths:
        """Character widths in ems."""
        return self._fonts[role].face.widths

    def can_draw(self, char: str) -> bool:
        """Whether any file has the character; every chain ends in the same files, so the body's answers for all."""
        known = self._known.get(char)
        if known is None:
            known = char in COMPOSED or self.chains[Role.BODY].find(char) is not None
            self._known[char] = known
        return known
