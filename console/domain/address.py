"""From a sentence to the parts of an address: road, door numbers, estate, building, unit, room, landmarks."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from console.domain import address_patterns as patterns
from console.domain import address_words as words
from console.domain.chinese_numbers import DIGITS, with_digits
from console.domain.gazetteer import Gazetteer, Marked, NameKind, mark_class
from console.domain.highways import Stakes, find_stakes, spell, stretch_words


@dataclass(frozen=True, slots=True)
class AddressParts:
    """What an address sentence names; empty or None where it says nothing. `text` is the cleaned sentence.

    `near` says of which part something is only near: ("doors" | "road" | "estate" | "place", 对面).
    `doubtful` are registered names that may be the tail of a longer one: they are asked about, never taken.
    """

    text: str
    city: str = ""
    district: str = ""
    street: str = ""
    community: str = ""
    grid: str = ""
    road: str = ""
    number_low: int | None = None
    number_high: int | None = None
    stakes: tuple[int, int] | None = None
    """Metres of the highway `road`: first and last."""
    side: str = ""
    crossing: tuple[str, ...] = ()
    stretch: tuple[str, ...] = ()
    estate: str = ""
    group: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    shop: str = ""
    landmarks: tuple[str, ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    doubtful: tuple[tuple[NameKind, str], ...] = ()
    also: tuple[str, ...] = ()
    """Other registered estates that were named."""
    others: tuple[str, ...] = ()
    """Further buildings of the estate, or groups of the village: 3栋和7栋."""
    also_doors: tuple[tuple[str, int, int], ...] = ()
    """Further roads with door numbers: road, first, last."""

    @property
    def numbers(self) -> str:
        """`123` or `123–130`, without 号; empty without a door number."""
        if self.number_low is None:
            return ""
        single = self.number_high in {None, self.number_low}
        return str(self.number_low) if single else f"{self.number_low}–{self.number_high}"

    @property
    def road_words(self) -> str:
        """`保利西街 123–130 号`, `G107 K1520+300`, or the road alone."""
        if self.stakes:
            return f"{self.road} {stretch_words(*self.stakes)}"
        return f"{self.road} {self.numbers} 号" if self.numbers else self.road

    @property
    def recognised(self) -> tuple[str, ...]:
        """What was understood, to be read back to the operator: 道路 保利西街, 门牌 123–130 号."""
        said = (
            ("区县", self.district), ("街道", self.street), ("社区", self.community), ("网格", self.grid),
            ("路口", "与".join(self.crossing)), ("路段", "至".join(self.stretch)), ("道路", self.road),
            ("门牌", self.numbers and f"{self.numbers} 号"), ("一侧", _SIDE_WORDS.get(self.side, "")),
            ("桩号", stretch_words(*self.stakes) if self.stakes else ""),
            ("小区", self.estate), ("村组", self.group and f"{self.group} 组"),
            ("楼栋", self.building and f"{self.building} 栋"), ("地标", "、".join(self.landmarks)),
            ("方位", "、".join(dict.fromkeys(word for _part, word in self.near))),
        )  # fmt: skip
        return tuple(f"{name} {value}" for name, value in said if value)

    def near_to(self, *parts: str) -> str:
        """The word that says the place is only near one of these parts."""
        return next((word for part, word in self.near if part in parts), "")


_SIDE_WORDS = {"odd": "单号侧", "even": "双号侧"}


class _Sentence:
    """The sentence being taken apart; `|` stands where something has been taken out."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.found: dict[str, str] = {}

    def take(
        self, pattern: str | re.Pattern[str], at_start: bool = False, mark: str = words.TAKEN
    ) -> re.Match[str] | None:
        match = re.match(pattern, self.rest) if at_start else re.search(pattern, self.rest)
        if match:
            self.found |= {name: value for name, value in match.groupdict().items() if value}
            left = "" if at_start else mark
            self.rest = self.rest[: match.start()] + left + self.rest[match.end() :]
        return match


