"""What the keeper owes, decided without a database (product.md 5, field-facts K15, 4.3)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.keeping import Duty, Lit, Sweep, light_key, lights_owed
from console.domain.ladder import rung_key
from console.domain.policy import PACKS, load_pack, pack_names
from console.domain.policy_tables import LightAction
from console.domain.rules import Rules
from console.domain.states import SupervisionLevel
from console.domain.worktime import CIVIL

NUMBER = "20261122010000018"


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CIVIL)


DUE = at("2026-11-13 17:30")


def rules(name: str = "default") -> Rules:
    pack = load_pack(PACKS / name)
    return Rules(pack, pack.calendar())


DEFAULT = rules()


def lit(*keys: str, yellow_at: datetime | None = DUE - timedelta(hours=8)) -> Lit:
    return Lit(7, NUMBER, DUE, yellow_at, frozenset(keys))


def duties(now: datetime, *keys: str, by: Rules = DEFAULT) -> list[tuple[Duty, LightAction]]:
    return [(o.duty, o.action) for o in lights_owed(lit(*keys), now, by)]


def test_nothing_before_it_turns_yellow() -> None:
    assert duties(DUE - timedelta(hours=9)) == []
    assert lights_owed(lit(yellow_at=None), DUE, DEFAULT) == ()


def test_yellow_then_red_then_the_ladder() -> None:
    yellow, red = light_key(Duty.YELLOW, NUMBER, DUE), light_key(Duty.RED, NUMBER, DUE)
    assert duties(DUE) == [(Duty.YELLOW, LightAction.URGE)]
    assert duties(DUE, yellow) == []
    assert duties(DUE + timedelta(seconds=1), yellow) == [(Duty.RED, LightAction.SUPERVISE)]
    assert duties(at("2026-11-16 17:30"), yellow, red) == [(Duty.LADDER, LightAction.URGE)]
    rung = rung_key(7, DUE, 1)
    assert duties(at("2026-11-18 17:30"), red, rung) == [(Duty.LADDER, LightAction.SUPERVISE)]


def test_missed_rungs_are_not_sent_after_the_fact() -> None:
    (owed,) = lights_owed(lit(), at("2026-12-13 09:00"), DEFAULT)
    assert (owed.duty, owed.level) == (Duty.LADDER, SupervisionLevel.RED)
    assert lights_owed(lit(owed.key), at("2026-12-13 09:00"), DEFAULT) == ()


def test_another_due_time_begins_anew() -> None:
    old = light_key(Duty.YELLOW, NUMBER, DUE - timedelta(days=3))
    assert duties(DUE, old) == [(Duty.YELLOW, LightAction.URGE)]


def test_longtings_red_is_its_first_rung() -> None:
    (owed,) = lights_owed(lit(), DUE + timedelta(minutes=1), rules("longting-two-lights"))
    assert owed.rung is not None
    assert owed.rung.step.document == "红灯督办单"
    assert owed.key == rung_key(7, DUE, 1)


def test_xiangyang_warns() -> None:
    by = rules("xiangyang-five-level")
    assert duties(DUE, by=by) == [(Duty.YELLOW, LightAction.WARN)]


@given(
    hours=st.lists(st.integers(-40, 900), min_size=1, max_size=40),
    name=st.sampled_from(pack_names()),
)
def test_however_often_it_looks_each_is_owed_once_and_levels_only_rise(hours, name) -> None:
    by, keys, levels = rules(name), set(), []
    for hour in sorted(hours):
        for owed in lights_owed(lit(*keys), DUE + timedelta(hours=hour), by):
            assert owed.key not in keys
            keys.add(owed.key)
            if owed.action is LightAction.SUPERVISE:
                levels.append(owed.level)
        assert lights_owed(lit(*keys), DUE + timedelta(hours=hour), by) == ()
    assert levels == sorted(levels)
    assert all(len(key) <= 60 for key in keys)


@pytest.mark.parametrize(
    ("done", "left", "stopped", "words"),
    [
        ({}, 0, False, "没有到时的事项，用时 0.1 秒"),
        (
            {Duty.YELLOW: 3, Duty.RED: 1},
            2,
            True,
            "黄灯 3，红灯 1，留待下次 2，中途停止，用时 0.1 秒",
        ),
    ],
)
def test_the_line_of_a_sweep(done, left, stopped, words) -> None:
    sweep = Sweep(done, left, 0, 0.1, DUE, stopped=stopped)
    assert sweep.words == f"11月13日（周五）17:30 值守：{words}"
