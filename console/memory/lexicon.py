"""Categories known by the meaning of their names alone: what can be suggested before there is any history."""

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from console.memory.pieces import Message, plain, shortened

THEMES = Path(__file__).resolve().parents[2] / "resources" / "memory" / "themes.toml"
_LONGEST_WORD = 10
_TITLE_COUNTS = 2.5
# A word that many categories claim says less.
_LEAST = 0.02
_IN_NAMES_EMPTY = frozenset(
    "管理 服务 其他 问题 工作 保护 保障 相关 业务 行政 综合 公共 投诉 咨询 建议 求助 举报 方面".split()
)


@dataclass(frozen=True, slots=True)
class Theme:
    """One subject: `claims` are words of a category's name with their rank (0: the surest), `words` what people say."""

    name: str
    claims: tuple[tuple[str, int], ...]
    words: tuple[str, ...]


@cache
def themes(path: Path = THEMES) -> tuple[Theme, ...]:
    """The subjects shipped with the program; KeyError or ValueError when the file is not as described in it."""
    with path.open("rb") as file:
        found = tomllib.load(file)["theme"]
    return tuple(
        Theme(
            one["name"],
            _claims(one["labels"]),
            tuple(dict.fromkeys(map(_known, one["words"].split()))),
        )
        for one in found
    )


def _known(word: str) -> str:
    return plain(word).replace(" ", "")


def _claims(labels: str) -> tuple[tuple[str, int], ...]:
    return tuple(
        (word, rank) for rank, group in enumerate(labels.split()) for word in group.split("|")
    )


class Lexicon:
    """Which words speak for which category. Pure data once made; may be shared between threads."""

    def __init__(
        self, labels: Sequence[str], own_words: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        """`own_words`: words the city's catalogue gives for a category; they count in full."""
        self.labels = tuple(labels)
        self._claims: dict[str, dict[int, float]] = defaultdict(dict)
        for theme in themes():
            for at, share in _claimed(theme, self.labels).items():
                self._add(theme.words, at, share)
        for at, label in enumerate(self.labels):
            self._add(_name_words(label), at, 1.5)
            self._add(map(_known, (own_words or {}).get(label, ())), at, 2.0)
        self._longest = max(map(len, self._claims), default=0)
        self._before = self._before_a_word()

    def _add(self, words: Iterable[str], at: int, share: float) -> None:
        for word in words:
            if 1 < len(word) <= _LONGEST_WORD:
                claims = self._claims[word]
                claims[at] = max(share, claims.get(at, 0.0))

    def _before_a_word(self) -> list[float]:
        """Before anything is said the broader subjects are likelier."""
        broad = [0.0] * len(self.labels)
        for claims in self._claims.values():
            for at, share in claims.items():
                broad[at] += share / len(claims)
        total = sum(broad) or 1.0
        return [_LEAST * (0.5 + 0.5 * len(broad) * one / total) for one in broad]

    def words_in(self, message: Message) -> Counter[str]:
        """The words said, longest reading first, none inside another; those of the title count more."""
        said: dict[str, float] = defaultdict(float)
        for text, counts in ((message.title, _TITLE_COUNTS), (shortened(message.detail), 1.0)):
            for word in self._scan(plain(text)):
                said[word] += counts
        found: Counter[str] = Counter()
        for word, times in said.items():
            found[word] = times  # type: ignore[assignment]
        return found

    def _scan(self, words: str) -> Iterable[str]:
        at, end = 0, len(words)
        while at < end:
            for size in range(min(self._longest, end - at), 1, -1):
                if words[at : at + size] in self._claims:
                    yield words[at : at + size]
                    at += size
                    break
            else:
                at += 1

    def shares(self, message: Message) -> tuple[list[float], dict[int, list[str]]]:
        """How likely each label is by its words (sums to 1), and the words that spoke for it, weightiest first."""
        points = list(self._before)
        spoke: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for word, times in self.words_in(message).items():
            claims = self._claims[word]
            for at, share in claims.items():
                weight = (
                    share
                    * len(word) ** 0.8
                    * (1 + math.log(max(1.0, times)) if times >= 1 else times)
                    / len(claims)
                )
                points[at] += weight
                spoke[at].append((weight, word))
        total = sum(points)
        words = {
            at: [word for _, word in sorted(found, key=lambda pair: -pair[0])]
            for at, found in spoke.items()
        }
        return [one / total for one in points], words


def _claimed(theme: Theme, labels: Sequence[str]) -> dict[int, float]:
    """The labels a theme belongs to: those whose name has its surest word; the next surest get a smaller part."""
    ranks = {
        at: min((rank for word, rank in theme.claims if word in label), default=-1)
        for at, label in enumerate(labels)
    }
    known = {at: rank for at, rank in ranks.items() if rank >= 0}
    if not known:
        return {}
    surest = min(known.values())
    return {at: 1.0 if rank == surest else 0.35 / (rank - surest) for at, rank in known.items()}


def _name_words(label: str) -> tuple[str, ...]:
    """A category's name and the two-character words it is made of: 交通运输 → 交通运输, 交通, 运输."""
    last = plain(label).split(" ")
    found = []
    for part in last:
        found.append(part)
        for piece in part.replace("和", " ").replace("与", " ").replace("及", " ").split(" "):
            found += [piece] + [piece[at : at + 2] for at in range(0, len(piece) - 1, 2)]
    return tuple(word for word in dict.fromkeys(found) if word not in _IN_NAMES_EMPTY)
