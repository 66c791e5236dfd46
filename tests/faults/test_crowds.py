"""The short runs of `python -m tests.load writers` and `consoles`."""

from console.domain.errors import Conflict, InvalidForm, NotAllowed, NotFound
from db.engine import CONNECTIONS
from tests.faults.consoles import Crowd, sit
from tests.faults.writers import write_together

EXPLAINED = {kind.__name__ for kind in (Conflict, InvalidForm, NotAllowed, NotFound)}


def test_many_writers_on_few_work_orders_overwrite_nothing() -> None:
    found = write_together(writers=12, tickets=15, seconds=4)
    assert found.sound, list(found.lines())
    assert found.events == found.done.total() > 50
    assert any(name.startswith("Conflict") for name in found.refused)
    assert {name.split()[0] for name in found.refused} <= EXPLAINED


def test_many_consoles_register_every_call_once() -> None:
    found, most = sit(Crowd(consoles=8, seconds=6, pause=0.3))
    assert found.sound, list(found.lines())
    assert found.calls > 8
    assert found.through_the_outbox == 0
    assert most <= 8 * CONNECTIONS
