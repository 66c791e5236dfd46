from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.due_time import parse_due, take_due
from console.domain.errors import Invalid
from console.domain.promises import (
    PromiseCounts,
    due_words,
    promise_light,
    read_promise,
    yellow_from,
)
from console.domain.spoken_time import SHANGHAI
from console.domain.states import Light

# Sunday noon in Shanghai.
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "moment", "what"),
    [
        ("今天下午五点前回电", "2026-11-22 17:00", "回电"),
        ("今天下午5点前回电告知进展", "2026-11-22 17:00", "回电告知进展"),
        ("今天 17：30 前回复", "2026-11-22 17:30", "回复"),
        ("5点前回电", "2026-11-22 17:00", "回电"),
        ("今天晚上十一点前回电", "2026-11-22 23:00", "回电"),
        ("今晚10点前回电", "2026-11-22 22:00", "回电"),
        ("8点回电", "2026-11-22 20:00", "回电"),
        ("两小时内回电", "2026-11-22 14:00", "回电"),
        ("半小时后再打给他", "2026-11-22 12:30", "再打给他"),
        ("一个半小时内派人到场", "2026-11-22 13:30", "派人到场"),
        ("30分钟内到现场", "2026-11-22 12:30", "到现场"),
        ("明天上午给答复", "2026-11-23 12:00", "给答复"),
        ("明早答复", "2026-11-23 09:00", "答复"),
        ("明天九点半回电", "2026-11-23 09:30", "回电"),
        ("明天5点回电", "2026-11-23 17:00", "回电"),
        ("今晚8点前恢复供水", "2026-11-22 20:00", "恢复供水"),
        ("今天晚上12点前修好", "2026-11-23 00:00", "修好"),
        ("今天内回电", "2026-11-22 17:30", "回电"),
        ("下班前回电", "2026-11-22 17:30", "回电"),
        ("后天中午前回复", "2026-11-24 14:00", "回复"),
        ("三天内书面答复", "2026-11-25 17:30", "书面答复"),
        ("3个工作日内答复", "2026-11-25 17:30", "答复"),
        ("一周内修好路灯", "2026-11-29 17:30", "修好路灯"),
        ("下周三前装好隔油池", "2026-11-25 17:30", "装好隔油池"),
        ("下周一两点回电", "2026-11-23 14:00", "回电"),
        ("周五下午三点前回电", "2026-11-27 15:00", "回电"),
        ("11月25日前完成清理", "2026-11-25 17:30", "完成清理"),
        ("25号下午两点半回电", "2026-11-25 14:30", "回电"),
        ("2号前回电", "2026-12-02 17:30", "回电"),
        ("1月5日前答复", "2027-01-05 17:30", "答复"),
        ("月底前完成", "2026-11-30 17:30", "完成"),
        ("回电告知结果，今天下午四点", "2026-11-22 16:00", "回电告知结果"),
        ("派人去3号楼查看，明天上午", "2026-11-23 12:00", "派人去3号楼查看"),
    ],
)
def test_what_is_promised(said: str, moment: str, what: str) -> None:
    due, rest = take_due(said, NOW)
    assert (f"{due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", rest) == (moment, what)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("尽快回电", "没看出"),
        ("今天上午10点前回电", "已经过了"),
        ("昨天", "没看出"),
        ("11月20日前", "已经过了"),
        ("2月30日前", "不是存在的日期"),
        ("2031年1月1日前", "一年以后"),
        ("去3号楼", "没看出"),
    ],
)
def test_what_cannot_be_promised(said: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        take_due(said, NOW)


def test_after_closing_today_ends_at_midnight() -> None:
    evening = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    assert f"{parse_due('今天内', evening).astimezone(SHANGHAI):%H:%M}" == "23:59"


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(Invalid):
        due, _rest = take_due(text, NOW)
        assert NOW < due <= NOW + timedelta(days=366)


def test_a_promise_needs_both_what_and_when() -> None:
    assert read_promise("今天下午五点前回电", NOW).words == "11月22日（周日）17:00 前：回电"
    for text, words in (("", "请写答应了什么"), ("今天下午五点前", "做什么"), ("回电", "没看出")):
        with pytest.raises(Invalid, match=words) as refused:
            read_promise(text, NOW)
        assert refused.value.field == "promise"


def test_the_light_of_a_promise_is_its_own() -> None:
    due = NOW + timedelta(hours=5)
    assert yellow_from(NOW, due) == NOW + timedelta(hours=4)
    colours = [
        promise_light(NOW, due, None, NOW + timedelta(hours=hours)).light for hours in (1, 4, 6)
    ]
    assert colours == [Light.GREEN, Light.YELLOW, Light.RED]
    assert promise_light(NOW, due, None, due + timedelta(hours=2)).words == "红 超2小时"
    assert promise_light(NOW, due, due, NOW).light is Light.ON_TIME
    assert promise_light(NOW, due, due + timedelta(seconds=1), NOW).light is Light.LATE


@given(st.integers(1, 60 * 24 * 30), st.integers(0, 60 * 24 * 60))
def test_a_light_only_gets_worse(whole: int, passed: int) -> None:
    due = NOW + timedelta(minutes=whole)
    worse = [Light.GREEN, Light.YELLOW, Light.RED]
    earlier, later = (
        promise_light(NOW, due, None, NOW + timedelta(minutes=at)).light
        for at in (passed, passed + 7)
    )
    assert worse.index(earlier) <= worse.index(later)
    assert (promise_light(NOW, due, None, NOW + timedelta(minutes=passed)).light is Light.RED) == (
        passed > whole
    )


def test_counts_show_the_worst() -> None:
    assert PromiseCounts().light is Light.NONE
    assert PromiseCounts(3, 1, 0).light is Light.YELLOW
    counts = PromiseCounts(3, 1, 1)
    assert counts.light is Light.RED
    assert counts.words == "承诺 3 件未兑现，超时 1 件，将到时 1 件"


def test_due_is_said_by_its_day() -> None:
    assert due_words(NOW + timedelta(hours=5), NOW) == "今天 17:00"
    assert due_words(NOW + timedelta(days=1), NOW) == "明天 12:00"
    assert due_words(NOW + timedelta(days=5), NOW) == "11月27日（周五） 12:00"


@pytest.mark.parametrize("said", ["昨天下午五点前回电", "昨晚八点前回电", "前天上午回电"])
def test_a_day_that_is_over_is_not_taken_for_today(said: str) -> None:
    midnight = datetime(2026, 11, 22, 16, 8, tzinfo=UTC)
    with pytest.raises(Invalid, match="已经过了"):
        parse_due(said, midnight)
