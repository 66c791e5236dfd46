"""The demo city: exact counts, a map without gaps, numbers nobody can hold, the same city every time."""

import subprocess
import sys
import tomllib
from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import phonenumbers
import pytest
import shapely
from stdnum.cn import uscc

from console.domain.identity import read_credit_code, read_identity_number
from console.domain.phones import is_phone
from console.domain.roles import Role
from console.domain.states import Nature, Urgency
from db.demo.appeals import Storyteller
from db.demo.arrivals import CITY_TIME, arrival_times
from db.demo.care import KEY_NAMES
from db.demo.city import DEMO_TODAY, City, build_city
from db.demo.codes import AREA_CODE, DISTRICT_CODE, MOBILE_SEGMENTS, PROVINCE_CODE, id_check
from db.demo.matters import NATURE_MIX, stories
from db.demo.roads import BAOLI_WEST

ROOT = Path(__file__).parents[2]
PACK = ROOT / "resources" / "policy" / "default"
# Province prefixes in use: GB/T 2260 and the residence permits.
ASSIGNED = set(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"
    .split()
)  # fmt: skip
NOON = datetime(2026, 5, 20, 4, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def city() -> City:
    return build_city()


@pytest.fixture(scope="module")
def shapes(city: City) -> dict[str, shapely.Polygon]:
    return {grid.code: shapely.Polygon(grid.outline) for grid in city.grids}


def test_counts_are_exact(city: City) -> None:
    kinds = Counter(d.kind for d in city.divisions)
    assert (kinds["street"], kinds["township"]) == (4, 2)
    assert kinds["community"] + kinds["village"] == 45
    assert Counter(g.kind for g in city.grids) == {"basic": 151, "special": 42}
    assert len(city.residents) == 20_000
    assert len(city.enterprises) == 4_000
    assert len(city.knowledge) >= 80
    assert sum(1 for entry in city.knowledge if entry.ask) >= 60
    assert len(stories()) >= 120


def test_grid_codes_nest(city: City) -> None:
    codes = [g.code for g in city.grids]
    assert len(set(codes)) == 193
    parents = {d.code for d in city.divisions}
    for code in codes:
        assert len(code) == 15
        assert code.isdecimal()
        assert {code[:6], code[:9], code[:12]} <= parents


@pytest.mark.parametrize("seed", [12345, 1, 77])
def test_grids_tile_the_city(seed: int) -> None:
    polygons = [shapely.Polygon(g.outline) for g in build_city(seed).grids]
    whole = shapely.union_all(polygons)
    assert all(p.is_valid for p in polygons)
    assert shapely.coverage_is_valid(polygons)
    assert whole.geom_type == "Polygon"
    assert not whole.interiors
    assert whole.area == pytest.approx(sum(p.area for p in polygons), rel=1e-12)


def test_everything_stands_in_its_own_grid(city: City, shapes: dict[str, shapely.Polygon]) -> None:
    things = [*city.houses, *city.buildings, *city.enterprises, *city.places]
    points = shapely.points([(t.x, t.y) for t in things])
    inside = shapely.contains(
        [shapes[t.grid_code] for t in things],  # type: ignore[call-overload]
        points,
    )
    assert inside.all()


def test_every_door_stands_in_its_grid(city: City, shapes: dict[str, shapely.Polygon]) -> None:
    for road_range in city.road_ranges:
        shape = shapes[road_range.grid_code]
        shapely.prepare(shape)
        for number in road_range.doors:
            assert shapely.contains_xy(shape, *road_range.point_of(number))


def test_door_numbers_have_one_owner(city: City) -> None:
    doors = Counter((r.road, number) for r in city.road_ranges for number in r.doors)
    assert set(doors.values()) == {1}
    assert len({road.name for road in city.roads}) == len(city.roads)


def test_baoli_west_street(city: City) -> None:
    owner = {n: r.grid_code for r in city.road_ranges if r.road == BAOLI_WEST for n in r.doors}
    assert len({owner[n] for n in range(101, 200, 2)}) == 1
    assert owner[99] != owner[101]
    assert owner[199] != owner[201]
    assert owner[123] != owner[124], "123-130 spans two grids, one to a side"
    shops = {e.number for e in city.enterprises if e.road == BAOLI_WEST}
    assert set(range(123, 131)) <= shops


def test_roads_cross_grids(city: City) -> None:
    grids: dict[str, set[str]] = {}
    for road_range in city.road_ranges:
        grids.setdefault(road_range.road, set()).add(road_range.grid_code)
    assert sum(1 for codes in grids.values() if len(codes) >= 4) >= 30


def test_identity_numbers_are_sound_but_impossible(city: City) -> None:
    assert PROVINCE_CODE not in ASSIGNED
    numbers = [p.id_number for p in city.residents]
    assert len(set(numbers)) == len(numbers)
    for person in city.residents:
        number = person.id_number
        assert number[:2] == PROVINCE_CODE
        assert number[-1] == id_check(number[:17])
        assert number[6:14] == f"{person.birth_date:%Y%m%d}"
        assert (int(number[16]) % 2 == 1) == (person.sex == "male")
        assert date(1920, 1, 1) < person.birth_date < DEMO_TODAY


def test_id_check_known_vector() -> None:
    assert id_check("11010519491231002") == "X"


def test_credit_codes_are_sound_but_impossible(city: City) -> None:
    codes = [e.credit_code for e in city.enterprises]
    assert len(set(codes)) == len(codes)
    for code in codes:
        assert uscc.is_valid(code), code
        assert code[2:8] == DISTRICT_CODE


def test_telephones_cannot_ring(city: City) -> None:
    phones = [p.phone for p in city.residents] + [s.phone for s in city.staff]
    phones += [e.phone for e in city.enterprises]
    for phone in phones:
        landline = phone.startswith(AREA_CODE + "-")
        assert landline or (phone[:3] in MOBILE_SEGMENTS and phone[3:7] == "0000")
        assert len(phone) == (13 if landline else 11)


def test_no_network_knows_the_segments() -> None:
    for number in [f"{segment}00001234" for segment in MOBILE_SEGMENTS] + [f"{AREA_CODE}21234567"]:
        assert not phonenumbers.is_valid_number(phonenumbers.parse(number, "CN")), number


def test_the_console_reads_every_invented_number(city: City) -> None:
    """Invented must not mean refused: the demo would be unusable if our own checks threw it out."""
    for person in city.residents:
        assert read_identity_number(person.id_number, DEMO_TODAY)
        assert is_phone(person.phone)
    for enterprise in city.enterprises:
        assert read_credit_code(enterprise.credit_code)
        assert is_phone(enterprise.phone)


def test_a_number_is_shared_only_within_a_household(city: City) -> None:
    holders: dict[str, set[int]] = {}
    for person in city.residents:
        holders.setdefault(person.phone, set()).add(person.household_id)
    assert all(len(households) == 1 for households in holders.values())
    sharing = Counter(p.phone for p in city.residents)
    assert sum(1 for n in sharing.values() if n > 1) > 1_000
    others = Counter(s.phone for s in city.staff) + Counter(e.phone for e in city.enterprises)
    assert max(others.values()) == 1
    assert not others.keys() & holders.keys()


def test_households_hang_together(city: City) -> None:
    members = [id_ for household in city.households for id_ in household.member_ids]
    assert sorted(members) == list(range(1, 20_001))
    for household in city.households:
        people = [city.residents[id_ - 1] for id_ in household.member_ids]
        assert people[0].relation == "户主"
        assert household.head_id == people[0].id
        assert {p.house_id for p in people} == {household.house_id}
        assert {p.grid_code for p in people} == {household.grid_code}


def test_ages_and_household_sizes_are_those_of_a_city(city: City) -> None:
    ages = [(DEMO_TODAY - p.birth_date).days // 365 for p in city.residents]
    young = sum(a < 15 for a in ages) / len(ages)
    old = sum(a >= 60 for a in ages) / len(ages)
    assert 0.12 < young < 0.22
    assert 0.15 < old < 0.25
    assert 2.3 < len(city.residents) / len(city.households) < 2.9


def test_rare_names_are_there(city: City) -> None:
    names = {p.name for p in city.residents}
    assert {"王㛃", "李𬭎", "陈䶮", "赵𡐓"} <= names
    assert any("·" in name for name in names)
    assert any(name.startswith(("欧阳", "司马", "上官", "诸葛")) for name in names)


def test_care_records_plan_visits(city: City) -> None:
    overdue = sum(c.next_visit_date < DEMO_TODAY for c in city.care_records)
    assert 0.02 < overdue / len(city.care_records) < 0.30
    assert {c.care_class for c in city.care_records} >= {"lives_alone", "disabled", "low_income"}
    for record in city.care_records:
        assert record.key_person == (record.care_class in KEY_NAMES) == bool(record.guardian)
        assert (record.next_visit_date - record.last_visit_date).days == record.interval_days


def test_staffing_is_longtings(city: City) -> None:
    posts = Counter(s.post for s in city.staff)
    assert posts["grid_leader"] == 151
    assert posts["grid_instructor"] == 138
    assert posts["all_round_worker"] == 142
    assert posts["part_time_worker"] == 916
    led = Counter(code for s in city.staff if s.post == "grid_leader" for code in s.grid_codes)
    assert set(led.values()) == {1}
    assert len(led) == 193
    worked = {code for s in city.staff if s.post == "all_round_worker" for code in s.grid_codes}
    assert 0 < 193 - len(worked) < 30


def test_accounts_cover_every_desk(city: City) -> None:
    roles = Counter(a.role for a in city.accounts)
    assert set(roles) == set(Role) - {Role.KEEPER}
    assert roles[Role.AGENT] >= 12
    assert roles[Role.STREET_DESK] >= 6
    assert roles[Role.GRID_LEADER] == 45
    assert len({a.login for a in city.accounts}) == len(city.accounts)
    assert any(a.login == "0017" and a.name == "李敏" for a in city.accounts)
    units = {u.code for u in city.units}
    assert all(a.unit_code in units for a in city.accounts)
    staff = {s.id: s for s in city.staff}
    assert all(staff[a.staff_id].name == a.name for a in city.accounts)


def test_units_form_a_tree(city: City) -> None:
    codes = [u.code for u in city.units]
    assert len(set(codes)) == len(codes)
    seen: set[str] = {""}
    for unit in city.units:
        assert unit.parent_code in seen
        seen.add(unit.code)
    assert sum(u.kind == "department" for u in city.units) >= 60


def test_the_same_city_in_another_process(city: City) -> None:
    code = "from db.demo.city import build_city; print(build_city().digest())"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.stdout.strip() == city.digest()
    assert build_city(1).digest() != city.digest()


def test_stories_and_answers_fit_the_catalogue(city: City) -> None:
    majors = tomllib.loads((PACK / "categories.toml").read_text(encoding="utf-8"))["major"]
    paths = {
        (major["name"], middle["name"], leaf["name"])
        for major in majors
        for middle in major["middle"]
        for leaf in middle["leaf"]
    }
    units = {u.short_name for u in city.units if u.kind == "department"} | {"street"}
    told = [(s.id, s.category, s.unit_short) for s in stories()]
    told += [(k.question, k.category, k.unit_short) for k in city.knowledge]
    assert [name for name, category, _ in told if category not in paths] == []
    assert [name for name, _, unit in told if unit not in units] == []
    assert len({s.id for s in stories()}) == len(stories())
    assert {s.nature for s in stories()} <= {n.value for n in Nature}
    assert {s.urgency for s in stories()} <= {u.value for u in Urgency}


def test_every_story_can_be_told_anywhere(city: City) -> None:
    teller, rng = Storyteller(city), Random(3)
    for story in stories():
        for _ in range(8):
            appeal = teller.tell_story(rng, story, NOON)
            words = appeal.title + appeal.content + appeal.public_reply + appeal.measures
            assert not set("[]{}|") & set(words), (story.id, words)
            assert "。。" not in words
            assert "，。" not in words
            assert len(appeal.title) <= 60
            assert appeal.unit_code in {u.code for u in city.units}
            assert appeal.spot.grid_code in city.grid_by_code


def test_three_thousand_appeals_do_not_read_alike(city: City) -> None:
    teller, rng = Storyteller(city), Random(4)
    appeals = [teller.tell(rng, NOON) for _ in range(3_000)]
    natures = Counter(a.nature for a in appeals)
    total = sum(NATURE_MIX.values())
    for nature, share in NATURE_MIX.items():
        assert natures[nature] / 3_000 == pytest.approx(share / total, abs=0.03)
    dispatched = [a for a in appeals if a.knowledge_id is None]
    assert len({a.content for a in dispatched}) / len(dispatched) > 0.98
    assert len({a.public_reply for a in dispatched}) / len(dispatched) > 0.93, "copied replies"
    assert len({a.title for a in dispatched}) / len(dispatched) > 0.75


def test_an_echo_is_the_same_matter_in_other_words(city: City) -> None:
    teller, rng = Storyteller(city), Random(5)
    story = next(s for s in stories() if s.id == "waterlogging")
    first = teller.tell_story(rng, story, NOON)
    second = teller.echo(rng, first, NOON)
    assert second.spot == first.spot
    assert second.category == first.category
    assert second.content != first.content


def test_arrivals_peak_at_ten_and_two() -> None:
    moments = list(arrival_times(Random(6), date(2026, 5, 1), date(2026, 5, 31), 800))
    hours = Counter(m.astimezone(CITY_TIME).hour for m in moments)
    days = Counter(m.astimezone(CITY_TIME).weekday() for m in moments)
    assert [hour for hour, _ in hours.most_common(2)] in ([10, 14], [14, 10], [10, 9])
    assert hours[14] > hours[13]
    assert days[0] / 4 > days[6] / 5
    assert all(a <= b for a, b in pairwise(moments))
    assert moments[0].tzinfo is UTC


def test_seasons_change_what_people_call_about(city: City) -> None:
    teller, rng = Storyteller(city), Random(7)

    def share(month: int, story_id: str) -> float:
        at = datetime(2026, month, 15, 4, tzinfo=UTC)
        return sum(teller.tell(rng, at).story_id == story_id for _ in range(1_500)) / 1_500

    assert share(1, "heating-cold") > 0.01
    assert share(7, "heating-cold") < 0.005
    assert share(7, "waterlogging") > share(1, "waterlogging")
