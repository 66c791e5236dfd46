from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.duplicates import DuplicateRules, Report, ago, likely_duplicates

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
NEW = Report(
    at=NOW,
    phone="13800001234",
    grid_id=1,
    grid="第1网格",
    road="保利西街",
    number=123,
    minor_class="010203",
    category="下水道堵塞",
    content="市民来电反映保利西街123号门面前下水道堵塞三天，污水漫上人行道",
)
OTHER = Report(at=NOW, ticket_id=1, ticket_number="A")


def earlier(age: timedelta, **said: object) -> Report:
    return replace(OTHER, at=NOW - age, **said)  # type: ignore[arg-type]


def test_same_caller_spelled_out() -> None:
    told = earlier(
        timedelta(hours=2),
        phone=NEW.phone,
        road="保利西街",
        number=125,
        minor_class="010203",
        category="下水道堵塞",
        content="保利西街下水道堵塞，异味大",
    )
    (match,) = likely_duplicates(NEW, [told])
    assert match.reasons[:3] == (
        "同一来电 2小时前",
        "同一路段 保利西街，相隔 2 号",
        "同类 下水道堵塞",
    )
    assert "下水道堵塞" in match.reasons[3]
    assert match.same_caller
    assert not match.collective


def test_others_at_the_same_place_are_a_collective_report() -> None:
    told = earlier(
        timedelta(days=1),
        phone="13900001234",
        grid_id=1,
        road="保利西街",
        number=127,
        minor_class="010203",
        category="下水道堵塞",
        callers=4,
    )
    (match,) = likely_duplicates(NEW, [told])
    assert match.collective
    assert match.reasons[-1] == "已有 4 人反映，建议按集中反映处理"
    assert "24小时前" in match.reasons


@pytest.mark.parametrize(
    ("age", "phone", "minor_class", "road", "shown"),
    [
        (timedelta(hours=24), True, False, False, True),
        (timedelta(hours=25), True, False, False, False),
        (timedelta(days=30), True, True, False, True),
        (timedelta(days=31), True, True, False, False),
        (timedelta(days=7), False, True, True, True),
        (timedelta(days=8), False, True, True, False),
        (timedelta(days=1), False, True, False, False),
        (timedelta(days=1), False, False, True, False),
        (timedelta(hours=-1), True, True, True, False),
    ],
)
def test_windows_of_the_rule(
    age: timedelta, phone: bool, minor_class: bool, road: bool, shown: bool
) -> None:
    told = earlier(
        age,
        phone=NEW.phone if phone else "13900001234",
        minor_class="010203" if minor_class else "99",
        road="保利西街" if road else "五一路",
    )
    assert bool(likely_duplicates(NEW, [told])) == shown


def test_words_stand_in_for_a_category_not_yet_chosen() -> None:
    told = earlier(timedelta(hours=3), road="保利西街", content="下水道堵塞，污水漫上人行道")
    (match,) = likely_duplicates(replace(NEW, minor_class="", category=""), [told])
    assert "用词相同 污水漫上人行道、下水道堵塞" in match.reasons


def test_another_matter_in_the_same_words_everybody_uses_is_none() -> None:
    told = earlier(
        timedelta(hours=3), road="保利西街", content="市民来电反映，要求有关部门尽快处理"
    )
    assert likely_duplicates(replace(NEW, minor_class=""), [told]) == ()


def test_likeliest_first_and_few() -> None:
    told = [
        earlier(timedelta(hours=h), phone=NEW.phone, ticket_id=h, minor_class="010203" * (h % 2))
        for h in range(1, 20)
    ]
    found = likely_duplicates(NEW, told, limit=3)
    assert [match.ticket_id for match in found] == [1, 3, 5]


@given(
    st.text(max_size=60),
    st.text(max_size=60),
    st.timedeltas(timedelta(days=-1), timedelta(days=40)),
)
def test_scores_stay_in_bounds(mine: str, theirs: str, age: timedelta) -> None:
    told = earlier(age, phone=NEW.phone, grid_id=1, content=theirs, minor_class="010203")
    for match in likely_duplicates(replace(NEW, content=mine), [told], DuplicateRules()):
        assert 40 <= match.score <= 100
        assert all(match.reasons)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=5), "刚刚"),
        (timedelta(minutes=35), "35分钟前"),
        (timedelta(hours=2, minutes=50), "2小时前"),
        (timedelta(days=3), "3天前"),
    ],
)
def test_ago(age: timedelta, words: str) -> None:
    assert ago(age) == words


def test_near_is_what_the_category_says() -> None:
    """FixMyStreet's idea: a manhole is one thing at 30 m, a noisy market at 200."""
    told = earlier(
        timedelta(days=1), road="保利西街", number=139, minor_class="010203", content=NEW.content
    )
    (plain,) = likely_duplicates(NEW, [told])
    assert "相隔 16 号" in plain.reasons[0]
    narrow = likely_duplicates(NEW, [told], DuplicateRules(radius_metres=30))
    assert not any("相隔" in words for match in narrow for words in match.reasons)