def parse_address(
    sentence: str,
    simplify: Callable[[str], str] | None = None,
    known: Collection[str] = (),
    gazetteer: Gazetteer | None = None,
) -> AddressParts:
    """Take an address apart as it is spoken; anything may be missing, nothing raises.

    `simplify` turns Traditional into Simplified, character by character where a gazetteer is given (the names
    in it must have been folded the same way); `known` are names of districts, streets and communities, taken
    off the front before guessing by suffix. Full width, 到/至/~, Chinese numerals, 楼/栋/幢/座, leading 我住在
    are understood. A door range with falling ends is a sub-number.
    """
    text = spell(plain(sentence, simplify))
    written = re.sub(r"\s", "", unicodedata.normalize("NFKC", sentence))
    stakes = find_stakes(text)
    # Out of the way first: nothing else in it is a place or a number.
    spoken = text
    if stakes:
        spoken = f"{text[: stakes.start]}{stakes.between}{words.DOORS}{text[stakes.end :]}"
    marked = gazetteer.mark(spoken, written) if gazetteer else Marked(spoken)
    reading = _Sentence(words.join_range(marked.text))
    reading.take(patterns.OPENING, at_start=True)
    _take_administrative(reading, known)
    crossing, stretch = ((), ()) if stakes else _take_crossing(reading)
    side, reading.rest = words.find_side(reading.rest)
    reading.rest = patterns.JOINTS.sub(",", reading.rest)
    low, high = (None, None) if crossing or stakes else _take_road(reading)
    if low is None and not crossing and not stretch and not stakes:
        crossing = _second_road(reading)
    also = _take_more_doors(reading) if low is not None else ()
    _take_inside(reading)
    parts = _parts(reading, marked, text, low, high, crossing, stretch, side, also)
    return _on_highway(parts, stakes) if stakes else parts


def _on_highway(parts: AddressParts, stakes: Stakes) -> AddressParts:
    return replace(parts, road=stakes.road, stakes=(stakes.low, stakes.high))


def _parts(
    reading: _Sentence,
    marked: Marked,
    text: str,
    low: int | None,
    high: int | None,
    crossing: tuple[str, ...],
    stretch: tuple[str, ...],
    side: str,
    also: tuple[tuple[str, int, int], ...],
) -> AddressParts:
    found = {name: marked.restore(value) for name, value in reading.found.items()}
    places = tuple(marked.restore(mark) for mark in reading.found.get("places", ""))
    return AddressParts(
        text=text,
        **{name: found.get(name, "") for name in patterns.LEVELS[1:]},
        road=found.get("road", ""),
        number_low=low,
        number_high=high,
        stakes=None,
        side=side,
        also_doors=tuple((marked.restore(road), first, last) for road, first, last in also),
        crossing=tuple(map(marked.restore, crossing)),
        stretch=tuple(map(marked.restore, stretch)),
        **{
            name: found.get(name, "")
            for name in ("estate", "group", "building", "unit", "floor", "shop")
        },
        others=tuple(found.get("others", "").split()),
        room=found.get("room", found.get("bare", "")),
        landmarks=tuple(dict.fromkeys((*places, *map(marked.restore, _landmarks(reading))))),
        also=tuple(map(marked.restore, words.estates_left(reading.rest))),
        near=tuple(words.find_near(reading.rest).items()),
        doubtful=marked.doubtful,
    )


def plain(sentence: str, simplify: Callable[[str], str] | None = None) -> str:
    """The sentence as it is parsed: half width, no blanks, 三栋 as 3栋. Names for a gazetteer are folded by it too."""
    text = unicodedata.normalize("NFKC", sentence).upper().translate(patterns.TRADITIONAL_MARKS)
    # G107 102公里: the blank is all that parts the two numbers.
    text = re.sub(r"(?<![A-Z])([GSXYC][0-9]{1,4})\s+(?=[0-9])", r"\1线", text)
    text = simplify(text) if simplify else text
    text = re.sub(r"[\s_\x00-\x1f]+", "", text)
    text = re.sub(r"[‐-―−—－~～〜]+", "-", text)
    text = re.sub(r"巷子(?=[0-9零一二三四五六七八九十])", "巷", text)
    text = re.sub(r"[，。；！？,.;!?()（）\[\]【】\"“”'、/|](?![0-9])", ",", text)
    text = patterns.ABOUT.sub(_either, text)
    text = with_digits(
        text, rf"(?:(?:-|到|至|、)[0-9零〇一二三四五六七八九十百千]+)?{patterns.COUNTED}"
    )
    return patterns.LISTED.sub(r"\g<first>\g<what>\g<and>", text)


