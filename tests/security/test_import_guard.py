"""Importing is no way to look people up: what a list of numbers tells, what is read back, what a rollback hides."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest
from psycopg import sql

from console.ledger.audit import verify_chain
from db.engine import Database
from tests.importing.files import identity
from tests.security import insiders as office
from tests.security.insiders import owner, psql
from tests.security.tries import AGENT, OTHER_STREET, STREET_DESK

# The two residents of the small city (tests/world.py), of the grids of STREET_DESK's street.
KNOWN, NAME, PHONE = "990101196001010011", "叶长青", "19900001234"
Rows = Sequence[dict[str, Any]]
COLUMNS = (
    "insert into person (id, name, name_masked, former_name, sought, initials, other_initials, name_pieces, id_number,"
    " id_masked, id_key, sex, born_on, ethnicity, native_place, marital_state, political_status, education, religion,"
    " occupation, workplace, phone, phone_masked, phone_key, phone_end, registered_address, home_address, home,"
    " grid_id, relation, residence_kind, special_attributes, class_details, emergency_contact, emergency_phone, state,"
    " version) "
)


def born(number: str, phone: str, id_: int, more: str = "") -> str:
    """A row of the register, as a client would write it."""
    return (
        f"select {id_}, '石磊', '石*', '', '', '', '', '', '{number}', '', '', '男', date '1960-01-01', '', '', '',"
        f" '', '', '', '', '', '{phone}', '', '', '', '', '', '', 30, '', '', '', '{{}}'::jsonb, '', '', 'active',"
        f" 1{more}"
    )


@pytest.fixture
def city(guarded_server: str) -> Iterator[Database]:
    with office.lent_city(guarded_server) as db:
        yield db


def asked(raw: psycopg.Connection[Any], rows: Rows, register: str = "person") -> int:
    """Ask the server about a file, as the console does; the number of the asking."""
    with raw.transaction():
        asking = raw.execute("select hotline.ask_known(%s)", (register,)).fetchone()[0]  # type: ignore[index]
        for start in range(0, len(rows), 5000):
            piece = json.dumps(
                [{"at": at, **row} for at, row in enumerate(rows[start : start + 5000], start)]
            )
            raw.execute("select hotline.compare_known(%s, %s)", (asking, piece))
        raw.execute("select hotline.close_known(%s, 'file', '')", (asking,))
    return int(asking)


def told(raw: psycopg.Connection[Any], asking: int) -> list[tuple[Any, ...]]:
    return raw.execute("select * from hotline.tell_known(%s) order by place", (asking,)).fetchall()


def row(number: str, **values: str) -> dict[str, Any]:
    return {"key": number, "values": values}


def importing(raw: psycopg.Connection[Any], numbers: Sequence[str]) -> None:
    """A transaction that imports what was asked about, begun on this connection."""
    asking = asked(raw, [row(number, name="石磊") for number in numbers])
    raw.execute("begin")
    raw.execute("select hotline.begin_import(%s)", (asking,))


# --- what the answer tells


def test_whoever_has_number_and_name_learns_which_row_and_what_differs_but_no_value(city) -> None:
    with psql(city, STREET_DESK) as raw:
        rows = [
            row(KNOWN, name=NAME, phone=PHONE, home_address="别处"),
            row(identity(7), name="石磊"),
        ]
        assert told(raw, asked(raw, rows)) == [(0, "here", 1, 1, ["home_address"])]


def test_a_list_of_numbers_without_names_leads_to_no_row(city) -> None:
    with psql(city, STREET_DESK) as raw:
        assert told(
            raw, asked(raw, [row(KNOWN), row(KNOWN[:-2] + "21", name="石磊", phone=PHONE)])
        ) == [
            (0, "other", None, None, []),
            (1, "other", None, None, []),
        ]


def test_elsewhere_is_all_that_another_street_is_told(city) -> None:
    with psql(city, OTHER_STREET) as raw:
        rows = [row(KNOWN, name=NAME, phone=PHONE)]
        assert told(raw, asked(raw, rows)) == [(0, "elsewhere", None, None, [])]


def test_every_asking_stands_in_the_audit_with_how_many_it_named(city) -> None:
    with psql(city, OTHER_STREET) as raw:
        asked(raw, [row(KNOWN, name=NAME), *(row(identity(n)) for n in range(1, 50))])
    with owner(city) as root:
        action, actor, details = root.execute(  # type: ignore[misc]
            "select action, actor_name, details from audit_entry order by id desc limit 1"
        ).fetchone()
    assert (action, actor) == ("import_check", "吴月 S111")
    assert (details["rows"], details["known"], details["strange"]) == (50, 1, 1)
    with city.reading() as session:
        assert verify_chain(session) is None


def test_nothing_is_told_before_the_asking_is_committed_or_after_it_is_rolled_back(city) -> None:
    with psql(city, STREET_DESK) as raw:
        raw.execute("begin")
        asking = raw.execute("select hotline.ask_known('person')").fetchone()[0]  # type: ignore[index]
        piece = json.dumps([{"at": 0, **row(KNOWN, name=NAME)}])
        raw.execute("select hotline.compare_known(%s, %s)", (asking, piece))
        raw.execute("select hotline.close_known(%s, '', '')", (asking,))
        raw.execute("savepoint a")
        with pytest.raises(psycopg.Error, match="not for you"):
            told(raw, asking)
        raw.execute("rollback")
        with pytest.raises(psycopg.Error, match="not for you"):
            told(raw, asking)
    with psql(city, STREET_DESK) as raw, psql(city, OTHER_STREET) as other:
        mine = asked(raw, [row(KNOWN, name=NAME)])
        with pytest.raises(psycopg.Error, match="not for you"):
            told(other, mine)
        # Without its line in the audit an asking is none.
        with raw.transaction():
            unsaid = raw.execute("select hotline.ask_known('person')").fetchone()[0]  # type: ignore[index]
            raw.execute("select hotline.compare_known(%s, %s)", (unsaid, piece))
        with pytest.raises(psycopg.Error, match="not for you"):
            told(raw, unsaid)


def test_a_number_is_not_guessed_digit_by_digit(city) -> None:
    with psql(city, STREET_DESK) as raw:
        # A thousand guesses for one person in one file are one guess.
        many = [row(KNOWN, name=NAME, phone=f"1990{n:07d}") for n in range(1000)]
        assert len(told(raw, asked(raw, many))) == 1
        for n in range(11):
            (answer,) = told(raw, asked(raw, [row(KNOWN, name=NAME, phone=f"1990{n:07d}")]))
            assert answer[1] == "here"
        # The dozen of this day is over, in other sessions too, and for the register of homes the same person's is not.
        with psql(city, STREET_DESK) as again:
            (answer,) = told(again, asked(again, [row(KNOWN, name=NAME, phone=PHONE)]))
        assert answer == (0, "often", None, None, [])


def test_a_list_that_names_many_registered_elsewhere_is_refused_and_logged(city) -> None:
    with owner(city) as root:
        for n in range(1, 900):
            root.execute(COLUMNS + born(identity(n), "", 1000 + n))  # type: ignore[arg-type]
    with psql(city, OTHER_STREET) as raw:
        rows = [row(identity(n), name="石磊") for n in range(1, 320)]
        with pytest.raises(psycopg.Error, match="too many people") as refused:
            asked(raw, rows)
        assert refused.value.sqlstate == "HL006"
        # In pieces it is the same hour.
        asked(raw, rows[:200])
        with pytest.raises(psycopg.Error, match="too many people"):
            asked(raw, rows[200:])
    # One's own branch is one's own roster.
    with psql(city, STREET_DESK) as raw:
        assert (
            len(told(raw, asked(raw, [row(identity(n), name="石磊") for n in range(1, 900)])))
            == 899
        )


@pytest.mark.parametrize("login", [AGENT, "0031", "0061", "g301", "d401", "i001", "a001"])
def test_who_does_not_import_registers_asks_nothing(city, login: str) -> None:
    with (
        psql(city, login) as raw,
        pytest.raises(psycopg.Error, match=r"not for you|permission denied"),
    ):
        raw.execute("select hotline.ask_known('person')")


def test_only_private_columns_of_registers_are_compared(city) -> None:
    with psql(city, STREET_DESK) as raw:
        with pytest.raises(psycopg.Error, match="not for you"):
            asked(raw, [row("0002")], "account")
        rows = [row(KNOWN, name=NAME, id_key="x", version="9")]
        assert told(raw, asked(raw, rows)) == [(0, "here", 1, 1, [])]


# --- what is read back while writing


def test_no_key_stands_there_to_be_read_back_before_all_of_it_is_saved(city) -> None:
    with psql(city, STREET_DESK) as raw:
        (key,) = raw.execute("select phone_key from person where id = 1").fetchone()  # type: ignore[misc]
        importing(raw, [identity(1)])
        raw.execute(COLUMNS + born(identity(1), PHONE, 9001))  # type: ignore[arg-type]
        for change in (
            "phone_key = ''",
            "phone = '19900007777'",
            f"phone = '{PHONE}'",
        ):
            raw.execute(f"update person set {change} where id = 9001")  # type: ignore[arg-type]
            found = raw.execute("select phone_key, id_key from person where id = 9001").fetchone()
            assert found == ("", "")
        # Nor does a plan tell how many rows of an index stand below a key one knows.
        plan = raw.execute(
            sql.SQL(
                "explain (analyze, costs off, timing off, summary off, buffers off)"
                " select 1 from person where phone_key = {} and id > 9000"
            ).format(sql.Literal(key))
        ).fetchall()
        assert "rows=0" in str(plan[0])
        line = raw.execute(
            "select hotline.ask_register('person', 9001, '{phone}', '看', '')"
        ).fetchone()
        digest = raw.execute("select phone_digest from audit_entry where id = %s", line).fetchone()
        assert digest == ("",)
        raw.execute("rollback")


@pytest.mark.parametrize(
    "early", ["set constraints all immediate", "set constraints finish_import immediate",
              "set constraints all immediate; commit", "prepare transaction 'later'", "commit and chain"]
)  # fmt: skip
def test_the_keys_are_not_made_a_moment_before_the_end(city, early: str) -> None:
    with psql(city, STREET_DESK) as raw:
        importing(raw, [identity(1)])
        raw.execute(COLUMNS + born(identity(1), PHONE, 9001))  # type: ignore[arg-type]
        raw.execute(
            "insert into register_change (register, row_id, field, before, after, at, changed_by)"
            " values ('person', 9001, '*', '', '', now(), '')"
        )
        batch = raw.execute(
            "insert into import_batch (kind, file_name, sha256, at, account_id, by, workstation, rows_new,"
            " rows_changed, rows_same, rows_failed, trace)"
            " values ('persons', '', '', now(), hotline.my_id(), '', '', 1, 0, 0, 0, '') returning id"
        ).fetchone()
        raw.execute("select hotline.end_import(%s, '', '{}')", batch)
        raw.execute("savepoint before_the_end")
        with pytest.raises(
            psycopg.Error, match=r"finished by COMMIT|does not exist|prepared transactions"
        ):
            raw.execute(early)  # type: ignore[arg-type]
        raw.execute("rollback")
        assert raw.execute("select count(*) from person where id = 9001").fetchone() == (0,)


def test_one_statement_that_looks_first_and_imports_then_learns_only_what_it_took_turns_for(
    city,
) -> None:
    with psql(city, STREET_DESK) as raw:
        asking = asked(raw, [row(identity(n), name="石磊") for n in range(1, 500)])
        begun = f"0 * length(hotline.begin_import({asking})::text)"
        each = " union all ".join(
            born(identity(n), PHONE, 9000 + n, f" + case when {n} = 2 then {begun} else 0 end")
            for n in range(1, 50)
        )
        raw.execute("begin")
        made = raw.execute(
            "with made as (" + COLUMNS + each + " returning id) select count(*) from made"  # type: ignore[arg-type]
        ).fetchone()
        keyed = raw.execute("select id from person where id > 9000 and phone_key <> ''").fetchall()
        assert made == (49,)
        assert keyed == [(9001,)]
        raw.execute("rollback")


def test_what_was_not_asked_about_is_not_imported_so_the_unique_key_tells_nothing(city) -> None:
    with psql(city, STREET_DESK) as raw:
        importing(raw, [identity(1)])
        with pytest.raises(psycopg.Error, match="not asked about"):
            raw.execute(COLUMNS + born(KNOWN, "", 9001) + " on conflict do nothing")  # type: ignore[arg-type]
        raw.execute("rollback")
        raw.execute("begin")
        raw.execute("select hotline.begin_import(null)")
        with pytest.raises(psycopg.Error, match="not asked about"):
            raw.execute(COLUMNS + born(identity(2), "", 9001))  # type: ignore[arg-type]
        raw.execute("rollback")
        importing(raw, [identity(1)])
        with pytest.raises(psycopg.Error, match="not asked about"):
            raw.execute(sql.SQL("update person set id_number = {}").format(sql.Literal(KNOWN)))


def test_other_tables_keep_their_turns_while_importing(city) -> None:
    with psql(city, AGENT) as raw:
        raw.execute("begin")
        raw.execute("select hotline.begin_import(null)")
        with pytest.raises(psycopg.Error, match="too many lookups"):
            raw.execute(
                "insert into blocked_number (phone, phone_masked, phone_key, degree, reason, requested_by, approved_by,"
                " created_at, expires_at) select '1990' || n, '', '', '', '', '李敏 0017', '', now(), now()"
                " from generate_series(1, 400) n"
            )


def test_ten_thousand_callers_are_not_hidden_in_one_draft(city) -> None:
    caller = (
        "insert into appellant (ticket_id, name, name_masked, phone, phone_masked, phone_key, phone_end, name_pieces,"
        " wechat, address, spellings, main, joined_at, said) select {0}, '匿名', '', '1990' || n, '', '', '', '', '',"
        " '', '', false, now(), '' from generate_series(1, 2) n"
    )
    with psql(city, AGENT) as raw:
        (draft,) = raw.execute(
            "select min(id) from ticket where creator_id = hotline.my_id()"
        ).fetchone()  # type: ignore[misc]
        raw.execute("begin")
        raw.execute("select hotline.begin_import(null)")
        with pytest.raises(psycopg.Error, match="one caller a work order"):
            raw.execute(caller.format(draft))


def test_what_a_rollback_hides_has_taken_its_turns(city) -> None:
    """Statistics of one's own transaction tell how many rows were found, committed or not."""
    with psql(city, STREET_DESK) as raw:
        tried = 0
        while tried < 320 and _compared_and_rolled_back(raw):
            tried += 1
        assert 295 <= tried <= 310


