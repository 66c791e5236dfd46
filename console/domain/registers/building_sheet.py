"""The building sheet on paper (field-facts X7): doors by unit and floor, what is known of the building above them."""

from dataclasses import dataclass

from console.domain.registers.matrix import OCCUPANCY_NAMES, Matrix, Occupancy, Room

BUILDING_SHEET, BUILDING_SHEET_NAME = "building_sheet", "楼栋表"
CARE, HAZARD = "♥", "▲"


@dataclass(frozen=True, slots=True)
class BuildingSheet:
    """Names and numbers are masked, marks are those its reader may see. `large` prints on A3."""

    matrix: Matrix
    facts: tuple[tuple[str, str], ...] = ()
    large: bool = False
    heading: str = ""

    @property
    def title(self) -> str:
        return f"{self.matrix.name}{BUILDING_SHEET_NAME}"


def building_form(building_id: int) -> str:
    """What the log of copies calls the sheet of this building."""
    return f"{BUILDING_SHEET}:{building_id}"


def building_of(form: str) -> int | None:
    """The building a line of the log is about; None for any other form."""
    kind, _colon, number = form.partition(":")
    return int(number) if kind == BUILDING_SHEET and number.isdigit() else None


def building_words(number: str) -> str:
    """`3` is 3栋; whatever else a building is called it stays."""
    return f"{number}栋" if number.isdigit() else number


def floor_words(floor: int) -> str:
    return f"{floor}层" if floor > 0 else f"地下{-floor}层"


def door_marks(room: Room) -> str:
    return (CARE if room.care else "") + (HAZARD if room.hazard else "")


def door_use(room: Room) -> str:
    return OCCUPANCY_NAMES[room.occupancy]


def door_home(room: Room) -> str:
    """`郑*`, `郑*等2户`; empty where nobody is registered."""
    several = room.households > 1
    if room.head:
        return f"{room.head}等{room.households}户" if several else room.head
    return f"{room.households}户" if several else ""


def legend() -> str:
    uses = "、".join(OCCUPANCY_NAMES[one] for one in Occupancy)
    return f"每格：房号　用途（{uses}）　户主（已遮蔽）　人数。{CARE} 有关怀对象　{HAZARD} 有隐患"
