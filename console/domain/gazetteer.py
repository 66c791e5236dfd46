"""Registered names found word for word in a sentence, before anything is cut by its ending.

A citizen says 在河路 or 和园公寓1栋; cutting by endings loses the first character of such names. So the names
the city has registered are looked for first, the longest at each place, and each is replaced by one mark that
no input method can type. What is left is parsed by endings as before.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from console.domain.chinese_numbers import DIGITS, WEIGHTS, with_digits
from console.domain.lookalikes import LOOKALIKES, loosely

# Han of every plane, private-use rare characters included.
HAN = "㐀-䶿一-鿿\ue000-\uf8ff豈-\ufaff\U00020000-\U0003ffff〇"


class NameKind(StrEnum):
    """What a name is registered as; of one name under several kinds the first here counts."""

    PLACE = "place"
    ESTATE = "estate"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"
    ROAD = "road"


# Plane 15 is private use that no font and no input method fills; 256 names of each kind in one sentence.
_FIRST_MARK = {kind: 0xF0000 + 0x100 * at for at, kind in enumerate(NameKind)}
_MOST_MARKS = 0x100
_NUMBERED = r"(?:巷|弄|支路|支巷|横街|横路|街|路|期|区|小区|村|组|队)"
# After these a name begins anew; after any other character it may be the tail of a longer, unregistered one.
_BEGINS_ANEW = re.compile(
    rf"(?:^|[^{HAN}]|[省市区县旗镇乡村道处会格园院号楼栋幢组里内侧段角边旁口门]|[的在到至与和跟及从往去是有近靠住找那这条我你您咱了]|位于|地址)$"
)
# 北望台街 is not 望台街, 老宝丽西街 may be.
_CHANGES_NAME = tuple("东南西北中新老大小上下前后内外")
_SPECIFIC = 4
# 解放路小学 is a school that need not stand in 解放路.
_FACILITY = re.compile(
    r"第?[0-9一二三四五六七八九十]*(?:小学|中学|学校|幼儿园|医院|卫生院|卫生室|卫生站|社区卫生|卫生服务|党群服务|服务中心"
    r"|服务站|派出所|公交车?站|公交车|公汽站|公交|地铁站|车站|站台|公园|游园|广场|菜市场|农贸市场|批发市场|市场|菜场|商场|购物中心|支行|银行"
    r"|分理处|加油站|图书馆|体育馆|文化馆|法院|小区|花园|家园|公寓|大厦|新村|宿舍|家属院|立交桥|大桥|天桥|社区(?!居)|专属网格)"
    r"(?:中心|站|院)?(?!大?[路街道巷])"
)
_NUMERALS = frozenset(DIGITS) | frozenset(WEIGHTS)
_ALIKE = frozenset(LOOKALIKES) | frozenset(LOOKALIKES.values())
_STREET_OFFICE = re.compile(r"道(?![口路])")


def mark_class(*kinds: NameKind) -> str:
    """The inside of a regular expression's brackets that matches the marks of these kinds."""
    return "".join(f"{chr(_FIRST_MARK[k])}-{chr(_FIRST_MARK[k] + _MOST_MARKS - 1)}" for k in kinds)


@dataclass(frozen=True, slots=True)
class Marked:
    """The sentence with marks for names; `doubtful` are names that may be only part of what was said."""

    text: str
    names: dict[str, str] = field(default_factory=dict)
    doubtful: tuple[tuple[NameKind, str], ...] = ()

    def restore(self, words: str) -> str:
        """`words` with the names in place of their marks."""
        return "".join(self.names.get(character, character) for character in words)


class Gazetteer:
    """All names of a city by their first two characters; looking through a sentence costs its length."""

    def __init__(
        self, names: Iterable[tuple[NameKind, str]], fold: Callable[[str], str] = str
    ) -> None:
        """`fold` turns a name into what sentences are compared in, such as Simplified (see `parse_address`)."""
        order = list(NameKind)
        self._known: dict[str, tuple[NameKind, tuple[str, ...]]] = {}
        for kind, name in sorted(set(names), key=lambda pair: (order.index(pair[0]), pair[1])):
            for spelling in _spellings(fold(name)):
                if len(spelling) > 1:
                    known, same = self._known.get(spelling, (kind, ()))
                    self._known[spelling] = (known, (*same, name) if known is kind else same)
        self._by_head = _by_head(self._known)
        alike = [spelling for spelling in self._known if set(spelling) & _ALIKE]
        self._alike = {loosely(spelling): self._known[spelling] for spelling in alike}
        self._alike_by_head = _by_head(self._alike)

    def mark(self, text: str, sentence: str = "") -> Marked:
        """Every registered name in `text` replaced by its mark, the longest from the left.

        `sentence` as it was written decides between names that fold alike.
        """
        marking, loose = _Marking(text, sentence, self._spelling_at), loosely(text)
        traditional = _is_traditional(sentence, text)
        while marking.at < len(text):
            spelling = self._spelling_at(text, marking.at)
            alike = "" if spelling else _longest_at(self._alike_by_head, loose, marking.at)
            # 東昇街 is 东升街 as Traditional writes it; 东昇街 is another street.
            if traditional and alike in self._known:
                spelling = alike
            if spelling:
                marking.take(spelling, *self._known[spelling])
                continue
            if alike:
                marking.doubt(*self._alike[alike])
            marking.skip()
        return marking.result()

    def _spelling_at(self, text: str, at: int) -> str:
        return _longest_at(self._by_head, text, at)


