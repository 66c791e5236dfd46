"""Forms and a desk for the tests of the intake service."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import event, select
from sqlalchemy.orm import undefer_group

from console.domain.intake import IntakeForm
from console.domain.roles import Role
from console.domain.states import Nature
from console.services.intake import Intake
from db.engine import Database
from db.models import CategoryRow, Ticket, TicketEvent, Unit
from tests.world import engine_of, seat_for

PHONE = "19900001234"
CONTENT = "宝丽西街门面下水道堵塞，油污外溢到人行道，路面湿滑，有老人滑倒，希望尽快疏通并清理路面。"
RULE = "按地址：宝丽西街 101–199 号单号侧"


def desk(db: Database, role: Role = Role.AGENT, unit_id: int | None = None) -> Intake:
    return Intake(seat_for(db, role, unit_id))


def form(**changes: Any) -> IntakeForm:
    """A form that can be dispatched as it stands."""
    values: dict[str, Any] = {
        "key": str(uuid4()),
        "person_id": 1,
        "name": "叶长青",
        "full_phone": PHONE,
        "occurred": "昨天下午3点",
        "address": "宝丽西街123号门面",
        "grid_id": 30,
        "grid_rule": RULE,
        "title": "下水道堵塞，油污外溢",
        "content": CONTENT,
        "wanted": "尽快疏通",
        "nature": Nature.HELP,
        "category_code": "010304",
        "unit_id": 10,
    }
    return IntakeForm(**(values | changes))


def add_categories(db: Database) -> None:
    """A few more categories and a department that takes one, so that there is something to choose between."""
    rows = (
        ("01", 1, "城市管理", "城市管理", "", "", ""),
        ("0103", 2, "市政设施", "城市管理 › 市政设施", "", "", ""),
        (
            "010303",
            3,
            "路灯",
            "城市管理 › 市政设施 › 路灯",
            "路灯不亮 灯坏 太黑",
            "城管局",
            "ldeng",
        ),
        ("010306", 3, "路面积水", "城市管理 › 市政设施 › 路面积水", "积水 水淹", "street", "lmjs"),
        (
            "020101",
            3,
            "占道经营",
            "市容 › 街面 › 占道经营",
            "摆摊 流动摊贩 下水口",
            "street",
            "zdjy",
        ),
    )
    with db.writing.begin() as session:
        for code, level, name, path, words, unit, letters in rows:
            session.add(
                CategoryRow(
                    code=code,
                    level=level,
                    name=name,
                    path=path,
                    synonyms=words,
                    default_unit=unit,
                    initials=letters,
                )
            )
        session.get(Unit, 40).short_name = "城管局"


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """The statements sent meanwhile, by readers and writers, without BEGIN and asking the clock."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SELECT clock_timestamp")):
            seen.append(statement)

    engines = (engine_of(db), db.writing.kw["bind"])
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def ticket(db, ticket_id: int) -> Ticket:
    with db.reading() as session:
        return session.get(Ticket, ticket_id)


def rows(db, kind) -> list:
    with db.reading() as session:
        query = select(kind).order_by(kind.id).options(undefer_group("private"))
        return list(session.scalars(query))


def moves(db, ticket_id: int) -> list[str]:
    with db.reading() as session:
        query = (
            select(TicketEvent.move)
            .where(TicketEvent.ticket_id == ticket_id)
            .order_by(TicketEvent.id)
        )
        return list(session.scalars(query))
