"""What a case view needs from below."""

from pathlib import Path
from typing import Any, Protocol

from console.domain.changes import Changed
from console.domain.corrections import (
    Amendable,
    AmendForm,
    AmendPreview,
    MainTicket,
    MergeOffer,
    SplitForm,
    SplitView,
)
from console.domain.desks import Done, UnitChoice
from console.domain.moves import Move
from console.domain.orders import OpenedCase, Pick


class CaseDesk(Protocol):
    """Reads and writes of one work order; every method runs on a lane."""

    def open(self, ticket_id: int) -> OpenedCase: ...
    def explain(self, ticket_id: int) -> tuple[str, ...]: ...
    def note(self, ticket_id: int, text: str, version: int | None = None) -> Changed: ...
    def reveal(self, ticket_id: int, what: str, reason: str) -> str: ...
    def fetch(
        self, attachment_id: int, reason: str = "", outside: bool = False,
        progress: Any = ..., cancelled: Any = ...,
    ) -> Path: ...  # fmt: skip
    def set_presence(self, ticket_id: int) -> None: ...
    def leave(self, ticket_id: int) -> None: ...
    def present(self, ticket_id: int) -> tuple[str, ...]: ...


class CopyDesk(Protocol):
    """Whoever may write a file to a disk outside: console.services.handling.Handling."""

    def save_copy(
        self, attachment_id: int, path: Path, progress: Any = ..., cancelled: Any = ...
    ) -> Changed: ...


class DecisionDesk(Protocol):
    """What writes a decision down: console.services.deciding.Deciding."""

    def decide(self, ticket_id: int, move: Move, opinion: str, version: int) -> Done: ...


class UnitDesk(Protocol):
    """Units beside the lead unit, and a dispatch taken back: console.services.dispatching.Dispatching."""

    def units(self, text: str, ticket_id: int | None = None) -> tuple[UnitChoice, ...]: ...
    def recall(self, ticket_id: int, reason: str, version: int | None = None) -> Changed: ...
    def notify(
        self, ticket_id: int, unit_id: int | None, version: int | None = None
    ) -> Changed: ...
    def add_co_unit(
        self, ticket_id: int, unit_id: int | None, opinion: str, version: int | None = None
    ) -> Changed: ...
    def dismiss_co_unit(
        self, ticket_id: int, unit_id: int | None, reason: str, version: int | None = None
    ) -> Changed: ...


class MergeDesk(Protocol):
    """console.services.merging.Merging."""

    def offer(self, ticket_id: int) -> MergeOffer: ...
    def main(self, number: str) -> MainTicket: ...
    def merge(self, ticket_id: int, main_id: int | None, version: int) -> Changed: ...
    def unmerge(self, ticket_id: int, reason: str, version: int | None = None) -> Changed: ...


class SplitDesk(Protocol):
    """console.services.splitting.Splitting."""

    def view(self, ticket_id: int) -> SplitView: ...
    def split(self, form: SplitForm) -> Changed: ...


class AmendDesk(Protocol):
    """console.services.amending.Amending."""

    def open(self, ticket_id: int) -> Amendable: ...
    def categories(self, typed: str) -> tuple[Pick, ...]: ...
    def grids(self, typed: str) -> tuple[Pick, ...]: ...
    def preview(self, form: AmendForm) -> AmendPreview: ...
    def amend(self, form: AmendForm, base: AmendForm | None = None) -> Changed: ...


class DraftDesk(Protocol):
    """console.services.orders.Orders, as far as drafts go."""

    def discard(self, ticket_id: int, reason: str, version: int | None = None) -> Changed: ...


class EndDesk(Protocol):
    """console.services.ending.Ending."""

    def withdraw(
        self, ticket_id: int, phone: str, reason: str, version: int | None = None
    ) -> Changed: ...
    def void(self, ticket_id: int, reason: str, version: int | None = None) -> Changed: ...


class ReviewDesk(Protocol):
    """console.services.reviewing.Reviewing, as far as a unit's leader uses it from the pool."""

    def pass_reply(self, ticket_id: int, version: int, comment: str = "") -> Changed: ...
    def send_back(self, ticket_id: int, version: int, comment: str) -> Changed: ...


class MoveDesks(Protocol):
    """The desks behind the moves offered under a case."""

    @property
    def orders(self) -> DraftDesk: ...

    @property
    def dispatching(self) -> UnitDesk: ...
    @property
    def merging(self) -> MergeDesk: ...
    @property
    def splitting(self) -> SplitDesk: ...
    @property
    def amending(self) -> AmendDesk: ...
    @property
    def deciding(self) -> DecisionDesk: ...
    @property
    def ending(self) -> EndDesk: ...
    @property
    def reviewing(self) -> ReviewDesk: ...
