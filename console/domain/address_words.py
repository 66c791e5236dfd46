"""What stands beside a place in a sentence: 对面, 附近, a crossing, a stretch between two roads, one side of a road."""

import re

from console.domain.gazetteer import HAN, NameKind, mark_class

# Where a part was taken out of the sentence; what follows says how the place lies to it. No input method types these.
DOORS, ROAD, ESTATE, PLACE, TAKEN = "\x01", "\x02", "\x03", "\x04", "|"
ANCHORS = {DOORS: "doors", ROAD: "road", ESTATE: "estate", PLACE: "place"}

_NEAR = (
    r"(?:再|进去|进来)*(?:往[里外上下左右]|[左右](?:转|拐)|拐弯|走[0-9]+)|斜?对面|斜?对过|对门|转角|拐角|附近|旁边|旁|隔壁|边上|周边|周围|四周|一带|不远|往前|往后|后面|背后|后边|前面|前边|中间|之间|左右|前后"
    r"|(?:以|往|向|朝)[东南西北](?:边|面|侧)?|(?:[东南西北](?:边|面|侧)?)?[0-9]+(?:公里|千米|米)"
)
_OTHER = mark_class(NameKind.ESTATE, NameKind.PLACE, NameKind.ROAD)
# 1栋和2栋之间, 幸福花园与望台小学之间: a second place stands between.
_AND = (
    rf"(?:[{TAKEN}]*[与和跟、到至]"
    rf"(?:[{_OTHER}{TAKEN}\x01-\x04]+|第?[0-9A-Z]{{1,3}}(?:号楼|栋|幢|座|号)))?"
)
_BETWEEN = rf"{_AND}[{TAKEN},的那边这正紧]*(?:(?:[东南西北正大侧后前]?门|门口|路口|口|站)的?)?(?:靠近?|紧[邻挨])?"
_BEHIND = re.compile(rf"(?P<anchor>[{''.join(ANCHORS)}]){_BETWEEN}(?P<near>{_NEAR})")
_BEFORE = re.compile(
    r"(?:靠近|邻近|临近|紧邻|紧挨|挨着|距离?|离|过了?|经过|路过)(?P<anchor>[\x01-\x04])"
)

_ANY_ROAD = (
    rf"(?:[GSXYC]?[0-9]{{2,4}}(?:国道|省道|县道|乡道)|(?:国道|省道|县道|乡道)[GSXYC]?[0-9]{{1,4}}线?|[GS][0-9]{{2,3}}"
    rf"|[{mark_class(NameKind.ROAD)}]|[{HAN}]{{1,8}}?(?:大道|大街|胡同|街(?!道)|巷|路(?!口|[与和跟]|[{HAN}]))"
    rf"|[{HAN}]{{1,8}}?(?:路|街|大道)(?=[与和跟、/口交]))"
)
_CORNER = r"(?:的|[东南西北]{0,2}(?:侧|向)?)*"
_CROSSING = re.compile(
    rf"(?P<first>{_ANY_ROAD})(?:[与和跟及同、/,]|交叉)?(?P<second>{_ANY_ROAD})"
    rf"{_CORNER}(?P<mark>十字路口|丁字路口|三岔路口|交叉路?口|交汇(?:处|口)?|交界(?:处)?|交叉处|转角|拐角|路口|口(?!腔|岸)|相交)"
)
_PAIR = re.compile(
    rf"(?P<first>{_ANY_ROAD})[与和跟及/](?P<second>{_ANY_ROAD})(?![0-9])(?:[东南西北]{{1,2}}角|角)?"
)
_STRETCH = re.compile(
    rf"(?P<first>{_ANY_ROAD})(?:到|至|-)(?P<second>{_ANY_ROAD})(?:路?段|之间|这段|一段)?(?![0-9])"
)
# 宝丽西街121号至宝丽西街125号: the road is said twice.
_SAME_ROAD = re.compile(
    rf"(?P<road>[{mark_class(NameKind.ROAD)}])(?P<low>[0-9]{{1,5}})号?(?P<to>到|至|-|和|、)(?P=road)(?=[0-9])"
)
_SIDE = re.compile(r"(?P<side>单|双|奇|偶)(?:数?号|数)(?:那?一?[侧边面]|门牌|门面)?")
_SIDES = {"单": "odd", "奇": "odd", "双": "even", "偶": "even"}


def find_near(rest: str) -> dict[str, str]:
    """Which part something lies near, and the word said: {"estate": "对面"}."""
    behind = {ANCHORS[m["anchor"]]: m["near"] for m in _BEHIND.finditer(rest)}
    before = {ANCHORS[m["anchor"]]: "附近" for m in _BEFORE.finditer(rest)}
    return before | behind


def find_crossing(rest: str) -> re.Match[str] | None:
    """Two roads that meet: `first`, `second`. A pair with a door number behind is no crossing."""
    crossing = _CROSSING.search(rest)
    if crossing and not re.match(r"[0-9]", rest[crossing.end() :]):
        return crossing
    return _PAIR.search(rest)


def find_stretch(rest: str) -> re.Match[str] | None:
    """A road from one crossing to another: `first`, `second`."""
    return _STRETCH.search(rest)


def join_range(text: str) -> str:
    """A range of doors whose ends both name the road, with the road once."""
    return _SAME_ROAD.sub(r"\g<road>\g<low>\g<to>", text)


def estates_left(rest: str) -> list[str]:
    """Marks of registered estates that were not taken as the place itself."""
    return re.findall(f"[{mark_class(NameKind.ESTATE)}]", rest)


def find_side(rest: str) -> tuple[str, str]:
    """`odd` or `even` where 单号侧 or 双号 is said, and the sentence without it."""
    said = _SIDE.search(rest)
    if said is None:
        return "", rest
    return _SIDES[said["side"]], rest[: said.start()] + TAKEN + rest[said.end() :]
