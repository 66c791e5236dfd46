"""The longest case there is: every sentence and log line on paper, page breaks where a clerk would put them."""

import pytest

from console.domain import forms
from console.domain.forms import Document, FormDetails, FormKind
from console.domain.sheets import SheetKind
from console.services.paper.layout import BOTTOM, LEFT, MM, TOP, WIDTH
from tests.builders import ACCEPTED, callbacks, case_file, events, result
from tests.services.paper_pages import lost, needs_poppler, pages, sentences, words
from tests.services.test_paper import DETAILS, STAMP, paper, printed
from tests.sheet_records import record

pytestmark = needs_poppler

CONTENT = sentences("诉", 380)
TEXTS = {mark: sentences(mark, 30) for mark in "措内答因核退延督馈催指拒结由"}
RESULT = result(
    measures=TEXTS["措"], internal_note=TEXTS["内"], public_reply=TEXTS["答"], cause=TEXTS["因"]
)
LONG: dict[FormKind, FormDetails] = {
    **DETAILS,
    FormKind.RETURN_REQUEST: forms.ReturnRequest("望台街道办事处", ("权属不清",), TEXTS["退"]),
    FormKind.EXTENSION_REQUEST: forms.ExtensionRequest("望台街道办事处", reason=TEXTS["延"]),
    FormKind.SUPERVISION_NOTICE: forms.SupervisionNotice(
        "岳政热督〔2026〕12号", requirement=TEXTS["督"], feedback=TEXTS["馈"]
    ),
    FormKind.URGING_NOTICE: forms.UrgingNotice(requirement=TEXTS["催"]),
    FormKind.DESIGNATION_NOTICE: forms.DesignationNotice(requirement=TEXTS["指"]),
    FormKind.REJECTION_NOTICE: forms.RejectionNotice(
        "已进入信访渠道", explanation=TEXTS["拒"]
    ),
    FormKind.VERIFICATION: forms.Verification(
        (forms.CheckNote(ACCEPTED, "吴小燕", True, TEXTS["核"]),) * 3
    ),
    FormKind.JOINT_SHEET: forms.JointSheet(
        refusals=tuple(
            forms.Refusal(f"第{at}局", "职责不符", sentences(f"局{at}", 6)) for at in range(12)
        ),
        conclusion=TEXTS["结"],
    ),
    FormKind.COPY_NOTICE: forms.CopyNotice(
        told=tuple(forms.Told(f"第{at}办事处", ACCEPTED) for at in range(60))
    ),
    FormKind.POLICE_HANDOVER: forms.PoliceHandover("out", reason=TEXTS["由"]),
}  # fmt: skip
CARRIES: dict[FormKind, tuple[str, ...]] = {
    FormKind.TICKET_FORM: (CONTENT,),
    FormKind.HANDLING_SHEET: (CONTENT, *(TEXTS[mark] for mark in "措内答")),
    FormKind.CLOSURE_REPORT: (CONTENT, *(TEXTS[mark] for mark in "措内答因")),
    FormKind.URGING_NOTICE: (TEXTS["催"],),
    FormKind.SUPERVISION_NOTICE: (TEXTS["督"], TEXTS["馈"]),
    FormKind.RETURN_REQUEST: (TEXTS["退"],),
    FormKind.EXTENSION_REQUEST: (TEXTS["延"],),
    FormKind.REJECTION_NOTICE: (TEXTS["拒"],),
    FormKind.DESIGNATION_NOTICE: (TEXTS["指"],),
    FormKind.CALLBACK_RECORD: (TEXTS["答"],),
    FormKind.REPLY_LETTER: (TEXTS["答"],),
    FormKind.VERIFICATION: (CONTENT, *(TEXTS[mark] for mark in "措内答核")),
    FormKind.JOINT_SHEET: (CONTENT, TEXTS["结"], *(sentences(f"局{at}", 6) for at in range(12))),
    FormKind.COPY_NOTICE: (TEXTS["答"],),
    FormKind.POLICE_HANDOVER: (CONTENT, TEXTS["由"]),
}


def long_form(form: FormKind) -> Document:
    case = case_file(content=CONTENT, events=events(40), callbacks=callbacks() * 3, result=RESULT)
    return paper().render(form, case, STAMP, LONG.get(form))


@pytest.mark.parametrize("form", CARRIES)
def test_every_sentence_of_the_longest_case_is_on_paper(form: FormKind) -> None:
    assert len(CONTENT) >= 12_000
    found = pages(long_form(form).pdf)
    for text in CARRIES[form]:
        assert lost(text, found) == []


