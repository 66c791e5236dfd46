"""Forms on paper: what must be in them, what must never be, and that they are whole."""

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from time import sleep

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import forms
from console.domain.errors import Cancelled, Invalid
from console.domain.forms import FORM_NAMES, Document, FormDetails, FormKind, Stamp
from console.domain.states import TicketState, Urgency
from console.services.paper import Paper, preview
from console.services.paper.fonts import Role, find_chains
from console.services.paper.glyphs import Fonts
from console.services.paper.layout import (
    BOTTOM,
    LEFT,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    VALUE,
    WIDTH,
    Sheet,
    Text,
)
from console.services.paper.text import NO_END, NO_START, wrap
from tests.builders import ACCEPTED, CONTENT, callbacks, case_file, events, result

STAMP = Stamp("王文员 8055", datetime(2026, 3, 10, 2, 5, tzinfo=UTC), "2026-000731")
TABLES = (FormKind.TICKET_FORM, FormKind.HANDLING_SHEET)
needs_poppler = pytest.mark.skipif(
    not shutil.which("pdftotext"), reason="poppler-utils is not installed"
)
DETAILS: dict[FormKind, FormDetails] = {
    FormKind.GRID_TASK: forms.GridTask(
        "R20260308-0031", "响应", task="到场核实", due=ACCEPTED + timedelta(minutes=75)
    ),
    FormKind.URGING_NOTICE: forms.UrgingNotice(
        "岳政热催〔2026〕3号", overdue=timedelta(hours=26), copy_to="分管负责人"
    ),
    FormKind.SUPERVISION_NOTICE: forms.SupervisionNotice(
        "岳政热督〔2026〕12号", reasons=("领导批示", "媒体曝光")
    ),
    FormKind.RETURN_REQUEST: forms.ReturnRequest(
        "望台街道办事处", ("权属不清",), "管道由市政管养。"
    ),
    FormKind.EXTENSION_REQUEST: forms.ExtensionRequest("望台街道办事处", days=5, told_citizen=True),
    FormKind.REJECTION_NOTICE: forms.RejectionNotice("已进入信访渠道", advice="向市信访局查询。"),
    FormKind.DESIGNATION_NOTICE: forms.DesignationNotice("岳政热指〔2026〕2号", dispatches=3),
    FormKind.REPLY_LETTER: forms.ReplyLetter(contact_phone="0730-8800000"),
    FormKind.HANDLING_SHEET: forms.HandlingFacts(
        (forms.ContactNote(ACCEPTED + timedelta(minutes=75), "138****0012", "电话", "吴小燕"),)
    ),
    FormKind.VERIFICATION: forms.Verification(before=("附件1",), after=("附件2",)),
    FormKind.JOINT_SHEET: forms.JointSheet(refusals=(forms.Refusal("区市政维护所", "职责不符"),)),
    FormKind.COPY_NOTICE: forms.CopyNotice(told=(forms.Told("区城市管理局"),)),
    FormKind.POLICE_HANDOVER: forms.PoliceHandover("out", three_way=False),
}


@cache
def paper() -> Paper:
    """One desk for all tests: it keeps its converted glyphs, and knows no fonts but the wheel's."""
    return Paper(Fonts(find_chains(())))


def printed(
    form: FormKind, stamp: Stamp = STAMP, blank: bool = False, **changes: object
) -> Document:
    return paper().render(form, case_file(**changes), stamp, None if blank else DETAILS.get(form))


def page_texts(pdf: bytes) -> list[str]:
    document = pdfium.PdfDocument(pdf)
    texts = []
    for page in document:
        text = page.get_textpage()
        texts.append(text.get_text_range().replace("\r\n", "\n"))
        text.close()
        page.close()
    document.close()
    return texts


def all_text(document: Document) -> str:
    """The text of every page without white space, so that line ends do not matter."""
    return re.sub(r"\s", "", "".join(page_texts(document.pdf)))


FURNITURE = re.compile(
    r"(?:20260308010001237)?(?:—\d+—)?工单编号\d{17}第\d+页共\d+页份号2026-000731打印人王文员8055打印时间2026-03-1010:05"
    r"|王文员80552026-03-1010:05份号2026-000731"
)


def body_text(document: Document) -> str:
    """All text without what stands on every page, so that sentences run on from page to page."""
    return FURNITURE.sub("", all_text(document))


def run(program: str, pdf: bytes, tmp_path: Path, *arguments: str) -> str:
    path = tmp_path / "form.pdf"
    path.write_bytes(pdf)
    command = [program, str(path), *arguments]
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout


