"""Make a database, bring it up to date, say whether it is sound."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import cast, func, inspect, select, text
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from console.domain.catalogue import load_catalogue
from console.domain.errors import NotFound, Unavailable
from console.domain.policy import PACKS, default_pack, load_pack
from console.domain.worktime import china_days
from db.engine import Database, open_database
from db.founding import Founded, Founding, found_city
from db.models import Base, City

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> str:
    """Create the schema or bring it to the newest version; returns that version.

    Raises Unavailable when the database was made by a newer program, or by one before the first release.
    """
    _make_folder(url)
    _refuse_misordered(url)
    config = _config(url)
    newest = ScriptDirectory.from_config(config).get_current_head()
    present = current_version(url)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if present and present not in known:
        raise Unavailable("数据库由更新版本的程序建立", "请先升级本机程序")
    command.upgrade(config, "head")
    _refuse_lacking(url)
    return newest or ""


def _refuse_lacking(url: str) -> None:
    """Until the first release the first version is the models themselves (decision 007): an older one is not mended."""
    database = open_database(url)
    try:
        with database.reading() as session:
            there = set(inspect(session.connection()).get_table_names())
            missing = [f"缺少表 {name}" for name in sorted(set(Base.metadata.tables) - there)]
            missing += _missing_columns(session, there)
    finally:
        database.close()
    if missing:
        raise Unavailable(
            f"数据库由较早的开发版建立：{missing[0]} 等 {len(missing)} 项",
            "演示库请重新生成；正式库请重新初始化后导入数据",
        )


def guard(url: str) -> bool:
    """PostgreSQL: state anew what the database itself allows whom (`db.security`); False on SQLite."""
    database = open_database(url)
    try:
        if database.is_sqlite:
            return False
        with database.writing.begin() as session:
            # Imported here: the demo on SQLite does not pay for the driver.
            from db.security import install

            # Over a million work orders the scope of the units alone takes longer than any desk may wait.
            session.execute(text("SET LOCAL statement_timeout = 0"))
            # A table that is just being vacuumed is given up in a moment, on a busy server not in four seconds.
            session.execute(text("SET LOCAL lock_timeout = '2min'"))
            install(session.connection(), _reveals(session))
        return True
    finally:
        database.close()


def found(url: str, founding: Founding) -> Founded:
    """Put a city into a database that has the tables; what stands is left as it is."""
    founding.check()
    catalogue = load_catalogue(PACKS / load_pack(PACKS / founding.pack).catalogue)
    database = open_database(url)
    try:
        with database.writing.begin() as session:
            done = found_city(session, founding, catalogue, china_days(), database.now(session))
            settle_keys(session)
            return done
    finally:
        database.close()


def _reveals(session: Session) -> int:
    city = session.scalars(select(City).limit(1)).first()
    pack = load_pack(PACKS / city.policy_pack) if city is not None else default_pack()
    return pack.desk.reveals_per_hour


def settle_keys(session: Session) -> None:
    """PostgreSQL: rows written with keys of their own leave the counters behind; bring them up, never down."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for name, table in Base.metadata.tables.items():
        column = table.autoincrement_column
        counter = func.pg_get_serial_sequence(name, column.name) if column is not None else None
        if counter is None or session.scalar(select(counter)) is None:
            continue
        highest = select(func.max(column)).scalar_subquery()
        last = func.greatest(highest, func.pg_sequence_last_value(cast(counter, REGCLASS)))
        if session.scalar(select(last)) is not None:
            session.execute(select(func.setval(counter, last)))


def current_version(url: str) -> str:
    """The schema version of a database, empty when it has none."""
    database = open_database(url)
    try:
        with database.reading() as session:
            context = MigrationContext.configure(session.connection())
            return context.get_current_revision() or ""
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class Health:
    """What `main.py db check` found."""

    version: str
    missing_tables: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return bool(self.version) and not self.missing_tables and not self.broken


def check(url: str) -> Health:
    """Look at version, tables and the database's own consistency check."""
    if url.startswith("sqlite") and not Path(make_url(url).database or "").exists():
        raise NotFound("没有这个数据库文件", "请先运行 main.py db init 或 main.py db demo")
    database = open_database(url)
    try:
        with database.reading() as session:
            there = set(inspect(session.connection()).get_table_names())
            missing = tuple(sorted(set(Base.metadata.tables) - there))
            broken = (
                *_missing_columns(session, there),
                *_sqlite_faults(database),
                *_misordered(session),
            )
        return Health(current_version(url), missing, broken)
    finally:
        database.close()


def fits(database: Database) -> bool:
    """Whether the tables are this program's; quick, whatever they hold."""
    with database.reading() as session:
        there = set(inspect(session.connection()).get_table_names())
        return there >= set(Base.metadata.tables) and not any(_missing_columns(session, there))


def _missing_columns(session: Session, there: set[str]) -> Iterator[str]:
    """Columns the program knows and the database does not: made before the first release by an older one."""
    inspector = inspect(session.connection())
    for name, table in Base.metadata.tables.items():
        if name in there:
            has = {column["name"] for column in inspector.get_columns(name)}
            yield from (f"{name} 缺少列 {c.name}" for c in table.columns if c.name not in has)


def _sqlite_faults(database: Database) -> tuple[str, ...]:
    if not database.is_sqlite:
        return ()
    with database.reading() as session:
        words = [str(row[0]) for row in session.execute(text("pragma quick_check"))]
        keys = [
            f"外键 {row[0]} 第 {row[1]} 行"
            for row in session.execute(text("pragma foreign_key_check"))
        ]
    return tuple(word for word in words if word != "ok") + tuple(keys)


# Codes are compared by range (`990101` to below `990102`, `D001` to below `D001 `): only an order by bytes keeps a
# unit within its branch, and only UTF-8 holds every name.
_ORDER = text(
    "SELECT ARRAY(SELECT x FROM unnest(ARRAY['a', 'D001 ', 'D0012', 'D001', 'B']) x ORDER BY x)"
    " = ARRAY['B', 'D001', 'D001 ', 'D0012', 'a'] AND getdatabaseencoding() = 'UTF8'"
)


def _misordered(session: Session) -> tuple[str, ...]:
    if session.get_bind().dialect.name == "sqlite" or session.scalar(_ORDER):
        return ()
    return ("数据库的编码或排序规则不对，须为 UTF8 和 C.UTF-8：请重建数据库（docs/operations.md）",)


def _refuse_misordered(url: str) -> None:
    database = open_database(url)
    try:
        with database.reading() as session:
            for fault in _misordered(session):
                raise Unavailable(fault.partition("：")[0], "请按 docs/operations.md 重建数据库")
    finally:
        database.close()


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def _make_folder(url: str) -> None:
    if url.startswith("sqlite"):
        Path(make_url(url).database or "").resolve().parent.mkdir(parents=True, exist_ok=True)
