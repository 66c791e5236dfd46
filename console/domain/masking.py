"""Masks that hide who a citizen is (field-facts 10.4). None of them raises or gives a value away."""

import re
import unicodedata

from console.domain.errors import Invalid
from console.domain.names import TITLES, characters, is_han, surname
from console.domain.numbering import is_ticket_number
from console.domain.phones import PhoneKind, parse_phone

STAR = "*"


def mask_name(name: str) -> str:
    """张三 → 张*, 张三丰 → 张**, 欧阳锋 → 欧阳*, 张女士 stays, 阿卜杜·买买提 → 阿**·***."""
    plain = name.strip()
    parts = characters(plain)
    if len(parts) < 2:
        return STAR * len(parts)
    family = surname(plain)
    if plain.removeprefix(family) in TITLES:
        return plain
    keep = len(characters(family)) if is_han(plain) else 1
    return "".join(
        part if place < keep or not part.strip("·•・ ") else STAR for place, part in enumerate(parts)
    )


def mask_phone(number: str) -> str:
    """138****5678; a fixed line's last four digits hidden; short and odd numbers keep little."""
    if not number.strip():
        return ""
    try:
        phone = parse_phone(number)
    except Invalid:
        return _keep(number.strip(), 3, 0) if len(number.strip()) > 6 else STAR * len(number.strip())
    digits = phone.digits
    if phone.kind is PhoneKind.MOBILE:
        return f"{digits[:3]}****{digits[-4:]}"
    if phone.kind is PhoneKind.FIXED:
        dash = "-" if phone.area else ""
        return f"{phone.area}{dash}{digits[len(phone.area) : -4]}****"
    # 110 or 10086 is nobody's secret; six-digit short numbers of a group net are a person's.
    return digits if len(digits) < 6 else _keep(digits, len(digits) - 4, 0)


def _keep(text: str, head: int, tail: int) -> str:
    parts = characters(text)
    hidden = len(parts) - head - tail
    if hidden < 1:
        return STAR * len(parts)
    return "".join(parts[:head]) + STAR * hidden + "".join(parts[len(parts) - tail :])


def mask_identity(number: str) -> str:
    """430602********1234; anything too short to be an identity number is hidden altogether."""
    plain = number.strip()
    return _keep(plain, 6, 4) if len(plain) >= 15 else STAR * len(plain)


def mask_bank_card(number: str) -> str:
    """Only the last four digits are left."""
    plain = re.sub(r"[\s-]", "", number)
    return _keep(plain, 0, 4) if len(plain) > 8 else STAR * len(plain)


def mask_plate(plate: str) -> str:
    """湘F12345 → 湘F·**345; new-energy plates hide one more."""
    plain = re.sub(r"[\s·•・.-]", "", plate.upper())
    if len(plain) < 6:
        return STAR * len(plain)
    return f"{plain[:2]}·{STAR * (len(plain) - 5)}{plain[-3:]}"


_BUILDING_END = re.compile(
    r"(?:[0-9A-Za-z一二三四五六七八九十甲乙丙丁东南西北]+(?:号楼|栋|幢|座|#楼?))"
    r"|(?:[0-9一二三四五六七八九十]+组)"
)
_HOUSE_NUMBER = re.compile(r"[0-9一二三四五六七八九十百]+号(?:院)?")
_DASHED = re.compile(r"(?<![0-9-])([0-9]{1,3}|[A-Z])-[0-9]+(?:-[0-9]+)?(?:[室房户])?(?!号)")
_INSIDE = re.compile(r"([0-9A-Z一二三四五六七八九十甲乙丙丁]+(?:单元|室|房|户|层|楼)|[0-9]{3,4}(?![0-9号]))")


def mask_address(address: str) -> str:
    """The address down to the building; unit, floor and room become `***`. A village keeps its group."""
    plain = unicodedata.normalize("NFKC", address.strip())
    buildings = list(_BUILDING_END.finditer(plain))
    if buildings:
        return _cut(plain, buildings[-1].end())
    dashed = _DASHED.search(plain)
    if dashed:
        return f"{plain[: dashed.end(1)]}-***"
    number = _HOUSE_NUMBER.search(plain)
    inside = _INSIDE.search(plain, number.end() if number else 0)
    return _cut(plain, inside.start()) if inside else plain


def _cut(plain: str, end: int) -> str:
    return plain[:end] + ("***" if plain[end:].strip("，。, ") else "")


_GAP = r"[\s\-‐-―−]?"
_IN_TEXT = re.compile(
    r"(?P<identity>(?<!\d)\d{6}[\s-]?(?:1[89]|20)\d{2}[\s-]?(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[\s-]?\d{3}[\dXxＸｘ](?!\d))"
    r"|(?P<old_identity>(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d))"
    rf"|(?P<mobile>(?<!\d)(?:\+?(?:00)?86{_GAP})?0?[1１][3-9３-９]\d(?:{_GAP}\d){{8}}(?!\d))"
    rf"|(?P<fixed>(?<!\d)[(（]?[0０](?:[1１][0０]|[2２]\d|[3-9３-９]\d{{2}})[)）]?{_GAP}[2-8２-８]\d{{2,3}}{_GAP}\d{{4}}(?!\d))"
    r"|(?P<card>(?<!\d)(?:\d[\s-]?){15,18}\d(?!\d))"
    r"|(?P<local>(?<=[话码机联系拨打][:：是为]?)\s?[2-8２-８]\d{6,7}(?!\d))"
    r"|(?P<spoken>[幺一][三四五六七八九][零〇幺一二三四五六七八九]{9})"
)


def mask_text(content: str) -> str:
    """Free text with the phones, identity numbers and bank cards in it masked; ticket numbers stay.

    For what handling units see and for every log. Full-width digits and numbers broken by blanks or
    dashes are found too, as are mobiles written out in characters (幺三八…).
    """
    return _IN_TEXT.sub(_mask_found, content)


def _mask_found(found: re.Match[str]) -> str:
    text = found.group()
    kind = found.lastgroup
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text))
    if kind in {"identity", "old_identity"}:
        return mask_identity(plain)
    if kind == "card":
        return text if is_ticket_number(plain) else mask_bank_card(plain)
    if kind == "spoken":
        return _keep(text, 3, 4)
    return mask_phone(plain)
