"""Learning from closed work orders: how fast to forget, how far to trust what, then everything from all of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from console.memory.corpus import Corpus, Learned, Question, question, rarity, read_corpus, recency
from console.memory.model import Head, Memory
from console.memory.neighbours import Neighbours
from console.memory.pieces import Message
from console.memory.sparse import Array
from console.memory.trusting import MANY_CLASSES, Trust, fit, head, tried_on, weighed

AUTO = "auto"
QUESTIONS = ("category", "unit")
HalfLife = float | str | None
Say = Callable[[str], None]
HALF_LIVES: tuple[float | None, ...] = (None, 540.0, 180.0, 75.0)
_FEWER_HALF_LIVES: tuple[float | None, ...] = (None, 180.0)


def best_half_life(
    corpus: Corpus, asked: Question, moments: Sequence[datetime | None]
) -> float | None:
    """The half-life under which older work orders tell most of the newest sixth; None: all count alike."""
    dated = np.array(
        [at for at, moment in enumerate(moments) if moment is not None and asked.members[at] >= 0],
        np.int64,
    )
    if len(dated) < 200 or len(dated) < (asked.members >= 0).sum() / 2:
        return None
    times = np.array([moment.timestamp() if (moment := moments[at]) else 0.0 for at in dated])
    if times.max() - times.min() < 60 * 86400:
        return None
    order = dated[np.argsort(times, kind="stable")]
    cut = len(order) - len(order) // 6
    taken, tried = np.sort(order[:cut]), np.sort(order[cut:])
    idf = rarity(corpus.rows.picked(taken))
    right: list[tuple[float, float | None]] = []
    for half_life in HALF_LIVES if len(asked.labels) <= MANY_CLASSES else _FEWER_HALF_LIVES:
        sample = recency(moments, half_life)
        fitted = fit(corpus, idf, asked, taken, sample, rough=True)
        rows = corpus.rows.picked(tried).narrowed(fitted.columns).scaled(idf[fitted.columns])
        scores = rows.times(fitted.weights) + fitted.bias
        right.append((float((scores.argmax(axis=1) == asked.members[tried]).mean()), half_life))
    highest = max(share for share, _ in right)
    # The longest memory that is as good as the best within noise; a real change in the city shows clearly.
    return next(half_life for share, half_life in right if share >= highest - 0.004)


@dataclass(frozen=True, slots=True)
class Settled:
    """What was chosen before learning: the half-life (days) and how far each source is to be trusted."""

    half_life: float | None
    trust: Trust


def settled(
    corpus: Corpus,
    asked: Question,
    moments: Sequence[datetime | None],
    messages: Sequence[Message],
    rows: Array,
    half_life: HalfLife,
) -> Settled:
    """Chosen on the messages numbered `rows` alone."""
    life = best_half_life(corpus, asked, moments) if isinstance(half_life, str) else half_life
    return Settled(life, weighed(tried_on(corpus, asked, recency(moments, life), messages, rows)))


def learn(learned: Sequence[Learned], half_life: HalfLife = AUTO) -> Memory:
    """Everything that can be learned from these work orders."""
    return remembered(read_corpus([one.message for one in learned]), learned, half_life, {})


def remembered(
    corpus: Corpus, learned: Sequence[Learned], half_life: HalfLife, chosen: Mapping[str, Settled]
) -> Memory:
    """As `learn`, of a corpus already read; what was `chosen` before is not chosen again."""
    idf = rarity(corpus.rows)
    found = {
        name: _head_for(name, corpus, learned, half_life, chosen.get(name)) for name in QUESTIONS
    }
    facts: dict[str, Any] = {"messages": len(learned)}
    for name, pair in found.items():
        if pair is not None:
            facts |= {
                f"{name}_half_life": pair[1].half_life,
                f"{name}_trust": asdict(pair[1].trust),
            }
    category, unit = (pair[0] if pair is not None else None for pair in found.values())
    return Memory(
        vocabulary={piece: at for at, piece in enumerate(corpus.vocabulary)},
        idf=idf,
        neighbours=Neighbours.of(corpus.rows.scaled(idf)),
        numbers=tuple(one.number for one in learned),
        category=category,
        unit=_with_categories(category, unit),
        facts=facts,
    )


def _head_for(
    name: str,
    corpus: Corpus,
    learned: Sequence[Learned],
    half_life: HalfLife,
    chosen: Settled | None,
) -> tuple[Head, Settled] | None:
    asked = question([getattr(one, name) for one in learned], name == "category")
    if asked is None:
        return None
    moments, rows = [one.at for one in learned], np.arange(len(learned))
    messages = [one.message for one in learned]
    found = chosen or settled(corpus, asked, moments, messages, rows, half_life)
    sample = recency(moments, found.half_life)
    return head(corpus, rarity(corpus.rows), asked, sample, rows, found.trust), found


def _with_categories(category: Head | None, unit: Head | None) -> Head | None:
    """The unit's head with how often each category went to each unit."""
    if category is None or unit is None:
        return unit
    both = (category.members >= 0) & (unit.members >= 0)
    if both.sum() < 20:
        return unit
    counts = np.full((len(category.labels), len(unit.labels)), 0.3 / len(unit.labels))
    np.add.at(counts, (category.members[both], unit.members[both]), 1.0)
    return replace(
        unit, by_category=(counts / counts.sum(axis=1, keepdims=True)).astype(np.float32)
    )
