from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import identity
from console.domain.errors import Invalid
from console.domain.identity import Sex

TODAY = date(2026, 11, 22)
BORN = st.dates(date(1900, 1, 1), TODAY)


@given(st.integers(110000, 659999), BORN, st.integers(0, 999))
def test_a_right_number_says_who(division: int, born: date, order: int) -> None:
    first = f"{division}{born:%Y%m%d}{order:03d}"
    read = identity.read_identity_number(first + identity.identity_check(first), TODAY)
    assert read.born == born
    assert read.sex is (Sex.MALE if order % 2 else Sex.FEMALE)
    assert read.division == str(division)


@given(st.text(max_size=20))
def test_nothing_but_invalid_is_raised(text: str) -> None:
    with suppress(Invalid):
        identity.read_identity_number(text, TODAY)
    with suppress(Invalid):
        identity.read_credit_code(text)


def test_vectors_of_the_standards() -> None:
    read = identity.read_identity_number("1101 0519 4912 3100 2x", TODAY)
    assert (read.text, read.born, read.sex) == (
        "11010519491231002X",
        date(1949, 12, 31),
        Sex.FEMALE,
    )
    assert read.age(date(2026, 12, 30)) == 76
    assert read.age(date(2026, 12, 31)) == 77
    assert identity.read_credit_code("91350100m000100y43") == "91350100M000100Y43"


def test_people_of_the_training_room_are_told_apart() -> None:
    first = "00000019900101" + "123"
    assert identity.read_identity_number(first + identity.identity_check(first), TODAY).invented
    assert not identity.read_identity_number("11010519491231002X", TODAY).invented


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("110105194912310021", "最后一位校验码应为 X，请核对"),
        ("1101051949123100", "应为 18 位，现在是 16 位"),
        ("110105491231002", "15 位旧身份证号"),
        ("11010519491331002X", "“19491331”不存在"),
        ("11010520301231002X", "还没到"),
        ("11010518001231002X", "太早"),
        ("1101O519491231002X", "第 5 位是“O”"),
        ("11010519491231002A", "最后一位应为数字或 X"),
        ("", "请填写身份证号"),
    ],
)
def test_identity_faults_are_named(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as fault:
        identity.read_identity_number(text, TODAY)
    assert len(text) < 18 or text not in fault.value.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("91350100M000100Y44", "校验码应为 3"),
        ("91350100M000100Y4", "现在是 17 位"),
        ("91350100M0O0100Y43", "第 11 位“O”不可用"),
    ],
)
def test_credit_code_faults_are_named(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        identity.read_credit_code(text)
