# ruff: noqa: E501, RUF005 - a table, one try a line
"""What people of the office try with psql and their own logins. Run by test_insiders and `python -m tests.attack`."""

import json
from dataclasses import dataclass
from typing import Any

AGENT, DISPATCHER, REVISITOR, SUPERVISOR = "0017", "0031", "0041", "0002"
OVERSEER, CLERK, INSPECTOR, ADMIN = "0051", "0061", "i001", "a001"
STREET_DESK, OTHER_STREET, WORKER, BUREAU = "s101", "s111", "g301", "d401"
UNITS = (STREET_DESK, OTHER_STREET, WORKER, BUREAU)
CENTRE = (AGENT, DISPATCHER, REVISITOR, SUPERVISOR, OVERSEER, CLERK, INSPECTOR)
EVERYBODY = (*CENTRE, *UNITS, ADMIN)
ROLES = {
    AGENT: "agent", DISPATCHER: "dispatcher", REVISITOR: "revisitor", SUPERVISOR: "supervisor",
    OVERSEER: "overseer", CLERK: "clerk", INSPECTOR: "inspector", ADMIN: "administrator",
    STREET_DESK: "street clerk", OTHER_STREET: "other street", WORKER: "grid worker", BUREAU: "bureau",
}  # fmt: skip
NAME, PHONE, IDENTITY, HASH = "叶长青", "19900001234", "9901011960010100", "argon2-of-somebody"
# Said of a street's work order; the centre and that street read it.
TITLE = "此题仅街道与中心可见"
SECRETS = (NAME, PHONE, IDENTITY, HASH, "SCRAM-SHA-256$", TITLE)
# Work orders of the city below, by who has them in hand.
STREETS, BUREAUS, CENTRES, SECRET, ARCHIVED, DRAFT, REPORT = range(1, 8)


@dataclass(frozen=True)
class Try:
    """`statements` are one transaction. It has failed when it was refused, or told nothing and changed nothing."""

    group: str
    what: str
    by: tuple[str, ...]
    statements: tuple[str, ...]


def line(ticket: int, move: str, state: str, inputs: str = "{}") -> str:
    """A line of the log as somebody writes it who wants to be somebody else at another time."""
    return (
        "insert into ticket_event (ticket_id, at, move, actor_id, actor_name, actor_role, unit_name, state_after,"
        f" note, inputs, workstation) values ({ticket}, '2020-01-01', '{move}', 2, '周正 0002', 'supervisor', '',"
        f" '{state}', '', '{inputs}', '')"
    )


def row(table: str, **values: Any) -> str:
    """An INSERT with every column that must have something."""
    told = json.dumps(values, ensure_ascii=False).replace("'", "''")
    return (
        f"insert into {table} select r.* from jsonb_populate_record(null::{table}, (select jsonb_object_agg(a.attname,"
        f" case when t.typcategory in ('N') then to_jsonb(0) when t.typcategory = 'B' then to_jsonb(false)"
        f" when t.typcategory = 'D' then to_jsonb(now()) else to_jsonb(''::text) end) from pg_attribute a join pg_type t"
        f" on t.oid = a.atttypid where a.attrelid = 'public.{table}'::regclass and a.attnum > 0 and a.attnotnull)"
        f" || jsonb_build_object('id', 900000) || '{told}'::jsonb) r"
    )


def moved(ticket: int, state: str, change: str, move: str = "note") -> tuple[str, ...]:
    return f"update ticket set {change} where id = {ticket}", line(ticket, move, state)


TODAY = "to_char(now() at time zone 'Asia/Shanghai', 'YYYYMMDD')"
LEASE = (
    "insert into number_lease (kind, day, channel, workstation, low, high, leased_at)"
    f" values ('ticket', {TODAY}, '99', '', 1, 9, now())"
)
_READ, _WRITE, _FORGE = "reading", "writing", "forging"
_ROLE, _FLOOD, _ESCAPE = "own rights", "revealing", "ways round"
_SEEN = "select id from appellant where ticket_id = {0}"

