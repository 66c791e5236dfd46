"""Schools, markets, bus stops and the like as entries of the address book: what citizens name instead of an address."""

from collections.abc import Iterator
from typing import Any

from db.demo.city import City
from db.demo.geography import SPECIAL_NAMES
from db.demo.names import OTHER_NAMES

_KINDS = SPECIAL_NAMES | {
    "community_centre": "党群服务中心",
    "square": "广场",
    "kindergarten": "幼儿园",
    "clinic": "卫生站",
    "bus_stop": "公交站",
}


def landmark_rows(city: City, units: dict[str, int]) -> Iterator[dict[str, Any]]:
    """One row for each place of the city."""
    for place in city.places:
        yield {
            "id": place.id,
            "kind": _KINDS.get(place.kind, "地标"),
            "name": place.name,
            "other_names": OTHER_NAMES.get(place.name, ""),
            "place": place.address,
            "grid_id": units[place.grid_code],
        }
