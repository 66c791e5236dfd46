"""The pool on a real database: scope, pages, counters, deadlines, who saw whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import event, select, update

from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.moves import Move
from console.domain.orders import (
    CLOSED_STATES,
    STAGE_STATES,
    Criteria,
    Cursor,
    Period,
    Sort,
    Stage,
    Whose,
)
from console.domain.roles import Role
from console.domain.states import OPEN_STATES, Channel, Light, Nature, TicketState, Urgency
from console.ledger import Entry
from console.ledger.audit import verify_chain
from console.services.orders import Orders, listing
from db.contents import put
from db.models import Appellant, Attachment, AuditEntry, Presence, Ticket
from db.search import index_ticket
from tests.desks import closed, move, replied, to_call_back, turn_back
from tests.journeys import DEPARTMENT, STREET, dispatched, open_ticket
from tests.world import engine_of, seat_for

OTHER_STREET = 11
PHONE = "19900001234"


def orders(db, role: Role = Role.SUPERVISOR, unit: int | None = None) -> Orders:
    return Orders(seat_for(db, role, unit))


@contextmanager
def statements(db) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c, _k, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine_of(db), "before_cursor_execute", note)
    yield seen
    event.remove(engine_of(db), "before_cursor_execute", note)


def whole(desk: Orders, criteria: Criteria) -> list[int]:
    """Every page after the other."""
    ids: list[int] = []
    after: Cursor | None = None
    while True:
        page = desk.page(criteria, after)
        ids += [row.id for row in page.rows]
        after = page.next
        if after is None:
            return ids


def give_contact(db, ticket_id: int, phone: str = PHONE) -> None:
    with db.writing.begin() as session:
        now = seat_for(db, Role.AGENT).now(session)
        session.add(Appellant(
            ticket_id=ticket_id, name="叶长青", phone=phone, joined_at=now,
            address="宝丽小区3栋2单元501",
        ))  # fmt: skip


@pytest.fixture
def city(world):
    """One work order in every stage."""
    made = {
        "new": open_ticket(world),
        "signing": dispatched(world, STREET),
        "other": dispatched(world, OTHER_STREET),
        "department": dispatched(world, DEPARTMENT),
        "review": replied(world),
        "callback": to_call_back(world),
        "closed": closed(world),
    }
    return world, made


# --- scope


def test_a_street_sees_what_was_given_to_it_and_nothing_of_the_next(city) -> None:
    db, made = city
    every = Criteria(stage=Stage.EVERY, period=Period.ALL)
    mine = set(whole(orders(db, Role.STREET_DESK, STREET), every))
    theirs = set(whole(orders(db, Role.STREET_DESK, OTHER_STREET), every))
    assert theirs == {made["other"]}
    assert mine == {made[k] for k in ("signing", "review", "callback", "closed")}
    with pytest.raises(NotFound):
        orders(db, Role.STREET_DESK, STREET).case(made["other"])
    with pytest.raises(NotFound):
        orders(db, Role.STREET_DESK, STREET).explain(made["other"])


def test_the_admin_lists_counts_and_opens_nothing(city) -> None:
    db, made = city
    desk = orders(db, Role.ADMIN)
    assert desk.page(Criteria(stage=Stage.EVERY, period=Period.ALL)).rows == ()
    assert set(desk.counters(Criteria()).numbers.values()) == {0}
    with pytest.raises(NotFound):
        desk.open(made["new"])


def test_words_are_searched_within_the_scope(city) -> None:
    db, made = city
    with db.writing.begin() as session:
        for ticket_id in made.values():
            index_ticket(session, ticket_id, "下水道堵塞，油污外溢")
    words = Criteria(text="油污外溢", stage=Stage.EVERY, period=Period.ALL)
    assert set(whole(orders(db), words)) == set(made.values())
    assert whole(orders(db, Role.STREET_DESK, OTHER_STREET), words) == [made["other"]]
    assert orders(db).page(Criteria(text="火星")).rows == ()


def test_a_number_in_the_text_field_is_a_number(city) -> None:
    db, made = city
    with db.reading() as session:
        number = session.get_one(Ticket, made["other"]).number
    assert whole(orders(db), Criteria(text=f"{number[:8]} {number[8:]}")) == [made["other"]]


def test_mine_and_my_units(city) -> None:
    db, made = city
    desk = orders(db, Role.DISPATCHER)
    assert made["signing"] in whole(desk, Criteria(whose=Whose.MINE))
    assert made["new"] not in whole(desk, Criteria(whose=Whose.MINE))
    street = orders(db, Role.STREET_DESK, OTHER_STREET)
    assert whole(street, Criteria(whose=Whose.UNIT)) == [made["other"]]


# --- pages and counters against brute force


def many(db, count: int) -> None:
    """Copies of one work order with other dates, states and units."""
    chance = Random(7)
    first = dispatched(db, STREET)
    with db.writing.begin() as session:
        pattern = session.get_one(Ticket, first)
        names = [
            c.name
            for c in Ticket.__table__.columns
            if c.name not in ("id", "number", "lookup_code")
        ]
        base = {name: getattr(pattern, name) for name in names}
        rows = []
        for at in range(count):
            days = timedelta(hours=chance.randrange(-200, 200))
            state = chance.choice(tuple(TicketState))
            due = None if chance.random() < 0.1 else base["finish_due"] + days
            rows.append(base | {
                "number": f"2026{at:012d}0", "lookup_code": f"{at:06d}", "state": state, "finish_due": due,
                "total_due": None if chance.random() < 0.5 else due,
                "nature": chance.choice(tuple(Nature)), "channel": chance.choice(tuple(Channel)),
                "urgency": Urgency.NORMAL, "accepted_at": base["accepted_at"] - timedelta(days=at % 40),
                "yellow_at": due and due - timedelta(hours=30),
                "suspended_at": base["accepted_at"] if state is TicketState.SUSPENDED else None,
                "closed_at": base["accepted_at"] - timedelta(hours=at % 50) if state in CLOSED_STATES else None,
            })  # fmt: skip
        session.execute(Ticket.__table__.insert(), rows)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_together_are_the_whole_list_in_order(world, monkeypatch, sort, reverse) -> None:
    many(world, 300)
    monkeypatch.setattr(listing, "ROWS", 17)
    criteria = Criteria(sort=sort, reverse=reverse)
    with world.reading() as session:
        every = session.scalars(select(Ticket).where(Ticket.state.in_(OPEN_STATES))).all()
    keys = {
        Sort.DUE: lambda t: (t.finish_due or t.total_due or listing._NEVER, t.id),
        Sort.NEWEST: lambda t: -t.id,
        Sort.NUMBER: lambda t: t.number,
    }
    expected = [t.id for t in sorted(every, key=keys[sort], reverse=reverse)]
    assert whole(orders(world), criteria) == expected


@pytest.mark.parametrize("stage", list(Stage))
@pytest.mark.parametrize("period", [Period.NOW, Period.TODAY, Period.MONTH])
def test_every_counter_is_the_length_of_its_list(world, stage, period) -> None:
    many(world, 200)
    desk = orders(world)
    criteria = Criteria(period=period)
    assert desk.counters(criteria)[stage] == len(whole(desk, Criteria(stage=stage, period=period)))


def test_the_counted_lights_are_the_lights_of_the_rows(world) -> None:
    many(world, 200)
    desk = orders(world)
    with world.writing.begin() as session:
        # Made by copying: let the moment of yellow be that of the rules.
        for ticket in session.scalars(select(Ticket)):
            from console.ledger.rows import turns_yellow

            ticket.yellow_at = turns_yellow(ticket, seat_for(world, Role.AGENT).rules)
    for stage, light in ((Stage.RED, Light.RED), (Stage.YELLOW, Light.YELLOW)):
        lit = {row.id for row in desk.page(Criteria(stage=stage)).rows}
        shown = {row.id for row in desk.page(Criteria()).rows if row.light.light is light}
        assert lit & shown == shown
        assert len(lit) == desk.counters(Criteria())[stage]


def test_conditions_together(world) -> None:
    many(world, 300)
    criteria = Criteria(
        natures=(Nature.HELP, Nature.COMPLAINT), channels=(Channel.PHONE, Channel.WEB, Channel.APP),
        stage=Stage.IN_HAND, category="0103", unit_code="990101001",
    )  # fmt: skip
    with world.reading() as session:
        expected = session.scalars(
            select(Ticket.id).where(
                Ticket.nature.in_(criteria.natures), Ticket.channel.in_(criteria.channels),
                Ticket.state.in_(STAGE_STATES[Stage.IN_HAND]),
            )
        ).all()  # fmt: skip
    assert sorted(whole(orders(world), criteria)) == sorted(expected)
    assert expected
    assert whole(orders(world), Criteria(unit_code="990101002")) == []


def test_history_is_listed_and_not_counted(city) -> None:
    db, made = city
    criteria = Criteria(stage=Stage.EVERY, period=Period.ALL)
    assert set(whole(orders(db), criteria)) == set(made.values())
    counters = orders(db).counters(criteria)
    assert counters[Stage.EVERY] is None
    assert counters[Stage.CLOSED] is None
    assert counters[Stage.OPEN] == 6


def test_lists_and_counters_take_one_statement_whatever_they_hold(world) -> None:
    many(world, 50)
    for role, unit in ((Role.SUPERVISOR, None), (Role.STREET_DESK, STREET)):
        desk = orders(world, role, unit)
        for criteria in (Criteria(), Criteria(stage=Stage.EVERY), Criteria(period=Period.WEEK)):
            with statements(world) as seen:
                desk.page(criteria)
                assert len(seen) == 1
                desk.counters(criteria)
                assert len(seen) == 2
    with statements(world) as seen:
        orders(world).page(Criteria(text="油污"))
        assert len(seen) == 2


def test_open_work_is_read_through_the_partial_indexes(world) -> None:
    """With a history of any length the list reads open work and nothing else."""
    many(world, 200)
    with statements(world) as seen:
        orders(world).page(Criteria())
        orders(world).counters(Criteria())
    plans = []
    with world.reading() as session:
        for statement in seen:
            marks = statement.count("?")
            plan = session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", ("x",) * marks
            )
            plans += [line[3] for line in plan]
    tables = [line for line in plans if "ticket" in line]
    assert tables
    # One's own drafts lie under a state of their own, a handful however long the history.
    few = ("ix_ticket_open", "ix_ticket_closed_at", "ix_ticket_state_accepted_at (state=?)")
    assert all(any(index in line for index in few) for line in tables), plans


# --- one case


def test_a_case_in_the_list_is_masked_to_the_building(world) -> None:
    open_ticket(world, address="宝丽小区3栋2单元501")
    assert orders(world).page(Criteria()).rows[0].place == "宝丽小区3栋***"


def test_opening_tells_the_code_of_who_looked(world) -> None:
    opened = orders(world, Role.AGENT).open(open_ticket(world))
    assert opened.trace.startswith("0017-")
    assert opened.reveals == ("phone", "name", "address")
    assert not opened.may_audit


def test_a_note_stands_in_the_log_and_clashes_with_nobody(city) -> None:
    db, made = city
    desk = orders(db)
    desk.note(made["signing"], "  来电人补充：晚上也有油污  ")
    events = desk.case(made["signing"]).events
    assert (events[-1].action, events[-1].note) == ("note", "来电人补充：晚上也有油污")
    with pytest.raises(Invalid, match="请填写备注内容"):
        desk.note(made["signing"], " ")
    with pytest.raises(Invalid, match="最多 900 字"):
        desk.note(made["signing"], "长" * 901)


# --- deadlines that explain themselves


def test_the_first_dispatch_is_explained_day_by_day(city) -> None:
    db, made = city
    lines = orders(db).explain(made["signing"])
    assert any("派单" in line and "起算" in line for line in lines)
    assert any(line.startswith("第1个工作日") for line in lines)
    assert any("变黄（催办）" in line for line in lines)
    assert lines[-1].startswith("现在 ")


def test_an_extension_is_told_with_both_times(city) -> None:
    db, made = city
    ticket = made["department"]
    move(db, ticket, Role.LIAISON, Entry(Move.SIGN), DEPARTMENT)
    ask = Entry(Move.ASK_EXTENSION, {"days": 3, "reason": "等管材到货", "basis": "施工合同"})
    move(db, ticket, Role.LIAISON, ask, DEPARTMENT)
    move(db, ticket, Role.SUPERVISOR, Entry(Move.GRANT_EXTENSION))
    line = next(x for x in orders(db).explain(ticket) if "同意延期 3 个工作日" in x)
    assert "顺延至" in line


def test_a_suspension_is_told_from_when_to_when(city) -> None:
    db, made = city
    ticket = made["department"]
    move(db, ticket, Role.LIAISON, Entry(Move.SIGN), DEPARTMENT)
    suspend = Entry(Move.SUSPEND, {"reason": "等待鉴定", "resume_on": str(date(2027, 1, 5))})
    move(db, ticket, Role.SUPERVISOR, suspend)
    assert any("停表" in line for line in orders(db).explain(ticket))


def test_a_redo_shows_half_the_limit(city) -> None:
    db, made = city
    move(db, made["review"], Role.DISPATCHER, Entry(Move.FAIL_REVIEW, {"comment": "未附现场照片"}))
    lines = orders(db).explain(made["review"])
    assert any("重办时限为原时限" in line and "50%" in line for line in lines)


def test_a_stored_time_that_the_rules_would_not_give_is_said_to_be_the_one_that_counts(
    city,
) -> None:
    db, made = city
    turn_back(db, made["signing"], finish_due=timedelta(hours=3))
    assert any("以登记的为准" in line for line in orders(db).explain(made["signing"]))


# --- who sees whom


def test_a_full_number_takes_a_reason_and_leaves_a_line(world) -> None:
    ticket_id = open_ticket(world)
    give_contact(world, ticket_id)
    desk = orders(world, Role.AGENT)
    with pytest.raises(Invalid, match="理由"):
        desk.reveal(ticket_id, "phone", " ")
    assert desk.reveal(ticket_id, "phone", "联系诉求人办理") == PHONE
    assert desk.reveal(ticket_id, "name", "核对身份与地址") == "叶长青"
    assert desk.reveal(ticket_id, "address", "核对身份与地址") == "宝丽西街123-130号门面"
    with world.reading() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [line.details["fields"] for line in lines] == [["phone"], ["name"], ["address"]]
        assert PHONE not in "".join(str(vars(line)) for line in lines)
        assert verify_chain(session) is None


def test_the_hour_has_a_cap(world) -> None:
    ticket_id = open_ticket(world)
    give_contact(world, ticket_id)
    desk = orders(world, Role.AGENT)
    most = seat_for(world, Role.AGENT).rules.pack.desk.reveals_per_hour
    for _ in range(most):
        desk.reveal(ticket_id, "phone", "回访核实")
    with pytest.raises(NotAllowed, match=f"已达 {most} 次"):
        desk.reveal(ticket_id, "phone", "回访核实")
    assert orders(world, Role.REVISITOR).reveal(ticket_id, "phone", "回访核实") == PHONE


@pytest.mark.parametrize(
    ("role", "unit", "words"),
    [
        (Role.STREET_DESK, STREET, "保密件"),
        (Role.DISPATCHER, None, "保密件"),
        (Role.INSPECTOR, None, "保密件"),
    ],
)
def test_a_confidential_contact_stays_hidden(world, role, unit, words) -> None:
    ticket_id = dispatched(world, STREET, confidential=True)
    give_contact(world, ticket_id)
    desk = orders(world, role, unit)
    assert desk.open(ticket_id).reveals == ()
    with pytest.raises(NotAllowed, match=words):
        desk.reveal(ticket_id, "phone", "联系诉求人办理")
    assert orders(world, Role.AGENT).reveal(ticket_id, "phone", "联系诉求人办理") == PHONE
    assert orders(world, Role.REVISITOR).reveal(ticket_id, "phone", "回访核实") == PHONE


def test_a_unit_gets_a_number_only_when_an_answer_is_wanted(world) -> None:
    wanted, not_wanted = dispatched(world), dispatched(world, reply_wanted=False)
    for ticket_id in (wanted, not_wanted):
        give_contact(world, ticket_id)
    street = orders(world, Role.STREET_DESK, STREET)
    assert street.reveal(wanted, "phone", "联系诉求人办理") == PHONE
    with pytest.raises(NotAllowed, match="不要求回复"):
        street.reveal(not_wanted, "phone", "联系诉求人办理")
    with pytest.raises(NotAllowed, match="督察员不能查看"):
        orders(world, Role.INSPECTOR).reveal(wanted, "phone", "督办核查")
    with pytest.raises(NotFound):
        orders(world, Role.STREET_DESK, OTHER_STREET).reveal(wanted, "phone", "联系诉求人办理")


@pytest.mark.unguarded
def test_an_altered_audit_line_is_found(world) -> None:
    ticket_id = open_ticket(world)
    give_contact(world, ticket_id)
    for _ in range(4):
        orders(world, Role.AGENT).reveal(ticket_id, "phone", "联系诉求人办理")
    with world.reading() as session:
        ids = session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()
        assert verify_chain(session) is None
    with world.writing.begin() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == ids[2]).values(actor_name="别人"))
    with world.reading() as session:
        assert verify_chain(session) == ids[2]
    with world.writing.begin() as session:
        session.execute(
            update(AuditEntry).where(AuditEntry.id == ids[2]).values(actor_name="李敏 0017")
        )
        session.delete(session.get_one(AuditEntry, ids[1]))
    with world.reading() as session:
        assert verify_chain(session) == ids[2]


def test_a_file_that_shows_the_citizen_takes_a_reason(world) -> None:
    ticket_id = open_ticket(world)
    content = b"\x89PNG\r\n\x1a\n"
    from hashlib import sha256

    digest = sha256(content).hexdigest()
    with world.writing.begin() as session:
        now = seat_for(world, Role.AGENT).now(session)
        put(session, content)
        rows = [
            Attachment(ticket_id=ticket_id, kind=kind, name="a.png", media_type="image/png", size=8, sha256=digest,
                       added_at=now, added_by="李敏 0017")
            for kind in ("before", "identity")
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        photo, identity = (row.id for row in rows)
    desk = orders(world, Role.AGENT)
    assert desk.attachment(photo) == content
    with pytest.raises(Invalid, match="理由"):
        desk.attachment(identity)
    assert desk.attachment(identity, "核对身份与地址") == content
    with world.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["open_file"]
    with pytest.raises(NotFound):
        orders(world, Role.STREET_DESK, STREET).attachment(photo)


# --- who else has it open


def test_a_colleague_is_seen_for_a_minute(world) -> None:
    ticket_id = open_ticket(world)
    dispatcher, agent = orders(world, Role.DISPATCHER), orders(world, Role.AGENT)
    dispatcher.set_presence(ticket_id)
    dispatcher.set_presence(ticket_id)
    assert agent.present(ticket_id) == ("孙岚 正在查看",)
    assert dispatcher.present(ticket_id) == ()
    with world.writing.begin() as session:
        seen = session.scalars(select(Presence)).one()
        seen.seen_at -= timedelta(seconds=61)
    assert agent.present(ticket_id) == ()
    dispatcher.set_presence(ticket_id)
    dispatcher.leave(ticket_id)
    assert agent.present(ticket_id) == ()


def test_looking_never_takes_a_claim_away(world) -> None:
    ticket_id = open_ticket(world)
    from console.ledger.queues import hold

    seat = seat_for(world, Role.DISPATCHER)
    with world.writing.begin() as session:
        hold(session, seat, ticket_id)
    Orders(seat).set_presence(ticket_id)
    assert orders(world, Role.AGENT).present(ticket_id) == ("孙岚 正在办理",)
    Orders(seat).leave(ticket_id)
    assert orders(world, Role.AGENT).present(ticket_id) == ("孙岚 正在办理",)


# --- saved filters


def test_filters_are_ones_own_unless_shared(world) -> None:
    criteria = Criteria(
        stage=Stage.RED, natures=(Nature.COMPLAINT,), unit_code="990101001", unit_name="清河"
    )
    boss, agent = orders(world), orders(world, Role.AGENT)
    boss.save_filter("红灯投诉", criteria, shared=True)
    boss.save_filter("自己看", Criteria(text="噪声"))
    agent.save_filter("我的", Criteria(whose=Whose.MINE))
    assert [(f.name, f.mine) for f in agent.saved_filters()] == [
        ("我的", True),
        ("红灯投诉", False),
    ]
    assert next(f for f in agent.saved_filters() if not f.mine).criteria == criteria
    assert len(boss.save_filter("自己看", Criteria(text="油烟"))) == 2
    with pytest.raises(NotAllowed):
        agent.save_filter("给大家", Criteria(), shared=True)
    with pytest.raises(Invalid, match="起个名字"):
        agent.save_filter(" ", Criteria())
    shared = next(f for f in agent.saved_filters() if not f.mine)
    with pytest.raises(NotAllowed):
        agent.delete_filter(shared.id)
    assert [f.name for f in boss.delete_filter(shared.id)] == ["自己看"]


def test_criteria_survive_being_stored_and_newer_words() -> None:
    criteria = Criteria(
        Whose.UNIT, Stage.LIT, Period.WEEK, (Nature.HELP,), (Channel.WEB,), "0103", "市政设施", "D001", "城管局",
        "路灯", Sort.NUMBER, True,
    )  # fmt: skip
    assert Criteria.from_data(criteria.as_data()) == criteria
    assert Criteria.from_data({"stage": "不认识", "text": "路灯", "future": 1}) == Criteria(
        text="路灯"
    )
    assert criteria.filters == 7
    assert Criteria().filters == 0


def test_units_and_categories_to_filter_by(world) -> None:
    desk = orders(world)
    assert [p.code for p in desk.units("清河")] == ["990101001"]
    assert "990101001" in [p.code for p in desk.units("qhjd")]
    assert [p.name for p in desk.categories("xsd")] == ["下水道堵塞"]
    street = orders(world, Role.STREET_DESK, OTHER_STREET)
    assert {p.code[:9] for p in street.units("")} == {"990101002"}
