"""卷内目录 and the letters after closing, from the rows of a real work order."""

from console.domain.forms import ArchiveIndex, FormKind
from console.domain.roles import Role
from console.ledger.papers import form_details
from console.services.archiving import Archiving
from console.services.paper import Paper, preview
from console.services.reports import Reports
from db.models import Ticket
from tests.desks import closed
from tests.services.test_callback_people import add, with_caller
from tests.services.test_manifests import archived  # noqa: F401 - a fixture
from tests.services.test_paper import all_text
from tests.world import seat_for


def details(world, ticket_id: int, form: FormKind):
    seat = seat_for(world, Role.CLERK)
    with world.reading() as session:
        return form_details(session, seat, ticket_id, form)


def test_the_index_lists_every_document_and_file_and_the_seal(world, archived: int) -> None:  # noqa: F811
    record = details(world, archived, FormKind.ARCHIVE_INDEX)
    assert isinstance(record, ArchiveIndex)
    titles = [line.title for line in record.lines]
    assert titles[:2] == ["受理单", "承办单（清河街道办事处）"]
    assert "回访记录单（1次）" in titles
    assert titles[-1] == "附件1　处置后照片（处置后.jpg）"
    assert len(record.lines[-1].mark) == 10
    proof = Archiving(seat_for(world, Role.CLERK)).prove(archived)
    assert (record.digest, record.archived_by) == (proof.digest, "方文 0061")


def test_it_is_printed_with_the_archive_number(world, archived: int) -> None:  # noqa: F811
    desk = Reports(seat_for(world, Role.CLERK), Paper(), preview)
    shown = desk.preview(archived, FormKind.ARCHIVE_INDEX)
    text = all_text(shown.document)
    with world.reading() as session:
        assert session.get_one(Ticket, archived).archive_no in text
    assert "卷内目录" in text.replace("\u2002", "").replace(" ", "")
    assert (shown.document.missing, shown.document.pages) == ((), 1)


def test_everyone_who_appealed_gets_a_letter_of_their_own(world) -> None:
    ticket_id = closed(world)
    assert details(world, ticket_id, FormKind.REPLY_LETTER) is None
    with_caller(world, ticket_id)
    add(world, ticket_id, "王小梅", "19900002222")
    add(world, ticket_id, "匿名", "")
    letters = details(world, ticket_id, FormKind.REPLY_LETTER)
    assert [letter.salutation for letter in letters] == ["尊敬的叶**", "尊敬的王**", ""]
    shown = Reports(seat_for(world, Role.CLERK), Paper(), preview).preview(
        ticket_id, FormKind.REPLY_LETTER
    )
    assert shown.document.pages == 3
