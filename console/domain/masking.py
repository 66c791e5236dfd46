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
        part if place < keep or not part.strip("·•・ ") else STAR
        for place, part in enumerate(parts)
    )


def mask_phone(number: str) -> str:
    """138****5678; a fixed line's last four digits hidden; short and odd numbers keep little."""
    if not number.strip():
        return ""
    try:
        phone = parse_phone(number)
    except Invalid:
        return _keep(number.strip(), 3 if len(number.strip()) > 6 else 0, 0)
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
_INSIDE = re.compile(
    r"([0-9A-Z一二三四五六七八九十甲乙丙丁]+(?:单元|室|房|户|层|楼)|[0-9]{3,4}(?![0-9号]))"
)

_CLAUSE_SIGNS = "，；：！？（）"
_CLAUSES = re.compile(f"([{_CLAUSE_SIGNS}])")


def mask_address(address: str) -> str:
    """The address down to the building; unit, floor and room become `***`. A village keeps its group."""
    plain = _half_width(address.strip())
    buildings = list(_BUILDING_END.finditer(plain))
    if buildings:
        return _cut(plain, buildings[-1].end())
    dashed = _DASHED.search(plain)
    if dashed:
        return f"{plain[: dashed.end(1)]}-***"
    number = _HOUSE_NUMBER.search(plain)
    inside = _INSIDE.search(plain, number.end() if number else 0)
    return _cut(plain, inside.start()) if inside else plain


def _half_width(address: str) -> str:
    """Digits and letters as one reads them; the signs between clauses stay as they were written."""
    return "".join(
        piece if piece in _CLAUSE_SIGNS else unicodedata.normalize("NFKC", piece)
        for piece in _CLAUSES.split(address)
    )


def _cut(plain: str, end: int) -> str:
    return plain[:end] + ("***" if plain[end:].strip("，。；, ") else "")


_GAP = r"[\s\-‐-―−.]?"
_BEFORE, _AFTER = r"(?<![0-9])", r"(?![0-9])"
_IN_TEXT = re.compile(
    rf"{_BEFORE}(?P<identity>[0-9]{{6}}[\s-]?(?:1[89]|20)[0-9]{{2}}[\s-]?(?:0[1-9]|1[0-2])"
    rf"(?:[0-2][0-9]|3[01])[\s-]?[0-9]{{3}}[0-9XxＸｘ]){_AFTER}"
    rf"|{_BEFORE}(?P<old_identity>[1-9][0-9]{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    rf"[0-9]{{3}}){_AFTER}"
    rf"|{_BEFORE}(?P<mobile>(?:\+?(?:00)?86{_GAP})?0?1[3-9][0-9](?:{_GAP}[0-9]){{8}}){_AFTER}"
    rf"|{_BEFORE}(?P<fixed>[(（]?0(?:10|2[0-9]|[3-9][0-9]{{2}})[)）]?{_GAP}"
    rf"[2-8][0-9]{{2,3}}{_GAP}[0-9]{{4}}){_AFTER}"
    rf"|{_BEFORE}(?P<card>(?:[0-9][\s-]?){{15,18}}[0-9]){_AFTER}"
    rf"|(?:电话|号码|座机|固话|联系|拨打|致电|打)[:：是为]?\s?(?P<local>[2-8][0-9]{{6,7}}){_AFTER}"
    r"|(?P<spoken>[幺一][三四五六七八九][零〇幺一二三四五六七八九]{9})"
    r"|(?P<mail>[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)


def is_masked(content: str) -> bool:
    """Whether a stored text shows that something in it was hidden when it was written (docs/decisions/012)."""
    return "**" in content


def mask_text(content: str) -> str:
    """Free text with the phones, identity numbers, bank cards and mail addresses in it masked.

    For what handling units see and for every log. Full-width digits and numbers broken by blanks or
    dashes are found too, as are mobiles written out in characters (幺三八…). Ticket numbers stay.
    """
    # Same length as `content`, so that places found in it hold for both.
    plain = re.sub(r"\d", _ascii_digit, content)
    shown, done = [], 0
    for found in _IN_TEXT.finditer(plain):
        kind = found.lastgroup or ""
        shown += [content[done : found.start(kind)], _mask_found(kind, found[kind])]
        done = found.end(kind)
    return "".join(shown) + content[done:]


def _ascii_digit(found: re.Match[str]) -> str:
    return str(unicodedata.decimal(found.group()))


def _mask_found(kind: str, text: str) -> str:
    plain = re.sub(r"[\s\-]", "", text)
    if kind in {"identity", "old_identity"}:
        return mask_identity(plain)
    if kind == "card":
        return text if is_ticket_number(plain) else mask_bank_card(plain)
    if kind == "spoken":
        return _keep(text, 3, 4)
    if kind == "mail":
        return text[0] + "***" + text[text.index("@") :]
    return mask_phone(plain)
