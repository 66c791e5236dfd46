"""Files of a case: what they really are, stored once, taken away again."""

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from console.domain.errors import (
    Cancelled,
    Invalid,
    NotAllowed,
    NotFound,
    Unavailable,
)
from console.domain.roles import Role
from console.ledger.files import read_file
from console.services.handling import Handling
from db.contents import LARGEST, PIECE
from db.models import (
    Attachment,
    AuditEntry,
    FilePiece,
)
from tests.units import JPEG, REPLY, now, picture, rows, signed, street
from tests.world import seat_for


def test_a_file_is_stored_once_and_read_back_whole(world, tmp_path) -> None:
    content = JPEG + bytes(PIECE)
    first, second = signed(world), signed(world)
    path = picture(tmp_path, content=content)
    added = street(world).attach(first, "after", path)
    street(world).attach(second, "after", path)
    assert street(world).attach(first, "after", path).again
    assert (added.line.media_type, added.line.size) == ("image/jpeg", len(content))
    assert len(rows(world, Attachment)) == 2
    with world.reading() as session:
        assert len(session.scalars(select(FilePiece.piece)).all()) == 2
        assert read_file(session, added.line.sha256) == content


def test_a_program_called_jpg_is_refused_with_a_sentence(world, tmp_path) -> None:
    ticket_id = signed(world)
    for content in (b"MZ\x90\x00", b"\x7fELF\x02\x01", b"#!/bin/sh\nrm -rf /\n"):
        with pytest.raises(Invalid, match="是程序文件") as refused:
            street(world).attach(ticket_id, "after", picture(tmp_path, "现场.jpg", content))
        assert refused.value.field == "attachment"
    assert not rows(world, Attachment)


def test_sixty_megabytes_are_refused_before_they_are_read(world, tmp_path, monkeypatch) -> None:
    ticket_id = signed(world)
    path = tmp_path / "long.mp4"
    with path.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    monkeypatch.setattr(Path, "open", lambda *_a, **_k: pytest.fail("was opened"))
    with pytest.raises(Invalid, match=r"60 MB，超过 50 MB"):
        street(world).attach(ticket_id, "after", path)


def test_a_file_that_grows_while_it_is_read_is_refused(world, tmp_path, monkeypatch) -> None:
    ticket_id = signed(world)
    path = tmp_path / "grows.mp4"
    with path.open("wb") as file:
        file.truncate(LARGEST + PIECE)
    monkeypatch.setattr("console.ledger.files._size", lambda _path: 1)
    with pytest.raises(Invalid, match="超过 50 MB"):
        street(world).attach(ticket_id, "after", path)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"#!AMR\n", "audio/amr"),
        (b"ID3\x03", "audio/mpeg"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_the_type_is_read_from_the_content(world, tmp_path, head: bytes, kind: str) -> None:
    ticket_id = signed(world)
    line = (
        street(world)
        .attach(ticket_id, "handling", picture(tmp_path, "x.bin", head + bytes(64)))
        .line
    )
    assert line.media_type == kind


def office(*parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for part in parts:
            package.writestr(part, "x")
    return made.getvalue()


def test_office_papers_pass_but_macros_and_other_archives_do_not(world, tmp_path) -> None:
    ticket_id = signed(world)
    desk = street(world)
    paper = picture(tmp_path, "说明.docx", office("[Content_Types].xml", "word/document.xml"))
    assert "wordprocessingml" in desk.attach(ticket_id, "handling", paper).line.media_type
    macro = office("word/document.xml", "word/vbaProject.bin")
    with pytest.raises(Invalid, match="宏程序"):
        desk.attach(ticket_id, "handling", picture(tmp_path, "m.docx", macro))
    with pytest.raises(Invalid, match="不是可添加的文件类型"):
        desk.attach(ticket_id, "handling", picture(tmp_path, "z.docx", office("a.txt")))
    apple = b"\x00\x00\x00\x18ftypheic" + bytes(64)
    with pytest.raises(Invalid, match="HEIC"):
        desk.attach(ticket_id, "after", picture(tmp_path, "IMG.HEIC", apple))
    with pytest.raises(Invalid, match="不是照片或视频"):
        desk.attach(ticket_id, "after", picture(tmp_path, "a.pdf", b"%PDF-1.7"))


def test_a_missing_or_empty_file_is_said(world, tmp_path) -> None:
    ticket_id = signed(world)
    with pytest.raises(Unavailable, match="读不到文件"):
        street(world).attach(ticket_id, "after", tmp_path / "gone.jpg")
    with pytest.raises(Invalid, match="空文件"):
        street(world).attach(ticket_id, "after", picture(tmp_path, "empty.jpg", b""))


def test_cancelling_leaves_nothing(world, tmp_path) -> None:
    ticket_id = signed(world)
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        street(world).attach(ticket_id, "after", picture(tmp_path), cancelled=lambda: next(asked))
    assert not rows(world, Attachment)
    with world.reading() as session:
        assert not session.scalars(select(FilePiece.piece)).all()


def test_an_attachment_is_taken_away_by_its_own_unit_until_it_has_replied(world, tmp_path) -> None:
    ticket_id = signed(world)
    desk = street(world)
    wrong = desk.attach(ticket_id, "after", picture(tmp_path)).line
    desk.detach(ticket_id, wrong.id)
    with world.reading() as session:
        assert not session.scalars(select(FilePiece.piece)).all()
    kept = desk.attach(ticket_id, "after", picture(tmp_path)).line
    desk.contact(ticket_id, now(), "电话", "")
    desk.reply(ticket_id, REPLY)
    with pytest.raises(NotAllowed, match="已回复"):
        desk.detach(ticket_id, kept.id)


def test_a_copy_taken_out_is_logged_and_papers_of_identity_stay(world, tmp_path) -> None:
    ticket_id = signed(world)
    desk = street(world)
    paper = desk.attach(ticket_id, "handling", picture(tmp_path, "a.pdf", b"%PDF-1.7 x")).line
    card = desk.attach(ticket_id, "identity", picture(tmp_path, "card.jpg")).line
    desk.save_copy(paper.id, tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == b"%PDF-1.7 x"
    (entry,) = rows(world, AuditEntry)
    assert (entry.action, entry.subject_key) == ("save_file", str(paper.id))
    with pytest.raises(NotAllowed, match="证件和录音"):
        desk.save_copy(card.id, tmp_path / "card.jpg")
    with pytest.raises(Unavailable, match="写不进"):
        desk.save_copy(paper.id, tmp_path / "no" / "copy.pdf")
    with pytest.raises(NotFound):
        Handling(seat_for(world, Role.STREET_DESK, 11)).save_copy(paper.id, tmp_path / "b.pdf")
