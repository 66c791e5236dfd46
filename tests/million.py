# ruff: noqa: E501 (columns and what goes into them, one line each)
"""A guarded city with a million work orders, made on the server itself: states by age, callers, shares, log, words.

Figures of a city of some two million people in its third year: about five thousand work orders open, the rest ended.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from console.domain.numbering import ticket_number
from console.domain.states import Channel
from console.domain.worktime import civil_date
from db.engine import open_database
from db.models import Account, Base, CategoryRow, Grid, Unit
from db.search import piece_vector
from tests.world import SQUARE, make_guarded_world

AGE = timedelta(days=3 * 365)
STREETS, BELOW, DEPARTMENTS, AGENTS, CALLERS = 10, 10, 30, 200, 200_000
RARE = "独角鲸"
# The end that is still open: of so many newest every fourth.
NEWEST = 20_000
_MATTERS = (
    ("下水道堵塞污水外溢", "门口下水道堵塞，污水外溢到人行道，有老人滑倒，希望尽快疏通并清理路面。", "010304", "城市管理 › 市政设施 › 下水道堵塞"),
    ("路灯不亮", "路灯连续三个晚上不亮，下班回家看不清路，希望尽快检修恢复照明。", "010303", "城市管理 › 市政设施 › 路灯"),
    ("路面积水", "每逢下雨路面积水很深，车辆和行人都过不去，请排查排水口是否淤塞。", "010306", "城市管理 › 市政设施 › 路面积水"),
    ("占道经营", "早晚高峰有摊贩占道经营，油烟大，垃圾多，影响通行和居民休息。", "020101", "市容 › 街面 › 占道经营"),
    ("夜间施工噪音", "工地夜间施工到凌晨两点，噪音很大，孩子和老人无法休息。", "030101", "环境保护 › 噪声 › 施工噪声"),
    ("停水未通知", "今天早上开始停水，没有看到任何通知，询问何时恢复供水。", "040101", "公用事业 › 供水 › 停水"),
    ("咨询社保转移", "咨询社会保险关系如何转移到本市，需要哪些材料，在哪里办理。", "050101", "人社 › 社保 › 转移接续"),
    ("电梯故障困人", "小区电梯反复出现故障，昨天困住一位住户，物业一直没有更换。", "060101", "市场监管 › 特种设备 › 电梯"),
)  # fmt: skip


def make_million(url: str, tickets: int) -> None:
    """Fill an empty database; the server must be one's own. Takes some minutes."""
    make_guarded_world(url)
    _people_and_places(url)
    plain = make_url(url).set(drivername="postgresql").render_as_string(False)
    with psycopg.connect(plain, autocommit=True) as raw:
        # Neither triggers nor foreign keys while loading: what they would keep is said below.
        raw.execute("set session_replication_role = replica")
        raw.execute(
            "set maintenance_work_mem = '1GB'; set work_mem = '256MB'; set timezone = 'UTC'"
        )
        indexes = _drop_indexes(raw)
        _helpers(raw, tickets)
        for statement in _rows():
            raw.execute(statement)
        for index in indexes:
            raw.execute(index)
        raw.execute("set session_replication_role = origin")
        _sequences(raw)
        raw.execute("vacuum analyze")


def _people_and_places(url: str) -> None:
    database = open_database(url)
    with database.writing.begin() as session:
        session.add_all(_units())
        session.flush()
        session.add_all(_grids())
        session.add_all(
            Account(
                id=2000 + n, login=f"b{n:04d}", agent_no=f"B{n:04d}", name=f"话务{n}", role="agent",
                unit_id=1, demo=True,
            )
            for n in range(AGENTS)
        )  # fmt: skip
        for _title, _content, code, path in _MATTERS[1:]:
            session.add(CategoryRow(code=code, level=3, name=path.rsplit(" › ")[-1], path=path))
    database.close()


def _units() -> Iterator[Unit]:
    for street in range(STREETS):
        top, code = 1000 + street, f"990101{101 + street}"
        yield Unit(id=top, code=code, name=f"第{street}街道办事处", kind="street", parent_id=2)
        for community in range(BELOW):
            middle, its = 10_000 + street * BELOW + community, f"{code}{1 + community:03d}"
            name = f"第{street}街道第{community}社区"
            yield Unit(id=middle, code=its, name=name, kind="community", parent_id=top)
            for grid in range(BELOW):
                yield Unit(
                    id=100_000 + (middle - 10_000) * BELOW + grid, code=f"{its}{1 + grid:03d}",
                    name=f"{name}第{grid}网格", kind="grid", parent_id=middle,
                )  # fmt: skip
    for n in range(DEPARTMENTS):
        yield Unit(id=5000 + n, code=f"D{100 + n}", name=f"第{n}局", kind="department", parent_id=1)


