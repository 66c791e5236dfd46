"""One question learned (which category, which unit), and how far each source of an answer is to be trusted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from console.memory.corpus import Corpus, Question, parts_of, rarity
from console.memory.learning import complement_bayes, separate
from console.memory.model import VOTERS, Head, combined
from console.memory.neighbours import Neighbours, nearest, votes
from console.memory.pieces import Message
from console.memory.sparse import Array, Rows

MOST_WEIGHTS, ROUGH_WEIGHTS = 4_500_000, 900_000
_COST = 0.5
# Below so many messages every one of them is both learned from and tried on, in five parts.
_FEW = 1500
# Beyond so many classes more steps cost minutes and change nothing.
MANY_CLASSES = 40


@dataclass(frozen=True, eq=False)
class Fitted:
    """Weights of one fit over all pieces of the corpus, before it is known how far to trust what."""

    columns: Array
    weights: Array
    bias: Array
    bayes: Array


def fit(
    corpus: Corpus, idf: Array, asked: Question, taken: Array, sample: Array, rough: bool = False
) -> Fitted:
    """Learn one question from the messages numbered `taken`; `rough` is enough to compare and far quicker."""
    rows = corpus.rows.picked(taken)
    members = asked.members[taken]
    columns = telling(rows, members, len(asked.labels), ROUGH_WEIGHTS if rough else MOST_WEIGHTS)
    rows = rows.narrowed(columns).scaled(idf[columns])
    count = len(asked.labels)
    heavy = sample[taken] / sample[taken].mean()
    steps = 15 if rough else 45 if count <= MANY_CLASSES else 25
    weights, bias = separate(rows, members, count, heavy * _evened(members, count), _COST, steps)
    bayes = complement_bayes(rows, members, count, heavy)
    return Fitted(columns, weights, bias, bayes)


def _evened(members: Array, count: int) -> Array:
    """Rare classes count a little more, so that they are not forgotten."""
    sizes = np.bincount(members, minlength=count)
    even = (sizes[members] / sizes.max()) ** -0.2
    return np.asarray(even / even.mean(), np.float32)


def telling(rows: Rows, members: Array, count: int, weights: int) -> Array:
    """The pieces said twice at least that tell classes apart best, as many as the weights may be."""
    spread = np.bincount(rows.columns, minlength=rows.width)
    there = np.flatnonzero(spread > 1)
    most = max(8_000, weights // count)
    if len(there) <= most:
        return there
    one = np.zeros((rows.height, count), np.float32)
    one[np.arange(rows.height), members] = 1.0
    said = (
        Rows(rows.starts, rows.columns, np.ones_like(rows.values), rows.width)
        .transposed()
        .times(one)[there]
    )
    sizes = one.sum(axis=0) / rows.height
    expected = said.sum(axis=1, keepdims=True) * sizes[None, :]
    surprise = ((said - expected) ** 2 / (expected + 0.5)).max(axis=1)
    return np.sort(there[np.argsort(-surprise, kind="stable")[:most]])


@dataclass(frozen=True, eq=False)
class Sources:
    """What each source says about messages it has not learned from."""

    scores: Array
    bayes: Array
    voted: Array
    shares: Array
    truth: Array


def sources(
    corpus: Corpus,
    asked: Question,
    sample: Array,
    taken: Array,
    tried: Array,
    messages: Sequence[Message],
) -> Sources:
    """Learn from the messages numbered `taken`; ask weights, nearest messages and words about those in `tried`."""
    count = len(asked.labels)
    idf = rarity(corpus.rows.picked(taken))
    fitted = fit(corpus, idf, asked, taken, sample)
    rows = corpus.rows.picked(tried).narrowed(fitted.columns).scaled(idf[fitted.columns])
    learned = Neighbours.of(corpus.rows.picked(taken).scaled(idf))
    asking = corpus.rows.picked(tried).scaled(idf)
    members, heed = asked.members[taken], sample[taken]
    voted = np.empty((len(tried), count))
    for at in range(len(tried)):
        low, high = asking.starts[at], asking.starts[at + 1]
        near = nearest(
            learned.likeness(asking.columns[low:high], asking.values[low:high]), VOTERS, 0.02
        )
        voted[at] = votes(near, members, count, heed)
    words = asked.lexicon
    shares = (
        np.array([words.shares(messages[at])[0] for at in tried])
        if words
        else np.full((len(tried), count), 1 / count)
    )
    return Sources(
        rows.times(fitted.weights) + fitted.bias,
        rows.times(fitted.bayes),
        voted,
        shares,
        asked.members[tried],
    )


def joined(parts: Iterable[Sources]) -> Sources:
    found = list(parts)
    return Sources(
        *(
            np.concatenate([getattr(one, name) for one in found])
            for name in ("scores", "bayes", "voted", "shares", "truth")
        )
    )


@dataclass(frozen=True, slots=True)
class Trust:
    """How far each source is to be trusted: learned weights, naive Bayes, nearest messages, words."""

    weights: float = 2.5
    bayes: float = 0.0
    near: float = 0.2
    words: float = 0.0


_TRIED: dict[str, tuple[float, ...]] = {
    "weights": (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.5, 7.5),
    "bayes": (0.0, 0.3, 0.6, 1.0, 1.7, 3.0, 5.0),
    "near": (0.0, 0.1, 0.2, 0.35, 0.5, 0.8),
    "words": (0.0, 0.1, 0.2, 0.35, 0.5, 0.8, 1.2),
}


def weighed(found: Sources) -> Trust:
    """The trust under which suggestions are right most often, one source after the other, three times round."""
    best = {"weights": 2.5, "bayes": 0.3, "near": 0.2, "words": 0.1}
    lowest = _faults(found, Trust(**best))
    for _ in range(3):
        for name, values in _TRIED.items():
            for value in values:
                trial = best | {name: value}
                faults = _faults(found, Trust(**trial))
                if faults < lowest - 0.0005:
                    best, lowest = trial, faults
    return Trust(**best)


def _faults(found: Sources, trust: Trust) -> float:
    """How often the first and the first three are wrong, and a little of how surprised one must be."""
    logits = judged(found, trust)
    at = np.arange(len(logits))
    ahead = (logits > logits[at, found.truth][:, None]).sum(axis=1)
    high = logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(logits - high).sum(axis=1)) + high[:, 0]
    surprise = float(np.mean(log_sum - logits[at, found.truth])) / np.log(logits.shape[1])
    return float((ahead > 0).mean()) + 0.5 * float((ahead > 2).mean()) + 0.1 * float(surprise)


def judged(found: Sources, trust: Trust) -> Array:
    scores = found.scores + (trust.bayes / trust.weights) * found.bayes
    return combined(
        (trust.weights, trust.near, trust.words, 0.0), scores, found.voted, found.shares
    )


def tried_on(
    corpus: Corpus, asked: Question, sample: Array, messages: Sequence[Message], rows: Array
) -> Sources:
    """What the sources say of messages they did not learn from: five parts in turn when few, else a sixth."""
    known = asked.known(rows)
    if len(known) < _FEW:
        dealt = parts_of(known, 5 if len(asked.labels) <= MANY_CLASSES else 2)
        pairs = [
            (np.sort(np.concatenate(dealt[:at] + dealt[at + 1 :])), part)
            for at, part in enumerate(dealt)
        ]
    else:
        part = parts_of(known, 6)[0]
        pairs = [(np.setdiff1d(known, part), part)]
    return joined(sources(corpus, asked, sample, taken, part, messages) for taken, part in pairs)


def head(
    corpus: Corpus, idf: Array, asked: Question, sample: Array, rows: Array, trust: Trust
) -> Head:
    """Everything learned about one question from the messages numbered `rows`."""
    known = asked.known(rows)
    fitted = fit(corpus, idf, asked, known, sample)
    weights = fitted.weights + np.float32(trust.bayes / trust.weights) * fitted.bayes
    return Head(
        labels=asked.labels,
        columns=fitted.columns,
        weights=weights.astype(np.float16),
        bias=fitted.bias.astype(np.float32),
        members=asked.members[rows],
        heed=(sample[rows] / sample[rows].max()).astype(np.float32),
        trust=(trust.weights, trust.near, trust.words, 0.5),
    )
