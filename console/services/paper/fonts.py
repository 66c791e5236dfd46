"""Which font file draws which character.

An official letter wants FangSong, SimSun and SimHei. They come with Windows but not with every Windows, and never
with Linux, so each role has a chain: the workstation's own face when it is fit, then Noto from the wheel (all 8,105
standard characters and many rare ones), then the workstation's fonts for rare characters. Nothing is downloaded.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

MISSING_MARK = "〓"
# Drawn by us out of two glyphs: no Chinese office font has the ticked box.
COMPOSED = {"☑": ("□", "✓", "✓"), "☐": ("□",)}
_RESTRICTED = 0x0002


class Role(StrEnum):
    """What a face is used for (GB/T 9704: 仿宋 body, 小标宋 title, 黑体 headings)."""

    BODY = "PaperBody"
    TITLE = "PaperTitle"
    HEAD = "PaperHead"


# File names in the Windows Fonts folder, best first.
OFFICE_FILES: dict[Role, tuple[str, ...]] = {
    Role.BODY: ("simfang.ttf", "FZFSK.TTF", "STFANGSO.TTF"),
    Role.TITLE: ("FZXBSJW.TTF", "FZXBSK.TTF", "simsun.ttc", "STSONG.TTF"),
    Role.HEAD: ("simhei.ttf", "STXIHEI.TTF"),
}
RARE_FILES = (
    "simsunb.ttf",
    "SimsunExtG.ttf",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
)


def font_folders() -> tuple[Path, ...]:
    """Where Windows keeps fonts for everybody and for this user; none elsewhere."""
    folders = []
    if windows := os.environ.get("WINDIR"):
        folders.append(Path(windows) / "Fonts")
    if local := os.environ.get("LOCALAPPDATA"):
        folders.append(Path(local) / "Microsoft" / "Windows" / "Fonts")
    return tuple(folder for folder in folders if folder.is_dir())


def wheel_file(role: Role) -> Path:
    """The Noto face shipped with the console that stands in for a role."""
    import pylopdf_fonts_zh_cn as noto

    return Path(noto.sans_path() if role is Role.HEAD else noto.serif_path())


@lru_cache(maxsize=1)
def office_charset() -> frozenset[str]:
    """What a face must hold before it may set our forms: GB 2312's characters and the marks we print."""
    rows = bytes(range(0xA1, 0xFF))
    hanzi = (
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xF8) for low in rows
    )
    return frozenset("".join(hanzi)) | frozenset("，。、；：？！（）《》“”‘’〔〕【】—…·〓□■●○√")


class Source:
    """One font file, read into memory so that no handle stays open on it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def font(self) -> Any:
        from fontTools.ttLib import TTFont

        return TTFont(BytesIO(self.path.read_bytes()), lazy=True, fontNumber=0)

    @cached_property
    def glyphs(self) -> Any:
        """Glyph name → something that draws itself with a pen."""
        if "CFF " in self.font:
            return self.font["CFF "].cff.topDictIndex[0].CharStrings
        return self.font.getGlyphSet()

    @cached_property
    def _metrics(self) -> bytes:
        return bytes(self.font.reader["hmtx"])

    @cached_property
    def cmap(self) -> dict[int, str]:
        return dict(self.font.getBestCmap() or {})

    @cached_property
    def scale(self) -> float:
        return 1000 / int(self.font["head"].unitsPerEm)

    @cached_property
    def name(self) -> str:
        return str(self.font["name"].getDebugName(6) or self.path.stem)

    def advance(self, char: str) -> float:
        """Width in thousandths of the type size."""
        # Read where it lies: fontTools would unpack all 65,535 entries for the few hundred we ask for.
        full = int(self.font["hhea"].numberOfHMetrics)
        place = min(int(self.font.getGlyphID(self.cmap[ord(char)])), full - 1)
        (width,) = struct.unpack_from(">H", self._metrics, 4 * place)
        return float(width * self.scale)

    def fit_for_office(self) -> bool:
        """TrueType outlines, complete, and its maker allows embedding (OS/2 fsType)."""
        if "glyf" not in self.font or self.font["OS/2"].fsType & 0x000F == _RESTRICTED:
            return False
        return all(ord(char) in self.cmap for char in office_charset())


@dataclass(frozen=True)
class Chain:
    """The sources of one role, in order of preference."""

    sources: tuple[Source, ...]

    def find(self, char: str) -> Source | None:
        """The first file that can draw this character."""
        code = ord(char)
        return next((source for source in self.sources if code in source.cmap), None)

    @property
    def name(self) -> str:
        return self.sources[0].name


def _office_source(role: Role, folders: tuple[Path, ...]) -> Source | None:
    for name in OFFICE_FILES[role]:
        for folder in folders:
            if (folder / name).is_file() and (source := _usable(folder / name)):
                return source
    return None


def _usable(path: Path) -> Source | None:
    """The file as a source, unless it is damaged or unfit; a bad font must not stop the printing."""
    from fontTools.ttLib import TTLibError

    source = Source(path)
    try:
        return source if source.fit_for_office() else None
    except (TTLibError, OSError, KeyError, ValueError, AssertionError):
        return None


def _rare_sources(folders: tuple[Path, ...]) -> Iterator[Source]:
    for name in RARE_FILES:
        paths = [Path(name)] if name.startswith("/") else [folder / name for folder in folders]
        yield from (Source(path) for path in paths if path.is_file())


def find_chains(folders: tuple[Path, ...] | None = None) -> dict[Role, Chain]:
    """A chain for each role; files are opened only when a character is looked up in them."""
    places = font_folders() if folders is None else folders
    wheel = {role: Source(wheel_file(role)) for role in (Role.BODY, Role.HEAD)}
    wheel[Role.TITLE] = wheel[Role.BODY]
    rare = tuple(_rare_sources(places))
    chains = {}
    for role in Role:
        other = wheel[Role.BODY if role is Role.HEAD else Role.HEAD]
        first = _office_source(role, places)
        chains[role] = Chain(((first,) if first else ()) + (wheel[role], other) + rare)
    return chains
