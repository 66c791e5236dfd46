"""`db check --audit`: a line altered, taken out or put in behind the chain's back is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from console.domain.roles import Role
from console.ledger.audit import record
from console.ledger.chain import examine
from db.engine import Database, open_database
from tests.server import server_url
from tests.world import fill_world, make_world, seat_for

LINES = 8


@pytest.fixture(params=["sqlite", "postgresql"])
def audited(request, tmp_path: Path) -> Iterator[Database]:
    """A chain of some lines, on both databases."""
    if request.param == "sqlite":
        database = make_world(tmp_path / "world.db")
        _write(database)
        yield database
        database.close()
        return
    with server_url() as url:
        from db.setup import upgrade

        upgrade(url)
        database = open_database(url)
        with database.reading() as session:
            empty = session.scalar(text("select count(*) from city")) == 0
        if empty:
            fill_world(database)
        _write(database)
        yield database
        with database.writing.begin() as session:
            session.execute(text("truncate audit_entry"))
        database.close()


def _write(database: Database) -> None:
    seat = seat_for(database, Role.SUPERVISOR)
    for number in range(LINES):
        with database.writing.begin() as session:
            details = {"页": number, "长": "𡐓", "b": [1, True, None]} if number % 2 else {}
            record(session, seat, "print", ("ticket", f"2026{number}"), "核对", details=details)


def _words(database: Database, *statements: str, known: str = "") -> list[str]:
    with database.writing.begin() as session:
        for statement in statements:
            session.execute(text(statement))
    with database.reading() as session:
        return [doubt.words for doubt in examine(session, known).doubts]


def _ids(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(text("select id from audit_entry order by id")))


def test_an_untouched_chain_is_whole_and_its_end_can_be_kept(audited: Database) -> None:
    with audited.reading() as session:
        found = examine(session)
        assert (found.lines, found.whole) == (LINES, True)
        assert examine(session, found.end).whole


def test_an_altered_line_is_named(audited: Database) -> None:
    at = _ids(audited)[3]
    (said,) = _words(audited, f"update audit_entry set reason = '别的' where id = {at}")
    assert f"第 {at} 行被改动" in said
    assert "print" in said


def test_a_line_taken_out_is_named(audited: Database) -> None:
    at = _ids(audited)[3]
    (said,) = _words(audited, f"delete from audit_entry where id = {at}")
    assert f"第 {at} 行被删去" in said


def test_a_line_put_in_is_named(audited: Database) -> None:
    ids = _ids(audited)
    columns = (
        "at, account_id, actor_name, workstation, action, subject_kind, subject_key, phone_digest, reason,"
        " details"
    )
    at = ids[3]
    said = _words(
        audited,
        f"update audit_entry set id = id + 1000 where id > {at}",
        f"insert into audit_entry (id, {columns}, digest)"
        f" select {at + 1}, {columns}, '{'0' * 64}' from audit_entry where id = {at}",
    )
    assert any(f"第 {at + 1} 行是后来插入的" in words for words in said), said


def test_lines_cut_off_at_the_end_show_against_an_end_kept_before(audited: Database) -> None:
    with audited.reading() as session:
        end = examine(session).end
    at = _ids(audited)[-1]
    assert _words(audited, f"delete from audit_entry where id = {at}") == []
    (said,) = _words(audited, known=end)
    assert f"记下的第 {at} 行已不在" in said