def _either(found: re.Match[str]) -> str:
    """四五 → 四、五; 一二三四 and 四六 are one number each."""
    tens, low, high = found[1] or "", DIGITS[found[2]], DIGITS[found[3]]
    return f"{tens}{found[2]}、{tens}{found[3]}" if high == low + 1 else found[0]


def _take_administrative(reading: _Sentence, known: Collection[str]) -> None:
    longest_first = sorted(known, key=len, reverse=True)
    for pattern, level in zip(patterns.ADMINISTRATIVE, patterns.LEVELS, strict=True):
        name = next((name for name in longest_first if _opens(reading.rest, name, level)), "")
        if name:
            reading.found[level] = name
            reading.rest = reading.rest[len(name) :]
        elif not _take_level_mark(reading, level):
            reading.take(pattern, at_start=True)


def _take_level_mark(reading: _Sentence, level: str) -> bool:
    """A registered district, street or community counts wherever it stands in the sentence."""
    kind = patterns.MARKED_LEVELS.get(level)
    marked = rf"(?P<{level}>[{mark_class(kind)}])" if kind else ""
    if not marked:
        return False
    return bool(reading.take(marked, at_start=True) or reading.take(marked, mark=","))


_LEVEL_ENDS = {
    "province": ("省", "自治区"),
    "city": ("市",),
    "district": ("区", "县", "旗"),
    "street": ("街道", "镇", "乡", "街道办事处"),
    "community": ("社区", "村", "居委会", "村委会"),
    "grid": ("网格",),
}


def _opens(rest: str, name: str, level: str) -> bool:
    ends = name.endswith(_LEVEL_ENDS[level])
    if level == "district" and name.endswith("社区"):
        return False
    return ends and rest.startswith(name)


def _take_crossing(reading: _Sentence) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for find, place in ((words.find_stretch, 1), (words.find_crossing, 0)):
        met = find(reading.rest)
        # With a door number behind a road that number says more: 五里牌路口保利西街12号.
        if met and not _road_before_number(reading.rest):
            reading.rest = reading.rest[: met.start()] + words.TAKEN + reading.rest[met.end() :]
            pair = (met["first"], met["second"])
            return ((), pair) if place else (pair, ())
    return (), ()


_LANES = tuple("巷路弄")


def _take_road(reading: _Sentence) -> tuple[int | None, int | None]:
    """Take the road and, right behind it, its door numbers."""
    match = (
        _road_before_number(reading.rest)
        or re.search(rf"(?P<roads>{patterns.MARKED_ROAD})", reading.rest)
        or patterns.ROADS.search(reading.rest)
    )
    if not match or (match["roads"][-1:] in _LANES and patterns.NO_ROAD.search(match["roads"])):
        return None, None
    reading.found["road"] = match["roads"]
    before, behind = reading.rest[: match.start()], reading.rest[match.end() :]
    doors = patterns.DOORS.match(behind)
    if not doors:
        reading.rest = f"{before}{words.ROAD}{behind}"
        return None, None
    low, high = _door_numbers(doors, reading)
    end = doors.end()
    while more := patterns.MORE_DOORS.match(behind, end):
        low, high = min(low, int(more[1])), max(high or low, int(more[1]))
        end = more.end() + behind.startswith("号", more.end())
    reading.rest = f"{before}{words.DOORS}{behind[end:]}"
    return low, high


def _second_road(reading: _Sentence) -> tuple[str, ...]:
    """Two registered roads and no door number: somewhere where they meet, it was not said how."""
    other = re.search(f"[{mark_class(NameKind.ROAD)}]", reading.rest)
    first = reading.found.get("road", "")
    if other is None or not first or other[0] == first:
        return ()
    return (reading.found.pop("road"), other[0])