def squares(page: pdfium.PdfPage) -> list[tuple[float, float, float, float]]:
    """Boxes of everything on a page: left, bottom, right, top."""
    return [item.get_bounds() for item in page.get_objects()]


@pytest.mark.parametrize("form", FormKind)
def test_every_page_tells_whose_copy_it_is(form: FormKind) -> None:
    document = printed(form)
    texts = page_texts(document.pdf)
    assert document.pages == len(texts)
    for number, text in enumerate(texts, 1):
        assert "份号 2026-000731" in text
        assert "20260308010001237" in text
        assert "打印人 王文员 8055" in text
        assert "打印时间 2026-03-10 10:05" in text
        assert f"第{number}页 共{len(texts)}页" in text


@pytest.mark.parametrize("form", FormKind)
@pytest.mark.parametrize("blank", [False, True])
def test_nothing_leaves_the_sheet(form: FormKind, blank: bool) -> None:
    document = pdfium.PdfDocument(printed(form, replace(STAMP, training=True), blank).pdf)
    for page in document:
        assert page.get_size() == pytest.approx((PAGE_WIDTH, PAGE_HEIGHT), abs=0.1)
        for left, bottom, right, top in squares(page):
            assert left >= 0
            assert bottom >= 0
            assert right <= PAGE_WIDTH
            assert top <= PAGE_HEIGHT
        page.close()
    document.close()


@needs_poppler
@pytest.mark.parametrize("form", FormKind)
def test_all_fonts_are_embedded_subsets(form: FormKind, tmp_path: Path) -> None:
    lines = run("pdffonts", printed(form).pdf, tmp_path).splitlines()[2:]
    assert lines
    for line in lines:
        assert "Helvetica" not in line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"]


@needs_poppler
def test_rare_names_print_and_copy(tmp_path: Path) -> None:
    names = "张㛃、李𬭎、王䶮、赵𡐓"
    document = printed(FormKind.TICKET_FORM, appellant=names)
    assert document.missing == ()
    assert names in run("pdftotext", document.pdf, tmp_path, "-layout", "-")


def test_a_character_nobody_can_draw_is_marked_and_reported() -> None:
    document = printed(FormKind.TICKET_FORM, wanted="尽快😀处理\U000f0000\u200b。𝟏次")
    assert document.missing == ("😀", "\U000f0000")
    assert "尽快〓处理〓。1次" in all_text(document)


@pytest.mark.parametrize("form", [*TABLES, FormKind.CLOSURE_REPORT])
def test_a_very_long_case_is_printed_whole(form: FormKind) -> None:
    marks = [f"〔第{index:04d}段〕" for index in range(300)]
    content = "".join(mark + CONTENT[:32].replace("\n", "") for mark in marks)
    assert len(content) >= 12_000
    document = printed(form, content=content, events=events(40), callbacks=callbacks() * 3)
    text = body_text(document)
    assert [mark for mark in marks if mark not in text] == []
    assert "领导批示" in text or form is not FormKind.HANDLING_SHEET
    assert document.pages == {"ticket_form": 8, "handling_sheet": 9, "closure_report": 25}[form]
    if form is FormKind.CLOSURE_REPORT:
        assert "第38条工作记录" in text


@pytest.mark.parametrize("form", FormKind)
@pytest.mark.parametrize("length", [0, 1, 30])
def test_text_stays_in_the_text_block(form: FormKind, length: int) -> None:
    """Every line of text, as laid out, lies between the margins and above the foot."""
    from console.services.paper.catalogue import CATALOGUE
    from console.services.paper.forms.parts import Order

    plan, record = CATALOGUE[form], DETAILS.get(form)
    sheet = Sheet(paper().fonts, top=plan.top)
    case = case_file(
        content=CONTENT * length,
        events=events(40),
        lead_unit="云澜市楼台区人民政府望台街道办事处",
    )
    plan.lay_out(sheet, Order(case, STAMP, (record,) if record else ()))
    for page in sheet.pages:
        for mark in page:
            if isinstance(mark, Text):
                width = sheet.measure(mark.text, mark.style) + mark.space * (len(mark.text) - 1)
                assert mark.x >= LEFT - 0.1, mark.text
                assert mark.x + width <= LEFT + WIDTH + mark.style.size / 2, mark.text
                assert mark.y <= (BOTTOM if form is not FormKind.GRID_TASK else 277 * MM), mark.text


