"""The time light: thresholds, words, freezing, and that time only ever moves it one way (field-facts 4.3)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.deadlines import due_time
from console.domain.lights import Timed, explain_light, light, remaining_words, yellow_at
from console.domain.policy import PACKS, default_pack, load_pack
from console.domain.policy_tables import LightAction
from console.domain.states import Light, Urgency
from console.domain.worktime import CIVIL, Limit

PACK = default_pack()
CALENDAR = PACK.calendar()
FIRST = datetime(2014, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=4600)).map(lambda after: FIRST + after)
LIMIT_TEXTS = [
    "15分钟",
    "2小时",
    "24小时",
    "4工作时",
    "当日",
    "1工作日",
    "3工作日",
    "15工作日",
    "7天",
]
LIMITS = st.sampled_from([Limit.parse(text) for text in LIMIT_TEXTS])
ORDER = [Light.GREEN, Light.YELLOW, Light.RED]


def at(text: str) -> datetime:
    """A moment given in civil time."""
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL).astimezone(UTC)


def timed(start: str, limit: str, urgency: Urgency = Urgency.NORMAL) -> Timed:
    one = Limit.parse(limit)
    return Timed(at(start), due_time(one, CALENDAR, at(start)), one.working, urgency)


def words(one: Timed, now: str) -> str:
    return light(one, at(now), PACK.lights, CALENDAR).words


@given(
    MOMENTS,
    LIMITS,
    st.sampled_from(Urgency),
    st.lists(st.floats(0, 2), min_size=2, max_size=8),
)
def test_time_moves_a_light_only_from_green_to_yellow_to_red(
    start: datetime, limit: Limit, urgency: Urgency, shares: list[float]
) -> None:
    due = due_time(limit, CALENDAR, start)
    one = Timed(start, due, limit.working, urgency)
    moments = [start + (due - start) * share for share in sorted(shares)]
    seen = [ORDER.index(light(one, now, PACK.lights, CALENDAR).light) for now in moments]
    assert seen == sorted(seen)


@given(MOMENTS, LIMITS, st.sampled_from(Urgency))
def test_yellow_comes_between_start_and_due(
    start: datetime, limit: Limit, urgency: Urgency
) -> None:
    due = due_time(limit, CALENDAR, start)
    one = Timed(start, due, limit.working, urgency)
    turns = yellow_at(one, PACK.lights, CALENDAR)
    assert turns is not None
    assert start <= turns <= due
    assert light(one, turns, PACK.lights, CALENDAR).light is Light.YELLOW
    just_before = turns - timedelta(microseconds=1)
    assert light(one, just_before, PACK.lights, CALENDAR).light is Light.GREEN
    assert light(one, due, PACK.lights, CALENDAR).light is Light.YELLOW
    assert light(one, due + timedelta(seconds=1), PACK.lights, CALENDAR).light is Light.RED


def test_a_three_day_order_turns_yellow_with_one_working_day_left() -> None:
    one = timed("2026-11-20T10:00", "3工作日")
    assert words(one, "2026-11-20T10:00") == "绿 剩5天"
    assert words(one, "2026-11-24T17:29") == "绿 剩1天"
    assert words(one, "2026-11-24T17:30") == "黄 剩1天"
    assert words(one, "2026-11-25T15:30") == "黄 剩2小时"
    assert words(one, "2026-11-25T17:30") == "黄 剩1分钟"
    assert words(one, "2026-11-26T18:00") == "红 超1天"


def test_a_long_order_turns_yellow_with_a_fifth_left() -> None:
    one = timed("2026-11-02T08:30", "15工作日")
    assert one.due is not None
    left = CALENDAR.worktime_between(yellow_at(one, PACK.lights, CALENDAR) or one.due, one.due)
    assert left == CALENDAR.worktime_between(one.start, one.due) * 20 / 100


def test_a_one_day_order_is_not_yellow_from_the_start() -> None:
    one = timed("2026-11-23T08:30", "1工作日")
    assert words(one, "2026-11-23T08:30") == "绿 剩1天"
    assert words(one, "2026-11-24T09:00") == "黄 剩8小时"


def test_urgent_orders_warn_by_their_own_thresholds() -> None:
    two_hours = timed("2026-11-21T22:00", "2小时", Urgency.CRITICAL)
    assert words(two_hours, "2026-11-21T23:29") == "绿 剩31分钟"
    assert words(two_hours, "2026-11-21T23:30") == "黄 剩30分钟"
    a_day = timed("2026-11-21T22:00", "24小时", Urgency.URGENT)
    assert words(a_day, "2026-11-22T15:59").startswith("绿")
    assert words(a_day, "2026-11-22T16:00") == "黄 剩6小时"


def test_a_suspended_order_is_grey_even_when_late() -> None:
    one = timed("2026-11-20T10:00", "3工作日")
    grey = Timed(one.start, one.due, True, suspended_at=at("2026-11-23T10:00"))
    shown = light(grey, at("2027-01-01T00:00"), PACK.lights, CALENDAR)
    assert (shown.light, shown.words, str(shown)) == (Light.GREY, "灰 挂起", "‖ 灰 挂起")


@given(MOMENTS, MOMENTS, MOMENTS)
def test_a_closed_order_never_changes_again(due: datetime, closed: datetime, now: datetime) -> None:
    one = Timed(min(due, closed), due, True, closed_at=closed, suspended_at=closed)
    shown = light(one, now, PACK.lights, CALENDAR)
    late = closed > due
    assert shown.light is (Light.LATE if late else Light.ON_TIME)
    assert shown.words == ("超时办结" if late else "按时")


def test_without_a_due_time_there_is_no_light() -> None:
    one = Timed(at("2026-11-20T10:00"), None, True)
    assert str(light(one, one.start, PACK.lights, CALENDAR)) == "—"
    assert yellow_at(one, PACK.lights, CALENDAR) is None
    assert explain_light(one, one.start, PACK.lights, CALENDAR) == ("没有时限，不亮灯",)


def test_a_due_time_already_past_at_the_start_is_red_at_once() -> None:
    one = Timed(at("2026-11-20T10:00"), at("2026-11-20T09:00"), True)
    assert words(one, "2026-11-20T10:00") == "红 超1小时"


def test_earlier_suspensions_do_not_make_yellow_come_early() -> None:
    due = at("2026-11-25T17:30")
    long_ago = at("2026-03-02T08:30")
    plain = Timed(long_ago, due, True)
    month = CALENDAR.worktime_between(long_ago, at("2026-11-02T08:30"))
    paused = Timed(long_ago, due, True, paused=month)
    early, later = (yellow_at(one, PACK.lights, CALENDAR) for one in (plain, paused))
    assert early is not None
    assert later is not None
    assert early < at("2026-10-20T00:00") < at("2026-11-20T00:00") < later


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(3 * 1440 + 5, "剩3天"), (1440, "剩1天"), (1439, "剩23小时"), (60, "剩1小时"), (59, "剩59分钟"), (0, "剩1分钟"),
     (-1, "超1分钟"), (-180, "超3小时"), (-2880, "超2天")],
)  # fmt: skip
def test_remaining_time_is_told_in_its_largest_unit(minutes: int, shown: str) -> None:
    now = at("2026-11-20T10:00")
    assert remaining_words(now, now + timedelta(minutes=minutes)) == shown


def test_the_two_light_city_has_its_own_words_and_actions() -> None:
    city = load_pack(PACKS / "longting-two-lights")
    one = timed("2026-11-20T10:00", "3工作日")
    shown = light(one, at("2026-11-25T15:30"), city.lights, CALENDAR)
    assert shown.words == "黄灯催办 剩2小时"
    assert city.lights.on_yellow is LightAction.URGE
    assert city.lights.on_red is LightAction.SUPERVISE


def test_a_light_explains_itself() -> None:
    one = timed("2026-11-20T10:00", "3工作日")
    assert explain_light(one, at("2026-11-23T10:00"), PACK.lights, CALENDAR) == (
        "2026-11-20 10:00 起算，应于 2026-11-25 17:30 前完成，共 24小时30分（工作时间）",
        "剩余不超过时限的 20%，或不超过 1工作日（至多占时限的 50%）时变黄，即剩 6小时30分 时",
        "11月24日（周二）17:30 变黄（催办）",
        "过了 11月25日（周三）17:30 变红（督办）",
        "现在 2026-11-23 10:00：绿 剩2天",
    )


def test_suspension_closing_and_pauses_are_explained() -> None:
    base = timed("2026-11-20T10:00", "3工作日")
    grey = Timed(base.start, base.due, True, suspended_at=at("2026-11-23T10:00"))
    assert "2026-11-23 10:00 挂起，停表；恢复后时限顺延" in explain_light(
        grey, at("2026-11-24T10:00"), PACK.lights, CALENDAR
    )
    done = Timed(
        base.start, base.due, True, closed_at=at("2026-11-24T10:00"), paused=timedelta(hours=2)
    )
    lines = explain_light(done, at("2026-12-24T10:00"), PACK.lights, CALENDAR)
    assert "此前挂起的 2小时 不计" in lines
    assert "2026-11-24 10:00 办结，灯不再变化" in lines
    assert lines[-1] == "现在 2026-12-24 10:00：按时"
