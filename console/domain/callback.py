"""Whom a work order calls back, what each has said, and what closing or redoing would mean (field-facts 3.3, 9.7).

Every appellant counts for himself: the caller and everyone who joined (peers 6.3). Pure data; times are aware UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from console.domain.desks import CallbackAnswers
from console.domain.errors import Invalid, InvalidForm
from console.domain.promises import PromiseLine
from console.domain.states import (
    RESOLUTION_NAMES,
    SATISFACTION_NAMES,
    Resolution,
    Satisfaction,
)
from console.domain.worktime import civil, moment_words

NO_NUMBER, NO_REPLY_WANTED = "未留号码", "不要求回复"
UNHAPPY = frozenset({Satisfaction.DISSATISFIED, Satisfaction.VERY_DISSATISFIED})
UNSOLVED = frozenset({Resolution.UNRESOLVED.value, Resolution.PARTLY.value})
NO_ANSWERS = CallbackAnswers()


@dataclass(frozen=True, slots=True)
class Callee:
    """One appellant in this round of calls; name and number are masked.

    `id` 0: the caller of a work order without a row of its own. `excused` says why nobody calls. `ring_from`: not
    reached, and to be rung again from then on.
    """

    id: int
    name: str
    phone: str
    main: bool
    number: str = ""
    said: str = ""
    excused: str = ""
    heard: CallbackAnswers | None = None
    tries: int = 0
    enough: bool = False
    ring_from: datetime | None = None
    earlier: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Nothing more is owed to this one before closing."""
        return bool(self.excused) or self.heard is not None or self.enough

    def waits(self, now: datetime) -> bool:
        """Rung in vain a short while ago; earlier only with a reason."""
        return not self.settled and self.ring_from is not None and now < self.ring_from


@dataclass(frozen=True, slots=True)
class Outlook:
    """What ordering it done again would mean, said before it is confirmed (field-facts 4.2 rule 4)."""

    unit: str
    due: datetime
    limit: str
    times: int
    supervised: bool
    allowed: int

    @property
    def words(self) -> str:
        """发回清风街道，须于11月25日（周三）17:30 前重新办结（原时限的50%，至少1工作日）。"""
        return f"发回{self.unit}，须于{moment_words(self.due)} 前重新办结（{self.limit}）。"

    @property
    def warning(self) -> str:
        """Said when the pack's number of redos is used up (待督办, field-facts 3.1)."""
        if not self.supervised:
            return ""
        return f"已重办 {self.times} 次（规定最多 {self.allowed} 次），这次发回将转为待督办，自动列入普通督办。"


@dataclass(frozen=True, slots=True)
class CallRound:
    """Everything the callback desk needs beside the case: whom to call, what was promised, what comes after."""

    ticket_id: int
    version: int
    callees: tuple[Callee, ...]
    tries: int
    now: datetime
    promises: tuple[PromiseLine, ...] = ()
    obstacles: tuple[str, ...] = ()
    outlook: Outlook | None = None
    claimed: str = ""
    waived: str = ""

    def callee(self, callee_id: int) -> Callee | None:
        return next((c for c in self.callees if c.id == callee_id), None)

    @property
    def next(self) -> Callee | None:
        """Whom to call now: the first who may be rung, else the first who waits."""
        open_ones = [c for c in self.callees if not c.settled]
        ready = (c for c in open_ones if not c.waits(self.now))
        return next(ready, open_ones[0] if open_ones else None)

    def others_open(self, callee_id: int) -> int:
        """How many besides this one are still to be called."""
        return sum(not c.settled for c in self.callees if c.id != callee_id)


def unheard(callees: Iterable[Callee]) -> int:
    """How many who joined are neither heard nor tried often enough; the caller's own answers the table asks for."""
    return sum(not c.settled for c in callees if not c.main)