@pytest.mark.parametrize("form", FormKind)
def test_a_confidential_case_carries_no_contact(form: FormKind) -> None:
    said = f"我是张㛃，电话138 0000 0012或0730-8812345，邮箱zhang@example.cn。{CONTENT}"
    reply = result(
        contact_number="13800000012", internal_note="已与张㛃（13800000012）联系", handler="吴小燕"
    )
    document = printed(
        form,
        confidential=True,
        appellant="张㛃",
        phone="13800000012",
        content=said,
        result=reply,
        wanted="打13800000012",
    )
    text = all_text(document)
    for contact in (
        "张㛃",
        "13800000012",
        "138****0012",
        "0730-8812345",
        "zhang@example.cn",
    ):
        assert contact not in text
        assert contact.encode() not in document.pdf
        assert contact.encode("utf-16-be") not in document.pdf
    for page in page_texts(document.pdf):
        assert "【保密】" in page


def test_the_word_in_place_of_a_hidden_name_is_no_name() -> None:
    """The unit's case file says 保密 where the name was; the word itself must stay in every sentence."""
    said = "来电人要求保密，反映某单位泄露保密信息。"
    document = printed(
        FormKind.TICKET_FORM, confidential=True, appellant="保密", phone="", content=said
    )
    assert "要求保密，反映某单位泄露保密信息" in all_text(document)


def test_what_was_answered_on_the_phone_is_on_the_letter_and_the_report() -> None:
    told = "户内管道由产权人负责疏通，可拨打0730-8800000咨询市政维护所。"
    changes = {"result": None, "direct_answer": told, "lead_unit": "", "assignments": ()}
    letter = all_text(printed(FormKind.REPLY_LETTER, **changes))
    assert told in letter
    report = all_text(printed(FormKind.CLOSURE_REPORT, **changes))
    assert told in report
    assert "直接答复" in report
    for unasked in ("主办单位为", "派单，", "办理措施", "______"):
        assert unasked not in report


def test_what_a_refused_caller_was_told_is_no_reply() -> None:
    changes = {"result": None, "direct_answer": "已告知向法院起诉。", "state": TicketState.REJECTED}
    assert "已告知" not in all_text(printed(FormKind.REPLY_LETTER, **changes))


def test_a_reply_may_still_name_the_office_to_ring() -> None:
    reply = result(public_reply="请拨打0730-8800000咨询，或联系张㛃13800000012。")
    text = all_text(
        printed(FormKind.REPLY_LETTER, confidential=True, phone="13800000012", result=reply)
    )
    assert "0730-8800000" in text
    assert "13800000012" not in text


@pytest.mark.parametrize("form", [FormKind.REPLY_LETTER, FormKind.REJECTION_NOTICE])
def test_letters_to_citizens_say_nothing_internal(form: FormKind) -> None:
    text = all_text(printed(form))
    for internal in ("约谈", "立案", "按期反馈", "138****0012", "巡查该路段"):
        assert internal not in text


@pytest.mark.parametrize(
    ("urgency", "mark"),
    [(Urgency.URGENT, "【紧急】"), (Urgency.CRITICAL, "【特急】"), (Urgency.NORMAL, "")],
)
def test_urgency_is_marked_at_the_head(urgency: Urgency, mark: str) -> None:
    for page in page_texts(printed(FormKind.CLOSURE_REPORT, urgency=urgency).pdf):
        assert mark in page
        assert bool(mark) == ("急】" in page)


def test_long_names_stay_apart_from_the_barcode() -> None:
    stamp = replace(
        STAMP,
        heading="新疆维吾尔自治区乌鲁木齐市12345政务服务便民热线",
        printed_by="阿卜杜热合曼·买买提江 80551",
    )
    for form in FormKind:
        text = re.sub(
            r"\s", "", "".join(page_texts(printed(form, stamp, urgency=Urgency.URGENT).pdf))
        )
        assert stamp.heading in text or form is FormKind.REPLY_LETTER
    document = pdfium.PdfDocument(printed(FormKind.GRID_TASK, stamp).pdf)
    assert max(right for *_, right, _ in squares(document[0])) <= PAGE_WIDTH
    document.close()


def test_training_paper_cannot_be_mistaken() -> None:
    training, real = (
        all_text(printed(FormKind.TICKET_FORM, replace(STAMP, training=on))) for on in (True, False)
    )
    assert "演练" in training
    assert "演练" not in real


@pytest.mark.parametrize("form", FormKind)
def test_blanks_print_as_lines(form: FormKind) -> None:
    text = all_text(
        printed(
            form,
            blank=True,
            result=None,
            callbacks=(),
            dispatcher="",
            dispatched_at=None,
            closed_at=None,
        )
    )
    assert "____" in text


