"""When it happened, as people say it: 昨天下午3点, 今天 08:30 起, 11月2日, 3天前."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

from console.domain.chinese_numbers import NUMERAL, chinese_number, with_digits
from console.domain.errors import Invalid
from console.domain.wording import CLOCK_TOLERANCE

# China has had one zone without daylight saving since 1992, so no tz database is needed.
SHANGHAI = timezone(timedelta(hours=8))
HINT = "可以这样写：昨天下午3点、今天 08:30、11月2日、3天前"

_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "本": 0, "明": 1, "后": 2}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_WEEKDAYS |= {str(number): number - 1 for number in range(1, 8)}
_UNITS = {
    "分钟": timedelta(minutes=1),
    "刻钟": timedelta(minutes=15),
    "小时": timedelta(hours=1),
    "钟头": timedelta(hours=1),
    "天": timedelta(days=1),
    "日": timedelta(days=1),
    "周": timedelta(weeks=1),
    "星期": timedelta(weeks=1),
    "礼拜": timedelta(weeks=1),
}
_TAIL = re.compile(r"(?:开始|左右|前后|时候|许|起|以来|至今|到现在|发生|的)+$")
_AGO = re.compile(rf"(半|[0-9]+)个?(半)?({'|'.join(_UNITS)}|月|年)(半)?(?:之前|以前|前)")
_DATE = re.compile(
    r"(?:([0-9]{4}|[0-9]{2}|今|去|前)[年/.-])?([0-9]{1,2})[月/.-]([0-9]{1,2})[日号]?"
)
_DAY_ONLY = re.compile(r"(本月|这个月|上个?月)?([0-9]{1,2})[日号]")
_RELATIVE = re.compile(
    r"(大前|前|昨|今|当|明|后)[天日]?(?=早|晚|上午|下午|中午|凌晨|傍晚|半夜|[0-9]|$|天|日)[天日]?"
)
_WEEK = re.compile(r"(上上|上|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天1-7])")
_CLOCK = re.compile(
    r"(凌晨|清晨|早上|早晨|早|上午|中午|午后|下午|傍晚|晚上|晚间|晚|夜里|夜间|深夜|半夜)?的?"
    r"(?:([0-9]{1,2})(?::([0-9]{2})(?::[0-9]{2})?|[点时](?:([0-9]{1,2})分?|(半)|([13])刻|整|钟)?))?"
)
_PARTS_OF_DAY = {
    "凌晨": 2,
    "清晨": 6,
    "早": 8,
    "上午": 9,
    "中午": 12,
    "午后": 14,
    "下午": 15,
    "傍晚": 18,
}
_AFTERNOON = ("下午", "午后", "傍晚", "晚")


def parse_occurred(text: str, now: datetime, field: str = "occurred") -> datetime:
    """The moment a caller means, in UTC, read relative to `now` (aware); a day alone means its 00:00.

    An hour without 上午/下午 is taken as on a 24-hour clock. Raises Invalid when it cannot be
    understood, does not exist or has not come yet.
    """
    local = now.astimezone(SHANGHAI)
    plain = _plain(text)
    if not plain:
        raise Invalid("请填写发生时间", HINT, field)
    try:
        moment = _moment(plain, local)
    except (ValueError, OverflowError):
        raise Invalid(f"“{text.strip()}”不是存在的日期或时刻", HINT, field) from None
    if moment is None:
        raise Invalid(f"看不懂“{text.strip()}”是什么时候", HINT, field)
    if moment > local + CLOCK_TOLERANCE:
        shown = f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"
        far = moment - local > timedelta(days=1)
        hint = "若是去年的事，请写上年份" if far else "请核对上午还是下午"
        raise Invalid(f"发生时间 {shown} 还没到，请核对", hint, field)
    return moment.astimezone(UTC)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    # "11/2 3点": a blank between digits parts day and clock, every other blank means nothing.
    plain = re.sub(r"(?<=[0-9])[\sT]+(?=[0-9])", "日", plain)
    plain = re.sub(r"^([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])", r"\1-\2-\3", plain)
    plain = _TAIL.sub("", re.sub(r"[\s,，、。]", "", plain))
    plain = with_digits(plain, r"个?半?(?:年|月|日|号|点|时|分|刻|天|周|小时|钟头|星期|礼拜)")
    return re.sub(f"(?<=[点时]){NUMERAL}", _digits, plain)


def _digits(found: re.Match[str]) -> str:
    return str(chinese_number(found.group()))


def _moment(plain: str, local: datetime) -> datetime | None:
    if plain in {"刚才", "刚刚", "现在", "刚", "方才", "目前", "此刻"}:
        return local
    ago = _AGO.fullmatch(plain)
    if ago:
        return _ago(ago, local)
    day, rest = _day(plain, local)
    return None if day is None else _clock(day, rest)


def _ago(found: re.Match[str], local: datetime) -> datetime:
    count = 0.5 if found[1] == "半" else int(found[1]) + (0.5 if found[2] or found[4] else 0)
    if found[3] in {"月", "年"}:
        return _midnight(local - timedelta(days=round(count * (30 if found[3] == "月" else 365))))
    moment = local - _UNITS[found[3]] * count
    return moment if _UNITS[found[3]] < timedelta(days=1) else _midnight(moment)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _day(plain: str, local: datetime) -> tuple[datetime | None, str]:
    """The day said, at 00:00, and what is left of the text; without a day, today if a clock follows."""
    today = _midnight(local)
    for pattern, meaning in ((_DATE, _calendar_day), (_WEEK, _weekday), (_RELATIVE, _near_day)):
        found = pattern.match(plain)
        if found:
            return meaning(found, today), plain[found.end() :]
    found = _DAY_ONLY.match(plain)
    if found:
        return _day_of_month(found, today), plain[found.end() :]
    ago = _AGO.match(plain)
    if ago and _UNITS.get(ago[3], timedelta(days=1)) >= timedelta(days=1):
        return _midnight(_ago(ago, local)), plain[ago.end() :]
    return (today if _CLOCK.match(plain) else None), plain


def _calendar_day(found: re.Match[str], today: datetime) -> datetime:
    said, month, day = found[1], int(found[2]), int(found[3])
    if said is None:
        return _latest(today, month, day)
    past = {"今": 0, "去": 1, "前": 2}
    year = today.year - past[said] if said in past else int(said) + (2000 if len(said) == 2 else 0)
    return today.replace(year=year, month=month, day=day)


def _latest(today: datetime, month: int, day: int) -> datetime:
    """Without a year: this year's day, or last year's when this year's is more than a month ahead."""
    try:
        this_year = today.replace(month=month, day=day)
    except ValueError:
        return today.replace(year=today.year - 1, month=month, day=day)
    ahead = this_year - today > timedelta(days=31)
    return this_year.replace(year=today.year - 1) if ahead else this_year


