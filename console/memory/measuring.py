"""Honest figures: what was learned is tried on work orders it has not seen, newer ones and dealt-out ones."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from console.memory.building import AUTO, HalfLife, Say, Settled, remembered, settled
from console.memory.corpus import Corpus, Learned, Question, parts_of, question, recency
from console.memory.lexicon import Lexicon
from console.memory.model import Memory
from console.memory.sparse import Array
from console.memory.trusting import MANY_CLASSES, judged, sources

_SMALL = 300
_MOST_TRIED, _MOST_TIMED = 4000, 200
NAMES = {"category": "类别", "unit": "承办单位"}


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the first, and one of the first three, were what it really was; mean F1 over the classes."""

    tried: int
    first: float
    three: float
    macro_f1: float

    @property
    def words(self) -> str:
        return f"首选 {self.first:.3f}，前三 {self.three:.3f}，宏F1 {self.macro_f1:.3f}（{self.tried} 条）"


def figures(logits: Array, truth: Array) -> Figures:
    """Of scores, one row per message, and the class that was right (-1: one never learned, always a fault)."""
    own = np.where(truth >= 0, logits[np.arange(len(truth)), truth], -np.inf)
    ahead = (logits > own[:, None]).sum(axis=1)
    return Figures(
        len(truth),
        float((ahead == 0).mean()),
        float((ahead < 3).mean()),
        macro_f1(logits.argmax(axis=1), truth),
    )


def macro_f1(said: Array, truth: Array) -> float:
    """The mean of F1 over the classes that really occur."""
    scores = []
    for one in np.unique(truth[truth >= 0]):
        right = float(((said == one) & (truth == one)).sum())
        scores.append(2 * right / max(1.0, float((said == one).sum() + (truth == one).sum())))
    return float(np.mean(scores)) if scores else 0.0


def measure(
    corpus: Corpus,
    learned: Sequence[Learned],
    chosen: dict[str, Settled],
    half_life: HalfLife = AUTO,
    quick: bool = False,
) -> Iterator[str]:
    """Sentences to print, as they are found; what was settled on the earlier part goes into `chosen`."""
    for name, said in NAMES.items():
        asked = question([getattr(one, name) for one in learned], lexicon=name == "category")
        if asked is None:
            yield f"{said}：文件里没有两个以上的{said}，不学"
            continue
        known = np.flatnonzero(asked.members >= 0)
        yield f"{said}：{len(asked.labels)} 个，{len(known)} 条有{said}"
        if len(known) < 30:
            yield "  少于30条，不作保留检验"
            continue
        yield from _measured(corpus, learned, asked, known, chosen, half_life, quick)


def _measured(
    corpus: Corpus,
    learned: Sequence[Learned],
    asked: Question,
    known: Array,
    chosen: dict[str, Settled],
    half_life: HalfLife,
    quick: bool,
) -> Iterator[str]:
    dated = sum(learned[at].at is not None for at in known) > len(known) / 2
    order = sorted(known, key=lambda at: _moment(learned[at])) if dated else list(known)
    cut = len(order) - max(10, len(order) // 5)
    taken, tried = np.sort(np.array(order[:cut])), np.sort(np.array(order[cut:]))
    found = _settle(corpus, learned, asked, taken, half_life)
    chosen["category" if asked.lexicon is not None else "unit"] = found
    by = "按时间" if dated else "按文件顺序"
    yield f"  {by}先学前{cut}条、试后{len(tried)}条：{_tried(corpus, learned, asked, found, taken, tried).words}"
    if not quick:
        folds = 5 if len(asked.labels) <= MANY_CLASSES else 3
        dealt = parts_of(known, folds)
        parts = [
            _tried(corpus, learned, asked, found, np.setdiff1d(known, part), part) for part in dealt
        ]
        yield f"  {folds}折交叉验证：{_mean(parts).words}"
    if asked.lexicon is not None:
        yield from _little(corpus, learned, asked, known)


def _moment(one: Learned) -> float:
    return one.at.timestamp() if one.at is not None else 0.0


def _little(
    corpus: Corpus, learned: Sequence[Learned], asked: Question, known: Array
) -> Iterator[str]:
    if len(known) > 2 * _SMALL:
        dealt = np.random.default_rng(7).permutation(known)
        few, rest = np.sort(dealt[:_SMALL]), np.sort(dealt[_SMALL : _SMALL + _MOST_TRIED])
        found = _settle(corpus, learned, asked, few, None)
        yield f"  只学随机{_SMALL}条：{_tried(corpus, learned, asked, found, few, rest).words}"
    words: Lexicon | None = asked.lexicon
    if words is not None:
        shares = np.array([words.shares(learned[at].message)[0] for at in known[:_MOST_TRIED]])
        yield f"  只靠目录词语（没有历史）：{figures(shares, asked.members[known[:_MOST_TRIED]]).words}"


def _settle(
    corpus: Corpus, learned: Sequence[Learned], asked: Question, taken: Array, half_life: HalfLife
) -> Settled:
    """Half-life and trust chosen on `taken` alone: what is tried later must not have had a say."""
    there = np.zeros(len(learned), bool)
    there[taken] = True
    hidden = Question(asked.labels, np.where(there, asked.members, -1), asked.lexicon)
    moments = [one.at if there[at] else None for at, one in enumerate(learned)]
    return settled(corpus, hidden, moments, [one.message for one in learned], taken, half_life)


def _tried(
    corpus: Corpus,
    learned: Sequence[Learned],
    asked: Question,
    found: Settled,
    taken: Array,
    tried: Array,
) -> Figures:
    there = set(taken.tolist())
    sample = recency(
        [one.at if at in there else None for at, one in enumerate(learned)], found.half_life
    )
    said = sources(corpus, asked, sample, taken, tried, [one.message for one in learned])
    return figures(judged(said, found.trust), said.truth)


def _mean(parts: Sequence[Figures]) -> Figures:
    total = sum(one.tried for one in parts)
    first, three = (
        sum(getattr(one, name) * one.tried for one in parts) / total for name in ("first", "three")
    )
    return Figures(total, first, three, float(np.mean([one.macro_f1 for one in parts])))


def speed(memory: Memory, learned: Sequence[Learned]) -> str:
    """How long one suggestion of category and unit takes here, reading the message included."""
    words = Lexicon(memory.category.labels) if memory.category else None
    times = []
    for one in learned[-_MOST_TIMED:]:
        began = time.perf_counter()
        memory.categories(one.message, words)
        memory.units(one.message, one.category)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    middle, slow = times[len(times) // 2], times[int(len(times) * 0.95)]
    return f"一次建议（类别和承办单位）中位 {middle:.1f} 毫秒，95% 在 {slow:.1f} 毫秒内"


def learned_and_measured(
    corpus: Corpus,
    learned: Sequence[Learned],
    say: Say,
    half_life: HalfLife = AUTO,
    quick: bool = False,
) -> Memory:
    """Figures said first, then everything learned from all of it."""
    chosen: dict[str, Settled] = {}
    for sentence in measure(corpus, learned, chosen, half_life, quick):
        say(sentence)
    memory = remembered(corpus, learned, half_life, chosen)
    say(speed(memory, learned))
    return memory
