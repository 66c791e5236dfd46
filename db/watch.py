"""Whether PostgreSQL allows what this program states and nothing else: installed rights against freshly stated ones.

What shall be is written in one place only, the files of `db/security`. So they are run in a scratch database of
the same server, and both catalogues are compared; the database in use is only read.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import errors, sql
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from console.domain.errors import NotAllowed
from console.domain.roles import Role
from console.domain.server import Address, read_address
from db.engine import OPERATOR, open_database
from db.models import Account
from db.security import lifecycle_rows
from db.security.logins import group_name
from db.setup import guard, upgrade

# Kind, object, and how it is said in Chinese when it is missing, is too much, or is not as stated.
_WORDS = {
    "rows": ("表 {0} 没有按行的权限", "表 {0} 多了按行的权限", "表 {0} 的按行权限被关闭"),
    "policy": ("缺少行权限 {0}", "多出行权限 {0}", "行权限 {0} 被改动"),
    "trigger": ("缺少触发器 {0}", "多出触发器 {0}", "触发器 {0} 被停用或改动"),
    "function": ("缺少函数 {0}", "多出函数 {0}", "函数 {0} 被改动"),
    "grant": ("缺少授权 {0}", "多出授权 {0}", "授权 {0} 被改动"),
    "table": ("缺少表 {0}", "多出表 {0}", "表 {0} 的所有者不同"),
}
_CATALOGUE = """
SELECT 'table', c.relname, (c.relowner = d.datdba)::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, pg_database d
 WHERE n.nspname IN ('public', 'hotline') AND c.relkind IN ('r', 'p', 'v', 'm') AND d.datname = current_database()
UNION ALL
SELECT 'rows', c.relname, c.relrowsecurity::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
UNION ALL
SELECT 'policy', tablename || '.' || policyname,
       concat_ws(' ', permissive, array_to_string(roles, ','), cmd, qual, '/', with_check)
  FROM pg_policies WHERE schemaname IN ('public', 'hotline')
UNION ALL
SELECT 'trigger', c.relname || '.' || t.tgname, t.tgenabled::text || pg_get_triggerdef(t.oid)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname IN ('public', 'hotline') AND NOT t.tgisinternal
UNION ALL
SELECT 'trigger', c.relname || '.' || con.conname, string_agg(t.tgenabled::text, '' ORDER BY t.tgtype)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_constraint con ON con.oid = t.tgconstraint
 WHERE n.nspname = 'public' AND t.tgisinternal AND con.contype = 'f' GROUP BY c.relname, con.conname
UNION ALL
SELECT 'function', p.oid::regprocedure::text,
       concat_ws(' ', p.prosecdef, p.provolatile, array_to_string(p.proconfig, ','), md5(p.prosrc))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  LEFT JOIN pg_depend e ON e.objid = p.oid AND e.deptype = 'e'
 WHERE n.nspname IN ('public', 'hotline') AND e.objid IS NULL
UNION ALL
SELECT DISTINCT 'grant', concat_ws(' ', what, '→', coalesce(nullif(who::regrole::text, '-'), 'PUBLIC'), right_), ''
  FROM (
    SELECT c.relname AS what, (aclexplode(c.relacl)).grantee AS who, (aclexplode(c.relacl)).privilege_type AS right_,
           c.relowner AS owner
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'hotline')
    UNION ALL
    SELECT c.relname || '.' || a.attname, (aclexplode(a.attacl)).grantee,
           (aclexplode(a.attacl)).privilege_type, c.relowner
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'hotline')
    UNION ALL
    SELECT p.oid::regprocedure::text, (aclexplode(coalesce(p.proacl, acldefault('f', p.proowner)))).grantee,
           (aclexplode(coalesce(p.proacl, acldefault('f', p.proowner)))).privilege_type, p.proowner
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      LEFT JOIN pg_depend e ON e.objid = p.oid AND e.deptype = 'e'
     WHERE n.nspname IN ('public', 'hotline') AND e.objid IS NULL
    UNION ALL
    SELECT 'schema ' || nspname, (aclexplode(nspacl)).grantee, (aclexplode(nspacl)).privilege_type, nspowner
      FROM pg_namespace WHERE nspname IN ('public', 'hotline')
    UNION ALL
    SELECT 'database', (aclexplode(coalesce(datacl, acldefault('d', datdba)))).grantee,
           (aclexplode(coalesce(datacl, acldefault('d', datdba)))).privilege_type, datdba
      FROM pg_database WHERE datname = current_database()
  ) given WHERE who <> owner
"""
_POWERS = """
SELECT rolname, concat_ws('、', CASE WHEN rolsuper THEN '超级用户' END, CASE WHEN rolbypassrls THEN '绕过行权限' END,
       CASE WHEN rolcreaterole THEN '建角色' END, CASE WHEN rolcreatedb THEN '建库' END,
       CASE WHEN rolreplication THEN '复制' END,
       CASE WHEN rolcanlogin AND rolname LIKE 'hotline\\_%' AND rolname <> current_user THEN '可登录' END)
  FROM pg_roles WHERE rolname LIKE 'hl\\_%' OR (rolname LIKE 'hotline\\_%' AND rolname <> current_user)
