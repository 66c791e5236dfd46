"""Finding entries: for whoever talks to a caller, and the lists of those who keep them."""

from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from console.domain.errors import NotAllowed, NotFound
from console.domain.knowledge import (
    EDITORS,
    PROPOSERS,
    EntryFile,
    EntryLine,
    Named,
    Pile,
)
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.answers import Answers
from console.ledger.knowledge import in_force
from console.services.knowledge.reading import MOST, file_of, lines_of, may_see, pile_condition
from db.models import CategoryRow, KnowledgeEntry, Unit
from db.search import matches_initials, normalise

FOUND, OFFERED = 50, 8


class Shelf:
    """Everything that only reads. Raises NotFound, NotAllowed."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._answers = Answers.of(seat)

    def warm(self) -> None:
        """Read beforehand what typing needs, so that the first question does not wait for it."""
        self._answers.warm()

    def find(self, typed: str) -> tuple[EntryLine, ...]:
        """What answers the words; without words what is asked for most."""
        told = self._answers
        ids = told.find(typed, FOUND) if typed.strip() else told.most_used(FOUND)
        with self._seat.db.reading() as session:
            today = self._today(session)
            query_rows = select(KnowledgeEntry).where(KnowledgeEntry.id.in_(ids), in_force(today))
            rows = {row.id: row for row in session.scalars(query_rows)}
            return lines_of(session, [rows[id_] for id_ in ids if id_ in rows], today)

    def pile(self, pile: Pile) -> tuple[EntryLine, ...]:
        """One of the editors' lists, the oldest first."""
        self._require_pile(pile)
        with self._seat.db.reading() as session:
            today = self._today(session)
            condition = pile_condition(session, pile, self._seat.operator, today)
            query = select(KnowledgeEntry).where(condition)
            query = query.order_by(KnowledgeEntry.updated_at, KnowledgeEntry.id).limit(MOST)
            return lines_of(session, tuple(session.scalars(query)), today)

    def counts(self) -> dict[Pile, int]:
        """How many stand in each list this person has."""
        with self._seat.db.reading() as session:
            today, me = self._today(session), self._seat.operator
            count = select(func.count()).select_from(KnowledgeEntry)
            return {
                pile: session.scalar(count.where(pile_condition(session, pile, me, today))) or 0
                for pile in self.piles
            }

    @property
    def piles(self) -> tuple[Pile, ...]:
        """The lists of this person's role."""
        role = self._seat.operator.role
        if role in EDITORS:
            return tuple(Pile)
        return (Pile.OWN,) if role in PROPOSERS else ()

    def open(self, entry_id: int) -> EntryFile:
        """One version in full."""
        with self._seat.db.reading() as session:
            row = self._seen(session, entry_id)
            return file_of(session, row, self._seat.operator, self._today(session))

    def categories(self, typed: str) -> tuple[Named, ...]:
        """Categories by a piece of their path or by initials, for the form."""
        return self._named(typed, select(CategoryRow.code, CategoryRow.path, CategoryRow.name))

    def units(self, typed: str) -> tuple[Named, ...]:
        """Units by a piece of their name or by initials, for the form."""
        return self._named(typed, select(Unit.code, Unit.name, Unit.name))

    def _named(self, typed: str, query: Select[str, str, str]) -> tuple[Named, ...]:
        plain = normalise(typed)
        if not plain:
            return ()
        with self._seat.db.reading() as session:
            rows = session.execute(query).all()
        letters = plain.isascii() and plain.isalpha()
        return tuple(
            Named(code, shown)
            for code, shown, name in rows
            if (matches_initials(plain, name) if letters else plain in normalise(shown))
        )[:OFFERED]

    def _require_pile(self, pile: Pile) -> None:
        if pile not in self.piles:
            raise NotAllowed("这个清单由知识库管理员和值班长查看")

    def _today(self, session: Session) -> date:
        return civil_date(self._seat.now(session))

    def _seen(self, session: Session, entry_id: int, lock: bool = False) -> KnowledgeEntry:
        """A version this person may see: what was never published is its writer's and the editors'."""
        query = select(KnowledgeEntry).where(KnowledgeEntry.id == entry_id)
        row = session.scalar(query.with_for_update() if lock else query)
        if row is None or not may_see(row, self._seat.operator):
            raise NotFound("没有找到这条知识，或它还没有发布")
        return row
