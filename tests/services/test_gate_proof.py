"""The closing gate proved: seeded false closures are found, honest replies of the demo's stories are not held up."""

import pytest

from tests.gate import CONTACT, COPY, DENIED, EACH, HONEST, PHOTO, QUICK, Report, measure
from tests.world import make_world

# What must be found at least. An invented conversation that is formally complete cannot be told from a real one,
# so of the claimed contacts one in six stays beyond the gate; callback finds those.
LEAST = {CONTACT: 0.80, COPY: 0.85, PHOTO: 0.95, QUICK: 0.98, DENIED: 1.0}


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Report:
    database = make_world(tmp_path_factory.mktemp("gate") / "gate.db")
    try:
        return measure(database)
    finally:
        database.close()


@pytest.mark.parametrize("kind", LEAST)
def test_false_closures_are_found(report: Report, kind: str) -> None:
    rate = report.kinds[kind]
    assert rate.made >= EACH
    assert rate.rate >= LEAST[kind], "\n".join(report.lines())


def test_the_honest_are_not_held_up(report: Report) -> None:
    assert report.honest >= HONEST
    assert report.false_alarms <= 0.03, "\n".join(report.lines())


def test_whoever_goes_through_with_an_explanation_is_on_the_supervisors_list(
    report: Report,
) -> None:
    assert report.asked > 4 * EACH * 0.5
    assert report.listed == report.asked


def test_nobody_claims_contact_without_any_record(report: Report) -> None:
    """Without a conversation on record the reply is refused or explained, whatever the words."""
    by = report.kinds[CONTACT].by
    assert by["没有任何联系记录"][0] == by["没有任何联系记录"][1]
    assert by["未留号码却称已电话联系"][0] == by["未留号码却称已电话联系"][1]
