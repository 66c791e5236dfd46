"""The category tree and the phrases, kept in memory for typing and for suggesting."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console.domain.intake import Choice
from console.domain.states import Nature, Urgency
from console.services.intake.matching import Line
from db.models import CategoryRow, Snippet, Ticket
from db.search import initials, normalise

STREET = "street"
# How far back "used lately" reaches; bounded by rows, so its cost does not grow with the year.
LATELY = 2000


@dataclass(frozen=True, slots=True)
class KnownCategory:
    """A category in force; `words` are its name and synonyms, normalised."""

    code: str
    name: str
    path: str
    level: int
    default_unit: str
    urgency: Urgency
    nature: Nature | None
    platform: str
    site: bool
    finish: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Categories:
    by_code: dict[str, KnownCategory]
    lines: tuple[Line, ...]

    def get(self, code: str) -> KnownCategory | None:
        return self.by_code.get(code)


@dataclass(frozen=True, slots=True)
class Usage:
    """How often each category was used and each unit was given work among the newest work orders."""

    categories: Counter[str]
    units: Counter[int]


def read_usage(session: Session) -> Usage:
    """One statement over the newest work orders."""
    query = select(Ticket.category_code, Ticket.holder_unit_id).where(
        Ticket.accepted_at.is_not(None)
    )
    rows = session.execute(query.order_by(Ticket.accepted_at.desc()).limit(LATELY)).all()
    units = Counter(unit_id for _, unit_id in rows if unit_id is not None)
    return Usage(Counter(code for code, _ in rows), units)


def read_categories(session: Session, level: int, usage: Counter[str], today: date) -> Categories:
    """One statement. Only those from `level` down are offered; all can be looked up."""
    query = select(CategoryRow).where(
        or_(CategoryRow.active_from.is_(None), CategoryRow.active_from <= today),
        or_(CategoryRow.active_to.is_(None), CategoryRow.active_to >= today),
    )
    rows = session.scalars(query.order_by(CategoryRow.code)).all()
    known = {row.code: _known(row) for row in rows}
    offered = (row for row in rows if row.level >= level)
    lines = tuple(
        _line(row, known[row.code], usage[row.code], at) for at, row in enumerate(offered)
    )
    return Categories(known, lines)


def _known(row: CategoryRow) -> KnownCategory:
    words = (row.name, *row.synonyms.split())
    return KnownCategory(
        code=row.code,
        name=row.name,
        path=row.path,
        level=row.level,
        default_unit=row.default_unit,
        urgency=Urgency(row.default_urgency) if row.default_urgency else Urgency.NORMAL,
        nature=Nature(row.default_nature) if row.default_nature else None,
        platform=row.platform,
        site=row.site,
        finish=row.finish,
        words=tuple(dict.fromkeys(filter(None, map(normalise, words)))),
    )


def category_choice(known: KnownCategory, detail: str = "") -> Choice:
    unit = "属地街道" if known.default_unit == STREET else known.default_unit
    return Choice(known.code, known.path, f"一般由{unit}承办" if unit else "", detail)


def _line(row: CategoryRow, known: KnownCategory, weight: int, order: int) -> Line:
    above = [normalise(part) for part in row.path.split("›")[:-1]]
    letters = tuple(letter for word in (*known.words[1:], *above) for letter in initials(word))
    own = (*row.initials.split(), row.code) if row.initials else (*initials(row.name), row.code)
    return Line(
        category_choice(known),
        known.words[0],
        (*known.words[1:], *above),
        own,
        letters,
        weight,
        order,
    )


def read_snippets(session: Session, account_id: int) -> Iterator[Choice]:
    """One's own phrases before the shared ones. One statement."""
    mine = Snippet.account_id == account_id
    query = select(Snippet).where(or_(mine, Snippet.account_id.is_(None)))
    for row in session.scalars(query.order_by(Snippet.account_id.is_(None), Snippet.initials)):
        yield Choice(row.initials, row.text, row.title, "", row.id)
