"""What the linkage desk needs from below."""

from pathlib import Path
from typing import Protocol

from console.domain.changes import Changed
from console.domain.desks import Queue
from console.domain.linkage import Basis, Incoming, Opened, Pile, Side, Span, Statement


class LinkageDesk(Protocol):
    """console.services.linkage.Linkage; every method runs on a lane."""

    def queue(self, pile: Pile) -> Queue: ...
    def counts(self) -> dict[Pile, int]: ...
    def opened(self, ticket_id: int) -> Opened: ...
    def danger(self, text: str) -> str: ...
    def statement(self, span: Span) -> Statement: ...
    def read_sheet(self, path: Path) -> str: ...
    def take_in(self, form: Incoming) -> Changed: ...
    def accept(self, ticket_id: int, version: int | None = None) -> Changed: ...
    def refuse(
        self,
        ticket_id: int,
        reason: str,
        receiver: str,
        agreed: str = "",
        version: int | None = None,
    ) -> Changed: ...
    def give(
        self,
        ticket_id: int,
        receiver: str,
        basis: Basis,
        reason: str = "",
        three_way: bool = False,
        agreed: str = "",
        service: str = "110",
        version: int | None = None,
    ) -> Changed: ...
    def handed_back(
        self,
        ticket_id: int,
        reason: str,
        receiver: str,
        first: Side = Side.HOTLINE,
        agreed: str = "",
        version: int | None = None,
    ) -> Changed: ...
