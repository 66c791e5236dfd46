"""The mark on every copy: what goes in comes out, and nothing else does."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.mark import ROWS, SIDE, Mark, Medium, bits_of, mark_of, tile

moments = st.datetimes(datetime(2020, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
marks = st.builds(
    Mark,
    st.integers(0, (1 << 24) - 1),
    moments,
    st.sampled_from(Medium),
    st.booleans(),
    st.integers(0, 4095),
)


@given(marks)
def test_what_goes_in_comes_out(mark: Mark) -> None:
    read = mark_of(bits_of(mark))
    assert read == Mark(mark.account_id, mark.minute, mark.medium, mark.training, mark.copy)


@given(marks, st.integers(0, 79))
def test_one_wrong_bit_is_no_mark(mark: Mark, at: int) -> None:
    bits = list(bits_of(mark))
    bits[at] ^= 1
    assert mark_of(tuple(bits)) is None


@given(marks)
def test_every_cell_but_the_letters_row_says_something(mark: Mark) -> None:
    drawn = tile(mark)
    assert len(drawn) == SIDE
    assert all(cell in (-1, 1) for row in drawn[:ROWS] for cell in row)
    assert drawn[ROWS] == (0,) * SIDE


def test_an_account_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="16777216"):
        tile(Mark(1 << 24, datetime(2026, 11, 22, tzinfo=UTC)))


def test_a_tile_never_changes_its_shape() -> None:
    """Sheets printed by an older program must be read by a newer one: this pins the whole coding."""
    drawn = tile(Mark(61, datetime(2026, 11, 22, 2, 24, tzinfo=UTC), Medium.PAPER, True, 7))
    assert sha256(repr(drawn).encode()).hexdigest()[:16] == "c7c5e87190b426b7"
