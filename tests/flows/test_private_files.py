"""What a citizen's film leaves on a shared desk: nothing after the person, nothing after the program."""

import os
import subprocess
import sys
from pathlib import Path

from console.ledger.fetching import FOLDER
from console.settings import Settings


def test_the_next_person_at_this_desk_finds_nothing(world, qapp, qtbot, tmp_path) -> None:
    from console.app import Console

    console = Console(qapp, world.url, True, Settings(tmp_path / "settings.json"), tmp_path)
    try:
        path, out = FOLDER.new_file("film.mp4", "video/mp4")
        out.close()
        assert path.exists()
        console.change_person()
        qtbot.waitUntil(lambda: not path.exists())
    finally:
        console.close()
        if console.sign_in is not None:
            console.sign_in.close()


def test_closing_the_console_takes_them_away(world, qapp, tmp_path) -> None:
    from console.app import Console

    console = Console(qapp, world.url, True, Settings(tmp_path / "settings.json"), tmp_path)
    path, out = FOLDER.new_file("film.mp4", "video/mp4")
    out.close()
    console.close()
    assert not path.parent.parent.exists()


def test_where_they_lie_is_this_persons_own_folder(tmp_path) -> None:
    script = (
        "from console.ledger.fetching import FOLDER\n"
        "path, out = FOLDER.new_file('a.jpg', 'image/jpeg'); out.close(); print(path)"
    )
    home = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=home, check=True
    )
    assert not Path(done.stdout.strip()).exists(), "gone at the end of the program"