def _grids() -> Iterator[Grid]:
    for unit in _units():
        if unit.kind == "grid":
            yield Grid(
                unit_id=unit.id, code=unit.code, grid_type="basic", boundary=SQUARE, centre_x=50,
                centre_y=50, area_m2=10_000,
            )  # fmt: skip


def _drop_indexes(raw: Any) -> list[str]:
    """Those that are no constraint; built again at the end, at once."""
    query = """select i.indexdef, i.indexname from pg_indexes i
        where i.schemaname = 'public' and not exists (select from pg_constraint c where c.conname = i.indexname)
        and i.tablename in ('ticket', 'appellant', 'assignment', 'ticket_event', 'call', 'ticket_text',
                            'ticket_scope', 'person', 'callback', 'handling_result', 'promise')"""
    found = raw.execute(query).fetchall()
    for _statement, name in found:
        raw.execute(f'drop index "{name}"')
    return [row[0] for row in found]


def _helpers(raw: Any, tickets: int) -> None:
    """What the rows are put together from, as tables of this session."""
    raw.execute("create temp table h_number (g bigint, number text, at timestamptz)")
    now = datetime.now(UTC)
    with raw.cursor().copy("copy h_number from stdin") as lines:
        for g in range(1, tickets + 1):
            at = now - AGE * ((tickets - g) / tickets)
            number = ticket_number(civil_date(at), Channel.PHONE.value, 300_000 + g % 600_000)
            lines.write_row((g, number, at))
    raw.execute(
        "create temp table h_text (n int, title text, content text, place text, code text, path text, pieces tsvector)"
    )
    with raw.cursor().copy("copy h_text from stdin") as lines:
        for n, row in enumerate(_texts()):
            lines.write_row((n, *row))
    for statement in _HELPERS:
        raw.execute(statement)
    raw.execute("create temp table h (like h_ticket)")
    raw.execute(_WHO_WHERE, {"tickets": tickets, "newest": NEWEST})
    raw.execute("create index on h (g)")
    raw.execute("analyze h")


def _texts() -> Iterator[tuple[str, ...]]:
    for n in range(500):
        place = f"{'桂兰竹梅松柏榆柳枫棠'[n % 10]}{'园苑庭轩湾里坊巷府居'[n // 10 % 10]}小区{n // 100 + 1}期"
        for title, content, code, path in _MATTERS:
            said = f"{place}{content}"
            yield (
                f"{place}{title}",
                said,
                place,
                code,
                path,
                piece_vector(f"{place}{title}", said, place),
            )


_HELPERS = (
    f"""create temp table h_caller as select n, '1990' || lpad((n * 37 % 10000000)::text, 7, '0') as phone,
        hotline.make_key('1990' || lpad((n * 37 % 10000000)::text, 7, '0')) as key,
        substr('叶王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高', n % 20 + 1, 1) || substr('长青海燕文敏秀英建国志强', n / 20 % 11 + 1, 2) as name
        from generate_series(0, {CALLERS} - 1) n""",
    # The small world's own grids come up often enough for its people to have something to do.
    """create temp table h_place as select row_number() over () - 1 as n, * from (
        select g.unit_id as grid_id, g.code as grid_code, c.id as community_id, c.code as community_code,
               c.name as community, s.id as street_id, s.code as street_code, s.name as street
        from grid g join unit u on u.id = g.unit_id join unit c on c.id = u.parent_id join unit s on s.id = c.parent_id
        cross join generate_series(1, 60) r where g.unit_id >= 100000 and r = 1 or g.unit_id < 100) x""",
    "create index on h_place (n); create index on h_caller (n); create index on h_text (n)",
    "analyze h_place; analyze h_caller; analyze h_text",
    """create temp table h_ticket (g bigint, h int, h2 int, back bigint, at timestamptz, number text, state text,
        place int, caller int, words int, by_street boolean, department int)""",
)
_WHO_WHERE = """insert into h select g, h, h2, back, at, number,
    case when back < 40 then 'draft'
         when back < %(newest)s and h %% 4 = 0 then (array['pending_dispatch','pending_dispatch','pending_accept',
            'pending_sign','pending_sign','in_progress','in_progress','in_progress','in_progress','in_progress','in_progress',
            'return_review','suspended','pending_review','pending_review','pending_verify','pending_callback',
            'pending_callback','pending_callback','redo'])[h2 %% 20 + 1]
         when h2 %% 100 < 25 then 'answered' when h2 %% 100 = 25 then 'rejected' when h2 %% 100 = 26 then 'void'
         when h2 %% 100 < 29 then 'merged' when back < 15000 then 'closed' else 'archived' end,
    (h %% (select count(*) from h_place))::int, (h2::bigint * h2 %% 40009 + h %% 160000)::int, h2 %% 4000,
    h2 %% 5 < 3, case when h %% 20 = 0 then 40 else 5000 + h %% 30 end
from (select g, at, number, abs(hashint8(g)) / 2 as h, abs(hashint8(g + 7000000000)) / 2 as h2, %(tickets)s - g as back
      from h_number) x"""
