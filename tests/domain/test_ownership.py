"""What a caller says about a place, and whose grid that is: found with its rule, asked about, or outside.

The city is invented. F: found in one grid. A: asked, all possible grids named. O: outside every grid, nothing offered.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.address import parse_address, plain
from console.domain.address_book import (
    BookGrid,
    Building,
    Community,
    Estate,
    InMemoryAddressBook,
    Landmark,
    RoadRange,
    Side,
)
from console.domain.gazetteer import Gazetteer, NameKind
from console.domain.ownership import AnswerKind, OwnerAnswer, find_owner
from db.pinyin import full_pinyin
from db.search import fold

G1 = BookGrid(1, "990101001001001", "第一网格", "清风社区", "清河街道", "楼台区", "四至：泊宁路")
G2 = BookGrid(2, "990101001001002", "第二网格", "清风社区", "清河街道", "楼台区", "四至：兴渡路")
G3 = BookGrid(3, "990101002001001", "第三网格", "望台社区", "望台街道", "楼台区")
G4 = BookGrid(4, "990101002002001", "第四网格", "桂花社区", "望台街道", "楼台区")
V1 = BookGrid(5, "990101200201001", "第五网格", "前窑村", "柳渡乡", "楼台区")
V2 = BookGrid(6, "990101200201002", "第六网格", "前窑村", "柳渡乡", "楼台区")
GRIDS = {"1": G1, "2": G2, "3": G3, "4": G4, "5": V1, "6": V2}
BOOK = InMemoryAddressBook(
    ranges=[
        RoadRange("保利西街", 1, 99, Side.ODD, G3),
        RoadRange("保利西街", 101, 199, Side.ODD, G1),
        RoadRange("保利西街", 2, 200, Side.EVEN, G2),
        RoadRange("五一路", 1, 500, Side.BOTH, G4),
        RoadRange("站前路", 1, 50, Side.BOTH, G1),
        RoadRange("站前路", 1, 80, Side.BOTH, G3),
        RoadRange("兴渡路", 1, 199, Side.ODD, G2),
        RoadRange("兴渡路", 2, 200, Side.EVEN, G2),
        RoadRange("长堤大道", 1, 300, Side.BOTH, G3),
        RoadRange("保利西街五巷", 1, 40, Side.BOTH, G4),
        RoadRange("长宁路", 1001, 1400, Side.BOTH, G2),
        RoadRange("西市街", 1, 60, Side.BOTH, G4),
        RoadRange("在河路", 1, 60, Side.BOTH, G4),
        RoadRange("𡐓坪路", 1, 60, Side.BOTH, G1),
        RoadRange("乾元路", 1, 60, Side.BOTH, G1),
        RoadRange("干元路", 1, 60, Side.BOTH, G3),
    ],
    estate_list=[
        Estate(1, "阳光花园", (G1, G2)),
        Estate(2, "保利小区", (G3,)),
        Estate(3, "和园公寓", (G4,)),
        Estate(4, "前窑村", (V1, V2)),
        Estate(5, "锦绣家园一期", (G1,)),
        Estate(6, "锦绣家园二期", (G3,)),
        Estate(7, "机床厂家属院", (G2,)),
        Estate(8, "䶮园", (G4,)),
    ],
    building_lists={
        1: [Building("1", G1), Building("2", G1), Building("3", G1), Building("5栋", G2), Building("A座", G2)],
        4: [Building("1组8号", V1), Building("1组9号", V1), Building("2组8号", V2), Building("3组1号", V1),
            Building("3组2号", V2)],
    },
    community_list=[Community("清风社区", (G1, G2)), Community("望台社区", (G3,)), Community("桂花社区", (G4,))],
    landmark_list=[
        Landmark("望台小学", G3, "学校", "长堤大道12号"),
        Landmark("砚池公园", G4, "公园"),
        Landmark("兴渡路公交站", G2, "公交站"),
        Landmark("便民超市", G1, "商户"), Landmark("便民超市", G4, "商户"),
        Landmark("清风社区卫生服务站", G1, "卫生站"),
    ],
    sound=lambda name: full_pinyin(name)[0].replace("ng", "n"),
    own_city=("泊宁市",),
)  # fmt: skip
NAMES = Gazetteer(BOOK.names, lambda name: plain(name, fold))


def owner(sentence: str) -> OwnerAnswer:
    return find_owner(parse_address(sentence, fold, (), NAMES), BOOK)


# sentence → F + grid, A + grids, O
TABLE = """
保利西街123号                          F1
保利西街123号门面                      F1
保利西街124号                          F2
我住在保利西街123号                    F1
就在保利西街123号                      F1
保利西街一百二十三号                   F1
保利西街一二三号                       F1
保利西街１２３号                       F1
寶利西街123號                          A1
保利西街 123 号                        F1
保利西街,123号                         F1
保利西街第123号                        F1
保利西街门牌123                        F1
保利西街123                            F1
保利西街123-1号                        F1
保利西街123号附2号                     F1
保利西街123之1号                       F1
保利西街123号2楼                       F1
保利西街123号3栋2单元501               F1
保利西街3-501                          F3
保利西街123到130号门面                 A12
保利西街123-130号                      A12
保利西街123至130号                     A12
保利西街123~130号                      A12
保利西街123—130号                      A12
保利西街１２３～１３０號               A12
保利西街一百二十三到一百三十号         A12
保利西街123号到130号                   A12
保利西街123号至保利西街130号           A12
保利西街123、130号                     A12
保利西街123号和130号                   A12
保利西街123到129号                     F1
保利西街101-109号                      F1
保利西街95-105号                       A13
保利西街95号至保利西街105号            A13
保利西街90到120号双号                  F2
保利西街单号101到109号                 F1
保利西街双号侧                         F2
保利西街偶数号那侧                     F2
保利西街单号侧                         A13
保利西街                               A123
保利西街附近                           A123
保利西街999号                          O
保利西街201到299号                     O
五一路                                 F4
五一路12号                             F4
51路12号                               F4
五一路999号                            O
五一路对面                             A4
清风社区五一路12号                     A4
望台街道五一路12号                     F4
清河街道五一路12号                     A4
泊宁市楼台区望台街道五一路12号         F4
泊宁市五一路12号                       F4
长沙市五一路12号                       O
站前路8号                              A13
望台街道站前路8号                      F3
清风社区站前路8号                      F1
站前路60号                             F3
兴渡路                                 F2
兴渡路30号                             F2
新渡路30号                             A2
兴度路30号                             A2
保丽西街123号                          A1
宝丽西街                               A123
宝利稀街123到130号                     A12
火星路1号                              O
火星路                                 O
长堤大道5号                            F3
东长堤大道5号                          A3
北长堤大道                             A3
前进保利西街123号                      F1
路口保利西街101号                      F1
五里牌路口保利西街12号                 F2
大西市街12号                           A4
卖鱼西市街12号                         A4
保利西街123号对面                      A12
保利西街123号斜对面                    A12
保利西街123号旁边                      A12
保利西街123号附近的工地                A12
保利西街123号门口                      F1
保利西街123号楼下                      F1
保利西街123号和五一路12号              A14
保利西街123号左右                      A12
保利西街123号和125号之间               F1
保利西街从123号到129号                 F1
保利西街101、123、125号                F1
保利西街91、101、103号                 A13
阳光花园1栋和2栋之间                   A1
保利西街与五一路交叉口                 A1234
保利西街和兴渡路交叉口东南角           A2
保利西街与兴渡路口                     A2
保利西街兴渡路路口                     A2
保利西街/兴渡路                        A2
五一路与西市街交叉口                   F4
五一路与火星路交叉口                   A4
站前路与长堤大道十字路口               A3
兴渡路（五一路至站前路段）             F2
保利西街（五一路至站前路段）           A123
保利西街5巷12号                        F4
保利西街五巷12号                       F4
保利西街六巷12号                       O
保利西街北一巷                         O
长宁路1238弄15号302室                  F2
长宁路9弄15号                          O
在河路5号                              F4
住在在河路5号                          F4
𡐓坪路5号                              F1
乾元路5号                              F1
干元路5号                              F3
阳光花园3栋                            F1
阳光花园3号楼                          F1
阳光花园3#                             F1
阳光花园3#楼                           F1
阳光花园3幢                            F1
阳光花园三栋                           F1
阳光花园三号楼二单元501                F1
阳光花园3-2-501                        F1
阳光花园第3栋                          F1
阳光花园03栋                           F1
阳光花园3号                            F1
陽光花園三棟                           F1
阳光花园５幢                           F2
阳光花园A座1201                        F2
阳光花园                               A12
阳光花园9栋                            A12
阳光花园3栋对面                        A1
阳光花园旁边                           A12
阳光花元3栋                            A1
阳光花园幼儿园                         A12
保利小区12栋                           F3
保利小区                               F3
保利小区对面                           A3
保利小区附近                           A3
保利小区门口                           F3
宝丽小区                               A3
保利小区和和园公寓之间                 A34
保利小区旁边的和园公寓1栋              F4
清河街道保利小区                       A3
望台街道保利小区                       F3
锦绣家园一期3栋                        F1
锦绣家园2期                            F3
锦绣家园                               A13
锦绣家园三期                           O
机床厂家属院                           F2
䶮园3栋                                F4
和园公寓1栋                            F4
前窑村1组8号                           F5
前窑村一组8号                          F5
前窑村1组                              F5
前窑村第二村民小组                     F6
前窑村三组                             A56
前窑村                                 A56
柳渡乡前窑村2组8号                     F6
住在前窑村1组9号                       F5
前窑村1组8号旁边                       A5
望台小学                               F3
望台小学门口                           F3
望台小学对面                           A3
望台小学附近                           A3
望台小学和砚池公园之间                 A34
砚池公园北门                           F4
砚池公园东侧50米                       A4
兴渡路公交站                           F2
兴渡路公交站旁                         A2
便民超市                               A14
清风社区便民超市                       F1
清风社区卫生服务站                     F1
保利西街小学                           A123
望台社区                               F3
望台街道望台社区                       F3
清风社区                               A12
清风社区火星路3号                      A12
望台街道                               A
望台街道办事处                         A
望台街道办事处五一路12号               F4
我家门口的路灯坏了                     O
路灯不亮                               O
不知道                                 O
😀                                     O
"""
ROWS = [re.fullmatch(r"(.+?)\s+([FAO])([1-6]*)", line) for line in TABLE.strip().splitlines()]
WORDS = {"F": AnswerKind.FOUND, "A": AnswerKind.AMBIGUOUS, "O": AnswerKind.OUTSIDE}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_sentence_is_found_asked_about_or_outside(row) -> None:
    sentence, kind, grids = row.groups()
    answer = owner(sentence)
    found = {str(one.grid.id) for one in answer.candidates}
    assert answer.kind is WORDS[kind], answer
    if kind != "O":
        assert found == set(grids), answer
    assert bool(answer.grid) == (kind == "F")
    assert answer.rule
    assert bool(answer.question) == (kind != "F")


def test_there_are_enough_sentences() -> None:
    assert len(ROWS) >= 120
    assert all(ROWS)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("保利西街123号", "按地址：保利西街 101–199 号单号侧"),
        ("保利西街双号侧", "按道路：保利西街双号侧（全侧在一个网格）"),
        ("阳光花园5幢", "按楼栋：阳光花园 5 栋"),
        ("前窑村1组8号", "按楼栋：前窑村 1组8 号"),
        ("前窑村一组", "按村组：前窑村 1 组"),
        ("望台小学", "按学校：望台小学（长堤大道12号）"),
        ("五一路与西市街交叉口", "按路口：五一路与西市街（两条路全在一个网格）"),
        ("长宁路1238弄15号", "按地址：长宁路 1001–1400 号"),
        ("𡐓坪路5号", "按地址：𡐓坪路 1–60 号"),
    ],
)
def test_the_rule_is_said_in_a_sentence(sentence: str, words: str) -> None:
    assert owner(sentence).rule == words


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("宝丽西街123号", "没有登记“宝丽西街”，请问是不是“保利西街”？"),
        ("清河街道五一路12号", "登记的“五一路 12 号”在望台街道桂花社区，不在“清河街道”，请核对地址和街道"),
        ("保利小区对面", "只知道在“保利小区”对面，请问事发处是几号、哪个小区几栋？"),
        ("前窑村", "前窑村跨两个网格，请问几组？"),
        ("保利西街和兴渡路交叉口", "保利西街与兴渡路路口可能属一个网格，请问在哪一角、靠近几号？"),
        ("保利西街123号和五一路12号", "说了不止一处门牌，请问事发在哪一处？"),
        ("清风社区火星路3号", "清风社区里没有登记“火星路”，请问属哪个网格？"),
        ("锦绣家园", "有两处“锦绣家园一期”，请问在哪个街道或社区？"),
    ],
)  # fmt: skip
def test_the_question_to_put_to_the_caller(sentence: str, question: str) -> None:
    assert owner(sentence).question == question


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("保利西街999号", "保利西街 999 号不在登记的门牌范围内，该地址不在任何网格内"),
        ("火星路1号", "没有登记“火星路”，该地址不在任何网格内"),
        ("长沙市五一路12号", "“长沙市”不是本市，不在任何网格内"),
        ("路灯不亮", "没有认出地址"),
        ("", "还没有地址"),
    ],
)
def test_outside_is_said_and_nothing_near_is_taken(sentence: str, words: str) -> None:
    answer = owner(sentence)
    assert (answer.kind, answer.rule, answer.grid) == (AnswerKind.OUTSIDE, words, None)


def test_outside_tells_what_the_road_does_have() -> None:
    assert owner("保利西街999号").registered == "单号 1–199 号，双号 2–200 号"
    assert owner("五一路999号").registered == "1–500 号"
    assert owner("火星路1号").registered == ""


def test_candidates_tell_two_parts_of_an_estate_apart() -> None:
    rules = [one.rule for one in owner("阳光花园").candidates]
    assert rules == ["按小区：阳光花园 1–3 栋", "按小区：阳光花园 5 栋，A"]
    bounds = [one.rule for one in owner("清风社区").candidates]
    assert bounds == ["按社区：清风社区（四至：泊宁路）", "按社区：清风社区（四至：兴渡路）"]


def test_what_was_recognised_is_read_back() -> None:
    said = owner("清河街道保利西街123到130号门面").recognised
    assert said == ("街道 清河街道", "道路 保利西街", "门牌 123–130 号")
    assert owner("望台小学对面").recognised == ("地标 望台小学", "方位 对面")


SAID = "保利西街五一路兴渡阳光花园前窑村清风望台小学社区组栋楼号室12三-到与附近对面在口,之间"


@given(st.text(max_size=40) | st.text(alphabet=SAID, max_size=30))
def test_any_sentence_is_answered_and_found_only_with_a_rule(sentence: str) -> None:
    answer = owner(sentence)
    assert answer.rule
    assert (answer.grid is not None) == (answer.kind is AnswerKind.FOUND)
    assert bool(answer.question) == (answer.kind is not AnswerKind.FOUND)


@given(st.integers(1, 260), st.integers(0, 80))
def test_a_range_names_every_grid_its_doors_lie_in_and_no_other(low: int, length: int) -> None:
    high = low + length
    step = 2 if length % 2 == 0 else 1
    doors = range(low, high + 1, step)
    ranges = BOOK.road_ranges("保利西街")
    inside = {r.grid.id for r in ranges for door in doors if r.meets(door, door)}
    answer = owner(f"保利西街{low}到{high}号")
    if not inside:
        assert answer.kind is AnswerKind.OUTSIDE
    else:
        assert {one.grid.id for one in answer.candidates} == inside
        assert (answer.kind is AnswerKind.FOUND) == (len(inside) == 1)


@given(st.sampled_from(["对面", "附近", "旁边", "斜对面", "隔壁", "往北100米", "一带"]),
       st.sampled_from(["保利西街123号", "五一路", "保利小区", "和园公寓1栋", "望台小学", "前窑村1组8号"]))  # fmt: skip
def test_near_is_never_found(word: str, place: str) -> None:
    answer = owner(place + word)
    assert answer.kind is AnswerKind.AMBIGUOUS
    assert owner(place).grid in {one.grid for one in answer.candidates}


@given(st.sampled_from([name for kind, name in BOOK.names if kind in (NameKind.ROAD, NameKind.ESTATE)]),
       st.sampled_from("东西南北新老大小"))  # fmt: skip
def test_a_longer_unregistered_name_is_never_taken_for_its_tail(name: str, before: str) -> None:
    assert owner(f"{before}{name}").kind is not AnswerKind.FOUND
