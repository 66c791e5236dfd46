from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.domain.box import Intent, IntentKind, intents
from console.domain.numbering import show_ticket_number, ticket_number
from console.domain.phones import is_phone, parse_phone

K = IntentKind
MOBILES = st.from_regex(r"1[3-9][0-9]0000[0-9]{4}", fullmatch=True)


def kinds(typed: str) -> list[IntentKind]:
    return [intent.kind for intent in intents(typed)]


@given(MOBILES, st.sampled_from(["{}", "+86 {}", "0086{}", "0{}", " {} ", "{}转12"]))
def test_a_mobile_means_a_phone_and_nothing_else(mobile: str, form: str) -> None:
    assert intents(form.format(mobile)) == (Intent(K.PHONE, mobile),)


@given(st.from_regex(r"[0-9+() -]{3,22}", fullmatch=True))
def test_a_phone_is_never_taken_for_a_ticket(typed: str) -> None:
    assume(is_phone(typed))
    found = intents(typed)
    assert K.TICKET not in [intent.kind for intent in found]
    assert found[0].kind in {K.PHONE, K.PHONE_TAIL}
    if K.TICKET_TAIL in kinds(typed):
        assert found.index(Intent(K.TICKET_TAIL, found[-1].value)) > 0
    if found[0].kind is K.PHONE:
        assert found[0].value == parse_phone(typed).digits


@given(st.dates(date(2020, 1, 1), date(2050, 1, 1)), st.integers(1, 999_999), st.booleans())
def test_a_ticket_number_means_the_ticket(day: date, sequence: int, grouped: bool) -> None:
    number = ticket_number(day, "01", sequence)
    typed = show_ticket_number(number) if grouped else number
    assert intents(typed) == (Intent(K.TICKET, number),)
    assert intents(f"工单号：{number}") == (Intent(K.TICKET, number),)
    assert intents(number[:-1]) == (Intent(K.TICKET, number, "已补校验位"),)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1234", [K.PHONE_TAIL]),
        ("123456", [K.PHONE_TAIL]),
        ("0003172", [K.PHONE_TAIL, K.TICKET_TAIL]),
        ("8888888", [K.PHONE, K.PHONE_TAIL, K.TICKET_TAIL]),
        ("138000", [K.PHONE_TAIL, K.PHONE_HEAD]),
        ("#0003172", [K.TICKET_TAIL]),
        ("单号 317", [K.TICKET_TAIL]),
        ("110", [K.PHONE]),
        ("11010519491231002x", [K.IDENTITY]),
        ("张三", [K.NAME, K.TEXT]),
        ("张女士", [K.NAME, K.TEXT]),
        ("欧阳娜娜", [K.NAME, K.TEXT]),
        ("阿卜杜·买买提", [K.NAME, K.TEXT]),
        ("㛃𬭎", [K.NAME, K.TEXT]),
        ("𡐓三", [K.TEXT, K.NAME]),
        ("井盖破损", [K.TEXT, K.NAME]),
        ("下水道堵塞三天", [K.TEXT]),
        ("保利西街123号", [K.ADDRESS, K.TEXT]),
        ("ylqjd", [K.INITIALS, K.TEXT]),
        ("/派单", [K.COMMAND]),
        ("＞派单", [K.COMMAND]),
        ("999999999999999", [K.TEXT]),
        ("5", []),
        ("", []),
        ("😀", []),
    ],
)
def test_meanings(typed: str, expected: list[IntentKind]) -> None:
    assert kinds(typed) == expected


def test_a_wrong_check_digit_is_noted() -> None:
    (found,) = intents("20261122010003173")
    assert found.kind is K.TICKET
    assert "校验不符" in found.note


@given(st.text(max_size=30))
def test_nothing_raises(typed: str) -> None:
    for intent in intents(typed, area="0730"):
        assert intent.value
