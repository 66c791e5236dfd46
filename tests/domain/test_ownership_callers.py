"""As people talk on the telephone: the place somewhere in a long sentence, in any order, half wrong, half missing.

The city is invented, every answer was settled by hand. F: found in one grid. A: asked, exactly these grids named.
O: outside every grid, nothing offered. Never a guess.
"""

import re

import pytest

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
from console.domain.gazetteer import Gazetteer
from console.domain.ownership import AnswerKind, OwnerAnswer, find_spoken
from db.pinyin import full_pinyin
from db.search import fold


def grid(number: int, code: str, community: str, street: str) -> BookGrid:
    return BookGrid(
        number, f"9903{code}", f"{community}第{number}网格", community, street, "河东区"
    )


G1 = grid(1, "01001001001", "渡口社区", "渡口街道")
G2 = grid(2, "01001001002", "渡口社区", "渡口街道")
G3 = grid(3, "01001002001", "桥西社区", "渡口街道")
G4 = grid(4, "01002001001", "石塔社区", "石塔街道")
G5 = grid(5, "01002002001", "锦江社区", "石塔街道")
G6 = grid(6, "01002002002", "锦江社区", "石塔街道")
G7 = grid(7, "01101201001", "青石村", "青石镇")
G8 = grid(8, "01101201002", "青石村", "青石镇")
G9 = grid(9, "01101202001", "柳湾村", "青石镇")


def buildings(numbers: str, where: BookGrid) -> list[Building]:
    return [Building(number, where) for number in numbers.split()]


BOOK = InMemoryAddressBook(
    ranges=[
        RoadRange("保利西街", 1, 129, Side.ODD, G1),
        RoadRange("保利西街", 2, 130, Side.EVEN, G2),
        RoadRange("保利西街", 131, 260, Side.BOTH, G3),
        RoadRange("码头路", 1, 60, Side.BOTH, G1),
        RoadRange("文昌大道", 1, 199, Side.ODD, G3),
        RoadRange("文昌大道", 2, 200, Side.EVEN, G4),
        RoadRange("石塔巷", 1, 80, Side.BOTH, G4),
        RoadRange("锦江路", 1, 150, Side.BOTH, G5),
        RoadRange("三八路", 1, 90, Side.BOTH, G6),
        RoadRange("G107国道", 100_000, 103_200, Side.STAKE, G7),
        RoadRange("G107国道", 103_200, 106_000, Side.STAKE, G9),
    ],
    estate_list=[
        Estate(1, "锦江苑", (G5, G6)),
        Estate(2, "书香名邸", (G3,)),
        Estate(3, "码头新村", (G1,)),
        Estate(4, "纺织厂家属院", (G4,)),
        Estate(5, "滨河一号", (G2,)),
        Estate(6, "青石村", (G7, G8)),
        Estate(7, "柳湾村", (G9,)),
    ],
    building_lists={
        1: [*buildings("1 2 3 4 5 6", G5), *buildings("7 8 9 10 11 12", G6)],
        2: [*buildings("1 2 3 4 A座 B座", G3)],
        3: [*buildings("1栋 2栋 3栋 4栋 5栋 6栋", G1)],
        6: [*buildings("1组1号 1组2号 2组1号 3组15号", G7), *buildings("4组1号 5组8号 6组2号", G8)],
        7: [*buildings("1组1号 2组6号", G9)],
    },
    community_list=[
        Community("渡口社区", (G1, G2)), Community("桥西社区", (G3,)), Community("石塔社区", (G4,)),
        Community("锦江社区", (G5, G6)), Community("青石村", (G7, G8)), Community("柳湾村", (G9,)),
    ],
    landmark_list=[
        Landmark("文昌小学", G4, "学校", "文昌大道18号"), Landmark("渡口派出所", G2, "派出所"),
        Landmark("石塔公园", G4, "公园"), Landmark("锦江农贸市场", G6, "市场"),
        Landmark("汽车东站", G3, "车站"), Landmark("市人民医院", G3, "医院"),
        Landmark("保利西街公交站", G1, "公交站"), Landmark("好又多超市", G5, "商户"),
        Landmark("好又多超市", G1, "商户"),
    ],
    sound=lambda name: full_pinyin(name)[0].replace("ng", "n"),
    own_city=("泊宁市",),
)  # fmt: skip
NAMES = Gazetteer(BOOK.names, lambda name: plain(name, fold))

