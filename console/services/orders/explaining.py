"""Why a deadline is what it is: the flow log lived through again, every change of the due time told (peers 6.7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from console.domain.case import Case, Step
from console.domain.deadlines import explain, redo_limit
from console.domain.lifecycle import replay
from console.domain.lights import explain_light
from console.domain.moves import MOVE_NAMES, Move
from console.domain.roles import Operator, Role
from console.domain.rules import Rules
from console.domain.worktime import moment_words
from console.ledger.rows import ticket_timed
from db.models import Ticket, TicketEvent

# Moves that set a new limit; the others only move the one there is.
_FRESH = frozenset(
    {Move.DISPATCH, Move.DESIGNATE, Move.REDO, Move.REOPEN, Move.FAIL_REVIEW, Move.FAIL_VERIFY}
)
_REDOES = _FRESH - {Move.DISPATCH, Move.DESIGNATE}


@dataclass(frozen=True, slots=True)
class _Turn:
    """One event after which the due time was another."""

    move: Move
    at: datetime
    before: Case
    after: Case


def deadline_lines(
    ticket: Ticket, events: Sequence[TicketEvent], now: datetime, rules: Rules
) -> tuple[str, ...]:
    """The limit's arithmetic, what extended or stopped it since, then the light's thresholds."""
    turns = tuple(_turns(ticket, events, rules))
    due = turns[-1].after.finish_due if turns else None
    stored = ticket.finish_due or ticket.total_due
    lines = [*_turn_lines(turns, rules)]
    if stored is not None and due != stored and ticket.closed_at is None:
        lines.append(f"登记的时限为 {moment_words(stored)}，与现行规则推算的不同，以登记的为准")
    return (
        *lines,
        *explain_light(ticket_timed(ticket, rules), now, rules.pack.lights, rules.calendar),
    )


def _turns(ticket: Ticket, events: Sequence[TicketEvent], rules: Rules) -> Iterator[_Turn]:
    case = Case(
        ticket.number,
        ticket.nature,
        ticket.urgency,
        ticket.channel,
        ticket.created_at,
        ticket.creator_id,
    )
    for event in events:
        step = Step(Move(event.move), _actor(event), event.at, event.share_seq, event.inputs)
        after = replay(case, step, rules)
        moved = after.finish_due != case.finish_due or step.move in _FRESH
        if moved and after.finish_due is not None:
            yield _Turn(step.move, event.at, case, after)
        case = after


def _actor(event: TicketEvent) -> Operator:
    unit = event.unit_id or 0
    return Operator(
        event.actor_id or 0, "", event.actor_name, Role(event.actor_role), unit, event.unit_name, ""
    )


def _turn_lines(turns: Sequence[_Turn], rules: Rules) -> Iterator[str]:
    """Earlier limits in one line each; the one in force with all its arithmetic, then what moved it."""
    last_fresh = max((at for at, turn in enumerate(turns) if turn.move in _FRESH), default=0)
    for at, turn in enumerate(turns):
        if at < last_fresh:
            yield f"{moment_words(turn.at)} {MOVE_NAMES[turn.move]}，当时时限 {_due(turn.after)}"
        elif at == last_fresh:
            yield from _fresh_lines(turn, rules)
        else:
            yield _moved_line(turn)


def _fresh_lines(turn: _Turn, rules: Rules) -> Iterator[str]:
    case, pack = turn.after, rules.pack
    limits = rules.limits(case)
    if turn.move in _REDOES:
        limit = redo_limit(limits.finish, pack.redo.percent, pack.redo.minimum)
        yield f"{MOVE_NAMES[turn.move]}：重办时限为原时限 {limits.finish} 的 {pack.redo.percent}%"
        yield from explain(
            limit, rules.calendar, turn.at, started=MOVE_NAMES[turn.move], ended="重办"
        )
    elif turn.move in _FRESH:
        yield from rules.due(case, turn.at).explanation
        if case.total_due is not None and case.total_due != case.finish_due:
            yield f"对诉求人的总时限自受理起算，为 {moment_words(case.total_due)}，改派不重算"
    else:
        yield from explain(limits.finish, rules.calendar, turn.at, started=MOVE_NAMES[turn.move])


def _moved_line(turn: _Turn) -> str:
    before, due = turn.before, _due(turn.after)
    if turn.move is Move.GRANT_EXTENSION:
        return f"{moment_words(turn.at)} 同意延期 {before.extension_asked} 个工作日：{_due(before)} 顺延至 {due}"
    if turn.move is Move.RESUME and before.suspended_at is not None:
        stopped = (
            f"{moment_words(before.suspended_at)} 挂起，{moment_words(turn.at)} 恢复，挂起期间停表"
        )
        return f"{stopped}：{_due(before)} 顺延至 {due}"
    return f"{moment_words(turn.at)} {MOVE_NAMES[turn.move]}：时限改为 {due}"


def _due(case: Case) -> str:
    return moment_words(case.finish_due) if case.finish_due else "未定"
