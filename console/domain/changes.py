"""What a write touched. Views decide from this whether to reload."""

from dataclasses import dataclass, field
from enum import StrEnum


class Topic(StrEnum):
    """A kind of thing that can change; panels subscribe to topics."""

    TICKETS = "tickets"
    CALLS = "calls"
    PEOPLE = "people"
    PLACES = "places"
    KNOWLEDGE = "knowledge"
    DRAFTS = "drafts"
    ACCOUNTS = "accounts"
    # Who has which work order open, and who is ready for a call.
    PRESENCE = "presence"
    SEATS = "seats"


@dataclass(frozen=True, slots=True)
class Changed:
    """Returned by every writing service method."""

    topics: frozenset[Topic]
    ids: tuple[int, ...] = ()
    number: str = ""
    note: str = field(default="", compare=False)
    # Of the one ticket changed, where whoever made the change goes on with it.
    version: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """Whether this workstation hears the others; `again` when the line had been lost before."""

    connected: bool
    again: bool = False
