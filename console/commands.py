"""What `main.py` can be told to do. Each command answers --help and exits non-zero with a one-line reason.

Never prints a password or a citizen's data. Imports are inside the commands: `--help` must not load Qt.
"""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from console import commands_memory, commands_trace
from console.commands_import import add_export, add_import
from console.domain.errors import UserError

DEMO_FILE = "demo.db"


def run(arguments: Sequence[str]) -> int:
    """Parse and run; the exit code."""
    options = _parser().parse_args(list(arguments))
    try:
        code: int = options.work(options)
    except UserError as error:
        _complain(f"{error.text}。{error.hint}".rstrip("。"))
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description="12345热线工作台")
    parser.set_defaults(work=_open_console)
    parser.add_argument("--demo", action="store_true", help="打开演示库")
    parser.add_argument("--database", default="", metavar="URL", help="数据库地址，默认取本机设置")
    commands = parser.add_subparsers(title="命令", metavar="")
    _add_tour(commands)
    _add_database(commands)
    _add_users(commands)
    call = commands.add_parser("call", help="把一个来电交给正在运行的工作台")
    call.add_argument("number", help="来电号码，也可以是 hotline12345:号码 链接")
    call.set_defaults(work=_call)
    add_import(commands)
    add_export(commands)
    _add_keeper(commands)
    commands_memory.add(commands, _owner)
    commands_trace.add(commands, _owner, _say)
    check = commands.add_parser("check", help="检查本机是否可用：数据库、字体、打印机、朗读、时钟")
    check.set_defaults(work=_check_workstation)
    return parser


