"""The numbers an office gives out: ticket, lookup code, supervision document, archive (product.md 6)."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from console.domain.errors import Invalid
from console.domain.states import Channel

TICKET_LENGTH = 17
SEQUENCE_LENGTH = 6
LAST_SEQUENCE = 999_999
LOOKUP_LENGTH = 6
TRAINING_MARK = "演练"

# Damm's totally anti-symmetric quasigroup of order 10: its check digit catches every wrong digit and
# every swap of neighbours. ISO 7064 MOD 11,10 misses some swaps, which is why it was not taken.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_SUPERVISION = re.compile(r"(.{1,10}?)政热督〔(\d{4})〕(\d{1,6})号")
_RETENTION = re.compile(r"Y|D[1-9]\d?")


@dataclass(frozen=True, slots=True)
class TicketNumber:
    """A ticket number taken apart; `sequence` counts from 1 within day and channel."""

    text: str
    day: date
    channel: str
    sequence: int


def check_digit(digits: str) -> str:
    """Damm's check digit for a string of ASCII digits."""
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return str(state)


def ticket_number(day: date, channel: str, sequence: int) -> str:
    """`yyyyMMdd` + 2-digit channel + 6-digit sequence + Damm check digit, 17 digits (product.md 6).

    `day` is the day in Shanghai. Raises Invalid for a channel that is not two digits and when the
    day's 999,999 numbers are used up; a number is never wrapped round or used again.
    """
    if not re.fullmatch(r"[0-9]{2}", channel):
        raise Invalid(f"来源渠道代码应为两位数字，现为“{channel}”", field="channel")
    if sequence < 1:
        raise Invalid("工单流水号从 1 开始", field="number")
    if sequence > LAST_SEQUENCE:
        raise Invalid("当日该渠道的工单号已用完（999999 个）", "请换一个渠道代码登记", "number")
    body = f"{day:%Y%m%d}{channel}{sequence:06d}"
    return body + check_digit(body)


def numbers_ending(end: str, last: date, back: timedelta) -> list[str]:
    """Every number that ends so, of `last` and the days before it: the check digit settles which days and channels fit.

    `end`: the whole sequence with its check digit, at least.
    """
    body, check = end[-SEQUENCE_LENGTH - 1 : -1], end[-1]
    days = (f"{last - timedelta(days=n):%Y%m%d}" for n in range(back.days + 1))
    stems = (f"{day}{channel.value}{body}" for day in days for channel in Channel)
    return [
        stem + check
        for stem in stems
        if (stem + check).endswith(end) and check_digit(stem) == check
    ]


def _plain(text: str) -> str:
    return re.sub(r"[\s\-#]", "", unicodedata.normalize("NFKC", text)).removeprefix(TRAINING_MARK)


def read_ticket_number(text: str) -> TicketNumber:
    """Take apart a ticket number as typed, scanned or pasted (spaces, full width, 演练 allowed).

    Raises Invalid saying what is wrong: length, letters, date or check digit.
    """
    plain = _plain(text)
    if not re.fullmatch(r"[0-9]+", plain):
        raise Invalid("工单号只含数字", "请核对单据上的 17 位数字", "number")
    if len(plain) != TICKET_LENGTH:
        raise Invalid(f"工单号应为 17 位，现在是 {len(plain)} 位", field="number")
    try:
        day = date(int(plain[:4]), int(plain[4:6]), int(plain[6:8]))
    except ValueError:
        raise Invalid(f"工单号前八位“{plain[:8]}”不是日期，请核对", field="number") from None
    if check_digit(plain[:-1]) != plain[-1]:
        raise Invalid("工单号校验不符，可能抄错了一位或两位颠倒", "请逐位核对", "number")
    return TicketNumber(plain, day, plain[8:10], int(plain[10:16]))


def check_ticket_number(text: str) -> str:
    """The 17 plain digits of a ticket number; raises Invalid like `read_ticket_number`."""
    return read_ticket_number(text).text


def is_ticket_number(text: str) -> bool:
    """Whether `text` is a whole, well-formed ticket number."""
    try:
        read_ticket_number(text)
    except Invalid:
        return False
    return True


def show_ticket_number(number: str, training: bool = False) -> str:
    """The number in groups people can read out: `2026112201 000317 5`; training ones carry 演练."""
    shown = f"{number[:10]} {number[10:16]} {number[16:]}"
    return f"{TRAINING_MARK} {shown}" if training else shown


def lookup_code(below: Callable[[int], int]) -> str:
    """A 6-digit code with which the citizen asks after the ticket.

    It has nothing to do with the number, so it cannot be guessed from it. `below(n)` returns a random
    integer from 0 to n-1; give `secrets.randbelow` outside tests.
    """
    return f"{below(10**LOOKUP_LENGTH):0{LOOKUP_LENGTH}d}"


def check_lookup_code(text: str) -> str:
    """The six digits of a lookup code as typed; raises Invalid."""
    plain = _plain(text)
    if not re.fullmatch(r"[0-9]{6}", plain):
        raise Invalid("查询码应为 6 位数字", "查询码在受理短信或回执上", "lookup_code")
    return plain


def supervision_number(place: str, year: int, serial: int) -> str:
    """Supervision document number `永政热督〔2026〕12号` (field-facts 5.3); the year in full, no zeros.

    `place` is the government's short name (one or two characters). Raises Invalid.
    """
    number = f"{place.strip()}政热督〔{year}〕{serial}号"
    if serial < 1 or not _SUPERVISION.fullmatch(number):
        raise Invalid(
            "督办文号须有机关简称、四位年份和从 1 起的序号", "如 永政热督〔2026〕12号", "number"
        )
    return number


def read_supervision_number(text: str) -> tuple[str, int, int]:
    """Place, year and serial of a supervision number; other brackets are taken for 〔〕. Raises Invalid."""
    straight = re.sub(r"[\[(（【［﹝]", "〔", re.sub(r"\s", "", text))
    found = _SUPERVISION.fullmatch(re.sub(r"[\])）】］﹞]", "〕", straight))
    if not found:
        raise Invalid(f"“{text}”不是督办文号", "如 永政热督〔2026〕12号", "number")
    return found[1], int(found[2]), int(found[3])


def archive_number(fonds: str, year: int, retention: str, serial: int, kind: str = "RX") -> str:
    """Archive number `0012-RX·2026-D10-000317` in the manner of DA/T 22-2015.

    Fonds, kind of file, year, retention (`Y` for ever, `D10` ten years), piece. Raises Invalid.
    """
    if not re.fullmatch(r"[0-9A-Z]{1,8}", fonds):
        raise Invalid("全宗号应为 1 至 8 位数字或大写字母", field="archive_no")
    if not _RETENTION.fullmatch(retention):
        raise Invalid(
            f"保管期限“{retention}”不对", "永久写 Y，定期写 D 加年数，如 D10", "archive_no"
        )
    if not 1 <= serial <= LAST_SEQUENCE:
        raise Invalid("归档件号应在 1 至 999999 之间", field="archive_no")
    return f"{fonds}-{kind}·{year}-{retention}-{serial:06d}"
