"""The way into PostgreSQL with one's own login: what the server says at the door, as a person reads it."""

import json
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import errors
from sqlalchemy.engine import make_url

from console.domain.errors import CutOff, Invalid, NotAllowed, Unavailable, UserError
from console.domain.server import Server
from db.engine import OPERATOR, Database, open_database
from db.security.logins import login_name

PATIENCE = 5
WRONG = ("账号或密码不对", "请核对后重试")
CLOSED = ("此账号已停用", "请联系系统管理员")
AWAY = ("数据库连接中断", "请检查网络，稍后再按登录重试")
# libpq hands on the server's words, not its code, and a server may speak Chinese (lc_messages). What is not
# recognised after a password was asked for is told as what it nearly always is.
_WRONG_WORDS = (
    "password authentication failed",
    "认证失败",
    "验证失败",
    "does not exist",
    "不存在",
)
_CLOSED_WORDS = ("not permitted to log in", "不允许角色", "不允许登录")
_CROWDED_WORDS = ("too many connections for role", "连接数过多", "过多连接")
_HBA_WORDS = ("pg_hba.conf",)
_DATABASE_WORDS = ("permission denied for database", "对数据库", 'database "')
_SOON_WORDS = (
    "starting up",
    "shutting down",
    "recovery mode",
    "not accepting connections",
    "not yet accepting",
)
_TLS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("root certificate file",), "找不到根证书文件", "请在连接设置里选管理员给的根证书文件"),
    (
        ("does not match host name",),
        "数据库服务器证书上的名字与所填主机不符",
        "请按证书上的名字填写主机",
    ),
    (
        ("certificate has expired", "certificate is not yet valid"),
        "数据库服务器的证书不在有效期内",
        "请通知管理员换证书，并核对本机时钟",
    ),
    (
        (
            "certificate verify failed",
            "self-signed",
            "signature failure",
            "unable to get local issuer",
        ),
        "数据库服务器的证书不可信",
        "连的可能不是本单位的服务器，请通知管理员",
    ),
    (("does not support ssl", "ssl was required"), "数据库服务器没有开启加密", "请通知管理员"),
    (
        ("ssl error", "certificate", "ssl alert"),
        "与数据库的加密连接没有建立",
        "请通知管理员核对证书",
    ),
)


@dataclass(frozen=True, slots=True)
class Card:
    """What the database knows of whoever has just come in."""

    account_id: int
    agent_no: str
    name: str
    role: str
    unit: tuple[int, str, str]
    closed: bool
    given_password: bool


def enter(server: Server, login: str, password: str) -> tuple[Database, Card]:
    """In with one's own password. Raises Invalid (wrong password), NotAllowed (closed), Unavailable (away, TLS)."""
    try:
        with psycopg.connect(**_way(server, login, password), autocommit=True) as raw:
            card = _card(raw)
    except errors.OperationalError as error:
        raise refusal(error) from error
    if card.closed:
        raise NotAllowed(*CLOSED)
    return open_database(server.url(login_name(login), password)), card


def knock(server: Server, login: str = "") -> str:
    """Whether somebody answers there, without a password; one sentence. Raises Unavailable."""
    try:
        psycopg.connect(**_way(server, login or "?", "")).close()
    except errors.OperationalError as error:
        asked = error.pgconn is not None and error.pgconn.needs_password
        found = refusal(error)
        if not asked and not isinstance(found, Invalid):
            raise found from error
    sure = {
        "verify-full": "已加密，证书和主机名相符",
        "verify-ca": "已加密，证书可信",
        "require": "已加密，未核对证书",
    }
    return f"能连上 {server.words}，{sure.get(server.tls, '未要求加密')}"


def refusal(error: errors.OperationalError) -> UserError:
    """Why a server did not let somebody in."""
    words, line = str(error).lower(), error.pgconn
    asked = line is not None and (line.used_password or line.needs_password)
    if _says(words, _CLOSED_WORDS):
        return NotAllowed(*CLOSED)
    if _says(words, _CROWDED_WORDS):
        return NotAllowed("此账号已在别的电脑上登录", "请先在那里退出，或请管理员重设密码")
    if _says(words, _HBA_WORDS):
        return Unavailable("数据库服务器不接受本机的连接", "请管理员核对 pg_hba.conf 与加密方式")
    if _says(words, _SOON_WORDS):
        return Unavailable("数据库正在启动或关闭", "请稍后再按登录重试")
    if _says(words, _DATABASE_WORDS):
        return Unavailable("数据库服务器上没有这个数据库，或不许本账号进入", "请核对连接设置")
    for marks, text, hint in _TLS:
        if not asked and _says(words, marks):
            return Unavailable(text, hint)
    if asked or _says(words, _WRONG_WORDS[:3]):
        known = not asked or _says(words, _WRONG_WORDS)
        return Invalid(
            *(WRONG if known else ("账号或密码不对，或账号已停用", "请核对后重试")), "password"
        )
    return Unavailable(*AWAY)


def login_of(database: Database) -> str:
    """Whose login a database is opened with."""
    return (make_url(database.url).username or "").removeprefix(OPERATOR)


def cut_off(error: BaseException) -> UserError | None:
    """A further connection refused for who asks, not for a server that is away; None for anything else."""
    if not isinstance(error, errors.OperationalError) or error.pgconn is None:
        return None
    if _says(str(error).lower(), _CROWDED_WORDS):
        return None
    if not isinstance(refusal(error), Invalid | NotAllowed):
        return None
    if error.pgconn.user.startswith(OPERATOR.encode()):
        return CutOff("此账号已停用或密码已改", "已输入的内容都在，请联系系统管理员，或换人登录")
    return NotAllowed("数据库不接受这个账号或密码", "请核对数据库地址里的账号与密码")


def _says(words: str, marks: tuple[str, ...]) -> bool:
    return any(mark in words for mark in marks)


def _way(server: Server, login: str, password: str) -> dict[str, Any]:
    way: dict[str, Any] = server.parameters(login_name(login), password)
    way.setdefault("connect_timeout", PATIENCE)
    if len(server.hosts) > 1:
        way.setdefault("target_session_attrs", "read-write")
    return way


def _card(raw: psycopg.Connection[Any]) -> Card:
    try:
        row = raw.execute("SELECT hotline.my_card()").fetchone()
    except (errors.UndefinedFunction, errors.InvalidSchemaName) as error:
        raise Unavailable(
            "数据库还没有按本程序的版本设置好", "请管理员运行 main.py db upgrade"
        ) from error
    except errors.InsufficientPrivilege as error:
        raise NotAllowed("此账号没有分配角色", "请管理员用 main.py user change 设置") from error
    found = row[0] if row else None
    if found is None:
        raise NotAllowed("此账号没有登记", "请联系系统管理员")
    found = found if isinstance(found, dict) else json.loads(found)
    return Card(
        found["id"],
        found["agent_no"],
        found["name"],
        found["role"],
        (found["unit_id"], found["unit_name"], found["unit_code"]),
        found["disabled"] or found["expired"],
        found["given_password"],
    )
