"""How long ago somebody last looked whether it is still so (field-facts X11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from console.domain.policy_check import Doubt, Positive


class Freshness(StrEnum):
    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    NEVER = "never"


FRESHNESS_NAMES = {
    Freshness.FRESH: "新",
    Freshness.AGEING: "将过期",
    Freshness.STALE: "已过期",
    Freshness.NEVER: "未核实",
}


@dataclass(frozen=True, slots=True)
class FreshnessRules:
    """Looked at within `fresh_days` is fresh, longer ago than `stale_days` is stale; a city's own (policy pack)."""

    fresh_days: Positive
    stale_days: Positive

    def check(self) -> Iterator[Doubt]:
        if self.stale_days <= self.fresh_days:
            yield Doubt(
                "stale_days", f"大于 fresh_days（{self.fresh_days}）的天数", self.stale_days
            )


@dataclass(frozen=True, slots=True)
class Checked:
    """When a row was last looked at, and what that means today."""

    on: date | None
    freshness: Freshness
    days: int = 0

    @property
    def words(self) -> str:
        if self.on is None:
            return FRESHNESS_NAMES[Freshness.NEVER]
        return "今天核实" if not self.days else f"{self.days}天前核实"


def checked(on: date | None, today: date, rules: FreshnessRules) -> Checked:
    """A day ahead of today counts as today."""
    if on is None:
        return Checked(None, Freshness.NEVER)
    days = max(0, (today - on).days)
    if days <= rules.fresh_days:
        return Checked(on, Freshness.FRESH, days)
    return Checked(on, Freshness.AGEING if days <= rules.stale_days else Freshness.STALE, days)


@dataclass(frozen=True, slots=True)
class FreshReport:
    """How many rows of one register are how fresh."""

    numbers: tuple[tuple[Freshness, int], ...]
    stale_days: int

    @property
    def total(self) -> int:
        return sum(number for _freshness, number in self.numbers)

    @property
    def words(self) -> str:
        """`新 1,200 · 将过期 30 · 已过期 8（3.1% 超过 180 天或从未核实）`; a dash where there is nothing."""
        if not self.total:
            return "—"
        told = " · ".join(f"{FRESHNESS_NAMES[one]} {n:,}" for one, n in self.numbers if n)
        bad = sum(n for one, n in self.numbers if one in (Freshness.STALE, Freshness.NEVER))
        return f"{told}（{bad / self.total:.1%} 超过 {self.stale_days} 天或从未核实）"
