"""Phone numbers as callers give them and as switches show them, brought to one form.

Stored form: digits only; a mobile as 11 digits, a fixed line with its area code, no +86, no extension.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from console.domain.errors import Invalid

SHORTEST_TAIL = 4


class PhoneKind(StrEnum):
    MOBILE = "mobile"
    FIXED = "fixed"
    SHORT = "short"
    SERVICE = "service"
    UNKNOWN = "unknown"


PHONE_KIND_NAMES: dict[PhoneKind, str] = {
    PhoneKind.MOBILE: "手机",
    PhoneKind.FIXED: "固定电话",
    PhoneKind.SHORT: "短号",
    PhoneKind.SERVICE: "客服号码",
    PhoneKind.UNKNOWN: "境外或其他",
}

_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})"
_LOCAL = r"[2-8][0-9]{6,7}"
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_FIXED = re.compile(rf"0({_AREA})({_LOCAL})")
_SERVICE = re.compile(r"[48]00[0-9]{7}|95[0-9]{3,9}|96[0-9]{3,6}")
_EXTENSION = re.compile(r"(?:转分机|转接|转|分机|ext\.?|x|#)[:号]?(\d{1,6})(?:号)?$", re.IGNORECASE)
# 0730-8888888-8012: the last dash of a complete fixed line starts the extension.
_DASHED_EXTENSION = re.compile(r"^(.*[\d)].*\d{7,8})-(\d{1,6})$")
_SEPARATORS = re.compile(r"[\s\-‐-―−()\[\]./_·]+")
_HIDDEN = ("anonymous", "unknown", "withheld", "private", "未知", "隐藏", "匿名", "无号码")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in its stored form; `area` is the area code with its 0, fixed lines only."""

    digits: str
    kind: PhoneKind
    area: str = ""
    extension: str = ""

    @property
    def tail(self) -> str:
        """The last four digits."""
        return self.digits[-SHORTEST_TAIL:]

    @property
    def reversed_digits(self) -> str:
        """What to store for searching by trailing digits."""
        return self.digits[::-1]

    def __str__(self) -> str:
        """As people write it: `138 1234 5678`, `0730-8888888 转 8012`."""
        shown = self.digits
        if self.kind is PhoneKind.MOBILE:
            shown = f"{shown[:3]} {shown[3:7]} {shown[7:]}"
        elif self.area:
            shown = f"{self.area}-{shown[len(self.area) :]}"
        return f"{shown} 转 {self.extension}" if self.extension else shown


def reversed_tail(typed: str) -> str:
    """The reverse of typed trailing digits: a prefix to look for among `Phone.reversed_digits`."""
    return re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", typed))[::-1]


