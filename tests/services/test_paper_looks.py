"""Paper as the eye has it: black and white, nothing faint but the watermark, no label cut, every mark in its place."""

import re
from collections import Counter
from functools import cache

import pytest

from console.domain import forms
from console.domain.forms import Document, FormKind
from console.domain.sheets import SheetKind
from console.domain.states import Urgency
from console.services.paper import preview
from console.services.paper.catalogue import CATALOGUE
from console.services.paper.forms.parts import Order
from console.services.paper.layout import Rule, Sheet, Text
from tests.builders import ACCEPTED, case_file, result
from tests.services.paper_pages import needs_poppler, pages
from tests.services.test_paper import DETAILS, STAMP, paper, printed
from tests.sheet_records import blames, record

pytestmark = needs_poppler

_DPI = 72
# Printed on the worst machine of a street office: what is lighter is white, what is darker is black.
_BLACK, _FAINT = 96, 215


def sheets() -> list[Document]:
    return [paper().render_sheet(kind, record(kind), STAMP) for kind in SheetKind]


@cache
def pixels(form: FormKind) -> tuple[int, bytes]:
    """Width and the BGRA bytes of a form's first page."""
    width, _height, raw = preview(printed(form, urgency=Urgency.URGENT).pdf, 0, _DPI)
    return width, raw


@pytest.mark.parametrize("form", FormKind)
def test_nothing_is_told_by_colour(form: FormKind) -> None:
    _width, raw = pixels(form)
    assert raw[0::4] == raw[1::4] == raw[2::4]


def test_no_sheet_tells_anything_by_colour() -> None:
    for document in sheets():
        _width, _height, raw = preview(document.pdf, 0, _DPI)
        assert raw[0::4] == raw[1::4] == raw[2::4]


DENSE = (FormKind.TICKET_FORM, FormKind.HANDLING_SHEET, FormKind.CLOSURE_REPORT, FormKind.GRID_TASK)


@pytest.mark.parametrize("form", DENSE)
def test_what_is_printed_is_black_and_what_is_not_is_faint(form: FormKind) -> None:
    """Between ink and watermark there are only the soft edges of letters: a fax or a copy loses nothing."""
    _width, _height, raw = preview(printed(form).pdf, 0, 300)
    shades = Counter(raw[0::4])
    ink = sum(count for shade, count in shades.items() if shade <= _BLACK)
    between = sum(count for shade, count in shades.items() if _BLACK < shade < _FAINT)
    assert ink > 0.01 * shades[255]
    assert between < 0.6 * ink


@pytest.mark.parametrize("form", FormKind)
def test_no_letter_or_line_that_says_something_is_grey(form: FormKind) -> None:
    plan, record_ = CATALOGUE[form], DETAILS.get(form)
    sheet = Sheet(paper().fonts, top=plan.top)
    plan.lay_out(sheet, Order(case_file(), STAMP, (record_,) if record_ else ()))
    for op in (op for page in sheet.pages for op in page):
        if isinstance(op, Text):
            assert op.style.grey == 0.0, op.text
        if isinstance(op, Rule):
            # Writing lines and the cut line are dashed and may be lighter; frames are black.
            assert op.grey == 0.0 or (op.dash and op.grey <= 0.35)


# Side labels are set one character a line: a cut one would lose its last characters.
SIDE_LABELS = {
    FormKind.HANDLING_SHEET: ("联系群众", "现场核查", "处理结果", "公开答复内容", "经办"),
    FormKind.VERIFICATION: ("办理反馈", "现场核查"),
    FormKind.POLICE_HANDOVER: ("移交情况", "诉求情况", "三方通话记录", "移交结果", "签字"),
    FormKind.CALLBACK_RECORD: ("第1次", "第2次"),
}


@pytest.mark.parametrize("form", SIDE_LABELS)
@pytest.mark.parametrize("filled", [True, False])
def test_no_side_label_is_cut(form: FormKind, filled: bool) -> None:
    three = forms.PoliceHandover("out", three_way=True)
    details = three if form is FormKind.POLICE_HANDOVER else DETAILS.get(form)
    short = result(public_reply="已疏通。", measures="", internal_note="", cause="")
    case = case_file() if filled else case_file(result=short, content="堵了。")
    text = "".join(pages(paper().render(form, case, STAMP, details).pdf))
    for label in SIDE_LABELS[form]:
        assert label in text


