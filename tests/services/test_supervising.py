"""The supervision desk on a real database: watch, urge, supervise, lift, suspend, resume, instruct, answer for it."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from console.domain.errors import Conflict, Invalid, InvalidForm, NotAllowed, UserError
from console.domain.forms import FormKind, SupervisionNotice, UrgingNotice
from console.domain.ladder import rung_key
from console.domain.moves import Move
from console.domain.roles import Operator, Role
from console.domain.states import SupervisionLevel, TicketState
from console.domain.supervision import (
    SuperviseForm,
    SuspendForm,
    UrgeForm,
    Watch,
    WatchCriteria,
)
from console.domain.worktime import civil_date
from console.ledger import Entry
from console.ledger.papers import form_details
from console.ledger.supervision import next_document_no
from console.services.paper import Paper
from console.services.supervising import Supervising
from db.models import (
    Account,
    Assignment,
    AuditEntry,
    GateOverride,
    PrintLog,
    Promise,
    ReturnRequest,
    Supervision,
    Suspension,
    Ticket,
    TicketEvent,
    Urging,
)
from tests.desks import closed, move, replied, to_call_back
from tests.journeys import DEPARTMENT, STREET, dispatched, open_ticket, version_of
from tests.world import engine_of, seat_for

TODAY = civil_date(datetime.now(UTC))
YEAR = TODAY.year
DAYS = timedelta(days=3)
SOON = datetime.now(UTC) + timedelta(days=2)
CHIEF = Operator(99, "L001", "市长", Role.LEADER, 1, "示范市12345热线中心", "990101")


def desk(db, role: Role = Role.OVERSEER, unit: int | None = None) -> Supervising:
    return Supervising(seat_for(db, role, unit))


def leader(db) -> Supervising:
    with db.writing.begin() as session:
        if session.get(Account, CHIEF.account_id) is None:
            session.add(
                Account(id=99, login="l001", agent_no="L001", name="市长", role="leader", unit_id=1)
            )
    seat = seat_for(db)
    seat.sit(CHIEF)
    return Supervising(seat)


def signed(db, **changes: Any) -> int:
    ticket_id = dispatched(db, **changes)
    move(db, ticket_id, Role.STREET_DESK, Entry(Move.SIGN, note="签收"), STREET)
    return ticket_id


def put(db, ticket_id: int, **values: Any) -> None:
    with db.writing.begin() as session:
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(values))


def late(db, ticket_id: int, days: int = 9) -> int:
    ago = datetime.now(UTC) - timedelta(days=days)
    put(db, ticket_id, finish_due=ago, total_due=ago, yellow_at=ago - timedelta(days=1))
    return ticket_id


def supervising(db, ticket_id: int, **changes: Any) -> SuperviseForm:
    form = SuperviseForm(
        ticket_id, version_of(db, ticket_id), SupervisionLevel.YELLOW, "超期未办结",
        "请立即核实办理并书面反馈。", STREET, (DEPARTMENT,), "督察组", SOON, 0, "郑督", "",
    )  # fmt: skip
    return replace(form, **changes)


def rows(db, table: Any, ticket_id: int) -> list[Any]:
    with db.reading() as session:
        return list(
            session.scalars(select(table).where(table.ticket_id == ticket_id).order_by(table.id))
        )


@contextmanager
def statements(db):
    seen: list[str] = []

    def note(_c, _k, statement, *_rest) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine_of(db), "before_cursor_execute", note)
    yield seen
    event.remove(engine_of(db), "before_cursor_execute", note)


# --- the board


@pytest.fixture
def city(world):
    """One work order for every counter."""
    now = datetime.now(UTC)
    made = {
        "calm": signed(world, title="平安"),
        "red": late(world, signed(world, title="红灯")),
        "yellow": signed(world, title="黄灯"),
        "unsigned": dispatched(world, title="未签"),
        "promise": signed(world, title="承诺"),
        "returned": signed(world, title="退单"),
        "problem": signed(world, title="问题"),
        "unhappy": closed(world, title="不满"),
        "card": dispatched(world, DEPARTMENT, title="黄牌"),
        "suspended": signed(world, title="挂起"),
        "level": signed(world, title="本级"),
        "undispatched": late(world, open_ticket(world, title="没派出去")),
    }
    put(world, made["yellow"], yellow_at=now - timedelta(minutes=1))
    put(world, made["unsigned"], sign_due=now - timedelta(minutes=1))
    put(world, made["returned"], return_count=2)
    put(world, made["problem"], redo_count=2, return_count=1)
    put(world, made["unhappy"], satisfaction="dissatisfied")
    put(world, made["card"], supervision=100)
    with world.writing.begin() as session:
        session.add(
            Promise(
                ticket_id=made["promise"],
                what="周五前修好",
                due=now - timedelta(hours=1),
                made_at=now,
                made_by="王街",
            )
        )
    with world.writing.begin() as session:
        level = update(Assignment).where(Assignment.ticket_id == made["level"])
        session.execute(level.values(level_due=now - timedelta(minutes=1)))
    suspend(world, made["suspended"])
    with world.writing.begin() as session:
        session.execute(update(Suspension).values(resume_on=TODAY))
    return made


def suspend(db, ticket_id: int) -> None:
    form = SuspendForm(
        ticket_id, version_of(db, ticket_id), "3", "等雨停", TODAY + timedelta(days=9)
    )
    desk(db).suspend(form)


EXPECTED = {
    Watch.RED: {"red", "undispatched"}, Watch.YELLOW: {"yellow"}, Watch.UNSIGNED: {"unsigned"},
    Watch.PROMISE: {"promise"}, Watch.SUPERVISED: {"card"}, Watch.SUSPENDED: {"suspended"},
    Watch.RETURNED: {"returned"}, Watch.PROBLEM: {"problem"}, Watch.UNHAPPY: {"unhappy"},
    Watch.INSTRUCTED: set(), Watch.LEVEL: {"level"},
}  # fmt: skip


@pytest.mark.parametrize("watch", EXPECTED)
def test_every_counter_counts_what_its_list_shows(world, city, watch) -> None:
    board = desk(world).board()
    listed = {row.id for row in desk(world).watch(WatchCriteria(watch)).rows}
    assert listed == {city[name] for name in EXPECTED[watch]}
    assert board.number(watch) == len(listed)


def test_everything_is_what_any_counter_shows_and_no_calm_matter(world, city) -> None:
    listed = {row.id for row in desk(world).watch(WatchCriteria()).rows}
    assert listed == set(city.values()) - {city["calm"]}
    assert desk(world).board().number(Watch.EVERY) == len(listed)


def test_the_board_is_by_unit_and_by_card(world, city) -> None:
    board = desk(world).board()
    names = {unit.name: unit for unit in board.units}
    assert set(names) == {"清河街道办事处", "城市管理局", "尚未派出"}
    assert names["清河街道办事处"].numbers[Watch.RED] == 1
    assert names["城市管理局"].cards[SupervisionLevel.YELLOW] == 1
    assert (board.cards(SupervisionLevel.YELLOW), board.cards(SupervisionLevel.RED)) == (1, 0)
    assert board.number(Watch.RED, names["尚未派出"].code) == 1
    assert board.resume_due == 1
    assert board.units[0].numbers[Watch.RED] == 1


def test_a_list_is_narrowed_by_unit_and_level(world, city) -> None:
    of_street = WatchCriteria(Watch.RED, unit_code="990101001")
    assert [row.id for row in desk(world).watch(of_street).rows] == [city["red"]]
    nobody = WatchCriteria(Watch.RED, unit_code="")
    assert [row.id for row in desk(world).watch(nobody).rows] == [city["undispatched"]]
    red_cards = WatchCriteria(Watch.SUPERVISED, level=SupervisionLevel.RED)
    assert desk(world).watch(red_cards).rows == ()


@pytest.mark.parametrize("watch", list(Watch))
def test_the_counters_are_one_statement_and_a_list_is_another(world, city, watch) -> None:
    with statements(world) as seen:
        desk(world).board()
    assert len(seen) == 1, seen
    with statements(world) as seen:
        desk(world).watch(WatchCriteria(watch, unit_code="990101001"))
    assert len(seen) <= 2, seen


def test_open_work_is_read_through_its_own_index(world, city) -> None:
    """History may be long: neither counters nor lists may walk it."""
    for read in (desk(world).board, lambda: desk(world).watch(WatchCriteria(Watch.RED))):
        with statements(world) as seen:
            read()
        sql = seen[-1]
        with engine_of(world).connect() as line:
            count = sql.count("?")
            plan = line.exec_driver_sql(f"explain query plan {sql}", tuple([None] * count)).all()
        words = [row[-1] for row in plan]
        assert not [w for w in words if w in ("SCAN ticket", "SCAN ticket_1")], words


def test_a_row_says_which_rung_it_stands_on_and_what_comes_next(world) -> None:
    ticket_id = late(world, signed(world), days=30)
    row = next(r for r in desk(world).watch(WatchCriteria(Watch.RED)).rows if r.id == ticket_id)
    assert row.ladder == "第3级 红牌督办单、书面通报批评"
    assert row.next_step == "已到最高一级"
    late(world, ticket_id, days=0)
    row = desk(world).watch(WatchCriteria(Watch.RED)).rows[0]
    assert row.ladder == ""
    assert row.next_step.endswith("催办通知书")


def test_a_leaders_instruction_comes_first(world) -> None:
    late(world, signed(world))
    instructed = signed(world)
    leader(world).instruct(instructed, version_of(world, instructed), "请城管局牵头，三日内办结。")
    assert desk(world).watch(WatchCriteria()).rows[0].id == instructed
    assert desk(world).board().number(Watch.INSTRUCTED) == 1
    shown = desk(world).dossier(instructed).instructions
    assert [(who, words) for _at, who, words in shown] == [
        ("市长 L001", "请城管局牵头，三日内办结。")
    ]
    with world.reading() as session:
        said = session.scalars(select(TicketEvent.note).where(TicketEvent.move == "instruct")).one()
    assert said == "领导批示：请城管局牵头，三日内办结。"


# --- who may


READERS = (Role.OVERSEER, Role.SUPERVISOR, Role.INSPECTOR)


@pytest.mark.parametrize("role", READERS)
def test_oversight_sees_the_board_live(world, city, role) -> None:
    assert desk(world, role).board().number(Watch.RED) == 2
    assert desk(world, role).dossier(city["red"]).ladder
    leader(world).board()


@pytest.mark.parametrize(
    ("role", "unit"), [(Role.AGENT, None), (Role.STREET_DESK, STREET), (Role.ADMIN, None), (Role.CLERK, None)]
)  # fmt: skip
def test_others_see_no_board(world, role, unit) -> None:
    with pytest.raises(NotAllowed, match="不能查看督办看板"):
        desk(world, role, unit).board()
    with pytest.raises(NotAllowed):
        desk(world, role, unit).watch(WatchCriteria())


def attempts(db, ticket_id: int) -> dict[str, Any]:
    version = version_of(db, ticket_id)
    return {
        "urge": lambda d: d.urge(UrgeForm((ticket_id,), "快超期了", version=version)),
        "supervise": lambda d: d.supervise(supervising(db, ticket_id)),
        "lift": lambda d: d.lift(ticket_id, version, "已办好"),
        "suspend": lambda d: d.suspend(SuspendForm(ticket_id, version, "1", "等材料", TODAY + DAYS)),
        "instruct": lambda d: d.instruct(ticket_id, version, "请速办"),
        "judge": lambda d: d.judge(1, True, ""),
        "feedback": lambda d: d.feedback(ticket_id, "已安排"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "what", ["urge", "supervise", "lift", "suspend", "instruct", "judge", "feedback"]
)
def test_an_inspector_writes_nothing(world, what) -> None:
    ticket_id = signed(world)
    put(world, ticket_id, supervision=1)
    before = version_of(world, ticket_id)
    with pytest.raises(NotAllowed):
        attempts(world, ticket_id)[what](desk(world, Role.INSPECTOR))
    assert version_of(world, ticket_id) == before
    for table in (Urging, Supervision, Suspension):
        assert not rows(world, table, ticket_id)


@pytest.mark.parametrize("what", ["urge", "supervise", "lift", "suspend", "judge", "feedback"])
def test_a_leader_only_instructs(world, what) -> None:
    ticket_id = signed(world)
    put(world, ticket_id, supervision=1)
    with pytest.raises(NotAllowed):
        attempts(world, ticket_id)[what](leader(world))


def test_an_overseer_does_not_instruct(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(NotAllowed, match="不能领导批示"):
        attempts(world, ticket_id)["instruct"](desk(world))


# --- urging


def test_urging_leaves_a_numbered_letter(world) -> None:
    ticket_id = late(world, signed(world))
    said = desk(world).urge(UrgeForm((ticket_id,), "已超期，请尽快办结", "分管负责人"))
    assert said.note == f"已催办清河街道办事处，第 1 次，示政热催〔{YEAR}〕1号"
    row = rows(world, Urging, ticket_id)[0]
    assert (row.unit_name, row.copied_to, row.by) == ("清河街道办事处", "分管负责人", "郑督 0051")
    with world.reading() as session:
        notice = form_details(
            session, seat_for(world, Role.OVERSEER), ticket_id, FormKind.URGING_NOTICE
        )
    assert isinstance(notice, UrgingNotice)
    assert notice.overdue is not None
    assert notice.document_no == row.document_no


def test_many_are_urged_with_one_reason_each_by_itself(world) -> None:
    first, done, second = signed(world), closed(world), dispatched(world)
    result = desk(world).urge_many(UrgeForm((first, done, second), "请按期办结"))
    assert len(result.done) == 2
    assert [words for _number, words in result.failed] == ["工单当前为“已办结”，不能催办"]
    assert [len(rows(world, Urging, i)) for i in (first, done, second)] == [1, 0, 1]
    numbers = [rows(world, Urging, i)[0].document_no for i in (first, second)]
    assert numbers == [f"示政热催〔{YEAR}〕1号", f"示政热催〔{YEAR}〕2号"]


def test_urging_needs_a_reason(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(Invalid, match="请填写催办原因") as caught:
        desk(world).urge_many(UrgeForm((ticket_id,), "  "))
    assert caught.value.field == "reason"


def test_a_stale_version_is_refused(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(Conflict):
        desk(world).urge(UrgeForm((ticket_id,), "请办", version=1))


# --- supervising


def test_a_notice_has_number_points_and_every_field(world) -> None:
    ticket_id = late(world, signed(world))
    said = desk(world).supervise(supervising(world, ticket_id, feedback_every_days=2))
    assert said.note == f"已发黄牌督办单 示政热督〔{YEAR}〕1号，送清河街道办事处"
    row = rows(world, Supervision, ticket_id)[0]
    assert (row.level, row.penalty, row.lead_unit, row.co_units) == (
        100,
        5,
        "清河街道办事处",
        "城市管理局",
    )
    assert (row.copied_to, row.feedback_every_days, row.due) == ("督察组", 2, SOON)
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).supervision == 100
        notice = form_details(
            session, seat_for(world, Role.OVERSEER), ticket_id, FormKind.SUPERVISION_NOTICE
        )
    assert isinstance(notice, SupervisionNotice)
    assert notice.level is SupervisionLevel.YELLOW
    assert (notice.reasons, notice.co_units) == (("超期未办结",), ("城市管理局",))


def test_the_level_only_rises_and_one_notice_is_in_force(world) -> None:
    ticket_id = signed(world)
    desk(world).supervise(supervising(world, ticket_id))
    with pytest.raises(NotAllowed, match="只能提高"):
        desk(world).supervise(supervising(world, ticket_id, level=SupervisionLevel.NORMAL))
    assert desk(world).dossier(ticket_id).levels == (SupervisionLevel.RED,)
    desk(world).supervise(supervising(world, ticket_id, level=SupervisionLevel.RED))
    old, new = rows(world, Supervision, ticket_id)
    assert (old.lift_reason, new.lifted_at) == ("升为红牌督办", None)
    assert (old.document_no, new.document_no) == (
        f"示政热督〔{YEAR}〕1号",
        f"示政热督〔{YEAR}〕2号",
    )


def test_each_fault_of_a_notice_names_its_field(world) -> None:
    ticket_id = signed(world)
    empty = SuperviseForm(ticket_id, version_of(world, ticket_id), None, "")
    with pytest.raises(InvalidForm) as caught:
        desk(world).supervise(empty)
    assert {fault.field for fault in caught.value.faults} == {
        "level",
        "reason",
        "demands",
        "lead_unit",
        "due",
    }
    past = supervising(world, ticket_id, due=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(InvalidForm, match="现在之后"):
        desk(world).supervise(past)
    assert not rows(world, Supervision, ticket_id)


def test_two_overseers_never_get_the_same_number(world) -> None:
    seats = [seat_for(world, Role.OVERSEER), seat_for(world, Role.SUPERVISOR)]
    given = []
    for _ in range(3):
        for seat in seats:
            with world.writing.begin() as session:
                given.append(next_document_no(session, seat))
    assert len(set(given)) == 6
    with world.writing() as session:
        lost = next_document_no(session, seats[0])
        session.rollback()
    with world.writing.begin() as session:
        assert next_document_no(session, seats[1]) == lost


def test_lifting_needs_a_reason_and_ends_the_notice(world) -> None:
    ticket_id = signed(world)
    desk(world).supervise(supervising(world, ticket_id))
    with pytest.raises(UserError) as caught:
        desk(world).lift(ticket_id, version_of(world, ticket_id), " ")
    assert caught.value.field == "reason"
    desk(world).lift(ticket_id, version_of(world, ticket_id), "已办结并整改")
    row = rows(world, Supervision, ticket_id)[0]
    assert (row.lifted_by, row.lift_reason) == ("郑督 0051", "已办结并整改")
    assert row.lifted_at is not None
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).supervision == 0


def test_the_unit_answers_the_notice_and_nobody_else_does(world) -> None:
    ticket_id = signed(world)
    unit = desk(world, Role.STREET_DESK, STREET)
    with pytest.raises(UserError, match="没有生效的督办单"):
        unit.feedback(ticket_id, "已安排")
    desk(world).supervise(supervising(world, ticket_id))
    unit.feedback(ticket_id, "已约施工队，责任人王街，周五前完成")
    unit.feedback(ticket_id, "今天已疏通")
    said = rows(world, Supervision, ticket_id)[0].feedback.splitlines()
    assert said[0] == "清河街道办事处 王街 S101：已约施工队，责任人王街，周五前完成"
    assert said[1].endswith("今天已疏通")
    assert desk(world).dossier(ticket_id).cards[0].feedback.count("\n") == 1
    with world.reading() as session:
        assert "督办反馈：今天已疏通" in session.scalars(select(TicketEvent.note)).all()
    with pytest.raises(UserError):
        desk(world, Role.STREET_DESK, 11).feedback(ticket_id, "与我无关")
    with pytest.raises(NotAllowed):
        desk(world).feedback(ticket_id, "我替他写")


# --- the clock


def test_suspending_and_resuming_keeps_what_was_left(world) -> None:
    ticket_id = signed(world)
    suspend(world, ticket_id)
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is TicketState.SUSPENDED
    row = rows(world, Suspension, ticket_id)[0]
    assert (row.reason_kind, row.reason, row.by) == ("3", "等雨停", "郑督 0051")
    assert "天气或季节" in desk(world).dossier(ticket_id).suspended
    assert not desk(world).dossier(ticket_id).resume_due
    desk(world).resume(ticket_id, version_of(world, ticket_id))
    assert rows(world, Suspension, ticket_id)[0].resumed_at is not None
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is TicketState.IN_PROGRESS


def test_suspending_checks_reason_and_day(world) -> None:
    ticket_id = signed(world)
    form = SuspendForm(ticket_id, version_of(world, ticket_id), "77", "", TODAY)
    with pytest.raises(InvalidForm) as caught:
        desk(world).suspend(form)
    assert {fault.field for fault in caught.value.faults} == {"reason_code", "reason", "resume_on"}


def test_the_dossier_suggests_reason_level_unit_and_copies(world) -> None:
    ticket_id = late(world, dispatched(world))
    put(world, ticket_id, sign_due=datetime.now(UTC) - timedelta(hours=1))
    shown = desk(world).dossier(ticket_id)
    assert (shown.reason, shown.level, shown.unit) == (
        "超期未签收",
        SupervisionLevel.NORMAL,
        "清河街道办事处",
    )
    assert dict(shown.copies)[SupervisionLevel.RED] == "主要负责人、督察局、纪委监委"
    assert dict(shown.points) == {
        SupervisionLevel.NORMAL: 1, SupervisionLevel.YELLOW: 5, SupervisionLevel.RED: 10,
    }  # fmt: skip
    assert shown.due is not None
    assert shown.due > datetime.now(UTC)
    assert "已超过办结时限" in shown.demands


def test_a_rung_the_keeper_wrote_is_told_as_written(world) -> None:
    ticket_id = late(world, signed(world))
    with world.writing.begin() as session:
        due = session.get_one(Ticket, ticket_id).finish_due
        session.add(Urging(
            ticket_id=ticket_id, light_key=rung_key(ticket_id, due, 1), automatic=True, reason="超期",
            at=due, by="系统",
        ))  # fmt: skip
    lines = desk(world).dossier(ticket_id).ladder
    assert lines[1].endswith("已发出")
    assert lines[2].endswith("已到，尚未发出")


# --- overrides


def override(db, ticket_id: int) -> int:
    with db.writing.begin() as session:
        row = GateOverride(
            ticket_id=ticket_id, finding="称已联系，无通话记录", explanation="当面联系",
            at=datetime.now(UTC), by="王街 S101",
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def test_an_override_is_accepted_or_sent_back_and_logged(world) -> None:
    fine, wrong = replied(world), replied(world)
    first, second = override(world, fine), override(world, wrong)
    shown = desk(world).overrides()
    assert [line.id for line in shown] == [second, first]
    assert (shown[0].unit, shown[0].finding, shown[0].by) == (
        "清河街道办事处",
        "称已联系，无通话记录",
        "王街 S101",
    )
    desk(world).judge(first, True, "情况属实")
    with pytest.raises(Invalid, match="请写明为什么发回"):
        desk(world).judge(second, False, "")
    desk(world).judge(second, False, "请补联系记录")
    assert desk(world).overrides() == ()
    judged = {line.id: line.judged for line in desk(world).overrides(judged=True)}
    assert judged == {first: "已认可：情况属实", second: "已发回：请补联系记录"}
    with world.reading() as session:
        assert session.get_one(Ticket, wrong).state is TicketState.REDO
        assert session.get_one(Ticket, fine).state is TicketState.PENDING_REVIEW


def test_a_refused_sending_back_leaves_no_judgement(world) -> None:
    ticket_id = to_call_back(world)
    one = override(world, ticket_id)
    with pytest.raises(NotAllowed, match="不能发回重办"):
        desk(world).judge(one, False, "重办")
    assert len(desk(world).overrides()) == 1
    desk(world, Role.SUPERVISOR).judge(one, False, "重办")
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is TicketState.REDO


# --- the accountability list


def test_the_list_tells_units_and_persons_by_what_went_wrong(world) -> None:
    now, today = datetime.now(UTC), datetime.now(UTC).date()
    ticket_id = signed(world)
    late(world, ticket_id)
    with world.writing.begin() as session:
        session.execute(
            update(Assignment)
            .where(Assignment.ticket_id == ticket_id)
            .values(finish_due=now - timedelta(days=1))
        )
        session.add(ReturnRequest(
            ticket_id=ticket_id, share_seq=1, hop=1, unit_name="清河街道办事处", reason="职责不符", basis="三定",
            asked_at=now,
            asked_by="王街 S101", granted=False, decided_at=now,
        ))  # fmt: skip
    desk(world).urge(UrgeForm((ticket_id,), "请办"))
    desk(world).supervise(supervising(world, ticket_id))
    override(world, ticket_id)
    back = replied(world)
    move(world, back, Role.DISPATCHER, Entry(Move.FAIL_REVIEW, {"comment": "没办"}, "审核退回"))
    made = desk(world).accountability(today - timedelta(days=1), today + timedelta(days=1))
    street = next(line for line in made.units if line.unit == "清河街道办事处")
    assert (street.handled, street.overdue, street.returned, street.wrongly_returned) == (
        2,
        1,
        1,
        1,
    )
    assert (street.redone, street.urged, street.overrides) == (1, 1, 1)
    assert (street.cards[SupervisionLevel.YELLOW], street.points) == (1, 5)
    person = next(line for line in made.persons if line.person == "王街 S101")
    assert (person.handled, person.overdue, person.redone, person.points) == (2, 1, 1, 5)
    assert made.units[0] is street
    empty = desk(world).accountability(date(2020, 1, 1), date(2020, 1, 31))
    assert (empty.units, empty.persons) == ((), ())


def test_the_list_takes_six_statements(world, city) -> None:
    today = datetime.now(UTC).date()
    with statements(world) as seen:
        desk(world).accountability(today - timedelta(days=30), today)
    assert len(seen) == 6


def test_the_export_says_who_took_it_and_is_logged(world, tmp_path) -> None:
    ticket_id = signed(world)
    desk(world).supervise(supervising(world, ticket_id))
    today = datetime.now(UTC).date()
    file = desk(world, Role.INSPECTOR).export(
        today - timedelta(days=1), today + timedelta(days=1), tmp_path / "问责清单.csv"
    )
    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("示范市12345政务服务便民热线 问责清单")
    assert lines[1].startswith("导出人 督察 I001")
    assert any(line.startswith("清河街道办事处,（本单位合计）") for line in lines)
    assert not list(tmp_path.glob("*.part"))
    with world.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export")).one()
        assert entry.subject_kind == "accountability"
        assert entry.details["until"] == str(today + timedelta(days=1))


def test_the_list_on_paper_is_a_numbered_copy(world, tmp_path) -> None:
    ticket_id = signed(world)
    desk(world).supervise(supervising(world, ticket_id))
    made = Supervising(seat_for(world, Role.OVERSEER), Paper().render_sheet)
    for name in ("一.pdf", "二.pdf"):
        file = made.export(TODAY - timedelta(days=1), TODAY + timedelta(days=1), tmp_path / name)
        assert file.read_bytes().startswith(b"%PDF")
    with world.reading() as session:
        log = session.scalars(select(PrintLog).order_by(PrintLog.id)).all()
        assert [(row.form, row.copy_no, row.by) for row in log] == [
            ("accountability_list", 1, "郑督 0051"), ("accountability_list", 2, "郑督 0051"),
        ]  # fmt: skip


def test_a_warning_is_no_urging(world) -> None:
    ticket_id = signed(world)
    with world.writing.begin() as session:
        session.add(Urging(
            ticket_id=ticket_id, rung=0, automatic=True, unit_name="清河街道办事处", reason="临近时限",
            at=datetime.now(UTC), by="系统",
        ))  # fmt: skip
    assert [one.warning for one in desk(world).dossier(ticket_id).urgings] == [True]
    made = desk(world).accountability(TODAY - timedelta(days=1), TODAY + timedelta(days=1))
    assert made.units[0].urged == 0
