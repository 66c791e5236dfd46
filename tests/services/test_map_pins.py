"""Pins: only what the operator may see, masked, coloured by their light, confidential ones by their grid."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from console.domain.changes import Changed, Topic
from console.domain.city_map import PinSet
from console.domain.roles import Role
from console.domain.states import Light
from console.services.mapping import Mapping
from db.models import Building, Grid, Ticket
from tests.services.intake_desk import PHONE, desk, form, rows, statements
from tests.world import seat_for


def mapping(db, role: Role = Role.AGENT, unit_id: int | None = None) -> Mapping:
    return Mapping(seat_for(db, role, unit_id))


def test_the_point_of_the_record_is_kept_and_pinned(world) -> None:
    done = desk(world).submit(form(x=12.5, y=-3.25, address="宝丽小区3栋2单元501"), True)
    row = next(t for t in rows(world, Ticket) if t.id == done.ticket_id)
    assert (row.x, row.y, row.grid_id) == (12.5, -3.25, 30)
    (pin,) = mapping(world).pins().pins
    assert (pin.ticket_id, pin.x, pin.y, pin.exact) == (done.ticket_id, 12.5, -3.25, True)
    assert pin.place == "宝丽小区3栋***"
    assert PHONE not in str(pin)
    assert pin.light.light is Light.GREEN


@pytest.mark.parametrize(
    ("x", "y"), [(None, 1.0), (1.0, None), (float("nan"), 1.0), (float("inf"), 1.0)]
)
def test_half_a_point_is_none(world, x, y) -> None:
    done = desk(world).submit(form(x=x, y=y), True)
    row = next(t for t in rows(world, Ticket) if t.id == done.ticket_id)
    assert (row.x, row.y) == (None, None)


def test_a_record_taken_up_again_brings_its_point(world) -> None:
    kept = desk(world).save_draft(form(x=5.0, y=6.0))
    again = desk(world).reopen(kept.ticket_id)
    assert (again.x, again.y) == (5.0, 6.0)


def test_without_a_point_it_stands_in_its_grid_beside_the_others(world) -> None:
    intake = desk(world)
    for content in (
        "下水道堵塞污水外溢到路面上",
        "路灯三天不亮晚上很黑看不清路",
        "夜间施工噪声影响老人休息",
    ):
        intake.submit(form(content=content), True)
    pins = mapping(world).pins().pins
    assert [pin.exact for pin in pins] == [False] * 3
    assert len({(round(pin.x), round(pin.y)) for pin in pins}) == 3
    assert all(abs(pin.x - 50) < 60 and abs(pin.y - 50) < 60 for pin in pins)


def test_nobody_sees_a_pin_of_another_street(world) -> None:
    desk(world).submit(form(x=1.0, y=1.0), True)
    assert len(mapping(world, Role.STREET_DESK, 10).pins().pins) == 1
    assert mapping(world, Role.STREET_DESK, 11).pins().pins == ()
    assert mapping(world, Role.ADMIN).pins().pins == ()


def test_a_confidential_matter_is_pinned_to_its_grid_for_units(world) -> None:
    desk(world).submit(form(x=1.0, y=1.0, confidential=True, confidential_reason="本人要求"), True)
    (seen,) = mapping(world, Role.OVERSEER).pins().pins
    assert seen.exact
    (hidden,) = mapping(world, Role.STREET_DESK, 10).pins().pins
    assert (hidden.exact, hidden.x, hidden.y) == (False, 50.0, 50.0)


def test_open_today_and_lit(world) -> None:
    done = desk(world).submit(form(x=1.0, y=1.0), True)
    place = mapping(world)
    assert [len(place.pins(which).pins) for which in PinSet] == [1, 1, 0]
    with world.writing.begin() as session:
        late = session.get(Ticket, done.ticket_id)
        late.finish_due = late.accepted_at
    (pin,) = place.pins(PinSet.LIT).pins
    assert pin.light.light is Light.RED


def test_what_has_neither_point_nor_grid_is_counted(world) -> None:
    desk(world).submit(form(grid_id=None, grid_rule="", address="不详", unit_id=None), False)
    found = mapping(world).pins()
    assert (found.pins, found.unplaced) == ((), 1)


def test_pins_cost_two_statements(world) -> None:
    intake, place = desk(world), mapping(world)
    for at in range(4):
        intake.submit(form(x=float(at), y=1.0, content=f"第{at}处下水道堵塞污水外溢到路面上"), True)
    place.city_map()
    with statements(world) as seen:
        assert len(place.pins().pins) == 4
    assert len(seen) <= 2, seen


def test_a_broken_boundary_is_named_and_a_mended_one_seen_after_places_changed(world) -> None:
    with world.writing.begin() as session:
        session.execute(update(Grid).where(Grid.unit_id == 32).values(boundary={"type": "Point"}))
        square = [[[200, 0], [300, 0], [300, 100], [200, 100], [200, 0]]]
        boundary = {"type": "Polygon", "coordinates": square}
        session.execute(update(Grid).where(Grid.unit_id == 31).values(boundary=boundary))
    place = mapping(world)
    assert place.city_map().faults == ("桂花社区第一网格：边界不是多边形",)
    assert place.at(250, 50).place.owner.grid_id == 31
    assert place.at(50, 50).place.owner.grid_id == 30
    assert place.at(150, 50).place.owner is None
    with world.writing.begin() as session:
        far = [[[400, 0], [500, 0], [500, 100], [400, 100], [400, 0]]]
        boundary = {"type": "MultiPolygon", "coordinates": [far]}
        session.execute(update(Grid).where(Grid.unit_id == 32).values(boundary=boundary))
    assert place.at(450, 50).place.owner is None, "what is kept is not read again"
    place.heard(Changed(frozenset({Topic.PLACES})))
    assert place.city_map().faults == ()
    assert place.at(450, 50).place.owner.grid_id == 32


def test_a_city_kept_in_degrees_is_drawn_in_metres_and_stored_in_degrees(world) -> None:
    west, south, step = 113.1, 29.3, 0.001
    with world.writing.begin() as session:
        for at, unit_id in enumerate((30, 31, 32)):
            left, right, low, high = west + at * step, west + (at + 1) * step, south, south + step
            ring = [[left, low], [right, low], [right, high], [left, high], [left, low]]
            values = {
                "boundary": {"type": "Polygon", "coordinates": [ring]},
                "centre_x": left + step / 2,
                "centre_y": low + step / 2,
            }
            session.execute(update(Grid).where(Grid.unit_id == unit_id).values(**values))
        session.get(Building, 1).x, session.get(Building, 1).y = west + step / 2, south + step / 2
    place = mapping(world)
    left, low, right, high = place.city_map().box
    assert (right - left, high - low) == pytest.approx((3 * 97.1, 110.9), rel=0.01)
    found = next(p for p in place.find("宝丽小区3栋") if p.hint == "楼栋")
    x, y = (found.box[0] + found.box[2]) / 2, (found.box[1] + found.box[3]) / 2
    answer = place.at(x + 3, y + 4)
    assert answer.place.owner.grid_id == 30
    assert answer.words == "宝丽小区 3栋（约 5 米）"
    assert (answer.x, answer.y) == pytest.approx((west + step / 2, south + step / 2), abs=6e-5)
    assert answer.place.rule.startswith("按坐标：图上选点（113.1005")
    desk(world).submit(form(x=answer.x, y=answer.y), True)
    desk(world).submit(form(content="路灯三天不亮晚上很黑看不清路"), True)
    inexact, exact = place.pins().pins
    assert (exact.x, exact.y) == pytest.approx((x + 3, y + 4), abs=0.1)
    assert place.at(inexact.x, inexact.y).place.owner.grid_id == 30


def test_grids_drawn_over_each_other_are_asked_about(world) -> None:
    """All three grids of the small city have one and the same boundary."""
    place = mapping(world).at(50, 50).place
    assert place.owner is None
    assert [one.grid_id for one in place.candidates] == [30, 31, 32]
    assert replace(place, candidates=()).ask.endswith("请问属哪一边？")
