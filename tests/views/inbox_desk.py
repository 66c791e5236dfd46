"""The inbox page in a window of its own, driven by keys."""

from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from console.actions import ActionId
from console.domain.inbox import InboxTab
from console.domain.roles import Role
from console.jobs import Jobs
from console.services.deciding import Deciding
from console.services.handling import Handling, Reporting
from console.services.orders import Orders
from console.services.promises import Promises
from console.services.supervising import Supervising
from console.services.verifying import Verifying
from console.theme import Scheme, Theme
from console.views.inbox import Beside, InboxPage
from db.models import Assignment
from tests.journeys import STREET, dispatched
from tests.world import seat_for


@pytest.fixture(name="jobs")
def jobs_fixture(qapp):
    Theme(qapp, Scheme.LIGHT)
    made = Jobs()
    yield made
    made.close()


@pytest.fixture(name="street")
def street_fixture(world):
    return Handling(seat_for(world, Role.STREET_DESK, STREET))


class Desk:
    """The page in a window of its own, with what it said."""

    def __init__(self, qtbot, jobs, handling, tab=InboxTab.TO_SIGN) -> None:
        self.bot = qtbot
        seat = handling._seat
        beside = Beside(
            Verifying(seat), Reporting(seat), Promises(seat), Supervising(seat), Deciding(seat)
        )
        self.undoable = []
        self.said, self.failed = [], []
        self.window = QWidget()
        self.page = InboxPage(jobs, handling, Orders(seat), self.window, beside)
        self.page.resize(1200, 640)
        self.window.resize(1200, 640)
        qtbot.addWidget(self.window)
        self.page.said.connect(self._say)
        self.page.failed.connect(self.failed.append)
        self.page.undo_offered.connect(self._undo_offered)
        self.page.pile.tabs.choose(tab)
        self.window.show()
        self.window.activateWindow()
        self.page.setFocus()

    def _say(self, sentence, _tone) -> None:
        self.said.append(sentence)

    def _undo_offered(self, sentence, button, subject, seconds) -> None:
        self.said.append(sentence)
        self.undoable.append((button, subject, seconds))

    @property
    def side(self):
        return self.page.side

    @property
    def panel(self):
        return self.page.side.panel

    def ready(self, words: str) -> None:
        """Until the blue button says so."""
        self.until(
            lambda: (
                self.side.primary.text() == words and self.page.acts[ActionId.NEXT_STEP].isEnabled()
            )
        )

    def until(self, happened) -> None:
        self.bot.waitUntil(happened, timeout=5000)

    def key(self, key) -> None:
        focus = self.window.focusWidget() or self.page
        if isinstance(key, str):
            self.bot.keySequence(focus, QKeySequence(key))
        else:
            self.bot.keyClick(focus, key)

    def type(self, text: str) -> None:
        self.bot.keyClicks(self.window.focusWidget(), text)


@pytest.fixture(name="desk")
def desk_fixture(qtbot, jobs, street):
    def make(tab=InboxTab.TO_SIGN) -> Desk:
        return Desk(qtbot, jobs, street, tab)

    return make


def states(world, ticket_id):
    with world.reading() as session:
        query = select(Assignment.state).where(Assignment.ticket_id == ticket_id)
        return list(session.scalars(query.order_by(Assignment.seq)))


def rows(world, kind):
    with world.reading() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def signed(world, street, **more) -> int:
    ticket_id = dispatched(world, **more)
    street.sign(ticket_id)
    return ticket_id


def contacted(world, street, **more) -> int:
    ticket_id = signed(world, street, **more)
    street.contact(ticket_id, datetime.now(UTC), "电话", "")
    return ticket_id