def _is_traditional(sentence: str, text: str) -> bool:
    """Whether anything but a numeral was written otherwise than it is compared."""
    return any(re.match(f"[{HAN}]", c) for c in set(sentence) - set(text) - _NUMERALS)


def _by_head(spellings: Iterable[str]) -> dict[str, list[str]]:
    heads: defaultdict[str, list[str]] = defaultdict(list)
    for spelling in spellings:
        heads[spelling[:2]].append(spelling)
    return {head: sorted(each, key=len, reverse=True) for head, each in heads.items()}


def _longest_at(by_head: dict[str, list[str]], text: str, at: int) -> str:
    known = by_head.get(text[at : at + 2], ())
    return next((spelling for spelling in known if text.startswith(spelling, at)), "")


class _Marking:
    """One sentence on its way from characters to marks."""

    def __init__(self, text: str, sentence: str, spelling_at: Callable[[str, int], str]) -> None:
        self.at = 0
        self._text, self._sentence, self._spelling_at = text, sentence, spelling_at
        self._out: list[str] = []
        self._marks: dict[tuple[NameKind, str], str] = {}
        self._doubtful: list[tuple[NameKind, str]] = []

    def skip(self) -> None:
        self._out.append(self._text[self.at])
        self.at += 1

    def doubt(self, kind: NameKind, names: tuple[str, ...]) -> None:
        """A name that was written with a character alike, or is another's: to be asked about."""
        self._doubtful += [(kind, name) for name in names]

    def take(self, spelling: str, kind: NameKind, names: tuple[str, ...]) -> None:
        """A registered name stands here: mark it, unless it is only part of what was said."""
        end = self.at + len(spelling)
        written = [name for name in names if len(names) == 1 or name in self._sentence]
        if _is_street_office(kind, spelling, self._text[end:]) or len(self._marks) >= _MOST_MARKS:
            self.skip()
        elif len(written) != 1 or _runs_on("".join(self._out[-3:]), spelling):
            self.doubt(kind, tuple(written) or names)
            self.skip()
        else:
            self._take(kind, written[0], end)

    def _take(self, kind: NameKind, name: str, end: int) -> None:
        # 楼台区车站大道: what follows is a name of its own.
        alone = kind is NameKind.PLACE or bool(self._spelling_at(self._text, end))
        facility = None if alone else _FACILITY.match(self._text, end)
        if facility and kind is NameKind.ESTATE and facility[0] == "小区":
            # 锦江苑小区 is what people call 锦江苑.
            end = facility.end()
        elif facility:
            self._doubtful.append((kind, name))
            kind, name, end = NameKind.PLACE, self._text[self.at : facility.end()], facility.end()
        elif kind is NameKind.STREET and self._text.startswith("办", end):
            end += 3 if self._text.startswith("办事处", end) else 1
        named = (kind, name)
        if named not in self._marks:
            self._marks[named] = chr(_FIRST_MARK[kind] + len(self._marks))
        self._out.append(self._marks[named])
        self.at = end

    def result(self) -> Marked:
        names = {mark: name for (_kind, name), mark in self._marks.items()}
        return Marked("".join(self._out), names, tuple(dict.fromkeys(self._doubtful)))


def _spellings(name: str) -> tuple[str, ...]:
    """五巷 = 5巷, 二期 = 2期: as registered, and with digits where people write them."""
    return tuple(dict.fromkeys((name, with_digits(name, _NUMBERED))))


def _is_street_office(kind: NameKind, name: str, behind: str) -> bool:
    """望台街道 is an office, not the road 望台街."""
    return kind is NameKind.ROAD and name.endswith("街") and bool(_STREET_OFFICE.match(behind))


def _runs_on(before: str, spelling: str) -> bool:
    """Whether the name may be the tail of a longer one: 保利|西街, 东|长堤大道, 滨|江南大道; not 前进|保利西街."""
    if not before or _BEGINS_ANEW.search(before):
        return False
    alone = len(before) < 2 or bool(_BEGINS_ANEW.search(before[:-1]))
    return alone or len(spelling) < _SPECIFIC or before.endswith(_CHANGES_NAME)
