"""A seat at a database: who the city is, which rules are in force, what this workstation is called."""

import platform

from sqlalchemy import select

from console.domain.errors import Unavailable
from console.domain.policy import PACKS, load_pack
from console.domain.rules import Rules
from console.ledger.numbers import Numbers
from console.ledger.seat import Seat
from db.engine import Database
from db.models import City


def open_seat(database: Database, workstation: str = "") -> Seat:
    """Read the city's row and load its policy pack. Raises Unavailable for an empty database."""
    name = workstation or platform.node()[:80] or "workstation"
    with database.reading() as session:
        city = session.scalars(select(City).limit(1)).first()
    if city is None:
        raise Unavailable(
            "数据库里还没有城市设置", "请先运行 main.py db demo，或由管理员完成初始化"
        )
    pack = load_pack(PACKS / city.policy_pack)
    return Seat(
        database,
        Rules(pack, pack.calendar()),
        name,
        Numbers(name),
        heading=city.heading,
        city_name=city.name,
        training=city.kind == "training",
        demo=city.kind in ("demo", "training"),
    )
