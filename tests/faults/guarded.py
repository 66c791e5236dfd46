"""A guarded city for a crowd: everybody has an account and a database login of his or her own."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from console.domain.policy import default_pack
from console.domain.roles import Operator, Role
from db.engine import open_database
from db.models import Account
from db.security import grant_login, install, login_name
from db.setup import upgrade
from tests.world import PASSWORD, fill_world, operator

Place = tuple[Role, int | None]
# Far beyond the accounts of `tests.world`.
_FIRST = 1000


def people(places: Sequence[Place]) -> list[Operator]:
    """Somebody new for each role and unit."""
    return [
        replace(operator(role, unit), account_id=_FIRST + n, agent_no=f"T{n:04d}", name=f"演练{n}")
        for n, (role, unit) in enumerate(places)
    ]


def make_city(url: str, crowd: Sequence[Operator]) -> None:
    """The city of `tests.world` with its guard, the crowd's accounts, and a login for each."""
    upgrade(url)
    database = open_database(url)
    fill_world(database)
    with database.writing.begin() as session:
        session.add_all(_account(who) for who in crowd)
    database.close()
    engine = create_engine(url)
    with engine.begin() as connection:
        install(connection, default_pack().desk.reveals_per_hour)
        for who in crowd:
            grant_login(connection, who.agent_no.lower(), who.role, PASSWORD)
    engine.dispose()


def own_url(url: str, who: Operator) -> str:
    """The same database through that person's own login."""
    mine = make_url(url).set(username=login_name(who.agent_no.lower()), password=PASSWORD)
    return mine.render_as_string(hide_password=False)


def _account(who: Operator) -> Account:
    return Account(
        id=who.account_id, login=who.agent_no.lower(), agent_no=who.agent_no, name=who.name,
        role=who.role.value, unit_id=who.unit_id, demo=True,
    )  # fmt: skip
