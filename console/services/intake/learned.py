"""What the city's closed work orders suggest for the matter being typed (docs/memory.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.domain.intake import IntakeForm
from console.services.intake.city import City, KnownUnit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from console.ledger.memory import Known
    from console.memory.model import Suggestion
    from console.memory.pieces import Message

# How sure it must be to stand before the unit the catalogue names, and how seldom that one must have been right.
_SURE, _UNLIKELY = 0.7, 0.2
# Categories whose share is worth a look when matters are compared.
_MANY = 12


@dataclass(frozen=True, slots=True)
class Learned:
    """A message and the model it is asked of: categories by path, and units by name given a category's path."""

    known: Known
    message: Message

    def categories(self) -> tuple[Suggestion, ...]:
        return self.known.memory.categories(self.message, self.known.words)

    def units(self, path: str) -> tuple[Suggestion, ...]:
        return self.known.memory.units(self.message, path)

    def subjects(self) -> dict[str, float]:
        """How likely every category is, by its path."""
        return {
            one.label: one.share
            for one in self.known.memory.categories(self.message, self.known.words, _MANY)
        }


def read_learned(session: Session, form: IntakeForm) -> Learned | None:
    """None while nothing was learned. numpy is loaded here, with the first suggestion, never at the start."""
    from console.ledger import memory
    from console.memory.pieces import Message

    known = memory.known(session)
    return (
        Learned(known, Message(form.title, form.content, form.address))
        if known is not None
        else None
    )


def unit_learned(
    city: City, ruled: KnownUnit | None, learned: Learned, path: str
) -> tuple[KnownUnit | None, str]:
    """The unit such matters really went to, with the reason, when it is sure enough to stand before `ruled`."""
    said = learned.units(path)
    if not said or said[0].share < _SURE:
        return None, ""
    first, shares = said[0], {one.label: one.share for one in said}
    unit = next((one for one in city.units.values() if one.name == first.label), None)
    if (
        unit is None
        or unit == ruled
        or (ruled is not None and shares.get(ruled.name, 0.0) > _UNLIKELY)
    ):
        return None, ""
    why = f"，{first.reason}" if first.reason else ""
    return unit, f"以往这类诉求多由其承办{why}"
