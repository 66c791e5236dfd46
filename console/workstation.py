"""Is this workstation fit: database, fonts, printer, voice, vault, clock (`main.py check`)."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from console.domain.errors import UserError
from console.domain.server import for_console, is_postgresql, read_address


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `needed`: the console cannot work without it."""

    what: str
    good: bool
    words: str
    needed: bool = False


def findings(url: str) -> tuple[Finding, ...]:
    """Look at everything; a missing thing is a finding, never an exception."""
    return tuple(_findings(url))


def _findings(url: str) -> Iterator[Finding]:
    if is_postgresql(url) and not read_address(url).user:
        # Before anybody has signed in there is nobody to ask more as.
        yield _look("数据库服务器", lambda: _server(url), needed=True)
    else:
        yield _look("数据库", lambda: _database(url), needed=True)
        yield _look("时钟", lambda: _clock(url), needed=True)
        yield _look("系统值守", lambda: _keeper(url))
    yield from _screen()
    yield _look("纸面字体", _paper_font, needed=True)
    yield _look("朗读", _voice)
    yield _look("凭据库", _vault)


def _look(what: str, ask: Callable[[], str], needed: bool = False) -> Finding:
    try:
        return Finding(what, True, ask(), needed)
    except UserError as error:
        return Finding(what, False, f"{error.text}。{error.hint}".rstrip("。"), needed)


def _server(url: str) -> str:
    from db.door import knock

    return knock(for_console(url))


def _database(url: str) -> str:
    from db.setup import check

    if not url:
        raise UserError("没有设置数据库地址，也没有演示库", "请运行 main.py db demo")
    health = check(url)
    if not health.sound:
        raise UserError("数据库不完好", "请运行 main.py db upgrade")
    return f"版本 {health.version}"


def _clock(url: str) -> str:
    from console.services.clock import ClockWatch
    from db.engine import open_database

    if not url:
        return "没有可比对的数据库"
    database = open_database(url)
    try:
        drift = ClockWatch(database).look()
    finally:
        database.close()
    if drift.wrong:
        raise UserError(drift.words, "请校准本机时钟")
    return "与数据库一致"


def _keeper(url: str) -> str:
    from db.engine import open_database
    from db.keeper import KeeperLock
    from db.setup import fits

    if not url:
        return "没有可查看的数据库"
    database = open_database(url)
    try:
        name = KeeperLock(database, "", "").keeper() if fits(database) else ""
    finally:
        database.close()
    if not name:
        raise UserError(
            "现在没有程序值守，到时不会催办、督办",
            "督办员、值班长、派单员的工作台开着，或运行 main.py keeper 即可",
        )
    return f"{name} 正在值守"


def _screen() -> Iterator[Finding]:
    from PySide6.QtGui import QFontDatabase, QGuiApplication
    from PySide6.QtPrintSupport import QPrinterInfo

    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    yield Finding(
        "界面字体", bool(chinese), f"{len(chinese)} 种中文字体" if chinese else "没有中文字体", True
    )
    printers = QPrinterInfo.availablePrinterNames()
    yield Finding("打印机", bool(printers), "、".join(printers) or "没有打印机，可另存为 PDF")
    del app


def _paper_font() -> str:
    from console.services.paper import Paper

    return f"可用（{type(Paper()).__name__}）"


def _voice() -> str:
    from console.services.speech import Speech

    return Speech().voice_name()


def _vault() -> str:
    from console.services.vault import Vault

    Vault().get("check")
    return "可用"
