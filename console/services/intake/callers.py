"""Who is calling: everything the screen shows while the phone still rings (peers 6.1)."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, union
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from console.domain.identity import SEX_NAMES, Sex, read_identity_number
from console.domain.intake import CallerCard, PastMatter, Resident
from console.domain.masking import mask_phone, mask_text
from console.domain.phones import PHONE_KIND_NAMES, Phone, is_phone, parse_phone
from console.domain.states import (
    OPEN_STATES,
    RESOLUTION_NAMES,
    SATISFACTION_NAMES,
    Resolution,
    Satisfaction,
    TicketState,
)
from console.domain.worktime import CIVIL, civil, civil_date
from console.ledger import Seat, contacts, visible
from console.ledger.places import at_door
from console.services.intake.city import City
from console.services.intake.places import read_address
from db.models import (
    Appellant,
    BlockedNumber,
    Call,
    Enterprise,
    Estate,
    Person,
    SpecialGroupMember,
    Ticket,
)

MOST_RESIDENTS, MOST_MATTERS = 20, 20
# Of a common name so many are looked at, whoever called last first among them.
MOST_NAMED = 200
# What a call-taker may see of special groups: what helps to treat somebody well. Convictions, addiction and
# illness are nobody's business at this desk (field-facts 10.5).
SHOWN_CARE = {
    "lives_alone": "独居老人", "empty_nest": "空巢老人", "advanced_age": "高龄老人", "disabled": "残疾人",
    "low_income": "低保", "extreme_poverty": "特困供养", "bereaved_parent": "失独家庭",
    "left_behind_child": "留守儿童", "child_in_difficulty": "困境儿童", "expecting": "孕产妇", "veteran": "退役军人",
}  # fmt: skip
_CARE_WORDS = frozenset({*SHOWN_CARE.values(), "高龄独居老人"})
DEGREE_WORDS = {"persuade": "劝导", "refuse": "限制呼入", "report": "报警处理"}


@dataclass(frozen=True, slots=True)
class Number:
    """A caller's number as far as it can be read; `digits` is what it is looked up by."""

    digits: str
    kind: str = ""
    area: str = ""
    fault: Invalid | None = field(default=None, compare=False)


def read_number(text: str) -> Number:
    """Nothing raises: a number that cannot be read still rings (`fault` says what is wrong with it)."""
    try:
        phone: Phone = parse_phone(text)
    except Invalid as fault:
        plain = re.sub(r"[^0-9+*#]", "", unicodedata.normalize("NFKC", text))
        return Number(plain[:24], "无法识别", "", Invalid(fault.text, fault.hint, "full_phone"))
    return Number(phone.digits, PHONE_KIND_NAMES[phone.kind], phone.area)


def caller_card(
    session: Session, seat: Seat, city: City, text: str, call_id: int | None, now: datetime
) -> CallerCard:
    """Four statements, and one for the key where the server makes it."""
    number = read_number(text)
    key = contacts.key_of(session, seat, number.digits)
    there = key if number.fault is None else ""
    residents = people(session, city, Person.phone_key == there, now) if there else ()
    matters = _matters(session, seat, there) if there else ()
    seen = _seen(session, key, call_id, now)
    return CallerCard(
        call_id=call_id,
        phone=mask_phone(number.digits) or "未显示号码",
        full_phone=number.digits,
        kind=number.kind,
        area=number.area,
        calls_before=seen.before or 0,
        calls_today=seen.today or 0,
        residents=residents,
        matters=matters,
        enterprise=seen.enterprise or "",
        warning=_warning(seen),
        fault=number.fault,
    )


def _seen(session: Session, key: str, call_id: int | None, now: datetime) -> Any:
    """Counts, the enterprise on the number, the newest block: one row of small questions."""
    midnight = civil(now).replace(hour=0, minute=0, second=0, microsecond=0)
    calls = select(func.count(Call.id)).where(Call.caller_key == key, Call.id != (call_id or 0))
    block = select(BlockedNumber).where(
        BlockedNumber.phone_key == key, BlockedNumber.expires_at > now
    )

    def of_block(column: Any) -> Any:
        newest = block.with_only_columns(column).order_by(BlockedNumber.id.desc()).limit(1)
        return newest.scalar_subquery().label(column.key)

    query = select(
        calls.scalar_subquery().label("before"),
        calls.where(Call.ring_at >= midnight).scalar_subquery().label("today"),
        select(Enterprise.name)
        .where(Enterprise.phone_key == key)
        .limit(1)
        .scalar_subquery()
        .label("enterprise"),
        of_block(BlockedNumber.degree),
        of_block(BlockedNumber.reason),
        of_block(BlockedNumber.approved_by),
        of_block(BlockedNumber.expires_at),
    )
    return session.execute(query).one() if key else _NobodySeen()


@dataclass(frozen=True, slots=True)
class _NobodySeen:
    before: int = 0
    today: int = 0
    enterprise: str = ""
    degree: str = ""


def _warning(seen: Any) -> str:
    """A sentence about a blocked number. It never stops the call: danger comes from any number."""
    if not seen.degree:
        return ""
    until = seen.expires_at.astimezone(CIVIL)
    state = "" if seen.approved_by else "，待值班长批准"
    return (
        f"此号码被标记为骚扰（{DEGREE_WORDS.get(seen.degree, seen.degree)}{state}）：{seen.reason}；"
        f"至{until.month}月{until.day}日。仍须接听，涉及险情照常受理"
    )


