"""Is this call about something already on the books? Scored, with the reasons in words (peers 6.3).

Thresholds are those of field-facts 3.7: same number within 24 hours; same number and minor class within
30 days; same grid or address and minor class from different callers within 7 days.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import Self

# What stands in every second report and says nothing about the matter.
_EMPTY_WORDS = re.compile(
    "来电人|来电|市民|居民|群众|反映|反应|称|投诉|要求|希望|请求|建议|相关|有关|部门|单位|尽快|及时|处理|解决|核实|核查|回复|问题|情况|"
    "现在|目前|已经|一直|没有|严重|影响|附近|位于|街道|社区|小区|工作人员|进行|生活|出行|多次|表示"
)
# Comparing more of a long report costs time on every key and changes no order.
_COMPARED = 400
_LONGEST_WORDS = 3
# Nobody measures shops: along a street a house number stands for about so much.
METRES_A_DOOR = 10
# A likeness of this is beyond doubt.
_BEYOND_DOUBT = 0.8
# Words in common elsewhere, or a name in common and nothing else, are no second report.
_LEAST_ALIKE = 0.05
# Where nobody said where, words that hardly anybody says stand in for the place: for so much of it at most.
_UNKNOWN_PLACE = 0.6
# Two reports that say the same do not make it common.
_FEW = 60
Weights = dict[str, float]


@dataclass(frozen=True, slots=True)
class DuplicateRules:
    """Windows and weights; from the policy pack. A score is 0 to 100, `shown_from` the least to show."""

    same_phone: timedelta = timedelta(hours=24)
    same_phone_and_category: timedelta = timedelta(days=30)
    same_place_and_category: timedelta = timedelta(days=7)
    same_words: timedelta = timedelta(days=30)
    phone_points: int = 35
    address_points: int = 25
    grid_points: int = 12
    category_points: int = 20
    words_points: int = 30
    shown_from: int = 40
    collective_callers: int = 3
    radius_metres: int = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared: the new call as far as typed, or an earlier ticket.

    `phone` in stored form; `grid_id` 0 and empty words mean unknown. `address` is road and number or
    estate, as far as known; `minor_class` the lowest category id, `category` its name. `names` are the places its
    words name, registered or not. `subject` says of an earlier one how likely the new one is of its category (0 to
    1), where that was learned.
    """

    at: datetime
    phone: str = ""
    grid_id: int = 0
    grid: str = ""
    road: str = ""
    number: int | None = None
    estate: str = ""
    minor_class: str = ""
    category: str = ""
    content: str = ""
    ticket_id: int = 0
    ticket_number: str = ""
    is_open: bool = True
    callers: int = 1
    names: frozenset[str] = frozenset()
    subject: float = 0.0

    @property
    def is_placed(self) -> bool:
        """Whether anything is known of where it is."""
        return bool(self.grid_id or self.road or self.estate or self.names)


@dataclass(frozen=True, slots=True)
class LikelyDuplicate:
    """An earlier ticket that may be the same matter; `reasons` are shown in this order.

    `same_caller` tells 重复来电 from a matter others report too; `collective` asks for 集中反映.
    """

    ticket_id: int
    ticket_number: str
    score: int
    reasons: tuple[str, ...]
    same_caller: bool
    collective: bool


def likely_duplicates(
    new: Report,
    earlier: Iterable[Report],
    rules: DuplicateRules | None = None,
    limit: int = 5,
) -> tuple[LikelyDuplicate, ...]:
    """The earlier tickets that are likely the same matter, likeliest and then latest first."""
    rules, others = rules or DuplicateRules(), tuple(earlier)
    known = Known.of([*others, new])
    pairs = ((compare(new, other, rules, known), other.at) for other in others)
    found = [(match, at) for match, at in pairs if match]
    found.sort(key=lambda pair: (pair[0].score, pair[1]), reverse=True)
    return tuple(match for match, _ in found[:limit])


