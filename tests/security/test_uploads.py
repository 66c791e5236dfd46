"""Files through psql with an operator's own password: a hash opens nothing, nobody's upload is anybody else's."""

import hashlib
from typing import Any

import psycopg
import pytest

from console.domain.roles import Role
from console.ledger.files import taken
from console.ledger.uploads import send
from db.contents import PIECE
from db.engine import Database
from db.models import Attachment, StoredFile
from tests.journeys import DEPARTMENT, STREET, dispatched
from tests.security.test_attacks import (
    ADMIN,
    AGENT,
    BUREAU,
    EVERYBODY,
    INSPECTOR,
    OTHER_STREET,
    STREET_CLERK,
    SUPERVISOR,
    owner,
    psql,
)
from tests.units import JPEG, picture, rows, signed, street
from tests.world import seat_for

CONTENT = JPEG + bytes(PIECE)
HASH = hashlib.sha256(CONTENT).hexdigest()
CARD = JPEG + b"identity card"
CARD_HASH = hashlib.sha256(CARD).hexdigest()
KEY = "a" * 32
PIECES = "select count(*) from file_piece"


@pytest.fixture
def city(guarded_world: Database, tmp_path) -> Database:
    """A photo and a paper of identity at the street; a work order without files at the department."""
    ticket_id = signed(guarded_world, reply_wanted=True)
    street(guarded_world).attach(ticket_id, "after", picture(tmp_path, content=CONTENT))
    street(guarded_world).attach(ticket_id, "identity", picture(tmp_path, "card.jpg", CARD))
    dispatched(guarded_world, DEPARTMENT)
    return guarded_world


def one(raw: psycopg.Connection[Any], statement: str, *values: object) -> Any:
    found = raw.execute(statement, values).fetchone()
    return found[0] if found else None


def refused(raw: psycopg.Connection[Any], statement: str, *values: object) -> bool:
    """Told no, or nothing happened."""
    try:
        return raw.execute(statement, values).rowcount == 0
    except psycopg.Error:
        return True


@pytest.mark.parametrize(
    ("login", "pieces"),
    [(STREET_CLERK, 2), (AGENT, 2), (SUPERVISOR, 2), (OTHER_STREET, 0), (BUREAU, 0)],
)
def test_pieces_are_read_by_those_who_see_the_work_order_and_never_papers_of_identity(
    city: Database, login: str, pieces: int
) -> None:
    with psql(city, login) as raw:
        assert one(raw, PIECES) == pieces
        assert one(raw, "select count(*) from stored_file where sha256 = %s", CARD_HASH) == 0
    with owner(city) as raw:
        assert one(raw, PIECES) == 3


