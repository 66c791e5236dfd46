"""What the one box finds, grouped (peers 6.1). Everything in here is masked."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a hit is; the groups of the list, in their usual order."""

    RESIDENT = "resident"
    OPEN = "open"
    ENDED = "ended"
    UNIT = "unit"
    PLACE = "place"
    GRID = "grid"
    ENTERPRISE = "enterprise"
    COMMAND = "command"


KIND_NAMES: dict[Kind, str] = {
    Kind.RESIDENT: "居民",
    Kind.OPEN: "在办工单",
    Kind.ENDED: "已结工单",
    Kind.UNIT: "单位",
    Kind.PLACE: "地址",
    Kind.GRID: "网格",
    Kind.ENTERPRISE: "企业",
    Kind.COMMAND: "命令",
}


# What a school, a bus stop, a market bears as its key: chosen, it is shown on the map.
LANDMARK = "landmark"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `id` is its row, `key` its code, number or command; `detail` tells it from its like.

    `grid_id`: of a place that lies in one grid; who answers for it stands in `detail`.
    """

    kind: Kind
    id: int
    text: str
    detail: str = ""
    key: str = ""
    badge: str = ""
    grid_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind; `more` when there are others, `note` what looks wrong with what was typed."""

    kind: Kind
    hits: tuple[Hit, ...]
    more: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something the program can do, as the window calls it."""

    key: str
    words: str
    detail: str = ""
