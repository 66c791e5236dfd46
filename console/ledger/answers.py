"""The entries callers may be told, held in memory so that finding them costs no statement and no waiting.

Which entry has which piece of two characters is turned round once: a question then touches only what shares a piece
with it. A version in force never changes its words, so that later only new ones are read.
"""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.worktime import civil_date
from console.ledger.knowledge import in_force, ways_of
from console.ledger.seat import Seat
from db.models import KnowledgeEntry
from db.search import full_pinyin, normalise, pieces

if TYPE_CHECKING:
    import numpy as np

    Counts = np.ndarray[Any, np.dtype[np.int64]]
    Scores = np.ndarray[Any, np.dtype[np.float64]]

_READ = 600
# A new answer is found within these many seconds everywhere, and at once where the change was heard of.
FRESH_SECONDS = 20.0
_AT_ONCE = 500


@dataclass(slots=True)
class _Place:
    """One entry among the others. `own` is how many different pieces its title and its ways to ask have."""

    id: int
    stamp: datetime
    letters: str
    spelled: str
    own: int
    hits: int = 0


class Answers:
    """`find(words, most)` and `most_used(most)` give ids, the likeliest first. Used on several read lanes at once."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._lock = RLock()
        self._clear()
        self._looked = 0.0

    @classmethod
    def of(cls, seat: Seat) -> "Answers":
        """The one of this seat, shared by its desks: nothing in it is anybody's own."""
        found = seat.shared.setdefault(cls, cls(seat))
        assert isinstance(found, cls)
        return found

    def _clear(self) -> None:
        self._places: list[_Place | None] = []
        self._at: dict[int, int] = {}
        self._own: dict[str, array[int]] = defaultdict(_numbers)
        self._every: dict[str, array[int]] = defaultdict(_numbers)

    def forget(self) -> None:
        """Something was written here or elsewhere: whoever asks next looks for what is new."""
        self._looked = 0.0

    @property
    def is_loaded(self) -> bool:
        return bool(self._looked)

    # --- reading

    def warm(self) -> None:
        """Read what is in force unless that was done a moment ago. Opens a reading session of its own."""
        # Loaded here, behind the first paint, and not with the first question.
        import numpy as np  # noqa: F401

        with self._lock:
            if self._looked and monotonic() - self._looked < FRESH_SECONDS:
                return
            with self._seat.db.reading() as session:
                self._renew(session)
            self._looked = monotonic()

    def _renew(self, session: Session) -> None:
        row = KnowledgeEntry
        told = in_force(civil_date(self._seat.now(session)))
        known = session.execute(select(row.id, row.updated_at, row.hit_count).where(told)).all()
        stamps = {id_: (stamp, hits) for id_, stamp, hits in known}
        self._drop(stamps)
        missing = [id_ for id_ in stamps if id_ not in self._at]
        for first in range(0, len(missing), _AT_ONCE):
            for found in _rows(session, missing[first : first + _AT_ONCE]):
                self._add(found)
        for id_, (_, hits) in stamps.items():
            if (at := self._at.get(id_)) is not None and (place := self._places[at]) is not None:
                place.hits = hits

    def _drop(self, stamps: dict[int, tuple[datetime, int]]) -> None:
        """What is no longer told keeps its number and is passed over, until half of all are such."""
        for id_, at in list(self._at.items()):
            place = self._places[at]
            if place is None or stamps.get(id_, (None,))[0] != place.stamp:
                self._places[at] = None
                del self._at[id_]
        if len(self._at) < len(self._places) // 2:
            self._clear()

    def _add(self, row: Any) -> None:
        id_, stamp, title, letters, variants, kept, unit = row
        at = len(self._places)
        own = {piece for name in (title, *variants.split("\n")) for piece in pieces(name)}
        for piece in own:
            self._own[piece].append(at)
        for piece in own.union(kept.split(), pieces(unit)):
            self._every[piece].append(at)
        self._places.append(_Place(id_, stamp, letters, " ".join(full_pinyin(title)), len(own)))
        self._at[id_] = at

    # --- finding

    def most_used(self, most: int) -> tuple[int, ...]:
        with self._lock:
            self.warm()
            used = sorted(filter(None, self._places), key=lambda place: -place.hits)
            return tuple(place.id for place in used[:most])

    def find(self, typed: str, most: int) -> tuple[int, ...]:
        """By words, by other words for the same, by initials or pinyin; none for less than two characters."""
        plain = normalise(typed[:_READ])
        if len(plain) < 2:
            return ()
        with self._lock:
            self.warm()
            if plain.isascii() and plain.isalpha():
                scored = [(1.0, place) for place in self._by_letters(plain)]
            else:
                scored = list(self._by_words(plain))
        scored.sort(key=lambda pair: (-pair[0], -pair[1].hits, pair[1].id))
        return tuple(place.id for _, place in scored[:most])

    def _by_letters(self, plain: str) -> list[_Place]:
        """By initials, as stored; where none has them, by the whole pinyin of the title."""
        places = [place for place in self._places if place is not None]
        found = [place for place in places if plain in place.letters]
        return found or [place for place in places if plain in place.spelled]

    def _by_words(self, plain: str) -> Iterator[tuple[float, _Place]]:
        import numpy as np

        best = np.zeros(len(self._places))
        sizes = np.array([place.own if place else 0 for place in self._places], np.int64)
        for asked, weight in ways_of(plain):
            best = np.maximum(best, weight * self._scores(asked, sizes))
        for at in np.flatnonzero(best):
            place = self._places[at]
            if place is not None:
                yield float(best[at]), place

    def _scores(self, asked: Collection[str], sizes: "Counts") -> "Scores":
        """Three parts for what is in the title or in a way to ask, one for what is in the answer."""
        import numpy as np

        own, every = (_shared(kept, asked, len(sizes)) for kept in (self._own, self._every))
        # One shared piece is chance once more than a word was typed.
        fewest = 1 if len(asked) <= 2 else 2
        share = own / np.maximum(1, np.minimum(len(asked), sizes))
        score = 3 * share + every / len(asked)
        return np.where((own < fewest) & (every < fewest + 1), 0.0, score)


def _shared(kept: dict[str, "array[int]"], asked: Collection[str], count: int) -> "Counts":
    """How many of the asked pieces each entry has."""
    import numpy as np

    found = [np.array(kept[piece], np.int64) for piece in asked if piece in kept]
    return np.bincount(np.concatenate(found), minlength=count) if found else np.zeros(count, int)


def _numbers() -> "array[int]":
    return array("I")


def _rows(session: Session, ids: Sequence[int]) -> Iterator[Any]:
    row = KnowledgeEntry
    query = select(
        row.id, row.updated_at, row.title, row.initials, row.question_variants, row.pieces,
        row.responsible_unit,
    )  # fmt: skip
    yield from session.execute(query.where(row.id.in_(ids)))
