"""`main.py trace`: whose copy a screenshot, a scan, a PDF or an exported file is."""

import argparse
from collections.abc import Callable
from pathlib import Path

from console.domain.worktime import civil

Owner = Callable[[argparse.Namespace], str]
Say = Callable[[str], None]


def add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", owner: Owner, say: Say
) -> None:
    """The command; `owner` says as whom and where the database is opened."""
    trace = commands.add_parser(
        "trace", help="读出截图、扫描件、PDF 或导出文件上的追溯码：谁、哪一分钟"
    )
    trace.add_argument("file", type=Path, metavar="FILE", help="PNG、JPEG、TIFF、PDF、xlsx 或 csv")
    trace.add_argument(
        "--database", dest="url", default="", metavar="URL",
        help="由数据库管理账号查出姓名和打印记录，并记入审计；不给则只读出编号",
    )  # fmt: skip
    trace.set_defaults(work=_trace, owner=owner, say=say)


def _trace(options: argparse.Namespace) -> int:
    from console.services.auditing import tracing
    from console.services.paper import preview

    found = tracing.read_file(options.file, preview)
    if options.url or getattr(options, "demo", False):
        found = _resolved(options, found)
    said = options.say
    said(f"载体：{found.medium_words}{'（演练或演示）' if found.training else ''}")
    said(f"时间：{civil(found.at):%Y-%m-%d %H:%M}")
    said(
        f"账号：{found.who or found.account_id or '见追溯码'}{f'，{found.unit}' if found.unit else ''}"
    )
    if found.code:
        said(f"追溯码：{found.code}")
    if found.copy:
        said(f"份号：{found.copy}")
    for copy in found.copies:
        said(f"打印记录：{copy}")
    return 0


def _resolved(options: argparse.Namespace, found):  # type: ignore[no-untyped-def] # imported inside
    """With names, by the owner of the database; the asking is on record there."""
    import getpass
    import socket

    from console.ledger.audit import record_of_owner
    from console.services.auditing import tracing
    from db.engine import open_database

    database = open_database(options.owner(options))
    try:
        with database.writing.begin() as session:
            at, station = database.now(session), socket.gethostname()
            subject = ("copy", found.medium_words)
            record_of_owner(session, at, getpass.getuser(), station, "trace", subject, "识别")
        with database.reading() as session:
            return tracing.resolved(session, found)
    finally:
        database.close()
