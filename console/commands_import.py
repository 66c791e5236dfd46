"""`main.py import` and `main.py export`: the same desks as the windows', without one. No citizen's data is printed."""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console.domain.errors import Invalid, NotAllowed, UserError
from console.domain.importing.fields import Kind
from console.domain.importing.headers import apply, as_toml, from_toml
from console.domain.importing.kinds import KINDS, kind_named
from console.domain.importing.records import (
    EXISTING_NAMES,
    STANDING_NAMES,
    Checked,
    Columns,
    Existing,
    Source,
    Standing,
)

Parser = argparse.ArgumentParser
Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"
# Some rows were not taken although the good ones were.
NOT_ALL = 2
_MOST_REASONS = 20
_HISTORY = "history"


def add_import(commands: Any) -> None:
    """`import KIND FILE [--mapping MAP.toml] [--dry-run]`."""
    kinds = "、".join(f"{kind.name}（{kind.title}）" for kind in KINDS.values())
    parser = commands.add_parser(
        "import", help="导入登记、网格、工单", description=f"可导入：{kinds}"
    )
    parser.add_argument(
        "kind", metavar="KIND", help="导入什么，如 persons、units、grids；写 history 列出导入过的"
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        help="xlsx、xls、csv、GeoJSON、JSON、zip 或文件夹",
    )
    parser.add_argument("--mapping", type=Path, metavar="MAP.toml", help="列对照表")
    parser.add_argument("--sheet", default="", help="工作表，默认第一张")
    parser.add_argument(
        "--existing", choices=[e.value for e in Existing], default=Existing.UPDATE.value,
        help="已登记的：" + "；".join(f"{e.value} {EXISTING_NAMES[e]}" for e in Existing),
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    parser.add_argument(
        "--failed", type=Path, metavar="FILE", help="有错的行写到这里，默认放在原文件旁边"
    )
    parser.add_argument("--template", type=Path, metavar="FILE", help="不导入，写一张空白表")
    parser.add_argument(
        "--save-mapping", type=Path, metavar="MAP.toml", help="不导入，写下列对照供修改"
    )
    _add_who(parser)
    parser.set_defaults(work=run_import)


def add_export(commands: Any) -> None:
    """`export KIND FILE`: masked, stamped, logged."""
    parser = commands.add_parser("export", help="导出登记、工单（遮蔽、留痕）")
    parser.add_argument(
        "kind", metavar="KIND", help="导出什么，如 persons、orders；写 list 列出可导出的"
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        type=Path,
        nargs="?",
        help="写到哪里，.xlsx、.csv（UTF-8）或 .gb18030.csv",
    )
    parser.add_argument("--second", default="", metavar="LOGIN", help="行数多时第二人的账号")
    _add_who(parser)
    parser.set_defaults(work=run_export)


def run_export(options: argparse.Namespace) -> int:
    """What the operator may see anyway, as a file that says whose it is."""
    with _seated(options) as seat:
        from console.services.exporting import Exporting, Second

        desk = Exporting(seat)
        if options.kind == "list":
            for name, title in desk.names():
                _say(f"{name}\t{title}")
            return 0
        if options.file is None:
            raise Invalid("请给出要写的文件")
        second = Second(options.second, _password("第二人的密码：")) if options.second else None
        made = desk.export(options.kind, options.file, second, _progress)
        _say(f"已导出 {made.rows:,} 行到 {made.path.name}，追溯码 {made.trace}")
    return 0


def _add_who(parser: Parser) -> None:
    parser.add_argument(
        "--as", dest="login", default="", metavar="LOGIN", help="以谁的账号操作（记入审计）"
    )
    parser.add_argument("--database", dest="url", default="", metavar="URL", help="数据库地址")


def run_import(options: argparse.Namespace) -> int:
    """Check, say what was found, write the good rows, put the others into a file."""
    kind = kind_named(options.kind) if options.kind != _HISTORY else None
    with _seated(options) as seat:
        from console.services.importing import Importing

        desk = Importing(seat)
        if kind is None:
            for line in desk.history():
                _say(line)
            return 0
        try:
            return _import(desk, kind, options)
        except KeyboardInterrupt:
            raise UserError("已取消", "什么都没有写入") from None
        finally:
            desk.close()


def _import(desk: Any, kind: Kind, options: argparse.Namespace) -> int:
    if options.template:
        _say(f"已写空白表 {desk.save_template(kind.name, options.template).name}")
        return 0
    if options.file is None:
        raise Invalid("请给出要导入的文件")
    source = desk.read(options.file, kind.name, options.sheet)
    columns = _columns(source, kind, options)
    if options.save_mapping:
        options.save_mapping.write_text(as_toml(source.headers, kind, columns), "utf-8")
        _say(f"已写列对照 {options.save_mapping.name}")
        return 0
    _describe(source, kind, columns)
    checked = desk.check(source, kind.name, columns, Existing(options.existing), _progress)
    _report(checked)
    if not options.dry_run and checked.to_write:
        loaded = desk.load(checked, _progress)
        _say(f"已写入，批次 {loaded.batch}，用时 {loaded.seconds:.1f} 秒")
    return _leave_failed(desk, checked, options)


def _leave_failed(desk: Any, checked: Checked, options: argparse.Namespace) -> int:
    if not checked.faults:
        return 0
    path = options.failed or options.file.with_name(f"{options.file.stem}-有错的行.xlsx")
    desk.save_failed(checked, path)
    _say(f"有错的行已写到 {path.name}，改好后可再次导入")
    return NOT_ALL


# --- what the operator gives


def _columns(source: Source, kind: Kind, options: argparse.Namespace) -> Columns:
    if not options.mapping:
        return apply(source.headers, kind, {}, {})
    try:
        text = options.mapping.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Invalid(f"读不到列对照“{options.mapping.name}”", "应为 UTF-8 的 toml 文件") from None
    return from_toml(text, source.headers, kind)


@contextmanager
def _seated(options: argparse.Namespace) -> Iterator[Any]:
    """A seat with the operator proved by his own password; on PostgreSQL the work itself is the owner's."""
    from console.administering import owner_url
    from console.commands import _url
    from console.ledger import open_seat
    from db.engine import open_database

    if not options.login:
        raise NotAllowed("请用 --as 说明以谁的账号操作", "导入和导出都要记名")
    database = open_database(owner_url(_url(options)))
    try:
        seat = open_seat(database)
        (_sit_down if database.is_sqlite else _come_in)(seat, options.login)
        yield seat
    finally:
        database.close()


def _sit_down(seat: Any, login: str) -> None:
    from console.services.reception import Reception
    from console.services.vault import Vault

    reception = Reception(seat, Vault())
    known = {person.agent_no: person for person in reception.demo_people()}
    if login in known:
        reception.sit_as(known[login])
    else:
        reception.sign_in(login, _password())


def _come_in(seat: Any, login: str) -> None:
    """His own database login opens with his password, or he is not who he says."""
    from console.domain.roles import Operator, Role
    from console.domain.server import read_address
    from db import door

    database, card = door.enter(read_address(seat.db.url).server, login.lower(), _password())
    database.close()
    seat.sit(Operator(card.account_id, card.agent_no, card.name, Role(card.role), *card.unit))


def _password(words: str = "密码：") -> str:
    import getpass

    return getpass.getpass(words) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


# --- what is said


def _describe(source: Source, kind: Kind, columns: Columns) -> None:
    where = f"，工作表“{source.sheet}”" if source.sheet else ""
    head = f"{source.encoding}{where}，表头在第 {source.header_line} 行，{len(source.rows):,} 行"
    _say(f"{kind.title}：{source.name}，{head}")
    if source.blank_rows:
        _say(f"跳过空行 {source.blank_rows:,} 行")
    pairs = [
        f"{field.title}←{source.headers[at]}"
        for field in kind.fields
        if (at := columns.columns.get(field.name, -1)) >= 0
    ]
    _say("列对照：" + "，".join(pairs))
    used = {at for at in columns.columns.values() if at >= 0}
    unused = [h for at, h in enumerate(source.headers) if h and at not in used]
    if unused:
        _say("没有用到的列：" + "、".join(unused))


def _report(checked: Checked) -> None:
    for note in checked.notes:
        _say(f"注意：{note}")
    counts = checked.counts
    _say(
        "，".join(
            f"{STANDING_NAMES[s]} {counts[s]:,}" for s in Standing if counts[s] or s is Standing.NEW
        )
    )
    reasons = Counter((fault.place, _without_data(fault.reason)) for fault in checked.faults)
    for (place, reason), count in reasons.most_common(_MOST_REASONS):
        _say(f"  {place}：{reason}（{count:,} 处）")


def _without_data(reason: str) -> str:
    """A reason quotes what stands in the cell; a terminal and its log need not have it."""
    return re.sub(r"“[^”]*”", "“…”", reason)


def _progress(done: int, total: int, words: str) -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\r{words} {done:,}/{total:,} ")
        sys.stderr.flush()


def _say(words: str) -> None:
    if sys.stdout is not None:
        sys.stdout.write(words + "\n")
        sys.stdout.flush()
