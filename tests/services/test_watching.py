"""The two-colour board, who may look and who may act, and the accountability list, on a real database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from console.domain.errors import NotAllowed
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import SupervisionLevel
from console.domain.supervision import (
    SuspendForm,
    UrgeForm,
    Watch,
    WatchCriteria,
)
from console.ledger import Entry
from console.services.paper import Paper
from console.services.supervising import Supervising
from db.models import (
    Assignment,
    AuditEntry,
    PrintLog,
    Promise,
    ReturnRequest,
    Supervision,
    Suspension,
    TicketEvent,
    Urging,
)
from tests.desks import closed, move, replied
from tests.journeys import DEPARTMENT, STREET, dispatched, open_ticket, version_of
from tests.oversight import (
    DAYS,
    TODAY,
    desk,
    late,
    leader,
    override,
    put,
    rows,
    signed,
    statements,
    supervising,
    suspend,
)
from tests.world import engine_of, seat_for

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
    assert desk(world).watch(WatchCriteria()).rows[-1].id == city["unhappy"]


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
