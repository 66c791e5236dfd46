"""The piles of the dispatch desk, in the order work is looked at."""

from enum import StrEnum

from console.domain.states import TicketState


class Pile(StrEnum):
    """What waits for a decision of the centre; `WATCH` only waits to be seen on site by the grid."""

    DISPATCH = "dispatch"
    ACCEPT = "accept"
    REVIEW = "review"
    RETURNS = "returns"
    EXTENSIONS = "extensions"
    WATCH = "watch"


PILE_NAMES: dict[Pile, str] = {
    Pile.DISPATCH: "待派单",
    Pile.ACCEPT: "待受理",
    Pile.REVIEW: "待审核",
    Pile.RETURNS: "退单待审",
    Pile.EXTENSIONS: "延期待审",
    Pile.WATCH: "待核查",
}
S = TicketState
# Asked for an extension is no state of its own: the clock keeps running (field-facts 3.2).
PILE_STATES: dict[Pile, tuple[TicketState, ...]] = {
    Pile.DISPATCH: (S.PENDING_DISPATCH,),
    Pile.ACCEPT: (S.PENDING_ACCEPT,),
    Pile.REVIEW: (S.PENDING_REVIEW,),
    Pile.RETURNS: (S.RETURN_REVIEW,),
    Pile.EXTENSIONS: (S.IN_PROGRESS, S.REDO),
    Pile.WATCH: (S.PENDING_VERIFY,),
}
