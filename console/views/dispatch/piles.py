"""The piles of the dispatch desk, in the order work is looked at."""

from enum import StrEnum

from console.domain.states import TicketState


class Pile(StrEnum):
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    REVIEW = "review"


PILES: dict[Pile, str] = {
    Pile.DISPATCH: "待派单",
    Pile.ACCEPT: "待受理",
    Pile.REVIEW: "待审核",
}
STATES: dict[Pile, TicketState] = {
    Pile.DISPATCH: TicketState.PENDING_DISPATCH,
    Pile.ACCEPT: TicketState.PENDING_ACCEPT,
    Pile.REVIEW: TicketState.PENDING_REVIEW,
}
