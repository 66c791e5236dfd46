"""Platforms and campaigns on a real database: every figure comes from rows, and the overlap is said."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from console.domain.errors import Conflict, Invalid, NotFound
from console.domain.orders import Criteria, Stage
from console.domain.policy import PACKS, load_pack
from console.domain.roles import Role
from console.domain.rules import Rules
from console.domain.states import Platform
from console.ledger import Seat
from console.services.orders import Orders
from console.services.tallies import Tallies
from db.engine import Database
from db.models import Campaign, Ticket, TicketCampaign, TicketEvent
from tests.journeys import dispatched, open_ticket, version_of
from tests.world import seat_for


def longting(world: Database, role: Role = Role.DISPATCHER, unit_id: int | None = None) -> Seat:
    """A seat under the pack that has campaigns in two levels."""
    pack = load_pack(PACKS / "longting-two-lights")
    return replace(seat_for(world, role, unit_id), rules=Rules(pack, pack.calendar()))


def test_many_campaigns_on_one_ticket_and_the_overlap_said(world: Database) -> None:
    desk = Tallies(longting(world))
    first, second = open_ticket(world), open_ticket(world)
    desk.tag(first, None, ("civilised", "environment"))
    desk.tag(second, None, ("environment",))
    table = desk.campaign_table()
    totals = {row.code: row.total for row in table.rows if row.total}
    assert totals == {"cities": 1, "civilised": 1, "battles": 2, "environment": 2}
    assert (table.tickets, table.sum, table.shared) == (2, 3, 1)
    assert "各活动之和 3 大于总数 2，因为 1 件同属两项以上" in table.words


def test_a_parent_counts_a_ticket_in_two_children_once(world: Database) -> None:
    desk = Tallies(longting(world))
    desk.tag(open_ticket(world), None, ("civilised", "sanitary"))
    table = desk.campaign_table()
    assert next(row.total for row in table.rows if row.code == "cities") == 1
    assert table.sum == table.tickets == 1
    assert (table.shared, table.nested) == (0, 1)
    assert "一个大项下的两个以上子项" in table.words


def test_tags_are_suggested_by_words_chosen_and_taken_away(world: Database) -> None:
    desk = Tallies(longting(world))
    ticket_id = open_ticket(world, content="工地扬尘严重，请尽快处理，影响周边居民。")
    tags = desk.tags(ticket_id)
    assert [c.path for c in tags.campaigns if c.suggested] == ["三大攻坚 › 环境攻坚"]
    desk.tag(ticket_id, Platform.ENFORCEMENT, ("environment",), tags.version)
    tags = desk.tags(ticket_id)
    assert (tags.platform, tags.codes) == (Platform.ENFORCEMENT, ("environment",))
    desk.tag(ticket_id, None, ())
    assert desk.tags(ticket_id).codes == ()
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).special_tags == ""
        notes = session.scalars(select(TicketEvent.note).order_by(TicketEvent.id)).all()
    assert notes[-2:] == ["标注 平台：执法监管；专项活动：环境攻坚", "标注 专项活动：无"]


def test_nothing_changed_unknown_and_stale_are_said(world: Database) -> None:
    desk, ticket_id = Tallies(longting(world)), open_ticket(world)
    stale = version_of(world, ticket_id)
    with pytest.raises(Invalid, match="没有改动"):
        desk.tag(ticket_id, Platform.SERVICE, ())
    with pytest.raises(Invalid, match="不在现行政策包里"):
        desk.tag(ticket_id, None, ("nowhere",))
    desk.tag(ticket_id, Platform.OVERSIGHT, None)
    with pytest.raises(Conflict):
        desk.tag(ticket_id, Platform.GOVERNANCE, None, stale)
    with pytest.raises(NotFound):
        desk.tags(99)


def test_the_four_tiles_add_up_to_everything_counted(world: Database) -> None:
    desk = Tallies(longting(world))
    for platform in (Platform.GOVERNANCE, Platform.GOVERNANCE, Platform.OVERSIGHT):
        ticket_id = open_ticket(world)
        desk.tag(ticket_id, platform, None)
    open_ticket(world)
    tiles = {tile.platform: tile.total for tile in desk.platforms()}
    assert tiles == {
        Platform.GOVERNANCE: 2,
        Platform.ENFORCEMENT: 0,
        Platform.OVERSIGHT: 1,
        Platform.SERVICE: 1,
    }


def test_a_unit_counts_its_own_work_orders_only(world: Database) -> None:
    centre = Tallies(longting(world))
    for unit_id in (10, 11):
        centre.tag(dispatched(world, unit_id), None, ("risk",))
    assert Tallies(longting(world, Role.STREET_DESK, 10)).campaign_table().tickets == 1


def test_campaigns_of_an_earlier_pack_still_count(world: Database) -> None:
    Tallies(longting(world)).tag(open_ticket(world), None, ("risk",))
    table = Tallies(seat_for(world, Role.DISPATCHER)).campaign_table()
    assert {(row.name, row.depth, row.total) for row in table.rows if row.total} == {
        ("三大攻坚", 0, 1),
        ("防范风险", 1, 1),
    }


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.sets(st.sampled_from(["civilised", "sanitary", "environment", "risk", "scattered"])),
        max_size=6,
    )
)
def test_totals_are_what_a_person_would_count(world: Database, tagged: list[set[str]]) -> None:
    with world.writing.begin() as session:
        session.execute(delete(TicketCampaign))
        session.execute(update(Ticket).values(special_tags=""))
    desk = Tallies(longting(world))
    for codes in tagged:
        ticket_id = open_ticket(world)
        if codes:
            desk.tag(ticket_id, None, tuple(sorted(codes)))
    table = desk.campaign_table()
    wanted = Counter(code for codes in tagged for code in codes)
    assert {row.code: row.total for row in table.rows if row.depth and row.total} == {
        code: n for code, n in wanted.items() if code != "scattered"
    }
    assert table.tickets == sum(1 for codes in tagged if codes)
    top = {"civilised": "cities", "sanitary": "cities", "environment": "battles", "risk": "battles"}
    tops = [{top.get(code, code) for code in codes} for codes in tagged]
    assert table.shared == sum(1 for codes in tops if len(codes) > 1)
    assert table.nested == sum(
        1 for codes, its in zip(tagged, tops, strict=True) if len(codes) > len(its)
    )
    assert (table.sum > table.tickets) == ("大于总数" in table.words)
    with world.reading() as session:
        names = session.scalar(select(func.count(func.distinct(Campaign.name))))
        assert names == session.scalar(select(func.count(Campaign.id)))


def test_the_pool_lists_a_campaign_with_what_is_below_it_and_a_platform(world: Database) -> None:
    seat = longting(world)
    desk, pool = Tallies(seat), Orders(seat)
    inside, other = open_ticket(world), open_ticket(world)
    desk.tag(inside, Platform.ENFORCEMENT, ("environment",))
    desk.tag(other, None, ("scattered",))
    for criteria in (
        Criteria(campaign="battles"),
        Criteria(campaign="environment"),
        Criteria(platforms=(Platform.ENFORCEMENT,)),
    ):
        assert [row.id for row in pool.page(criteria).rows] == [inside]
        assert pool.counters(criteria)[Stage.OPEN] == 1
        assert Criteria.from_data(criteria.as_data()) == criteria
        assert criteria.filters == 1
