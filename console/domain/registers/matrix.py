"""A building as units × floors: who lives where, at a glance (field-facts X7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Occupancy(StrEnum):
    OWNER = "owner"
    RENTED = "rented"
    BUSINESS = "business"
    VACANT = "vacant"
    UNKNOWN = "unknown"


OCCUPANCY_NAMES = {
    Occupancy.OWNER: "自住",
    Occupancy.RENTED: "出租",
    Occupancy.BUSINESS: "经营",
    Occupancy.VACANT: "空置",
    Occupancy.UNKNOWN: "未登记",
}
_USAGES = {
    "自住": Occupancy.OWNER, "出租": Occupancy.RENTED, "空置": Occupancy.VACANT, "经营": Occupancy.BUSINESS,
    "商用": Occupancy.BUSINESS, "商住": Occupancy.BUSINESS, "办公": Occupancy.BUSINESS, "仓储": Occupancy.BUSINESS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """One door. `household` is its head masked, `people` how many live there, `care` whether somebody needs care."""

    id: int
    unit_no: int
    floor: int
    room: str
    usage: str
    people: int = 0
    households: int = 0
    head: str = ""
    care: int = 0
    hazard: str = ""

    @property
    def occupancy(self) -> Occupancy:
        """What was registered; a vacant room with people in it is not vacant."""
        said = _USAGES.get(self.usage, Occupancy.UNKNOWN if not self.usage else Occupancy.BUSINESS)
        return Occupancy.OWNER if said is Occupancy.VACANT and self.people else said

    @property
    def words(self) -> str:
        """As the screen reader tells it and the tooltip shows it."""
        told = [f"{self.unit_no}单元{self.floor}层{self.room}", OCCUPANCY_NAMES[self.occupancy]]
        if self.head:
            told.append(f"{self.head}户")
        told.append(f"{self.people}人" if self.people else "无人登记")
        if self.care:
            told.append(f"{self.care}名关怀对象")
        if self.hazard:
            told.append(f"隐患：{self.hazard}")
        return "，".join(told)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Floors from the top down; each holds for each unit the rooms from left to right."""

    building_id: int
    name: str
    units: tuple[int, ...]
    floors: tuple[int, ...]
    cells: tuple[tuple[tuple[Room, ...], ...], ...]

    @property
    def rooms(self) -> tuple[Room, ...]:
        return tuple(room for floor in self.cells for unit in floor for room in unit)

    def count(self, occupancy: Occupancy) -> int:
        return sum(room.occupancy is occupancy for room in self.rooms)

    @property
    def words(self) -> str:
        rooms = self.rooms
        people = sum(room.people for room in rooms)
        told = [f"{OCCUPANCY_NAMES[one]} {n}" for one in Occupancy if (n := self.count(one))]
        return f"{len(rooms)} 套 · {people} 人" + (f" · {' · '.join(told)}" if told else "")


def lay_out(
    building_id: int, name: str, rooms: Sequence[Room], units: int = 0, floors: int = 0
) -> Matrix:
    """The rooms in their places. Units and floors that the building has but no room stands in are there, empty."""
    columns = sorted({room.unit_no for room in rooms} | set(range(1, units + 1)))
    rows = sorted({room.floor for room in rooms} | set(range(1, floors + 1)), reverse=True)
    at: dict[tuple[int, int], list[Room]] = {}
    for room in sorted(rooms, key=lambda one: (len(one.room), one.room)):
        at.setdefault((room.floor, room.unit_no), []).append(room)
    cells = tuple(tuple(tuple(at.get((f, u), ())) for u in columns) for f in rows)
    return Matrix(building_id, name, tuple(columns), tuple(rows), cells)
