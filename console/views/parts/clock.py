"""Times as people say them: 今天 10:24, 昨天 17:20, 11-20 09:02. Stored in UTC, shown in Asia/Shanghai."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

# China has had one zone and no summer time since 1991; a fixed offset needs no zone data on Windows.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


@dataclass
class _Watch:
    """How far this machine is behind the database; GUI thread only."""

    behind: timedelta = timedelta()


_watch = _Watch()


def keep_time(behind: timedelta) -> None:
    """What the last look at the database's clock found; `console.rounds` looks."""
    _watch.behind = behind


def database_now() -> datetime:
    """Now by the database's clock, for everything that counts down: a workstation's own clock is never used."""
    return datetime.now(UTC) + _watch.behind


def local(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI)


def short_time(at: datetime | None, now: datetime | None = None) -> str:
    """As short as can be without doubt; empty for None."""
    if at is None:
        return ""
    here, today = local(at), local(now or database_now()).date()
    days = (here.date() - today).days
    near = {0: "今天", -1: "昨天", 1: "明天"}.get(days)
    if near:
        return f"{near} {here:%H:%M}"
    return f"{here:%m-%d %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d}"


def long_time(at: datetime | None) -> str:
    """Date and time in full, for details and tooltips."""
    return f"{local(at):%Y-%m-%d %H:%M}" if at is not None else ""


def lasted(seconds: int) -> str:
    """00:42, 12:05, 1:02:09."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def grouped_number(number: str) -> str:
    """A ticket number in readable groups: 20261122 01 000317 5."""
    if len(number) != 17 or not number.isdigit():
        return number
    return f"{number[:8]} {number[8:10]} {number[10:16]} {number[16]}"
