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


def told(content: str, **said: object) -> Report:
    return earlier(timedelta(days=9), content=content, ticket_id=1, **said)


CRANE = "来电人反映白鹭洲公园北门的塔吊半夜作业，探照灯直射卧室，老人整夜睡不着"
LIKEWISE = "白鹭洲公园北门那边塔吊半夜还在作业，探照灯正对卧室窗户"


def test_the_same_matter_told_by_somebody_else_is_found_without_number_place_and_category() -> None:
    asked = Report(at=NOW, content=LIKEWISE)
    others = [told(f"咨询社保卡第{at}次补办需要什么材料，网上能不能办") for at in range(30)]
    (match,) = likely_duplicates(asked, [*others, replace(told(CRANE), ticket_number="B")])
    assert match.ticket_number == "B"
    assert any(reason.startswith("用词相同 ") and "探照灯" in reason for reason in match.reasons)
    assert "9天前" in match.reasons
    assert not match.same_caller


def test_what_is_only_told_alike_is_shown_while_it_is_open_and_for_thirty_days() -> None:
    asked = Report(at=NOW, content=LIKEWISE)
    assert likely_duplicates(asked, [replace(told(CRANE), is_open=False)]) == ()
    assert likely_duplicates(asked, [replace(told(CRANE), at=NOW - timedelta(days=31))]) == ()


def test_words_that_everybody_says_are_no_second_report() -> None:
    many = [told(f"路灯不亮{at}，晚上看不清路，希望尽快维修") for at in range(40)]
    asked = Report(at=NOW, content="泊宁村口路灯不亮，晚上看不清路，希望尽快维修，另有一处护栏倒了")
    assert likely_duplicates(asked, many) == ()


def test_a_place_both_name_is_told_as_the_reason() -> None:
    asked = Report(at=NOW, content=LIKEWISE, names=frozenset({"白鹭洲公园", "泊宁市"}))
    others = [told(f"咨询第{at}次", names=frozenset({"泊宁市"})) for at in range(20)]
    same = told(CRANE, names=frozenset({"白鹭洲公园", "泊宁市"}))
    assert "都提到 白鹭洲公园" in likely_duplicates(asked, [*others, same])[0].reasons
