"""A message as pieces: runs of one to four characters, those of the title once more, and the names of its place."""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Reading more of a long letter costs time with every key and changes no suggestion: its beginning and its end.
LONGEST_DETAIL, LONGEST_HEAD = 1600, 1200
LONGEST_TITLE, LONGEST_PLACE = 120, 120
_TAG = re.compile(
    r"<(?:br|/?p|/?div|/?span|/?a|/?b|/?font|/?td|/?tr|img|!--)[^>]{0,200}>", re.IGNORECASE
)
_NOISE = re.compile(
    r"_?x000d_?|https?://[\w./?=&%#:~-]+|www\.[\w./?=&%#:~-]+|\[\$[^\]]{0,30}\$\]", re.IGNORECASE
)
_NUMBER = re.compile(r"\d[\d.,:]*")
_BREAK = re.compile(r"[^\w]+|_+")
# A name of a place ends in one of these; up to six characters before it belong to it.
_PLACE = re.compile(
    r"[\u3400-\u9fff\ue000-\uf8ff\w]{1,6}?"
    r"(?:街道办|街道|开发区|高新区|新区|社区|小区|大道|大厦|广场|花园|花苑|家园|公寓|新村|新城|国际|中学|小学|医院|"
    r"幼儿园|市场|公园|工业园|自治县|[省市区县旗镇乡村街路巷弄桥苑园庭府湾城郡里坊寨屯组])"
)  # fmt: skip
_LETTERS_AND_PLACE = re.compile(r"[a-z]\d*[市区县州镇]")


@dataclass(frozen=True, slots=True)
class Message:
    """What is known of a matter while it is typed; every field may be empty."""

    title: str = ""
    detail: str = ""
    place: str = ""


def plain(text: str) -> str:
    """Full width as half width, capitals as small ones, no markup, numbers as 0; anything else is a blank."""
    words = html.unescape(text) if "&" in text else text
    words = _NOISE.sub(" ", _TAG.sub(" ", words)) if words else ""
    words = unicodedata.normalize("NFKC", words).lower()
    return _BREAK.sub(" ", words).strip()


def numberless(words: str) -> str:
    return _NUMBER.sub("0", words)


def runs(words: str, shortest: int = 1, longest: int = 4) -> Iterator[str]:
    """Every run of characters of the given lengths; no run crosses a blank."""
    for segment in words.split(" "):
        length = len(segment)
        for size in range(shortest, min(longest, length) + 1):
            for at in range(length - size + 1):
                yield segment[at : at + size]


def place_names(words: str) -> tuple[str, ...]:
    """The names of places said in a plain text, the shortest reading of each; repeats included."""
    found = []
    for segment in words.split(" "):
        found += _LETTERS_AND_PLACE.findall(segment)
        found += [name for name in _PLACE.findall(segment) if len(name) > 1]
    return tuple(found)


def shortened(detail: str) -> str:
    if len(detail) <= LONGEST_DETAIL:
        return detail
    return f"{detail[:LONGEST_HEAD]} {detail[LONGEST_HEAD - LONGEST_DETAIL :]}"


def pieces(message: Message) -> Counter[str]:
    """What a message is learned from and recognised by, with how often it was said.

    `^` stands before pieces of the title, `@` before those of the place.
    """
    title = numberless(plain(message.title[:LONGEST_TITLE]))
    detail = numberless(plain(shortened(message.detail)))
    counts = Counter(runs(detail))
    for piece in runs(title):
        counts[piece] += 2
    counts.update("^" + piece for piece in runs(title, 2, 4))
    counts.update(place_pieces(message, title, detail))
    return counts


def place_pieces(message: Message, title: str, detail: str) -> Counter[str]:
    """The place given, and the places named in the words when none was given."""
    place = plain(message.place[:LONGEST_PLACE])
    counts: Counter[str] = Counter()
    names = place_names(place) if place else place_names(f"{title} {detail[:400]}")
    for name in names:
        counts.update("@" + name[-size:] for size in range(2, min(len(name), 5) + 1))
    if place:
        counts.update("@" + piece for piece in runs(numberless(place), 2, 4))
    return counts


@lru_cache(maxsize=256)
def counted(message: Message) -> Counter[str]:
    """The same message is asked about again when only the place or the category was chosen."""
    return pieces(message)
