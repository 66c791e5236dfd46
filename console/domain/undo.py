"""Undo that is real: what a step changed is kept in its log line and can be put back exactly (peers 6.4)."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from console.domain.case import Case, Share, Step
from console.domain.moves import Move
from console.domain.states import AssignmentState, TicketState

# A step of the right kind takes back the latest step of the left kind.
UNDONE_BY: dict[Move, Move] = {Move.MERGE: Move.UNMERGE, Move.GRANT_RETURN: Move.UNDO_GRANT}
TAKES_BACK: dict[Move, Move] = {undo: done for done, undo in UNDONE_BY.items()}
KEPT = "kept"
_MOMENT = "moment"
_SHARE_STATE: dict[str, Any] = {"state": AssignmentState}
_CASE_STATE: dict[str, Any] = {"state": TicketState, "suspended_from": TicketState}


def with_kept(step: Step, before: Case, after: Case) -> Step:
    """The step as the log keeps it: one that can be undone carries what it changed."""
    if step.move not in UNDONE_BY:
        return step
    return replace(step, inputs={**step.inputs, KEPT: difference(before, after)})


def difference(before: Case, after: Case) -> dict[str, Any]:
    """The old values of everything that differs, as JSON."""
    shares = {s.id: s for s in before.shares}
    changed = {str(s.id): _old(shares[s.id], s) for s in after.shares if s.id in shares}
    return {"case": _old(before, after), "shares": {k: v for k, v in changed.items() if v}}


def restored(case: Case, kept: Mapping[str, Any]) -> Case:
    """The case with the old values put back; what else has happened since stays."""
    for share in case.shares:
        old = kept["shares"].get(str(share.id))
        if old:
            case = case.with_share(replace(share, **_read(old, _SHARE_STATE)))
    return replace(case, **_read(kept["case"], _CASE_STATE))


def _old(before: Case | Share, after: Case | Share) -> dict[str, Any]:
    names = [f.name for f in fields(before) if f.name not in {"shares", "unit"}]
    return {
        name: _json(getattr(before, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _read(old: Mapping[str, Any], kinds: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value, kinds.get(name)) for name, value in old.items()}


def _value(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, Mapping):
        return datetime.fromisoformat(value[_MOMENT])
    if isinstance(value, list):
        return tuple(value)
    return kind(value) if kind else value
