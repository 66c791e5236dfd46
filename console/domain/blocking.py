"""骚扰号码: who harasses, what is asked for, and what the supervisor decides (field-facts 3.7)."""

from dataclasses import dataclass
from datetime import datetime

DEGREE_NAMES = {"persuade": "劝导", "refuse": "限制呼入", "report": "报警处理"}


@dataclass(frozen=True, slots=True)
class BlockRequest:
    """A number an agent asks to be marked; the phone is masked. `approved_by` empty: waits for a decision."""

    id: int
    phone: str
    degree: str
    reason: str
    requested_by: str
    at: datetime
    until: datetime
    times: int
    approved_by: str = ""
