"""Identity numbers of people (GB 11643) and of enterprises (GB 32100)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from console.domain.errors import Invalid

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 "
    "61 62 63 64 65 71 81 82 83 91".split()
)


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


SEX_NAMES: dict[Sex, str] = {Sex.MALE: "男", Sex.FEMALE: "女"}


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A valid 18-character identity number and what it says about its owner."""

    text: str
    born: date
    sex: Sex

    @property
    def division(self) -> str:
        """The six-digit division where it was first issued."""
        return self.text[:6]

    @property
    def invented(self) -> bool:
        """Whether the division is impossible, as for the people of the training room (field-facts 10.11)."""
        return self.text[:2] not in _PROVINCES

    def age(self, today: date) -> int:
        """Full years on `today`."""
        birthday_ahead = (today.month, today.day) < (self.born.month, self.born.day)
        return today.year - self.born.year - birthday_ahead


def _plain(text: str) -> str:
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def identity_check(first_17: str) -> str:
    """The last character that belongs to 17 digits (GB 11643-1999)."""
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_17, strict=True))
    return _CHECKS[weighed % 11]


def _check_shape(plain: str, field: str) -> None:
    if not plain:
        raise Invalid("请填写身份证号", field=field)
    if re.fullmatch(r"[0-9]{15}", plain):
        raise Invalid("这是 15 位旧身份证号，已停用", "请问来电人 18 位的新号码", field)
    if len(plain) != 18:
        raise Invalid(f"身份证号应为 18 位，现在是 {len(plain)} 位", field=field)
    wrong = re.search(r"[^0-9]", plain[:17])
    if wrong:
        raise Invalid(
            f"身份证号第 {wrong.start() + 1} 位是“{wrong.group()}”，前 17 位应为数字", field=field
        )
    if not re.fullmatch(r"[0-9X]", plain[17]):
        raise Invalid(f"身份证号最后一位应为数字或 X，现为“{plain[17]}”", field=field)


def _birth_date(plain: str, today: date, field: str) -> date:
    try:
        born = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        raise Invalid(f"身份证号里的出生日期“{plain[6:14]}”不存在，请核对", field=field) from None
    if born > today:
        raise Invalid(f"身份证号里的出生日期“{plain[6:14]}”还没到，请核对", field=field)
    if born.year < 1880:
        raise Invalid(f"身份证号里的出生年份“{born.year}”太早，请核对", field=field)
    return born


def read_identity_number(text: str, today: date, field: str = "identity_no") -> IdentityNumber:
    """An identity number as typed (spaces, full width and small x allowed), checked per GB 11643.

    Raises Invalid with the one thing that is wrong; the sentence never repeats the whole number.
    """
    plain = _plain(text)
    _check_shape(plain, field)
    born = _birth_date(plain, today, field)
    right = identity_check(plain[:17])
    if plain[17] != right:
        raise Invalid(f"身份证号最后一位校验码应为 {right}，请核对", field=field)
    return IdentityNumber(plain, born, Sex.MALE if int(plain[16]) % 2 else Sex.FEMALE)


def credit_code_check(first_17: str) -> str:
    """The last character of a unified social credit code (GB 32100-2015)."""
    weighed = sum(_USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first_17))
    return _USCC_ALPHABET[(31 - weighed % 31) % 31]


def read_credit_code(text: str, field: str = "credit_code") -> str:
    """An enterprise's unified social credit code (统一社会信用代码), 18 characters. Raises Invalid."""
    plain = _plain(text)
    if len(plain) != 18:
        raise Invalid(f"统一社会信用代码应为 18 位，现在是 {len(plain)} 位", field=field)
    for place, character in enumerate(plain, 1):
        if character not in _USCC_ALPHABET:
            hint = "代码里没有字母 I、O、S、V、Z，请看是否为 1、0、5、2"
            raise Invalid(f"统一社会信用代码第 {place} 位“{character}”不可用", hint, field)
    right = credit_code_check(plain[:17])
    if plain[17] != right:
        raise Invalid(f"统一社会信用代码最后一位校验码应为 {right}，请核对", field=field)
    return plain
