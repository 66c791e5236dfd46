"""Which font is chosen: the office's own when it is fit, the wheel's when it is not, and a fall-back for rare names."""

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from console.domain.forms import FormKind
from console.services.paper import Paper
from console.services.paper.fonts import Role, find_chains, font_folders, office_charset, wheel_file
from console.services.paper.glyphs import Fonts, to_unicode_map
from console.services.paper.outlines import glyph_data
from tests.builders import case_file
from tests.services.test_paper import STAMP, page_texts

UNITS = 2048


def box(width: int) -> object:
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, width), (width, width), (width, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def office_font(
    folder: Path, name: str = "simfang.ttf", without: str = "", rights: int = 8
) -> Path:
    """A stand-in for FangSong: complete, TrueType, 2048 units to the em, every character the same box."""
    latin = "".join(map(chr, range(32, 127)))
    chars = sorted((office_charset() | set(latin)) - set(without))
    font = FontBuilder(UNITS, isTTF=True)
    font.setupGlyphOrder([".notdef", "box"])
    font.setupCharacterMap({ord(char): "box" for char in chars})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "box": box(1800)})
    font.setupHorizontalMetrics({".notdef": (UNITS, 0), "box": (UNITS, 0)})
    font.setupHorizontalHeader(ascent=1760, descent=-288)
    font.setupNameTable(
        {"familyName": "Office FangSong", "styleName": "Regular", "psName": "OfficeFangSong"}
    )
    font.setupOS2(fsType=rights)
    font.setupPost()
    path = folder / name
    font.save(path)
    return path


def first(folder: Path, role: Role = Role.BODY) -> str:
    return find_chains((folder,))[role].sources[0].path.name


def test_the_office_font_is_used_when_fit(tmp_path: Path) -> None:
    office_font(tmp_path)
    assert first(tmp_path) == "simfang.ttf"
    assert first(tmp_path, Role.HEAD) == wheel_file(Role.HEAD).name


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: office_font(folder, without="街"),
        lambda folder: office_font(folder, rights=2),
        lambda folder: (folder / "simfang.ttf").write_bytes(b"no font at all"),
        lambda folder: (folder / "simfang.ttf").write_bytes(wheel_file(Role.BODY).read_bytes()),
        lambda folder: None,
    ],
    ids=["incomplete", "may not be embedded", "damaged", "not TrueType", "absent"],
)
def test_the_wheel_stands_in_for_an_unfit_font(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path)
    assert first(tmp_path) == wheel_file(Role.BODY).name


def test_office_and_wheel_fonts_print_one_line_together(tmp_path: Path) -> None:
    office_font(tmp_path)
    fonts = Fonts(find_chains((tmp_path,)))
    document = Paper(fonts).render(FormKind.TICKET_FORM, case_file(appellant="张㛃𡐓"), STAMP)
    assert document.missing == ()
    assert "张㛃𡐓" in page_texts(document.pdf)[0]
    assert b"OfficeFangSong" in document.pdf
    assert b"NotoSansSC-Regular" in document.pdf


def test_glyphs_are_scaled_to_a_thousand_units(tmp_path: Path) -> None:
    office_font(tmp_path)
    chain = find_chains((tmp_path,))[Role.BODY]
    assert chain.sources[0].advance("街") == 1000
    contours, left, bottom, right, top = (
        int.from_bytes(glyph_data(chain, "街")[at : at + 2], "big", signed=True)
        for at in range(0, 10, 2)
    )
    assert (contours, left, bottom) == (1, 0, 0)
    assert right == top == pytest.approx(1800 * 1000 / UNITS, abs=1)


def test_a_subset_is_a_font_that_font_tools_can_read() -> None:
    fonts = Fonts(find_chains(()))
    face = fonts._fonts[Role.BODY].face
    subset = [0, 32, *map(ord, "街道𡐓☑A")]
    font = TTFont(BytesIO(face.makeSubset(subset)), checkChecksums=2)
    codes = font["cmap"].tables[0].cmap
    assert len(font.getGlyphOrder()) == 7
    assert [font["hmtx"][codes[index]][0] for index in (2, 4, 5)] == [1000, 1000, 1000]
    drawn = font["glyf"][codes[5]]
    assert drawn.numberOfContours == 4, "a box's two contours and a tick drawn twice"
    for name in font.getGlyphOrder():
        assert len(font["glyf"][name].getCoordinates(font["glyf"])[0]) <= font["maxp"].maxPoints


def test_to_unicode_writes_surrogate_pairs_in_small_blocks() -> None:
    text = to_unicode_map("F", [0x2140F, *range(0x4E00, 0x4E00 + 150)])
    assert "<00> <D845DC0F>" in text.upper()
    assert "100 beginbfchar" in text
    assert "51 beginbfchar" in text


def test_folders_come_from_windows_own_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("WINDIR", str(tmp_path))
    assert font_folders() == ()
    (tmp_path / "Fonts").mkdir()
    assert font_folders() == (tmp_path / "Fonts",)