_JOINED = (
    "from h join h_place p on p.n = h.place join h_caller c on c.n = h.caller join h_text t on t.n = h.words"
    " left join unit d on d.id = h.department"
)
_OUT = "('draft','pending_accept','pending_dispatch','answered','rejected')"
_OPEN = (
    "('pending_sign','in_progress','return_review','suspended','pending_review','pending_verify',"
    "'pending_callback','redo','pending_accept','pending_dispatch')"
)
_HELD = f"h.state not in {_OUT}"


def _rows() -> Iterator[str]:
    yield _insert("ticket", _TICKET, f"{_JOINED} order by h.g")
    yield _insert("appellant", _APPELLANT, f"{_JOINED} order by h.g")
    yield _insert(
        "person", _PERSON, "from h_caller c join h_place p on p.n = c.n % 1003 where c.n < 100000"
    )
    yield _insert("assignment", _LEAD, f"{_JOINED} where {_HELD} order by h.g")
    yield _insert(
        "assignment", _SHARE, f"{_JOINED} where {_HELD} and h.by_street and h.h % 3 = 0 and h.state <> 'pending_sign' order by h.g",
    )  # fmt: skip
    yield _insert("ticket_event", _EVENT, f"{_STEPS} order by h.at + e.later")
    yield _insert("call", _CALL, f"{_JOINED} where h.h % 5 > 0 order by h.g")
    yield _insert(
        "handling_result", _RESULT, f"{_JOINED} where {_HELD} and h.back < 100000 order by h.g"
    )
    yield _insert(
        "callback",
        _CALLBACK,
        f"{_JOINED} where h.state in ('closed', 'archived') and h.back < 300000 order by h.g",
    )
    yield _insert("promise", _PROMISE, f"{_JOINED} where h.h % 15 = 0 and {_HELD} order by h.g")
    yield _insert("suspension", _SUSPENSION, f"{_JOINED} where h.state = 'suspended'")
    yield (
        "insert into ticket_text select h.g, case when h.h % 100000 = 0 then t.pieces || '''独角'':901 ''角鲸'':902'::tsvector"
        f" else t.pieces end {_JOINED} order by h.g"
    )
    yield _SCOPE


