"""The ledgers of a period, counted from real rows, printed and saved as numbered copies."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from console.domain.errors import Invalid, NotAllowed, Unavailable
from console.domain.roles import Role
from console.domain.sheets import (
    PERIODICAL,
    ReturnStatistics,
    SheetKind,
    SupervisionLedger,
    read_sheet_code,
    sheet_code,
)
from console.domain.states import SupervisionLevel
from console.domain.worktime import civil_date
from console.services.paper import preview
from console.services.reports.sheets import COUNTED, Sheets
from db.models import PrintLog, ReturnRequest, Supervision, Ticket
from tests.journeys import DEPARTMENT, STREET, dispatched
from tests.services.paper_pages import needs_poppler, pages
from tests.services.test_paper import paper
from tests.world import seat_for

pytestmark = needs_poppler

LEDGER, RETURNS = SheetKind.SUPERVISION_LEDGER, SheetKind.RETURN_STATISTICS


def desk(world, role: Role = Role.CLERK, unit_id: int | None = None) -> Sheets:
    return Sheets(seat_for(world, role, unit_id), paper().render_sheet, preview)


def now(world) -> datetime:
    with world.reading() as session:
        return seat_for(world, Role.CLERK).now(session)


def today(world) -> date:
    return civil_date(now(world))


def supervised(world, ticket_id: int, at: datetime, level: int = 1, **changes: object) -> None:
    with world.writing.begin() as session:
        session.add(
            Supervision(ticket_id=ticket_id, level=level, reason="超期未办结", lead_unit="清河街道办事处",
                        issued_at=at, issued_by="郑督 0051", **changes)
        )  # fmt: skip


def returned(world, ticket_id: int, unit: str, reason: str, granted: bool | None) -> None:
    with world.writing.begin() as session:
        session.add(
            ReturnRequest(ticket_id=ticket_id, share_seq=1, hop=1, unit_name=unit, reason=reason, basis="依据",
                          asked_at=seat_for(world, Role.CLERK).now(session), asked_by="王街 S101", granted=granted)
        )  # fmt: skip


def test_the_ledger_has_every_notice_of_its_days_and_no_other(world) -> None:
    first, second = dispatched(world), dispatched(world, confidential=True)
    at = now(world)
    supervised(world, first, at, 1, document_no="示政热督〔2026〕1号", penalty=2)
    supervised(world, second, at, 200, lifted_at=at, instructing_leader="李市长", feedback="已办")
    supervised(world, first, at - timedelta(days=30))
    day = today(world)
    record = desk(world).record(LEDGER, day, day)
    assert isinstance(record, SupervisionLedger)
    assert [row.level for row in record.rows] == [SupervisionLevel.NORMAL, SupervisionLevel.RED]
    assert [row.confidential for row in record.rows] == [False, True]
    assert record.rows[0].points == 2
    assert record.rows[1].leader == "李市长"
    wider = desk(world).record(LEDGER, day - timedelta(days=40), day)
    assert isinstance(wider, SupervisionLedger)
    assert len(wider.rows) == 3


def test_days_are_beijing_days(world) -> None:
    """Half past seven in the morning of UTC's day before is still the day the clerk means."""
    ticket_id, day = dispatched(world), date(2026, 3, 8)
    supervised(world, ticket_id, datetime.fromisoformat("2026-03-07T16:00:00+00:00"))
    supervised(world, ticket_id, datetime.fromisoformat("2026-03-08T15:59:59+00:00"))
    supervised(world, ticket_id, datetime.fromisoformat("2026-03-08T16:00:00+00:00"))
    record = desk(world).record(LEDGER, day, day)
    assert isinstance(record, SupervisionLedger)
    assert len(record.rows) == 2


def test_returns_are_counted_by_unit_category_and_reason(world) -> None:
    one, two = dispatched(world, STREET), dispatched(world, STREET)
    dispatched(world, DEPARTMENT)
    returned(world, one, "清河街道办事处", "属地不符", granted=True)
    returned(world, two, "清河街道办事处", "职责不符", granted=False)
    returned(world, two, "城市管理局", "职责不符", granted=None)
    record = desk(world).record(RETURNS, today(world), today(world))
    assert isinstance(record, ReturnStatistics)
    assert record.reasons == ("属地不符", "职责不符", "权属不清", "内容不清", "重复")
    street, department = record.rows
    assert (street.unit, street.category, street.dispatched, street.asked) == (
        "清河街道办事处", "下水道堵塞", 2, 2,
    )  # fmt: skip
    assert street.by_reason == (1, 1, 0, 0, 0)
    assert (street.granted, street.refused, street.pending) == (1, 1, 0)
    assert (department.asked, department.pending, department.dispatched) == (1, 1, 1)


