"""By when, as people promise it: 今天下午五点前, 两小时内, 明天上午, 下周三, 3个工作日内 (peers 6.10).

The other direction of `spoken_time`: what is promised lies ahead, so 5点 said at noon means 17:00.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from console.domain.chinese_numbers import with_digits
from console.domain.errors import Invalid
from console.domain.spoken_time import SHANGHAI
from console.domain.worktime import WorkCalendar, china_days

HINT = "可以这样写：今天下午五点前、两小时内、明天上午、下周三"
# A day without an hour is meant until offices close; said after that, until midnight.
CLOSES = (17, 30)
FARTHEST = timedelta(days=366)

_UNITS = r"个?半?(?:工作日|小时|分钟|刻钟|钟头|星期|礼拜|点|时|分|刻|天|日|号|周|月|年)"
_WEEKDAY = {**dict(zip("一二三四五六日", range(7), strict=True)), "天": 6, "末": 6}
_MINUTES = {"分钟": 1, "刻钟": 15, "小时": 60, "钟头": 60}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_NEAR = {"大后": 3, "后": 2, "明": 1, "今": 0, "当": 0}
# The end of each part of the day: what is promised for the morning is due when the morning is over.
_PART_ENDS = {
    "凌晨": (6, 0), "清晨": (8, 0), "早": (9, 0), "上午": (12, 0), "中午": (14, 0), "午后": (17, 30),
    "下午": (17, 30), "下班": CLOSES, "傍晚": (19, 0), "晚": (21, 0),
}  # fmt: skip

_DURATION = (
    r"(?P<n>半|[0-9]+)个?(?P<half>半)?(?P<unit>工作日|分钟|刻钟|小时|钟头|天|日|周|星期|礼拜|月)(?P<more>半)?"
    r"(?:之内|以内|内|之后|以后|后|过后)"
)
_DAY = (
    r"(?:(?P<near>大后|后|明|今|当)[天日]|(?P<soon>今|明)(?=早|晚|上午|中午|下午)"
    r"|(?P<week>下下个?|下个?|本|这个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])"
    r"|(?:(?P<year>[0-9]{4})[年/])?(?P<month>1[0-2]|0?[1-9])[月/](?P<day>3[01]|[12][0-9]|0?[1-9])[日号]?"
    r"|(?P<months>下个?月|本月|这个月)?(?P<only>3[01]|[12][0-9]|0?[1-9])[日号](?![楼栋幢门院房线])"
    r"|(?P<end>本周内|这周内|月底|月末))"
)
_PART = r"(?P<part>凌晨|清晨|早上|早晨|早|上午|中午|午后|下午|下班|傍晚|晚上|晚间|晚)"
_CLOCK = (
    r"(?P<hour>2[0-4]|1[0-9]|0?[0-9])(?::(?P<colon>[0-5][0-9])"
    r"|[点时](?:(?P<minute>[0-5]?[0-9])分?|(?P<halfpast>半)|(?P<quarter>[13])刻|整|钟)?)"
)
_TAIL = r"\s*(?:之前|以前|前|之内|以内|内|左右)?"
_WHENS = tuple(
    re.compile(pattern + _TAIL)
    for pattern in (
        _DURATION,
        rf"{_DAY}\s*{_PART}?的?\s*(?:{_CLOCK})?",
        rf"{_PART}的?\s*{_CLOCK}",
        r"(?P<part>上午|中午|下午|下班|傍晚|晚上)",
        _CLOCK,
    )
)


def parse_due(
    text: str, now: datetime, field: str = "due", calendar: WorkCalendar | None = None
) -> datetime:
    """The moment promised, in UTC. Raises Invalid when none is said or it is over."""
    due, _rest = take_due(text, now, field, calendar)
    return due


def take_due(
    sentence: str, now: datetime, field: str = "due", calendar: WorkCalendar | None = None
) -> tuple[datetime, str]:
    """The moment said in a sentence, in UTC, and the sentence without it: 今天下午五点前回电 → 17:00, 回电."""
    plain = _plain(sentence)
    found = _earliest(plain)
    if found is None:
        raise Invalid("没看出答应在什么时候前做到", HINT, field)
    # 昨天下午五点 is no five o'clock to come.
    over = re.search(r"(昨天|昨日|昨晚|昨|前天|前日)\s*$", plain[: found.start()])
    if over is not None:
        raise Invalid(f"“{over[1]}{found[0].strip()}”已经过了", "请写以后的时间", field)
    try:
        moment = _moment(found, now.astimezone(SHANGHAI), calendar)
    except (ValueError, OverflowError):
        raise Invalid(f"“{found[0].strip()}”不是存在的日期或时刻", HINT, field) from None
    if moment <= now:
        raise Invalid(f"“{found[0].strip()}”已经过了", "请写以后的时间", field)
    if moment - now > FARTHEST:
        raise Invalid(f"“{found[0].strip()}”在一年以后", "请核对日期", field)
    rest = plain[: found.start()] + plain[found.end() :]
    return moment.astimezone(UTC), re.sub(r"^[\s,，、。；;]+|[\s,，、。；;]+$", "", rest)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip()
    # "周一两点": the day of the week must not run into the hour.
    plain = re.sub(
        r"((?:周|星期|礼拜)[一二三四五六日天末])(?=[零一二两三四五六七八九十0-9])", r"\1 ", plain
    )
    return with_digits(re.sub(r"(?<=[点时])(十|[二三四五]十)(?=分)", _tens, plain), _UNITS)


def _tens(found: re.Match[str]) -> str:
    return {"十": "10", "二十": "20", "三十": "30", "四十": "40", "五十": "50"}[found.group()]


def _earliest(plain: str) -> re.Match[str] | None:
    hits = [hit for pattern in _WHENS if (hit := pattern.search(plain))]
    return min(hits, key=lambda hit: (hit.start(), -hit.end()), default=None)


def _moment(found: re.Match[str], local: datetime, calendar: WorkCalendar | None) -> datetime:
    said = found.groupdict()
    if said.get("unit"):
        return _after(said, local, calendar)
    day = _day(said, local)
    if said.get("hour") is None:
        return _day_end(said.get("part"), day, local)
    return _at_clock(said, day, local)


def _after(said: dict[str, str | None], local: datetime, calendar: WorkCalendar | None) -> datetime:
    unit = str(said["unit"])
    count = (
        0.5
        if said["n"] == "半"
        else int(str(said["n"])) + (0.5 if said["half"] or said["more"] else 0)
    )
    if unit in _MINUTES:
        return local + timedelta(minutes=count * _MINUTES[unit])
    if unit == "工作日":
        return (calendar or WorkCalendar(china_days())).add_workdays(local, max(1, round(count)))
    return _closing(local + timedelta(days=max(1, round(count * _DAYS[unit]))))


def _closing(moment: datetime) -> datetime:
    return moment.replace(hour=CLOSES[0], minute=CLOSES[1], second=0, microsecond=0)


def _day(said: dict[str, str | None], local: datetime) -> datetime:
    today = local.replace(hour=0, minute=0, second=0, microsecond=0)
    near = said.get("near") or said.get("soon")
    if near:
        return today + timedelta(days=_NEAR[near])
    if said.get("weekday"):
        return _weekday(said, today)
    if said.get("month"):
        return _date(said, today)
    if said.get("only"):
        return _day_of_month(said, today)
    return _end(said["end"], today) if said.get("end") else today


def _weekday(said: dict[str, str | None], today: datetime) -> datetime:
    week = (said["week"] or "").rstrip("个")
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(
        days=_WEEKDAY[str(said["weekday"])], weeks={"下": 1, "下下": 2}.get(week, 0)
    )
    return day + timedelta(weeks=1) if not week and day < today else day


def _date(said: dict[str, str | None], today: datetime) -> datetime:
    month, day = int(str(said["month"])), int(str(said["day"]))
    if said["year"]:
        return today.replace(year=int(said["year"]), month=month, day=day)
    this_year = today.replace(month=month, day=day)
    # In December 1月5日 is next year's; a day just passed is a slip to be told, not next year.
    return (
        this_year.replace(year=today.year + 1)
        if today - this_year > timedelta(days=180)
        else this_year
    )


def _day_of_month(said: dict[str, str | None], today: datetime) -> datetime:
    day = int(str(said["only"]))
    first = today.replace(day=1)
    if (said["months"] or "").startswith("下") or (not said["months"] and day < today.day):
        first = (first + timedelta(days=32)).replace(day=1)
    return first.replace(day=day)


def _end(words: str | None, today: datetime) -> datetime:
    if words in ("月底", "月末"):
        return today.replace(day=monthrange(today.year, today.month)[1])
    return today + timedelta(days=max(4 - today.weekday(), 0))


def _day_end(part: str | None, day: datetime, local: datetime) -> datetime:
    """A day or part of it without an hour: its end; today after closing, midnight."""
    if part:
        hour, minute = next(end for name, end in _PART_ENDS.items() if part.startswith(name))
        return day.replace(hour=hour, minute=minute)
    closing = _closing(day)
    return closing if closing > local else day.replace(hour=23, minute=59)


def _at_clock(said: dict[str, str | None], day: datetime, local: datetime) -> datetime:
    hour, part = int(str(said["hour"])), said.get("part") or ""
    minute = int(
        said["colon"]
        or said["minute"]
        or (30 if said["halfpast"] else int(said["quarter"] or 0) * 15)
    )
    if part.startswith(("下午", "午后", "傍晚", "晚", "中午")):
        late = part.startswith("晚") and hour in (0, 12, 24)
        # Noon has an eleventh hour of its own, the evening has not: 晚上11点 is 23:00.
        first_late = 11 if part.startswith("中午") else 12
        hour = 24 if late else hour + 12 if hour < first_late else hour
    elif not part:
        hour = _likely_hour(hour, minute, day, local)
    return day.replace(hour=0, minute=minute) + timedelta(hours=hour)


def _likely_hour(hour: int, minute: int, day: datetime, local: datetime) -> int:
    """Nobody promises a call at 5 in the morning; an hour that is over today is meant for the afternoon."""
    if 0 < hour < 7:
        return hour + 12
    over = day.replace(hour=hour % 24, minute=minute) <= local and hour < 24
    return hour + 12 if over and day.date() == local.date() and hour + 12 <= 21 else hour
