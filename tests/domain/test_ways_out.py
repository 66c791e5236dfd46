"""No dead ends: from wherever random people have brought a work order, somebody can bring it to its end."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from console.domain.case import Case, Share, Step
from console.domain.errors import UserError
from console.domain.lifecycle import advance
from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.states import (
    TERMINAL_STATES,
    AssignmentKind,
    AssignmentState,
    TicketState,
)
from tests.domain.test_lifecycle import (
    AGENT,
    BUREAU,
    CITY,
    CLERK,
    DISPATCHER,
    FIRST,
    INPUTS,
    OVERSEER,
    PEOPLE,
    REVISITOR,
    STREET,
    SUPERVISOR,
    Histories,
    _wander,
)

S, A, M = TicketState, AssignmentState, Move
MOST_STEPS = 60


def staff_of(unit_id: int, *roles: Role) -> Operator:
    return next(p for p in PEOPLE if p.unit_id == unit_id and (not roles or p.role in roles))


class Finisher:
    """Does what sensible people would do to bring one case to an end; each step must be allowed."""

    def __init__(self, case: Case, at: datetime) -> None:
        self.case, self.at = case, at
        self.steps: list[Move] = []

    def finish(self) -> Case:
        while self.case.state not in TERMINAL_STATES:
            assert len(self.steps) < MOST_STEPS, self.steps
            self.at += timedelta(minutes=7)
            self._next()
        return self.case

    def _do(
        self, move: Move, actor: Operator, share: Share | None = None, **inputs: object
    ) -> None:
        given = {**INPUTS, **inputs}
        step = Step(move, actor, self.at, share.id if share else None, given)
        self.case = advance(self.case, step, CITY)
        self.steps.append(move)

    def _next(self) -> None:
        state = self.case.state
        if state in (S.IN_PROGRESS, S.REDO, S.PENDING_SIGN):
            self._handle()
        elif state is S.PENDING_DISPATCH:
            self._send()
        elif state is S.PENDING_VERIFY:
            self._verify()
        elif state is S.CLOSED:
            self._file()
        else:
            move, actor = PLAIN[state]
            self._do(move, actor)

    def _send(self) -> None:
        about = self.case.confidential and self.case.respondent_unit_id
        unit = BUREAU if about == STREET["id"] else STREET
        again = self.case.return_count >= CITY.pack.returns.dispatches
        self._do(M.DESIGNATE if again else M.DISPATCH, DISPATCHER, unit=unit, co_units=[])

    def _handle(self) -> None:
        """Co-units and the deepest children first; what blocks is answered, signed and replied to."""
        owing = [s for s in self.case.shares if s.owes]
        blocked = {s.parent_id for s in owing}
        ready = [s for s in owing if s.id not in blocked]
        ready.sort(key=lambda s: (s.kind is AssignmentKind.LEAD and s.parent_id is None, -s.id))
        share = next((s for s in ready if s.state is A.PENDING_SIGN), ready[0])
        if share.state is A.PENDING_SIGN:
            self._do(M.SIGN, staff_of(share.unit.id), share)
        elif share.state is A.PASSED_DOWN:
            raise AssertionError("passed down to nobody")
        elif share.responded_at is None:
            self._do(M.CONTACT, staff_of(share.unit.id), share)
        else:
            self._do(M.REPLY, staff_of(share.unit.id), share)

    def _verify(self) -> None:
        who = [p for p in PEOPLE if p.role in (Role.GRID_WORKER, Role.GRID_LEADER)]
        for person in who:
            try:
                self._do(M.PASS_VERIFY, person)
            except UserError:
                continue
            return
        self._do(M.CANCEL_VERIFY, OVERSEER)

    def _file(self) -> None:
        if self.case.supervision:
            self._do(M.LIFT_SUPERVISION, OVERSEER)
        elif self.case.open_promises:
            self._do(M.KEEP_PROMISE, AGENT)
        elif self.case.dispute and not self.case.signed_off:
            self._do(M.ARCHIVE, SUPERVISOR)
        else:
            self._do(M.ARCHIVE, CLERK, reason="")


PLAIN = {
    S.DRAFT: (M.DISCARD, AGENT),
    S.PENDING_ACCEPT: (M.ACCEPT, DISPATCHER),
    S.RETURN_REVIEW: (M.REFUSE_RETURN, DISPATCHER),
    S.SUSPENDED: (M.RESUME, OVERSEER),
    S.PENDING_REVIEW: (M.PASS_REVIEW, DISPATCHER),
    S.PENDING_CALLBACK: (M.CLOSE, REVISITOR),
}


@pytest.mark.parametrize("seed", range(40))
def test_every_history_can_be_brought_to_its_end(seed: int) -> None:
    """After every single random step somebody can still finish, whatever the case has become."""
    chance = random.Random(seed)
    walk = Histories()
    walk.begins(chance.choice(FIRST), seed)
    for _ in range(45):
        _wander(walk, chance)
        if walk.case.state is not None:
            finished = Finisher(walk.case, walk.now).finish()
            assert finished.state in TERMINAL_STATES


def test_the_finisher_itself_is_no_rubber_stamp() -> None:
    """It fails where the table really offers nothing: a case that claims to be passed down to nobody."""
    walk = Histories()
    walk.begins(M.REGISTER, 0)
    finisher = Finisher(walk.case, walk.now)
    finisher._do(M.DISPATCH, DISPATCHER, unit=STREET, co_units=[])
    finisher._do(M.SIGN, staff_of(STREET["id"]), finisher.case.shares[0])
    stuck = finisher.case.with_share(replace(finisher.case.shares[0], state=A.PASSED_DOWN))
    with pytest.raises(AssertionError, match="nobody"):
        Finisher(stuck, finisher.at).finish()
