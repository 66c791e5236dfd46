"""The short run of `python -m tests.load failover`."""

from tests.faults.failover import fail_over


def test_nothing_acknowledged_is_lost_and_every_outbox_drains() -> None:
    found = fail_over(workers=6, before=2.5, dark=1.0, after=2.5)
    assert found.calls > 50
    assert found.through_the_outbox > 0
    assert found.told_while_cut_off > 0
    assert (found.lost, found.twice, found.other_number) == (0, 0, 0)
    assert found.acknowledged == found.calls