TRIES = (
    # --- what other units have, contacts, identities, passwords
    Try(_READ, "all columns of callers", EVERYBODY, ("select * from appellant",)),
    Try(_READ, "numbers of callers, by comparison", EVERYBODY, (f"select id from appellant where phone = '{PHONE}'",)),
    Try(_READ, "identity numbers", EVERYBODY, ("select id_number from person",)),
    Try(_READ, "a resident's row as JSON", EVERYBODY, ("select to_jsonb(p) from person p",)),
    Try(_READ, "texts as typed", EVERYBODY, ("select words from original_text",)),
    Try(_READ, "password hashes", EVERYBODY, ("select password_hash from account",)),
    Try(_READ, "password verifiers", EVERYBODY, ("select rolpassword from pg_authid",)),
    Try(_READ, "the secret of the keys", EVERYBODY, ("select value from hotline.secret",)),
    Try(_READ, "who typed what", EVERYBODY, ("select * from hotline.typed",)),
    Try(_READ, "what was disclosed to others", EVERYBODY, ("select * from hotline.disclosure",)),
    Try(_READ, "the search index", EVERYBODY, ("select pieces from ticket_text",)),
    Try(_READ, "work orders of other units", (OTHER_STREET, BUREAU), ("select title from ticket",)),
    Try(_READ, "the log of other units", (OTHER_STREET, BUREAU), (f"select note from ticket_event where ticket_id = {STREETS}",)),
    Try(_READ, "anything of a citizen", (ADMIN,), ("select count(*) from ticket",)),
    Try(_READ, "the audit of others", UNITS + (AGENT,), ("select actor_name from audit_entry where account_id <> hotline.my_id()",)),
    Try(_READ, "who asked for confidence, by the link to the resident", UNITS, (f"select person_id, phone_key from appellant where ticket_id = {SECRET}",)),
    Try(_READ, "who asked for confidence, through the register", (AGENT, DISPATCHER, WORKER), ("select hotline.ask('person', 1, '{name}', '找人', '')",)),
    Try(_READ, "statistics of private columns", EVERYBODY, ("select most_common_vals from pg_stats where attname in ('phone', 'id_number', 'content') and most_common_vals is not null",)),
    Try(_READ, "questions others are asking", EVERYBODY, ("select query from pg_stat_activity where usename <> session_user and query like 'select%'",)),
    Try(_READ, "copying out", EVERYBODY, ("copy appellant to stdout",)),
    Try(_READ, "a private column through an update", CENTRE + UNITS, (f"update ticket set place = address where id = {STREETS}",)),
    Try(_READ, "a private column through a returning", CENTRE, ("update appellant set said = said returning phone",)),
    # --- callers moved to where they may be read
    Try(_READ, "a caller moved onto one's own draft", (AGENT,), (
        f"update appellant set ticket_id = {DRAFT} where ticket_id = {STREETS}", f"select * from hotline.typed_by_me({DRAFT})")),
    Try(_READ, "a caller copied onto one's own draft", (AGENT,), (
        row("appellant", ticket_id=DRAFT, main=True), f"select hotline.copy_caller(min(id), 900000) from appellant where ticket_id = {STREETS}",
        f"select * from hotline.typed_by_me({DRAFT})")),
    Try(_READ, "a caller copied onto one's own report", (STREET_DESK,), (
        line(STREETS, "note", "pending_sign"), row("appellant", ticket_id=REPORT, main=True),
        f"select hotline.copy_caller((select min(id) from appellant where ticket_id = {STREETS}), 900000)",
        f"select * from hotline.typed_by_me({REPORT})")),
    Try(_READ, "a place copied onto one's own draft", (AGENT,), (
        f"update ticket set split_from_id = {STREETS} where id = {DRAFT}", f"select hotline.copy_place({STREETS}, {DRAFT})",
        f"select address from hotline.typed_by_me({DRAFT}) where address like '%123%'")),
    Try(_READ, "confidence lifted with a note", (STREET_DESK, AGENT, DISPATCHER), moved(SECRET, "pending_sign", "confidential = false")),
    Try(_READ, "a reply wished for with a note", (STREET_DESK,), moved(SECRET, "pending_sign", "reply_wanted = true, respondent_code = ''")),
    Try(_READ, "papers of identity called one's own", (STREET_DESK,), ("update attachment set added_by = '王街 S101'",)),
    Try(_READ, "papers of identity called pictures", (STREET_DESK, AGENT), ("update attachment set kind = 'before'",)),
    Try(_READ, "papers of identity without a reason", (AGENT, CLERK, STREET_DESK), ("select hotline.audit('open_file', 'attachment', '1', '', '', '', '{}')",)),
    # --- what is done
    Try(_WRITE, "the log", EVERYBODY, ("update ticket_event set note = ''",)),
    Try(_WRITE, "the log, as if names were struck out", EVERYBODY, ("set hotline.veiling = 'on'", "update ticket_event set note = ''")),
    Try(_WRITE, "the log away", EVERYBODY, ("delete from ticket_event",)),
    Try(_WRITE, "the log struck out by a pattern", (AGENT, DISPATCHER), (
        line(SECRET, "note", "pending_sign"), f"update appellant set spellings = '.+', name = '王二' where ticket_id = {SECRET}")),
    Try(_WRITE, "the audit", EVERYBODY, ("update audit_entry set reason = ''",)),
    Try(_WRITE, "the audit away", EVERYBODY, ("truncate audit_entry",)),
    Try(_WRITE, "an archived work order", CENTRE + (STREET_DESK,), moved(ARCHIVED, "archived", "title = '没有'")),
    Try(_WRITE, "pictures of an archived work order away", CENTRE + (STREET_DESK,), (f"delete from attachment where ticket_id = {ARCHIVED}",)),
    Try(_WRITE, "pictures moved off an archived work order", CENTRE + (STREET_DESK,), (f"update attachment set ticket_id = {STREETS} where ticket_id = {ARCHIVED}",)),
    Try(_WRITE, "callbacks of an archived work order away", (REVISITOR, SUPERVISOR), (f"delete from callback where ticket_id = {ARCHIVED}",)),
    Try(_WRITE, "a picture of somebody else away", (AGENT, STREET_DESK), (f"delete from attachment where ticket_id = {STREETS}",)),
    Try(_WRITE, "a limit put off with a note", (STREET_DESK, AGENT), moved(STREETS, "pending_sign", "finish_due = '2030-01-01'")),
    Try(_WRITE, "a limit put off on signing", (STREET_DESK,), moved(STREETS, "in_progress", "state = 'in_progress', finish_due = '2030-01-01'", "sign")),
    Try(_WRITE, "a share's limit put off", (STREET_DESK,), (f"update assignment set finish_due = '2030-01-01' where ticket_id = {STREETS}",)),
    Try(_WRITE, "what was asked for, with a note", (STREET_DESK, AGENT), moved(STREETS, "pending_sign", "content = '没事了'")),
    Try(_WRITE, "what was asked for, as correction of somebody else's", (AGENT,), moved(BUREAUS, "pending_sign", "creator_id = 1")),
    Try(_WRITE, "satisfaction", (STREET_DESK, INSPECTOR), moved(STREETS, "pending_sign", "satisfaction = 'very'")),
    Try(_WRITE, "a work order closed", UNITS + CENTRE, moved(STREETS, "closed", "state = 'closed'", "close")),
    Try(_WRITE, "a caller's number overwritten", CENTRE, (f"update appellant set phone = '19900004321' where ticket_id = {STREETS}",)),
    Try(_WRITE, "a caller's number overwritten with a note", (AGENT, DISPATCHER), (
        line(STREETS, "note", "pending_sign"), f"update appellant set phone = '19900004321' where ticket_id = {STREETS}")),
    Try(_WRITE, "a caller added", (STREET_DESK, INSPECTOR), (row("appellant", ticket_id=STREETS, name="王二", spellings="王\\\\s*二"),)),
    Try(_WRITE, "a share for another unit, so that it sees", (STREET_DESK, WORKER), (
        row("assignment", ticket_id=STREETS, seq=77, unit_id=11, unit_code="990101002", unit_name="x", kind="lead", state="in_progress"),)),
    Try(_WRITE, "a share of one's own in another unit's work order", (OTHER_STREET,), (
        row("assignment", ticket_id=STREETS, seq=78, unit_id=11, unit_code="990101002", unit_name="x", kind="lead", state="in_progress"),)),
    Try(_WRITE, "a scope", EVERYBODY, (f"insert into ticket_scope values ({STREETS}, '990101002')",)),
    Try(_WRITE, "words as typed, put under somebody's", (STREET_DESK, CLERK), (row("original_text", table_name="ticket", row_id=STREETS, column_name="content", words="假"),)),
    Try(_WRITE, "a work order out of the search", (STREET_DESK, CLERK, INSPECTOR), (f"select hotline.index_ticket({STREETS}, '', false)",)),
    Try(_WRITE, "a call taken down at a desk without telephone", (CLERK, INSPECTOR), (row("call", call_no="x", caller_no="19900008888"),)),
    Try(_WRITE, "a unit's code, so that it sees", EVERYBODY, ("update unit set code = '99' where id = 11",)),
    Try(_WRITE, "a colleague's call", (AGENT, REVISITOR), ("update call set result = '', recording_ref = '' where id = 1",)),
    Try(_WRITE, "a limit put off by asking for more time", (STREET_DESK,), (
        f"update assignment set finish_due = '2030-01-01' where ticket_id = {STREETS}", line(STREETS, "note", "pending_sign"))),
    Try(_WRITE, "the numbers of all letters used up", (AGENT, STREET_DESK), (
        LEASE.replace("'ticket'", "'urging'").replace(TODAY, "to_char(now(), 'YYYY')").replace("1, 9", "1, 2000000000"),)),
    # --- in whose name
    Try(_FORGE, "an approval into the log", (STREET_DESK, WORKER, AGENT, CLERK, INSPECTOR), (line(STREETS, "pass_review", "pending_callback"),)),
    Try(_FORGE, "a closing into the log", (STREET_DESK, CLERK), (line(STREETS, "close", "closed"),)),
    Try(_FORGE, "a move of one's own that has not taken place", (DISPATCHER, REVISITOR), (line(STREETS, "grant_return", "pending_dispatch"),)),
    Try(_FORGE, "a state that is not so", (AGENT,), (line(STREETS, "note", "closed"),)),
    Try(_FORGE, "a line on a work order one does not see", (OTHER_STREET, BUREAU), (line(STREETS, "note", "pending_sign"),)),
    Try(_FORGE, "a verification in somebody's name", (WORKER, STREET_DESK), (
        line(STREETS, "note", "pending_sign"), row("verification", ticket_id=STREETS, verifier_id=8, verifier_name="刘社 C201", passed=True))),
    Try(_FORGE, "an extension granted by the supervisor", (STREET_DESK, AGENT), (
        line(STREETS, "note", "pending_sign"), row("extension_request", ticket_id=STREETS, asked_by="王街 S101", decided_by="周正 0002", granted=True))),
    Try(_FORGE, "a supervisor's promise", (STREET_DESK,), (
        line(STREETS, "note", "pending_sign"), row("promise", ticket_id=STREETS, what="x", made_by="周正 0002"))),
    Try(_FORGE, "a blocked number approved by the supervisor", (AGENT, CLERK), (row("blocked_number", degree="refuse", reason="x", requested_by="周正 0002", approved_by="周正 0002"),)),
    Try(_FORGE, "that a colleague is at it", (AGENT, STREET_DESK), (f"insert into presence values ({STREETS}, 3, true, now())",)),
    Try(_FORGE, "a colleague's work order", (AGENT, STREET_DESK), (LEASE, row("ticket", creator_id=2, state="draft").replace(") r", f" || jsonb_build_object('number', {TODAY} || '990000010')) r"))),
    Try(_FORGE, "an audit line", EVERYBODY, ("insert into audit_entry (at, actor_name, workstation, action, digest) values (now(), 'x', '', 'x', 'x')",)),
    Try(_FORGE, "an audit line of a reveal", CENTRE + UNITS, ("select hotline.audit('reveal', 'ticket', '1', 'x', '', '', '{}')",)),
    Try(_FORGE, "an audit line inside", EVERYBODY, ("select hotline.add_line('reveal', 'ticket', '1', 'x', '', '', '{}')",)),
    Try(_FORGE, "a fork of the audit chain", (AGENT, STREET_DESK), ("set transaction isolation level repeatable read", "select hotline.audit('print', 'ticket', '1', '', '', '', '{}')")),
    Try(_FORGE, "somebody else's login", EVERYBODY, ("set session authorization hl_0002",)),
    Try(_FORGE, "the owner's", EVERYBODY, ("set role postgres",)),
    Try(_FORGE, "a printed page in somebody's name", (AGENT, STREET_DESK), (row("print_log", account_id=2),)),
    Try(_FORGE, "a signature of the day before", (STREET_DESK,), (
        f"update assignment set state = 'in_progress', signed_at = now() - interval '2 days' where ticket_id = {STREETS}",
        *moved(STREETS, "in_progress", "state = 'in_progress'", "sign"))),
    # --- what one may do
    Try(_ROLE, "another role in the accounts", EVERYBODY, ("update account set role = 'supervisor'",)),
    Try(_ROLE, "another group", EVERYBODY, ("grant hotline_supervisor to current_user",)),
    Try(_ROLE, "a superuser", EVERYBODY, ("alter role current_user superuser",)),
    Try(_ROLE, "past the policies", EVERYBODY, ("alter role current_user bypassrls",)),
    Try(_ROLE, "a login of one's own making", EVERYBODY, ("create role hl_ghost login",)),
    Try(_ROLE, "more connections", EVERYBODY, ("alter role current_user connection limit -1",)),
    Try(_ROLE, "a login that never ends", EVERYBODY, ("alter role current_user valid until 'infinity'",)),
    Try(_ROLE, "policies off", EVERYBODY, ("alter table ticket disable row level security",)),
    Try(_ROLE, "policies off for the session", CENTRE + UNITS, ("set row_security = off", "select phone_masked from appellant")),
    Try(_ROLE, "triggers off", EVERYBODY, ("set session_replication_role = replica",)),
    Try(_ROLE, "triggers off a table", EVERYBODY, ("alter table ticket disable trigger all",)),
    Try(_ROLE, "the rules of the lifecycle", EVERYBODY, ("update lifecycle_rule set role = 'agent'",)),
    Try(_ROLE, "the cap of reveals", EVERYBODY, ("update reveal_limit set per_hour = 99999",)),
    Try(_ROLE, "one's pace", EVERYBODY, ("select setval('hotline.pace_1', 1)",)),
    Try(_ROLE, "a function instead of the guard's", EVERYBODY, ("create or replace function hotline.my_role() returns text language sql as 'select ''supervisor'''",)),
    # --- round the rules
    Try(_ESCAPE, "temporary tables", EVERYBODY, ("create temp table account (id int)",)),
    Try(_ESCAPE, "temporary functions", EVERYBODY, ("create function pg_temp.me() returns int language sql as 'select 1'",)),
    Try(_ESCAPE, "functions in public", EVERYBODY, ("create function public.f() returns int language sql as 'select 1'",)),
    Try(_ESCAPE, "a schema before all others", EVERYBODY, ("create schema mine",)),
    Try(_ESCAPE, "operators", EVERYBODY, ("create operator public.=== (leftarg = text, rightarg = text, function = texteq)",)),
    Try(_ESCAPE, "a block of code as somebody else", EVERYBODY, ("do $$ begin execute 'set role postgres'; end $$",)),
    Try(_ESCAPE, "large objects", EVERYBODY, ("select lo_create(0)",)),
    Try(_ESCAPE, "a file of the server", EVERYBODY, ("select pg_read_file('/etc/passwd')",)),
    Try(_ESCAPE, "a program of the server", EVERYBODY, ("copy ticket to program 'cat'",)),
    Try(_ESCAPE, "a foreign server", EVERYBODY, ("create extension dblink",)),
    Try(_ESCAPE, "a query inside a function", EVERYBODY, ("select query_to_xml('select phone from appellant', true, true, '')",)),
    Try(_ESCAPE, "an error that quotes a name", CENTRE + UNITS, ("select name::int from appellant",)),
    Try(_ESCAPE, "an error that quotes a work order of others", (OTHER_STREET,), ("select title::int from ticket",)),
    Try(_ESCAPE, "a unique number that quotes a row", (OTHER_STREET,), (row("ticket", number="x", creator_id=11, form_key="f-1", state="pending_accept"),)),
    Try(_ESCAPE, "search with halves of the name", (AGENT, STREET_DESK), ("select * from hotline.find_tickets('''叶长'' | ''王二''', 9)",)),
    Try(_ESCAPE, "search with the beginning of a name", (AGENT, STREET_DESK), ("select * from hotline.find_tickets('叶:*', 9)",)),
    Try(_ESCAPE, "search for what others have", (OTHER_STREET, BUREAU), ("select * from hotline.find_tickets('''宝丽''', 9) where find_tickets = 1",)),
    Try(_ESCAPE, "search with a statement in it", CENTRE + UNITS, ("select * from hotline.find_tickets('''; drop table ticket --', 9)",)),
    Try(_ESCAPE, "a table locked against everybody", EVERYBODY, ("lock table assignment in access exclusive mode",)),
    Try(_ESCAPE, "the register locked against everybody", EVERYBODY, ("lock table person in access exclusive mode",)),
    Try(_ESCAPE, "the log locked against everybody", EVERYBODY, ("lock table ticket_event in access exclusive mode",)),
    Try(_ESCAPE, "somebody's session ended", EVERYBODY, ("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'",)),
    Try(_ESCAPE, "names written in a list, to see which is struck out", (AGENT, STREET_DESK), (
        line(SECRET, "note", "pending_sign").replace("'', '{}', ''", "'叶长青、王㛃、张一、李二、王三、赵四、钱五、孙六', '{}', ''") + " returning note",)),
    # --- how often
    Try(_FLOOD, "without a reason", CENTRE + UNITS, (f"select hotline.ask('ticket', {STREETS}, '{{phone}}', ' ', '')",)),
    Try(_FLOOD, "in the transaction that is taken back", (AGENT,), (f"select hotline.disclose(hotline.ask('ticket', {STREETS}, '{{phone}}', '看', ''))",)),
    Try(_FLOOD, "of a line that is nobody's", CENTRE + UNITS, ("select hotline.disclose(1)",)),
    Try(_FLOOD, "a confidential caller", (AGENT, DISPATCHER, CLERK, INSPECTOR, STREET_DESK), (f"select hotline.ask('ticket', {SECRET}, '{{name}}', '看', '')",)),
    Try(_FLOOD, "other units' callers", (OTHER_STREET, BUREAU), (f"select hotline.ask('ticket', {STREETS}, '{{phone}}', '看', '')",)),
    Try(_FLOOD, "at a desk without citizens", (INSPECTOR, CLERK), (f"select hotline.ask('ticket', {STREETS}, '{{phone}}', '看', '')",)),
    Try(_FLOOD, "calls taken over, for theirs are not counted", (AGENT, SUPERVISOR), ("update call set account_id = hotline.my_id(), answered_at = now()",)),
    Try(_FLOOD, "calls of nobody, of long ago", (AGENT,), ("update call set account_id = hotline.my_id(), answered_at = now() where answered_at is null",)),
    Try(_FLOOD, "all numbers, by the keys of rows written", (AGENT, SUPERVISOR, DISPATCHER, CLERK), (
        "insert into blocked_number (phone, phone_masked, phone_key, degree, reason, requested_by, approved_by, created_at, expires_at)"
        " select '1990000' || lpad(n::text, 4, '0'), '', '', 'x', 'x', '', '', now(), now() from generate_series(1, 400) n returning phone_key",)),
    Try(_FLOOD, "all numbers, by their keys", (WORKER, BUREAU), ("select hotline.key_of('1990000' || lpad(n::text, 4, '0')) from generate_series(1, 400) n",)),
)  # fmt: skip