def _compared_and_rolled_back(raw: psycopg.Connection[Any]) -> bool:
    """Whether the server still answered."""
    raw.execute("begin")
    asking = raw.execute("select hotline.ask_known('person')").fetchone()[0]  # type: ignore[index]
    piece = json.dumps([{"at": 0, **row(KNOWN)}])
    try:
        raw.execute("select hotline.compare_known(%s, %s)", (asking, piece))
    except psycopg.Error as refused:
        if refused.sqlstate != "HL005":
            raise
        return False
    finally:
        raw.execute("rollback")
    return True


# --- what a transaction leaves


def test_an_import_without_its_line_is_not_saved_and_nobody_writes_that_line_himself(city) -> None:
    with psql(city, STREET_DESK) as raw:
        importing(raw, [identity(1)])
        raw.execute(COLUMNS + born(identity(1), PHONE, 9001))  # type: ignore[arg-type]
        raw.execute(
            "insert into register_change (register, row_id, field, before, after, at, changed_by)"
            " values ('person', 9001, '*', '', '', now(), '')"
        )
        with pytest.raises(psycopg.Error, match="ends with its line"):
            raw.execute("commit")
        for action in ("import", "import_check"):
            with pytest.raises(psycopg.Error, match="written by the server"):
                raw.execute("select hotline.audit(%s, '', '', '', '', '', '{}')", (action,))
        with pytest.raises(psycopg.Error, match="no such import"):
            raw.execute("select hotline.end_import(1, '', '{}')")


