"""From a sentence to the parts of an address: road, door numbers, estate, building, unit, room, landmarks."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

from console.domain.chinese_numbers import with_digits

# Han of every plane, private-use rare characters included.
HAN = "㐀-䶿一-鿿\ue000-\uf8ff豈-\ufaff\U00020000-\U0003ffff〇"
_COUNTED = r"(?:号楼|号院|号|栋|幢|座|单元|室|房|户|层|楼|组|弄)"
_OPENING = re.compile(
    r"(?:我们?家?)?(?:就|是|都|现在)*(?:住在|位于|地址[是在为]?:?|家住|坐落于|住|在|从)"
)
_TRADITIONAL_MARKS = str.maketrans("號棟樓單鋪戶層區縣鎮鄉", "号栋楼单铺户层区县镇乡")
_STREET_OFFICE = (
    rf"(?P<street>[{HAN}]{{1,8}}?(?:街道办事处|街道办|街道(?![路口])|镇(?!政府)|乡(?![村镇])))"
)
_ADMINISTRATIVE = (
    rf"(?P<province>[{HAN}]{{2,7}}?(?:省|自治区))",
    rf"(?P<city>[{HAN}]{{2,6}}?(?<![超门菜夜都城])市(?![场政民中]))",
    rf"(?P<district>[{HAN}]{{1,6}}?(?:(?<![小社厂校园景库院片宅居])区(?![域间])|县(?!城)))",
    _STREET_OFFICE,
    rf"(?P<community>[{HAN}]{{1,10}}?(?:社区居委会|社区(?!服务|卫生|医院)|居委会|村委会|(?<!新)村(?![口路民里])))",
    rf"(?P<grid>(?:第?[0-9一二三四五六七八九十]+|[{HAN}]{{1,6}}?)网格)",
)
# Words that end one place and begin another: 解放路与建设路, 五里牌路口保利西街, 破损在保利西街.
_JOINTS = re.compile(r"(?<=[路街巷道])(?:[与和跟]|交叉口|口(?!腔))|在|位于")
_LEVELS = ("province", "city", "district", "street", "community", "grid")
# 下水道 and 人行道 end like roads, so 道 alone counts only with a number behind it.
_ROAD = (
    rf"(?:[{HAN}]{{1,12}}?(?:大道|大街|胡同|街(?!道)|巷|弄)|[{HAN}]{{2,12}}?(?:路(?!口?灯)|道(?=[0-9]))"
    rf"|[GSXYC]?[0-9]{{2,4}}(?:国道|省道|县道|乡道)|[{HAN}]{{1,8}}[0-9]+(?:路|街|巷)(?=[0-9]))"
)
_ROADS = re.compile(
    rf"(?P<roads>{_ROAD}(?:[东南西北中]段)?(?:{_ROAD})*)(?P<section>[东南西北中]段)?"
)
_DOORS = re.compile(
    r"(?P<low>[0-9]{1,5})(?:号(?!楼|栋|幢|座))?(?:附[0-9]+)?"
    r"(?:(?:-|到|至|~|、|和)(?P<high>[0-9]{1,5}))?(?P<mark>号院?)?(?P<sub>(?:附|之|-)[0-9]+号?)?"
    r"(?![0-9#]|号?[楼栋幢座]|单元|室|米|年|月|[点:])"
)
_STRONG_ESTATE = "|".join(
    "小区 花园 家园 新村 公寓 大厦 广场 花苑 名苑 雅苑 嘉苑 公馆 别墅 宿舍 家属院 家属区 大院 商城 市场 山庄 华府 "
    "名城 新城 中心".split()
)
_WEAK_ESTATE = "苑|庭|府|城|湾|里|园|院|庄|寓|郡|墅|邸|厦"
_ESTATE = re.compile(
    rf"(?P<estate>[{HAN}A-Za-z0-9·]{{1,12}}?(?:(?:{_STRONG_ESTATE})+|[{HAN}](?:{_WEAK_ESTATE})"
    r"(?=$|[,;|0-9A-Z]|[东南西北]门|[内门附旁对]))(?:[0-9一二三四五六七八九十]+期)?)"
)
_BARE_ESTATE = re.compile(rf"(?P<estate>[{HAN}]{{2,10}})(?=[0-9]{{1,3}}(?:号楼|栋|幢|座|-[0-9]))")
_DASHED = re.compile(
    r"(?P<building>[0-9]{1,3}|[A-Z])-(?:(?P<unit>[0-9]{1,2})-)?(?P<room>[0-9]{3,4})(?:室|房)?"
)
_BUILDING = re.compile(
    r"(?P<building>[0-9]{1,3}|[A-Z][0-9]?|[甲乙丙丁东南西北])(?:号楼|号栋|栋楼?|幢|座|#楼?)"
)
_UNIT = re.compile(r"(?P<unit>[0-9]{1,2}|[A-Z甲乙丙丁])单元")
_FLOOR = re.compile(r"(?P<floor>[0-9]{1,2})[楼层]")
_ROOM = re.compile(
    r"(?P<room>[0-9]{1,4}|[A-Z][0-9]{1,4})(?:室|房|户)|\|(?P<bare>[0-9]{3,4})(?![0-9]|号|元|人|米|路)"
)
_SHOP = re.compile(
    r"(?P<shop>(?:[0-9]+号?)?(?:门面|商铺|铺面|店面|门市|摊位|铺子|铺)(?:[0-9]+号?)?)"
)
_KNOWN_LANDMARK = "|".join(
    "小学 中学 学校 幼儿园 医院 超市 公园 车站 银行 酒店 宾馆 大桥 桥 派出所 加油站 卫生院 体育馆 图书馆 政府".split()
)
_LANDMARK = re.compile(
    rf"(?P<landmark>[{HAN}A-Za-z0-9]{{1,10}}?(?:{_KNOWN_LANDMARK})|[{HAN}A-Za-z]{{2,10}}?"
    r"(?=的?(?:斜对面|对面|旁边|旁|附近|门口|后面|前面|隔壁|边上)))"
)
_LANDMARK_OPENING = re.compile(r"^[的在与和、靠近]+")


@dataclass(frozen=True, slots=True)
class AddressParts:
    """What an address sentence names; empty or None where it says nothing. `text` is the cleaned sentence."""

    text: str
    district: str = ""
    street: str = ""
    community: str = ""
    grid: str = ""
    road: str = ""
    number_low: int | None = None
    number_high: int | None = None
    estate: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    shop: str = ""
    landmarks: tuple[str, ...] = ()

    @property
    def numbers(self) -> str:
        """`123` or `123–130`, without 号; empty without a door number."""
        if self.number_low is None:
            return ""
        single = self.number_high in {None, self.number_low}
        return str(self.number_low) if single else f"{self.number_low}–{self.number_high}"

    @property
    def road_words(self) -> str:
        """`保利西街 123–130 号`, or the road alone."""
        return f"{self.road} {self.numbers} 号" if self.numbers else self.road


class _Sentence:
    """The sentence being taken apart; `|` stands where something has been taken out."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.found: dict[str, str] = {}

    def take(self, pattern: str | re.Pattern[str], at_start: bool = False) -> re.Match[str] | None:
        match = re.match(pattern, self.rest) if at_start else re.search(pattern, self.rest)
        if match:
            self.found |= {name: value for name, value in match.groupdict().items() if value}
            mark = "" if at_start else "|"
            self.rest = self.rest[: match.start()] + mark + self.rest[match.end() :]
        return match


