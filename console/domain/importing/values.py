"""A cell of a spreadsheet as a value of the register; raises Invalid with what is wrong and what to do."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from console.domain.errors import Invalid
from console.domain.highways import Stake, read_stake
from console.domain.identity import read_credit_code, read_identity_number
from console.domain.importing.fields import AS_TEXT, Field, Reads
from console.domain.importing.records import Cell
from console.domain.phones import parse_phone
from console.domain.wording import check_length, check_line, check_name, clean
from console.domain.worktime import CIVIL

# Excel keeps 15 digits of a number; the rest it makes zeros.
_SAFE = 10**15
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{1,2}")
# What an Excel formula leaves when it fails, as calamine hands it on.
_ERRORS = frozenset("#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM! #SPILL! #CALC!".split())
_NOTHING = frozenset("/ - — —— -- 无 暂无 NULL null None N/A n/a \\N".split())
_YES = frozenset("是 有 对 √ ✓ y yes true 1 低保 真".split())
_NO = frozenset("否 无 不是 没有 × x n no false 0 假".split())
_DAY = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
    r"(?:[\sT]*([0-9]{1,2})\s*[:时]\s*([0-9]{1,2})(?:\s*[:分]\s*([0-9]{1,2})(?:\.[0-9]+)?)?\s*[秒分]?)?Z?"
)
_DAYS_FIRST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}")
_EXCEL_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
# Days of 1927 to 2119 as Excel counts them; 20260103 is no such day.
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_500
_SEPARATORS = re.compile(r"[、,，;；\n|]+")


def text_of(cell: Cell) -> str:
    """A cell as a person reads it: 3.0 is 3, a date is 2026-01-03; cleaned and without blanks at its ends."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip() if cell.isalnum() else clean(cell).text.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _SAFE else repr(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, list):
        return "；".join(map(str, cell))
    if isinstance(cell, dict):
        return json.dumps(cell, ensure_ascii=False)
    return str(cell)


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not text_of(cell))


def read_cell(field: Field, cell: Cell, today: date) -> Any:
    """The value of a cell; None when it is empty. Raises Invalid beside the field."""
    plain = text_of(cell)
    if plain in _ERRORS:
        raise Invalid(f"公式出错（{plain}）", "请在原表里改成数值", field.name)
    if not plain or (plain in _NOTHING and field.reads not in (Reads.YES, Reads.TEXT)):
        return None
    if field.reads in AS_TEXT:
        # Typed before a number so that a spreadsheet leaves it alone.
        plain = _whole_number(cell, plain.lstrip("'’‘`"), field)
        if not plain:
            return None
    try:
        value = _READERS[field.reads](field, plain, cell, today)
    except Invalid as fault:
        # Nobody is on the line while a list or a form is read.
        raise Invalid(fault.text, fault.hint.replace("来电人", "本人"), fault.field) from None
    return None if value == "" else value


def _whole_number(cell: Cell, plain: str, field: Field) -> str:
    """Codes and numbers as they were typed; what Excel made a float of has lost its last digits."""
    lost = isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _SAFE
    if lost or _SCIENTIFIC.fullmatch(plain):
        raise Invalid("Excel 已把它变成科学计数，末位已丢失", "请把该列设为文本后重填", field.name)
    return plain


def _line(field: Field, plain: str, _cell: Cell, _today: date) -> str:
    return check_line(plain, field.title, field.longest, field.name)


def _text(field: Field, plain: str, _cell: Cell, _today: date) -> str:
    return check_length(plain, field.longest, field.title, field.name)


@lru_cache(maxsize=20_000)
def _checked_name(plain: str, name: str) -> str:
    return check_name(plain, name)


def _name(field: Field, plain: str, _cell: Cell, _today: date) -> str:
    return check_length(_checked_name(plain, field.name), field.longest, field.title, field.name)


def _code(field: Field, plain: str, _cell: Cell, _today: date) -> str:
    code = re.sub(r"\s", "", unicodedata.normalize("NFKC", plain))
    return check_length(code, field.longest, field.title, field.name)


def _identity(field: Field, plain: str, _cell: Cell, today: date) -> str:
    """Eighteen digits are checked as such; anything with letters is a foreigner's document, judged with the row."""
    code = _code(field, plain, None, today).upper()
    if re.fullmatch(r"[A-Z]{1,3}[A-Z0-9]{4,14}", code) or re.fullmatch(r"[HMhm][0-9]{8,10}", code):
        return code
    return read_identity_number(code, today, field.name).text


def _credit(field: Field, plain: str, _cell: Cell, _today: date) -> str:
    return read_credit_code(plain, field.name)


def _phone(field: Field, plain: str, _cell: Cell, _today: date) -> str:
    # The first of several: 13800000000/0730-8888888.
    first = re.split(r"[/／、,，;；]|\s{2,}", plain)[0]
    return parse_phone(first, field=field.name).digits