def test_an_administrator_has_nothing_to_do_with_files(city: Database) -> None:
    with psql(city, ADMIN) as raw:
        for table in ("upload", "file_piece", "stored_file"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(f"select 1 from {table}")


@pytest.mark.parametrize("login", EVERYBODY)
def test_nobody_changes_what_is_stored(city: Database, login: str) -> None:
    tries = (
        "update file_piece set content = ''",
        "delete from file_piece",
        "delete from stored_file",
        "update stored_file set key = 'x'",
        f"insert into stored_file values ('{'b' * 64}', '{KEY}', 1, now())",
        "insert into file_piece select key, 7, digest, content from file_piece",
        "update upload set finished_at = now()",
        "update attachment set kind = 'other' where kind = 'identity'",
    )
    with owner(city) as root:
        before = root.execute("select key, piece, digest from file_piece order by 1, 2").fetchall()
    with psql(city, login) as raw:
        for statement in tries:
            assert refused(raw, statement), f"{login}: {statement}"
    with owner(city) as root:
        after = root.execute("select key, piece, digest from file_piece order by 1, 2").fetchall()
    assert after == before


def attach(raw: psycopg.Connection[Any], sha256: str, size: int, kind: str = "other") -> None:
    raw.execute(
        "insert into attachment (ticket_id, kind, name, media_type, size, sha256, look, added_at, added_by) "
        "select id, %s, 'x.jpg', 'image/jpeg', %s, %s, '', now(), 'x' from ticket limit 1",
        (kind, size, sha256),
    )


def test_a_hash_alone_brings_nobody_a_file(city: Database) -> None:
    """Who learned a hash from an old list puts it on a work order of one's own: told no."""
    with psql(city, BUREAU) as raw:
        with pytest.raises(psycopg.Error, match="no such file"):
            attach(raw, HASH, len(CONTENT))
        assert one(raw, PIECES) == 0


def test_a_paper_of_identity_seen_in_the_list_is_not_had(city: Database) -> None:
    """The unit sees that there is a card, not what is on it: not even by hanging it up again as a photo."""
    with psql(city, STREET_CLERK) as raw:
        assert one(raw, "select count(*) from attachment where sha256 = %s", CARD_HASH) == 1
        with pytest.raises(psycopg.Error, match="no such file"):
            attach(raw, CARD_HASH, len(CARD))


BEGIN = (
    "insert into upload (account_id, key, sha256, size, touched_at) values (%s, %s, %s, %s, now())"
)


def test_an_upload_is_ones_own_and_finished_by_its_content_alone(city: Database) -> None:
    with psql(city, BUREAU) as raw:
        assert refused(raw, BEGIN, 7, KEY, HASH, len(CONTENT)), "in somebody else's name"
        late = BEGIN.replace("touched_at)", "touched_at, finished_at)").replace(
            "now())", "now(), now())"
        )
        assert refused(raw, late, 10, KEY, HASH, len(CONTENT)), "finished from the start"
        assert refused(raw, BEGIN, 10, KEY, HASH, 60 * 1024 * 1024), "too large"
        raw.execute(BEGIN, (10, KEY, HASH, len(CONTENT)))
        assert one(raw, "select hotline.finish_upload(%s)", KEY) is False, "nothing was sent"
        piece = "insert into file_piece values (%s, %s, %s, %s)"
        wrong = bytes(PIECE)
        assert refused(raw, piece, KEY, 0, hashlib.sha256(CONTENT[:PIECE]).hexdigest(), wrong)
        assert refused(raw, piece, KEY, 2, hashlib.sha256(b"x").hexdigest(), b"x"), "behind the end"
        raw.execute(piece, (KEY, 0, hashlib.sha256(wrong).hexdigest(), wrong))
        rest = bytes(len(CONTENT) - PIECE)
        raw.execute(piece, (KEY, 1, hashlib.sha256(rest).hexdigest(), rest))
        assert one(raw, "select hotline.finish_upload(%s)", KEY) is False, "another content"
        with pytest.raises(psycopg.Error, match="no such file"):
            attach(raw, HASH, len(CONTENT))
    with psql(city, INSPECTOR) as raw:
        assert one(raw, "select count(*) from upload") == 0, "nobody sees another's upload"
        assert refused(raw, "delete from upload")


def test_pieces_of_others_are_not_reached_by_naming_their_key(city: Database) -> None:
    with owner(city) as root:
        key = one(root, "select key from stored_file where sha256 = %s", CARD_HASH)
    with psql(city, BUREAU) as raw:
        assert refused(raw, BEGIN, 10, key, "c" * 64, len(CARD))
        assert one(raw, PIECES) == 0


def test_uploads_that_are_nobodys_do_not_fill_the_disk(city: Database) -> None:
    with psql(city, BUREAU) as raw:
        for number in range(40):
            raw.execute(BEGIN, (10, f"{number:032x}", f"{number:064x}", 1))
        with pytest.raises(psycopg.Error, match="too many"):
            raw.execute(BEGIN, (10, "f" * 32, "f" * 64, 1))
        raw.execute("delete from upload")
        raw.execute(BEGIN, (10, "f" * 32, "f" * 64, 1))


def test_a_paper_of_identity_is_read_after_a_reason_by_who_may_see_the_contact(
    city: Database,
) -> None:
    card = next(row.id for row in rows(city, Attachment) if row.kind == "identity")
    read, opened = (
        "select hotline.private_pieces(%s, 0, 4)",
        "select hotline.open_private_file(%s, %s, '')",
    )
    with psql(city, AGENT) as raw:
        with pytest.raises(psycopg.Error, match="not opened"):
            raw.execute(read, (card,))
        with pytest.raises(psycopg.Error, match="reason"):
            raw.execute(opened, (card, " "))
        raw.execute(opened, (card, "核对身份与地址"))
        assert one(raw, read, card) == CARD
    for login in (INSPECTOR, OTHER_STREET, BUREAU):
        with psql(city, login) as raw, pytest.raises(psycopg.Error, match="not for this role"):
            raw.execute(opened, (card, "看看"))
    with owner(city) as root:
        root.execute(
            "update ticket set confidential = true where id = (select ticket_id from attachment limit 1)"
        )
    with psql(city, STREET_CLERK) as raw, pytest.raises(psycopg.Error, match="not for this role"):
        raw.execute(opened, (card, "联系"))


def test_a_content_taken_off_its_last_work_order_is_gone_and_one_still_held_stays(
    city: Database, tmp_path
) -> None:
    second = signed(city)
    desk = street(city)
    held = desk.attach(second, "after", picture(tmp_path, content=CONTENT)).line
    own = desk.attach(second, "handling", picture(tmp_path, "own.jpg", JPEG + b"own")).line
    with psql(city, BUREAU) as raw:
        raw.execute("select hotline.drop_file(%s)", (HASH,))
    desk.detach(second, held.id)
    desk.detach(second, own.id)
    with city.reading() as session:
        assert session.get(StoredFile, HASH) is not None
        assert session.get(StoredFile, own.sha256) is None


def test_one_who_sees_a_photo_need_not_send_it_again(city: Database, tmp_path) -> None:
    sent: list[int] = []
    with taken(picture(tmp_path, content=CONTENT)) as file:
        send(seat_for(city, Role.STREET_DESK, STREET), file, lambda done, _of: sent.append(done))
    assert sent == [len(CONTENT)]
    with psql(city, STREET_CLERK) as raw:
        assert one(raw, "select count(*) from upload") == 0