def test_a_form_without_data_has_lines_to_write_on() -> None:
    empty = page_shapes(printed(FormKind.TICKET_FORM, content="").pdf)
    full = page_shapes(printed(FormKind.TICKET_FORM).pdf)
    assert empty > full


def page_shapes(pdf: bytes) -> int:
    document = pdfium.PdfDocument(pdf)
    page = document[0]
    count = sum(item.type == pdfium.raw.FPDF_PAGEOBJ_PATH for item in page.get_objects())
    page.close()
    document.close()
    return count


def test_times_are_beijing_time() -> None:
    text = all_text(printed(FormKind.CLOSURE_REPORT))
    assert "2026年3月8日9时24分，诉求人" in text
    assert "该件受理后，于当日" in text
    assert "2026-03-0809:24" in text


def test_closure_report_answers_the_four_questions() -> None:
    text = all_text(printed(FormKind.CLOSURE_REPORT))
    for heading in (
        "一、基本情况",
        "二、调查核实",
        "三、办理措施",
        "四、办理结果及效果",
        "五、群众意见",
        "六、下一步工作",
    ):
        assert heading in text
    assert "关于“宝丽西街123号门面前下水道堵塞污水外溢”诉求办理情况的报告" in text
    assert "附件：1.处理前照片（宝丽西街123号处理前.jpg）" in text
    assert "对办理情况满意，对热线服务非常满意" in text
    assert "7小时45分■超时" in text


def test_a_weighty_case_is_issued_by_the_chief() -> None:
    assert "分管负责人签发" in all_text(printed(FormKind.HANDLING_SHEET))
    assert "主要负责人签发" in all_text(printed(FormKind.HANDLING_SHEET, urgency=Urgency.CRITICAL))


def test_one_grid_task_makes_a_slip_and_its_stub_and_two_share_a_sheet() -> None:
    task = DETAILS[FormKind.GRID_TASK]
    single = all_text(printed(FormKind.GRID_TASK))
    assert "（网格员联）" in single
    assert "（存根联）" in single
    three = paper().render(FormKind.GRID_TASK, case_file(), STAMP, (task, task, task))
    assert three.pages == 2
    assert "存根" not in all_text(three)


def test_details_of_another_form_are_a_defect() -> None:
    with pytest.raises(TypeError, match="ReturnRequest"):
        paper().render(FormKind.RETURN_REQUEST, case_file(), STAMP, forms.ReplyLetter())


def test_the_same_case_gives_the_same_bytes() -> None:
    first = printed(FormKind.CLOSURE_REPORT)
    printed(FormKind.TICKET_FORM, content="天地玄黄宇宙洪荒")
    assert printed(FormKind.CLOSURE_REPORT).pdf == first.pdf
    assert (
        Paper(Fonts(find_chains(()))).render(FormKind.CLOSURE_REPORT, case_file(), STAMP).pdf
        == first.pdf
    )


def test_metadata_names_the_form_and_no_citizen() -> None:
    document = printed(FormKind.CLOSURE_REPORT, appellant="张㛃")
    assert document.title == "办结报告 20260308010001237"
    opened = pdfium.PdfDocument(document.pdf)
    facts = opened.get_metadata_dict()
    opened.close()
    assert facts["Title"] == document.title
    assert "张㛃" not in "".join(facts.values())
    assert b"/Lang (zh-CN)" in document.pdf


def test_a_batch_is_one_file_with_pages_counted_for_each_case() -> None:
    cases = [
        case_file(number=f"2026030801000{index}237", appellant=name)
        for index, name in enumerate("甲乙丙")
    ]
    seen: list[tuple[int, int]] = []
    document = paper().render_batch(
        FormKind.CLOSURE_REPORT, cases, STAMP, lambda done, total: seen.append((done, total))
    )
    texts = page_texts(document.pdf)
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert len(texts) == document.pages == 12
    assert [f"第{1 + index % 4}页 共4页" in text for index, text in enumerate(texts)] == [True] * 12
    assert [
        f"{name}通过电话反映" in re.sub(r"\s", "", texts[at])
        for at, name in ((0, "甲"), (4, "乙"), (8, "丙"))
    ] == [True] * 3


def test_a_batch_can_be_stopped_and_an_empty_one_is_refused() -> None:
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        paper().render_batch(
            FormKind.TICKET_FORM, [case_file()] * 5, STAMP, cancelled=lambda: next(answers)
        )
    with pytest.raises(Invalid):
        paper().render_batch(FormKind.TICKET_FORM, [], STAMP)


