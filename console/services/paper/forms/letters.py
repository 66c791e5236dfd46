"""What goes to the citizen: 不予受理告知单, 答复函. Nothing internal is read here (field-facts 9.8, product.md 9)."""

from typing import cast

from console.domain.forms import RejectionNotice, ReplyLetter
from console.domain.records import CaseFile
from console.services.paper.forms.parts import (
    SIGN_OFF,
    Order,
    channel,
    letter_head,
    named,
    sign_off,
    titled,
    told_at_once,
)
from console.services.paper.layout import LETTER, LETTER_TITLE, Sheet
from console.services.paper.words import blank_lines, long_moment


def rejection_notice(sheet: Sheet, order: Order) -> None:
    """That it is not accepted, why, and where to turn instead."""
    case, notice = order.case, cast(RejectionNotice, order.details[0])
    letter_head(sheet, order, "不予受理告知单", f"编号：{case.row.number}")
    sheet.paragraph(f"{_name(case)}：", LETTER)
    told = f"本告知同时以{notice.told_how}方式告知。" if notice.told_how else ""
    reason = notice.reason.rstrip("。") or "_" * 24
    said = f"有关情况告知如下：{_sentence(notice.explanation)}" if notice.explanation else ""
    advice = f"建议您：{_sentence(notice.advice)}" if notice.advice else ""
    parts = (
        f"您于{long_moment(case.row.accepted_at or case.created_at)}通过{channel(case)}提出的诉求"
        f"“{titled(case)}”收悉。",
        f"经审核，您的诉求{_clause(reason)}，依照热线受理范围的规定，不予受理。",
        said,
        advice if said or advice else f"建议您：{'_' * 36}\n{'_' * 40}",
        f"如对本告知有异议，可拨打12345热线反映，并提供编号和查询码{case.lookup_code or '______'}。{told}",
    )
    sheet.paragraph("\n".join(part for part in parts if part), LETTER, indent=2)
    sheet.need(SIGN_OFF + LETTER.leading + 1)
    sheet.paragraph("特此告知。", LETTER, indent=2)
    sign_off(sheet, order.heading, notice.issued_at)


def _sentence(text: str) -> str:
    """With its full stop, which whoever types in a hurry leaves out."""
    text = text.strip()
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"


def _clause(reason: str) -> str:
    """A reason from the policy pack as part of a sentence: most are whole predicates already."""
    return f"属于以下情形：{reason}" if reason[:1] not in "属涉应已" else reason


def reply_letter(sheet: Sheet, order: Order) -> None:
    """The public reply, and no word more; a letter on paper of its own for each appellant."""
    for index, record in enumerate(order.details):
        if index:
            sheet.turn()
        _letter(sheet, order, cast(ReplyLetter, record))


def _letter(sheet: Sheet, order: Order, letter: ReplyLetter) -> None:
    case = order.case
    result = case.result
    sheet.put(
        sheet.right, sheet.y, letter.document_no or f"编号：{case.row.number}", LETTER, "right"
    )
    sheet.y += LETTER.leading
    sheet.title(f"关于“{named(case)}”", "诉求的答复函", style=LETTER_TITLE)
    sheet.gap(LETTER.leading * 0.8)
    sheet.paragraph(f"{letter.salutation or _name(case)}：", LETTER)
    came = long_moment(case.row.accepted_at or case.created_at)
    sheet.paragraph(f"您于{came}提出的诉求收悉。现答复如下：", LETTER, indent=2)
    told = told_at_once(case)
    reply = (result.public_reply if result else told) or blank_lines(8, 44)
    sheet.paragraph(reply, LETTER, indent=2)
    # The telephone number below the seal does not go to a page of its own either.
    sheet.need(SIGN_OFF + LETTER.leading * (3.2 if letter.contact_phone else 1) + 1)
    sheet.paragraph("特此函复。", LETTER, indent=2)
    unit = letter.unit or (result.unit if result else case.lead_unit)
    at = letter.issued_at or (result.replied_at if result else None)
    # Answered by the hotline itself: the hotline signs for it.
    sign_off(
        sheet, unit or (order.heading if told else ""), at or (case.closed_at if told else None)
    )
    if letter.contact_phone:
        # 附注 stands in brackets below the date (GB/T 9704 7.3.6).
        sheet.gap(LETTER.leading)
        sheet.paragraph(f"（联系电话：{letter.contact_phone}）", LETTER, indent=2)


def _name(case: CaseFile) -> str:
    """The masked name, or no name at all."""
    hidden = case.anonymous or case.row.confidential or not case.appellant
    return "尊敬的诉求人" if hidden else f"尊敬的{case.appellant}"