"""
_MEMBERS = """
SELECT m.rolname, g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member
  JOIN pg_roles g ON g.oid = a.roleid
 WHERE m.rolname LIKE 'hl\\_%'
"""
Facts = Mapping[tuple[str, str], str]


def differences(url: str) -> tuple[str, ...]:
    """Everything that is not as stated, in Chinese; empty when all is well. Raises NotAllowed without CREATEDB."""
    address = read_address(url)
    with _scratch(address) as fresh:
        upgrade(fresh)
        guard(fresh)
        stated = _facts(fresh)
    found = (*_compared(stated, _facts(url)), *_rules(url), *_people(url))
    return tuple(found)


@contextmanager
def _scratch(address: Address) -> Iterator[str]:
    """An empty database beside the real one, gone afterwards."""
    name = f"hotline_check_{uuid4().hex[:8]}"
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
    try:
        _run(address, statement)
    except errors.InsufficientPrivilege as error:
        raise NotAllowed(
            "核对权限要建一个临时的比对库，管理账号不能建库",
            "请由超级用户执行 ALTER ROLE 管理账号 CREATEDB",
        ) from error
    try:
        yield address.server.moved(name).url(address.user, address.password)
    finally:
        _run(address, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(address: Address, statement: sql.Composed) -> None:
    way: dict[str, Any] = address.server.parameters(address.user, address.password)
    with psycopg.connect(**way, autocommit=True, connect_timeout=5) as raw:
        raw.execute(statement)


def _facts(url: str) -> Facts:
    database = open_database(url)
    try:
        with database.reading() as session:
            rows = session.connection().exec_driver_sql(_CATALOGUE)
            return {(str(kind), str(name)): str(how) for kind, name, how in rows}
    finally:
        database.close()


def _compared(stated: Facts, found: Facts) -> Iterator[str]:
    for key in sorted(stated.keys() | found.keys()):
        missing, extra, other = _WORDS[key[0]]
        if key not in found:
            yield missing.format(key[1])
        elif key not in stated:
            yield extra.format(key[1])
        elif stated[key] != found[key]:
            yield other.format(key[1])


def _rules(url: str) -> Iterator[str]:
    """The moves the trigger allows, row by row."""
    database = open_database(url)
    try:
        with database.reading() as session:
            if session.scalar(text("SELECT to_regclass('lifecycle_rule') IS NULL")):
                # Said as a missing table already.
                return
            rows = session.execute(
                text("SELECT move, role, from_state, to_state FROM lifecycle_rule")
            )
            installed = {tuple(map(str, row)) for row in rows}
            limits = session.scalar(text("SELECT count(*) FROM reveal_limit"))
    finally:
        database.close()
    stated = lifecycle_rows()
    for missing in sorted(stated - installed):
        yield f"流转规则缺少 {' '.join(missing)}"
    for extra in sorted(installed - stated):
        yield f"流转规则多出 {' '.join(extra)}"
    if limits != 1:
        yield "每小时查看次数的上限没有设好"


def _people(url: str) -> Iterator[str]:
    """Every login is an account's, in its role's group and in no other, and has no power of its own."""
    database = open_database(url)
    try:
        with database.reading() as session:
            line = session.connection()
            for name, powers in line.exec_driver_sql(_POWERS.replace("%", "%%")):
                if powers:
                    yield f"角色 {name} 有不该有的权力：{powers}"
            members: dict[str, set[str]] = {}
            for name, group in line.exec_driver_sql(_MEMBERS.replace("%", "%%")):
                members.setdefault(str(name), set()).add(str(group))
            yield from _belonging(session, members)
    finally:
        database.close()


def _belonging(session: Session, members: Mapping[str, set[str]]) -> Iterator[str]:
    query = select(Account.login, Account.role)
    wanted = {
        f"{OPERATOR}{login}": group_name(Role(role)) for login, role in session.execute(query)
    }
    for name, groups in sorted(members.items()):
        own = wanted.get(name)
        if own is None:
            yield f"登录账号 {name} 在本库没有登记"
        for group in sorted(groups - {own}):
            yield f"登录账号 {name} 多属于 {group}"
        if own is not None and own not in groups:
            yield f"登录账号 {name} 不属于 {own}"


def large_objects_open(url: str) -> bool:
    """Whether everybody may still make large objects: a superuser's to forbid (docs/operations.md)."""
    database = open_database(url)
    try:
        with database.reading() as session:
            query = "SELECT has_function_privilege('hotline_staff', 'lo_create(oid)', 'EXECUTE')"
            return bool(session.scalar(text(query)))
    finally:
        database.close()