def _moment_of(plain: str, cell: Cell, field: Field) -> datetime:
    """A day with or without a time, zoneless as the file has it."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    number = _as_number(cell, plain)
    if number is not None and _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return _EXCEL_ORIGIN + timedelta(days=number)
    normal = unicodedata.normalize("NFKC", plain)
    if re.fullmatch(r"[0-9]{8}", normal):
        normal = f"{normal[:4]}-{normal[4:6]}-{normal[6:]}"
    if re.fullmatch(r"[0-9]{14}", normal):
        normal = (
            f"{normal[:4]}-{normal[4:6]}-{normal[6:8]} {normal[8:10]}:{normal[10:12]}:{normal[12:]}"
        )
    found = _DAY.fullmatch(normal)
    if found is None:
        raise Invalid(*_no_day(normal), field.name)
    try:
        return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type] # noqa: DTZ001
    except ValueError:
        raise Invalid(f"没有“{plain}”这一天", "请核对", field.name) from None


def _as_number(cell: Cell, plain: str) -> float | None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    return float(plain) if re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", plain) else None


def _no_day(plain: str) -> tuple[str, str]:
    if _DAYS_FIRST.fullmatch(plain):
        return f"“{plain}”分不清年月日", "请写成 2026-1-3"
    return f"“{plain[:20]}”不是日期", "请写成 2026-1-3 或 2026年1月3日"


def _day(field: Field, plain: str, cell: Cell, today: date) -> date:
    day = _moment_of(plain, cell, field).date()
    if day.year < 1880 or day.year > today.year + 100:
        raise Invalid(f"年份“{day.year}”不对", "请核对", field.name)
    return day


def _moment(field: Field, plain: str, cell: Cell, _today: date) -> datetime:
    return _moment_of(plain, cell, field).replace(tzinfo=CIVIL).astimezone(UTC)


def _number(plain: str, field: Field) -> float:
    normal = unicodedata.normalize("NFKC", plain).replace(",", "")
    found = re.fullmatch(
        r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*(?:号|层|楼|户|人|套|间|张|单元|平方米|㎡|m2)?", normal
    )
    if found is None:
        raise Invalid(f"“{plain[:20]}”不是数字", "请只填数字", field.name)
    return float(found[1])


def _whole(field: Field, plain: str, cell: Cell, _today: date) -> int:
    value = float(cell) if isinstance(cell, int | float) else _number(plain, field)
    if not value.is_integer() or not -10 <= value <= 2**31 - 1:
        raise Invalid(f"“{plain[:20]}”应为整数", field=field.name)
    return int(value)


def _door(field: Field, plain: str, cell: Cell, today: date) -> int:
    """A door number, or a stake as K1520+300, which is metres."""
    stake = read_stake(plain) if isinstance(cell, str) else None
    return Stake(stake) if stake is not None else _whole(field, plain, cell, today)


def _decimal(field: Field, plain: str, cell: Cell, _today: date) -> float:
    return float(cell) if isinstance(cell, int | float) else _number(plain, field)


def _yes(field: Field, plain: str, _cell: Cell, _today: date) -> bool:
    word = plain.lower()
    if word in _YES:
        return True
    if word in _NO or word in _NOTHING:
        return False
    raise Invalid(f"“{plain[:20]}”应填“是”或“否”", field=field.name)


def _choice(field: Field, plain: str, _cell: Cell, _today: date) -> Any:
    for word in (plain, plain.lower(), re.sub(r"\s", "", plain)):
        if word in field.choices:
            return field.choices[word]
    known = "、".join(dict.fromkeys(word for word in field.choices if not word.isascii()))
    raise Invalid(f"{field.title}没有“{plain[:20]}”", f"可填：{known}", field.name)


def _list(field: Field, plain: str, cell: Cell, _today: date) -> tuple[str, ...]:
    parts = cell if isinstance(cell, list) else _SEPARATORS.split(plain)
    check_length(plain, field.longest, field.title, field.name)
    return tuple(filter(None, (str(part).strip() for part in parts)))


def _shape(field: Field, plain: str, cell: Cell, _today: date) -> dict[str, Any]:
    if isinstance(cell, dict):
        return cell
    try:
        shape = json.loads(plain)
    except ValueError:
        raise Invalid("边界不是 GeoJSON", "请导入 GeoJSON 文件", field.name) from None
    if not isinstance(shape, dict):
        raise Invalid("边界不是 GeoJSON", "请导入 GeoJSON 文件", field.name)
    return shape


_READERS: dict[Reads, Callable[[Field, str, Cell, date], Any]] = {
    Reads.LINE: _line, Reads.TEXT: _text, Reads.NAME: _name, Reads.CODE: _code, Reads.DIVISION: _code,
    Reads.IDENTITY: _identity, Reads.CREDIT: _credit, Reads.PHONE: _phone, Reads.DAY: _day,
    Reads.MOMENT: _moment, Reads.WHOLE: _whole, Reads.DOOR: _door, Reads.DECIMAL: _decimal, Reads.YES: _yes,
    Reads.CHOICE: _choice, Reads.LIST: _list, Reads.SHAPE: _shape,
}  # fmt: skip
