from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.address import AddressParts, parse_address
from console.domain.address_book import (
    BookGrid,
    Building,
    Community,
    Estate,
    InMemoryAddressBook,
    RoadRange,
    Side,
)
from console.domain.chinese_numbers import chinese_number
from console.domain.ownership import AnswerKind, find_owner

FIRST = BookGrid(1, "990101001001001", "第1网格", "清风社区", "清河街道", "楼台区")
SECOND = BookGrid(2, "990101001001002", "第2网格", "清风社区", "清河街道", "楼台区")
THIRD = BookGrid(3, "990101002001001", "第3网格", "望台社区", "望台街道", "楼台区")
BOOK = InMemoryAddressBook(
    ranges=[
        RoadRange("保利西街", 101, 199, Side.ODD, FIRST),
        RoadRange("保利西街", 2, 200, Side.EVEN, SECOND),
        RoadRange("保利西街", 1, 99, Side.ODD, THIRD),
        RoadRange("五一路", 1, 500, Side.BOTH, THIRD),
        RoadRange("站前路", 1, 50, Side.BOTH, FIRST),
        RoadRange("站前路", 1, 80, Side.BOTH, THIRD),
    ],
    estate_list=[Estate(1, "阳光花园", (FIRST, SECOND)), Estate(2, "保利小区", (THIRD,))],
    building_lists={1: [Building("3", FIRST), Building("5栋", SECOND)]},
    community_list=[Community("清风社区", (FIRST, SECOND)), Community("望台社区", (THIRD,))],
)


def named(parts: AddressParts) -> dict[str, Any]:
    return {
        name: value
        for name in parts.__slots__
        if name != "text" and (value := getattr(parts, name)) not in ("", None, ())
    }


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "保利西街123到130号门面",
            {"road": "保利西街", "number_low": 123, "number_high": 130, "shop": "门面"},
        ),
        (
            "保利西街一百二十三至一百三十號",
            {"road": "保利西街", "number_low": 123, "number_high": 130},
        ),
        ("保利西街１２３～１３０号", {"road": "保利西街", "number_low": 123, "number_high": 130}),
        ("枫桥湖路123-1号", {"road": "枫桥湖路", "number_low": 123}),
        ("保利西街3-501", {"road": "保利西街", "number_low": 3, "room": "501"}),
        (
            "我住在清河街道清风社区阳光花园三栋二单元501室",
            {
                "street": "清河街道",
                "community": "清风社区",
                "estate": "阳光花园",
                "building": "3",
                "unit": "2",
                "room": "501",
            },
        ),
        ("阳光花园3-2-501", {"estate": "阳光花园", "building": "3", "unit": "2", "room": "501"}),
        ("阳光花园3幢", {"estate": "阳光花园", "building": "3"}),
        ("阳光花园3号楼", {"estate": "阳光花园", "building": "3"}),
        ("阳光花园3楼", {"estate": "阳光花园", "building": "3"}),
        ("阳光花园A座1201", {"estate": "阳光花园", "building": "A", "room": "1201"}),
        (
            "沧澜省云澜市楼台区望台街道望台社区建设路北一巷12号院3栋",
            {
                "city": "云澜市",
                "district": "楼台区",
                "street": "望台街道",
                "community": "望台社区",
                "road": "建设路北一巷",
                "number_low": 12,
                "building": "3",
            },
        ),
        ("五里牌路口保利西街12号", {"road": "保利西街", "number_low": 12}),
        ("人行道破损，在保利西街", {"road": "保利西街"}),
        ("八一大道十二号楼", {"road": "八一大道", "building": "12"}),
        ("107国道120号", {"road": "107国道", "number_low": 120}),
        ("清河大道建设银行旁", {"road": "清河大道", "landmarks": ("建设银行",)}),
        ("华联超市旁边", {"landmarks": ("华联超市",)}),
        ("王家河村3组", {"community": "王家河村", "group": "3"}),
        ("", {}),
    ],
)
def test_parts_of_a_sentence(sentence: str, expected: dict[str, Any]) -> None:
    assert named(parse_address(sentence)) == expected


def test_traditional_by_the_given_converter() -> None:
    parts = parse_address(
        "陽光花園三棟", simplify=lambda t: t.replace("陽", "阳").replace("園", "园")
    )
    assert (parts.estate, parts.building) == ("阳光花园", "3")


def test_known_names_are_taken_off_the_front() -> None:
    parts = parse_address(
        "经开区八字门街道口水井社区站前路8号", known=("八字门街道", "口水井社区", "经开区")
    )
    assert (parts.district, parts.street, parts.community) == ("经开区", "八字门街道", "口水井社区")
    assert (parts.road, parts.number_low) == ("站前路", 8)


