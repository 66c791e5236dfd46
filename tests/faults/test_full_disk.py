"""The disk is full: on the server, and on the workstation."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from console.domain.errors import Unavailable
from console.domain.roles import Role
from console.services.drafts import Drafts
from console.services.intake import Intake
from db.engine import Database, open_database
from tests.services.intake_desk import form
from tests.world import seat_for

MEGABYTE = 1024 * 1024


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of its own; only the superuser of a Linux machine can make one."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-small-"))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    if os.name == "nt" or subprocess.run(mount, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("no file system may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


def fill(folder: Path) -> None:
    """Not a byte is left."""
    with (folder / "filler").open("wb", buffering=0) as file:
        for size in (MEGABYTE, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def test_a_full_disk_on_the_server_is_said_and_the_next_write_after_it_works(city_url) -> None:
    with small_disk(6) as disk:
        shutil.chown(disk, "embedded_postgres")
        owner = create_engine(city_url, isolation_level="AUTOCOMMIT")
        with owner.connect() as raw:
            raw.execute(text(f"create tablespace tiny location '{disk}'"))
            raw.execute(text("create table papers (words text) tablespace tiny"))
        database = open_database(city_url)
        big = text(
            "insert into papers select repeat(md5(n::text), 60) from generate_series(1, :n) n"
        )
        with (
            pytest.raises(Unavailable, match="数据库所在磁盘已满") as fault,
            database.writing.begin() as session,
        ):
            session.execute(big, {"n": 50_000})
        assert "管理员" in fault.value.hint
        with owner.connect() as raw:
            raw.execute(text("drop table papers"))
            raw.execute(text("create table papers (words text) tablespace tiny"))
        with database.writing.begin() as session:
            session.execute(big, {"n": 10})
        database.close()
        with owner.connect() as raw:
            raw.execute(text("drop table papers"))
            raw.execute(text("drop tablespace tiny"))
        owner.dispose()


def test_a_full_disk_here_is_said_and_the_call_is_registered_all_the_same(
    database: Database,
) -> None:
    with small_disk(1) as disk:
        drafts, seat = Drafts(disk), seat_for(database, Role.AGENT)
        seat.numbers.keep_on(drafts.shelf(database.place))
        intake = Intake(seat)
        intake.warm()
        kept = form(content="满盘以前写下的内容。")
        drafts.keep(kept)
        fill(disk)
        with pytest.raises(Unavailable, match="本机磁盘已满") as fault:
            drafts.keep(form())
        assert "先提交" in fault.value.hint
        with pytest.raises(Unavailable, match="本机磁盘已满"):
            drafts.queue(form(), True)
        numbers = [intake.submit(form(), True).number for _ in range(3)]
        assert len(set(numbers)) == 3
        (disk / "filler").unlink()
        drafts.keep(form())
        assert kept in [draft.form for draft in drafts.all()]
        drafts.close()
        again = seat_for(database, Role.AGENT)
        again.numbers.keep_on(Drafts(disk).shelf(database.place))
        numbers.append(Intake(again).submit(form(), True).number)
        assert len(set(numbers)) == 4