def _take_more_doors(reading: _Sentence) -> tuple[tuple[str, int, int], ...]:
    """Of 宝丽西街123号和望台街3号 the second address."""
    found: list[tuple[str, int, int]] = []
    while (road := _road_before_number(reading.rest)) and len(found) < patterns.MOST_DOORS:
        doors = patterns.DOORS.match(reading.rest, road.end())
        if doors is None:
            break
        low = int(doors["low"])
        found.append((road["roads"], low, max(low, int(doors["high"] or low))))
        reading.rest = reading.rest[: road.start()] + words.TAKEN + reading.rest[doors.end() :]
    if corrected := patterns.CORRECTED.search(reading.rest):
        low = int(corrected["low"])
        found.append((reading.found["road"], low, low))
    return tuple(found)


def _road_before_number(rest: str) -> re.Match[str] | None:
    """The first road with a door number behind it: of 五里牌路口保利西街12号 the second."""
    return next(
        (road for road in patterns.ROADS.finditer(rest) if patterns.DOORS.match(rest, road.end())),
        None,
    )


def _door_numbers(doors: re.Match[str], reading: _Sentence) -> tuple[int, int | None]:
    low, high = int(doors["low"]), int(doors["high"]) if doors["high"] else None
    if high is None or (high >= low and not _is_room(doors)):
        return low, high
    if _is_room(doors):
        reading.found["room"] = doors["high"]
    return low, None


def _is_room(doors: re.Match[str]) -> bool:
    """保利西街3-501 is door 3, room 501; with 号 behind it would be a range of doors."""
    return not doors["mark"] and len(doors["high"]) == 3 and len(doors["low"]) < 3


def _take_inside(reading: _Sentence) -> None:
    _take_marked(reading)
    for pattern in (patterns.ESTATE, patterns.BARE_ESTATE):
        if "estate" not in reading.found and not reading.found.get("places"):
            _take_estate(reading, pattern)
    if "group" not in reading.found:
        reading.take(patterns.GROUP, mark=words.ESTATE)
    _take_building(reading)
    reading.take(patterns.UNIT)
    reading.take(patterns.SHOP)
    floor = reading.take(patterns.FLOOR)
    # 阳光花园3楼 with nothing else means building 3; behind a building it is a floor.
    if floor and "building" not in reading.found and "estate" in reading.found:
        reading.found["building"] = reading.found.pop("floor")
    if "room" not in reading.found:
        reading.take(patterns.ROOM)


def _take_marked(reading: _Sentence) -> None:
    """Registered estates and landmarks: what stands right behind them belongs to them."""
    built = patterns.BUILT_ESTATE.search(reading.rest)
    if built and reading.rest.find(built["estate"]) == built.start():
        aside = reading.rest[: built.start()]
        reading.rest = reading.rest[built.start() :]
        reading.take(patterns.MARKED_ESTATE, mark=words.ESTATE)
        reading.rest = aside + reading.rest
    else:
        reading.take(patterns.MARKED_ESTATE, mark=words.ESTATE)
    while found := reading.take(patterns.MARKED_PLACE, mark=words.PLACE):
        reading.found["places"] = reading.found.get("places", "") + found["place"]


def _take_building(reading: _Sentence) -> None:
    group, number = reading.found.get("group", ""), reading.found.pop("number", "")
    if group:
        reading.found["others"] = " ".join(patterns.MORE_GROUPS.findall(reading.rest))
        # A village's houses are registered as 3组32号.
        reading.found |= {"building": f"{group}组{number}"} if number else {}
        return
    if not reading.take(patterns.DASHED):
        reading.take(patterns.BUILDING)
    if "building" in reading.found:
        reading.found["others"] = " ".join(patterns.MORE_BUILDINGS.findall(reading.rest))
    if number:
        reading.found.setdefault("building", number)
    if "building" in reading.found:
        reading.found["building"] = reading.found["building"].replace("-", "")


def _take_estate(reading: _Sentence, pattern: re.Pattern[str]) -> None:
    if not reading.take(pattern, mark=words.ESTATE):
        return
    name = re.sub(r"^[的在与和内]", "", reading.found["estate"])
    reading.found["estate"] = re.sub(r"^[0-9]+号(?:院)?", "", name)


def _landmarks(reading: _Sentence) -> tuple[str, ...]:
    found = (match["landmark"] for match in patterns.LANDMARK.finditer(reading.rest))
    return tuple(dict.fromkeys(patterns.LANDMARK_OPENING.sub("", word) for word in found if word))