_TICKET = {
    "id": "h.g", "number": "h.number", "lookup_code": "'123456'", "state": "h.state",
    "nature": "(array['inquiry','help','help','complaint','report','suggestion'])[h.h2 % 6 + 1]",
    "urgency": "case when h.h % 200 = 0 then 'critical' when h.h % 20 = 0 then 'urgent' else 'normal' end",
    "channel": "'01'", "title": "t.title", "content": "t.content", "category_code": "t.code", "category_path": "t.path",
    "address": "t.place || '3栋501'", "place": "t.place || '3栋'", "grid_id": "p.grid_id", "grid_code": "p.grid_code",
    "appellant_masked": "left(c.name, 1) || '**'", "phone_masked": "left(c.phone, 3) || '****' || right(c.phone, 4)",
    "confidential": "h.h % 50 = 0", "respondent_code": "case when h.h % 50 = 0 then p.street_code else '' end",
    "holder_unit_id": f"case when {_HELD} then case when h.by_street then p.street_id else h.department end end",
    "holder_code": f"case when {_HELD} then case when h.by_street then p.street_code else d.code end else '' end",
    "holder_name": f"case when {_HELD} then case when h.by_street then p.street else d.name end else '' end",
    "creator_id": "case when h.h % 200 = 0 then 1 else 2000 + h.h % 200 end", "creator_name": "'话务'",
    "dispatcher_id": f"case when {_HELD} then 3 end",
    "archive_no": "case when h.state = 'archived' then '0012-RX·2026-D10-' || h.g else '' end",
    "created_at": "h.at", "accepted_at": "case when h.state <> 'draft' then h.at end",
    "dispatched_at": f"case when {_HELD} then h.at + interval '1 hour' end",
    "finish_due": f"case when {_HELD} then h.at + (10 + h.h % 15) * interval '1 day' end",
    "sign_due": f"case when {_HELD} then h.at + interval '2 days' end",
    "yellow_at": f"case when {_HELD} then h.at + (8 + h.h % 15) * interval '1 day' end",
    "suspended_at": "case when h.state = 'suspended' then h.at + interval '1 day' end",
    "closed_at": "case when h.state in ('closed','archived') then h.at + interval '3 days' * random()"
                 " when h.state in ('answered','merged','void','rejected') then h.at + interval '9 minutes' end",
    "moved_at": "h.at + interval '1 hour'", "satisfaction": "case when h.state not in ('closed','archived') then ''"
                " when h.h % 25 = 0 then 'dissatisfied' else 'satisfied' end",
    "resolution": "case when h.state in ('closed','archived') then 'resolved' else '' end",
    "supervision": f"case when h.state in {_OPEN} and h.h2 % 40 = 0 then 1 else 0 end", "version": "4",
    "return_count": "case when h.h2 % 30 = 0 then 2 else 0 end", "leader_instructed": "h.h2 % 500 = 0",
    "handler_ids": "'[]'", "platform": "'service'", "caller_kind": "'首次'",
}  # fmt: skip
_APPELLANT = {
    "id": "h.g", "ticket_id": "h.g", "person_id": "case when c.n < 100000 then c.n + 1000 end", "name": "c.name",
    "name_masked": "left(c.name, 1) || '**'", "phone": "c.phone", "phone_key": "c.key", "phone_end": "right(c.phone, 4)",
    "phone_masked": "left(c.phone, 3) || '****' || right(c.phone, 4)", "main": "true", "joined_at": "h.at",
}  # fmt: skip
_PERSON = {
    "id": "c.n + 1000", "name": "c.name", "sought": "c.name", "name_masked": "left(c.name, 1) || '**'", "initials": "'ycq'",
    "id_number": "'99010119600' || lpad(c.n::text, 7, '0')", "id_key": "hotline.make_key('99010119600' || lpad(c.n::text, 7, '0'))",
    "sex": "'男'", "born_on": "date '1960-01-01'", "phone": "c.phone", "phone_key": "c.key",
    "phone_end": "right(c.phone, 4)", "phone_masked": "left(c.phone, 3) || '****' || right(c.phone, 4)",
    "grid_id": "p.grid_id", "state": "'active'", "class_details": "'{}'",
}  # fmt: skip
_LEAD = {
    "ticket_id": "h.g", "seq": "1", "kind": "'lead'", "dispatched_at": "h.at + interval '1 hour'",
    "unit_id": "case when h.by_street then p.street_id else h.department end",
    "unit_code": "case when h.by_street then p.street_code else d.code end",
    "unit_name": "case when h.by_street then p.street else d.name end",
    "state": "case when h.state in ('pending_sign', 'return_review') then h.state"
             " when h.state in ('in_progress','redo','suspended') then case when h.by_street and h.h % 3 = 0 then 'passed_down' else 'in_progress' end"
             " when h.state in ('pending_review','pending_verify','pending_callback') then 'replied'"
             " when h.state in ('closed','archived') then 'done' else 'withdrawn' end",
    "sign_due": "h.at + interval '2 days'", "finish_due": "h.at + (10 + h.h % 15) * interval '1 day'",
    "signed_at": "h.at + interval '2 hours'",
    "replied_at": "case when h.state in ('closed','archived','pending_review','pending_verify','pending_callback') then h.at + interval '2 days' end",
    "ended_at": "case when h.state in ('closed','archived','void','merged') then h.at + interval '3 days' end",
}  # fmt: skip
_SHARE = _LEAD | {
    "seq": "2", "parent_seq": "1", "unit_id": "p.community_id", "unit_code": "p.community_code", "unit_name": "p.community",
    "unit_parent_id": "p.street_id",
    "state": _LEAD["state"].replace("'passed_down'", "'in_progress'"),
}  # fmt: skip
_STEPS = (
    "from h cross join (values ('register', interval '0', 'agent', 'pending_dispatch'), ('dispatch', interval '1 hour', 'dispatcher', 'pending_sign'),"
    " ('sign', interval '2 hours', 'street_desk', 'in_progress'), ('reply', interval '2 days', 'street_desk', 'pending_review'),"
    " ('close', interval '3 days', 'revisitor', 'closed')) e (move, later, role, after)"
    f" where e.move = 'register' or ({_HELD} and (e.move = 'dispatch' or h.state in ('closed', 'archived')))"
)
_EVENT = {
    "ticket_id": "h.g", "at": "h.at + e.later", "move": "e.move", "actor_role": "e.role", "state_after": "e.after",
    "actor_id": "case e.move when 'register' then 2000 + h.h % 200 when 'dispatch' then 3 when 'close' then 4 else 7 end",
    "actor_name": "'演练'", "note": "'办理'", "inputs": "'{}'",
}  # fmt: skip
_CALL = {
    "id": "h.g", "call_no": "'C' || h.g", "caller_no": "c.phone", "caller_key": "c.key",
    "caller_masked": "left(c.phone, 3) || '****' || right(c.phone, 4)", "called_no": "'12345'", "ring_at": "h.at",
    "account_id": "2000 + h.h % 200", "answered_at": "h.at", "ended_at": "h.at + interval '3 minutes'",
    "result": "'answered'", "ticket_id": "h.g",
}  # fmt: skip
_RESULT = {
    "ticket_id": "h.g", "share_seq": "1", "handler_id": "7", "handler_name": "'王街'", "unit_name": "p.street",
    "resolution": "'resolved'", "replied_at": "h.at + interval '2 days'", "public_reply": "'已于当日疏通并清理路面，请您放心。'",
    "internal_note": "'养护人员到场处理'",
}  # fmt: skip
_CALLBACK = {
    "ticket_id": "h.g", "appellant_id": "h.g", "revisitor_id": "4", "revisitor_name": "'何静'", "at": "h.at + interval '3 days'",
    "reached": "true", "resolution": "'resolved'", "satisfaction": "'satisfied'", "attempt": "1",
}  # fmt: skip
_PROMISE = {
    "ticket_id": "h.g", "what": "'三天内回电'", "due": "h.at + interval '4 days'", "made_at": "h.at", "made_by": "'话务'",
    "kept_at": f"case when h.state not in {_OPEN} then h.at + interval '3 days' end",
}  # fmt: skip
_SUSPENSION = {
    "ticket_id": "h.g", "reason_kind": "'weather'", "reason": "'等候天气转晴'", "since": "h.at + interval '1 day'",
    "resume_on": "current_date + (h.h % 9 - 4)", "by": "'李敏'",
}  # fmt: skip
# The rule of db/security/30_scope.sql, for all at once.
_SCOPE = """insert into ticket_scope (ticket_id, unit_code)
    select a.ticket_id, a.unit_code from assignment a join ticket t on t.id = a.ticket_id
    where a.state not in ('returned', 'withdrawn', 'declined')
       or (a.state = 'withdrawn' and t.state in ('void', 'merged'))
    group by 1, 2 order by 1, 2"""


