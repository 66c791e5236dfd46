"""A file's way in and out: small transactions, only what is missing, once per content, nothing left behind."""

import hashlib
import io
import os
import stat
import struct
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from PIL import Image
from sqlalchemy import event, func, select
from sqlalchemy.engine import make_url

from console.domain.errors import Cancelled, Invalid, NotAllowed, NotFound, Unavailable
from console.domain.file_names import safe_name
from console.domain.roles import Role
from console.ledger import uploads
from console.ledger.fetching import Wanted, fetch
from console.ledger.files import taken
from console.ledger.private_files import MARK, PrivateFolder
from console.ledger.private_files import sweep as sweep_folders
from console.ledger.uploads import ABANDONED, send, sweep
from console.services.orders import Orders
from db.contents import AT_ONCE, LARGEST, PIECE, digest_of
from db.engine import Database, open_database
from db.models import Attachment, AuditEntry, FilePiece, StoredFile, Upload
from tests.journeys import STREET
from tests.units import picture, rows, signed, street
from tests.world import seat_for

MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(12)
# Seven pieces and a bit: two transactions.
FILM = MP4 + bytes(range(256)) * (7 * PIECE // 256) + b"end"


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request) -> Database:
    """On SQLite, and on PostgreSQL where every seat has its own login and the database its own rules."""
    name = "world" if request.param == "sqlite" else "guarded_world"
    return request.getfixturevalue(name)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch) -> None:
    monkeypatch.setattr(uploads, "sleep", lambda _seconds: None)


def film(folder: Path, content: bytes = FILM, name: str = "现场.mp4") -> Path:
    return picture(folder, name, content)


def counted(db: Database, kind) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def seat(db: Database):
    return seat_for(db, Role.STREET_DESK, STREET)


class _Stop:
    """Says stop once so many bytes are through."""

    def __init__(self, after: int) -> None:
        self.after, self.done = after, 0

    def progress(self, done: int, _of: int) -> None:
        self.done = done

    def __call__(self) -> bool:
        return self.done >= self.after


def test_a_stopped_upload_is_taken_up_where_it_stopped_by_a_new_program(city, tmp_path) -> None:
    path, stop = film(tmp_path), _Stop(AT_ONCE * PIECE)
    with taken(path) as file, pytest.raises(Cancelled):
        send(seat(city), file, stop.progress, stop)
    assert counted(city, FilePiece) == AT_ONCE
    assert counted(city, StoredFile) == 0, "half a file is no file"
    again, sent = open_database(city.url), []
    with taken(path) as file:
        send(seat_for_again(city, again), file, lambda done, _of: sent.append(done))
    again.close()
    assert sent == [len(FILM), len(FILM)], (
        "one transaction more, for the four pieces that were missing"
    )
    with city.reading() as session:
        assert (
            digest_of(session, hashlib.sha256(FILM).hexdigest()) == hashlib.sha256(FILM).hexdigest()
        )


def seat_for_again(city: Database, again: Database):
    """Another start of the program: on PostgreSQL with the same login."""
    if city.is_sqlite:
        return seat_for(again, Role.STREET_DESK, STREET)
    return seat(city)


def _length(value: object) -> int:
    """Of bytes, however the driver wraps them."""
    value = getattr(value, "obj", value)
    return len(value) if isinstance(value, bytes | memoryview) else 0


def test_no_transaction_carries_more_than_a_megabyte(city, tmp_path) -> None:
    carried: list[int] = []
    here = seat(city)

    def begun(_connection) -> None:
        carried.append(0)

    def asked(_connection, _cursor, _statement, parameters, _context, many) -> None:
        for row in parameters if many else [parameters]:
            found = row.values() if isinstance(row, dict) else row
            if carried:
                carried[-1] += sum(map(_length, found))

    engine = here.db.writing.kw["bind"]
    event.listen(engine, "begin", begun)
    event.listen(engine, "before_cursor_execute", asked)
    with taken(film(tmp_path)) as file:
        send(here, file)
    assert sum(carried) == len(FILM)
    assert max(carried) <= AT_ONCE * PIECE


def test_while_a_large_film_is_sent_others_write(city, tmp_path) -> None:
    """The longest anybody waits to write is one small transaction, not the film."""
    ticket_id, desk = signed(city), street(city)
    path, waits = film(tmp_path, MP4 + os.urandom(24 * 1024 * 1024)), []
    sender = threading.Thread(target=street(city).attach, args=(ticket_id, "handling", path))
    sender.start()
    while sender.is_alive():
        begun = monotonic()
        with desk._seat.db.writing.begin() as session:
            session.execute(select(Upload.id))
        waits.append(monotonic() - begun)
    sender.join()
    assert max(waits) < 2.0
    assert len(waits) > 5
    assert counted(city, Attachment) == 1


