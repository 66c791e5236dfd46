"""Type-ahead in memory: initials, pieces of names and synonyms, the best match first."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from console.domain.intake import Choice
from db.search import matches_initials, normalise

MOST_OFFERED = 12
_LETTERS = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can be chosen. `name`, `words` are normalised; `weight` is how often it was used lately."""

    choice: Choice
    name: str
    words: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    word_initials: tuple[str, ...] = ()
    weight: int = 0
    order: int = 0


def offers(lines: Sequence[Line], typed: str, limit: int = MOST_OFFERED) -> tuple[Choice, ...]:
    """The choices that fit what was typed: prefix, then start of a word, then piece; often used ones before others.

    Nothing typed: the most used ones.
    """
    plain = normalise(typed)
    if not plain:
        return tuple(line.choice for line in sorted(lines, key=_usual)[:limit])
    ranked = _ranked(lines, plain)
    if not ranked and _LETTERS.fullmatch(plain):
        # Whole pinyin is slow to compare and hardly typed: only when the initials say nothing.
        ranked = [(3, line) for line in lines if matches_initials(plain, line.name)]
    ranked.sort(key=lambda pair: (pair[0], *_usual(pair[1])))
    return tuple(_told(line, plain) for _, line in islice(ranked, limit))


def _usual(line: Line) -> tuple[int, int, int]:
    return (-line.weight, len(line.name), line.order)


def _ranked(lines: Iterable[Line], plain: str) -> list[tuple[int, Line]]:
    rank = _letters_rank if _LETTERS.fullmatch(plain) else _words_rank
    ranked = ((rank(line, plain), line) for line in lines)
    return [(place, line) for place, line in ranked if place is not None]


def _letters_rank(line: Line, typed: str) -> int | None:
    if any(known.startswith(typed) for known in line.initials):
        return 0
    if line.name.startswith(typed) or any(known.startswith(typed) for known in line.word_initials):
        return 1
    pieces = (*line.initials, *line.word_initials, line.name)
    return 2 if any(typed in known for known in pieces) else None


def _words_rank(line: Line, typed: str) -> int | None:
    if line.name.startswith(typed):
        return 0
    if any(word.startswith(typed) for word in line.words):
        return 1
    return 2 if typed in line.name or any(typed in word for word in line.words) else None


def _told(line: Line, plain: str) -> Choice:
    """The choice with the synonym that was matched beside it, when the name itself was not."""
    if plain in line.name or line.choice.detail:
        return line.choice
    word = next((word for word in line.words if plain in word), "")
    return replace(line.choice, detail=f"即“{word}”") if word else line.choice