def _weekday(found: re.Match[str], today: datetime) -> datetime:
    weeks = {"上上": 2, "上": 1, "本": 0, "这": 0}.get(found[1] or "本", 0)
    day = (
        today - timedelta(days=today.weekday()) + timedelta(days=_WEEKDAYS[found[2]], weeks=-weeks)
    )
    return day - timedelta(weeks=1) if found[1] is None and day > today else day


def _near_day(found: re.Match[str], today: datetime) -> datetime:
    return today + timedelta(days=_DAYS[found[1]])


def _day_of_month(found: re.Match[str], today: datetime) -> datetime:
    last_month = (found[1] or "").startswith("上")
    first = today.replace(day=1)
    if last_month:
        first = (first - timedelta(days=1)).replace(day=1)
    return first.replace(day=int(found[2]))


def _clock(day: datetime, rest: str) -> datetime | None:
    found = _CLOCK.fullmatch(rest)
    if not found:
        return None
    part, hour_text = found[1] or "", found[2]
    if hour_text is None:
        return day.replace(hour=_usual_hour(part)) if part else day
    minute = int(found[3] or found[4] or (30 if found[5] else 0) or int(found[6] or 0) * 15)
    hour, next_day = _hour(part, int(hour_text))
    return day.replace(hour=hour, minute=minute) + timedelta(days=next_day)


def _usual_hour(part: str) -> int:
    known = [hour for name, hour in _PARTS_OF_DAY.items() if part.startswith(name)]
    return known[0] if known else 20


def _hour(part: str, hour: int) -> tuple[int, int]:
    """The hour on a 24-hour clock and how many days later it is (晚上12点 and 晚上1点 are tomorrow's)."""
    if part.startswith("中午"):
        return (hour + 12 if hour < 4 else hour), 0
    if part.startswith("晚") and (hour < 5 or hour in {12, 24}):
        return hour % 12, 1
    if part.startswith(_AFTERNOON) and hour < 12:
        return hour + 12, 0
    if part in {"夜里", "夜间", "深夜", "半夜"}:
        return (hour + 12 if 7 <= hour < 12 else hour % 12 if hour < 13 else hour), 0
    if part == "凌晨" and hour == 12:
        return 0, 0
    return (0, 1) if hour == 24 else (hour, 0)
