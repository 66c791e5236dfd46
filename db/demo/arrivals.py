"""When calls come: busiest from ten to eleven and from two to three, on Mondays, quiet at night and on Sundays."""

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from math import sqrt
from random import Random

# Weight of each hour of the day in city time.
HOURS = (4, 2, 2, 1, 1, 3, 8, 18, 42, 68, 78, 60, 34, 38, 70, 64, 56, 46, 34, 30, 28, 22, 14, 8)
# Factor of each weekday, Monday first.
WEEKDAYS = (1.22, 1.12, 1.08, 1.05, 1.04, 0.80, 0.69)
HOLIDAY = 0.55

# China has had one zone without summer time since 1991, so a fixed offset is exact for every demo date.
CITY_TIME = timezone(timedelta(hours=8))


def arrival_times(
    rng: Random, first: date, last: date, per_day: float, holidays: Container[date] = ()
) -> Iterator[datetime]:
    """Moments of arrival in UTC, rising, for each day from `first` to `last` inclusive, about `per_day` each."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        mean = per_day * (HOLIDAY if day in holidays else WEEKDAYS[day.weekday()])
        count = max(0, round(rng.gauss(mean, sqrt(mean))))
        yield from sorted(_moment(rng, day) for _ in range(count))


def _moment(rng: Random, day: date) -> datetime:
    hour = rng.choices(range(24), HOURS)[0]
    local = datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), CITY_TIME)
    return local.astimezone(UTC)
