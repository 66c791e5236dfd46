"""Hours of the night, which go past midnight."""

import re
from dataclasses import dataclass
from datetime import datetime, time
from typing import ClassVar

from console.domain.worktime import civil


@dataclass(frozen=True, slots=True)
class Night:
    """From one time of day to another, civil time, the first included: `22:00-06:00`."""

    begins: time
    ends: time

    EXPECTED: ClassVar[str] = "“22:00-06:00”这样的时段，起止不同"

    @classmethod
    def parse(cls, text: str) -> "Night":
        """Read `HH:MM-HH:MM`; ValueError for anything else or when both are the same."""
        found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text)
        if found is None or found[1] == found[2]:
            raise ValueError(text)
        return cls(time.fromisoformat(found[1]), time.fromisoformat(found[2]))

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        clock = civil(at).time()
        if self.begins < self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends
