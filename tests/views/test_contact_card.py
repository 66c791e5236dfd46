"""The words as typed, shown for a minute and hidden again."""

from PySide6.QtGui import QAction

from console.domain.orders import OpenedCase
from console.views.cases.contact_card import ContactCard
from tests.builders import case_file


def test_the_words_as_typed_come_and_go(qtbot) -> None:
    card = ContactCard(QAction())
    qtbot.addWidget(card)
    card.show()
    card.show_contact(OpenedCase(case_file(), reveals=("phone", "content")))
    card.ask()
    asked = [action.data() for action in card._menu.actions() if action.data()]
    assert ("content", "联系诉求人办理") in asked
    card._menu.close()
    card.show_value("content", "请打19900005555")
    assert card.original.isVisible()
    assert card.original.text() == "请打19900005555"
    card.mask()
    assert not card.original.isVisible()
    assert not card.original.text()
