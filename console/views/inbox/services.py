"""What the inbox needs from below, as far as the window uses it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from console.domain.changes import Changed
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


class HandlingDesk(Protocol):
    """The service behind the page; `rules` alone may be asked on the GUI thread, it reads nothing."""

    def inbox(self, tab: InboxTab) -> Sequence[InboxRow]: ...
    def tab_counts(self) -> Mapping[InboxTab, int]: ...
    def open(self, ticket_id: int) -> Desk: ...
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
    def take_back(self, ticket_id: int, reason: str, version: int | None = None) -> Changed: ...
    def escalate(self, ticket_id: int, reason: str, version: int | None = None) -> Changed: ...
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
    def save_copy(self, attachment_id: int, path: Path) -> Changed: ...
    def detach(self, ticket_id: int, attachment_id: int) -> Changed: ...
    def reply(self, ticket_id: int, form: ReplyForm, version: int | None = None) -> Changed: ...
