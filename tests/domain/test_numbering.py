from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import numbering
from console.domain.errors import Invalid

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
CHANNELS = st.integers(0, 99).map("{:02d}".format)
NUMBERS = st.builds(numbering.ticket_number, DAYS, CHANNELS, st.integers(1, 999_999))


@given(DAYS, CHANNELS, st.integers(1, 999_999))
def test_a_number_tells_what_it_was_made_of(day: date, channel: str, sequence: int) -> None:
    number = numbering.ticket_number(day, channel, sequence)
    assert len(number) == 17
    assert numbering.read_ticket_number(number) == numbering.TicketNumber(
        number, day, channel, sequence
    )
    assert numbering.check_ticket_number(numbering.show_ticket_number(number)) == number
    assert (
        numbering.check_ticket_number(numbering.show_ticket_number(number, training=True)) == number
    )


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_every_wrong_digit_is_noticed(number: str, place: int, step: int) -> None:
    wrong = str((int(number[place]) + step) % 10)
    assert not numbering.is_ticket_number(number[:place] + wrong + number[place + 1 :])


@given(NUMBERS, st.integers(0, 15))
def test_every_swap_of_neighbours_is_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not numbering.is_ticket_number(swapped)


def test_shown_in_groups() -> None:
    number = numbering.ticket_number(date(2026, 11, 22), "01", 317)
    assert numbering.show_ticket_number(number) == "2026112201 000317 2"
    assert numbering.show_ticket_number(number, training=True) == "演练 2026112201 000317 2"
    assert numbering.check_ticket_number("２０２６１１２２０１ ０００３１７ ２") == number


def test_the_last_number_of_a_day_is_followed_by_a_refusal() -> None:
    numbering.ticket_number(date(2026, 11, 22), "01", 999_999)
    with pytest.raises(Invalid, match="已用完"):
        numbering.ticket_number(date(2026, 11, 22), "01", 1_000_000)
    with pytest.raises(Invalid, match="从 1 开始"):
        numbering.ticket_number(date(2026, 11, 22), "01", 0)
    with pytest.raises(Invalid, match="两位数字"):
        numbering.ticket_number(date(2026, 11, 22), "x1", 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026112201000317", "应为 17 位，现在是 16 位"),
        ("20261322010003172", "不是日期"),
        ("20261122010003173", "校验不符"),
        ("2026112201000317X", "只含数字"),
        ("", "只含数字"),
    ],
)
def test_faults_are_named(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        numbering.check_ticket_number(text)


def test_lookup_code_comes_from_the_given_chance_alone() -> None:
    assert numbering.lookup_code(lambda _: 42) == "000042"
    assert numbering.check_lookup_code("０００ 042") == "000042"
    with pytest.raises(Invalid, match="6 位"):
        numbering.check_lookup_code("42")


def test_supervision_number() -> None:
    assert numbering.supervision_number("永", 2026, 12) == "永政热督〔2026〕12号"
    assert numbering.read_supervision_number("永政热督[2026] 12号") == ("永", 2026, 12)
    for place, serial in (("", 12), ("永", 0)):
        with pytest.raises(Invalid):
            numbering.supervision_number(place, 2026, serial)


def test_archive_number() -> None:
    assert numbering.archive_number("0012", 2026, "D10", 317) == "0012-RX·2026-D10-000317"
    for fonds, retention, serial in (("", "Y", 1), ("1", "10年", 1), ("1", "Y", 0)):
        with pytest.raises(Invalid):
            numbering.archive_number(fonds, 2026, retention, serial)