def _add_tour(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    tour = commands.add_parser("tour", help="用真实窗口从来电走到办结报告，留下截图、文书和记录")
    tour.add_argument("--out", type=Path, default=Path("build/tour"), help="结果文件夹")
    tour.set_defaults(work=_tour)


def _add_database(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("db", help="数据库：建立、升级、检查、演示库")
    actions = parser.add_subparsers(title="动作", metavar="", required=True)
    for name, words, work in (
        ("init", "建立一个可用的城市：表、权限、热线中心、部门、分类、日历", _db_init),
        ("upgrade", "升级到本程序的版本", _db_upgrade),
        ("check", "检查是否完好", _db_check),
        ("demo", "建立演示库（已有则不动）", _db_demo),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument(
            "--url", default="", help="数据库地址，默认为演示库" if name == "demo" else "数据库地址"
        )
        action.set_defaults(work=work)
        if name == "demo":
            action.add_argument("--fresh", action="store_true", help="已有也重新建立（仅文件）")
            action.add_argument(
                "--logins",
                action="store_true",
                help="PostgreSQL：给演示账号设同一个密码（从标准输入读）",
            )
        if name == "init":
            action.add_argument("--city", default="示范市", metavar="名称", help="城市名称")
            action.add_argument("--code", default="990101", help="区划代码，4 或 6 位")
            action.add_argument("--pack", default="default", metavar="NAME", help="规则包")
        if name == "check":
            action.add_argument("--audit", action="store_true", help="核对全部审计记录")
            action.add_argument(
                "--known", default="", metavar="ID:摘要", help="以前记下的一环，核对它还在"
            )
    _add_policy(actions)


def _add_policy(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    policy = actions.add_parser(
        "policy", help="换规则包之前：列出哪些在办工单的时限会变，不改任何数据"
    )
    policy.add_argument("pack", metavar="PACK", help="规则包的名称，或它的文件夹、文件")
    policy.add_argument("--dry-run", action="store_true", required=True, help="只列出，不改")
    policy.add_argument("--url", default="", help="数据库地址")
    policy.set_defaults(work=_db_policy)


def _add_users(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("user", help="账号：增加、列出、停用、重设密码")
    actions = parser.add_subparsers(title="动作", metavar="", required=True)
    for name, words in (
        ("add", "增加"),
        ("list", "列出"),
        ("change", "换角色、换单位"),
        ("expire", "设有效期"),
        ("disable", "停用，已登录的立即断开"),
        ("enable", "重新启用"),
        ("reset", "重设密码，并解除锁定"),
        ("keeper", "PostgreSQL：系统值守程序的登录账号"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("--database", dest="url", default="", metavar="URL", help="数据库地址")
        action.set_defaults(work=_users, what=name)
        action.add_argument(
            "--stdin", action="store_true", help="密码从标准输入读一行（不在终端时本来如此）"
        )
        if name not in ("list", "keeper"):
            action.add_argument("login", help="账号（坐席号）")
        if name in ("add", "change"):
            new = name == "add"
            action.add_argument(
                "--role", required=new, default="", help="角色，如 agent、street_desk"
            )
            action.add_argument("--unit", required=new, default="", help="单位编码")
        if name == "add":
            action.add_argument("--name", required=True, help="姓名")
            action.add_argument(
                "--until", default="", metavar="日期", help="可用到哪天，如 2027-06-30"
            )
        if name == "expire":
            either = action.add_mutually_exclusive_group(required=True)
            either.add_argument("--until", default="", metavar="日期", help="可用到哪天")
            either.add_argument("--never", action="store_true", help="长期可用")


def _add_keeper(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keeper = commands.add_parser("keeper", help="系统值守：到时自动催办、督办、预警、归档")
    keeper.add_argument("--once", action="store_true", help="只做一遍")
    keeper.add_argument(
        "--every", type=int, default=60, metavar="SECONDS", help="间隔秒数，默认 60"
    )
    keeper.add_argument("--database", dest="url", default="", metavar="URL", help="数据库地址")
    keeper.set_defaults(work=_keeper)


def demo_path() -> Path:
    """Where this person's demo database lies."""
    from console.settings import data_folder

    return data_folder() / DEMO_FILE


def demo_url() -> str:
    return f"sqlite:///{demo_path()}"


def _say(words: str) -> None:
    # A windowed exe has no standard output.
    if sys.stdout is not None:
        print(words, flush=True)


def _complain(words: str) -> None:
    if sys.stderr is not None:
        print(words, file=sys.stderr, flush=True)


def _url(options: argparse.Namespace) -> str:
    from console.settings import DATABASE, Settings, read_workplace

    given: str = getattr(options, "url", "") or getattr(options, "database", "")
    if getattr(options, "demo", False):
        return demo_url()
    url = given or read_workplace().server or Settings().get(DATABASE)
    if not url:
        raise UserError("还没有设置数据库地址", "请加 --demo 打开演示库，或用 --database 指定地址")
    return url


def _owner(options: argparse.Namespace) -> str:
    from console import administering

    return administering.owner_url(_url(options))


def _open_console(options: argparse.Namespace) -> int:
    from console.app import open_console
    from console.settings import DATABASE, Settings, read_workplace

    if options.demo and not (demo_path().exists() and _is_current(demo_path())):
        _build_demo(demo_path())
    if options.demo:
        return open_console(demo_url(), demo=True)
    machine = read_workplace()
    # Without any address the sign-in page asks for one.
    url = options.database or machine.server or Settings().get(DATABASE)
    return open_console(url, machine=machine)


def _call(options: argparse.Namespace) -> int:
    from console.telephone import hand_over

    hand_over(options.number.removeprefix("hotline12345:").strip("/"))
    return 0


def _tour(options: argparse.Namespace) -> int:
    from console.tour import run_tour

    return run_tour(options.out)


def _db_init(options: argparse.Namespace) -> int:
    from console import administering

    return administering.init(_owner(options), options, _say)


def _db_upgrade(options: argparse.Namespace) -> int:
    from console import administering

    return administering.upgrade(_owner(options), _say)


def _db_check(options: argparse.Namespace) -> int:
    from console import administering
    from db.setup import check

    url = _owner(options)
    health = check(url)
    for fault in (*(f"缺少表 {name}" for name in health.missing_tables), *health.broken):
        _say(fault)
    sealed = _archive_is_whole(url) if not health.missing_tables else False
    sound = health.sound and sealed
    if not health.missing_tables:
        sound &= administering.check_guard(url, _say)
        if options.audit:
            sound &= administering.check_audit(url, options.known, _say)
    _say(f"版本 {health.version or '无'}，{'完好' if sound else '有问题'}")
    return 0 if sound else 1


def _archive_is_whole(url: str) -> bool:
    """Every archived work order against its seal (field-facts 10.10)."""
    from db.manifests import check_archive

    archive = check_archive(url)
    for broken in archive.broken:
        _say(f"归档件被改动：{broken}")
    if archive.unsealed:
        _say(f"有 {len(archive.unsealed)} 件归档时没有卷内清单：{'、'.join(archive.unsealed[:5])}")
    _say(f"归档件 {archive.sealed} 件，{'与归档时一致' if archive.sound else '有问题'}")
    return archive.sound


def _db_demo(options: argparse.Namespace) -> int:
    from console import administering

    path = administering.server_database(options.url, demo_path())
    if path is None:
        return administering.demo_on_server(_owner(options), options, _say)
    if path.exists() and not options.fresh and _is_current(path):
        _say("演示库已存在")
        return 0
    _build_demo(path)
    return 0


def _db_policy(options: argparse.Namespace) -> int:
    from console.ledger import open_seat
    from console.services.policies import Policies
    from db.engine import open_database

    database = open_database(_owner(options))
    try:
        for line in Policies(open_seat(database)).would_move(options.pack).lines():
            _say(line)
    finally:
        database.close()
    return 0


def _is_current(path: Path) -> bool:
    """An older program's demo is simply built anew: it holds nothing but invented people."""
    from db.setup import check

    return check(f"sqlite:///{path}").sound


def _build_demo(path: Path) -> None:
    from db.demo.build import build_demo

    path.parent.mkdir(parents=True, exist_ok=True)
    build_demo(path, report=_report)


def _report(done: int, total: int, words: str) -> None:
    _say(f"[{done}/{total}] {words}")


def _users(options: argparse.Namespace) -> int:
    from console import administering

    return administering.users(_owner(options), options, _say)


def _keeper(options: argparse.Namespace) -> int:
    from console.keeper import keep

    return keep(_owner(options), _say, _complain, options.once, options.every)


def _check_workstation(options: argparse.Namespace) -> int:
    from console.settings import DATABASE, Settings, read_workplace
    from console.workstation import findings

    laid_down = getattr(options, "database", "") or read_workplace().server
    demo = demo_url() if demo_path().exists() else ""
    found = findings(laid_down or Settings().get(DATABASE) or demo)
    for finding in found:
        _say(f"{'✓' if finding.good else '✗'} {finding.what}：{finding.words}")
    return 0 if all(f.good or not f.needed for f in found) else 1


logging.getLogger("alembic").setLevel(logging.WARNING)
