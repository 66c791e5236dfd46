"""The category tree and the departments: complete, inherited, and strict about faults (field-facts 7.3)."""

import re
from pathlib import Path

import pytest

from console.domain.catalogue import (
    STREET,
    DepartmentKind,
    default_catalogue,
    load_catalogue,
    load_categories,
    load_departments,
)
from console.domain.policy import PolicyFault
from console.domain.states import Platform, Urgency


def test_the_catalogue_is_complete() -> None:
    catalogue = default_catalogue()
    assert len(catalogue.children()) == 21
    assert len(catalogue.leaves) == 395
    assert len(catalogue.departments) == 89
    assert {one.kind for one in catalogue.departments} == set(DepartmentKind)
    assert all(category.words for category in catalogue.leaves)
    assert {one.platform for one in catalogue.leaves} == set(Platform)
    assert all(catalogue.children(one.code) for one in catalogue.categories if one.level < 3)


# Every second-level name of field-facts 7.3 that the tree must let a call-taker find.
FIELD_NAMES = """市容环境 街面秩序 市政设施 违法建设 户外广告 停车秩序 施工扰民 物业管理 房屋质量 保障性住房
延期交房 城市规划 供水 供电 供气 供暖 公交 排水 公共交通 停车管理 噪声 水污染 消费纠纷 食品安全 网络交易 拖欠工资
社会保险 劳动关系 医疗服务 养老服务 社会救助 残疾人 消防 治安 公园 水质 办事流程 窗口服务 行政效能 政策咨询
市场秩序 行政执法监督 干部作风 举报公职人员 占道经营 垃圾清运 路灯 井盖 下水道堵塞 夜间施工 渗漏 非法营运 餐饮卫生
退换货 入学与划片 低保 消防通道占用 夜间扰民 村两委 宅基地 土地承包 农业保险 健身场所 文物保护 停水 控烟""".split()


def test_the_categories_of_the_field_are_there() -> None:
    names = {category.name for category in default_catalogue().categories}
    assert [name for name in FIELD_NAMES if name not in names] == []


def test_a_category_takes_what_it_does_not_say_from_above() -> None:
    manhole = default_catalogue().get("010304")
    assert manhole is not None
    assert manhole.full_name == "城市管理 › 市政设施 › 井盖"
    assert (manhole.level, manhole.parent_code, manhole.unit) == (3, "0103", "市政处")
    assert (manhole.urgency, manhole.site, manhole.radius, manhole.days) == (
        Urgency.URGENT,
        True,
        30,
        7,
    )
    smoke = default_catalogue().get("080404")
    assert smoke is not None
    assert smoke.tags == ("控烟",)


def test_departments_are_found_by_short_name() -> None:
    catalogue = default_catalogue()
    water = catalogue.department("供水集团")
    assert water is not None
    assert water.kind is DepartmentKind.STATE_FIRM
    assert catalogue.department("无此单位") is None
    assert catalogue.get("999999") is None
    units = {category.unit for category in catalogue.leaves}
    assert STREET in units
    assert len(units) > 50


LEAF = '[[major.middle.leaf]]\ncode = "{}"\nname = "c"\n'
TREE = (
    '[[major]]\ncode = "01"\nname = "a"\nunit = "street"\nplatform = "service"\nradius = 1\ndays = 1\n'
    '[[major.middle]]\ncode = "0101"\nname = "b"\n'
)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (TREE + LEAF.format("0101"), "major[0].middle[0].leaf[0].code", "6 位数字"),
        (TREE + LEAF.format("0101ab"), "major[0].middle[0].leaf[0].code", "6 位数字"),
        (TREE + LEAF.format("010201"), "major[0].middle[0].leaf[0].code", "以 0101 开头"),
        (TREE + LEAF.format("010101") * 2, "major[0].middle[0].leaf[1].code", "没有用过"),
        (
            TREE + LEAF.format("010101") + 'words = " "',
            "major[0].middle[0].leaf[0].words",
            "以空格分开的词",
        ),
        (TREE, "major[0].middle[0].leaf", "缺少"),
        (TREE.replace('unit = "street"\n', "") + LEAF.format("010101"), "major[0].unit", "缺少"),
    ],
)
def test_faults_in_a_category_file(text: str, key: str, said: str) -> None:
    with pytest.raises(PolicyFault, match=re.escape(said)) as caught:
        load_categories(text, "categories.toml")
    assert caught.value.key == key


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ('{code = "X1", name = "a", short = "a", kind = "政府"}', "departments[0].code"),
        ('{code = "D001", name = "a", short = "a", kind = "军队"}', "departments[0].kind"),
        (
            '{code = "D001", name = "a", short = "a", kind = "政府"},'
            '{code = "D002", name = "b", short = "a", kind = "政府"}',
            "departments[1].short",
        ),
    ],
)
def test_faults_in_a_department_file(rows: str, key: str) -> None:
    with pytest.raises(PolicyFault) as caught:
        load_departments(f"departments = [{rows}]", "departments.toml")
    assert caught.value.key == key


def test_a_category_for_an_unknown_department_is_a_fault(tmp_path: Path) -> None:
    text = (TREE + LEAF.format("010101")).replace("street", "无此单位")
    (tmp_path / "categories.toml").write_text(text, encoding="utf-8")
    (tmp_path / "departments.toml").write_text("departments = []", encoding="utf-8")
    with pytest.raises(PolicyFault, match="无此单位"):
        load_catalogue(tmp_path)
