"""The services of one seat, made once and shared by all pages."""

from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from console.domain.roles import Operator
from console.ledger import Seat
from console.services.amending import Amending
from console.services.archiving import Archiving
from console.services.auditing import Auditing
from console.services.blocking import Blocking
from console.services.callbacks import Callbacks
from console.services.deciding import Deciding
from console.services.dispatching import Dispatching
from console.services.drafts import Drafts
from console.services.ending import Ending
from console.services.exporting import Exporting
from console.services.finding import Finding
from console.services.handling import Handling, Reporting
from console.services.handover import Handover
from console.services.importing import Importing
from console.services.intake import Intake
from console.services.knowledge import KnowledgeBase
from console.services.linkage import Linkage
from console.services.mapping import Mapping
from console.services.merging import Merging
from console.services.orders import Orders
from console.services.paper import Paper, preview
from console.services.promises import Promises
from console.services.reception import Reception
from console.services.registers import Registers
from console.services.reports import Reports
from console.services.reports.sheets import Sheets
from console.services.reviewing import Reviewing
from console.services.seats import Seats
from console.services.speech import Speech
from console.services.splitting import Splitting
from console.services.supervising import Supervising
from console.services.tallies import Tallies
from console.services.vault import Vault
from console.services.verifying import Verifying


class Desks:
    """Every desk of the office at this seat; a desk is made when somebody first sits at it."""

    def __init__(self, seat: Seat, folder: Path, vault: Vault | None = None) -> None:
        self.seat, self._folder, self._vault = seat, folder, vault or Vault()

    def inherit(self, before: "Desks") -> None:
        """What knows nobody outlives the person before: fonts that are read, the voice that runs."""
        kept = {
            name: before.__dict__[name] for name in ("paper", "speech") if name in before.__dict__
        }
        self.__dict__.update(kept)

    @cached_property
    def reception(self) -> Reception:
        return Reception(self.seat, self._vault)

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.seat)

    def open_drafts(self, operator: Operator) -> Drafts:
        """This operator's own journal: a colleague at the same machine sees nothing of it. Close it when leaving."""
        own = quote(operator.agent_no, safe="") or f"account-{operator.account_id}"
        drafts = Drafts(self._folder / "drafts" / own, self._vault)
        self.seat.numbers.keep_on(drafts.shelf(self.seat.db.place))
        return drafts

    @cached_property
    def orders(self) -> Orders:
        return Orders(self.seat)

    @cached_property
    def finding(self) -> Finding:
        return Finding(self.seat)

    @cached_property
    def dispatching(self) -> Dispatching:
        return Dispatching(self.seat)

    @cached_property
    def merging(self) -> Merging:
        return Merging(self.seat)

    @cached_property
    def splitting(self) -> Splitting:
        return Splitting(self.seat)

    @cached_property
    def amending(self) -> Amending:
        return Amending(self.seat)

    @cached_property
    def blocking(self) -> Blocking:
        return Blocking(self.seat)

    @cached_property
    def ending(self) -> Ending:
        return Ending(self.seat)

    @cached_property
    def deciding(self) -> Deciding:
        return Deciding(self.seat)

    @cached_property
    def reviewing(self) -> Reviewing:
        return Reviewing(self.seat)

    @cached_property
    def handling(self) -> Handling:
        return Handling(self.seat)

    @cached_property
    def reporting(self) -> Reporting:
        return Reporting(self.seat)

    @cached_property
    def verifying(self) -> Verifying:
        return Verifying(self.seat)

    @cached_property
    def callbacks(self) -> Callbacks:
        return Callbacks(self.seat)

    @cached_property
    def exporting(self) -> Exporting:
        return Exporting(self.seat)

    def open_imports(self) -> Importing:
        """One for each window: closing it throws away what archives were unpacked to."""
        return Importing(self.seat)

    @cached_property
    def auditing(self) -> Auditing:
        return Auditing(self.seat, preview)

    @cached_property
    def linkage(self) -> Linkage:
        return Linkage(self.seat)

    @cached_property
    def knowledge(self) -> KnowledgeBase:
        return KnowledgeBase(self.seat)

    @cached_property
    def registers(self) -> Registers:
        return Registers(self.seat, self.paper.render_building, preview)

    @cached_property
    def mapping(self) -> Mapping:
        return Mapping(self.seat)

    @cached_property
    def promises(self) -> Promises:
        return Promises(self.seat)

    @cached_property
    def tallies(self) -> Tallies:
        return Tallies(self.seat)

    @cached_property
    def handover(self) -> Handover:
        return Handover(self.seat, self.paper.render_sheet, preview)

    @cached_property
    def seats(self) -> Seats:
        return Seats(self.seat)

    @cached_property
    def archiving(self) -> Archiving:
        return Archiving(self.seat)

    @cached_property
    def supervising(self) -> Supervising:
        return Supervising(self.seat, self.paper.render_sheet)

    @cached_property
    def reports(self) -> Reports:
        return Reports(self.seat, self.paper, preview)

    @cached_property
    def sheets(self) -> Sheets:
        return Sheets(self.seat, self.paper.render_sheet, preview)

    @cached_property
    def paper(self) -> Paper:
        return Paper()

    @cached_property
    def speech(self) -> Speech:
        return Speech()
