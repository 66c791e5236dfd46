"""What a changed rule would do to the work orders in hand, before it is applied (peers 6.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from console.domain.case import Case
from console.domain.effects import recount
from console.domain.rules import Rules
from console.domain.worktime import moment_words


@dataclass(frozen=True, slots=True)
class Moved:
    """A work order whose finish would move."""

    number: str
    unit: str
    before: datetime
    after: datetime

    def line(self, now: datetime) -> str:
        way = "提前" if self.after < self.before else "推后"
        late = "，当即超期" if self.after <= now < self.before else ""
        unit = f"　{self.unit}" if self.unit else ""
        return f"{self.number}　{moment_words(self.before)} → {moment_words(self.after)}　{way}{late}{unit}"


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """Of `looked_at` open work orders, those whose finish would move under the pack, soonest new finish first."""

    pack: str
    looked_at: int
    now: datetime
    moved: tuple[Moved, ...]

    @property
    def late_at_once(self) -> int:
        return sum(one.after <= self.now < one.before for one in self.moved)

    def lines(self) -> Iterator[str]:
        """One a work order, the sum last."""
        for one in self.moved:
            yield one.line(self.now)
        earlier = sum(one.after < one.before for one in self.moved)
        yield (
            f"换用“{self.pack}”：在办 {self.looked_at} 件，办结时限会变的 {len(self.moved)} 件"
            f"（提前 {earlier}，推后 {len(self.moved) - earlier}），其中当即超期 {self.late_at_once} 件；"
            "未改任何数据"
        )


def would_move(case: Case, unit: str, present: Rules, planned: Rules) -> Moved | None:
    """None when both packs count the same, whatever was granted or ordered since."""
    if case.accepted_at is None:
        return None
    old = recount(case, case.accepted_at, present).finish_due
    new = recount(case, case.accepted_at, planned).finish_due
    if old is None or new is None or old == new:
        return None
    return Moved(case.number, unit, case.finish_due or old, new)
