"""Every character a road or an estate may be called by: entered, found, and said back unchanged.

The 8,105 characters of 通用规范汉字表 (2013) are all in Noto Sans SC and all have a reading in pypinyin; what has both
is tested, some 28,000 characters, Traditional forms beside their Simplified ones.
"""

from unicodedata import normalize

import pytest
from fontTools.ttLib import TTFont
from pypinyin.constants import PINYIN_DICT

from console.domain.address import parse_address, plain
from console.domain.address_book import (
    BookGrid,
    Building,
    Estate,
    InMemoryAddressBook,
    RoadRange,
    Side,
)
from console.domain.gazetteer import Gazetteer, NameKind
from console.domain.ownership import AnswerKind, find_owner
from console.services.paper.fonts import Role, wheel_file
from db.search import fold

GRID = BookGrid(1, "990101001001001", "第一网格", "清风社区", "清河街道", "楼台区")
NAMED = "㛃𬭎䶮𡐓"


@pytest.fixture(scope="module")
def characters() -> str:
    with TTFont(wheel_file(Role.HEAD), fontNumber=0, lazy=True) as font:
        drawn = set(font.getBestCmap())
    known = [chr(code) for code in sorted(PINYIN_DICT) if code in drawn and code > 0x3400]
    # Compatibility forms are the same character to Unicode, and typed as the other one.
    return "".join(c for c in known if normalize("NFKC", c) == c)


def test_the_standard_characters_are_among_them(characters: str) -> None:
    assert len(characters) > 20_000
    assert set(NAMED) <= set(characters)


@pytest.mark.parametrize("road", [True, False], ids=["road", "estate"])
def test_every_character_in_a_name_is_found_and_said_unchanged(characters: str, road: bool) -> None:
    names = [f"{c}平{c}路" if road else f"{c}安{c}家园" for c in characters]
    behind = "12号" if road else "3栋"
    ranges = {name: [RoadRange(name, 1, 99, Side.BOTH, GRID)] for name in names if road}
    estates = [] if road else [Estate(at, name, (GRID,)) for at, name in enumerate(names)]
    book = _Book.of(ranges, {estate.name: estate for estate in estates})
    gazetteer = Gazetteer(book.everything, lambda name: plain(name, fold))
    wrong = []
    for name in names:
        answer = find_owner(parse_address(f"我住在{name}{behind}", fold, (), gazetteer), book)
        if answer.kind is not AnswerKind.FOUND or name not in answer.rule:
            wrong.append((name, answer.rule))
    assert wrong == []


class _Book(InMemoryAddressBook):
    """By name at once: a list of 28,000 roads would be walked 28,000 times."""

    _ranges_by_name: dict
    _estates_by_name: dict

    @classmethod
    def of(cls, ranges, estates):
        made = cls()
        made._ranges_by_name, made._estates_by_name = ranges, estates
        return made

    @property
    def everything(self):
        yield from ((NameKind.ROAD, name) for name in self._ranges_by_name)
        yield from ((NameKind.ESTATE, name) for name in self._estates_by_name)

    def road_ranges(self, road_name):
        return self._ranges_by_name.get(road_name, ())

    def roads_like(self, text):
        return ()

    def estates(self, name):
        found = self._estates_by_name.get(name)
        return [found] if found else []

    def buildings(self, estate):
        return [Building("3", GRID)]
