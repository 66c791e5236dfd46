"""The tables of a policy pack, one dataclass each; their field names are the keys of the file.

`resources/policy/default/pack.toml` explains every key; `policy_check` refuses anything else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from console.domain.policy_check import Count, Doubt, Percent, Positive
from console.domain.states import Light, Nature, Satisfaction, SupervisionLevel, Urgency
from console.domain.worktime import Limit


class StepView(StrEnum):
    """Which closed loop the step bar shows (field-facts Y3, Z3, H6)."""

    SIX = "six"
    EIGHT = "eight"
    THREE = "three"


class LightAction(StrEnum):
    """What turning a colour writes into the log (field-facts K15)."""

    NONE = "none"
    WARN = "warn"
    URGE = "urge"
    SUPERVISE = "supervise"


class EmergencyLine(StrEnum):
    """Where danger to life and property goes at once (product.md 11)."""

    POLICE = "110"
    FIRE = "119"
    MEDICAL = "120"
    TRAFFIC = "122"


@dataclass(frozen=True, slots=True)
class Reason:
    """A coded reason an operator picks."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Forms:
    """What stands at the head of printed forms (field-facts 9)."""

    city: str
    heading: str
    centre: str
    document_word: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one work order: to sign, to contact the citizen, to finish, and to call back after the reply."""

    sign: Limit
    response: Limit
    finish: Limit
    callback: Limit


@dataclass(frozen=True, slots=True)
class LimitChange:
    """What a nature changes in the limits of its urgency."""

    sign: Limit | None = None
    response: Limit | None = None
    finish: Limit | None = None
    callback: Limit | None = None

    def over(self, limits: Limits) -> Limits:
        """The limits with the changes made."""
        return Limits(
            self.sign or limits.sign,
            self.response or limits.response,
            self.finish or limits.finish,
            self.callback or limits.callback,
        )


NO_CHANGE = LimitChange()


@dataclass(frozen=True, slots=True)
class UrgencyLimits(Limits):
    """The limits of one urgency class, and what single natures change."""

    by_nature: Mapping[Nature, LimitChange] = field(default_factory=dict)

    def of(self, nature: Nature) -> Limits:
        plain = Limits(self.sign, self.response, self.finish, self.callback)
        return self.by_nature.get(nature, NO_CHANGE).over(plain)


@dataclass(frozen=True, slots=True)
class LimitTable:
    """Limits by urgency; `complex` finishes a matter marked 疑难 (field-facts 4.1)."""

    normal: UrgencyLimits
    urgent: UrgencyLimits
    critical: UrgencyLimits
    complex: Limit
    grid_response: Limit


@dataclass(frozen=True, slots=True)
class LightRule:
    """Yellow from whichever comes first: a share of the limit left, or a fixed time left.

    The fixed time never takes more than `cap_percent` of the limit, or a one-day limit would be
    yellow from the start.
    """

    percent: Percent
    remaining: Limit
    cap_percent: Percent


@dataclass(frozen=True, slots=True)
class LightRules:
    """Light thresholds, what they trigger and their words (field-facts 4.3)."""

    normal: LightRule
    urgent: LightRule
    on_yellow: LightAction
    on_red: LightAction
    words: Mapping[Light, str]

    def rule(self, urgency: Urgency) -> LightRule:
        return self.normal if urgency is Urgency.NORMAL else self.urgent

    def check(self) -> Iterator[Doubt]:
        for light in Light:
            if light is not Light.NONE and light not in self.words:
                yield Doubt(f"words.{light}", "这种灯的文字", "缺少")


@dataclass(frozen=True, slots=True)
class ReturnRules:
    """When a unit may send an order back; after `dispatches` the centre designates (field-facts 3.3)."""

    limit: Limit
    complex_limit: Limit
    dispatches: Positive
    silence_accepts: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ExtensionRules:
    """How often and how long a limit may be extended (field-facts 3.3)."""

    times: Count
    workdays: Count
    tell_citizen: bool


@dataclass(frozen=True, slots=True)
class SuspensionRules:
    """Why the clock may stop (field-facts 3.2)."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RedoRules:
    """A redo gets a share of the original limit, at least `minimum` for working-day limits (field-facts 4.2 rule 4)."""

    times: Positive
    percent: Percent
    minimum: Limit
    reopen_days: Count


