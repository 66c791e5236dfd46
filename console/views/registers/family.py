"""Ctrl+Shift+N: somebody more in the household or house whose card is open, with all that is known of it."""

from typing import Any

from PySide6.QtCore import QObject, Slot

from console.actions import ActionId
from console.domain.registers.kinds import Register
from console.views.registers.browse import Of

_HOMES = frozenset({Register.HOUSEHOLDS, Register.HOUSES})


class Family(QObject):
    """A part of the registers' page with one key."""

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._page = page
        self.add = page.make_action(ActionId.ADD_MEMBER, self._add)
        self.card_action = (self.add, self.tr("添加成员"))

    def enable(self) -> None:
        """After the page has settled its own actions."""
        page = self._page
        here = page.view is page.browse and not page.browse.at_form
        card = page.browse.card
        self._page.allow(
            self.add, here and card is not None and card.may_edit and self._home() is not None
        )

    def _home(self) -> Of:
        card = self._page.browse.card
        if card is None:
            return None
        return (card.register, card.id) if card.register in _HOMES else None

    @Slot()
    def _add(self) -> None:
        home = self._home()
        if home is not None:
            self._page.browse.add_member(home)
