"""What came in since the last announcement, put together."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from console.domain.changes import Changed, Topic

# So many work orders at once are "anything".
MOST = 200


@dataclass
class Heard:
    """Topics, and of work orders and of who looks at them which; too many to name stand for all."""

    topics: set[Topic] = field(default_factory=set)
    tickets: set[int] = field(default_factory=set)
    looked_at: set[int] = field(default_factory=set)
    unnamed: bool = False

    def __bool__(self) -> bool:
        return bool(self.topics)

    def add_tickets(self, ids: Iterable[int]) -> None:
        """These work orders moved; none of them is nothing."""
        new = set(ids)
        if new:
            self.topics.add(Topic.TICKETS)
            self.tickets |= new

    def too_many(self) -> None:
        """More moved than can be asked for one by one."""
        self.topics.add(Topic.TICKETS)
        self.unnamed = True

    def add_presence(self, ticket_id: int) -> None:
        self.topics.add(Topic.PRESENCE)
        self.looked_at.add(ticket_id)

    def everything(self) -> None:
        """What changed while nobody listened cannot be told apart."""
        self.topics |= set(Topic)
        self.unnamed = True

    def said(self) -> tuple[Changed, ...]:
        """Who looks at what is said apart: its ids are no changed work orders."""
        found = [Changed(frozenset(self.topics - {Topic.PRESENCE}), self._ids(self.tickets))]
        if Topic.PRESENCE in self.topics:
            found.append(Changed(frozenset({Topic.PRESENCE}), self._ids(self.looked_at)))
        return tuple(one for one in found if one.topics)

    def _ids(self, ids: set[int]) -> tuple[int, ...]:
        return () if self.unnamed or len(ids) > MOST else tuple(sorted(ids))
