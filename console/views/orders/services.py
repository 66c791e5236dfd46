"""What the pool needs from below."""

from typing import Protocol

from console.domain.orders import Counters, Criteria, Cursor, Filter, Page, Pick
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


def read_pages(desk: PoolDesk, criteria: Criteria, pages: int) -> Page:
    """The first pages as one, so that a list that was scrolled down is read again as far as it was."""
    whole = desk.page(criteria, None)
    for _ in range(pages - 1):
        if whole.next is None:
            break
        part = desk.page(criteria, whole.next)
        whole = Page(whole.rows + part.rows, part.next, whole.cut)
    return whole
