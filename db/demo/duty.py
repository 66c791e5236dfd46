"""成员单位轮流值班: who answers for each unit, a fortnight back and a month ahead (field-facts H12)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from db.demo import words
from db.demo.city import City

BEFORE, AHEAD = 14, 30
# Grids are answered for by their worker, not by a roster.
ON_ROSTER = frozenset({"street_desk", "community", "department", "district"})
LEADING = frozenset({"grid_leader", "supervisor", "leader"})


def duty_rows(city: City, units: dict[str, int], today: date) -> Iterator[dict[str, Any]]:
    """One person a unit and day, those who lead its people in turn; where nobody does, all of them."""
    people: dict[str, list[Any]] = {}
    for person in city.staff:
        people.setdefault(person.unit_code, []).append(person)
    days = [today + timedelta(days=at) for at in range(-BEFORE, AHEAD)]
    for unit in city.units:
        everybody = people.get(unit.code, [])
        own = [one for one in everybody if one.cadre_rank or one.post in LEADING] or everybody
        if unit.kind not in ON_ROSTER or not own:
            continue
        for at, day in enumerate(days):
            one = own[(at + units[unit.code]) % len(own)]
            yield {
                "unit_id": units[unit.code], "on_day": day, "name": one.name, "phone": one.phone,
                "rank": one.cadre_rank or words.POSTS[one.post],
            }  # fmt: skip
