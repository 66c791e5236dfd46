from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import wording
from console.domain.errors import Invalid

NASTY = st.text(
    alphabet=st.sampled_from(
        "井盖a\x00\x07\r\n\t\u200b\u200d\ufeff\u202e_x000D_\ud800😀👨👩㛃𬭎\u3000\u00a0\ufe0f"
    )
    | st.characters(),
    max_size=40,
)


@given(NASTY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = wording.clean(text)
    assert wording.clean(once.text).text == once.text
    once.text.encode()
    assert "\x00" not in once.text
    assert "\r" not in once.text


@given(st.text(alphabet="井盖破损，。Aa1 \n㛃𬭎䶮𡐓\ue000", max_size=40))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert wording.clean(text) == wording.Cleaned(text, 0, ())


def test_what_cannot_be_seen_goes() -> None:
    cleaned = wording.clean("井\u200b盖\x00破_x000D_损\ud83d\r\n第二行\u00a0完")
    assert cleaned.text == "井盖破损\n第二行 完"
    assert cleaned.removed == 10


def test_emoji_stay_whole_in_contents_and_are_refused_in_names() -> None:
    family = "👨\u200d👩\u200d👧"
    assert wording.clean(family).text == family
    assert wording.check_content("路灯不亮😡") == "路灯不亮😡"
    with pytest.raises(Invalid, match="表情符号“😡”"):
        wording.check_name("张😡")


def test_too_long_a_content_is_refused_whole() -> None:
    assert len(wording.check_content("井" * 10_000)) == 10_000
    with pytest.raises(Invalid, match="超出 2000 字（现 12000 字，上限 10000 字）") as fault:
        wording.check_content("井" * 12_000)
    assert "都还在" in fault.value.hint
    with pytest.raises(Invalid, match="请填写诉求内容"):
        wording.check_content(" \u200b\n")


def test_names() -> None:
    assert wording.check_name(" 阿卜杜•买买提\n") == "阿卜杜·买买提"
    assert wording.check_name("㛃𬭎䶮𡐓\ue000") == "㛃𬭎䶮𡐓\ue000"
    assert wording.check_name("") == ""
    for name, words in (("13800001234", "号码"), ("？？", "不是姓名"), ("张" * 51, "超出 1 字")):
        with pytest.raises(Invalid, match=words):
            wording.check_name(name)


def test_dates() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert wording.check_not_future(now, now, "发生时间", "occurred") == now
    with pytest.raises(Invalid, match="还没到"):
        wording.check_not_future(now + timedelta(hours=1), now, "发生时间", "occurred")
    with pytest.raises(Invalid, match="早于开始时间"):
        wording.check_order(now, now - timedelta(days=1), "统计", "to")
