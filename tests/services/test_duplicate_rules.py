"""Every key of `[duplicates]`, and the category's own radius and days, reach the search (field-facts 3.7)."""

from datetime import timedelta

from console.domain.policy import default_pack
from console.ledger.likely import duplicate_rules

PACK = default_pack().duplicates


def test_without_a_category_the_packs_own() -> None:
    rules = duplicate_rules(PACK)
    assert rules.radius_metres == PACK.radius_metres
    assert rules.same_place_and_category == timedelta(days=7)
    assert (rules.same_phone, rules.same_phone_and_category) == (
        timedelta(hours=24), timedelta(days=30),
    )  # fmt: skip
    assert rules.collective_callers == PACK.gathered_from


def test_a_category_says_how_near_and_how_long() -> None:
    assert duplicate_rules(PACK, "010304").radius_metres == 30
    assert duplicate_rules(PACK, "010401").same_place_and_category == timedelta(days=30)
    assert duplicate_rules(PACK, "999999").radius_metres == PACK.radius_metres