def progress(callees: tuple[Callee, ...], now: datetime) -> str:
    """The queue's words: 3 位诉求人，已回访 1；下次可拨 15:20. Empty for one caller not yet rung."""
    parts = []
    if len(callees) > 1:
        done = sum(c.settled for c in callees)
        parts.append(f"{len(callees)} 位诉求人，已回访 {done}")
    elif callees and callees[0].tries:
        parts.append(f"{callees[0].tries} 次未通")
    again = ring_again(callees, now)
    if again is not None:
        parts.append(f"下次可拨 {clock_words(again, now)}")
    return "；".join(parts)


def ring_again(callees: tuple[Callee, ...], now: datetime) -> datetime | None:
    """When everyone still owed a call waits: the first moment one may be rung. None when there is work now."""
    open_ones = [c for c in callees if not c.settled]
    if not open_ones or not all(c.waits(now) for c in open_ones):
        return None
    return min(c.ring_from for c in open_ones if c.ring_from is not None)


def clock_words(at: datetime, now: datetime) -> str:
    """15:20 today, 11月23日（周一）15:20 on another day."""
    same = civil(at).date() == civil(now).date()
    return f"{civil(at):%H:%M}" if same else moment_words(at)


def require_answers(answers: CallbackAnswers) -> None:
    """The three answers and, where dissatisfied, why. Raises InvalidForm beside the questions."""
    faults = []
    if answers.contacted is None:
        faults.append(Invalid("请记录承办单位是否联系过来电人", field="contacted"))
    if not answers.resolution:
        faults.append(Invalid("请记录问题是否解决", field="resolution"))
    if answers.satisfaction is None:
        faults.append(Invalid("请记录对承办单位的满意度", field="satisfaction"))
    elif answers.satisfaction in UNHAPPY and not answers.dissatisfied_reason:
        faults.append(Invalid("请选择不满意的原因", field="dissatisfied_reason"))
    if faults:
        raise InvalidForm(tuple(faults))


def is_cross(answers: CallbackAnswers) -> bool:
    """Not satisfied, or the matter is not solved: to be done again unless there is a reason not to."""
    return answers.satisfaction in UNHAPPY or answers.resolution == Resolution.UNRESOLVED.value


def require_reason_to_close(answers: CallbackAnswers, name: str = "") -> None:
    """Closed against the citizen's word only with a sentence why."""
    if is_cross(answers) and not answers.comment.strip():
        said = "未解决" if answers.resolution == Resolution.UNRESOLVED.value else "不满意"
        raise Invalid(
            f"诉求人{name}表示{said}，仍要结案的请写明理由", "可按 Ctrl+B 发回重办", "comment"
        )


def contradicts(claimed: str, answers: CallbackAnswers) -> bool:
    """The unit said 已解决 and the citizen says it is not (peers 6.9)."""
    solved = claimed == Resolution.RESOLVED.value
    return solved and answers.resolution == Resolution.UNRESOLVED.value


def worst(heard: Iterable[CallbackAnswers]) -> CallbackAnswers | None:
    """The least satisfied of several; those without an opinion count least."""
    scale = {value: at for at, value in enumerate(Satisfaction)} | {Satisfaction.NO_COMMENT: -1}
    found = [a for a in heard if a.satisfaction is not None]
    return max(found, key=lambda a: scale[a.satisfaction or Satisfaction.NO_COMMENT], default=None)


def answer_words(answers: CallbackAnswers) -> str:
    """One person's answers in a line: 联系过　已解决　满意."""
    contact = {True: "联系过", False: "没有联系", None: ""}[answers.contacted]
    solved = RESOLUTION_NAMES[Resolution(answers.resolution)] if answers.resolution else ""
    happy = SATISFACTION_NAMES[answers.satisfaction] if answers.satisfaction else ""
    return "　".join(filter(None, (contact, solved, happy, answers.dissatisfied_reason)))


def said_by_when(far: str, due: datetime | None, now: datetime) -> str:
    """How far it is, and the callback's own clock: late first of all, else the moment where there is room (4.1)."""
    if due is None:
        return far
    if now > due:
        return "，".join(filter(None, ("回访超时", far)))
    return far or f"{civil(due):%m-%d %H:%M} 前回访"