def test_a_unit_counts_only_what_it_may_see(world) -> None:
    supervised(world, dispatched(world), now(world))
    with pytest.raises(NotAllowed):
        desk(world, Role.STREET_DESK, STREET).record(LEDGER, today(world), today(world))
    with pytest.raises(NotAllowed):
        desk(world, Role.ADMIN).record(LEDGER, today(world), today(world))


@pytest.mark.parametrize("kind", COUNTED)
def test_a_preview_leaves_no_copy_and_says_what_it_counts(world, kind: SheetKind) -> None:
    supervised(world, dispatched(world), now(world))
    day = today(world)
    text = "".join(pages(desk(world).preview(kind, day, day).pdf))
    assert "份号预览" in text
    assert f"{day.year}年{day.month}月{day.day}日" in text
    assert f"复核码{sheet_code(kind, day, day)}" in text
    with world.reading() as session:
        assert session.scalars(select(PrintLog)).all() == []


def test_every_copy_has_its_number_and_is_logged(world, tmp_path: Path) -> None:
    day = today(world)
    first = desk(world).issue(LEDGER, day, day)
    saved = desk(world).save(LEDGER, day, day, tmp_path)
    again = desk(world).save(LEDGER, day, day, tmp_path)
    assert "份号1（" in "".join(pages(first.pdf))
    assert saved.name == f"督办台账-{day:%Y%m%d}-{day:%Y%m%d}.pdf"
    assert again != saved
    assert "份号3（" in "".join(pages(again.read_bytes()))
    with world.reading() as session:
        rows = session.scalars(select(PrintLog).order_by(PrintLog.id)).all()
        assert [(row.copy_no, row.manner, row.pages, row.ticket_id) for row in rows] == [
            (1, "print", 1, None), (2, "file", 1, None), (3, "file", 1, None),
        ]  # fmt: skip
        assert {row.by for row in rows} == {"方文 0061"}


def test_no_copy_is_numbered_when_there_is_nowhere_to_put_it(world, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        desk(world).save(LEDGER, today(world), today(world), tmp_path / "gone")
    with world.reading() as session:
        assert session.scalars(select(PrintLog)).all() == []


def test_a_printed_code_counts_the_same_again(world) -> None:
    day = today(world)
    code = sheet_code(RETURNS, day - timedelta(days=6), day)
    assert desk(world).again(f" {code.lower()} ") == (RETURNS, day - timedelta(days=6), day)
    for wrong in (
        "",
        "DB-2026",
        "XX-20260301-20260308",
        "DB-20260308-20260301",
        "DB-20261301-20261302",
    ):
        with pytest.raises(Invalid):
            desk(world).again(wrong)


@pytest.mark.parametrize("kind", PERIODICAL)
def test_a_code_reads_as_it_was_written(kind: SheetKind) -> None:
    since, until = date(2026, 3, 1), date(2026, 3, 8)
    assert read_sheet_code(sheet_code(kind, since, until)) == (kind, since, until)


def test_impossible_days_are_refused(world) -> None:
    day = today(world)
    for since, until in ((day, day - timedelta(days=1)), (day - timedelta(days=400), day)):
        with pytest.raises(Invalid):
            desk(world).record(LEDGER, since, until)
    with pytest.raises(Invalid):
        desk(world).record(SheetKind.SHIFT_HANDOVER, day, day)


def test_no_name_of_a_citizen_is_on_a_ledger(world) -> None:
    ticket_id = dispatched(world)
    supervised(world, ticket_id, now(world), feedback="已电话联系13800000012，问题已解决")
    text = "".join(pages(desk(world).preview(LEDGER, today(world), today(world)).pdf))
    assert "13800000012" not in text
    assert "138****0012" in text
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).number in text
