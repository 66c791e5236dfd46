"""The report desk on a real database and real paper."""

import errno
import os
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from sqlalchemy import event, select, update

from console.domain.errors import Cancelled, Invalid, NotFound, Unavailable
from console.domain.forms import FormKind
from console.domain.reports import DESK_FORMS, Copy, Criteria, Manner, Stage
from console.domain.roles import Role
from console.domain.trace import read_trace
from console.domain.worktime import civil_date
from console.ledger import case_file
from console.services.paper import Paper, preview
from console.services.reports import Reports
from console.services.reports.copies import Taken, log_copies
from db.models import Appellant, Assignment, Callback, PrintLog, Ticket, TicketEvent
from db.models import HandlingResult as ResultRow
from tests.desks import closed, turn_back
from tests.journeys import COMMUNITY, STREET, dispatched
from tests.world import engine_of, seat_for

REPORT, SHEET = FormKind.CLOSURE_REPORT, FormKind.TICKET_FORM


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with nothing in it; the database lies in `tmp_path`."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@cache
def paper() -> Paper:
    return Paper()


def desk(world, role: Role = Role.CLERK, unit_id: int | None = None) -> Reports:
    return Reports(seat_for(world, role, unit_id), paper(), preview)


def words(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    try:
        return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in document))
    finally:
        document.close()


def log(world) -> list[PrintLog]:
    with world.reading() as session:
        return list(session.scalars(select(PrintLog).order_by(PrintLog.id)))


def number(world, ticket_id: int) -> str:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id).number


# Finding


def test_the_list_is_by_stage_newest_closed_first(world) -> None:
    first, second, open_one = closed(world), closed(world), dispatched(world)
    turn_back(world, second, closed_at=timedelta(days=3))
    orders = desk(world).orders
    assert [row.id for row in orders(Criteria()).rows] == [first, second]
    assert [row.id for row in orders(Criteria(Stage.OPEN)).rows] == [open_one]
    assert [row.id for row in orders(Criteria(Stage.ANY)).rows] == [open_one, second, first]
    assert orders(Criteria(Stage.ARCHIVED)).rows == ()


def test_days_are_beijing_days_both_included(world) -> None:
    ticket_id = closed(world)
    with world.writing.begin() as session:
        late = datetime(2026, 3, 8, 15, 59, tzinfo=UTC)
        session.execute(update(Ticket).where(Ticket.id == ticket_id).values(closed_at=late))
    day, before = civil_date(late), civil_date(late) - timedelta(days=1)
    found = [desk(world).orders(Criteria(since=one, until=one)).rows for one in (before, day)]
    assert [len(rows) for rows in found] == [0, 1]


def test_pages_join_without_gap_or_repeat(world) -> None:
    ids = [closed(world) for _ in range(5)]
    with world.writing.begin() as session:
        same = datetime(2026, 3, 8, tzinfo=UTC)
        session.execute(update(Ticket).where(Ticket.id.in_(ids[1:4])).values(closed_at=same))
    for stage in (Stage.CLOSED, Stage.ANY):
        seen, after = [], None
        while True:
            page = desk(world).orders(Criteria(stage), after, limit=2)
            seen += [row.id for row in page.rows]
            after = page.more
            if after is None:
                break
        assert sorted(seen) == ids


def test_by_number_words_and_unit(world) -> None:
    street, other = closed(world), closed(world, title="路灯不亮", unit_id=STREET)
    orders = desk(world).orders

    def ids(**wanted) -> list[int]:
        return [row.id for row in orders(Criteria(**wanted)).rows]

    assert ids(text=number(world, street)) == [street]
    assert ids(text=number(world, other)[-4:]) == [other]
    assert ids(unit_id=STREET) == [other, street]
    assert ids(unit_id=COMMUNITY) == []
    with pytest.raises(Invalid, match="两个字"):
        ids(text="路")


def test_a_street_sees_its_own_and_another_nothing(world) -> None:
    ticket_id = closed(world)
    assert [row.id for row in desk(world, Role.STREET_DESK, 10).orders(Criteria()).rows] == [
        ticket_id
    ]
    other = desk(world, Role.STREET_DESK, 11)
    assert other.orders(Criteria()).rows == ()
    for refused in (
        lambda: other.preview(ticket_id, REPORT),
        lambda: other.find(ticket_id, REPORT),
        lambda: other.issue([ticket_id], REPORT),
    ):
        with pytest.raises(NotFound):
            refused()
    assert log(world) == []


