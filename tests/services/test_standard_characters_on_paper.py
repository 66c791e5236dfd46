"""Every standard character on paper: its own glyph really embedded, no box, and its text read out of the PDF again."""

from collections.abc import Iterator
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from fontTools.ttLib import TTFont

from console.domain.forms import FormKind
from console.services.paper.fonts import Role, find_chains, wheel_file
from console.services.paper.glyphs import Fonts
from tests.builders import case_file
from tests.services.paper_pages import needs_poppler, pages
from tests.services.test_paper import STAMP, paper
from tests.standard_characters import BEYOND, NAMED, STANDARD, pieces

_SCALE, _BLACK = 4, 96


@pytest.mark.parametrize("role", [Role.BODY, Role.HEAD])
def test_the_font_that_comes_with_the_console_draws_each_one_differently(role: Role) -> None:
    """The glyph is no .notdef, has ink, and is nobody else's."""
    with TTFont(wheel_file(role), fontNumber=0) as font:
        codes, glyphs = font.getBestCmap(), font.getGlyphSet()
        names = {character: codes[ord(character)] for character in STANDARD}
        assert ".notdef" not in names.values()
        assert 0 not in {font.getGlyphID(name) for name in names.values()}
        assert len(set(names.values())) == len(STANDARD)
        assert all(glyphs[name].width == 1000 for name in names.values())


@pytest.mark.parametrize("role", [Role.BODY, Role.HEAD])
def test_each_subset_we_embed_holds_every_glyph_with_its_ink(role: Role) -> None:
    face = Fonts(find_chains(()))._fonts[role].face
    outlines: dict[bytes, str] = {}
    for text in pieces(200):
        font = TTFont(BytesIO(face.makeSubset([0, 32, *map(ord, text)])), checkChecksums=2)
        codes = font["cmap"].tables[0].cmap
        for at, character in enumerate(text, 2):
            glyph = font["glyf"][codes[at]]
            assert codes[at] != ".notdef", character
            assert glyph.numberOfContours > 0, character
            drawn = glyph.compile(font["glyf"])
            assert outlines.setdefault(drawn, character) == character
    assert len(outlines) == 8105


@needs_poppler
def test_the_text_of_a_printed_form_is_read_back_character_by_character() -> None:
    document = paper().render(FormKind.TICKET_FORM, case_file(content=STANDARD), STAMP)
    assert document.missing == ()
    read = "".join(pages(document.pdf))
    assert set(STANDARD) <= set(read)
    lost = [text for text in pieces(20) if text not in read]
    # A piece may go over the edge of a page, where the foot stands between its halves.
    assert len(lost) <= len(pages(document.pdf))


@needs_poppler
@pytest.mark.parametrize("form", [FormKind.TICKET_FORM, FormKind.HANDLING_SHEET])
def test_names_and_places_beyond_the_first_plane_stand_in_their_boxes(form: FormKind) -> None:
    for text in (NAMED, *pieces(14, BEYOND)):
        case = case_file(appellant=f"{text[0]}**", address=f"{text}路3号")
        read = pages(paper().render(form, case, STAMP).pdf)[0]
        assert f"{text}路3号" in read
        assert f"{text[0]}**" in read


def test_what_is_seen_on_the_page_differs_from_character_to_character() -> None:
    """Drawn by another program than ours: a box for a missing glyph would look the same twice."""
    document = paper().render(FormKind.TICKET_FORM, case_file(content=BEYOND), STAMP)
    seen: dict[str, bytes] = {}
    with pdfium.PdfDocument(document.pdf) as pdf:
        for page in pdf:
            image = page.render(scale=_SCALE, grayscale=True).to_numpy()
            for character, box in _boxes(page):
                left, low, right, high = (round(edge * _SCALE) for edge in box)
                ink = image[len(image) - high : len(image) - low, left:right]
                assert ink.min() < _BLACK, character
                seen[character] = ink.tobytes()
    assert set(BEYOND) <= set(seen)
    assert len({seen[character] for character in BEYOND}) == len(BEYOND)


def _boxes(page: pdfium.PdfPage) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """The characters of a page with their boxes; PDFium gives one beyond the first plane in two halves."""
    text = page.get_textpage()
    half = 0
    for at in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, at)
        if 0xD800 <= code < 0xDC00:
            half = code
        elif 0xDC00 <= code < 0xE000:
            pair = half.to_bytes(2, "big") + code.to_bytes(2, "big")
            yield pair.decode("utf-16-be"), text.get_charbox(at)
