"""Guards that decide whether a move is offered at all."""

from console.domain.guards.beside import has_open_promise, under_supervision, within_command
from console.domain.guards.checking import agent_may_reopen, own_subtree, was_dispatched
from console.domain.guards.handling import extension_asked
from console.domain.guards.intake import from_police, with_police
from console.domain.guards.kind import Guard

# What case and person alone decide: where one of these fails, the move is not even offered.
BY_CASE_ALONE: frozenset[Guard] = frozenset(
    {
        from_police,
        with_police,
        has_open_promise,
        extension_asked,
        under_supervision,
        was_dispatched,
        within_command,
        own_subtree,
        agent_may_reopen,
    }
)
