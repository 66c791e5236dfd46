"""关注号码: numbers an auditor keeps an eye on, known by key and mask only."""

from dataclasses import dataclass
from datetime import datetime

MOST_WATCHED, LONGEST_WHY = 500, 100
WATCH, UNWATCH = "watch", "unwatch"


@dataclass(frozen=True, slots=True)
class Watched:
    """One line of the list; the number itself is kept nowhere."""

    id: int
    shown: str
    why: str
    added_at: datetime
    added_by: str
