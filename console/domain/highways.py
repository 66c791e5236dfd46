"""Highways and their stakes: G107 K1520+300, 国道107线1520公里处. A stake is metres from where the highway begins."""

import re
from dataclasses import dataclass

from console.domain.chinese_numbers import DIGITS, chinese_number
from console.domain.gazetteer import HAN

_LETTERS = {"国道": "G", "省道": "S", "县道": "X", "乡道": "Y", "村道": "C"}
_KIND = "|".join(_LETTERS)
_NUMERAL = f"[{''.join(DIGITS)}十百千]+"
_MOST_KM = 9_999
_BESIDE = re.compile(
    rf"(?<=国道|省道|县道|乡道|村道){_NUMERAL}|{_NUMERAL}(?=(?:{_KIND})|公里|千米)|(?<=公里){_NUMERAL}(?=米)"
)
METRES = 1_000

_CODED = rf"(?:{_KIND})?[GSXYC][0-9]{{1,4}}(?:{_KIND})?"
_COUNTED = rf"(?:(?:{_KIND})[0-9]{{1,4}}|(?<![0-9])[0-9]{{2,4}}(?:{_KIND}))"
_NAMED = rf"[{HAN}]{{2,8}}?高速(?:公路)?"
_HIGHWAY = re.compile(
    rf"(?P<highway>(?:{_CODED}|{_COUNTED})(?:线(?!路))?(?:{_NAMED})?|{_NAMED})(?:主线|老路|新线)?"
)
# 距107国道3公里 lies off the road, and 沿107国道走3公里 is no stake.
_AWAY = re.compile(r"(?:距离?|离|靠近|邻近)(?:我?们?家?)?$")
_MOVING = re.compile(r"[走开驶跑离距]")
_LOOSE = rf"(?P<between>[{HAN},]{{0,16}}?)"
_STRICT = (
    rf"(?P<between>(?:[{HAN}]{{1,8}}?(?:段|方向|境内)|[由从]?[东南西北](?:向|往|到)[东南西北]|[东南西北上下]行"
    r"|大概|大约|差不多|[的在上约第,])*)"
)
_MARKED = r"K(?P<km>[0-9]{1,4})(?:[+加](?P<m>[0-9]{1,3}))?(?!\+?[0-9])"
_SAID = (
    r"(?:桩号|里程)?(?P<km>[0-9]{1,4})(?:"
    r"\+(?P<m>[0-9]{3})|\.(?P<tenths>[0-9]{1,3})(?:公里|千米|KM)|(?:公里|千米|KM|K)(?:[又零加+]?(?P<more>[0-9]{1,3})米)?)"
)
_TAIL = r"(?:公里|千米)?(?:桩号?|碑|牌)?(?:处|的?地方|位置)?"
_TO = r"(?:-|到|至|~)"


@dataclass(frozen=True, slots=True)
class Stakes:
    """A stretch of a highway as it was said; both ends are metres, `road` the highway's words.

    `start` and `end` say where in the sentence, `between` what stood there that is neither: 前窑村路段.
    """

    road: str
    low: int
    high: int
    start: int
    end: int
    between: str = ""


class Stake(int):
    """Metres that were written as a stake: K1520+300 is no door number 1,520,300."""


def stake_words(metres: int) -> str:
    """K1520+300."""
    return f"K{metres // METRES}+{metres % METRES:03d}"


def stretch_words(low: int, high: int) -> str:
    """K1520+300, or both ends of a stretch; a whole kilometre is only K1520."""
    if low == high:
        return stake_words(low)
    if low % METRES == 0 and high == low + METRES - 1:
        return f"K{low // METRES}"
    return f"{stake_words(low)}–{stake_words(high)}"


def read_stake(words: str) -> int | None:
    """A stake as a table writes it: K1520+300, 1520+300, K1520; None when it is none."""
    found = re.fullmatch(r"(?i)k?([0-9]{1,4})\+([0-9]{1,3})|k([0-9]{1,4})", words.strip())
    if found is None:
        return None
    return int(found[1] or found[3]) * METRES + int(found[2] or 0)