@dataclass(frozen=True, slots=True)
class Question:
    """A callback question with the words to read out."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CallbackRules:
    """The callback script; after `tries` unanswered calls the order may close as not reached (field-facts 3.3)."""

    tries: Positive
    retry_after: Limit
    opening: str
    questions: tuple[Question, ...]
    dissatisfied_reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class SatisfactionRules:
    """The answers offered, which count as satisfied and which are left out of the rate (field-facts 8)."""

    scale: tuple[Satisfaction, ...]
    satisfied: tuple[Satisfaction, ...]
    excluded: tuple[Satisfaction, ...]

    def check(self) -> Iterator[Doubt]:
        for name in ("satisfied", "excluded"):
            for at, answer in enumerate(getattr(self, name)):
                if answer not in self.scale:
                    yield Doubt(f"{name}[{at}]", " scale 中的一项", answer.value)
        for at, answer in enumerate(self.excluded):
            if answer in self.satisfied:
                yield Doubt(f"excluded[{at}]", "不在 satisfied 中的一项", answer.value)


@dataclass(frozen=True, slots=True)
class AcceptanceRules:
    """What an intake form must hold, and the reasons for refusing (field-facts 3.3, 3.6)."""

    content_min: Count
    category_level: Positive
    anonymous_complaints: bool
    reports_confidential: bool
    rejections: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class DuplicateRules:
    """Windows in which a new order may be a duplicate (field-facts 3.7); radius and days may vary by category."""

    same_phone: Limit
    same_phone_and_category: Limit
    same_place_and_category: Limit
    radius_metres: Positive
    gathered_from: Positive
    repeat_within: Limit
    repeat_reopens: bool


@dataclass(frozen=True, slots=True)
class HarassmentRules:
    """How many harassing calls within `within` lead to persuading, refusing, reporting (field-facts 3.7)."""

    within: Limit
    persuade_from: Positive
    refuse_from: Positive
    report_from: Positive
    block: Limit
    supervisor_approves: bool


@dataclass(frozen=True, slots=True)
class ReplyRules:
    """What a unit's reply must hold before it may go to review (field-facts 3.3, 3.5; peers 6.9)."""

    length_min: Count
    contact_required: bool
    site_photos: bool
    suspicious_within: Limit


@dataclass(frozen=True, slots=True)
class VerifyRules:
    """What the grid's own worker must see on site before the citizen is called (field-facts X4, H17)."""

    disputes: bool
    sites: bool


@dataclass(frozen=True, slots=True)
class DeskRules:
    """Undo, revealing, archiving: times and caps of the console itself (product.md Beyond everyone)."""

    agent_may_dispatch: bool
    undo_seconds: Count
    reveals_per_hour: Positive
    export_rows_alone: Positive
    archive_days: Count


@dataclass(frozen=True, slots=True)
class LadderStep:
    """What is done once an order is this late (field-facts 4.3)."""

    after: Limit
    document: str
    level: SupervisionLevel
    copy_to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SupervisionRules:
    """Penalty points by level (field-facts 3.4 rule 9) and the overdue ladder."""

    penalties: Mapping[SupervisionLevel, Count]
    ladder: tuple[LadderStep, ...]


@dataclass(frozen=True, slots=True)
class VisitRule:
    """How often a group is visited at a risk level (field-facts 6.4)."""

    group: str
    risk: str
    interval_days: Positive
    first_within: Limit


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """Weights of the assessment out of 100, and points taken off (field-facts 8)."""

    weights: Mapping[str, Count]
    deductions: Mapping[str, Count]
    ranked: Positive

    def check(self) -> Iterator[Doubt]:
        total = sum(self.weights.values())
        if total != 100:
            yield Doubt("weights", "合计 100 的权重", total)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the organisation: its code length, whether it dispatches across units, and its own timer."""

    name: str
    digits: Positive
    commands: bool
    timer: Limit


@dataclass(frozen=True, slots=True)
class EscalationRules:
    """Levels from the top down; `skip` allows passing one over (field-facts 3.4 rule 3, X3)."""

    skip: bool
    on_expiry: LightAction
    levels: tuple[Level, ...]

    def check(self) -> Iterator[Doubt]:
        for at in range(1, len(self.levels)):
            if self.levels[at].digits <= self.levels[at - 1].digits:
                yield Doubt(
                    f"levels[{at}].digits", "比上一级更长的编码位数", self.levels[at].digits
                )


@dataclass(frozen=True, slots=True)
class Campaign:
    """A special campaign; a work order may be in several (field-facts K14)."""

    code: str
    name: str
    parent: str = ""
    words: tuple[str, ...] = ()