@given(
    st.text(max_size=30) | st.text(alphabet="保利西街路巷区村社栋楼号室12三-到附在口,", max_size=30)
)
def test_any_sentence_can_be_parsed_and_looked_up(sentence: str) -> None:
    answer = find_owner(parse_address(sentence), BOOK)
    assert answer.rule
    assert (answer.grid is not None) == (answer.kind is AnswerKind.FOUND)
    assert bool(answer.question) == (answer.kind is not AnswerKind.FOUND)


@given(st.integers(1, 200))
def test_every_registered_door_is_found_on_its_side(door: int) -> None:
    answer = find_owner(parse_address(f"楼台区保利西街{door}号"), BOOK)
    assert answer.grid is (SECOND if door % 2 == 0 else FIRST if door > 100 else THIRD)


@given(st.integers(1, 220), st.integers(0, 60))
def test_a_range_of_doors_meets_exactly_the_grids_of_its_doors(low: int, length: int) -> None:
    high = low + length
    step = 2 if length % 2 == 0 else 1
    for entry in BOOK.ranges:
        doors = range(low, high + 1, step)
        odd = {Side.ODD: (1,), Side.EVEN: (0,), Side.BOTH: (0, 1)}[entry.side]
        meets = any(entry.low <= d <= entry.high and d % 2 in odd for d in doors)
        assert entry.meets(low, high) == meets


@pytest.mark.parametrize(
    ("sentence", "grid", "rule"),
    [
        ("保利西街123号", FIRST, "按地址：保利西街 101–199 号单号侧"),
        ("保利西街124号", SECOND, "按地址：保利西街 2–200 号双号侧"),
        ("保利西街101-109号", FIRST, "按地址：保利西街 101–199 号单号侧"),
        ("前进保利西街123号", FIRST, "按地址：保利西街 101–199 号单号侧"),
        ("望台街道站前路8号", THIRD, "按地址：站前路 1–80 号"),
        ("五一路", THIRD, "按道路：五一路（全路在一个网格）"),
        ("阳光花园3栋", FIRST, "按楼栋：阳光花园 3 栋"),
        ("阳光花园五号楼", SECOND, "按楼栋：阳光花园 5 栋"),
        ("保利小区12栋", THIRD, "按小区：保利小区（整个小区在一个网格）"),
        ("望台社区", THIRD, "按社区：望台社区"),
    ],
)
def test_found_with_the_rule_that_decided(sentence: str, grid: BookGrid, rule: str) -> None:
    answer = find_owner(parse_address(sentence), BOOK)
    assert (answer.kind, answer.grid, answer.rule) == (AnswerKind.FOUND, grid, rule)


@pytest.mark.parametrize(
    ("sentence", "question", "grids"),
    [
        ("保利西街", "保利西街跨三个网格，请问门牌号？", {FIRST, SECOND, THIRD}),
        (
            "保利西街123到130号门面",
            "保利西街 123–130 号跨两个网格，请问具体门牌号？",
            {FIRST, SECOND},
        ),
        ("保利西街95-105号", "保利西街 95–105 号跨两个网格，请问具体门牌号？", {FIRST, THIRD}),
        ("站前路8号", "有两处“站前路 8 号”，请问在哪个街道或社区？", {FIRST, THIRD}),
        ("阳光花园", "阳光花园跨两个网格，请问几栋？", {FIRST, SECOND}),
        ("阳光花园9栋", "阳光花园跨两个网格，没有登记 9 栋，请问几栋？", {FIRST, SECOND}),
        ("清风社区", "清风社区有两个网格，请问在哪条路或哪个小区？", {FIRST, SECOND}),
    ],
)
def test_ambiguous_says_what_to_ask(sentence: str, question: str, grids: set[BookGrid]) -> None:
    answer = find_owner(parse_address(sentence), BOOK)
    assert (answer.kind, answer.question) == (AnswerKind.AMBIGUOUS, question)
    assert {candidate.grid for candidate in answer.candidates} == grids


def test_outside() -> None:
    answer = find_owner(parse_address("火星路1号"), BOOK)
    assert (answer.kind, answer.rule) == (
        AnswerKind.OUTSIDE,
        "没有登记“火星路”，该地址不在任何网格内",
    )
    beyond = find_owner(parse_address("保利西街999号"), BOOK)
    assert beyond.kind is AnswerKind.OUTSIDE
    assert "999 号不在登记的门牌范围内" in beyond.rule
    assert len(beyond.candidates) == 3


def test_the_grid_next_door_is_named_near_the_boundary() -> None:
    near = find_owner(parse_address("保利西街101号"), BOOK)
    assert [n.grid for n in near.neighbours] == [THIRD]
    assert find_owner(parse_address("保利西街151号"), BOOK).neighbours == ()


@given(st.integers(1, 9999))
def test_chinese_numbers_with_weights(value: int) -> None:
    digits = "零一二三四五六七八九"
    said = ""
    for weight, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // weight % 10
        said += digits[digit] + word if digit else "零" * bool(said and not said.endswith("零"))
    assert chinese_number(said.rstrip("零")) == value
    assert chinese_number("".join(digits[int(d)] for d in str(value))) == value
