"""The database logins of operators: made, moved to another role, ended, cut off. Only the owner can."""

from datetime import datetime, timedelta
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, text

from console.domain.roles import Role
from db.engine import OPERATOR

# The keeper's own login, for `main.py keeper` as a service; nobody's account may be called so.
KEEPER = "keeper"
# Never more than this many connections of one login: window, reader, listener (architecture.md).
CONNECTIONS = 8
# The server says the same of a login that has run out and of a wrong password. So for a month the account's own date
# speaks first (it sees nothing from that day on), and the owner of it reads why; then the door itself is shut.
GRACE = timedelta(days=30)


def login_name(login: str) -> str:
    """The database role of an account."""
    return f"{OPERATOR}{login}"


def verifier(connection: Connection, login: str, password: str) -> str:
    """What the server keeps of a password: SCRAM, computed here, so that the word itself stands in no log."""
    raw: Any = connection.connection.driver_connection
    made: bytes = raw.pgconn.encrypt_password(
        password.encode(), login_name(login).encode(), b"scram-sha-256"
    )
    return made.decode()


def grant_login(
    connection: Connection, login: str, role: Role, password: str, until: datetime | None = None
) -> None:
    """Make or renew the database login of an account: SCRAM password, one role group, bounded connections."""
    name = sql.Identifier(login_name(login))
    # Nothing is said of superuser and the like: a new role has none, and only a superuser may repeat it.
    verb = "ALTER" if has_login(connection, login) else "CREATE"
    statement = sql.SQL("{} ROLE {} WITH LOGIN CONNECTION LIMIT {} PASSWORD {}").format(
        sql.SQL(verb),
        name,
        sql.Literal(CONNECTIONS),
        sql.Literal(verifier(connection, login, password)),
    )
    _run(connection, statement)
    set_end(connection, login, until)
    move_login(connection, login, role)


def move_login(connection: Connection, login: str, role: Role) -> None:
    """Make the login a member of this role's group and of no other of the hotline's."""
    name = sql.Identifier(login_name(login))
    rows = connection.execute(
        text(
            "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
            " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = :name AND g.rolname LIKE 'hotline\\_%'"
        ),
        {"name": login_name(login)},
    )
    before = {str(row[0]) for row in rows}
    for other in sorted(before - {group_name(role)}):
        _run(connection, sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(other), name))
    if group_name(role) not in before:
        _run(connection, sql.SQL("GRANT {} TO {}").format(sql.Identifier(group_name(role)), name))


def set_end(connection: Connection, login: str, until: datetime | None) -> None:
    """From `until` on the account sees nothing; some time later the server refuses the login itself."""
    last = (until + GRACE).isoformat() if until is not None else "infinity"
    name = sql.Identifier(login_name(login))
    _run(connection, sql.SQL("ALTER ROLE {} VALID UNTIL {}").format(name, sql.Literal(last)))


def admit_login(connection: Connection, login: str) -> bool:
    """Let a login in again with the password it had; False when there is none."""
    if not has_login(connection, login):
        return False
    _run(connection, sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(login_name(login))))
    return True


def revoke_login(connection: Connection, login: str) -> bool:
    """Cut a login off at once: no new connections, running sessions ended. False as `end_sessions`."""
    if not has_login(connection, login):
        return True
    _run(connection, sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(login_name(login))))
    return end_sessions(connection, login)


def end_sessions(connection: Connection, login: str) -> bool:
    """End what this login has running; False when the owner may not (`pg_signal_backend`, docs/operations.md).

    Even then it sees nothing more once its account is closed: the policies ask at every statement.
    """
    allowed = text(
        "SELECT pg_has_role('pg_signal_backend', 'USAGE') OR rolsuper FROM pg_roles"
        " WHERE rolname = current_user"
    )
    if not connection.scalar(allowed):
        return False
    connection.execute(
        text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :name"),
        {"name": login_name(login)},
    )
    return True


def has_login(connection: Connection, login: str) -> bool:
    count = text("SELECT count(*) FROM pg_roles WHERE rolname = :name")
    return bool(connection.scalar(count, {"name": login_name(login)}))


def group_name(role: Role) -> str:
    return f"hotline_{role.value}"


def _run(connection: Connection, statement: sql.Composed) -> None:
    raw: Any = connection.connection.driver_connection
    connection.exec_driver_sql(statement.as_string(raw).replace("%", "%%"))