def parse_phone(text: str, area: str = "", field: str = "phone") -> Phone:
    """A phone in any of the forms +86, 0086, 0138…, spaces, dashes, brackets, full width, 转分机.

    `area` is this city's area code (with its 0), put before a local number. Raises Invalid with one
    precise sentence. Caller ids that are withheld are refused as such.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if any(word in plain.lower() for word in _HIDDEN):
        raise Invalid("来电号码未显示", "请问来电人联系电话", field)
    plain, extension = _take_extension(plain)
    digits = _SEPARATORS.sub("", plain)
    abroad = digits.startswith("+")
    digits = digits.removeprefix("+")
    _check_characters(digits, field)
    found = _read("00" + digits if abroad else digits, area, extension)
    if found is None:
        raise Invalid(*_fault(digits, area), field)
    return found


def is_phone(text: str, area: str = "") -> bool:
    """Whether `text` is a complete phone number."""
    try:
        parse_phone(text, area)
    except Invalid:
        return False
    return True


def _take_extension(plain: str) -> tuple[str, str]:
    compact = re.sub(r"\s+", "", plain)
    said = _EXTENSION.search(compact)
    if said and said.start() > 0:
        return compact[: said.start()].rstrip("-,"), said[1]
    dashed = None if _is_mobile(compact) else _DASHED_EXTENSION.match(compact)
    return (dashed[1], dashed[2]) if dashed else (plain, "")


def _is_mobile(compact: str) -> bool:
    """+86 138 0000-0008 is one number: its dash starts no extension."""
    digits = _SEPARATORS.sub("", compact).removeprefix("+")
    return bool(_MOBILE.fullmatch(re.sub(r"^(?:00)?86(?=0?1)", "", digits).removeprefix("0")))


def _check_characters(digits: str, field: str) -> None:
    if not digits:
        raise Invalid("请填写电话号码", field=field)
    wrong = re.search(r"[^0-9]+", digits)
    if not wrong:
        return
    if wrong.group().isascii() and wrong.group().isalpha():
        raise Invalid(f"电话号码里有字母“{wrong.group()}”，请只填数字", field=field)
    raise Invalid(f"电话号码里有“{wrong.group()}”，请只填数字", field=field)


def _read(digits: str, area: str, extension: str) -> Phone | None:
    home = re.sub(r"^(?:0086|86(?=1[3-9][0-9]{9}$|0?[1-9][0-9]{9,10}$))", "", digits)
    # People and old switches put a long-distance 0 before mobiles, and +86 swallows an area code's 0.
    mobile = home.removeprefix("0")
    if _MOBILE.fullmatch(mobile):
        return Phone(mobile, PhoneKind.MOBILE, extension=extension)
    if home != digits and not home.startswith("0"):
        home = "0" + home
    fixed = _FIXED.fullmatch(home)
    if fixed and _plausible_local(fixed[2], fixed[1]):
        return Phone(home, PhoneKind.FIXED, "0" + fixed[1], extension)
    return _read_other(digits, area, extension)


def _plausible_local(local: str, area: str) -> bool:
    # 010 and 02x cities have eight digits everywhere (MIIT numbering plan); elsewhere seven or eight.
    return len(local) == 8 or len(area) == 3


def _read_other(digits: str, area: str, extension: str) -> Phone | None:
    if _SERVICE.fullmatch(digits):
        return Phone(digits, PhoneKind.SERVICE, extension=extension)
    if re.fullmatch(_LOCAL, digits):
        return Phone(area + digits, PhoneKind.FIXED, area, extension)
    if re.fullmatch(r"[1-9][0-9]{2,5}", digits):
        return Phone(digits, PhoneKind.SHORT, extension=extension)
    if re.fullmatch(r"00[1-9][0-9]{6,14}", digits) and not digits.startswith("0086"):
        return Phone(digits, PhoneKind.UNKNOWN, extension=extension)
    return None


def _fault(digits: str, area: str) -> tuple[str, str]:
    """What is wrong with digits that are no phone, and what to do."""
    ask = "请与来电人核对后重填"
    bare = re.sub(r"^(?:0086(?=.)|86(?=1))", "", digits)
    length = len(bare)
    if re.match(r"1[3-9]", bare) and 9 <= length <= 13:
        step = f"少 {11 - length} 位" if length < 11 else f"多 {length - 11} 位"
        return f"手机号应为 11 位，现在是 {length} 位，{step}", ask
    if length == 11 and bare[0] == "1":
        return f"手机号第二位应为 3 至 9，现为 {bare[1]}", ask
    if bare[0] == "0" and not bare.startswith("00"):
        return _fixed_fault(bare), ask
    if length in {7, 8}:
        return f"本地固定电话不会以 {bare[0]} 开头", "手机号请填满 11 位，固定电话请核对首位"
    if length < 3:
        return f"电话号码只有 {length} 位", ask
    return f"有 {length} 位数字，手机号应为 11 位，固定电话连区号为 10 至 12 位", ask


def _fixed_fault(bare: str) -> str:
    code = re.match(rf"0{_AREA}", bare)
    if not code:
        return f"没有“{bare[:3]}”这个区号"
    local = bare[len(code.group()) :]
    wanted = "8 位" if len(code.group()) == 3 else "7 或 8 位"
    if local[:1] in {"0", "1", "9"} and len(local) in {7, 8}:
        return f"区号 {code.group()} 后的号码不会以 {local[0]} 开头"
    return f"区号 {code.group()} 后应有 {wanted}号码，现在是 {len(local)} 位"
