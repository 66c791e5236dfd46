"""Striking a known person out of everything a record says (field-facts 10.2): names and numbers in free text."""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from console.domain.errors import Invalid
from console.domain.masking import mask_name, mask_phone
from console.domain.names import TITLES, characters, is_han, surname
from console.domain.phones import parse_phone

WITHHELD = "（保密）"
# What stands where a name might: striking these words would eat sentences, not people.
NO_NAMES = frozenset({"", "匿名", "保密", WITHHELD})
_GAP = r"[\s\-‐-―−.]?"
_SHORTEST_NUMBER = 5
_T = TypeVar("_T")


def rewrite(record: _T, change: Callable[[str, str], str], kept: frozenset[str]) -> _T:
    """The same record with `change(field, text)` done to every text in it but in the fields `kept`."""
    return _rewrite(record, change, kept, "")  # type: ignore[no-any-return]


def _rewrite(value: Any, change: Callable[[str, str], str], kept: frozenset[str], name: str) -> Any:
    if type(value) is str:
        return change(name, value)
    if isinstance(value, tuple):
        return tuple(_rewrite(item, change, kept, name) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [item.name for item in fields(value) if item.name not in kept]
        changed = {each: _rewrite(getattr(value, each), change, kept, each) for each in names}
        return replace(value, **changed)
    return value


class Known:
    """Who must not be recognised: names and numbers in every spelling that people type."""

    def __init__(self, names: Iterable[str], phones: Iterable[str]) -> None:
        forms = [form for name in names for form in _name_forms(name.strip())]
        forms += [form for phone in phones for form in _phone_forms(phone.strip())]
        # The longest first, so that no half of a name is left standing.
        forms = sorted(dict.fromkeys(forms), key=len, reverse=True)
        self.pattern = "|".join(forms)
        self._pattern = re.compile(self.pattern) if forms else None

    def strike(self, text: str) -> str:
        """The text with each of them replaced by （保密）."""
        return self._pattern.sub(WITHHELD, text) if self._pattern else text


def _name_forms(name: str) -> list[str]:
    """The name, with blanks between its characters; its mask; the surname with any courtesy title."""
    parts = characters(name)
    if len(parts) < 2 or name in NO_NAMES:
        return []
    forms = [r"\s*".join(map(re.escape, parts)), re.escape(mask_name(name))]
    if is_han(name):
        family = surname(name)
        forms += [re.escape(family) + title for title in TITLES if len(title) > 1]
    return forms


def _phone_forms(phone: str) -> list[str]:
    """The number with or without its area code, full width, broken by blanks and dashes; its mask."""
    try:
        read = parse_phone(phone)
    except Invalid:
        digits, local = re.sub(r"[^0-9]", "", phone), ""
    else:
        digits, local = read.digits, read.digits[len(read.area) :]
    spellings = {one for one in (digits, local) if len(one) >= _SHORTEST_NUMBER}
    masked = [re.escape(mask_phone(phone))] if "*" in mask_phone(phone) else []
    if "*" in phone:
        masked.append(re.escape(phone))
    return [_GAP.join(map(_digit, one)) for one in spellings] + masked


def _digit(plain: str) -> str:
    return f"[{plain}{chr(ord('０') + int(plain))}]"
