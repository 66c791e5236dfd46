"""The overdue ladder: how late is late enough for which document, and what comes next (field-facts 4.3).

Pure arithmetic over the pack's `[[supervision.ladder]]`; the board shows it, the keeper acts by it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.domain.deadlines import due_time
from console.domain.policy_tables import LadderStep
from console.domain.states import SUPERVISION_NAMES, SupervisionLevel
from console.domain.worktime import WorkCalendar, moment_words

# A rung whose document is a letter of urging, not a supervision notice.
_URGING = "催办"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder for one work order: `number` counts from 1, `at` is when it falls due."""

    number: int
    at: datetime
    step: LadderStep

    @property
    def urges(self) -> bool:
        """Whether its document urges; otherwise it supervises."""
        return self.step.document.startswith(_URGING)

    @property
    def words(self) -> str:
        """`第2级 黄牌督办单（黄牌督办），抄送主要负责人、督查组`."""
        level = SUPERVISION_NAMES[self.step.level]
        named = f"（{level}）" if level and level not in self.step.document else ""
        copies = f"，抄送{'、'.join(self.step.copy_to)}" if self.step.copy_to else ""
        return f"第{self.number}级 {self.step.document}{named}{copies}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an overdue work order stands: rungs whose time has come, those of them not yet written, the next one.

    `next_at` is when anything happens again: now for a rung still to be written, else the next rung's time.
    """

    since: datetime
    reached: tuple[Rung, ...]
    owed: tuple[Rung, ...]
    next: Rung | None

    @property
    def highest(self) -> Rung | None:
        return self.reached[-1] if self.reached else None

    @property
    def next_at(self) -> datetime | None:
        return self.next.at if self.next is not None else None


def rungs(
    since: datetime, ladder: Sequence[LadderStep], calendar: WorkCalendar
) -> tuple[Rung, ...]:
    """The rungs of a work order that was due at `since`, in the pack's order; never before it is overdue."""
    return tuple(
        Rung(at + 1, max(since, due_time(step.after, calendar, since)), step)
        for at, step in enumerate(ladder)
    )


def standing(
    since: datetime,
    now: datetime,
    ladder: Sequence[LadderStep],
    calendar: WorkCalendar,
    written: Collection[int] = (),
) -> Standing | None:
    """The rungs due now and the next moment; None while the work order is not overdue.

    `written` are the numbers of rungs that stand in the database already. A work order whose clock is
    stopped must not be asked about: its due time moves on when it is resumed.
    """
    if now <= since:
        return None
    steps = rungs(since, ladder, calendar)
    reached = tuple(rung for rung in steps if rung.at <= now)
    owed = tuple(rung for rung in reached if rung.number not in written)
    coming = next((rung for rung in steps if rung.at > now and rung.number not in written), None)
    return Standing(since, reached, owed, coming)


def rung_key(ticket_id: int, since: datetime, number: int) -> str:
    """What makes a rung's record unique (`light_key`): written once for this due time, by whoever comes first."""
    return f"ladder:{ticket_id}:{since:%Y%m%d%H%M}:{number}"


def rungs_in(keys: Collection[str], ticket_id: int, since: datetime) -> frozenset[int]:
    """The numbers of the rungs already written for this due time, from the keys of the stored records."""
    before = rung_key(ticket_id, since, 0)[:-1]
    return frozenset(
        int(key[len(before) :])
        for key in keys
        if key.startswith(before) and key[len(before) :].isdigit()
    )


def covered(ladder: Sequence[LadderStep], level: SupervisionLevel) -> frozenset[int]:
    """Rungs that a supervision of this level has done already: raised by hand, the keeper need not do it again.

    A letter of urging is done only by a higher level: the red light's own supervision must not swallow it.
    """
    return frozenset(at + 1 for at, step in enumerate(ladder) if _covers(level, step))


def _covers(level: SupervisionLevel, step: LadderStep) -> bool:
    if step.document.startswith(_URGING):
        return SupervisionLevel.NONE < step.level < level
    return SupervisionLevel.NONE < step.level <= level


def ladder_lines(stands: Standing) -> tuple[str, ...]:
    """The arithmetic in sentences, one a rung, for the key that explains a light."""
    lines = [f"{moment_words(stands.since)} 到期，此后按阶梯处置"]
    owed = {rung.number for rung in stands.owed}
    for rung in stands.reached:
        state = "已到，尚未发出" if rung.number in owed else "已发出"
        lines.append(f"{rung.words}：逾期{rung.step.after}，{moment_words(rung.at)} {state}")
    if stands.next is not None:
        lines.append(
            f"下一步 {stands.next.words}：逾期{stands.next.step.after}，{moment_words(stands.next.at)} 到"
        )
    elif stands.reached:
        lines.append("已到最高一级")
    return tuple(lines)
