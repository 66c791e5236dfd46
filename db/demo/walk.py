"""One work order walking through the offices: every step taken by somebody and allowed by the rules themselves."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from console.domain.case import Case, Step
from console.domain.lifecycle import advance
from console.domain.moves import MOVE_NAMES, Move
from console.domain.roles import Operator
from console.domain.rules import Rules
from console.domain.states import TicketState
from console.domain.undo import with_kept
from db.demo.appeals import Appeal
from db.demo.office import Office

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Now(Exception):
    """The present is reached; what comes after has not happened yet."""


@dataclass
class Record:
    """Something people wrote down beside the moves: a row of one of the side tables."""

    table: str
    values: dict[str, Any]


@dataclass
class History:
    """One work order's life: the case as it stands, its steps, what was written down."""

    appeal: Appeal
    case: Case
    steps: list[tuple[Step, str, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    states: list[TicketState] = field(default_factory=list)
    signers: dict[int, Operator] = field(default_factory=dict)
    reviewer: str = ""
    review_comment: str = ""

    def number(self, number: str) -> None:
        """Numbers are given once the channel is known."""
        self.case = replace(self.case, number=number)

    def join(self, main_number: str) -> None:
        """Name the work order this one was merged into, in the case and in the log."""
        self.case = replace(self.case, merged_into=main_number)
        self.steps = [
            (
                replace(step, inputs={**step.inputs, "main_number": main_number})
                if step.move is Move.MERGE
                else step,
                note,
                said,
            )
            for step, note, said in self.steps
        ]


class Walk:
    """Moves one case forward in time. `at` is when the last thing happened."""

    def __init__(
        self,
        rng: Random,
        office: Office,
        rules: Rules,
        history: History,
        now: datetime,
        stop: TicketState | None = None,
    ) -> None:
        self.rng, self.office, self.rules, self.history = rng, office, rules, history
        self.now, self.at, self.stop = now, history.case.created_at, stop

    @property
    def case(self) -> Case:
        return self.history.case

    def after(self, low: timedelta, high: timedelta, office_hours: bool = False) -> None:
        """Let time pass; office hours count only while offices are open. Raises Now at the present."""
        took = low + (high - low) * self.rng.random()
        calendar = self.rules.calendar
        self.until(calendar.add_worktime(self.at, took) if office_hours else self.at + took)

    def until(self, moment: datetime) -> None:
        if moment > self.now:
            raise Now
        self.at = max(self.at, moment.replace(microsecond=0))

    def do(
        self, move: Move, actor: Operator, note: str = "", said: str = "", /, **inputs: Any
    ) -> None:
        own = self.case.share_of(actor.unit_id)
        step = Step(move, actor, self.at, own.id if own else None, inputs)
        before, self.history.case = self.case, advance(self.case, step, self.rules)
        kept = with_kept(step, before, self.case)
        self.history.steps.append((kept, note or MOVE_NAMES[move], said))
        assert self.case.state is not None
        self.history.states.append(self.case.state)
        if move is Move.SIGN and own:
            self.history.signers[own.id] = actor
        if self.case.state is self.stop:
            raise Now

    def write(self, table: str, **values: Any) -> None:
        self.history.records.append(Record(table, values))
