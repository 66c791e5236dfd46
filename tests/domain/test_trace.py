"""The code that finds a viewer and a minute again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.trace import read_trace, trace_code

moments = st.datetimes(datetime(2020, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.from_regex(r"[A-Z0-9]{1,12}", fullmatch=True), moments)
def test_the_code_gives_back_who_and_the_minute(agent_no: str, at: datetime) -> None:
    who, when = read_trace(trace_code(agent_no, at))
    assert who == agent_no
    assert timedelta(0) <= at - when < timedelta(minutes=1)


def test_it_is_short_and_has_no_letter_that_is_misread() -> None:
    code = trace_code("0061", datetime(2026, 11, 22, 2, 24, tzinfo=UTC))
    assert code == "0061-3EKNG"
    assert read_trace(code.lower())[1] == datetime(2026, 11, 22, 2, 24, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "0061", "0061-", "0061-3EQ", "0061-OOOOO"])
def test_anything_else_is_no_code(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        read_trace(text)
