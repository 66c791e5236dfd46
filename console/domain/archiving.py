"""What stands against archiving a work order, said before anybody presses the key."""

from dataclasses import dataclass, replace
from datetime import datetime

from console.domain.case import Case, Step
from console.domain.errors import UserError
from console.domain.guards import Guard
from console.domain.lifecycle import RULES
from console.domain.moves import Move
from console.domain.rules import Rules


def obstacles(case: Case, step: Step, rules: Rules) -> tuple[str, ...]:
    """Every guard of the table's row that would refuse, each in its own sentence; none: it may be archived."""
    asked = replace(step, move=Move.ARCHIVE)
    return tuple(
        sentence
        for guard in RULES[Move.ARCHIVE].guards
        if (sentence := _said(guard, case, asked, rules))
    )


def _said(guard: Guard, case: Case, step: Step, rules: Rules) -> str:
    try:
        guard(case, step, rules)
    except UserError as refusal:
        return refusal.text.removesuffix("，不能归档")
    return ""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the seal of an archived work order says; `sealed_at` None: it was never sealed."""

    number: str
    archive_no: str
    sealed_at: datetime | None = None
    sealed_by: str = ""
    rows: int = 0
    files: int = 0
    digest: str = ""
    faults: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return self.sealed_at is not None and not self.faults

    @property
    def words(self) -> str:
        """核对无误：32 条记录、4 个文件与归档时一致."""
        if self.sealed_at is None:
            return "本件归档时没有留下卷内清单，无法核对"
        if self.faults:
            return "与归档时不一致：" + "；".join(self.faults)
        return f"核对无误：{self.rows} 条记录、{self.files} 个文件与归档时一致"
