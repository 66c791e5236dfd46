"""What a city decides for itself, as data: limits, lights, reasons, questions, scores (product.md Decided 3)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from console.domain.auditing import AuditRules
from console.domain.policy_check import Doubt, PolicyFault, Reader, Source, merge, open_source
from console.domain.policy_tables import (
    AcceptanceRules,
    CallbackRules,
    Campaign,
    DeskRules,
    DuplicateRules,
    EmergencyLine,
    EscalationRules,
    ExtensionRules,
    Forms,
    HarassmentRules,
    LightRules,
    Limits,
    LimitTable,
    Question,
    Reason,
    RedoRules,
    ReplyRules,
    ReturnRules,
    SatisfactionRules,
    ScoreRules,
    StepView,
    SupervisionRules,
    SuspensionRules,
    VerifyRules,
    VisitRule,
)
from console.domain.registers.freshness import FreshnessRules
from console.domain.states import SATISFACTION_NAMES, Nature, Satisfaction, Urgency
from console.domain.worktime import KnownDays, Limit, Season, WorkCalendar, china_days

__all__ = [
    "PACKS",
    "Limits",
    "PolicyFault",
    "PolicyPack",
    "default_pack",
    "load_pack",
    "pack_names",
]

PACKS = Path(__file__).resolve().parents[2] / "resources" / "policy"
# Packs inherit at most a few times; more is a ring.
DEEPEST = 5
# Natures for which a category's own limit counts; a question about an illegal building is still a question.
PUT_RIGHT = frozenset({Nature.HELP, Nature.COMPLAINT, Nature.REPORT})


@dataclass(frozen=True, slots=True)
class PolicyPack:
    """Everything one city decides, checked. The fields are the tables of its file."""

    name: str
    catalogue: str
    steps: StepView
    late_receipt_moves: bool
    hours: tuple[Season, ...]
    forms: Forms
    limit_table: LimitTable = field(metadata={"key": "limits"})
    lights: LightRules
    returns: ReturnRules
    extension: ExtensionRules
    suspension: SuspensionRules
    redo: RedoRules
    callback: CallbackRules
    satisfaction: SatisfactionRules
    acceptance: AcceptanceRules
    duplicates: DuplicateRules
    harassment: HarassmentRules
    reply: ReplyRules
    verify: VerifyRules
    desk: DeskRules
    supervision: SupervisionRules
    visits: tuple[VisitRule, ...]
    registers: FreshnessRules
    auditing: AuditRules
    score: ScoreRules
    escalation: EscalationRules
    emergency: Mapping[EmergencyLine, tuple[str, ...]]
    campaigns: tuple[Campaign, ...]

    def limits(
        self,
        urgency: Urgency,
        nature: Nature,
        finish: Limit | None = None,
        complex_matter: bool = False,
    ) -> Limits:
        """The limits of a new work order (field-facts 4.1).

        At normal urgency a matter marked 疑难 gets the long finish, and something to be put right
        gets `finish`, the category's own limit, where there is one.
        """
        found: Limits = getattr(self.limit_table, urgency).of(nature)
        if urgency is not Urgency.NORMAL:
            return found
        own = finish if nature in PUT_RIGHT else None
        special = self.limit_table.complex if complex_matter else own
        return Limits(found.sign, found.response, special or found.finish, found.callback)

    def calendar(self, days: KnownDays | None = None) -> WorkCalendar:
        """The city's working calendar: its office hours on the given days, the shipped ones if none."""
        return WorkCalendar(days or china_days(), self.hours, self.late_receipt_moves)

    def counts_as_satisfied(self, answer: Satisfaction) -> bool | None:
        """Whether an answer is a satisfied one; None when it is left out of the rate."""
        return (
            None if answer in self.satisfaction.excluded else answer in self.satisfaction.satisfied
        )

    def satisfaction_choices(self) -> tuple[tuple[Satisfaction, str], ...]:
        """The answers offered at callback, with their names."""
        return tuple((answer, SATISFACTION_NAMES[answer]) for answer in self.satisfaction.scale)

    def emergency_line(self, text: str) -> EmergencyLine | None:
        """The emergency line the words of a call point to, fire and medical before police; None if none."""
        order = (
            EmergencyLine.FIRE,
            EmergencyLine.MEDICAL,
            EmergencyLine.TRAFFIC,
            EmergencyLine.POLICE,
        )
        for line in order:
            if any(word in text for word in self.emergency.get(line, ())):
                return line
        return None

    def check(self) -> Iterator[Doubt]:
        """What no single table can see."""
        yield from _season_doubts(self.hours)
        lists: dict[str, tuple[Reason, ...] | tuple[Question, ...] | tuple[Campaign, ...]] = {
            "returns.reasons": self.returns.reasons,
            "suspension.reasons": self.suspension.reasons,
            "acceptance.rejections": self.acceptance.rejections,
            "callback.questions": self.callback.questions,
            "campaigns": self.campaigns,
        }
        for key, coded in lists.items():
            for code, times in Counter(one.code for one in coded).items():
                if times > 1:
                    yield Doubt(key, "各不相同的 code", code)
        codes = {campaign.code for campaign in self.campaigns}
        for at, campaign in enumerate(self.campaigns):
            if campaign.parent and campaign.parent not in codes:
                yield Doubt(f"campaigns[{at}].parent", "另一专项活动的 code", campaign.parent)


def _season_doubts(seasons: tuple[Season, ...]) -> Iterator[Doubt]:
    for at, season in enumerate(seasons):
        edges = [edge for period in season.periods for edge in (period.opens, period.closes)]
        if not edges or edges != sorted(edges):
            yield Doubt(f"hours[{at}].periods", "至少一段、先后不重叠的时段", season.name)
    # A leap year, so that 29 February is looked at.
    for step in range(366):
        day = date(2024, 1, 1) + timedelta(days=step)
        times = sum(season.holds(day) for season in seasons)
        if times != 1:
            where = f"{day:%m-%d} 有 {times} 套作息"
            yield Doubt("hours", "全年每天恰有一套的作息", where)
            return


def load_pack(source: Path | str | bytes, name: str = "", folder: Path = PACKS) -> PolicyPack:
    """Read and check a pack: its folder or file, or its text or bytes with a `name` for faults.

    `extends = "default"` puts it on top of that pack in `folder` (for a path, beside it).
    Raises PolicyFault naming file, key and what was expected.
    """
    if isinstance(source, Path):
        source = source / "pack.toml" if source.is_dir() else source
        folder = source.parent.parent
    layers = _layers(open_source(source, name), folder)
    table: dict[str, object] = {}
    for layer in reversed(layers):
        table = merge(layer.table, table)
    table.pop("extends", None)
    return Reader(*layers).build(PolicyPack, table)


def _layers(top: Source, folder: Path) -> tuple[Source, ...]:
    layers = [top]
    while (base := layers[-1].table.get("extends")) is not None:
        key, name = "extends", layers[-1].name
        known = pack_names(folder)
        if base not in known or len(layers) == DEEPEST:
            choices = "、".join(known)
            raise PolicyFault(
                name, key, f'extends 应为以下规则包之一且不成环：{choices}，实际为 "{base}"'
            )
        layers.append(open_source(folder / base / "pack.toml"))
    return tuple(layers)


def pack_names(folder: Path = PACKS) -> tuple[str, ...]:
    """The codes of the packs in a folder, in order."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/pack.toml")))


@cache
def default_pack() -> PolicyPack:
    """The pack shipped as default, read once."""
    return load_pack(PACKS / "default")
