"""Spots of the demo city where something can happen, some far more often than others."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from db.demo.city import City
from db.demo.enterprises import Enterprise
from db.demo.housing import Building, Estate, House, Place
from db.demo.roads import RoadRange

_T = TypeVar("_T")
# Trouble gathers: with this exponent the first tenth of a shuffled list takes over a quarter of the events.
_SKEW = 1.8


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a matter happens; ids name the register entries it touches, `words` fills a story's slots."""

    kind: str
    text: str
    address: str
    grid_code: str
    x: float
    y: float
    road: str = ""
    number: int = 0
    estate_id: int | None = None
    building_id: int | None = None
    house_id: int | None = None
    enterprise_id: int | None = None
    place_id: int | None = None
    respondent: str = ""
    words: tuple[tuple[str, str], ...] = ()


class Spots:
    """Finds a fitting spot for a story's `where`; the same hot spots keep coming back."""

    def __init__(self, city: City) -> None:
        rng = Random(f"{city.seed}/spots")
        self._city = city
        self._roads = _shuffled(rng, [r for r in city.road_ranges if r.grid_code[6:9] < "200"])
        self._buildings = _shuffled(rng, [b for b in city.buildings if b.kind != "farmhouse"])
        self._farmhouses = _shuffled(rng, [b for b in city.buildings if b.kind == "farmhouse"])
        self._homes = _shuffled(rng, [h for h in city.houses if h.usage != "vacant"])
        self._shops: dict[str, list[Enterprise]] = {}
        for shop in _shuffled(rng, [e for e in city.enterprises if e.state == "open"]):
            self._shops.setdefault(shop.industry, []).append(shop)
        self._places: dict[str, list[Place]] = {}
        for place in _shuffled(rng, list(city.places)):
            self._places.setdefault(place.kind, []).append(place)
        self._adult_houses = {
            p.house_id for p in city.residents if (city.today - p.birth_date).days >= 16 * 365
        }
        self.companies = tuple(
            e.name
            for e in city.enterprises
            if e.kind == "company" and e.industry in ("建筑装饰", "商贸", "科技")
        )

    def find(self, rng: Random, where: str) -> Spot:
        kind, _, detail = where.partition(":")
        if kind == "road":
            return self._road(rng)
        if kind in ("estate", "old_estate", "tower"):
            return self._estate(rng, kind)
        if kind == "home":
            return self._home(rng)
        if kind == "village":
            return self._village(rng)
        if kind == "shop":
            return self._shop(rng, detail)
        if kind == "place":
            return self._place(rng, detail)
        return self.nowhere(rng, rng.choice(self._city.grids).code)

    def nowhere(self, rng: Random, grid_code: str) -> Spot:
        """No place in particular: the centre of the grid the caller belongs to, and no address."""
        grid = self._city.grid_by_code[grid_code]
        return Spot("none", "", "", grid_code, grid.x, grid.y, words=self._around(grid_code, ""))

    def _around(self, grid_code: str, place: str) -> tuple[tuple[str, str], ...]:
        grid = self._city.grid_by_code[grid_code]
        return (
            ("place", place),
            ("community", grid.community),
            ("street", grid.street),
            ("grid", grid.name),
        )

    def _road(self, rng: Random) -> Spot:
        front: RoadRange = _skewed(rng, self._roads)
        number = rng.choice(front.doors)
        x, y = front.point_of(number)
        text = f"{front.road}{number}号"
        words = (
            *self._around(front.grid_code, text),
            ("road", front.road),
            ("number", str(number)),
        )
        return Spot("road", text, text, front.grid_code, x, y, front.road, number, words=words)

    def _estate(self, rng: Random, kind: str) -> Spot:
        while True:
            building: Building = _skewed(rng, self._buildings)
            estate = self._city.estates[building.estate_id - 1]
            if kind == "tower" and building.kind != "high_rise":
                continue
            if kind == "old_estate" and estate.kind not in ("old", "work_unit"):
                continue
            return self._at_building(building, estate)

    def _at_building(self, building: Building, estate: Estate) -> Spot:
        text = estate.name + building.name
        manager = estate.management_company or "自管物业"
        words = (
            *self._around(building.grid_code, text),
            ("estate", estate.name),
            ("manager", manager),
        )
        return Spot(
            "estate", text, estate.address + text, building.grid_code, building.x, building.y, estate.road,
            estate.number, estate.id, building.id, respondent=estate.management_company, words=words,
        )  # fmt: skip

    def _home(self, rng: Random) -> Spot:
        while True:
            house: House = rng.choice(self._homes)
            if house.id in self._adult_houses:
                break
        building = self._city.buildings[house.building_id - 1]
        estate = self._city.estates[house.estate_id - 1]
        rural = building.kind == "farmhouse"
        text = estate.name + building.name + ("" if rural else f"{house.unit}单元")
        words = (*self._around(house.grid_code, text), ("estate", estate.name))
        return Spot(
            "home", text, house.address, house.grid_code, house.x, house.y, estate.road, estate.number,
            estate.id, building.id, house.id, words=words,
        )  # fmt: skip

    def _village(self, rng: Random) -> Spot:
        building: Building = _skewed(rng, self._farmhouses)
        estate = self._city.estates[building.estate_id - 1]
        text = estate.name + building.name.partition("组")[0] + "组"
        words = (*self._around(building.grid_code, text), ("village", estate.name))
        return Spot(
            "village", text, estate.address + building.name.partition("组")[0] + "组", building.grid_code,
            building.x, building.y, estate_id=estate.id, words=words,
        )  # fmt: skip

    def _shop(self, rng: Random, trade: str) -> Spot:
        shop: Enterprise = _skewed(rng, self._shops[trade])
        name = shop.name.removeprefix("云澜市").removeprefix("楼台区")
        words = (*self._around(shop.grid_code, shop.address), ("shop", name))
        return Spot(
            "shop", shop.address, f"{shop.address}{name}", shop.grid_code, shop.x, shop.y, shop.road,
            shop.number, enterprise_id=shop.id, respondent=shop.name, words=words,
        )  # fmt: skip

    def _place(self, rng: Random, kind: str) -> Spot:
        place: Place = rng.choice(self._places[kind])
        words = self._around(place.grid_code, place.name)
        return Spot(
            "place", place.name, place.address + place.name, place.grid_code, place.x, place.y,
            place_id=place.id, respondent=place.name, words=words,
        )  # fmt: skip


def _shuffled(rng: Random, items: Sequence[_T]) -> list[_T]:
    return rng.sample(items, len(items))


def _skewed(rng: Random, items: Sequence[_T]) -> _T:
    return items[int(len(items) * rng.random() ** _SKEW)]
