"""核查: what the unit claims held against what the grid's worker sees (field-facts 3.3, H17, H18, X4)."""

from dataclasses import dataclass
from datetime import datetime

# Pictures the verifier took; the unit's own are `before` and `after`.
VERIFY_PICTURES: dict[str, str] = {
    "verify_before": "核查照片（处置前）",
    "verify_after": "核查照片（处置后）",
}


@dataclass(frozen=True, slots=True)
class VerifyForm:
    """What the verifier fills in; `passed` None is not decided yet.

    `signed_off`: the people concerned agree and the verifier signs for having seen it (X4).
    """

    passed: bool | None = None
    result: str = ""
    signed_off: bool = False


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One verification that was made."""

    at: datetime
    by: str
    passed: bool
    result: str
    signed_off: bool
