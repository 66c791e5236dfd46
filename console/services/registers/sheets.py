"""楼栋表: a building's doors on paper (field-facts X7); every copy numbered and logged like a form's (product.md 8)."""

from collections.abc import Callable
from pathlib import Path

from console.domain.forms import Document, Stamp
from console.domain.registers.building_sheet import BuildingSheet, building_form
from console.domain.registers.kinds import Register
from console.domain.registers.matrix import Matrix
from console.domain.registers.records import RegisterCard
from console.domain.reports import Manner, PageImage
from console.domain.worktime import civil, civil_date
from console.ledger import Seat
from console.ledger.copies import note_pages, number_copy, stamp_of
from console.ledger.folder import check_folder, staged
from console.services.registers.cards import Cards
from console.services.registers.housing import Housing
from console.services.registers.values import HIDDEN

Draw = Callable[[BuildingSheet, Stamp], Document]
Pixels = Callable[[bytes, int, int], tuple[int, int, bytes]]
_HEAD = (
    "estate", "number", "grid_id", "kind", "floors_above", "floors_below", "units", "homes", "built_area_m2",
    "property_company", "property_contact", "property_phone", "building_head", "building_head_phone", "hazard",
)  # fmt: skip
_SAYS_NOTHING = frozenset({"", "0", HIDDEN})


class BuildingSheets:
    """Sheets of one seat; `draw` is `Paper.render_building`, `pixels` the paper's preview.

    Whoever may see a building on the screen may print it, and the sheet says no more than the screen does.
    """

    def __init__(self, seat: Seat, housing: Housing, draw: Draw, pixels: Pixels) -> None:
        self._seat, self._housing, self._draw, self._pixels = seat, housing, draw, pixels

    def record(self, building_id: int, large: bool = False) -> BuildingSheet:
        """What stands on it. Raises NotAllowed, NotFound outside the branch."""
        matrix = self._housing.matrix(building_id)
        with self._seat.db.reading() as session:
            cards = Cards(session, self._seat, civil_date(self._seat.now(session)))
            card = cards.card(Register.BUILDINGS, building_id)
        return BuildingSheet(matrix, _facts(card, matrix), large, self._seat.heading)

    def preview(self, building_id: int, large: bool = False) -> Document:
        """As it would be printed now, marked 预览 instead of a copy number; nothing is logged."""
        record = self.record(building_id, large)
        with self._seat.db.reading() as session:
            stamp = stamp_of(session, self._seat)
        return self._draw(record, stamp)

    def page(self, pdf: bytes, page: int, dpi: int) -> PageImage:
        """One page as pixels."""
        return PageImage(page, dpi, *self._pixels(pdf, page, dpi))

    def issue(
        self, building_id: int, large: bool = False, manner: Manner = Manner.PRINT
    ) -> Document:
        """A numbered copy, logged before it leaves."""
        record = self.record(building_id, large)
        with self._seat.db.writing.begin() as session:
            line, stamp = number_copy(session, self._seat, building_form(building_id), manner)
        document = self._draw(record, stamp)
        with self._seat.db.writing.begin() as session:
            note_pages(session, line, document.pages)
        return document

    def save(self, building_id: int, large: bool, folder: Path) -> Path:
        """A PDF in a folder, whole or not at all. Raises Unavailable."""
        check_folder(folder)
        document = self.issue(building_id, large, Manner.FILE)
        with self._seat.db.reading() as session:
            clock = civil(self._seat.now(session))
        stem = f"{document.title}-{clock:%Y%m%d}"
        with staged(folder, document.pdf) as file:
            return file.publish(f"{stem}.pdf", f"{stem}-{clock:%H%M%S}.pdf")


def _facts(card: RegisterCard, matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Captions and values for the head, masked as on the card; what is not known or has no mask is left out."""
    known = {fact.name: (fact.title, fact.shown) for fact in card.facts}
    homes = sum(room.households for room in matrix.rooms)
    known["homes"] = ("户数", f"{homes}户" if homes else "")
    return tuple(known[name] for name in _HEAD if known.get(name, ("", ""))[1] not in _SAYS_NOTHING)
