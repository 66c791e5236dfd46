from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.errors import Invalid
from console.domain.spoken_time import SHANGHAI, parse_occurred

# Sunday noon in Shanghai.
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("昨天下午3点", "2026-11-21 15:00"),
        ("今天 08:30 起", "2026-11-22 08:30"),
        ("今天 ０８：３０", "2026-11-22 08:30"),
        ("11月2日", "2026-11-02 00:00"),
        ("十一月二日早上", "2026-11-02 08:00"),
        ("3天前", "2026-11-19 00:00"),
        ("三天前下午", "2026-11-19 15:00"),
        ("刚才", "2026-11-22 12:00"),
        ("半小时前", "2026-11-22 11:30"),
        ("一个半小时前", "2026-11-22 10:30"),
        ("两个小时前", "2026-11-22 10:00"),
        ("上周三晚上8点半", "2026-11-11 20:30"),
        ("周五", "2026-11-20 00:00"),
        ("2026年11月2日下午三点二十", "2026-11-02 15:20"),
        ("2026-11-02T08:15:00", "2026-11-02 08:15"),
        ("20261102 8:15", "2026-11-02 08:15"),
        ("11/2 3点", "2026-11-02 03:00"),
        ("2日", "2026-11-02 00:00"),
        ("上个月5号", "2026-10-05 00:00"),
        ("昨晚", "2026-11-21 20:00"),
        ("昨晚12点", "2026-11-22 00:00"),
        ("前天凌晨两点", "2026-11-20 02:00"),
        ("今天上午九点一刻", "2026-11-22 09:15"),
        ("中午12点", "2026-11-22 12:00"),
        ("12月30日", "2025-12-30 00:00"),
        ("去年11月30日", "2025-11-30 00:00"),
        ("大前天", "2026-11-19 00:00"),
    ],
)
def test_what_callers_say(said: str, moment: str) -> None:
    local = parse_occurred(said, NOW).astimezone(SHANGHAI)
    assert f"{local:%Y-%m-%d %H:%M}" == moment


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("", "请填写发生时间"),
        ("很久了", "看不懂“很久了”"),
        ("2月30日", "不是存在的日期"),
        ("昨天25点", "不是存在的日期"),
        ("今天17:00", "17:00 还没到"),
        ("明天", "还没到"),
        ("11月30日", "还没到"),
        ("2030年1月1日", "还没到"),
    ],
)
def test_faults_are_named(said: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as fault:
        parse_occurred(said, NOW)
    assert fault.value.hint


@given(
    st.text(max_size=20)
    | st.text(
        alphabet="今昨前天晚上下午月日年点分半刻周个小时0123456789一二三十:-/. 前", max_size=12
    )
)
def test_nothing_but_invalid_is_raised_and_nothing_lies_ahead(said: str) -> None:
    try:
        moment = parse_occurred(said, NOW)
    except Invalid:
        return
    assert moment.tzinfo is UTC
    assert (moment - NOW).total_seconds() <= 120


@given(st.datetimes(datetime(1950, 1, 1), datetime(2026, 11, 22)))  # noqa: DTZ001 - made aware below
def test_written_times_are_read_exactly(naive: datetime) -> None:
    moment = naive.replace(second=0, microsecond=0, tzinfo=SHANGHAI)
    for form in ("{:%Y-%m-%d %H:%M}", "{:%Y年%m月%d日%H时%M分}", "{:%Y/%m/%d %H:%M}"):
        assert parse_occurred(form.format(moment), NOW) == moment