def test_every_line_of_a_long_log_is_on_paper_under_its_heading() -> None:
    found = pages(long_form(FormKind.CLOSURE_REPORT).pdf)
    log = [page for page in found if "序号时间环节" in page]
    assert len(log) >= 2
    for at in range(13, 39):
        assert f"第{at}条工作记录：与承办单位核对现场情况，等待补充材料。" in "".join(log)
    assert all("办理流程" not in page or page in log for page in found[-len(log) :])


@pytest.mark.parametrize("form", FormKind)
def test_nothing_of_the_longest_case_leaves_the_text_block(form: FormKind) -> None:
    """Head and foot aside, every word lies between the margins; a closing mark may hang half out."""
    for width, _height, found in words(long_form(form).pdf):
        assert width == pytest.approx(210 * MM, abs=0.5)
        for word in found:
            assert word.left >= LEFT - 1, word
            assert word.right <= LEFT + WIDTH + 8, word
            head, foot = word.bottom <= TOP - 5 * MM, word.top >= BOTTOM + 4 * MM
            slip = form is FormKind.GRID_TASK
            assert head or foot or slip or word.top >= TOP - 8 * MM, word
            assert head or foot or slip or word.bottom <= BOTTOM + 3, word


TABLE_FORMS = (
    FormKind.TICKET_FORM,
    FormKind.HANDLING_SHEET,
    FormKind.VERIFICATION,
    FormKind.JOINT_SHEET,
    FormKind.POLICE_HANDOVER,
    FormKind.SUPERVISION_NOTICE,
    FormKind.RETURN_REQUEST,
    FormKind.EXTENSION_REQUEST,
)


@pytest.mark.parametrize("form", TABLE_FORMS)
def test_every_further_page_says_which_form_goes_on(form: FormKind) -> None:
    found = pages(long_form(form).pdf)
    assert len(found) > 1
    assert [at for at, page in enumerate(found) if at and "（续）" not in page] == []
    assert "（续）" not in found[0]


# The words of each form's signatures, and what must stand on the same page above them.
SIGNED: dict[FormKind, tuple[str, str]] = {
    FormKind.TICKET_FORM: ("热线中心（章）", "限时灯"),
    FormKind.HANDLING_SHEET: ("承办人签字", "止〕。"),
    FormKind.VERIFICATION: ("核查人____", "当事人签字"),
    FormKind.POLICE_HANDOVER: ("指挥中心（章）", "结果时间"),
    FormKind.JOINT_SHEET: ("记录人", "主办单位"),
    FormKind.RETURN_REQUEST: ("经办", "建议承办单位"),
    FormKind.EXTENSION_REQUEST: ("经办", "已告知诉求人"),
    FormKind.SUPERVISION_NOTICE: ("（印章）", "附件"),
}


@pytest.mark.parametrize("form", SIGNED)
@pytest.mark.parametrize("length", range(0, 66, 3))
def test_signatures_never_stand_on_a_page_alone(form: FormKind, length: int) -> None:
    """However long the text is, what is signed and the signature share a page."""
    text = sentences("诉", 6 + length)
    reply = result(public_reply=text, measures=sentences("措", 3 + length % 7))
    changed = {
        FormKind.RETURN_REQUEST: forms.ReturnRequest("望台街道办事处", (), text),
        FormKind.EXTENSION_REQUEST: forms.ExtensionRequest("望台街道办事处", reason=text),
        FormKind.SUPERVISION_NOTICE: forms.SupervisionNotice(requirement=text),
        FormKind.JOINT_SHEET: forms.JointSheet(conclusion=text),
    }
    case = case_file(content=text, result=reply)
    found = pages(paper().render(form, case, STAMP, changed.get(form, DETAILS.get(form))).pdf)
    seal, above = SIGNED[form]
    at = next(index for index, page in enumerate(found) if seal in page)
    assert above in found[at]


@pytest.mark.parametrize("length", range(4, 40, 2))
def test_a_letter_ends_where_its_seal_is(length: int) -> None:
    letter = printed(FormKind.REPLY_LETTER, result=result(public_reply=sentences("答", length)))
    found = pages(letter.pdf)
    assert "特此函复。望台街道办事处" in found[-1]
    notice = forms.RejectionNotice("已进入信访渠道", explanation=sentences("拒", length))
    refusal = paper().render(FormKind.REJECTION_NOTICE, case_file(), STAMP, notice)
    assert "特此告知。云澜市12345" in pages(refusal.pdf)[-1]


