"""What the filled-in forms say: nothing twice, nothing missing that is known, nobody's words in another's place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from console.domain.forms import (
    CheckNote,
    ContactNote,
    FormKind,
    HandlingFacts,
    RejectionNotice,
)
from console.domain.states import TicketState
from console.services.paper.prose import in_one, later_moment, person
from tests.builders import ACCEPTED, case_file, events, result
from tests.services.test_paper import STAMP, all_text, body_text, page_texts, paper, printed


def test_letters_name_people_places_and_later_moments_in_words() -> None:
    assert person("吴红云 1001") == "吴红云（工号1001）"
    assert person("吴红云") == "吴红云"
    assert in_one("望台街道 › 钟鼓社区 › 钟鼓社区第二网格") == "望台街道钟鼓社区第二网格"
    assert later_moment(ACCEPTED + timedelta(days=2), ACCEPTED) == "3月10日9时24分"
    assert later_moment(ACCEPTED + timedelta(days=400), ACCEPTED).startswith("2027年")


def test_what_was_written_down_leaves_no_line_to_write_on() -> None:
    case = printed(FormKind.CLOSURE_REPORT, result=result(measures="", cause="隔油池未清掏。"))
    assert "____" not in body_text(case).partition("附件：")[0]


def test_handling_sheet_ticks_how_the_citizen_was_spoken_to() -> None:
    spoken = replace(events()[0], action="contact", note="已联系群众（上门）")
    text = all_text(printed(FormKind.HANDLING_SHEET, blank=True, events=(*events(), spoken)))
    assert "□电话□短信☑上门" in text


def test_a_step_says_nothing_twice_and_no_step_takes_less_than_a_minute() -> None:
    quick = replace(
        events()[-1], action_name="回复办结", note="回复办结：已解决", took=timedelta(seconds=20)
    )
    text = all_text(printed(FormKind.CLOSURE_REPORT, events=(*events(), quick)))
    assert "即时" in text
    assert "回复办结：" not in text
    assert "不足1分" not in text


@pytest.mark.parametrize("extra", range(0, 620, 31))
def test_the_seal_never_stands_on_a_page_without_text(extra: int) -> None:
    """GB/T 9704 7.3.5: however long the report is, its end goes with the signature."""
    case = printed(FormKind.CLOSURE_REPORT, result=result(internal_note="查" * (40 + extra)))
    pages = page_texts(case.pdf)
    last_letter_page = next(at for at, text in enumerate(pages) if "办理流程表" in text) - 1
    assert "六、下一步工作" in pages[last_letter_page]


def test_the_report_is_not_older_than_what_it_tells() -> None:
    closed = ACCEPTED + timedelta(days=5)
    assert "2026年3月13日" in all_text(printed(FormKind.CLOSURE_REPORT, closed_at=closed))


def test_long_steps_are_told_in_days_and_hours() -> None:
    slow = replace(events()[-1], took=timedelta(days=1, hours=20, minutes=34))
    text = all_text(printed(FormKind.CLOSURE_REPORT, events=(slow,)))
    assert "1天20小时" in text
    assert "1天20小时34分" not in text


def test_a_short_reply_does_not_cost_a_sheet_of_its_own() -> None:
    """With every row of the back filled, a short reply and its signatures still share its page."""
    note = ContactNote(ACCEPTED, "138****0012", "电话", "吴小燕 3022", "已核实诉求，约定处理时间")
    check = CheckNote(ACCEPTED, "李慧莉 3024", True, "问题已处理到位")
    facts = HandlingFacts((note,), ACCEPTED, "吴强涛 2024", check)
    short = result(public_reply="社区已组织清运完毕，限时清走。" * 3, promise="", internal_note="",
                   measures="社区召集物业和装修业主协商，清运6车，划定临时堆放点。")  # fmt: skip
    case = case_file(result=short, verify_result="核查通过：问题已处理到位")
    assert paper().render(FormKind.HANDLING_SHEET, case, STAMP, facts).pages == 2


def test_a_refusal_ends_its_sentences() -> None:
    notice = RejectionNotice("已进入信访渠道", explanation="向信访部门反映")
    text = all_text(paper().render(FormKind.REJECTION_NOTICE, case_file(), STAMP, notice))
    assert "有关情况告知如下：向信访部门反映。如对" in text


def test_a_ticket_no_unit_got_says_what_became_of_it() -> None:
    gone = {"result": None, "dispatched_at": None, "lead_unit": "", "assignments": ()}
    answered = all_text(printed(FormKind.TICKET_FORM, direct_answer="户内管道由产权人疏通。",
                                state=TicketState.ANSWERED, **gone))  # fmt: skip
    for said in ("热线直接答复，未转承办单位", "答复内容户内管道由产权人疏通。", "答复人张丽8021"):
        assert said in answered
    assert "签收时限" not in answered
    refused = all_text(printed(FormKind.TICKET_FORM, direct_answer="请向法院起诉。",
                               state=TicketState.REJECTED, **gone))  # fmt: skip
    assert "不予受理，已告知诉求人" in refused
    assert "告知内容请向法院起诉。" in refused
    merged = all_text(printed(FormKind.TICKET_FORM, merged_into="20260308010000019",
                              state=TicketState.MERGED, **gone))  # fmt: skip
    assert "与工单20260308010000019为同一事项" in merged
    assert "签收时限" in all_text(printed(FormKind.TICKET_FORM))


def test_a_title_that_begins_with_about_is_not_about_twice() -> None:
    for form in (FormKind.CLOSURE_REPORT, FormKind.REPLY_LETTER):
        text = all_text(printed(form, title="关于失业金怎么领的问题"))
        assert "关于“失业金怎么领”" in text


def test_an_answer_on_the_phone_needs_no_callback() -> None:
    text = all_text(printed(FormKind.CLOSURE_REPORT, result=None, direct_answer="可到窗口办理。", callbacks=(),
                            lead_unit="", assignments=()))  # fmt: skip
    assert "本件在通话中答复，未另行回访。" in text
    assert "____" not in text
