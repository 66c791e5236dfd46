"""A whole console in a process of its own, run by tests: what stands in its list, and what its light says, on stdout.

`python -m tests.console_process URL ROLE FOLDER`; one JSON object a line; ends when its stdin is closed.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Slot

from console.app import Console, make_application
from console.domain.roles import Role, Workplace
from console.settings import Settings
from tests.world import operator


class Teller(QObject):
    """Says which work orders came into the pool and when, and every word of the connection's light."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._console, self._known = console, dict[int, str]()
        self._light = ""
        assert console.window is not None
        self._bar = console.window.call_bar
        self._page: Any = console.window.pages[Workplace.ORDERS]
        self._page.table.records.modelReset.connect(self._filled)
        console.live.link_shown.connect(self._lit)
        self._end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read, self)
        self._end.activated.connect(self._spoken_to)

    @Slot()
    def _filled(self) -> None:
        rows = {row.id: str(row.state) for row in self._page.table.records.rows}
        new = {id_: state for id_, state in rows.items() if self._known.get(id_) != state}
        self._known |= rows
        self._say(at=time.time(), rows=new, total=len(rows))

    @Slot(bool, str)
    def _lit(self, connected: bool, words: str) -> None:
        self._say(light=words, connected=connected, shown=self._bar.connection.mark.words)

    @Slot()
    def _spoken_to(self) -> None:
        if not os.read(sys.stdin.fileno(), 100):
            self._end.setEnabled(False)
            self._console.shut_window()
            self._console.close()
            QTimer.singleShot(0, _quit)

    @staticmethod
    def _say(**words: Any) -> None:
        sys.stdout.write(json.dumps(words, ensure_ascii=False) + "\n")
        sys.stdout.flush()


@Slot()
def _quit() -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.exit(0)


def main(url: str, role: str, folder: str) -> int:
    app = make_application(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    console = Console(app, url, True, Settings(home / "s.json"), home, home.name)
    console.open_window(operator(Role(role)))
    assert console.window is not None
    console.teller = Teller(console)  # type: ignore[attr-defined]
    console.window.show_place(Workplace.ORDERS)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