def _insert(name: str, given: Mapping[str, str], source: str) -> str:
    """INSERT … SELECT; what is not given and may not be empty gets its default."""
    table = Base.metadata.tables[name]
    columns = {c.name: given.get(c.name) or _default(c) for c in table.columns}
    unknown = set(given) - set(columns)
    if unknown:
        raise LookupError(f"{name}: {unknown}")
    wanted = {n: e for n, e in columns.items() if e}
    names = ", ".join(f'"{n}"' for n in wanted)
    return f"insert into {name} ({names}) select {', '.join(wanted.values())} {source}"


def _default(column: Any) -> str:
    if column.nullable or (column.primary_key and column.autoincrement is not False):
        return ""
    value = getattr(column.default, "arg", None)
    if isinstance(value, bool | int | float):
        return str(value).lower()
    if column.type.python_type in (bool, int, float):
        return {bool: "false", int: "0", float: "0"}[column.type.python_type]
    if column.type.python_type in (dict, tuple, list):
        return "'{}'" if column.type.python_type is dict else "'[]'"
    return f"'{value}'" if isinstance(value, str) else "''"


def _sequences(raw: Any) -> None:
    """New rows go on after the loaded ones."""
    for name, table in Base.metadata.tables.items():
        if "id" in table.columns:
            sequence = raw.execute(f"select pg_get_serial_sequence('{name}', 'id')").fetchone()[0]
            if sequence:
                raw.execute(
                    f"select setval('{sequence}', (select coalesce(max(id), 1) from {name}))"
                )