def highway_keys(name: str) -> frozenset[str]:
    """What a highway goes by: 国道107线 → G107; G4京港澳高速公路 → G4, 京港澳高速. Empty for any other road."""
    plain = name.upper().strip()
    if not _HIGHWAY.fullmatch(plain):
        return frozenset()
    keys = set()
    if coded := re.search(r"([GSXYC])([0-9]{1,4})", plain):
        keys.add(f"{coded[1]}{int(coded[2])}")
    elif number := re.search(r"[0-9]{1,4}", plain):
        kind = re.search(_KIND, plain)
        keys.add(f"{_LETTERS[kind[0]] if kind else ''}{int(number[0])}")
    if named := re.search(
        rf"(?:(?<=[0-9])|(?<=线)|^)[^0-9A-Z]*?([{HAN}]{{2,8}}高速)(?:公路)?$", plain
    ):
        keys.add(named[1])
    return frozenset(keys)


def find_stakes(text: str) -> Stakes | None:
    """The first highway in the sentence with a stake to it, before or behind; None without one."""
    plain = _with_digits(text)
    for highway in _HIGHWAY.finditer(plain):
        if _AWAY.search(plain[: highway.start()]):
            continue
        if found := _behind(plain, highway) or _before(plain, highway):
            return found
    return None


def spell(text: str) -> str:
    """`text` with the numbers of highways and stakes in digits: 国道一零七线 → 国道107线."""
    return _with_digits(text)


def _behind(plain: str, highway: re.Match[str]) -> Stakes | None:
    rest = plain[highway.end() :]
    for between, stake in ((_LOOSE, _MARKED), (_STRICT, _SAID)):
        found = re.match(between + _two_ends(stake) + _TAIL, rest)
        if found and not (stake is _SAID and _MOVING.search(found["between"])):
            return _stakes(highway, found, highway.start(), highway.end() + found.end())
    return None


def _before(plain: str, highway: re.Match[str]) -> Stakes | None:
    """K1520+300处，107国道: the wrong way round, only where it says K."""
    found = re.search(_two_ends(_MARKED) + _TAIL + rf"[{HAN},]{{0,6}}$", plain[: highway.start()])
    return _stakes(highway, found, found.start(), highway.end()) if found else None


def _two_ends(stake: str) -> str:
    """One stake, or from one to another; of two the first may leave its unit out: 1520到1523公里."""
    other = re.sub(r"\?P<(\w+)>", r"?P<\1_to>", stake.replace("(?:桩号|里程)?", ""))
    first = stake
    if stake is _SAID:
        first = rf"(?:(?P<km_from>[0-9]{{1,4}})(?={_TO}[0-9]{{1,4}}(?:公里|千米|KM))|{stake})"
    return rf"(?:桩号|里程|在|的)*{first}(?:公里|千米)?(?:处|桩)?(?:{_TO}{other})?"


def _stakes(highway: re.Match[str], found: re.Match[str], start: int, end: int) -> Stakes:
    parts = found.groupdict()
    low, high = _metres(parts, "")
    if parts.get("km_from"):
        low = int(parts["km_from"]) * METRES
    if parts.get("km_to"):
        high = _metres(parts, "_to")[0]
    low, high = min(low, high), max(low, high)
    between = parts.get("between") or ""
    kept = "" if re.fullmatch(_STRICT, between) else between
    return Stakes(highway["highway"], low, high, start, end, kept)


def _metres(parts: dict[str, str | None], end: str) -> tuple[int, int]:
    """The first and the last metre meant: 1520公里处 is all of that kilometre."""
    km = int(parts.get(f"km{end}") or 0) * METRES
    more = parts.get(f"m{end}") or parts.get(f"more{end}")
    if tenths := parts.get(f"tenths{end}"):
        more = tenths.ljust(3, "0")
    return (km + int(more),) * 2 if more else (km, km + METRES - 1)


def _with_digits(text: str) -> str:
    """Of the same sentence with numerals beside a highway's words as digits."""

    def digits(found: re.Match[str]) -> str:
        value = chinese_number(found[0])
        return found[0] if value is None or value > _MOST_KM else str(value)

    return _BESIDE.sub(digits, text)