# The captions of field-facts 9.2 to 9.7, line by line.
FIELDS = {
    FormKind.TICKET_FORM: (
        "工单编号 受理时间 来电人 联系电话 信息来源 来电类别 是否回复 事发地点 诉求性质 "
        "诉求分类 事项标签 紧急程度 诉求标题 诉求内容 拟办意见 派单员 审核 主办单位 协办单位 "
        "签收时限 办结时限 限时灯 受理员 热线中心（章）"
    ),
    FormKind.HANDLING_SHEET: (
        "签收单位 签收人 签收时间 领导批示 承办科室意见 联系时间 联系号码 联系人 联系方式 "
        "核查时间 核查人员 核查情况 照片编号 诉求属实 是否解决 未解决原因 承诺期限 "
        "公开答复内容 承办人签字 审核人签字 分管负责人签发 望台街道办事处（盖章） 反馈时间 "
        "法律依据 诉求人满意度"
    ),
    FormKind.GRID_TASK: (
        "任务编号 母单号 网格 网格员 □核实 □走访 □核查 时限 到场时间 现场情况 照片编号 签字"
    ),
    FormKind.URGING_NOTICE: ("原工单 应办时限 已超时 请于 抄送"),
    FormKind.SUPERVISION_NOTICE: (
        "督办事项 原工单 主送（牵头单位） 配合单位 抄送 批示领导 批示内容 牵头领导 配合领导 "
        "督办原因 超期未签收 超期未办结 群众不满意 多次退单 领导批示 其他 督办内容及要求 "
        "交办时限 反馈周期 一次性 定期 督办联系人 联系电话 承办单位反馈 附件 签发人 （印章） "
        "领导批示为工作秘密，不得擅自扩散"
    ),
    FormKind.RETURN_REQUEST: (
        "属地不符 职责不符 权属不清 内容不清 重复 三定依据 建议承办单位 经办 审核 审批意见"
    ),
    FormKind.EXTENSION_REQUEST: (
        "原办结时限 申请延至 申请天数 延期理由 法定时限依据 已告知诉求人 审批意见"
    ),
    FormKind.CALLBACK_RECORD: (
        "工单编号 回访次数 回访时间 回访员 接通 无人接 停机 拒接 号码错 是否联系您 是否解决 "
        "非常满意 基本满意 非常不满意 不评价 不满意原因 结果 态度 时效 对热线服务 诉求人意见 "
        "回访结论 结案 重办 督办"
    ),
    FormKind.VERIFICATION: (
        "核查时间 核查人员 核查情况 核查结论 处置前照片 处置后照片 当事人签字 是否矛盾件 网格长"
    ),
    FormKind.JOINT_SHEET: (
        "退单单位 退单理由 依据 建议承办单位 中心意见 参加单位 会商结论 主办单位 协办单位 "
        "主持人 记录人"
    ),
    FormKind.COPY_NOTICE: ("请阅知 抄告单位 抄告时间 阅知人 阅知时间 不改变承办责任"),
    FormKind.POLICE_HANDOVER: (
        "移交方向 移交时间 移交人 接收人工号 首接方 移交理由 处理结果 退回理由 三方通话 "
        "12345热线（章）"
    ),
}


@pytest.mark.parametrize("form", FIELDS)
def test_every_field_of_the_real_form_is_there(form: FormKind) -> None:
    text = "".join(pages(printed(form).pdf))
    assert [field for field in FIELDS[form].split() if field not in text] == []


@pytest.mark.parametrize("form", FormKind)
def test_no_english_word_is_printed(form: FormKind) -> None:
    """Numbers, file endings and what the case itself says aside."""
    text = "".join(pages(printed(form).pdf)).replace(".jpg", "").replace("R20260308", "")
    assert re.findall(r"[A-Za-z]{2,}", text) == []


def test_no_english_word_is_on_a_sheet() -> None:
    for document in sheets():
        text = "".join(pages(document.pdf)).replace("TJ260308-7KQ2M", "")
        assert re.findall(r"[A-Za-z]{2,}", text) == []


def test_a_joint_sheet_leaves_room_for_every_unit_to_sign() -> None:
    units = tuple(f"第{at}局" for at in range(9))
    sheet = forms.JointSheet(units=units, conclusion="由第1局主办。", concluded_at=ACCEPTED)
    text = "".join(pages(paper().render(FormKind.JOINT_SHEET, case_file(), STAMP, sheet).pdf))
    for unit in units:
        assert f"{unit}____" in text


def test_a_sheet_with_a_confidential_row_says_so_on_every_page() -> None:
    for kind in (SheetKind.SHIFT_HANDOVER, SheetKind.SUPERVISION_LEDGER):
        for page in pages(paper().render_sheet(kind, record(kind, 20), STAMP).pdf):
            assert "【保密】" in page
    plain = pages(
        paper()
        .render_sheet(SheetKind.RETURN_STATISTICS, record(SheetKind.RETURN_STATISTICS), STAMP)
        .pdf
    )
    assert "【保密】" not in "".join(plain)


@pytest.mark.parametrize("kind", SheetKind)
def test_every_sheet_tells_whose_copy_it_is_and_how_to_count_again(kind: SheetKind) -> None:
    found = pages(paper().render_sheet(kind, record(kind, 12), STAMP).pdf)
    for at, page in enumerate(found, 1):
        assert "打印人王文员8055" in page
        assert "份号2026-000731" in page
        assert f"第{at}页共{len(found)}页" in page
        assert "复核码TJ260308-7KQ2M" in page
    assert "按同一口径重算" in found[-1]
    assert "数据截至2026-03-0818:24" in found[0]


def test_a_sheet_takes_its_own_record_only() -> None:
    with pytest.raises(TypeError, match="ShiftHandover"):
        paper().render_sheet(SheetKind.SHIFT_HANDOVER, record(SheetKind.RETURN_STATISTICS), STAMP)


def test_the_accountability_list_counts_units_and_persons() -> None:
    found = pages(paper().render_sheet(SheetKind.ACCOUNTABILITY_LIST, blames(4), STAMP).pdf)
    text = "".join(found)
    assert "一、单位（4）" in text
    assert "二、个人（4）" in text
    assert "3云澜市" not in text
    assert "刘联络34003" in text
    assert "合计4个单位；承办486件，超期34件；扣分34" in text
    assert "问责事项" not in text
    plain = paper().render_sheet(SheetKind.ACCOUNTABILITY_LIST, blames(2, persons=False), STAMP)
    assert "二、个人" not in "".join(pages(plain.pdf))