def test_rows_are_one_statement(world) -> None:
    for _ in range(3):
        closed(world)
    statements: list[str] = []
    engine = engine_of(world)

    def note(_conn, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    desk(world).orders(Criteria(since=civil_date(datetime.now(UTC))))
    event.remove(engine, "before_cursor_execute", note)
    assert len([line for line in statements if line.startswith("SELECT")]) == 1


# Preview


@pytest.mark.parametrize("form", DESK_FORMS)
def test_every_form_of_the_desk_previews_without_leaving_a_copy(world, form: FormKind) -> None:
    ticket_id = closed(world)
    shown = desk(world).preview(ticket_id, form)
    assert shown.next_copy == 1
    assert shown.note == ""
    assert "预览" in words(shown.document.pdf)
    assert log(world) == []


def test_a_preview_says_what_is_still_blank(world) -> None:
    ticket_id = dispatched(world)
    notes = [desk(world).preview(ticket_id, form).note for form in DESK_FORMS]
    assert notes == [
        "",
        "",
        "尚未办结，未发生的环节留空",
        "尚未回访，记录处留空",
        "尚无公开答复，答复处留空",
    ]


def test_a_page_comes_as_pixels_at_the_resolution_asked(world) -> None:
    reports = desk(world)
    shown = reports.preview(closed(world), SHEET)
    low, high = (reports.page(shown.document.pdf, 0, dpi) for dpi in (96, 192))
    assert abs(high.width - 2 * low.width) <= 2
    assert len(high.pixels) == high.width * high.height * 4


# Copies


def test_copy_numbers_rise_for_each_form_apart_and_stand_on_the_paper(world) -> None:
    ticket_id, reports = closed(world), desk(world)
    numbers = [reports.issue([ticket_id], REPORT).copies[0].copy_no for _ in range(3)]
    assert numbers == [1, 2, 3]
    issued = reports.issue([ticket_id], SHEET)
    copy = issued.copies[0]
    assert copy.copy_no == 1
    assert f"份号1（{copy.mark}）" in words(issued.document.pdf)
    assert read_trace(copy.mark)[0] == "0061"
    assert reports.preview(ticket_id, REPORT).next_copy == 4
    assert reports.find(ticket_id, REPORT).copies == 3


def test_the_log_says_who_what_how_and_how_many_pages(world, out: Path) -> None:
    ticket_id, reports = closed(world), desk(world)
    issued = reports.issue([ticket_id], REPORT)
    reports.save([ticket_id], REPORT, out)
    printed, saved = log(world)
    assert (printed.manner, saved.manner) == ("print", "file")
    assert (printed.form, printed.by) == ("closure_report", "方文 0061")
    assert (printed.workstation, printed.account_id) == ("WS-TEST", 6)
    assert printed.pages == issued.document.pages
    assert printed.mark == issued.copies[0].mark


def test_in_one_document_every_work_order_has_its_own_copy_number(world) -> None:
    one, two, reports = closed(world), closed(world), desk(world)
    reports.issue([one], SHEET)
    issued = reports.issue([one, two], SHEET)
    assert [copy.copy_no for copy in issued.copies] == [2, 1]
    assert sum(line.pages for line in log(world)[1:]) == issued.document.pages


def test_two_clerks_at_once_never_get_one_number(world) -> None:
    """The second draws again when the first has taken its number in between."""
    ticket_id = closed(world)

    class Rival(Paper):
        drawn = 0

        def render(self, form, case, stamp, details=None):
            self.drawn += 1
            if self.drawn == 1:
                desk(world, Role.SUPERVISOR).issue([ticket_id], form)
            return paper().render(form, case, stamp, details)

    rival = Rival()
    reports = Reports(seat_for(world, Role.CLERK), rival, preview)
    assert reports.issue([ticket_id], SHEET).copies[0].copy_no == 2
    assert rival.drawn == 2
    assert [line.copy_no for line in log(world)] == [1, 2]


def test_a_number_once_given_is_refused(world) -> None:
    ticket_id, seat = closed(world), seat_for(world, Role.CLERK)
    copy = Copy(ticket_id, "", 1, "x")
    with world.writing.begin() as session:
        log_copies(session, seat, SHEET, Manner.PRINT, [copy], [1])
    with pytest.raises(Taken), world.writing.begin() as session:
        log_copies(session, seat, SHEET, Manner.PRINT, [copy], [1])
    assert len(log(world)) == 1


def test_training_paper_says_so(world) -> None:
    ticket_id = closed(world, training=True)
    assert "演练" in words(desk(world).issue([ticket_id], SHEET).document.pdf)


# Confidential


@pytest.mark.parametrize("form", DESK_FORMS)
@pytest.mark.parametrize("role", [Role.AGENT, Role.REVISITOR, Role.CLERK])
def test_a_confidential_paper_never_shows_the_contact(world, form: FormKind, role: Role) -> None:
    """Not even for the writer and the caller-back, who may see it on screen (field-facts 10.2)."""
    ticket_id = closed(
        world,
        confidential=True,
        content="来电人反映，电话199****1234，也可打13812345678，下水道堵塞，油污外溢。",
    )
    reports = desk(world, role)
    for pdf in (
        reports.preview(ticket_id, form).document.pdf,
        reports.issue([ticket_id], form).document.pdf,
    ):
        text = words(pdf)
        assert "【保密】" in text
        for secret in ("叶**", "199****1234", "5678"):
            assert secret not in text


SAID = (
    "我叫叶长青，叶先生家对面，叶 长青本人电话199 0000-1234、１９９００００１２３４，座机0730-8123456也就是8123456，"
    "爱人王㛃。要求保密。"
)


def _confidential_with_name(world) -> int:
    """A confidential work order whose every free text names the caller."""
    ticket_id = closed(
        world, confidential=True, title="叶长青反映下水道堵塞", content=SAID, wanted=SAID,
        occurred_text="叶长青下班后", confidential_reason=f"{SAID}怕报复",
    )  # fmt: skip
    with world.writing.begin() as session:
        now = datetime.now(UTC)
        for main, name, phone, person in (
            (True, "叶长青", "19900001234", 1),
            (False, "", "07308123456", 2),
        ):
            session.add(
                Appellant(
                    ticket_id=ticket_id, name=name, phone=phone, main=main,
                    joined_at=now, person_id=person,
                )
            )  # fmt: skip
        session.execute(update(TicketEvent).values(note=SAID))
        session.execute(update(Assignment).values(opinion=SAID))
        session.execute(
            update(ResultRow).values(
                internal_note=SAID, public_reply=SAID, cause=SAID, measures=SAID
            )
        )
        session.execute(update(Callback).values(comment=SAID))
        session.execute(
            update(Ticket).values(dispatch_opinion=SAID, review_comment=SAID, direct_answer=SAID)
        )
    return ticket_id


SECRETS = ("叶长青", "叶 长青", "叶先生", "王㛃", "0000-1234", "****1234", "１２３４", "8123456")


@pytest.mark.unguarded
def test_the_name_of_a_confidential_caller_is_nowhere_in_the_units_case(world) -> None:
    ticket_id = _confidential_with_name(world)
    with world.reading() as session:
        unit = case_file(session, seat_for(world, Role.STREET_DESK, STREET), ticket_id)
        writer = case_file(session, seat_for(world, Role.AGENT), ticket_id)
    for secret in SECRETS:
        assert secret not in repr(unit).replace(unit.row.number, "")
    assert "要求保密" in unit.content
    assert "反映下水道堵塞" in unit.row.title
    assert "叶长青" in writer.content, "who wrote it, calls back or oversees it sees it whole"


@pytest.mark.parametrize("form", DESK_FORMS)
@pytest.mark.parametrize("role", [Role.AGENT, Role.REVISITOR, Role.CLERK, Role.STREET_DESK])
def test_the_name_of_a_confidential_caller_is_on_no_paper(
    world, form: FormKind, role: Role
) -> None:
    ticket_id = _confidential_with_name(world)
    unit = STREET if role is Role.STREET_DESK else None
    shown = desk(world, role, unit).preview(ticket_id, form)
    text = words(shown.document.pdf).replace(shown.number, "")
    for secret in SECRETS:
        assert secret.replace(" ", "") not in text


# Files


def test_a_file_is_named_by_number_and_form_and_never_overwritten(world, out: Path) -> None:
    ticket_id, reports = closed(world), desk(world)
    first = reports.save([ticket_id], REPORT, out)
    second = reports.save([ticket_id], REPORT, out)
    name = number(world, ticket_id)
    assert [path.name for path in first.files] == [f"{name}-办结报告.pdf"]
    assert [path.name for path in second.files] == [f"{name}-办结报告-第2份.pdf"]
    assert "份号2" in words(second.files[0].read_bytes())


def test_no_name_of_a_file_holds_a_citizen(world, out: Path) -> None:
    ids = [closed(world, appellant_masked="叶长青", title="叶长青家门口下水道") for _ in range(2)]
    for form in DESK_FORMS:
        desk(world).save(ids, form, out)
        desk(world).save(ids, form, out, one_file=True)
    assert all(
        re.fullmatch(r"\d{17}-[一-龥]+\.pdf|[一-龥]+-共2件-\d{8}-\d{4}\.pdf", path.name)
        for path in out.iterdir()
    )


def test_one_for_each_or_one_for_all(world, out: Path) -> None:
    ids = [closed(world) for _ in range(3)]
    each = desk(world).save(ids, SHEET, out)
    together = desk(world).save(ids, SHEET, out, one_file=True)
    assert len(each.files) == 3
    assert len(together.files) == 1
    assert [copy.copy_no for copy in together.copies] == [2, 2, 2]
    text = words(together.files[0].read_bytes())
    assert all(number(world, ticket_id) in text for ticket_id in ids)


def stop_after(times: int):
    asked = iter([False] * times)
    return lambda: next(asked, True)


def test_stopped_half_way_leaves_whole_files_and_a_line_for_each(world, out: Path) -> None:
    ids = [closed(world) for _ in range(4)]
    seen: list[tuple[int, int]] = []
    written = desk(world).save(
        ids,
        SHEET,
        out,
        progress=lambda done, total: seen.append((done, total)),
        cancelled=stop_after(2),
    )
    assert written.stopped
    assert seen == [(1, 4), (2, 4)]
    assert sorted(out.iterdir()) == sorted(written.files)
    assert [line.ticket_id for line in log(world)] == ids[:2]
    for path in written.files:
        assert words(path.read_bytes())


@pytest.mark.parametrize("times", [1, 4, 5])
def test_one_file_for_all_stopped_leaves_nothing(world, out: Path, times: int) -> None:
    ids = [closed(world) for _ in range(4)]
    written = desk(world).save(ids, SHEET, out, one_file=True, cancelled=stop_after(times))
    assert written.stopped
    assert list(out.iterdir()) == []
    assert log(world) == []
    with pytest.raises(Cancelled):
        desk(world).issue(ids, SHEET, cancelled=stop_after(times))
    assert log(world) == []


def test_out_of_scope_is_left_out_and_told(world, out: Path) -> None:
    mine, other = closed(world), dispatched(world, 11)
    street = desk(world, Role.STREET_DESK, 10)
    for together in (False, True):
        written = street.save([other, mine], SHEET, out, one_file=together)
        assert len(written.files) == len(written.failed) == 1
        assert [copy.ticket_id for copy in written.copies] == [mine]
    assert [line.ticket_id for line in log(world)] == [mine, mine]


def test_a_full_disk_is_a_sentence_and_leaves_whole_files_only(
    world, out: Path, monkeypatch
) -> None:
    ids, synced = [closed(world) for _ in range(3)], []
    real = os.fsync

    def full(handle: int) -> None:
        synced.append(handle)
        if len(synced) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr("console.ledger.folder.os.fsync", full)
    with pytest.raises(Unavailable) as caught:
        desk(world).save(ids, SHEET, out)
    assert caught.value.text == "磁盘已满，文件没有写完；此前 2 件已完整保存"
    assert "清理磁盘" in caught.value.hint
    assert len(list(out.iterdir())) == len(log(world)) == 2


def test_a_missing_folder_is_told_before_any_work(world, out: Path) -> None:
    ticket_id = closed(world)
    with pytest.raises(Unavailable, match="没有找到这个文件夹"):
        desk(world).save([ticket_id], SHEET, out / "stick")
    with pytest.raises(Invalid):
        desk(world).save([], SHEET, out)
    assert log(world) == []
