from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.linkage import (
    Figures,
    Incoming,
    Side,
    Span,
    Statement,
    change,
    rate,
    read_hand_over,
    ruling,
    windows,
)

SHEET = """警情编号：JQ202611220031
报警时间：2026-11-22 10:12　　案发地点：宝丽西街123号门面前
报警人：叶长青  联系电话：199 0000 1234
接警员：0231
简要警情：路面井盖缺失，无人受伤；
报警人要求尽快修复。"""


def test_a_sheet_of_110_fills_the_form() -> None:
    form = read_hand_over(SHEET)
    assert form == Incoming(
        police_no="JQ202611220031",
        occurred="2026-11-22 10:12",
        address="宝丽西街123号门面前",
        name="叶长青",
        full_phone="199 0000 1234",
        handed_by="0231",
        content="路面井盖缺失，无人受伤；\n报警人要求尽快修复。",
    )


def test_one_line_with_semicolons_is_read_too() -> None:
    form = read_hand_over("地点：清风小区3栋；报警人：张先生；电话：19900000008；内容：楼上漏水")
    assert (form.address, form.name, form.full_phone, form.content) == (
        "清风小区3栋",
        "张先生",
        "19900000008",
        "楼上漏水",
    )


def test_plain_words_are_the_content_and_the_number_is_found() -> None:
    form = read_hand_over("宝丽西街下水道堵了，请联系19900000008")
    assert (form.content[:4], form.full_phone) == ("宝丽西街", "19900000008")


@given(st.text(max_size=200))
def test_any_text_can_be_pasted(text: str) -> None:
    assert isinstance(read_hand_over(text), Incoming)


@pytest.mark.parametrize("first", list(Side))
@pytest.mark.parametrize("taker", list(Side))
def test_the_side_that_got_it_first_accepts(first: Side, taker: Side) -> None:
    found = ruling(first, taker)
    assert found.exception == (first is not taker)
    assert f"{first} 先接到" in found.words
    assert ("都同意" in found.words) == found.exception


def test_periods_are_compared_day_for_day() -> None:
    now, before, year = windows(Span.MONTH, date(2026, 3, 31))
    shanghai = [
        (w.start + timedelta(hours=8), w.end + timedelta(hours=8)) for w in (now, before, year)
    ]
    assert [(f"{a:%Y%m%d}", f"{b:%Y%m%d}") for a, b in shanghai] == [
        ("20260301", "20260401"),
        ("20260201", "20260301"),
        ("20250301", "20250401"),
    ]
    week, last_week, _ = windows(Span.WEEK, date(2026, 11, 22))
    assert week.end - week.start == last_week.end - last_week.start == timedelta(days=7)
    assert last_week.end == week.start


@given(st.dates(date(2001, 1, 1), date(2090, 12, 31)), st.sampled_from(list(Span)))
def test_no_window_is_empty_or_overlaps(today: date, span: Span) -> None:
    now, before, year = windows(span, today)
    for window in (now, before, year):
        assert window.start < window.end
    assert before.end <= now.start
    assert year.end <= now.start
    assert now.start <= datetime(today.year, today.month, today.day, tzinfo=UTC) < now.end


def test_nothing_to_divide_by_is_a_dash() -> None:
    assert rate(0, 0) == change(3, 0) == "—"
    assert (rate(1, 3), rate(2, 3), rate(3, 3)) == ("33.33%", "66.67%", "100.00%")
    assert (change(9, 8), change(7, 8), change(8, 8)) == ("+12.50%", "-12.50%", "持平")


def test_a_statement_prints_its_formula() -> None:
    window = windows(Span.DAY, date(2026, 11, 22))[0]
    made = Statement(
        Span.DAY, window, Figures(came=16, accepted=12, registered=600), Figures(came=20)
    )
    assert made.formula == "非警务分流率 = 我方受理 ÷ 110转来 = 12 ÷ 16 = 75.00%"
    assert made.share_of_all.endswith("12 ÷ 600 = 2.00%")
    assert (made.change("came"), made.yearly("came")) == ("-20.00%", "—")