@dataclass(frozen=True, slots=True)
class Known:
    """How much the pieces of texts and the names of places count among what is compared: rare ones more than common."""

    pieces: Weights
    names: Weights

    @classmethod
    def of(cls, reports: Sequence[Report]) -> Self:
        told = [pieces_of(one.content) for one in reports]
        # Powers: what only two of many say is worth more than much that is common.
        return cls(_weights(told, 3), _weights([one.names for one in reports], 2))

    def uncommon(self, shared: frozenset[str]) -> float:
        """How uncommon these pieces are, 0 to 1: only two say them."""
        mean = sum(map(self.pieces.__getitem__, shared)) / max(1, len(shared))
        return min(1.0, math.cbrt(mean) / math.log((1 + _FEW) / 3))


def _weights(told: Sequence[frozenset[str]], power: int) -> Weights:
    times = Counter(chain.from_iterable(told))
    many = max(len(told), _FEW)
    by_times = {n: math.log((1 + many) / (1 + n)) ** power for n in set(times.values())}
    return {one: by_times[n] for one, n in times.items()}


def compare(
    new: Report, other: Report, rules: DuplicateRules, known: Known
) -> LikelyDuplicate | None:
    """Score one earlier ticket; None when it lies outside every window or below `shown_from`."""
    age = new.at - other.at
    caller = bool(new.phone) and new.phone == other.phone
    matter = bool(new.minor_class) and new.minor_class == other.minor_class
    place, place_points = _place(new, other, rules)
    shared, share = _shared(pieces_of(new.content), pieces_of(other.content))
    score = 0
    if _in_window(age, caller, matter, bool(place), bool(shared), rules):
        points = rules.phone_points * caller + place_points + rules.category_points * matter
        score = points + round(rules.words_points * share) + _fresh_points(age)
    if shared and other.is_open and timedelta(0) <= age <= rules.same_words:
        near = min(1.0, place_points / rules.address_points)
        score = max(score, _told(new, other, near, known))
    if score < rules.shown_from:
        return None
    named = "" if place else _named(new, other, known)
    words = _words(_plain(new.content), _plain(other.content), shared)
    reasons = (
        f"同一来电 {ago(age)}" if caller else "",
        place or named,
        f"同类 {other.category}" if matter else "",
        f"用词相同 {'、'.join(words)}" if words else "",
        "" if caller else ago(age),
    )
    many = other.callers + 1 >= rules.collective_callers
    collective = not caller and bool(place or named) and many
    said = (*filter(None, reasons), *_state_words(other, collective))
    return LikelyDuplicate(
        other.ticket_id, other.ticket_number, min(score, 100), said, caller, collective
    )


def _told(new: Report, other: Report, near: float, known: Known) -> int:
    """The score of what is told alone, wherever it was and whoever told it."""
    alike = _alike(pieces_of(new.content), pieces_of(other.content), known.pieces)
    if alike < _LEAST_ALIKE:
        return 0
    if new.is_placed and other.is_placed:
        near = max(near, _alike(new.names, other.names, known.names))
    else:
        near = _UNKNOWN_PLACE * known.uncommon(pieces_of(new.content) & pieces_of(other.content))
    same = bool(new.minor_class) and new.minor_class == other.minor_class
    return round(100 * likeness(alike, near, 1.0 if same else other.subject) / _BEYOND_DOUBT)


def likeness(told_alike: float, same_place: float, subject: float) -> float:
    """Of words, place and subject, each 0 to 1: the same words elsewhere are another matter, and so is another
    subject at the same place. Found on invented messages (docs/memory.md)."""
    both = math.sqrt(told_alike * same_place)
    words = 0.5 if same_place else 0.3
    return words * told_alike + 0.15 * same_place + (0.25 + 0.3 * subject) * both


def _alike(mine: frozenset[str], theirs: frozenset[str], weights: Weights) -> float:
    """How alike two sets are, 0 to 1."""
    shared = mine & theirs
    if not shared:
        return 0.0
    common, own, other = (sum(map(weights.__getitem__, part)) for part in (shared, mine, theirs))
    return common / math.sqrt(own * other) if common > 0 else 0.0


def _named(new: Report, other: Report, known: Known) -> str:
    """The rarest place both name, when it is not one of the whole city."""
    shared = sorted(
        new.names & other.names, key=lambda name: (-known.names[name], -len(name), name)
    )
    return f"都提到 {shared[0]}" if shared and known.names[shared[0]] > 1 else ""


