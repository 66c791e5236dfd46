"""比对: what is being typed held against the register, by identity number, credit code, telephone, address."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.identity import read_credit_code
from console.domain.phones import parse_phone
from console.domain.registers.kinds import Register
from console.domain.registers.life import STATE_NAMES, PersonState
from console.domain.registers.records import Match
from console.ledger import Seat, contacts
from console.ledger.registers import in_branch
from db.models import Enterprise, House, Household, Person

MOST = 8


def compare(
    session: Session, seat: Seat, register: Register, typed: Mapping[str, str], but: int | None
) -> tuple[Match, ...]:  # fmt: skip
    """Rows the new one may be; certain ones first. Half a number says nothing yet."""
    found: dict[tuple[Register, int], Match] = {}
    for match in _matches(session, seat, register, typed):
        if (match.register, match.id) != (register, but):
            found.setdefault((match.register, match.id), match)
    return tuple(sorted(found.values(), key=lambda one: not one.certain))[:MOST]


def _matches(
    session: Session, seat: Seat, register: Register, typed: Mapping[str, str]
) -> Iterator[Match]:  # fmt: skip
    words = {name: text.strip() for name, text in typed.items()}
    number = "".join(words.get("id_number", "").split()).upper()
    if register is Register.PERSONS and len(number) == 18:
        yield from _people(
            session,
            seat,
            Person.id_key == contacts.key_of(session, seat, number),
            "身份证号相同",
            True,
        )
    if register in (Register.PERSONS, Register.ENTERPRISES):
        yield from _by_phone(session, seat, words.get("phone", ""))
    if register is Register.ENTERPRISES:
        yield from _firms(session, words)
    address = words.get("home_address", "") or words.get("address", "")
    if len(address) >= 6:
        yield from _by_address(session, seat, register, address)


def _by_phone(session: Session, seat: Seat, text: str) -> Iterator[Match]:
    try:
        digits = parse_phone(text).digits if text else ""
    except Invalid:
        return
    if not digits:
        return
    key = contacts.key_of(session, seat, digits)
    yield from _people(session, seat, Person.phone_key == key, "电话相同", False)
    for firm in session.scalars(select(Enterprise).where(Enterprise.phone_key == key).limit(MOST)):
        yield Match(Register.ENTERPRISES, firm.id, firm.name, "电话相同")


def _people(
    session: Session, seat: Seat, condition: Any, why: str, certain: bool
) -> Iterator[Match]:
    query = select(Person).where(condition, in_branch(seat.operator, Person.grid_id)).limit(MOST)
    for one in session.scalars(query):
        gone = "" if one.state == PersonState.ACTIVE else f"，{STATE_NAMES[PersonState(one.state)]}"
        yield Match(Register.PERSONS, one.id, one.name_masked, f"{why}，{one.home}{gone}", certain)


def _firms(session: Session, words: Mapping[str, str]) -> Iterator[Match]:
    try:
        code = read_credit_code(words.get("uscc", ""))
    except Invalid:
        code = ""
    said = [(Enterprise.uscc == code, "信用代码相同", True)] if code else []
    if words.get("name"):
        said.append((Enterprise.name == words["name"], "名称相同", False))
    for condition, why, certain in said:
        for firm in session.scalars(select(Enterprise).where(condition).limit(MOST)):
            yield Match(Register.ENTERPRISES, firm.id, firm.name, f"{why}，{firm.address}", certain)


def _head(session: Session, household_id: int) -> str:
    query = select(Person.name_masked).where(
        Person.household_id == household_id, Person.relation == "户主", Person.state == "active"
    )
    return session.scalar(query.limit(1)) or ""


def _by_address(session: Session, seat: Seat, register: Register, address: str) -> Iterator[Match]:
    query = select(House).where(House.address == address, in_branch(seat.operator, House.grid_id))
    for house in session.scalars(query.limit(3)):
        if register is Register.HOUSES:
            yield Match(Register.HOUSES, house.id, house.address, "地址相同", True)
            continue
        homes = select(Household).where(Household.house_id == house.id).limit(MOST)
        for home in session.scalars(homes):
            title = f"{_head(session, home.id)}户（{home.number}）".lstrip("户")
            yield Match(Register.HOUSEHOLDS, home.id, title, "同一住址", household=home.number)
    if register is Register.ENTERPRISES:
        same = select(Enterprise).where(Enterprise.address == address).limit(MOST)
        for firm in session.scalars(same):
            yield Match(Register.ENTERPRISES, firm.id, firm.name, "经营地址相同")
