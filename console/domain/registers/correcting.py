"""A wrong identity number put right: gender and birth follow it, the old one stays masked on record."""

from dataclasses import dataclass, field

from console.domain.errors import Invalid

REASON_MOST = 200
CORRECTED = "correct_identity"


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """The number as it stands on the card people carry, and why the register had another."""

    person_id: int
    version: int
    number: str = field(repr=False)
    reason: str


def check_reason(text: str) -> str:
    """Raises Invalid beside the field."""
    words = text.strip()
    if len(words) < 4:
        raise Invalid("请写明更正原因", "例如：登记时抄错第 17 位，已核对身份证原件", "reason")
    if len(words) > REASON_MOST:
        raise Invalid(f"原因最多 {REASON_MOST} 字", "请写要点", "reason")
    return words
