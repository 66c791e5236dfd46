"""What may be typed or pasted where: cleaning, names, lengths, dates."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.errors import Invalid

CONTENT_LIMIT = 10_000
TITLE_LIMIT = 100
NAME_LIMIT = 50
# Two workstations' clocks may differ by this much before a time counts as lying ahead.
CLOCK_TOLERANCE = timedelta(minutes=2)

# Excel writes control characters as _x000D_ into its cells; python-calamine hands them on.
_EXCEL_CONTROL = re.compile(r"_x00(?:[01][0-9A-Fa-f]|7F)_")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_EMOJI = re.compile(
    "[\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f]"
)
_LONE_JOINER = re.compile(
    "(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])"
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Text that is safe to store, print and search; `removed` counts what was taken out."""

    text: str
    removed: int
    emoji: tuple[str, ...]


def clean(text: str) -> Cleaned:
    """Pasted text without what cannot be seen: controls, zero-width, `_x000D_`, lone surrogates.

    Line ends become `\\n`, exotic blanks plain ones. Emoji, variation selectors of rare characters and
    private-use characters stay. Cleaning twice changes nothing.
    """
    lines = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    plain = lines
    # Taking a piece out can bring two halves of another together ("_x00_x000D_0D_").
    while (shorter := _without_invisible(plain)) != plain:
        plain = shorter
    return Cleaned(plain, len(lines) - len(plain), tuple(_EMOJI.findall(plain)))


def _without_invisible(text: str) -> str:
    text = _EXCEL_CONTROL.sub("", text)
    text = _LONE_JOINER.sub("", _INVISIBLE.sub("", _BLANKS.sub(" ", text)))
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})


def has_emoji(text: str) -> bool:
    """Whether `text` has pictographs, which are kept in contents and refused in names."""
    return bool(_EMOJI.search(text))


def check_length(text: str, limit: int, what: str, field: str) -> str:
    """`text` itself if it has at most `limit` characters; raises Invalid saying how many too many.

    Nothing is cut: the form keeps every character.
    """
    over = len(text) - limit
    if over > 0:
        hint = "请删减后再提交，已输入的文字都还在"
        raise Invalid(f"{what}超出 {over} 字（现 {len(text)} 字，上限 {limit} 字）", hint, field)
    return text


def check_content(text: str, limit: int = CONTENT_LIMIT, field: str = "content") -> str:
    """Cleaned content of a work order, emoji allowed; raises Invalid when empty or too long."""
    plain = clean(text).text.strip()
    if not plain:
        raise Invalid("请填写诉求内容", field=field)
    return check_length(plain, limit, "诉求内容", field)


def check_line(text: str, what: str, limit: int = TITLE_LIMIT, field: str = "title") -> str:
    """A cleaned single line (title, address): line ends become blanks. Raises Invalid when too long."""
    plain = re.sub(r"[\n\t ]+", " ", clean(text).text).strip()
    return check_length(plain, limit, what, field)


def check_name(text: str, field: str = "name") -> str:
    """A cleaned personal name; empty is allowed (anonymous). Raises Invalid for emoji and phone numbers."""
    plain = re.sub(r"[•・‧●﹒．]", "·", check_line(text, "姓名", NAME_LIMIT, field))
    found = _EMOJI.search(plain)
    if found:
        raise Invalid(f"姓名里不能有表情符号“{found.group()}”", field=field)
    if len(re.findall(r"[0-9０-９]", plain)) >= 5:
        raise Invalid("姓名里像是一个号码", "电话号码请填在“联系电话”一栏", field)
    if plain and not any(
        unicodedata.category(c)[0] == "L" or 0xE000 <= ord(c) <= 0xF8FF for c in plain
    ):
        raise Invalid(f"“{plain}”不是姓名", "不愿留名请选“匿名”", field)
    return plain


def check_not_future(moment: datetime, now: datetime, what: str, field: str) -> datetime:
    """`moment` if it is not later than `now` (both aware); raises Invalid."""
    if moment > now + CLOCK_TOLERANCE:
        raise Invalid(f"{what}还没到，请核对", field=field)
    return moment


def check_order(start: datetime, end: datetime, what: str, field: str) -> None:
    """Raises Invalid when a period ends before it starts."""
    if end < start:
        raise Invalid(f"{what}的结束时间早于开始时间", field=field)
