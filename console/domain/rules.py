"""What the lifecycle asks of the city's policy pack and working calendar, in one hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from console.domain.deadlines import Deadlines, due_time, plan
from console.domain.policy import PolicyPack
from console.domain.policy_tables import Level, Limits
from console.domain.states import Nature, Urgency
from console.domain.worktime import Limit, WorkCalendar


class Matter(Protocol):
    """What a limit depends on; a case has it, and so has a row of the ticket table."""

    @property
    def urgency(self) -> Urgency: ...
    @property
    def nature(self) -> Nature: ...
    @property
    def own_limit(self) -> str: ...
    @property
    def complex(self) -> bool: ...


@cache
def limit_from(text: str) -> Limit | None:
    """A stored limit such as `4工作时`; None for an empty text."""
    return Limit.parse(text) if text else None


@dataclass(frozen=True)
class Rules:
    """A policy pack over a calendar. Frozen data: safe to share between threads."""

    pack: PolicyPack
    calendar: WorkCalendar

    def limits(self, matter: Matter) -> Limits:
        """The limits of one work order: urgency, nature, its category's own limit, 疑难 (field-facts 4.1)."""
        own = limit_from(matter.own_limit)
        return self.pack.limits(matter.urgency, matter.nature, own, bool(matter.complex))

    def due(self, matter: Matter, start: datetime, parent_due: datetime | None = None) -> Deadlines:
        """The due times of one work order dispatched, or passed down, at `start`."""
        return plan(self.limits(matter), self.calendar, start, parent_due)

    def deadlines(
        self,
        urgency: Urgency,
        nature: Nature,
        start: datetime,
        parent_due: datetime | None = None,
        own_limit: str = "",
    ) -> Deadlines:
        """The due times of what is not registered yet."""
        limits = self.pack.limits(urgency, nature, limit_from(own_limit))
        return plan(limits, self.calendar, start, parent_due)

    def level(self, unit_code: str) -> Level | None:
        """The level of the organisation a unit stands at; departments stand at none."""
        if not unit_code.isdigit():
            return None
        return next((v for v in self.pack.escalation.levels if v.digits == len(unit_code)), None)

    def response_due(self, unit_code: str, start: datetime, made: Deadlines) -> datetime:
        """When the citizen must be answered; a grid is on the scene within its own limit (field-facts H1)."""
        lowest = self.pack.escalation.levels[-1]
        if self.level(unit_code) is not lowest:
            return made.response_due
        grid = due_time(self.pack.limit_table.grid_response, self.calendar, start)
        return min(grid, made.response_due)

    def level_due(
        self, unit_code: str, start: datetime, finish: datetime | None
    ) -> datetime | None:
        """When this level must have solved the matter or passed it on; None for departments (field-facts X3)."""
        level = self.level(unit_code)
        if level is None:
            return None
        due = due_time(level.timer, self.calendar, start)
        return due if finish is None else min(due, finish)

    def paused(self, since: datetime, until: datetime, working: bool) -> timedelta:
        """How much of a limit's own time a suspension took."""
        return self.calendar.worktime_between(since, until) if working else until - since