def test_two_workstations_sending_the_same_film_both_succeed_and_it_lies_there_once(
    city, tmp_path
) -> None:
    path, faults = film(tmp_path), []

    def work(who) -> None:
        try:
            with taken(path) as file:
                send(who, file)
        except Exception as error:  # noqa: BLE001 - told to the test
            faults.append(error)

    seats = (seat(city), seat_for(city, Role.AGENT), seat_for(city, Role.LIAISON), seat(city))
    threads = [threading.Thread(target=work, args=(who,)) for who in seats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert counted(city, StoredFile) == 1
    assert counted(city, FilePiece) == 8
    assert counted(city, Upload) == 3, "each of the three people has proved to have it"


def test_a_piece_damaged_on_the_way_is_not_taken_for_the_file(city, tmp_path, monkeypatch) -> None:
    whole, broken = uploads._missing, []

    def damaged(file, there):
        for piece in whole(file, there):
            if not broken:
                broken.append(piece)
                yield uploads._Piece(piece.piece, piece.digest, b"x" + piece.content[1:])
            else:
                yield piece

    monkeypatch.setattr(uploads, "_missing", damaged)
    with taken(film(tmp_path)) as file, pytest.raises(Unavailable, match=r"损坏|不一致"):
        send(seat(city), file)
    assert counted(city, StoredFile) == 0
    with taken(film(tmp_path)) as file:
        send(seat(city), file)
    assert counted(city, StoredFile) == 1


def test_a_connection_killed_at_every_megabyte_still_brings_the_film_in(
    guarded_world, tmp_path
) -> None:
    """The server cuts the sender off again and again; the sender goes on with what is missing."""
    content = MP4 + os.urandom(6 * 1024 * 1024)
    url = make_url(guarded_world.url).set(drivername="postgresql").render_as_string(False)
    killed = []

    def kill(done: int, of: int) -> None:
        if done < of:
            with psycopg.connect(url, autocommit=True) as root:
                ended = root.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'hl_s101'"
                )
                killed.append(ended.rowcount)

    with taken(film(tmp_path, content)) as file:
        send(seat(guarded_world), file, kill)
    assert sum(killed) >= 5
    with guarded_world.reading() as session:
        assert session.scalar(select(StoredFile.size)) == len(content)
        assert session.scalar(select(func.count()).select_from(FilePiece)) == 25


def test_a_line_that_stays_cut_says_so_and_loses_nothing(city, tmp_path, monkeypatch) -> None:
    real, sent = uploads._put, []

    def cut(*args) -> None:
        if sent:
            raise Unavailable("数据库连接中断", "已保留您输入的内容，恢复后请重试")
        sent.append(real(*args))

    monkeypatch.setattr(uploads, "_put", cut)
    ticket_id, path = signed(city), film(tmp_path)
    with pytest.raises(Unavailable, match="中断"):
        street(city).attach(ticket_id, "handling", path)
    assert counted(city, FilePiece) == AT_ONCE
    monkeypatch.setattr(uploads, "_put", real)
    assert street(city).attach(ticket_id, "handling", path).line.size == len(FILM)
    assert counted(city, Upload) == 0, "used up by the work order"


def test_nobodys_uploads_are_swept_and_attached_files_stay(city, tmp_path) -> None:
    ticket_id = signed(city)
    street(city).attach(ticket_id, "handling", film(tmp_path))
    stop = _Stop(AT_ONCE * PIECE)
    with taken(film(tmp_path, FILM + b"half")) as file, pytest.raises(Cancelled):
        send(seat(city), file, stop.progress, stop)
    with taken(film(tmp_path, FILM + b"whole but never used")) as file:
        send(seat(city), file)
    keeper = seat_for(city, Role.SUPERVISOR)
    with keeper.db.writing.begin() as session:
        assert sweep(session, keeper) == 0, "three days are given"
    with city.writing.begin() as session:
        for upload in session.scalars(select(Upload)):
            upload.touched_at -= ABANDONED + timedelta(hours=1)
    with keeper.db.writing.begin() as session:
        assert sweep(session, keeper) == 2
    assert (counted(city, Upload), counted(city, StoredFile), counted(city, FilePiece)) == (0, 1, 8)


def test_who_may_not_add_is_told_before_the_film_is_sent(city, tmp_path) -> None:
    from console.services.handling import Handling

    ticket_id = signed(city)
    with pytest.raises(NotFound):
        Handling(seat_for(city, Role.STREET_DESK, 11)).attach(ticket_id, "handling", film(tmp_path))
    assert counted(city, FilePiece) == 0


