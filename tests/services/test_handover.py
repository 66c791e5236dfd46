"""The hand-over of a shift on a real database: nothing promised is left off the paper."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from console.domain.errors import Invalid, NotAllowed
from console.domain.forms import Document, Stamp
from console.domain.handover import shift_name, shift_start
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.sheets import SheetKind, SheetRecord, ShiftHandover
from console.ledger import Entry
from console.services.handover import Handover
from console.services.paper import Paper, preview
from console.services.promises import Promises
from db.engine import Database
from db.models import Call, PrintLog, Promise, Suspension, Ticket
from tests.desks import move
from tests.journeys import STREET, dispatched, open_ticket
from tests.world import seat_for


class Press:
    """Keeps the records it is given instead of drawing them."""

    def __init__(self) -> None:
        self.records: list[ShiftHandover] = []
        self.stamps: list[Stamp] = []

    def draw(self, _kind: SheetKind, record: SheetRecord, stamp: Stamp) -> Document:
        assert isinstance(record, ShiftHandover)
        self.records.append(record)
        self.stamps.append(stamp)
        return Document(b"", 2, (), "交接班表")


def desk(world: Database, press: Press | None = None, role: Role = Role.SUPERVISOR) -> Handover:
    return Handover(seat_for(world, role), (press or Press()).draw, preview)


def promise(world: Database, ticket_id: int) -> None:
    agent = Promises(seat_for(world, Role.AGENT))
    agent.promise(ticket_id, "回电告知", datetime.now(UTC) + timedelta(hours=2))


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=6))
def test_every_open_promise_is_on_screen_and_on_paper(
    world: Database, made: list[tuple[bool, int]]
) -> None:
    with world.writing.begin() as session:
        session.execute(delete(Promise))
    for kept, times in made:
        ticket_id = dispatched(world)
        for _ in range(times):
            promise(world, ticket_id)
        if kept:
            agent = Promises(seat_for(world, Role.AGENT))
            for line in agent.of(ticket_id):
                agent.keep(line.id)
    press = Press()
    expected = sum(times for kept, times in made if not kept)
    assert len(desk(world).shift().promises) == expected
    desk(world, press).issue("夜班 李娜")
    assert len(press.records[0].promises) == expected


def test_lit_held_missed_and_drafts_are_handed_over(world: Database) -> None:
    red = dispatched(world, title="超时的一件")
    held = dispatched(world, title="等材料")
    move(world, held, Role.STREET_DESK, Entry(Move.SIGN), STREET)
    today = datetime.now(UTC).date()
    entry = Entry(Move.SUSPEND, {"reason": "等待材料", "resume_on": today.isoformat()}, "挂起")
    move(world, held, Role.OVERSEER, entry)
    with world.writing.begin() as session:
        now = datetime.now(UTC)
        late = update(Ticket).where(Ticket.id == red)
        session.execute(late.values(finish_due=now - timedelta(hours=2)))
        if session.scalars(select(Suspension)).first() is None:
            session.add(
                Suspension(
                    ticket_id=held, reason_kind="material", since=now, resume_on=today, by="郑督"
                )
            )
        session.add(
            Call(
                call_no="c1", caller_no="19900000055", ring_at=now, ended_at=now, result="abandoned",
                wait_s=42,
            )
        )  # fmt: skip
    shift = desk(world).shift()
    assert [row.title for row in shift.lit] == ["超时的一件"]
    assert (shift.reds, shift.yellows, dict(shift.figures)["红灯"]) == (1, 0, "1")
    assert [line.title for line in shift.held] == ["等材料"]
    assert [(m.phone, m.waited) for m in shift.missed] == [("199****0055", timedelta(seconds=42))]
    assert dict(shift.figures)["来电"] == "1"
    assert dict(shift.figures)["登记"] == "2"


def test_somebody_called_back_is_missed_no_longer(world: Database) -> None:
    now = datetime.now(UTC)
    with world.writing.begin() as session:
        for n, answered in enumerate((None, now)):
            session.add(
                Call(
                    call_no=f"c{n}", caller_no="19900000055", ring_at=now + timedelta(seconds=n),
                    answered_at=answered, ended_at=now, result="answered" if answered else "abandoned",
                )
            )  # fmt: skip
    assert not desk(world).shift().missed


def test_a_note_reaches_the_next_shift(world: Database) -> None:
    desk(world).leave_note("清河大道停水，20:00 恢复，统一口径见知识库。")
    with pytest.raises(Invalid) as refused:
        desk(world).leave_note("  ")
    assert refused.value.field == "note"
    notes = desk(world, role=Role.DISPATCHER).shift().notes
    assert [(note.text[:6], note.by) for note in notes] == [("清河大道停水", "周正 0002")]


def test_the_next_shift_is_counted_from_the_last_sheet(world: Database) -> None:
    open_ticket(world)
    press = Press()
    desk(world, press).issue("李娜")
    assert press.records[0].taken_by == "李娜"
    assert press.stamps[0].copy_no.startswith("1（0002-")
    with world.reading() as session:
        log = session.scalars(select(PrintLog)).one()
        assert (log.form, log.pages, log.ticket_id) == ("shift_handover", 2, None)
    shift = desk(world).shift()
    assert shift.since == log.at
    assert dict(shift.figures)["登记"] == "0"
    desk(world, press).issue("")
    assert press.stamps[1].copy_no.startswith("2（")


def test_it_can_be_printed(world: Database) -> None:
    promise(world, open_ticket(world))
    real = Handover(seat_for(world, Role.SUPERVISOR), Paper().render_sheet, preview)
    document = real.issue("夜班 李娜")
    assert document.pages >= 1
    assert document.missing == ()
    assert real.page(document.pdf, 0, 50).width > 100


def test_only_the_centre_hands_over(world: Database) -> None:
    with pytest.raises(NotAllowed):
        desk(world, role=Role.LIAISON).shift()


def test_shifts_by_the_clock() -> None:
    for hour, name, start in (
        (2, "夜班", 0),
        (8, "夜班", 0),
        (9, "早班", 8),
        (16, "早班", 8),
        (17, "中班", 16),
    ):
        at = datetime(2026, 11, 22, hour, 30, tzinfo=UTC) - timedelta(hours=8)
        assert shift_name(at) == name
        assert shift_start(at) == datetime(2026, 11, 22, start, tzinfo=UTC) - timedelta(hours=8)
