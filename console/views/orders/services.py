"""What the pool needs from below."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol

from console.domain.changes import Changed
from console.domain.corrections import MainTicket
from console.domain.desks import UnitChoice
from console.domain.orders import Counters, Criteria, Cursor, Filter, Page, Pick
from console.domain.records import TicketRow
from console.domain.roles import Role
from console.domain.states import Platform
from console.domain.supervision import UrgeForm
from console.domain.tallies import CampaignChoice, Tags
from console.views.cases.services import CaseDesk


class PoolDesk(CaseDesk, Protocol):
    """Every method runs on a lane."""

    def page(self, criteria: Criteria, after: Cursor | None = None) -> Page: ...
    def counters(self, criteria: Criteria) -> Counters: ...
    def units(self, typed: str) -> tuple[Pick, ...]: ...
    def categories(self, typed: str) -> tuple[Pick, ...]: ...
    def saved_filters(self) -> tuple[Filter, ...]: ...
    def save_filter(
        self, name: str, criteria: Criteria, shared: bool = False
    ) -> tuple[Filter, ...]: ...
    def delete_filter(self, filter_id: int) -> tuple[Filter, ...]: ...


def read_all(desk: PoolDesk, criteria: Criteria) -> Iterator[TicketRow]:
    """Everything the list would show if it were scrolled to its end."""
    page = desk.page(criteria)
    yield from page.rows
    while page.next is not None:
        page = desk.page(criteria, page.next)
        yield from page.rows


def read_pages(desk: PoolDesk, criteria: Criteria, pages: int) -> Page:
    """The first pages as one, so that a list that was scrolled down is read again as far as it was."""
    whole = desk.page(criteria, None)
    for _ in range(pages - 1):
        if whole.next is None:
            break
        part = desk.page(criteria, whole.next)
        whole = Page(whole.rows + part.rows, part.next, whole.cut)
    return whole


class Act(StrEnum):
    """What can be done to many work orders at once."""

    REASSIGN = "reassign"
    URGE = "urge"
    ARCHIVE = "archive"
    TAG = "tag"
    MERGE = "merge"


ACT_NAMES: dict[Act, str] = {
    Act.REASSIGN: "改派",
    Act.URGE: "催办",
    Act.ARCHIVE: "归档",
    Act.TAG: "标注专项",
    Act.MERGE: "合并",
}
_MAY: dict[Act, frozenset[Role]] = {
    Act.REASSIGN: frozenset({Role.SUPERVISOR, Role.DISPATCHER}),
    Act.URGE: frozenset({Role.OVERSEER, Role.SUPERVISOR, Role.DISPATCHER}),
    Act.ARCHIVE: frozenset({Role.CLERK, Role.SUPERVISOR}),
    Act.TAG: frozenset({Role.SUPERVISOR, Role.DISPATCHER, Role.OVERSEER}),
    Act.MERGE: frozenset({Role.SUPERVISOR, Role.DISPATCHER}),
}


def acts_of(role: Role | None) -> tuple[tuple[Act, str], ...]:
    """What this role may do to many; None for all there is."""
    return tuple(
        (act, words) for act, words in ACT_NAMES.items() if role is None or role in _MAY[act]
    )


class Reassigns(Protocol):
    """console.services.dispatching.Dispatching."""

    def units(self, text: str, ticket_id: int | None = None) -> tuple[UnitChoice, ...]: ...
    def reassign(self, ticket_id: int, unit_id: int | None, reason: str) -> Changed: ...


class Urges(Protocol):
    """console.services.supervising.Supervising."""

    def urge(self, form: UrgeForm) -> Changed: ...


class Archives(Protocol):
    """console.services.archiving.Archiving."""

    def archive(self, ticket_id: int, version: int | None = None) -> Changed: ...


class TagDesk(Protocol):
    """console.services.tallies.Tallies."""

    def campaigns(self, text: str = "") -> tuple[CampaignChoice, ...]: ...
    def tags(self, ticket_id: int) -> Tags: ...
    def tag(
        self,
        ticket_id: int,
        platform: Platform | None,
        codes: tuple[str, ...] | None,
        version: int | None = None,
    ) -> Changed: ...


class Merges(Protocol):
    """console.services.merging.Merging."""

    def main(self, number: str) -> MainTicket: ...
    def merge(self, ticket_id: int, main_id: int | None, version: int) -> Changed: ...


class BatchDesks(Protocol):
    """The desks behind the batch panel."""

    @property
    def dispatching(self) -> Reassigns: ...
    @property
    def supervising(self) -> Urges: ...
    @property
    def archiving(self) -> Archives: ...
    @property
    def tallies(self) -> TagDesk: ...
    @property
    def merging(self) -> Merges: ...


def tag_more(desk: TagDesk, ticket_id: int, codes: tuple[str, ...]) -> Changed | None:
    """These campaigns beside those it is in already; nothing is written when it is in all of them."""
    now = desk.tags(ticket_id)
    kept = tuple(choice.code for choice in now.campaigns if choice.chosen)
    if set(codes) <= set(kept):
        return None
    return desk.tag(ticket_id, None, (*kept, *codes), now.version)


def merge_into(desk: Merges, number: str, row: TicketRow) -> object:
    """This one into the work order of that number; of that one itself it is only seen to that it can be found."""
    main = desk.main(number)
    return main if main.id == row.id else desk.merge(row.id, main.id, row.version)