# --- out again


def test_a_film_comes_out_in_small_reads_into_a_file_nobody_else_reads(city, tmp_path) -> None:
    ticket_id = signed(city)
    line = street(city).attach(ticket_id, "handling", film(tmp_path)).line
    folder, seen = PrivateFolder(tmp_path / "private"), []
    wanted = Wanted(line.sha256, line.name, line.media_type, line.size)
    path = fetch(seat(city), wanted, lambda done, _of: seen.append(done), folder=folder)
    assert path.read_bytes() == FILM
    assert seen == [4 * PIECE, len(FILM)]
    if os.name == "posix":
        for place in (path.parent, path.parent.parent, tmp_path / "private"):
            assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
    folder.close()
    assert not list((tmp_path / "private").iterdir())


def test_a_stopped_or_damaged_fetch_leaves_nothing_on_the_disk(city, tmp_path) -> None:
    ticket_id = signed(city)
    line = street(city).attach(ticket_id, "handling", film(tmp_path)).line
    folder, stop = PrivateFolder(tmp_path / "private"), _Stop(AT_ONCE * PIECE)
    wanted = Wanted(line.sha256, line.name, line.media_type, line.size)
    with pytest.raises(Cancelled):
        fetch(seat(city), wanted, stop.progress, stop, folder)
    with city.writing.begin() as session:
        some = select(FilePiece).where(FilePiece.piece == 3)
        session.scalars(some).one().content = bytes(PIECE)
    with pytest.raises(Unavailable, match="不一致"):
        fetch(seat(city), wanted, folder=folder)
    assert [p for p in (tmp_path / "private").rglob("*") if p.is_file() and p.name != MARK] == []
    folder.close()


