"""The one box (F3): what may somebody mean who typed this? (peers 6.1)

Several meanings are usual; they are looked up together and shown in this order. Digits that are a phone
number are never taken for a ticket number.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from console.domain.errors import Invalid
from console.domain.names import COMPOUND_SURNAMES, SURNAMES, TITLES, characters, is_han, surname
from console.domain.numbering import TICKET_LENGTH, check_digit, is_ticket_number
from console.domain.phones import SHORTEST_TAIL, PhoneKind, parse_phone

# Day sequence and check digit: what a caller reads out from the end of a ticket number.
TICKET_TAIL_LENGTH = 7
_LONGEST_NAME = 4
_COMMAND_MARKS = (">", "》", "/", "／")
_TICKET_WORDS = re.compile(r"^(?:工单编号|工单号|工单|单号|编号|NO\.?|#)[:：]?", re.IGNORECASE)
_PLACE = re.compile(
    r"路|街|巷|弄|大道|号|栋|幢|座|单元|小区|花园|社区|村|镇|乡|网格|广场|大厦|新村|苑|市场|学校|小学|中学|幼儿园|医院|卫生院|公园|车站|公交站|派出所|门口"
)
_DIALLED = re.compile(r"[+0-9\s\-‐-―()./]+(?:(?:转|分机|转分机|#|ext)\s*[0-9]+)?")


class IntentKind(StrEnum):
    TICKET = "ticket"
    TICKET_TAIL = "ticket_tail"
    PHONE = "phone"
    PHONE_TAIL = "phone_tail"
    PHONE_HEAD = "phone_head"
    IDENTITY = "identity"
    NAME = "name"
    INITIALS = "initials"
    ADDRESS = "address"
    TEXT = "text"
    COMMAND = "command"


INTENT_NAMES: dict[IntentKind, str] = {
    IntentKind.TICKET: "工单号",
    IntentKind.TICKET_TAIL: "工单号后七位",
    IntentKind.PHONE: "电话",
    IntentKind.PHONE_TAIL: "电话尾号",
    IntentKind.PHONE_HEAD: "电话开头",
    IntentKind.IDENTITY: "身份证号",
    IntentKind.NAME: "姓名",
    IntentKind.INITIALS: "拼音首字母",
    IntentKind.ADDRESS: "地址",
    IntentKind.TEXT: "工单内容",
    IntentKind.COMMAND: "命令",
}


@dataclass(frozen=True, slots=True)
class Intent:
    """One meaning of what was typed; `value` is ready to look up, `note` says what looks wrong."""

    kind: IntentKind
    value: str
    note: str = ""


def intents(typed: str, area: str = "") -> tuple[Intent, ...]:
    """The meanings of what was typed, likeliest first; empty for blanks or a single digit.

    `area` is this city's area code, put before local fixed-line numbers. Nothing raises.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        return ()
    if plain.startswith(_COMMAND_MARKS):
        command = plain[1:].strip()
        return (Intent(IntentKind.COMMAND, command),) if command else ()
    marked = _TICKET_WORDS.sub("", plain).strip()
    if marked != plain and re.fullmatch(r"[0-9\s-]+", marked):
        return _marked_ticket(re.sub(r"[\s-]", "", marked))
    if re.fullmatch(r"[0-9]{17}[0-9Xx]", re.sub(r"\s", "", plain)):
        return (Intent(IntentKind.IDENTITY, re.sub(r"\s", "", plain).upper()),)
    if _DIALLED.fullmatch(plain) and any(c.isdigit() for c in plain):
        return _number(plain, area)
    return _words(plain)


def _marked_ticket(digits: str) -> tuple[Intent, ...]:
    """With 单号 or # before it even a short number means a ticket."""
    if len(digits) >= TICKET_LENGTH - 1:
        return _ticket(digits)
    return (Intent(IntentKind.TICKET_TAIL, digits),) if digits else ()


