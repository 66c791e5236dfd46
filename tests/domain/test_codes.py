import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import codes
from console.domain.codes import DivisionLevel
from console.domain.errors import Invalid

LEVELS = [int(level) for level in DivisionLevel]
CODES = st.sampled_from(LEVELS).flatmap(
    lambda length: st.text(alphabet="0123456789", min_size=length, max_size=length)
)
DEPARTMENTS = st.integers(1, 999).map("D{}".format)
ANY_CODE = CODES | DEPARTMENTS


@given(ANY_CODE, ANY_CODE)
def test_range_and_cover_agree(prefix: str, code: str) -> None:
    low, high = codes.code_range(prefix)
    assert (low <= code < high) == codes.covers(prefix, code)


@given(CODES)
def test_a_code_covers_what_is_below_it(code: str) -> None:
    for length in LEVELS:
        low, high = codes.code_range(code[:length])
        assert low <= code < high


@given(ANY_CODE)
def test_empty_prefix_covers_all(code: str) -> None:
    low, high = codes.code_range("")
    assert low <= code < high
    assert codes.covers("", code)


def test_real_grid_code() -> None:
    grid = codes.read_division_code("320582110152102")
    assert grid.level is DivisionLevel.GRID
    assert grid.parent == codes.DivisionCode("320582110152")
    assert grid.ancestors == ("32", "3205", "320582", "320582110", "320582110152")
    assert codes.read_division_code("320582110").kind == "镇"
    assert codes.read_division_code("320582110152").kind == "社区"
    assert codes.read_division_code("32").parent is None


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("430600", "4306"), ("430000", "43"), ("430602000000", "430602"), ("４３０６０２", "430602")],
)
def test_padding_is_dropped(typed: str, plain: str) -> None:
    assert codes.read_division_code(typed).text == plain


@pytest.mark.parametrize(
    ("text", "words"),
    [("43060", "是 5 位"), ("", "请填写"), ("4306x2", "只含数字"), ("043060", "不能以 0 开头")],
)
def test_faults_are_named(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        codes.read_division_code(text)


def test_grid_codes() -> None:
    assert codes.grid_code("320582110152", 102) == "320582110152102"
    assert codes.read_grid_code("320582110152102") == "320582110152102"
    local = codes.GridCodeRule(r"[0-9]{15}[A-Z][0-9]{2}", "15 位数字加字母和两位数字")
    assert codes.read_grid_code("320582110152102a01", local) == "320582110152102A01"
    with pytest.raises(Invalid, match="999"):
        codes.grid_code("320582110152", 1000)
    with pytest.raises(Invalid, match="12 位"):
        codes.grid_code("320582", 1)
    with pytest.raises(Invalid, match="15 位数字加字母"):
        codes.read_grid_code("320582110152102", local)


def test_component_code() -> None:
    manhole = codes.read_component_code("3205820102048188")
    assert (manhole.division, manhole.major, manhole.minor) == ("320582", "01", "02")
    assert manhole.sequence == 48188
    with pytest.raises(Invalid, match="应为 16 位，现在是 3 位"):
        codes.read_component_code("320")
