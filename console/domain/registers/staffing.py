"""1+1+1+N: each grid has one leader, at most one instructor, an all-round worker and part-timers (field-facts K5)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEADER, INSTRUCTOR, WORKER, PART_TIMER = "网格长", "网格指导员", "全科网格员", "兼职网格员"
POSTS = (LEADER, INSTRUCTOR, WORKER, PART_TIMER)


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody's post in a grid; `serving` is false for who has left or is away for good."""

    grid_id: int
    post: str
    name: str
    serving: bool = True


@dataclass(frozen=True, slots=True)
class GridStaffing:
    """One grid's people counted, and what is missing or too many. `id` is the grid's unit."""

    id: int
    code: str
    name: str
    above: str
    counts: tuple[int, int, int, int]
    gaps: tuple[str, ...]
    leader: str = ""
    worker: str = ""
    special: bool = False

    @property
    def words(self) -> str:
        return "、".join(self.gaps) if self.gaps else "齐全"


def gaps_of(counts: Sequence[int], special: bool = False) -> tuple[str, ...]:
    """What the rule misses. A special grid (school, hospital …) may do with its own caretakers: no instructor asked."""
    leaders, instructors, workers, part_timers = counts
    found = []
    if leaders != 1:
        found.append("缺网格长" if not leaders else f"网格长多{leaders - 1}人")
    if instructors > 1:
        found.append(f"指导员多{instructors - 1}人")
    elif not instructors and not special:
        found.append("缺指导员")
    if not workers:
        found.append("缺全科网格员")
    if not part_timers:
        found.append("缺兼职网格员")
    return tuple(found)


def count_posts(posts: Iterable[Post]) -> dict[int, tuple[int, int, int, int]]:
    """Serving people by grid, in the order of `POSTS`."""
    found = Counter((one.grid_id, one.post) for one in posts if one.serving)
    grids = {grid for grid, _post in found}
    return {
        grid: (
            found[grid, LEADER],
            found[grid, INSTRUCTOR],
            found[grid, WORKER],
            found[grid, PART_TIMER],
        )
        for grid in grids
    }


@dataclass(frozen=True, slots=True)
class StaffingReport:
    """All grids of a scope; those with gaps first."""

    rows: tuple[GridStaffing, ...]

    @property
    def with_gaps(self) -> int:
        return sum(bool(row.gaps) for row in self.rows)

    @property
    def words(self) -> str:
        if not self.rows:
            return "没有网格"
        missing = Counter(gap for row in self.rows for gap in row.gaps)
        told = "，".join(f"{gap} {number}" for gap, number in missing.most_common())
        full = len(self.rows) - self.with_gaps
        return f"{len(self.rows)} 个网格，{full} 个齐全" + (f"；{told}" if told else "")
