"""The overdue ladder of field-facts 4.3, on the shipped packs and the shipped calendar."""

from datetime import datetime

import pytest

from console.domain.ladder import covered, ladder_lines, rung_key, rungs, rungs_in, standing
from console.domain.policy import PACKS, default_pack, load_pack
from console.domain.states import SupervisionLevel
from console.domain.worktime import CIVIL, civil

PACK = default_pack()
LADDER, CALENDAR = PACK.supervision.ladder, PACK.calendar()


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CIVIL)


# A Friday, 17:30; the Thursday after is an ordinary working day.
DUE = at("2026-11-13 17:30")


def test_nothing_is_owed_before_it_is_overdue() -> None:
    assert standing(DUE, DUE, LADDER, CALENDAR) is None
    early = standing(DUE, at("2026-11-13 18:00"), LADDER, CALENDAR)
    assert early is not None
    assert (early.reached, early.owed) == ((), ())
    assert early.next is not None
    assert early.next.number == 1


def test_rungs_fall_due_at_the_end_of_working_days_and_skip_the_weekend() -> None:
    times = [f"{civil(rung.at):%m-%d %H:%M}" for rung in rungs(DUE, LADDER, CALENDAR)]
    assert times == ["11-16 17:30", "11-18 17:30", "11-20 17:30"]


@pytest.mark.parametrize(
    ("now", "reached", "coming"),
    [("2026-11-16 17:29", 0, 1), ("2026-11-16 17:30", 1, 2), ("2026-11-19 09:00", 2, 3), ("2026-12-01 09:00", 3, None)],
)  # fmt: skip
def test_what_is_reached_and_what_comes_next(now, reached, coming) -> None:
    stands = standing(DUE, at(now), LADDER, CALENDAR)
    assert stands is not None
    assert len(stands.reached) == reached
    assert (stands.next.number if stands.next else None) == coming
    assert stands.next_at == (stands.next.at if stands.next else None)


def test_a_written_rung_is_not_owed_again() -> None:
    stands = standing(DUE, at("2026-11-19 09:00"), LADDER, CALENDAR, written={1})
    assert stands is not None
    assert [rung.number for rung in stands.owed] == [2]
    assert stands.highest is not None
    assert stands.highest.number == 2
    done = standing(DUE, at("2026-11-19 09:00"), LADDER, CALENDAR, written={1, 2, 3})
    assert done is not None
    assert (done.owed, done.next) == ((), None)


def test_a_holiday_moves_the_rungs() -> None:
    """Due on the last working day before National Day 2026: the first rung waits for the holiday's end."""
    first = rungs(at("2026-09-30 17:30"), LADDER, CALENDAR)[0]
    assert civil(first.at).date().isoformat() == "2026-10-08"


def test_the_first_rung_of_longting_is_at_once() -> None:
    pack = load_pack(PACKS / "longting-two-lights")
    stands = standing(DUE, at("2026-11-13 17:31"), pack.supervision.ladder, pack.calendar())
    assert stands is not None
    assert stands.reached[0].at == DUE
    assert not stands.reached[0].urges
    assert stands.reached[0].words == "第1级 红灯督办单（普通督办），抄送督察局"


def test_words_name_document_level_and_copies() -> None:
    first, second, _third = rungs(DUE, LADDER, CALENDAR)
    assert first.urges
    assert first.words == "第1级 催办通知书（普通督办），抄送分管负责人、督查组"
    assert second.words == "第2级 黄牌督办单，抄送主要负责人、督查组"


def test_keys_tell_which_rungs_stand_for_which_due_time() -> None:
    other = at("2026-11-20 17:30")
    keys = [rung_key(7, DUE, 1), rung_key(7, DUE, 2), rung_key(7, other, 3), rung_key(71, DUE, 3)]
    assert rungs_in(keys, 7, DUE) == {1, 2}
    assert rungs_in(keys, 7, other) == {3}
    assert all(len(key) <= 60 for key in keys)


def test_a_card_given_by_hand_covers_the_rungs_below_it() -> None:
    assert covered(LADDER, SupervisionLevel.NONE) == frozenset()
    assert covered(LADDER, SupervisionLevel.NORMAL) == frozenset(), "the letter is still owed"
    assert covered(LADDER, SupervisionLevel.YELLOW) == {1, 2}
    assert covered(LADDER, SupervisionLevel.RED) == {1, 2, 3}


def test_the_explanation_says_every_rung() -> None:
    now = at("2026-11-19 09:00")
    stands = standing(DUE, now, LADDER, CALENDAR, written={1})
    assert stands is not None
    lines = ladder_lines(stands)
    assert lines[0] == "11月13日（周五）17:30 到期，此后按阶梯处置"
    assert lines[1].endswith("逾期1工作日，11月16日（周一）17:30 已发出")
    assert lines[2].endswith("已到，尚未发出")
    assert lines[3].startswith("下一步 第3级 红牌督办单")
    assert "11月20日（周五）17:30 到" in lines[3]