def test_fifty_reports_do_not_keep_the_clerk_waiting() -> None:
    started = datetime.now(UTC)
    paper().render_batch(FormKind.CLOSURE_REPORT, [case_file()] * 50, STAMP)
    assert datetime.now(UTC) - started < timedelta(seconds=5)


def test_preview_gives_pixels() -> None:
    pdf = printed(FormKind.TICKET_FORM).pdf
    width, height, pixels = preview(pdf, 0, 96)
    assert (width, height) == (794, 1123)
    assert len(pixels) == width * height * 4
    assert pixels[:4] == b"\xff\xff\xff\xff"
    assert min(pixels) == 0
    with pytest.raises(IndexError):
        preview(pdf, 1, 96)


def test_the_engine_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, console.services.paper as p; p.Paper(); print([m for m in sys.modules if 'reportlab' in m])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout.strip() == "[]"


def test_warming_changes_nothing_but_the_wait() -> None:
    desk = Paper(Fonts(find_chains(())))
    desk.warm()
    assert (
        desk.render(FormKind.TICKET_FORM, case_file(), STAMP).pdf
        == printed(FormKind.TICKET_FORM).pdf
    )


def test_every_form_has_a_name_and_a_plan() -> None:
    from console.services.paper.catalogue import CATALOGUE

    assert set(FORM_NAMES) == set(CATALOGUE) == set(FormKind)


def test_barcode_is_a_whole_number_of_symbols() -> None:
    from console.services.paper.painter import bar_modules, qr_modules

    bars, total = bar_modules("20260308010001237")
    # Every symbol has 11 modules and three bars; the stop has 13 modules and four.
    assert (total - 13) % 11 == 0
    assert len(bars) == (total - 13) // 11 * 3 + 4
    assert len(qr_modules("20260308010001237")) == 21


CHINESE = st.text(
    st.sampled_from("天地人工单办理，。、；：！？“”《》（）【】—…·12345AB -\n％℃"), max_size=120
)


@given(CHINESE, st.integers(40, 400))
def test_lines_keep_every_character_and_chinese_rules(text: str, room: int) -> None:
    widths = paper().fonts.widths(Role.BODY)
    lines = wrap(text, widths, VALUE, room)
    assert re.sub(r"[ \n]", "", "".join(line.text for line in lines)) == re.sub(r"[ \n]", "", text)
    for line in lines:
        assert line.width <= room + VALUE.size / 2 + 0.1
    for before, after in pairwise(lines):
        bad = (after.text[:1] in NO_START and after.text) or (
            before.text[-1:] in NO_END and before.text
        )
        # Only a run of marks longer than the search for a better break may stay as it fell, or a paragraph's own start.
        assert not bad or re.search(r"[^\w]{5,}", text) or "\n" in text or room < 5 * VALUE.size


def test_official_lines_hold_28_characters() -> None:
    from console.services.paper.layout import LETTER, WIDTH

    lines = wrap("办" * 280, paper().fonts.widths(Role.BODY), LETTER, WIDTH, justify=True)
    assert [len(line.text) for line in lines] == [28] * 10


def test_in_a_batch_every_copy_can_carry_its_own_number() -> None:
    stamps = [replace(STAMP, copy_no=f"第{number}份") for number in (3, 7)]
    document = paper().render_batch(FormKind.TICKET_FORM, [case_file()] * 2, stamps)
    assert document.parts == (1, 1)
    assert ["份号 第3份" in text for text in page_texts(document.pdf)] == [True, False]
    assert "份号 第7份" in page_texts(document.pdf)[1]


def test_a_preview_has_its_turn_while_a_batch_runs_and_neither_changes_the_other() -> None:
    cases = [case_file(number=f"20260308010{at:05}7") for at in range(40)]
    alone = paper().render_batch(FormKind.CLOSURE_REPORT, cases, STAMP).pdf
    small = paper().render(FormKind.TICKET_FORM, case_file(), STAMP).pdf
    seen: list[int] = []
    with ThreadPoolExecutor(1) as lane:
        batch = lane.submit(
            paper().render_batch,
            FormKind.CLOSURE_REPORT,
            cases,
            STAMP,
            lambda done, _of: seen.append(done),
        )
        while not seen:
            sleep(0.001)
        assert paper().render(FormKind.TICKET_FORM, case_file(), STAMP).pdf == small
        assert seen[-1] < len(cases)
        assert batch.result().pdf == alone
