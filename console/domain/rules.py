"""What the lifecycle asks of the city's policy pack and working calendar, in one hand."""

from dataclasses import dataclass
from datetime import datetime

from console.domain.deadlines import Deadlines, plan
from console.domain.policy import PolicyPack
from console.domain.states import Nature, Urgency
from console.domain.worktime import WorkCalendar


@dataclass(frozen=True)
class Rules:
    """A policy pack over a calendar. Frozen data: safe to share between threads."""

    pack: PolicyPack
    calendar: WorkCalendar

    def deadlines(
        self,
        urgency: Urgency,
        nature: Nature,
        start: datetime,
        parent_due: datetime | None = None,
    ) -> Deadlines:
        return plan(self.pack.limits(urgency, nature), self.calendar, start, parent_due)
