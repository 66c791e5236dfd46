"""What was typed into the forms and not sent yet, per work order and form, as long as the program runs."""

from typing import Any


class Drafts:
    """Values as the form gave them; nothing here is read by anybody but the form itself."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], Any] = {}

    def keep(self, ticket_id: int, form: str, values: Any) -> None:
        """None forgets."""
        if values is None:
            self.drop(ticket_id, form)
        else:
            self._kept[ticket_id, form] = values

    def find(self, ticket_id: int, form: str) -> Any | None:
        return self._kept.get((ticket_id, form))

    def drop(self, ticket_id: int, form: str) -> None:
        self._kept.pop((ticket_id, form), None)

    @property
    def tickets(self) -> frozenset[int]:
        """The work orders with something unsent."""
        return frozenset(ticket_id for ticket_id, _form in self._kept)
