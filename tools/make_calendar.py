"""Write resources/calendar/china.toml from the `holidays` package: run once a year, after the State Council's notice.

    python tools/make_calendar.py 2013 2026

The console reads the small file, so the 14 MB package stays out of the installer. Never give a year
whose notice is not out: the package then guesses, and the console would take the guess for the notice.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import holidays

TARGET = Path(__file__).resolve().parents[1] / "resources" / "calendar" / "china.toml"
HEAD = """\
# 国务院办公厅节假日安排通知：工作日放假与周末调休上班。由 tools/make_calendar.py 生成，勿手改。
# off 只列周一至周五的放假日；周六、周日除 makeup 所列外均休息。没有列出的年份尚无通知。
"""


def off_name(china: holidays.HolidayBase, day: date) -> str:
    """The festival a weekday off belongs to; a bridged day takes the name of its festival nearby."""
    for distance in sorted(range(-9, 10), key=abs):
        name = china.get(day + timedelta(days=distance), "")
        if name and not name.startswith("休息日"):
            return name.split("（")[0].replace("; ", "、").replace("农历除夕", "春节")
    raise ValueError(day)


def year_lines(china: holidays.HolidayBase, year: int) -> Iterator[str]:
    """The lines of one year."""
    days = [date(year, 1, 1) + timedelta(days=step) for step in range(366)]
    days = [day for day in days if day.year == year]
    named: dict[str, list[str]] = {}
    for day in days:
        if day.weekday() < 5 and not china.is_working_day(day):
            named.setdefault(off_name(china, day), []).append(day.isoformat())
    yield f"\n[years.{year}]"
    makeup = [day.isoformat() for day in days if day.weekday() >= 5 and china.is_working_day(day)]
    yield f"makeup = [{', '.join(makeup)}]"
    for name, dates in named.items():
        yield f'off."{name}" = [{", ".join(dates)}]'


def main(first: int, last: int) -> None:
    """Write the years from first to last."""
    years = range(first, last + 1)
    china = holidays.country_holidays("CN", years=years, language="zh_CN")
    lines = [line for year in years for line in year_lines(china, year)]
    TARGET.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
