"""A database that cannot hold every name, or orders by a language, would let a unit see beyond its branch."""

import psycopg
import pytest
from sqlalchemy.engine import make_url

from console.domain.errors import Unavailable
from db.setup import upgrade
from tests.server import own_server, sqlalchemy_url
from tests.strict_server import strict_server


def test_a_database_that_cannot_hold_every_name_is_refused() -> None:
    with own_server() as server:
        url = make_url(sqlalchemy_url(server))
        plain = url.set(drivername="postgresql").render_as_string(False)
        with psycopg.connect(plain, autocommit=True) as raw:
            raw.execute("create database wrong template template0 encoding 'LATIN1' locale 'C'")
        with pytest.raises(Unavailable, match="排序规则"):
            upgrade(url.set(database="wrong").render_as_string(False))
        assert upgrade(url.render_as_string(False))


def test_a_database_that_orders_by_a_language_is_refused() -> None:
    with strict_server() as server:
        with server.superuser() as raw:
            try:
                raw.execute(
                    "create database wrong template template0 encoding 'UTF8' locale_provider icu "
                    "icu_locale 'zh' locale 'C.UTF-8'"
                )
            except psycopg.errors.FeatureNotSupported:
                pytest.skip("this server is built without ICU")
            raw.execute("grant all on database wrong to hotline_owner")
        with pytest.raises(Unavailable, match="排序规则"):
            upgrade(server.owner_url("wrong"))
