"""An archived work order is under seal: whatever is altered afterwards is found and named (field-facts 10.10)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update

from console.domain.roles import Role
from console.services.archiving import Archiving
from console.services.handling import Handling
from db.contents import put
from db.manifests import broken_seals, check_archive, unsealed
from db.models import (
    Attachment,
    Callback,
    FilePiece,
    HandlingResult,
    Ticket,
    TicketEvent,
)
from db.models.handling import ArchiveManifest
from tests.desks import closed
from tests.world import engine_of, seat_for


@pytest.fixture
def archived(world, tmp_path) -> int:
    """One archived work order with a photograph."""
    ticket_id = closed(world)
    content = b"\xff\xd8\xff\xe0" + b"after" * 50
    with world.writing.begin() as session:
        from hashlib import sha256

        name = sha256(content).hexdigest()
        put(session, content)
        session.add(Attachment(
            ticket_id=ticket_id, share_seq=1, kind="after", name="处置后.jpg", media_type="image/jpeg",
            size=len(content), sha256=name, added_by="王街", added_at=session.get_one(Ticket, ticket_id).created_at,
        ))  # fmt: skip
    Archiving(seat_for(world, Role.CLERK)).archive(ticket_id)
    return ticket_id


def faults(world) -> tuple[str, ...]:
    with world.reading() as session:
        return tuple(fault for broken in broken_seals(session) for fault in broken.faults)


def prove(world, ticket_id: int):
    return Archiving(seat_for(world, Role.CLERK)).prove(ticket_id)


def test_untouched_it_is_proved_whole(world, archived) -> None:
    assert faults(world) == ()
    proof = prove(world, archived)
    assert proof.whole
    assert proof.files == 1
    assert proof.words.startswith("核对无误：")
    health = check_archive(world.url)
    assert (health.sealed, health.sound) == (1, True)


ALTERED = (
    (update(Ticket).values(title="已改"), "工单内容被改动"),
    (update(Ticket).values(closed_at=Ticket.created_at), "工单内容被改动"),
    (update(HandlingResult).values(public_reply="改过的答复"), "办理结果被改动"),
    (update(TicketEvent).where(TicketEvent.id == 2).values(note="改过"), "经过第 2 条被改动"),
    (delete(TicketEvent).where(TicketEvent.id == 3), "经过少了第 3 条"),
    (update(Callback).values(satisfaction="very_satisfied"), "回访被改动"),
    (update(FilePiece).values(content=b"other"), "附件“处置后.jpg”内容与登记的不一致"),
    (delete(FilePiece), "附件“处置后.jpg”内容丢失"),
    (update(Attachment).values(name="别的.jpg"), "附件登记被改动"),
    (update(ArchiveManifest).values(body={"format": 1, "parts": {}, "files": []}), "卷内清单本身被改动"),
)  # fmt: skip


@pytest.mark.parametrize(("statement", "words"), ALTERED, ids=[words for _s, words in ALTERED])
def test_every_alteration_is_found_and_named(world, archived, statement, words) -> None:
    with engine_of(world).begin() as connection:
        connection.execute(statement.execution_options(synchronize_session=False))
    assert words in faults(world)
    assert not prove(world, archived).whole
    assert not check_archive(world.url).sound


def test_a_line_added_later_is_found(world, archived) -> None:
    with world.writing.begin() as session:
        last = session.get_one(TicketEvent, 1)
        row = {c.key: getattr(last, c.key) for c in TicketEvent.__table__.columns if c.key != "id"}
        session.execute(insert(TicketEvent).values(**row))
    assert any(fault.startswith("经过多出一条") for fault in faults(world))


def test_manifest_and_row_altered_together_still_contradict_the_audit_chain(
    world, archived
) -> None:
    """Who rewrites the seal as well would have to rewrite the chain of every line after it."""
    from db import manifests

    with world.writing.begin() as session:
        session.get_one(Ticket, archived).title = "已改"
        session.flush()
        body = manifests._bodies(session, [archived])[archived]
        seal = session.query(ArchiveManifest).one()
        seal.body, seal.digest = body, manifests._digest(body)
    assert faults(world) == ("卷内清单本身被改动",)


def test_what_the_program_keeps_up_itself_breaks_no_seal(world, archived) -> None:
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, archived)
        ticket.yellow_at = ticket.created_at + timedelta(days=1)
    assert faults(world) == ()


def test_archived_past_the_desk_is_said_to_be_unsealed(world) -> None:
    ticket_id = closed(world)
    with world.writing.begin() as session:
        session.execute(text("update ticket set state='archived' where id=:id"), {"id": ticket_id})
    with world.reading() as session:
        assert len(unsealed(session)) == 1
    assert prove(world, ticket_id).words == "本件归档时没有留下卷内清单，无法核对"


def test_an_archived_work_order_takes_no_more_files(world, archived, tmp_path) -> None:
    picture = tmp_path / "late.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0" + b"late" * 50)
    street = Handling(seat_for(world, Role.STREET_DESK, 10))
    with pytest.raises(Exception, match=r"不能|不在"):
        street.attach(archived, "after", picture)
    assert faults(world) == ()