def people(
    session: Session, city: City, condition: ColumnElement[bool], now: datetime
) -> tuple[Resident, ...]:
    """The living residents of a condition, last contact first. Two statements."""
    last = select(func.max(Appellant.joined_at)).where(Appellant.person_id == Person.id)
    contact = last.correlate(Person).scalar_subquery().label("last_contact")
    query = select(Person, contact).where(condition, Person.state == "active")
    query = query.order_by(contact.desc().nulls_last(), Person.relation != "户主", Person.id)
    rows = session.execute(query.limit(MOST_RESIDENTS)).all()
    care = _care(session, [row.Person.id for row in rows])
    today = civil_date(now)
    return tuple(_resident(row, city, care[row.Person.id], today) for row in rows)


def _care(session: Session, ids: list[int]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    member = SpecialGroupMember
    query = select(member.person_id, member.group_class).where(
        member.person_id.in_(ids), member.restricted.is_(False), member.state == "active"
    )
    for person_id, group in session.execute(query) if ids else ():
        word = SHOWN_CARE.get(group, group)
        if word in _CARE_WORDS:
            found[person_id].append(word)
    return found


def _resident(row: Any, city: City, care: Iterable[str], today: date) -> Resident:
    person: Person = row.Person
    born = person.born_on
    last = row.last_contact
    sex = SEX_NAMES[Sex(person.sex)] if person.sex in set(Sex) else person.sex
    return Resident(
        person_id=person.id,
        name=person.name_masked,
        sex=sex,
        age=today.year - born.year - ((today.month, today.day) < (born.month, born.day)),
        relation=person.relation,
        home=person.home,
        grid_id=person.grid_id,
        grid_path=city.path(person.grid_id),
        residence_kind=person.residence_kind,
        care=tuple(dict.fromkeys(care)),
        last_contact=last,
    )


def _matters(session: Session, seat: Seat, key: str) -> tuple[PastMatter, ...]:
    """Work orders of the number, named as contact or only called from; open ones first. One statement."""
    ids: Any = union(
        select(Appellant.ticket_id).where(Appellant.phone_key == key),
        select(Call.ticket_id).where(Call.caller_key == key, Call.ticket_id.is_not(None)),
    )
    at = func.coalesce(Ticket.accepted_at, Ticket.created_at)
    columns = (
        Ticket.id, Ticket.number, Ticket.title, Ticket.state, Ticket.created_at, Ticket.holder_name,
        Ticket.satisfaction, Ticket.resolution,
    )  # fmt: skip
    query = select(*columns).where(Ticket.id.in_(ids), visible(seat.operator))
    query = query.order_by(Ticket.state.in_(OPEN_STATES).desc(), at.desc()).limit(MOST_MATTERS)
    return tuple(_matter(row) for row in session.execute(query))


def _matter(row: Any) -> PastMatter:
    opened = row.state in OPEN_STATES
    return PastMatter(
        row.id,
        row.number,
        mask_text(row.title),
        row.state,
        row.created_at,
        _outcome(row, opened),
        opened,
    )


def _outcome(row: Any, opened: bool) -> str:
    if opened:
        return str(row.holder_name)
    if row.state not in (TicketState.CLOSED, TicketState.ARCHIVED):
        return ""
    if row.satisfaction:
        return SATISFACTION_NAMES[Satisfaction(row.satisfaction)]
    return RESOLUTION_NAMES[Resolution(row.resolution)] if row.resolution else ""


def find_people(
    session: Session, seat: Seat, city: City, typed: str, now: datetime
) -> tuple[Resident, ...]:
    """Residents by name, initials, phone, its last digits, identity number or address.

    Raises Invalid (field `residents`) for an identity number that cannot be one. At most 4 statements.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    numeric = re.match(r"^[+\d\s\-()]{4,}[xX]?$", plain)
    condition = (_by_number if numeric else _by_words)(session, seat, plain, now)
    found = people(session, city, condition, now) if condition is not None else ()
    return found or _at_address(session, city, plain, now)


def _by_number(
    session: Session, seat: Seat, plain: str, now: datetime
) -> ColumnElement[bool] | None:
    digits = re.sub(r"[^0-9Xx]", "", plain).upper()
    if len(digits) in (15, 17, 18) and not is_phone(plain):
        number = read_identity_number(digits, civil_date(now), "residents")
        return Person.id_key == contacts.key_of(session, seat, number.text)
    if is_phone(plain) and len(digits) > 6:
        return Person.phone_key == contacts.key_of(session, seat, parse_phone(plain).digits)
    return Person.phone_end == digits[-4:]


def _by_words(
    session: Session, seat: Seat, plain: str, _now: datetime
) -> ColumnElement[bool] | None:
    latin = re.fullmatch(r"[A-Za-z ']+", plain) is not None
    start, letters = ("", re.sub(r"[^a-z]", "", plain.lower())) if latin else (plain, "")
    found = contacts.people_called(session, seat, start, letters, MOST_NAMED)
    return Person.id.in_(found) if found else None


def _at_address(session: Session, city: City, plain: str, now: datetime) -> tuple[Resident, ...]:
    """Residents of a house named by estate, building and room."""
    parts = read_address(city, plain)
    estates = [estate.id for estate in city.estates if parts.estate and estate.name == parts.estate]
    if not estates:
        return ()
    return people(session, city, at_door(Estate.id.in_(estates), parts), now)
