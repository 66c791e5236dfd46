"""上报 past the superior, in the window of whoever is in danger on the ground (field-facts 3.4 rule 3)."""

from PySide6.QtCore import Qt

from console.domain.inbox import InboxTab
from console.domain.roles import Role
from console.domain.states import Urgency
from console.services.handling import Handling
from tests.journeys import GRID, STREET
from tests.services.test_skipping import at_the_grid
from tests.services.test_skipping import states as share_states
from tests.views.inbox_desk import Desk, jobs_fixture  # noqa: F401
from tests.world import seat_for


def test_in_danger_the_form_asks_how_far_up(qtbot, jobs, world) -> None:
    ticket_id = at_the_grid(world, Urgency.CRITICAL)
    at = Desk(qtbot, jobs, Handling(seat_for(world, Role.GRID_WORKER, GRID)), InboxTab.IN_HAND)
    at.until(lambda: at.side.desk is not None and at.page.ticket_id == ticket_id)
    at.key("Ctrl+Up")
    at.until(lambda: at.panel is not None and at.panel.reason.hasFocus())
    assert at.panel.fields["unit"].isVisible()
    assert at.panel.to.value == 0, "one level unless said otherwise"
    at.panel.to.choose(STREET)
    at.panel.reason.put("燃气泄漏，须街道组织疏散")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: share_states(world, ticket_id) == ["in_progress", "withdrawn", "escalated"])


def test_otherwise_it_does_not(qtbot, jobs, world) -> None:
    ticket_id = at_the_grid(world)
    at = Desk(qtbot, jobs, Handling(seat_for(world, Role.GRID_WORKER, GRID)), InboxTab.IN_HAND)
    at.until(lambda: at.side.desk is not None and at.page.ticket_id == ticket_id)
    at.key("Ctrl+Up")
    at.until(lambda: at.panel is not None and at.panel.reason.hasFocus())
    assert not at.panel.fields["unit"].isVisible()
    at.panel.reason.put("超出网格能力，需社区协调")
    at.key(Qt.Key.Key_F8)
    at.until(lambda: share_states(world, ticket_id)[1:] == ["in_progress", "escalated"])
