"""What is learned holds for messages not seen, forgets what is no longer so, and says why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from console.domain.errors import Invalid
from console.memory.building import learn
from console.memory.corpus import Learned
from console.memory.earlier import Matters
from console.memory.learning import separate
from console.memory.lexicon import Lexicon
from console.memory.model import Memory
from console.memory.pieces import Message
from console.memory.sparse import Rows
from console.memory.storing import packed, unpacked
from tests.memory.invented import Invented, invented

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def learned(rows: list[Invented]) -> list[Learned]:
    return [
        Learned(Message(r.title, r.detail, r.place), r.category, r.unit, r.time, f"20261103{at:06}")
        for at, r in enumerate(rows)
    ]


@cache
def city() -> tuple[list[Learned], list[Learned], Memory]:
    rows = learned(invented(1500, seed=3))
    return rows[:1200], rows[1200:], learn(rows[:1200], half_life=None)


def share(memory: Memory, tried: list[Learned], what: str, most: int) -> float:
    words = Lexicon(memory.category.labels) if memory.category else None
    right = 0
    for one in tried:
        said = (
            memory.categories(one.message, words, most)
            if what == "category"
            else memory.units(one.message, most=most)
        )
        right += getattr(one, what) in [suggestion.label for suggestion in said]
    return right / len(tried)


# 6 % of the categories and 12 % of the units are wrong on purpose: nobody can reach 1.


def test_categories_of_messages_not_seen_are_right() -> None:
    _, tried, memory = city()
    assert share(memory, tried, "category", 1) >= 0.88
    assert share(memory, tried, "category", 3) >= 0.92


def test_units_of_messages_not_seen_are_right() -> None:
    _, tried, memory = city()
    assert share(memory, tried, "unit", 3) >= 0.72


def test_three_hundred_messages_are_enough_to_begin_with() -> None:
    rows = learned(invented(900, seed=8))
    assert share(learn(rows[:300], half_life=None), rows[300:], "category", 1) >= 0.80


def test_a_reason_names_the_work_orders_and_the_words() -> None:
    _, _, memory = city()
    said = memory.categories(Message("黑诊所", "出租屋里的诊所没有证在打针，用的药没标签", ""))[0]
    assert said.label == "卫生计生"
    assert "像20261103" in said.reason
    assert "按关键词“" in said.reason


def test_a_place_speaks_for_its_street() -> None:
    place = "锦湖小区"
    rows = [
        Learned(Message("物业不管", f"{where}的物业不扫地", where), "物业", unit, NOW, str(at))
        for at, (where, unit) in enumerate([(place, "望台街道"), ("清泉家园", "云桥街道")] * 30)
    ]
    memory = learn(rows, half_life=None)
    said = memory.units(Message("物业不管", "物业不扫地", place))[0]
    assert said.label == "望台街道"
    assert "按地点“" in said.reason


def test_recent_months_count_more_than_old_ones() -> None:
    """The same matter went to one office for a year and to another one in the last two months."""
    start = datetime(2025, 10, 1, tzinfo=UTC)
    rows = []
    for at in range(420):
        moment = start + timedelta(days=at)
        unit = "旧城管局" if at < 360 else "新综合执法局"
        for said in ("占道摆摊没人管", "流动摊贩占道"):
            rows.append(Learned(Message(said, f"第{at}天{said}"), "占道", unit, moment, str(at)))
        rows.append(Learned(Message("停电", "家里停电"), "供电", "供电公司", moment, str(at)))
    asked = Message("摊贩占道", "流动摊贩占道摆摊")
    old = {one.label: one.share for one in learn(rows, half_life=None).units(asked)}
    new = {one.label: one.share for one in learn(rows, half_life=45.0).units(asked)}
    assert old["新综合执法局"] < new["新综合执法局"]
    assert max(new, key=lambda label: new[label]) == "新综合执法局"


def test_a_category_already_chosen_counts_for_the_unit() -> None:
    rows = [
        Learned(Message("投诉", f"第{at}件事没有人管"), category, unit, NOW, str(at))
        for at, (category, unit) in enumerate([("路灯", "路灯所"), ("供水", "水司")] * 40)
    ]
    memory = learn(rows, half_life=None)
    for category, unit in (("路灯", "路灯所"), ("供水", "水司")):
        assert memory.units(Message("投诉", "没有人管"), category)[0].label == unit


def test_only_one_of_the_two_questions_may_be_answered() -> None:
    train, _, _ = city()
    memory = learn([replace(one, unit="") for one in train[:100]], half_life=None)
    assert memory.units(train[0].message) == ()
    assert memory.categories(train[0].message)


@pytest.mark.parametrize(
    "message",
    [Message(), Message("？？？", "……", "!"), Message("a" * 5000, "长" * 90_000, "路" * 999)],
)
def test_anything_typed_is_answered(message: Message) -> None:
    _, _, memory = city()
    shares = [one.share for one in memory.categories(message, most=7)]
    assert sum(shares) == pytest.approx(1.0, abs=1e-3)
    assert memory.units(message)


def test_a_model_read_again_says_the_same() -> None:
    _, tried, memory = city()
    again = unpacked(packed(memory, NOW))
    for one in tried[:20]:
        assert [s.label for s in again.units(one.message)] == [
            s.label for s in memory.units(one.message)
        ]
        assert again.categories(one.message)[0].reason == memory.categories(one.message)[0].reason


def test_a_model_changed_cut_short_or_of_another_kind_is_refused() -> None:
    _, _, memory = city()
    content = packed(memory, NOW)
    changed = unpacked(content)
    changed.idf[0] += 1
    for bad in (
        content[:-200],
        b"",
        b"PK\x03\x04 no",
        b"\x80\x04K\x01.",
        content[:5000] + b"\x00" + content[5001:],
    ):
        with pytest.raises(Invalid):
            unpacked(bad)


def test_a_model_holds_no_text_and_no_numbers_of_phones() -> None:
    rows = [
        Learned(
            Message("停水", f"请打19900001234找张三丰{at}"),
            "供水",
            "水司" if at % 2 else "路灯所",
            NOW,
            str(at),
        )
        for at in range(40)
    ]
    content = packed(learn(rows, half_life=None), NOW)
    memory = unpacked(content)
    assert not any("1990" in piece for piece in memory.vocabulary)
    assert max(map(len, memory.vocabulary)) <= 6


def test_the_products_are_those_of_a_full_matrix() -> None:
    random = np.random.default_rng(1)
    full = random.random((40, 30)) * (random.random((40, 30)) < 0.2)
    full[7] = 0
    rows = Rows.of([(np.flatnonzero(row), row[np.flatnonzero(row)]) for row in full], 30)
    other = random.random((30, 3)).astype(np.float32)
    assert np.allclose(rows.times(other), full @ other, atol=1e-5)
    assert np.allclose(
        rows.transposed().times(other[:1].repeat(40, 0)),
        full.T @ other[:1].repeat(40, 0),
        atol=1e-5,
    )
    assert np.allclose(
        rows.picked(np.array([3, 7, 9])).times(other), full[[3, 7, 9]] @ other, atol=1e-5
    )
    keep = np.array([0, 4, 29])
    assert np.allclose(rows.narrowed(keep).times(other[:3]), full[:, keep] @ other[:3], atol=1e-5)


def test_classes_that_can_be_told_apart_are() -> None:
    random = np.random.default_rng(2)
    classes = random.integers(0, 3, 200)
    rows = Rows.of([(np.array([one, 3 + one]), np.array([1.0, 0.5])) for one in classes], 6)
    weights, bias = separate(rows, classes, 3, np.ones(200, np.float32), 1.0)
    assert ((rows.times(weights) + bias).argmax(axis=1) == classes).all()


def test_the_earlier_report_of_the_same_matter_is_among_the_first_five() -> None:
    rows = invented(2500, seed=17)
    matters = Matters([Message(r.title, r.detail, r.place) for r in rows], [r.time for r in rows])
    group = [r.same_as if r.same_as >= 0 else at for at, r in enumerate(rows)]
    again = [at for at, r in enumerate(rows) if r.same_as >= 0]
    found = sum(any(group[one.at] == group[at] for one in matters.earlier(at)) for at in again)
    assert found / len(again) >= 0.95
    assert all(one.at < at for at in again[:50] for one in matters.earlier(at))