def test_what_a_killed_program_left_goes_at_the_next_start_and_a_running_one_keeps_its_own(
    tmp_path,
) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from console.ledger.private_files import PrivateFolder\n"
        "path, out = PrivateFolder(Path(sys.argv[1])).new_file('a.jpg', 'image/jpeg')\n"
        "out.write(b'x'); out.close(); print(path, flush=True)\n"
        "sys.stdin.read() if sys.argv[2] == 'wait' else os._exit(9)\n"
    )
    root = tmp_path / "private"
    command = [sys.executable, "-c", script, str(root)]
    dead = subprocess.run([*command, "die"], capture_output=True, text=True, check=False)
    left = Path(dead.stdout.strip())
    assert left.exists()
    with subprocess.Popen(
        [*command, "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as alive:
        assert alive.stdout is not None
        theirs = Path(alive.stdout.readline().strip())
        assert not left.exists(), "the next program's first file swept it"
        assert sweep_folders(root) == 0
        assert theirs.exists()
        alive.communicate("")
    assert not theirs.exists(), "at the end of a program its folder goes"


def test_a_saved_copy_has_the_suffix_of_what_it_is(city, tmp_path) -> None:
    ticket_id = signed(city)
    desk = street(city)
    line = desk.attach(ticket_id, "handling", film(tmp_path)).line
    assert desk.save_copy(line.id, tmp_path / "out.exe").note == "out.exe.mp4"
    assert (tmp_path / "out.exe.mp4").read_bytes() == FILM
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_sound_of_a_citizen_takes_a_reason_and_a_line_in_the_chain(city, tmp_path) -> None:
    ticket_id = signed(city, reply_wanted=True)
    line = street(city).attach(ticket_id, "identity", film(tmp_path, FILM, "叶长青身份证.mp4")).line
    assert line.name == "证件附件.mp4", "a name is read by everybody who sees the work order"
    desk = Orders(seat_for(city, Role.AGENT))
    with pytest.raises(Invalid, match="理由"):
        desk.fetch(line.id)
    path = desk.fetch(line.id, "核对身份与地址")
    assert path.read_bytes() == FILM
    (entry,) = [row for row in rows(city, AuditEntry) if row.action == "open_file"]
    assert (entry.reason, entry.subject_key) == ("核对身份与地址", str(line.id))
    with pytest.raises(NotAllowed):
        Orders(seat_for(city, Role.INSPECTOR)).fetch(line.id, "看看")


def test_a_stored_thing_that_is_not_what_it_is_called_is_not_opened(world, tmp_path) -> None:
    from db.contents import put

    ticket_id = signed(world)
    with world.writing.begin() as session:
        name = put(session, b"MZ\x90\x00 a program")
        session.add(Attachment(
            ticket_id=ticket_id, kind="after", name="现场.jpg", media_type="image/jpeg", size=14, sha256=name,
            added_at=seat(world).now(session), added_by="王街 S101",
        ))  # fmt: skip
    with pytest.raises(Unavailable, match="不是登记的类型"):
        Orders(seat(world)).fetch(rows(world, Attachment)[0].id)


# --- what is taken at all


@pytest.mark.parametrize(
    "name",
    ["a.js", "a.hta", "a.svg", "现场.jpg.exe", "a.lnk", "a.ps1", "a.JAR ", "a.zip", "a.vbs."],
)
def test_a_picture_called_like_a_program_is_refused(world, tmp_path, name) -> None:
    path = picture(tmp_path, name, b"GIF89a=1;" + bytes(64))
    with pytest.raises(Invalid, match="程序、网页、压缩包"), taken(path):
        pass


def test_papers_that_run_or_fetch_something_are_refused(tmp_path) -> None:
    from tests.services.test_evidence import office

    for content, words in (
        (b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (x) >> >>", "脚本"),
        (b"%PDF-1.7\n" + bytes(256 * 1024 - 12) + b"/S /Launch", "脚本"),
        (office("word/document.xml", "word/activeX/activeX1.bin"), "宏程序"),
        (office("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "宏程序"),
        (office("word/document.xml", "word/media/run.exe"), "夹带了程序"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧格式"),
        (b"<html><script>", "不是可添加"),
        (b"<svg onload='x'/>", "不是可添加"),
    ):
        with pytest.raises(Invalid, match=words), taken(picture(tmp_path, "说明.doc.x", content)):
            pass


def bomb(width: int, height: int) -> bytes:
    """A picture that says it is huge in a few bytes."""
    made = io.BytesIO()
    Image.new("1", (8, 8)).save(made, "PNG")
    data = bytearray(made.getvalue())
    struct.pack_into(">II", data, 16, width, height)
    import zlib

    struct.pack_into(">I", data, 29, zlib.crc32(bytes(data[12:29])))
    return bytes(data)


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path) -> None:
    for content in (bomb(60_000, 60_000), bomb(12_000, 11_000)):
        with pytest.raises(Invalid, match="百万像素"), taken(picture(tmp_path, "a.png", content)):
            pass


def photo(kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, "Telephone of Ye"
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 09:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 21.0, 30.0), 3: "E", 4: (113.0, 6.0, 12.0)})
    Image.linear_gradient("L").resize((320, 200)).convert("RGB").save(made, kind, exif=exif)
    return made.getvalue()


@pytest.mark.parametrize(("kind", "suffix"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_where_a_photo_was_taken_is_not_stored(tmp_path, kind, suffix) -> None:
    before = Image.open(io.BytesIO(photo(kind)))
    assert before.getexif().get_ifd(0x8825)
    trailer = photo(kind) if kind == "JPEG" else b""
    with taken(picture(tmp_path, f"a.{suffix}", photo(kind) + trailer)) as file:
        file.content.seek(0)
        stored = file.content.read()
    after = Image.open(io.BytesIO(stored))
    assert not after.getexif().get_ifd(0x8825)
    assert b"Telephone" not in stored
    assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes(), "not packed again"
    assert hashlib.sha256(stored).hexdigest() == file.sha256
    if kind == "JPEG":
        assert after.getexif()[0x0112] == 6, "still the right way up"
        assert after.getexif()[0x0132] == "2026:11:20 09:30:00"


def test_where_a_film_was_taken_is_not_stored(tmp_path) -> None:
    def box(kind: bytes, inside: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(inside), kind) + inside

    place = box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7+29.3583+113.1033/"))
    content = MP4[:24] + box(b"moov", box(b"mvhd", bytes(100)) + place) + box(b"mdat", b"film" * 50)
    with taken(film(tmp_path, content)) as file:
        file.content.seek(0)
        stored = file.content.read()
    assert len(stored) == len(content)
    assert b"+29.3583" not in stored
    assert stored.endswith(b"film" * 50)


def test_names_are_what_a_disk_may_have() -> None:
    assert safe_name("现场\u202egpj.exe", "image/jpeg") == "现场_gpj.exe.jpg"
    assert safe_name("../../etc/passwd", "application/pdf") == "_.._etc_passwd.pdf"
    assert safe_name("CON.jpg", "image/jpeg") == "_CON.jpg"
    assert safe_name("  ", "image/png") == "附件.png"
    assert len(safe_name("长" * 400 + ".mp4", "video/mp4")) <= 130


def test_the_database_says_the_same_numbers() -> None:
    script = Path("db/security/75_uploads.sql").read_text("utf-8")
    for number in (PIECE, LARGEST, PIECE - 1):
        assert str(number) in script
    assert f"interval '{ABANDONED.days} days'" in script
