"""Highways and their stakes: read however they are said, found in one grid, asked about, or outside."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.address import parse_address, plain
from console.domain.address_book import (
    BookGrid,
    Estate,
    InMemoryAddressBook,
    Landmark,
    RoadRange,
    Side,
)
from console.domain.gazetteer import Gazetteer
from console.domain.highways import highway_keys, read_stake, stake_words
from console.domain.ownership import AnswerKind, OwnerAnswer, find_owner
from db.search import fold

G1 = BookGrid(1, "990101200201001", "第一网格", "前窑村", "柳渡乡", "楼台区")
G2 = BookGrid(2, "990101200201002", "第二网格", "前窑村", "柳渡乡", "楼台区")
G3 = BookGrid(3, "990101200202001", "第三网格", "石桥村", "柳渡乡", "楼台区")
BOOK = InMemoryAddressBook(
    ranges=[
        RoadRange("G107国道", 1_518_000, 1_520_500, Side.STAKE, G1),
        RoadRange("G107国道", 1_520_500, 1_523_000, Side.STAKE, G2),
        RoadRange("G107国道", 1, 99, Side.ODD, G3),
        RoadRange("省道306线", 10_000, 15_000, Side.STAKE, G3),
        RoadRange("G4京港澳高速公路", 1_400_000, 1_410_000, Side.STAKE, G1),
        RoadRange("G4京港澳高速公路", 1_410_000, 1_420_000, Side.STAKE, G3),
        RoadRange("窑前路", 1, 60, Side.BOTH, G3),
    ],
    estate_list=[Estate(1, "石桥村", (G3,)), Estate(2, "前窑村", (G1, G2))],
    landmark_list=[Landmark("石桥小学", G3, "学校")],
)  # fmt: skip
NAMES = Gazetteer(BOOK.names, lambda name: plain(name, fold))


def owner(sentence: str) -> OwnerAnswer:
    return find_owner(parse_address(sentence, fold, (), NAMES), BOOK)


TABLE = """
G107 K1520+300                       F1
G107国道K1520+300                    F1
g107 k1520+300                       F1
Ｇ１０７　Ｋ１５２０＋３００         F1
国道107线K1520+800处                 F2
107国道1520公里300米                 F1
107国道1520公里加800米处             F2
國道107線1519公里處                  F1
国道107线1520公里处                  A12
107国道1522公里                      F2
国道一零七线一千五百一十九公里       F1
107国道1520.2公里处                  F1
107国道桩号1521+050                  F2
107国道往长沙方向1519公里处有坑      F1
107国道由南向北1521公里              F2
K1519+200处，国道107                 F1
G107线柳渡乡段K1519+200              F1
107国道1519到1522公里                A12
G107 K1519+000至K1520+100            F1
G107 K1520+500                       A12
G107 K1519+300附近                   A1
G107 K1519+800附近                   A12
107国道1518公里800米对面             A1
107国道1600公里                      O
G107 K15+200                         O
107国道上有个大坑                    A123
国道107线路灯不亮                    A123
107国道15号                          F3
G108 K1520+300                       O
S306省道12公里                       F3
省道306线K12+500路面塌陷             F3
省道306线K15+000                     F3
省道306线16公里                      O
306省道上                            F3
京港澳高速1405公里                   F1
G4 K1415+000                         F3
我在京港澳高速1415公里处             F3
京港澳高速                           A13
距107国道3公里                       A123
沿107国道走1519公里                  A123
石桥村G107 K1519+200                 A13
G107 K1519+200石桥小学旁             A13
G107前窑村路段K1519+200              F1
石桥小学                             F3
窑前路12号                           F3
"""
ROWS = [re.fullmatch(r"(.+?)\s+([FAO])([1-6]*)", line) for line in TABLE.strip().splitlines()]
WORDS = {"F": AnswerKind.FOUND, "A": AnswerKind.AMBIGUOUS, "O": AnswerKind.OUTSIDE}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_stake_is_found_asked_about_or_outside(row) -> None:
    sentence, kind, grids = row.groups()
    answer = owner(sentence)
    assert answer.kind is WORDS[kind], answer
    if kind != "O":
        assert {str(one.grid.id) for one in answer.candidates} == set(grids), answer
    assert bool(answer.grid) == (kind == "F")
    assert answer.rule


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("107国道1520公里300米", "按桩号：G107国道 K1518+000–K1520+500"),
        ("306省道12公里", "按桩号：省道306线 K10+000–K15+000"),
        ("107国道1600公里", "G107国道 K1600 不在登记的桩号范围内，该地址不在任何网格内"),
    ],
)
def test_the_rule_names_the_stretch(sentence: str, words: str) -> None:
    assert owner(sentence).rule == words


def test_what_is_asked_and_what_was_understood() -> None:
    asked = owner("国道107线1520公里处")
    assert asked.question == "G107国道 K1520跨两个网格，请问是多少米（桩号加号后面的数）？"
    assert asked.recognised == ("道路 国道107线", "桩号 K1520")
    assert owner("107国道").question == "G107国道跨三个网格，请问多少公里处（桩号）？"
    near = owner("G107 K1520+450")
    assert [one.rule for one in near.neighbours] == ["邻界：G107国道 K1520+500–K1523+000"]


@pytest.mark.parametrize(
    ("words", "metres"),
    [("K1520+300", 1_520_300), ("k0+050", 50), ("12+5", 12_005), ("K12", 12_000), ("1520", None), ("K", None)],
)  # fmt: skip
def test_a_stake_in_a_table(words: str, metres: int | None) -> None:
    assert read_stake(words) == metres


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("国道107线", {"G107"}), ("X012县道", {"X12"}), ("G4京港澳高速公路", {"G4", "京港澳高速"}), ("建设路", set()),
        ("高新大道", set()), ("五一路", set()),
    ],
)  # fmt: skip
def test_what_a_highway_goes_by(name: str, keys: set[str]) -> None:
    assert highway_keys(name) == keys


@given(st.integers(0, 9_999_999))
def test_a_stake_is_read_as_it_is_written(metres: int) -> None:
    assert read_stake(stake_words(metres)) == metres


@given(st.integers(1_517_000, 1_524_000))
def test_every_metre_lies_where_the_table_says(metres: int) -> None:
    inside = {r.grid.id for r in BOOK.highway("G107") if r.reaches(metres, metres)}
    answer = owner(f"G107国道{stake_words(metres)}")
    assert {one.grid.id for one in answer.candidates} == inside or answer.kind is AnswerKind.OUTSIDE
    assert (answer.grid is not None) == (len(inside) == 1)
