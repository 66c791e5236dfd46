"""How times, answers and blanks read on paper, and what a confidential case withholds."""

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from console.domain.masking import mask_text
from console.domain.records import CaseFile, LightText
from console.domain.states import Light, Urgency
from console.domain.withholding import WITHHELD, Known, rewrite

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
_LIGHT_NAMES = {
    Light.GREEN: "绿",
    Light.YELLOW: "黄",
    Light.RED: "红",
    Light.GREY: "灰",
    Light.ON_TIME: "按时",
    Light.LATE: "超时",
    Light.NONE: "",
}
# Telephone numbers (whole or masked), identity numbers, mail addresses; longer digit strings such as work order
# numbers are left alone.
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?[\d*]{4}[- ]?\d{4}(?!\d)")
_CONTACT = re.compile(
    _MOBILE.pattern + r"|(?<!\d)0\d{2,3}[- ]?[\d*]{7,8}(?!\d)"
    r"|(?<=[话机号])[：: ]{0,2}\d{7,8}(?!\d)"
    r"|(?<!\d)\d{6}[\d*]{8}\d{3}[\dXx](?!\d)"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
)


def local(at: datetime) -> datetime:
    """The instant in Beijing time."""
    return at.astimezone(SHANGHAI)


def moment(at: datetime | None, blank: str = "") -> str:
    """`2026-03-08 09:24`, as forms show times."""
    return f"{local(at):%Y-%m-%d %H:%M}" if at else blank


def long_moment(at: datetime | None, blank: str = "____年__月__日__时__分") -> str:
    """`2026年3月8日9时24分`, as letters write times."""
    if at is None:
        return blank
    here = local(at)
    return f"{here.year}年{here.month}月{here.day}日{here.hour}时{here.minute}分"


def date(at: datetime | None, blank: str = "____年__月__日") -> str:
    """`2026年3月8日` (GB/T 9704 7.3.5.4: Arabic, without leading noughts)."""
    if at is None:
        return blank
    here = local(at)
    return f"{here.year}年{here.month}月{here.day}日"


def lapse(took: timedelta | None, blank: str = "") -> str:
    """`2天3小时5分`; under a minute `不足1分`."""
    if took is None:
        return blank
    minutes = int(abs(took).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        f"{days}天" if days else "",
        f"{hours}小时" if hours else "",
        f"{rest}分" if rest else "",
    ]
    return "".join(parts) or "不足1分"


def or_blank(text: str, length: int = 8) -> str:
    """The text, or a line to write on."""
    return text.strip() or "_" * length


def blank_lines(count: int, length: int = 44) -> str:
    """Whole lines to write on."""
    return "\n".join("_" * length for _ in range(count))


def ticked(label: str, on: bool) -> str:
    """`☑是` or `□是`."""
    return f"{'☑' if on else '□'}{label}"


def choice(options: tuple[str, ...], *chosen: str, sep: str = "　") -> str:
    """Boxes in a row, the chosen ones ticked."""
    return sep.join(ticked(option, option in chosen) for option in options)


def yes_no(answer: bool | None, yes: str = "是", no: str = "否") -> str:
    return f"{ticked(yes, answer is True)}　{ticked(no, answer is False)}"


def light(shown: LightText) -> str:
    """Shape and words (`● 黄 剩2小时`), so that black-and-white print loses nothing."""
    return f"{shown.shape} {shown.words or _LIGHT_NAMES[shown.light]}".strip()


def marks(case: CaseFile) -> tuple[str, ...]:
    """What stands at the head of every page."""
    urgency = {Urgency.URGENT: "紧急", Urgency.CRITICAL: "特急"}.get(case.row.urgency)
    return (("保密",) if case.row.confidential else ()) + ((urgency,) if urgency else ())


def withhold(case: CaseFile) -> CaseFile:
    """A confidential case as paper may show it: no name, no number, not even inside free text (field-facts 10.2)."""
    scrubbed = scrub(case, contacts(case))
    result = scrubbed.result and replace(scrubbed.result, contact_number=WITHHELD)
    return replace(scrubbed, appellant=WITHHELD, phone=WITHHELD, result=result)


def contacts(case: CaseFile) -> Known:
    """The name and numbers a case shows; the word 保密 in place of a name is none."""
    contacted = case.result.contact_number if case.result else ""
    return Known((case.appellant,), (case.phone, contacted))


_T = TypeVar("_T")


def scrub(value: _T, known: Known) -> _T:
    """The same record with known contacts, and whatever looks like one, struck out of every text in it."""

    def change(name: str, text: str) -> str:
        text = known.strike(text)
        return _MOBILE.sub(WITHHELD, text) if name in _REPLIES else _strike(text)

    return rewrite(value, change, _KEPT)


# Numbers that are no citizen's; and a reply names the office to ring, so only mobiles are struck from it.
_KEPT = frozenset(
    "number grid_code sha256 path archive_no document_no task_no repeat_of merged_into copy_no contact_phone "
    "leader_phone worker_phone instructor_phone receiver_no receiver_back police_no call_no service".split()
)
_REPLIES = frozenset({"public_reply", "direct_answer"})


def _strike(text: str) -> str:
    """The domain's masks find every spelling of a number; what they leave of it goes too."""
    return _MOBILE.sub(WITHHELD, _CONTACT.sub(WITHHELD, mask_text(_CONTACT.sub(WITHHELD, text))))