def parse_address(
    sentence: str,
    simplify: Callable[[str], str] | None = None,
    known: Collection[str] = (),
) -> AddressParts:
    """Take an address apart as it is spoken; anything may be missing, nothing raises.

    `simplify` turns Traditional into Simplified (db.search.simplify); `known` are names of districts,
    streets and communities, taken off the front before guessing by suffix. Full width, 到/至/~, Chinese
    numerals, 楼/栋/幢/座, leading 我住在 are understood. A door range with falling ends is a sub-number.
    """
    text = _plain(sentence, simplify)
    reading = _Sentence(text)
    reading.take(_OPENING, at_start=True)
    _take_administrative(reading, known)
    reading.rest = _JOINTS.sub(",", reading.rest)
    low, high = _take_road(reading)
    _take_inside(reading)
    found = reading.found
    return AddressParts(
        text=text,
        **{name: found.get(name, "") for name in ("district", "street", "community", "grid")},
        road=found.get("road", ""),
        number_low=low,
        number_high=high,
        **{name: found.get(name, "") for name in ("estate", "building", "unit", "floor", "shop")},
        room=found.get("room", found.get("bare", "")),
        landmarks=_landmarks(reading),
    )


def _plain(sentence: str, simplify: Callable[[str], str] | None) -> str:
    text = unicodedata.normalize("NFKC", sentence).upper().translate(_TRADITIONAL_MARKS)
    text = simplify(text) if simplify else text
    text = re.sub(r"[\s_]+", "", text)
    text = re.sub(r"[‐-―−—－~～〜]+", "-", text)
    text = re.sub(r"[，。；！？,.;!?()（）\[\]【】\"“”'、/|](?![0-9])", ",", text)
    return with_digits(text, rf"(?:(?:-|到|至|、)[0-9零〇一二三四五六七八九十百千]+)?{_COUNTED}")


