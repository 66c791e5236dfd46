"""What the inbox needs from below, as far as the window uses it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from console.domain.changes import Changed
from console.domain.court import Grounds
from console.domain.desks import UnitChoice
from console.domain.inbox import (
    Attached,
    ChildUnit,
    Desk,
    HouseRules,
    InboxRow,
    InboxTab,
    ReplyForm,
    SignedMany,
)
from console.domain.promises import PromiseLine
from console.domain.reporting import CategoryChoice, GridChoice, Reported, ReportForm
from console.domain.verifying import VerifyForm


class HandlingDesk(Protocol):
    """The service behind the page; `rules` alone may be asked on the GUI thread, it reads nothing."""

    def inbox(self, tab: InboxTab) -> Sequence[InboxRow]: ...
    def tab_counts(self) -> Mapping[InboxTab, int]: ...
    def open(self, ticket_id: int) -> Desk: ...
    def open_other(self, ticket_id: int) -> Desk: ...
    def read_copy(self, ticket_id: int) -> Changed: ...
    def notify(self, ticket_id: int, unit_id: int, version: int | None = None) -> Changed: ...
    def undo_return(self, ticket_id: int, version: int | None = None) -> Changed: ...
    def children(self) -> Sequence[ChildUnit]: ...
    def units(self, text: str) -> Sequence[UnitChoice]: ...
    def explain(self, ticket_id: int) -> Sequence[str]: ...
    def snippets(self) -> Mapping[str, str]: ...
    def rules(self) -> HouseRules: ...
    def sign(self, ticket_id: int, version: int | None = None) -> Changed: ...
    def sign_many(self, ids: tuple[int, ...]) -> SignedMany: ...
    def contact(
        self,
        ticket_id: int,
        at: datetime,
        manner: str,
        outcome: str,
        version: int | None = None,
        reached: bool = True,
    ) -> Changed: ...
    def arrive(self, ticket_id: int, version: int | None = None) -> Changed: ...
    def sub_dispatch(
        self, ticket_id: int, unit_id: int | None, opinion: str, version: int | None = None
    ) -> Changed: ...
    def take_back(
        self, ticket_id: int, reason: str, version: int | None = None, unit_id: int | None = None
    ) -> Changed: ...
    def escalate(
        self, ticket_id: int, reason: str, version: int | None = None, past: int | None = None
    ) -> Changed: ...
    def decline(self, ticket_id: int, reason: str, version: int | None = None) -> Changed: ...
    def ask_return(
        self,
        ticket_id: int,
        reason: str,
        basis: str,
        suggested_unit: str,
        version: int | None = None,
    ) -> Changed: ...
    def ask_extension(
        self,
        ticket_id: int,
        days: int,
        reason: str,
        basis: str,
        told: bool,
        version: int | None = None,
    ) -> Changed: ...
    def whistle(
        self, ticket_id: int, unit_ids: tuple[int, ...], request: str, version: int | None = None
    ) -> Changed: ...
    def whistle_arrived(
        self, ticket_id: int, call_id: int, person: str, outcome: str = ""
    ) -> Changed: ...
    def mark_dispute(
        self, ticket_id: int, dispute: bool, version: int | None = None
    ) -> Changed: ...
    def mediate(
        self,
        ticket_id: int,
        on_day: date,
        participants: str,
        result: str,
        agreed: bool,
        version: int | None = None,
    ) -> Changed: ...
    def attach(
        self, ticket_id: int, kind: str, path: Path, progress: Any = ..., cancelled: Any = ...
    ) -> Attached: ...
    def save_copy(
        self, attachment_id: int, path: Path, progress: Any = ..., cancelled: Any = ...
    ) -> Changed: ...
    def detach(self, ticket_id: int, attachment_id: int) -> Changed: ...
    def reply(self, ticket_id: int, form: ReplyForm, version: int | None = None) -> Changed: ...


class FileKeeper(Protocol):
    """Whoever stores files on a work order."""

    def attach(
        self, ticket_id: int, kind: str, path: Path, progress: Any = ..., cancelled: Any = ...
    ) -> Attached: ...
    def detach(self, ticket_id: int, attachment_id: int) -> Changed: ...


class VerifyingDesk(FileKeeper, Protocol):
    """Site verification, for grids."""

    def queue(self) -> Sequence[InboxRow]: ...
    def count(self) -> int: ...
    def open(self, ticket_id: int) -> Desk: ...
    def decide(self, ticket_id: int, form: VerifyForm, version: int | None = None) -> Changed: ...


class ReportingDesk(Protocol):
    """Reports from the grid."""

    def grids(self) -> Sequence[GridChoice]: ...
    def place(self, sentence: str) -> Sequence[GridChoice]: ...
    def categories(self) -> Sequence[CategoryChoice]: ...
    def report(self, form: ReportForm, progress: Any = ..., cancelled: Any = ...) -> Reported: ...


class PromiseDesk(Protocol):
    """The promise ledger, as far as a unit uses it."""

    def promise_in_words(self, ticket_id: int, sentence: str) -> Changed: ...
    def keep(self, promise_id: int) -> Changed: ...
    def of(self, ticket_id: int) -> Sequence[PromiseLine]: ...


class FeedbackDesk(Protocol):
    """A unit's answer to a supervision notice."""

    def feedback(self, ticket_id: int, text: str) -> Changed: ...


class GroundsDesk(Protocol):
    """What the responsibility catalogue says about a return."""

    def bases(self, ticket_id: int) -> Grounds: ...


@dataclass(frozen=True, slots=True)
class Beside:
    """Services beside the unit's own; a desk without one does not offer what it does."""

    verifying: VerifyingDesk | None = None
    reporting: ReportingDesk | None = None
    promises: PromiseDesk | None = None
    supervising: FeedbackDesk | None = None
    deciding: GroundsDesk | None = None