@pytest.mark.parametrize("length", range(0, 30, 2))
def test_a_notice_keeps_its_facts_with_its_seal(length: int) -> None:
    """催办 and 指定承办: the table above the seal is never left behind on the page before."""
    said = sentences("催", length)
    for form, record_, facts in (
        (FormKind.URGING_NOTICE, forms.UrgingNotice(requirement=said), "催办次数"),
        (FormKind.DESIGNATION_NOTICE, forms.DesignationNotice(requirement=said), "派单次数"),
    ):
        document = paper().render(form, case_file(closed_at=None), STAMP, record_)
        assert facts in pages(document.pdf)[-1]


def test_ordinary_forms_keep_to_their_pages() -> None:
    """What a clerk expects of a case of ordinary length."""
    expected = {
        FormKind.TICKET_FORM: 1, FormKind.HANDLING_SHEET: 2, FormKind.GRID_TASK: 1,
        FormKind.URGING_NOTICE: 1, FormKind.SUPERVISION_NOTICE: 1, FormKind.RETURN_REQUEST: 1,
        FormKind.EXTENSION_REQUEST: 1, FormKind.REJECTION_NOTICE: 1, FormKind.DESIGNATION_NOTICE: 1,
        FormKind.CALLBACK_RECORD: 1, FormKind.REPLY_LETTER: 1, FormKind.JOINT_SHEET: 1,
        FormKind.POLICE_HANDOVER: 1, FormKind.CLOSURE_REPORT: 4,
    }  # fmt: skip
    short = {FormKind.VERIFICATION: 1, FormKind.COPY_NOTICE: 1}
    assert {form: printed(form).pages for form in expected} == expected
    small = result(public_reply="已疏通，路面已冲洗。", measures="疏通管道26米。", internal_note="")
    for form, count in short.items():
        assert printed(form, content="下水道堵塞三天。", result=small).pages == count


@pytest.mark.parametrize("kind", SheetKind)
def test_a_long_list_repeats_its_names_and_loses_no_row(kind: SheetKind) -> None:
    document = paper().render_sheet(kind, record(kind, 40), STAMP)
    found = pages(document.pdf)
    heads = {
        SheetKind.SUPERVISION_LEDGER: "序号文号工单编号督办事项",
        SheetKind.RETURN_STATISTICS: "序号单位诉求类别派单退单",
        SheetKind.ACCOUNTABILITY_LIST: "序号责任单位责任人工单编号",
        SheetKind.SHIFT_HANDOVER: "序号",
    }
    assert len(found) > 2
    assert all(heads[kind] in page for page in found)
    text = "".join(found)
    for at in range(40):
        if kind is SheetKind.SHIFT_HANDOVER:
            assert f"第{at + 1}项：今日17时前回电告知处理进展" in text
            assert f"第{at + 1}个来电：要求回电" in text
            assert text.count(f"202603080103{at:02d}7") + text.count(f"2026030801000{300 + at}7")
        elif kind is not SheetKind.RETURN_STATISTICS:
            assert f"202603080100{at:04d}7" in text
    assert kind is not SheetKind.RETURN_STATISTICS or "合计2380200" in text


@pytest.mark.parametrize("kind", SheetKind)
@pytest.mark.parametrize("rows", [0, 1, 7, 40])
def test_no_word_of_a_list_leaves_its_sheet(kind: SheetKind, rows: int) -> None:
    across = kind is not SheetKind.SHIFT_HANDOVER
    left, right, bottom = (20 * MM, 277 * MM, 186 * MM) if across else (LEFT, LEFT + WIDTH, BOTTOM)
    for width, height, found in words(paper().render_sheet(kind, record(kind, rows), STAMP).pdf):
        assert (width > height) == across
        for word in found:
            assert word.left >= left - 1, word
            assert word.right <= right + 5, word
            assert word.bottom <= bottom + 3 or word.top >= bottom + 5 * MM, word


@pytest.mark.parametrize("kind", SheetKind)
@pytest.mark.parametrize("rows", range(1, 30, 2))
def test_a_list_is_signed_where_it_ends(kind: SheetKind, rows: int) -> None:
    found = pages(paper().render_sheet(kind, record(kind, rows), STAMP).pdf)
    seal, above = ("制表人", "合计"), ("交班人（签字）", "其他事项")
    seal, above = above if kind is SheetKind.SHIFT_HANDOVER else seal
    assert seal in found[-1]
    assert above in found[-1]


def test_an_empty_list_says_so() -> None:
    for kind in SheetKind:
        text = "".join(pages(paper().render_sheet(kind, record(kind, 0), STAMP).pdf))
        assert "无" in text
