"""The short run of `python -m tests.load failover`."""

import pytest

from db.engine import _way
from tests.faults.failover import fail_over


def test_nothing_acknowledged_is_lost_and_every_outbox_drains() -> None:
    found = fail_over(workers=6, before=2.5, dark=1.0, after=2.5)
    assert found.calls > 50
    assert found.through_the_outbox > 0
    assert found.told_while_cut_off > 0
    assert (found.lost, found.twice, found.other_number) == (0, 0, 0)
    assert found.acknowledged == found.calls


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("@/hotline?host=one:5432&host=two:5433", "read-write"),
        ("@/hotline?host=one,two&port=5432,5433", "read-write"),
        ("@one,two/hotline", "read-write"),
        ("@one/hotline", None),
        ("@one,two/hotline?target_session_attrs=prefer-standby", None),
    ],
)
def test_of_several_hosts_the_one_that_writes(address: str, wanted: str | None) -> None:
    assert _way(f"postgresql+psycopg://somebody{address}").get("target_session_attrs") == wanted