# What stands in that city beside its seven work orders.
CITY = (
    f"update ticket set confidential = true, reply_wanted = false, creator_id = 14 where id = {SECRET}",
    f"update appellant set name = name where ticket_id = {SECRET}",
    f"update ticket set state = 'archived' where id = {ARCHIVED}",
    f"update ticket set state = 'draft' where id = {DRAFT}",
    f"update ticket set state = 'pending_accept', creator_id = 7, creator_name = '王街 S101' where id = {REPORT}",
    f"update ticket set form_key = 'f-1', title = '{TITLE}' where id = {STREETS}",
    f"update account set password_hash = '{HASH}'",
    row("call", call_no="c-1", caller_no=PHONE, account_id=14, ring_at="2026-01-01", answered_at="2026-01-01", id=1),
    row("call", call_no="c-2", caller_no=PHONE, ring_at="2026-01-01", id=2),
    row("attachment", ticket_id=STREETS, kind="identity", name="x.jpg", sha256="a" * 64, size=1, added_by="陈格 G301", share_seq=9, id=1),
    row("attachment", ticket_id=ARCHIVED, kind="after", name="x.jpg", sha256="b" * 64, size=1, added_by="王街 S101", share_seq=1, id=2),
    row("callback", ticket_id=ARCHIVED, attempt=1, revisitor_id=4, revisitor_name="何静 0041", id=1),
    *(f"insert into person select (jsonb_populate_record(p, jsonb_build_object('id', {n}, 'name', '{name}', 'id_number', 'x{n}', 'phone', ''))).* from person p where id = 1"
      for n, name in enumerate(("张一", "李二", "王三", "赵四", "钱五", "孙六"), 51)),
)  # fmt: skip