def _take_administrative(reading: _Sentence, known: Collection[str]) -> None:
    longest_first = sorted(known, key=len, reverse=True)
    for pattern, level in zip(_ADMINISTRATIVE, _LEVELS, strict=True):
        name = next((name for name in longest_first if _opens(reading.rest, name, level)), "")
        if name:
            reading.found[level] = name
            reading.rest = reading.rest[len(name) :]
        else:
            reading.take(pattern, at_start=True)


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


def _take_road(reading: _Sentence) -> tuple[int | None, int | None]:
    """Take the road and, right behind it, its door numbers."""
    match = _road_before_number(reading.rest) or _ROADS.search(reading.rest)
    if not match:
        return None, None
    reading.found["road"] = match["roads"]
    before, behind = reading.rest[: match.start()], reading.rest[match.end() :]
    doors = _DOORS.match(behind)
    if not doors:
        reading.rest = f"{before}|{behind}"
        return None, None
    reading.rest = f"{before}|{behind[doors.end() :]}"
    return _door_numbers(doors, reading)


def _road_before_number(rest: str) -> re.Match[str] | None:
    """The first road with a door number behind it: of 五里牌路口保利西街12号 the second."""
    return next((road for road in _ROADS.finditer(rest) if _DOORS.match(rest, road.end())), None)


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
    for pattern in (_ESTATE, _BARE_ESTATE):
        if "estate" not in reading.found:
            _take_estate(reading, pattern)
    if not reading.take(_DASHED):
        reading.take(_BUILDING)
    reading.take(_UNIT)
    reading.take(_SHOP)
    floor = reading.take(_FLOOR)
    # 阳光花园3楼 with nothing else means building 3; behind a building it is a floor.
    if floor and "building" not in reading.found and "estate" in reading.found:
        reading.found["building"] = reading.found.pop("floor")
    if "room" not in reading.found:
        reading.take(_ROOM)


def _take_estate(reading: _Sentence, pattern: re.Pattern[str]) -> None:
    if not reading.take(pattern):
        return
    name = re.sub(r"^[的在与和内]", "", reading.found["estate"])
    reading.found["estate"] = re.sub(r"^[0-9]+号(?:院)?", "", name)


def _landmarks(reading: _Sentence) -> tuple[str, ...]:
    words = (match["landmark"] for match in _LANDMARK.finditer(reading.rest))
    return tuple(dict.fromkeys(_LANDMARK_OPENING.sub("", word) for word in words if word))