def _in_window(
    age: timedelta, caller: bool, matter: bool, place: bool, words: bool, rules: DuplicateRules
) -> bool:
    if age < timedelta(0):
        return False
    if caller and (age <= rules.same_phone or (matter and age <= rules.same_phone_and_category)):
        return True
    # While the category is not chosen yet, shared words stand in for it.
    return place and (matter or words) and age <= rules.same_place_and_category


def _place(new: Report, other: Report, rules: DuplicateRules) -> tuple[str, int]:
    if new.estate and new.estate == other.estate:
        return f"同一小区 {new.estate}", rules.address_points
    if new.road and new.road == other.road:
        return _on_one_road(new, other, rules)
    if new.grid_id and new.grid_id == other.grid_id:
        return f"同一网格 {new.grid}".strip(), rules.grid_points
    return "", 0


def _on_one_road(new: Report, other: Report, rules: DuplicateRules) -> tuple[str, int]:
    if new.number is None or other.number is None:
        return f"同一路段 {new.road}", rules.address_points
    apart = abs(new.number - other.number)
    if apart == 0:
        return f"同一门牌 {new.road} {new.number} 号", rules.address_points + 10
    if apart * METRES_A_DOOR <= rules.radius_metres:
        return f"同一路段 {new.road}，相隔 {apart} 号", rules.address_points
    if new.grid_id and new.grid_id == other.grid_id:
        return f"同一路段 {new.road}", rules.grid_points
    return "", 0


def _fresh_points(age: timedelta) -> int:
    hours = age / timedelta(hours=1)
    return 10 if hours <= 6 else 5 if hours <= 48 else 0


def _state_words(other: Report, collective: bool) -> tuple[str, ...]:
    closed = "" if other.is_open else "已办结"
    many = f"已有 {other.callers} 人反映，建议按集中反映处理" if collective else ""
    return tuple(filter(None, (closed, many)))


def ago(age: timedelta) -> str:
    """`刚刚`, `35分钟前`, `2小时前`, `3天前`."""
    minutes = int(age / timedelta(minutes=1))
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f"{minutes}分钟前"
    return f"{minutes // 60}小时前" if minutes < 48 * 60 else f"{minutes // (24 * 60)}天前"


@lru_cache(maxsize=2048)
def _plain(content: str) -> str:
    """What is compared of a content: blanks stand for punctuation and for empty words."""
    plain = unicodedata.normalize("NFKC", content[:_COMPARED]).lower()
    return re.sub(r"[\W_]+", " ", _EMPTY_WORDS.sub(" ", plain))


def telling(content: str) -> list[str]:
    """The two-character pieces of a content that may say something about the matter, in order."""
    plain = _plain(content)
    cut = (plain[i : i + 2] for i in range(len(plain) - 1))
    return [piece for piece in cut if " " not in piece and not piece.isdigit()]


@lru_cache(maxsize=2048)
def pieces_of(content: str) -> frozenset[str]:
    """Those pieces, each once: the same contents are compared again with every key typed."""
    return frozenset(telling(content))


def _shared(mine: frozenset[str], theirs: frozenset[str]) -> tuple[frozenset[str], float]:
    """The pieces both contents have, and the share (0 to 1) of the shorter one they make up.

    Fewer than two shared pieces are chance.
    """
    shared = mine & theirs
    if len(shared) < 2:
        return frozenset(), 0.0
    # Half the pieces in common already means the same matter told twice.
    return shared, min(1.0, 2 * len(shared) / min(len(mine), len(theirs)))


def _words(plain: str, others: str, shared: frozenset[str]) -> tuple[str, ...]:
    """Runs of shared pieces that stand in both texts as they are: the longest words both have, longest first."""
    words: dict[str, None] = {}
    run = ""
    for place in range(len(plain) - 1):
        piece = plain[place : place + 2]
        longer = run + piece[1] if run else piece
        if piece in shared and longer in others:
            run = longer
            continue
        words[run] = None
        run = piece if piece in shared else ""
    words[run] = None
    return tuple(sorted(filter(None, words), key=len, reverse=True)[:_LONGEST_WORDS])
