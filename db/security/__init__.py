"""PostgreSQL's own guard: roles, grants, row policies, definer functions (docs/decisions/011).

Two-tier programs are only as safe as their database logins, so every operator is one, and the database
decides what that login can read and do. The `.sql` files beside this one are run in order by the owner of the
schema, again after each upgrade: they only state how things shall be.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, text

from console.domain.lifecycle import TABLE, Rule
from console.domain.moves import Move
from console.domain.names import TITLES
from console.domain.roles import CENTRE_ROLES, UNIT_ROLES, Role
from console.domain.states import TicketState
from db.models import Base, TicketEvent
from db.security.logins import grant_login, login_name, revoke_login
from db.spoken import struck_columns

__all__ = ["grant_login", "install", "leads_to", "login_name", "revoke_login"]
S = TicketState
FOLDER = Path(__file__).parent
# Rows of the lifecycle whose target the effect decides.
_LEADS: dict[Move, frozenset[TicketState | None]] = {
    Move.UNMERGE: frozenset(
        {S.PENDING_ACCEPT, S.PENDING_DISPATCH, S.PENDING_SIGN, S.IN_PROGRESS, S.REDO, S.SUSPENDED}
    ),
    Move.SIGN: frozenset({S.IN_PROGRESS}),
    Move.ESCALATE: frozenset({S.PENDING_DISPATCH}),
    Move.UNDO_RETURN: frozenset({S.PENDING_SIGN, S.IN_PROGRESS}),
    Move.UNDO_GRANT: frozenset({S.RETURN_REVIEW}),
    Move.RESUME: frozenset({S.IN_PROGRESS, S.REDO}),
    Move.REPLY: frozenset({S.PENDING_REVIEW}),
    Move.PASS_REVIEW: frozenset({S.PENDING_VERIFY, S.PENDING_CALLBACK}),
}
# Whose work includes seeing who saw whom.
AUDITORS = frozenset({Role.SUPERVISOR, Role.OVERSEER, Role.INSPECTOR})


def install(connection: Connection, reveals_per_hour: int = 20) -> None:
    """Make or renew everything, as the owner of the schema. Idempotent."""
    for file in sorted(FOLDER.glob("*.sql")):
        connection.exec_driver_sql(_filled(file.read_text("utf-8")).replace("%", "%%"))
    _load_rules(connection)
    connection.execute(text("DELETE FROM reveal_limit"))
    connection.execute(text("INSERT INTO reveal_limit VALUES (:most)"), {"most": reveals_per_hour})


def _filled(script: str) -> str:
    lists: dict[str, Iterable[str]] = {
        "roles": Role,
        "centre_roles": CENTRE_ROLES,
        "unit_roles": UNIT_ROLES,
        "auditor_roles": AUDITORS,
        "private_columns": _private_columns(),
        "titles": TITLES,
    }
    for name, words in lists.items():
        script = script.replace(f":{name}", f"'{','.join(sorted(words))}'")
    return script.replace(":spoken", f"'{';'.join(_spoken_tables())}'")


def _private_columns() -> Iterator[str]:
    """Every column that is not read with its row (db/models/private.py), as table.column."""
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            if attribute.deferred:
                yield f"{mapper.class_.__tablename__}.{attribute.columns[0].name}"


def _spoken_tables() -> Iterator[str]:
    """Tables with free text about a work order and those columns: the log's inputs hold such texts too."""
    kinds: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    for kind in sorted(kinds, key=lambda one: one.__tablename__):
        columns = struck_columns(kind)
        if kind is TicketEvent:
            columns = (*columns, "inputs")
        if columns:
            yield f"{kind.__tablename__}:{','.join(columns)}"


def _load_rules(connection: Connection) -> None:
    """The lifecycle table, so that the trigger asks the same question as the program."""
    connection.execute(text("DELETE FROM lifecycle_rule"))
    connection.execute(
        text("INSERT INTO lifecycle_rule VALUES (:move, :role, :from_state, :to_state)"),
        [
            dict(zip(("move", "role", "from_state", "to_state"), row, strict=True))
            for row in sorted(lifecycle_rows())
        ],
    )


def lifecycle_rows() -> set[tuple[str, str, str, str]]:
    """Move, role, state before and after: everything the table of the lifecycle allows."""
    return {
        (rule.move.value, role.value, _state(state), _state(target))
        for rule in TABLE
        for role in rule.roles
        for state in rule.states
        for target in leads_to(rule, state)
    }


def leads_to(rule: Rule, state: TicketState | None) -> frozenset[TicketState | None]:
    """Where a move may bring a work order from `state`; one without a target of its own mostly leaves it."""
    if rule.to is not None:
        return frozenset({rule.to})
    return _LEADS.get(rule.move, frozenset()) | {state}


def _state(state: object) -> str:
    return "" if state is None else str(state)