TABLE = """
喂你好我家住在保利西街45号门口下水道堵了几天了                F1
保利西街123到130号门面前面的下水道堵了                        A123
保利西街那个123到129号的门面，油烟大得很                      F1
保利西街123、125、127号这几家饭店                             F1
保利西街从120号一直到128号双号这边                            F2
保利西街121号到135号门面                                      A13
那个下水道，就是保利西街66号那里，又冒水了                    F2
门牌是45号，保利西街的                                        A123
45号，保利西街                                                A123
河东区渡口街道渡口社区保利西街45号                            F1
渡口街道保利西街140号                                         F3
石塔街道保利西街140号                                         A3
泊宁市河东区文昌大道20号                                      F4
文昌大道20号旁边的工地                                        A34
文昌大道21号对面                                              A34
文昌大道二十一号                                              F3
文昌大道２１号                                                F3
文昌大道21号2单元302                                          F3
文昌大道21号院3栋                                             F3
文昌大道21号后面那条巷子                                      A34
文昌大道21号楼上漏水                                          F3
文昌大道201号                                                 O
文昌路21号                                                    O
文昌达到21号                                                  O
文昌大道和保利西街交叉口的红绿灯坏了                          A3
文昌大道保利西街路口                                          A3
保利西街跟码头路交叉口                                        A1
保利西街（码头路到文昌大道段）                                A123
码头路到文昌大道之间的保利西街                                A123
码头路                                                        F1
码头路上路灯不亮                                              F1
码头路边上                                                    A1
码头路8号和石塔巷8号都停水了                                  A14
石塔巷12号                                                    F4
石塔巷子12号                                                  F4
塔巷12号                                                      O
老石塔巷12号                                                  A4
石塔巷五号                                                    F4
石塔巷最里面那家                                              F4
我在石塔巷这边，具体几号我也不清楚                            F4
锦江路99号                                                    F5
锦江路199号                                                   O
井江路99号                                                    A5
金江路99号                                                    A5
錦江路99號                                                    F5
保利西街四十五号                                              F1
保力西街45号                                                  A1
宝丽西街45号                                                  A1
三八路12号                                                    F6
38路12号                                                      F6
38路公交车站                                                  A6
锦江苑3栋                                                     F5
锦江苑3号楼                                                   F5
锦江苑3幢2单元门口                                            F5
锦江苑三栋二单元五楼                                          F5
锦江苑7号楼1单元501室                                         F6
锦江苑小区8栋                                                 F6
锦江苑                                                        A56
锦江苑里面的健身器材坏了                                      A56
锦江苑15栋                                                    A56
锦江苑3栋后面                                                 A5
锦江苑3栋和7栋中间                                            A56
锦江苑南门                                                    A56
锦江苑对面的好又多超市                                        A15
好又多超市                                                    A15
石塔街道的好又多超市                                          F5
锦江苑二期                                                    A56
锦江苑幼儿园                                                  A56
锦江院3栋                                                     A5
我家就住锦江苑，12栋的                                        F6
12栋，锦江苑                                                  F6
12栋3单元，锦江苑那个小区                                     F6
书香名邸A座1202                                               F3
书香名邸B座                                                   F3
书香名邸5栋                                                   F3
书香名邸门口的垃圾桶                                          F3
书香名邸对面                                                  A3
书香门第3栋                                                   O
码头新村3栋                                                   F1
码头新村3号                                                   F1
码头新村3-2-501                                               F1
码头新村旁边                                                  A1
老码头新村                                                    A1
纺织厂家属院                                                  F4
纺织厂家属区                                                  O
原来纺织厂的家属院                                            O
以前的机床厂那边                                              O
滨河一号                                                      F2
滨河1号                                                       F2
滨河一号3栋                                                   F2
青石村3组15号                                                 F7
青石村三组                                                    F7
青石村第五组                                                  F8
青石村5组的水塘边                                             F8
青石村                                                        A78
青石村七组                                                    A78
青石镇青石村2组                                               F7
青石镇                                                        A
青石村村委会                                                  A78
柳湾村2组6号                                                  F9
柳湾村                                                        F9
柳湾村村口                                                    F9
柳湾村后面的山上                                              A9
柳湾2组                                                       O
渡口街道青石村                                                A78
文昌小学门口                                                  F4
文昌小学后面                                                  A4
文昌小学放学的时候堵车，就在校门口                            F4
文昌大道文昌小学                                              F4
文昌小学和石塔公园之间                                        A4
石塔公园东门                                                  F4
石塔公园往北100米                                             A4
锦江农贸市场里面卖鱼的                                        F6
锦江市场                                                      O
汽车东站出站口                                                F3
汽车站                                                        O
人民医院                                                      A3
市人民医院急诊楼                                              F3
渡口派出所旁边的巷子                                          A2
保利西街公交站                                                F1
保利西街公交站对面                                            A1
我家楼下                                                      O
我家楼下的烧烤摊太吵了                                        O
就在我们小区门口                                              O
楼上装修                                                      O
还是上次那个地方                                              O
3栋2单元                                                      O
123号                                                         O
前面那个路口左转                                              O
长沙市保利西街45号                                            O
渡口社区                                                      A12
桥西社区                                                      F3
桥西社区居委会旁边                                            A3
渡口社区保利西街                                              A12
锦江社区第5网格                                               F5
G107国道K102+100处有个坑                                      F7
107国道103公里                                                A79
国道107线104公里往泊宁方向                                    F9
107国道柳湾村路段                                             F9
107国道旁边的加油站                                           A79
我开车从码头路出来，在保利西街45号门口被撞了                  F1
不是保利西街，是文昌大道21号                                  F3
保利西街45号不对，应该是54号                                  A12
保利西街2家饭店油烟扰民                                       A123
保利西街有5个井盖坏了                                         A123
保利西街上3盏路灯不亮                                         A123
保利西街1号线地铁站                                           A123
锦江苑3个单元都停水                                           A56
石塔巷和码头路                                                A14
码头路与107国道交叉口                                         A179
保利西街45号到码头路8号                                       F1
从锦江苑到书香名邸的路上                                      A356
锦江苑3栋和7栋都停水了                                        A56
锦江苑3栋到5栋                                                F5
锦江苑3、5、7栋                                               A56
青石村3组和5组之间                                            A78
青石村1组和2组                                                F7
青石村到柳湾村的路上                                          A789
文昌小学和锦江农贸市场之间那段路                              A46
我住码头新村，要反映的是锦江路上的路灯                        A15
我家住锦江苑3栋，单位在保利西街45号，单位门口的下水道堵了     A15
我妈住石塔巷12号，我在保利西街45号打的电话                    A14
我住在保利西街45号，要反映文昌大道20号的工地                  A14
码头新村附近的石塔巷                                          A14
锦江路99号锦江苑7栋                                           F6
保利西街140号书香名邸                                         F3
保利西街45号书香名邸                                          A13
渡口社区锦江苑3栋                                             A5
石塔公园里面的文昌小学                                        F4
保利西街45号那边往里走200米                                   A12
过了文昌小学往前走第二个路口                                  A4
锦江苑旁边在建的工地                                          A56
书香名邸一号楼                                                F3
保利西街 8号 1-2-301                                          F2
青石村小学                                                    A78
柳湾村幼儿园旁边                                              A9
新锦江路99号                                                  A5
锦江一路99号                                                  O
西街45号                                                      O
保利西街45号，也就是书香名邸门口                              A13
我在码头路和保利西街的十字路口往东走一点                      A1
锦江苑业主委员会乱收费                                        A56
渡口街道办事处办事大厅                                        A
石塔公园旁边的石塔巷12号                                      F4
书香名邸3栋2单元电梯坏了，已经5天了                           F3
保利西街88号 3天没来水                                        F2
保利西街晚上10点还在施工                                      A123
保利西街45到47                                                F1
保利西街45、46号                                              A12
保利西街四五号                                                A12
保利西街四十五六号                                            A12
保利西街四五十号                                              A123
锦江苑三四栋                                                  F5
锦江苑六七栋                                                  A56
锦江苑三、四栋                                                F5
锦江苑6到8栋                                                  A56
锦江农贸市场5号摊位                                           F6
汽车东站往西200米                                             A3
青石镇文昌大道21号                                            A3
石塔街道文昌大道21号                                          A3
石塔街道文昌大道                                              F4
G107 102公里至105公里                                         A79
107国道K110                                                   O
青石村1到3组                                                  F7
青石村1、2、5组                                               A78
青石村三四组                                                  A78
我们村1组                                                     O
保利西街幺二三号                                              F1
保利西街一百零二号                                            F2
码头新村③栋                                                   F1
保利西街45号转角的药店                                        A12
书香名邸反映锦江苑3栋噪音                                     A35
"""
ROWS = [re.fullmatch(r"(.+?)\s+([FAO])([1-9]*)", line) for line in TABLE.strip().splitlines()]
WORDS = {"F": AnswerKind.FOUND, "A": AnswerKind.AMBIGUOUS, "O": AnswerKind.OUTSIDE}


def owner(sentence: str) -> OwnerAnswer:
    return find_spoken(sentence, lambda said: parse_address(said, fold, (), NAMES), BOOK)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_what_a_caller_says(row) -> None:
    sentence, kind, grids = row.groups()
    answer = owner(sentence)
    assert answer.kind is WORDS[kind], answer
    if kind != "O":
        assert {str(one.grid.id) for one in answer.candidates} == set(grids), answer
    assert bool(answer.grid) == (kind == "F")
    assert answer.rule
    assert bool(answer.question) == (kind != "F")


def test_there_are_enough_of_them() -> None:
    assert all(ROWS)
    assert len(ROWS) >= 120