def _ticket(digits: str) -> tuple[Intent, ...]:
    if len(digits) == TICKET_LENGTH - 1:
        return (Intent(IntentKind.TICKET, digits + check_digit(digits), "已补校验位"),)
    note = "" if is_ticket_number(digits) else "校验不符，请核对工单号"
    return (Intent(IntentKind.TICKET, digits, note),)


def _number(plain: str, area: str) -> tuple[Intent, ...]:
    digits = re.sub(r"[^0-9]", "", plain)
    phone, parts = _phone(plain, area), _phone_parts(digits)
    if phone:
        return (phone, *parts)
    if len(digits) == TICKET_LENGTH or (len(digits) == TICKET_LENGTH - 1 and _is_day(digits)):
        return _ticket(digits)
    if parts or len(digits) < 2:
        return parts
    note = "" if len(digits) < SHORTEST_TAIL else "不是完整的电话号码"
    return (Intent(IntentKind.TEXT, digits, note),)


def _is_day(digits: str) -> bool:
    whole = digits + check_digit(digits)
    return is_ticket_number(whole)


def _phone(plain: str, area: str) -> Intent | None:
    try:
        phone = parse_phone(plain, area)
    except Invalid:
        return None
    # 4 to 6 digits are a short number by form, but nearly always the end of a longer one.
    short = phone.kind is PhoneKind.SHORT and len(phone.digits) >= SHORTEST_TAIL
    return None if short else Intent(IntentKind.PHONE, phone.digits)


def _phone_parts(digits: str) -> tuple[Intent, ...]:
    """Digits as the end or the beginning of a phone, and, when there are seven, as the end of a ticket."""
    if not SHORTEST_TAIL <= len(digits) <= 10:
        return ()
    found = [Intent(IntentKind.PHONE_TAIL, digits)]
    if re.match(r"1[3-9]|0[1-9]", digits):
        found.append(Intent(IntentKind.PHONE_HEAD, digits))
    if len(digits) == TICKET_TAIL_LENGTH:
        found.append(Intent(IntentKind.TICKET_TAIL, digits))
    return tuple(found)


def _words(plain: str) -> tuple[Intent, ...]:
    text = Intent(IntentKind.TEXT, plain)
    if re.fullmatch(r"[A-Za-z][A-Za-z ']*", plain):
        letters = Intent(IntentKind.INITIALS, re.sub(r"[^a-z]", "", plain.lower()))
        return (letters, text) if len(letters.value) > 1 else (letters,)
    parts = characters(plain)
    if len(parts) < 2:
        return (Intent(IntentKind.NAME, plain),) if _is_name(parts, plain) else ()
    place = bool(_PLACE.search(plain)) or any(c.isdigit() for c in plain)
    name = _is_name(parts, plain)
    sure = name and _sure_name(plain, parts)
    likely = (
        Intent(IntentKind.NAME, plain) if sure else None,
        Intent(IntentKind.ADDRESS, plain) if place else None,
        text,
        Intent(IntentKind.NAME, plain) if name and not sure else None,
    )
    return tuple(intent for intent in likely if intent)


def _is_name(parts: tuple[str, ...], plain: str) -> bool:
    """Whether it has the form of a Chinese name: up to four Han characters, or parts joined by ·."""
    if "·" in plain:
        return all(is_han(part) or part == "·" for part in parts)
    return len(parts) <= _LONGEST_NAME and all(map(is_han, parts))


def _sure_name(plain: str, parts: tuple[str, ...]) -> bool:
    """Whether it begins with a surname and is as long as names are, ends with 先生, 女士 … or has a ·."""
    family = surname(plain)
    if plain.removeprefix(family) in TITLES or "·" in plain:
        return True
    known = family in COMPOUND_SURNAMES or family in SURNAMES
    return known and len(parts) <= len(characters(family)) + 2 and not _PLACE.search(plain[-1])