def test_rows_outside_the_branch_stop_it_and_none_is_dropped_in_silence(city) -> None:
    with psql(city, OTHER_STREET) as raw:
        importing(raw, [identity(1)])
        with pytest.raises(psycopg.Error, match="row-level security"):
            raw.execute(COLUMNS + born(identity(1), "", 9001))  # type: ignore[arg-type]
        raw.execute("rollback")
        importing(raw, [identity(1)])
        assert raw.execute("update person set phone = '19900005555'").rowcount == 0
        raw.execute("rollback")


def test_more_numbers_than_a_city_s_roster_wait_and_a_rollback_does_not_give_them_back(
    city,
) -> None:
    with psql(city, STREET_DESK) as raw:
        importing(raw, [identity(1)])
        with owner(city) as root:
            (mine,) = root.execute("select id from account where login = 's101'").fetchone()  # type: ignore[misc]
            name = sql.Identifier("hotline", f"bulk_{mine}")
            root.execute(
                sql.SQL(
                    "select setval({}, (extract(epoch from now()) * 1000)::bigint + 12050000)"
                ).format(sql.Literal(name.as_string(root)))
            )
        with pytest.raises(psycopg.Error, match="too many numbers"):
            raw.execute(COLUMNS + born(identity(1), "", 9001))  # type: ignore[arg-type]
