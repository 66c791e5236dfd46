"""Forms printed from real rows: nothing blank that is known, nobody's moment in another's place, no contact."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest

from console.domain.forms import CheckNote, FormKind, HandlingFacts
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import SupervisionLevel
from console.ledger import Entry, Ledger, case_file
from console.ledger.papers import form_details
from console.services.paper import preview
from console.services.reports import Reports
from db.models import (
    Appellant,
    Assignment,
    Attachment,
    Contact,
    ExtensionRequest,
    JointSheet,
    NotifyCopy,
    PoliceTransfer,
    ReturnRequest,
    Supervision,
    Ticket,
    Urging,
    Verification,
)
from tests.desks import move, replied
from tests.journeys import COMMUNITY, DEPARTMENT, STREET, dispatch, dispatched
from tests.services.paper_pages import needs_poppler, pages
from tests.services.test_paper import paper
from tests.world import seat_for

pytestmark = needs_poppler

# 2026-03-09 09:00 in Beijing.
AT = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)


def printed(world, ticket_id: int, form: FormKind) -> str:
    desk = Reports(seat_for(world, Role.CLERK), paper(), preview)
    return "".join(pages(desk.preview(ticket_id, form).document.pdf))


def add(world, *rows: object) -> None:
    with world.writing.begin() as session:
        session.add_all(rows)


def returned(world) -> int:
    """Given back by the street and sent to a department, which gives it back too; never signed by it."""
    ticket_id = dispatched(world)
    ask = {
        "reason": "1",
        "basis": "清河街道以河为界，事发地在河东。",
        "suggested_unit": "明月街道办事处",
    }
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.ASK_RETURN, ask, "申请退单"), STREET)
    move(world, ticket_id, Role.DISPATCHER, Entry(Move.GRANT_RETURN, {"opinion": "同意"}, "同意"))
    dispatch(world, ticket_id, DEPARTMENT)
    with world.writing.begin() as session:
        session.query(Assignment).filter_by(ticket_id=ticket_id, seq=2).update(
            {"dispatched_at": AT, "signed_at": AT + timedelta(hours=1)}
        )
        session.query(Ticket).filter_by(id=ticket_id).update(
            {"dispatched_at": AT - timedelta(days=1)}
        )
    for hop, (seq, unit, reason) in enumerate(
        ((1, "清河街道办事处", "属地不符"), (2, "城市管理局", "职责不符")), 1
    ):
        add(world, ReturnRequest(
            ticket_id=ticket_id, share_seq=seq, hop=hop, unit_name=unit, reason=reason,
            basis=f"第{hop}次退单的依据", suggested_unit="供水集团", asked_at=AT + timedelta(hours=2 * hop),
            asked_by="王街 S101", granted=True if hop == 1 else None, opinion="依据充分" if hop == 1 else "",
        ))  # fmt: skip
    return ticket_id


def test_a_return_form_tells_when_this_unit_got_it(world) -> None:
    text = printed(world, returned(world), FormKind.RETURN_REQUEST)
    assert "派单时间2026-03-0909:00签收时间2026-03-0910:00" in text
    assert "申请单位城市管理局退单次数第2次" in text
    assert "☑职责不符" in text
    assert "第2次退单的依据" in text
    assert "建议承办单位供水集团" in text
    assert "经办王街S101" in text


def test_a_share_given_back_was_neither_in_time_nor_late(world) -> None:
    """And so it is in the closure report's table of units."""
    text = printed(world, returned(world), FormKind.CLOSURE_REPORT)
    units = text[text.index("承办单位时限情况") :]
    line = units[units.index("清河街道办事处") : units.index("城市管理局")]
    assert "已退单" in line
    assert "按时" not in line
    assert "超时" not in line


def test_a_joint_sheet_puts_every_refusal_side_by_side(world) -> None:
    ticket_id = returned(world)
    add(world, JointSheet(
        ticket_id=ticket_id, opened_at=AT, opened_by="孙岚 0031", units="清河街道办事处、城市管理局、供水集团",
        conclusion="由城市管理局主办，清河街道协办。", concluded_at=AT + timedelta(hours=9), concluded_by="周正 0002",
    ))  # fmt: skip
    text = printed(world, ticket_id, FormKind.JOINT_SHEET)
    for said in (
        "1清河街道办事处", "属地不符", "第1次退单的依据", "同意退单依据充分",
        "2城市管理局", "职责不符", "第2次退单的依据", "待审",
        "由城市管理局主办，清河街道协办。", "主办单位城市管理局", "主持人周正0002", "供水集团____",
    ):  # fmt: skip
        assert said in text


def test_a_handling_sheet_knows_who_was_on_the_spot(world) -> None:
    ticket_id = replied(world)
    add(
        world,
        Verification(ticket_id=ticket_id, verifier_id=9, verifier_name="陈格 G301", at=AT, passed=True,
                     result="现场已疏通，无异味。", signed_off=True),
        Contact(ticket_id=ticket_id, share_seq=1, at=AT, phone_masked="199****1234", manner="上门",
                contacted_by="王街 S101", outcome="约定今日下午三点到场"),
    )  # fmt: skip
    text = printed(world, ticket_id, FormKind.HANDLING_SHEET)
    assert "核查时间2026-03-0909:00核查人员陈格G301" in text
    assert "现场已疏通，无异味。" in text
    assert "王街S101：约定今日下午三点到场" in text or "约定今日下午三点到场" in text
    assert "公开答复内容" in text


def test_without_a_check_the_visit_of_the_unit_is_the_check(world) -> None:
    ticket_id = replied(world)
    with world.writing.begin() as session:
        session.query(Assignment).filter_by(ticket_id=ticket_id).update(
            {"arrived_at": AT, "signer_name": "王街 S101"}
        )
    text = printed(world, ticket_id, FormKind.HANDLING_SHEET)
    assert "核查时间2026-03-0909:00核查人员王街S101" in text
    assert "到场时间" not in text


def test_a_verification_names_photographs_by_number(world) -> None:
    ticket_id = replied(world)
    for kind in ("before", "other", "verify_before", "verify_after"):
        add(world, Attachment(
            ticket_id=ticket_id, share_seq=1, kind=kind, name=f"{kind}.jpg", media_type="image/jpeg", size=1,
            sha256=kind, added_at=AT, added_by="陈格 G301",
        ))  # fmt: skip
    blank = printed(world, ticket_id, FormKind.VERIFICATION)
    assert "□通过□发回重办" in blank
    add(world, Verification(
        ticket_id=ticket_id, verifier_id=9, verifier_name="陈格 G301", at=AT, passed=False,
        result="污水仍在外溢。", signed_off=False,
    ))  # fmt: skip
    text = printed(world, ticket_id, FormKind.VERIFICATION)
    assert "处置前照片附件1、附件3处置后照片附件4" in text
    assert "核查时间2026-03-0909:00核查人员陈格G301" in text
    assert "☑发回重办" in text
    assert "☑未签字" in text
    assert "承办单位清河街道办事处" in text
    assert "网格员陈晓燕" in text, "an order to staff names staff in full"


def test_a_copy_notice_lists_who_has_read_it(world) -> None:
    ticket_id = dispatched(world)
    add(
        world,
        NotifyCopy(ticket_id=ticket_id, unit_id=40, told_at=AT),
        NotifyCopy(ticket_id=ticket_id, unit_id=41, told_at=AT, read_at=AT + timedelta(hours=1), read_by="赵城 D401"),
    )  # fmt: skip
    text = printed(world, ticket_id, FormKind.COPY_NOTICE)
    assert "城市管理局、供水集团：" in text
    assert "城市管理局2026-03-0909:00未阅" in text
    assert "供水集团2026-03-0909:00赵城D4012026-03-0910:00" in text


def test_a_police_hand_over_tells_both_sides_and_no_number(world) -> None:
    ticket_id = dispatched(world)
    add(world, PoliceTransfer(
        direction="out", service="110", ticket_id=ticket_id, at=AT, handed_by="李敏 0017", receiver_no="2037",
        three_way=True, got_it_first="12345", reason="现场有人持械", result="refused", refusal="属城管职责",
        police_no="J20260309001", settled_at=AT + timedelta(minutes=9), settled_by="李敏 0017",
        receiver_back="2040", agreed="李敏0017、接警员2037",
    ))  # fmt: skip
    text = printed(world, ticket_id, FormKind.POLICE_HANDOVER)
    for said in (
        "☑12345→110", "移交时间2026-03-0909:00", "移交人李敏0017接收人工号2037", "移交理由现场有人持械",
        "☑退回", "退回理由属城管职责", "警情编号J20260309001", "三方通话记录", "双方同意人李敏0017、接警员2037",
        "12345热线（章）", "110指挥中心（章）",
    ):  # fmt: skip
        assert said in text
    assert "199" not in text


def test_notices_are_filled_from_what_was_issued(world) -> None:
    ticket_id = dispatched(world)
    with world.reading() as session:
        due = session.get_one(Ticket, ticket_id).finish_due
    assert due is not None
    add(
        world,
        Urging(ticket_id=ticket_id, unit_name="清河街道办事处", reason="预警", at=AT, by="系统", rung=0,
               light_key="a", automatic=True),
        Urging(ticket_id=ticket_id, unit_name="清河街道办事处", reason="已超期", copied_to="分管负责人",
               at=due + timedelta(hours=26), by="郑督 0051", document_no="示政热催〔2026〕3号"),
        Supervision(ticket_id=ticket_id, level=SupervisionLevel.RED, document_no="示政热督〔2026〕12号",
                    reason="超期未办结、领导批示", demands="立即办理并书面说明。", lead_unit="清河街道办事处",
                    instructing_leader="李市长", lead_leader="张主任", co_leader="王局长", due=AT,
                    feedback_every_days=3, contact="郑督", contact_phone="0730-8800000", issued_at=AT,
                    issued_by="郑督 0051"),
        ExtensionRequest(ticket_id=ticket_id, share_seq=1, days=5, reason="须等配件", basis="热线办法第八条",
                         citizen_told=True, old_due=AT, new_due=AT + timedelta(days=7), asked_at=AT,
                         asked_by="王街 S101", granted=True, decided_by="孙岚 0031", decided_at=AT),
    )  # fmt: skip
    urging = printed(world, ticket_id, FormKind.URGING_NOTICE)
    for said in (
        "示政热催〔2026〕3号",
        "已超时1天2小时",
        "催办次数第1次",
        "联系人：郑督0051",
        "抄送：分管负责人。",
    ):
        assert said in urging
    notice = printed(world, ticket_id, FormKind.SUPERVISION_NOTICE)
    for said in (
        "示政热督〔2026〕12号", "☑红牌督办", "☑超期未办结", "☑领导批示", "立即办理并书面说明。", "李市长", "张主任",
        "王局长", "☑定期（每3天）", "督察局、纪委监委", "0730-8800000", "2026年3月9日",
    ):  # fmt: skip
        assert said in notice
    extension = printed(world, ticket_id, FormKind.EXTENSION_REQUEST)
    for said in ("5个工作日", "须等配件", "热线办法第八条", "☑是", "☑同意延期", "审批人孙岚0031"):
        assert said in extension


def test_a_task_slip_is_of_the_share_passed_down(world) -> None:
    ticket_id = dispatched(world)
    for entry in (Entry(Move.SIGN, note="签收"), _down(world)):
        move(world, ticket_id, Role.STREET_DESK, entry, STREET)
    text = printed(world, ticket_id, FormKind.GRID_TASK)
    assert "请到现场核实" in text
    assert "网格清风社区" in text
    with world.reading() as session:
        number = session.get_one(Ticket, ticket_id).number
    assert f"任务编号{number}-2" in text


def _down(world) -> Entry:
    seat = seat_for(world, Role.STREET_DESK, STREET)
    with world.reading() as session:
        unit = asdict(Ledger(seat).unit(session, COMMUNITY))
    return Entry(
        Move.SUB_DISPATCH, {"unit": unit, "opinion": "请到现场核实"}, "下派", opinion="请到现场核实"
    )


@pytest.mark.parametrize("form", FormKind)
def test_a_form_without_rows_has_blanks_and_says_so(world, form: FormKind) -> None:
    ticket_id = dispatched(world)
    shown = Reports(seat_for(world, Role.CLERK), paper(), preview).preview(ticket_id, form)
    assert shown.document.missing == ()
    assert shown.document.pages >= 1
    assert shown.note or form in (FormKind.TICKET_FORM, FormKind.HANDLING_SHEET)


def test_nothing_an_appellant_is_known_by_is_in_a_confidential_form(world) -> None:
    ticket_id = dispatched(world, confidential=True)
    said = "叶小满在电话19900001234里说明天在家"
    add(
        world,
        Appellant(ticket_id=ticket_id, name="叶小满", phone="19900001234", joined_at=AT),
        Contact(ticket_id=ticket_id, share_seq=1, at=AT, phone_masked="199****1234", contacted_by="王街 S101",
                outcome=said),
        Verification(ticket_id=ticket_id, verifier_id=9, verifier_name="陈格 G301", at=AT, passed=True, result=said),
        Urging(ticket_id=ticket_id, unit_name="清河街道办事处", reason=said, at=AT, by="郑督 0051"),
        Supervision(ticket_id=ticket_id, level=1, reason="超期未办结", demands=said, issued_at=AT, issued_by="郑督"),
        ReturnRequest(ticket_id=ticket_id, share_seq=1, hop=1, unit_name="清河街道办事处", reason="内容不清",
                      basis=said, asked_at=AT, asked_by="王街 S101"),
        ExtensionRequest(ticket_id=ticket_id, share_seq=1, days=5, reason=said, asked_at=AT, asked_by="王街 S101"),
        PoliceTransfer(direction="out", ticket_id=ticket_id, at=AT, handed_by="李敏 0017", reason=said),
    )  # fmt: skip
    for form in FormKind:
        text = printed(world, ticket_id, form)
        for contact in ("叶小满", "19900001234", "199****1234", "叶**"):
            assert contact not in text, form
        assert "【保密】" in text
        assert "打印人方文0061" in text


def test_the_forms_own_rows_are_of_this_ticket_alone(world) -> None:
    one, other = dispatched(world), dispatched(world)
    add(
        world,
        Verification(
            ticket_id=other, verifier_id=9, verifier_name="陈格", at=AT, passed=True, result="别处"
        ),
    )
    seat = seat_for(world, Role.CLERK)
    with world.reading() as session:
        facts = form_details(session, seat, one, FormKind.HANDLING_SHEET)
        theirs = form_details(session, seat, other, FormKind.HANDLING_SHEET)
        assert case_file(session, seat, one).verify_result == ""
    assert isinstance(facts, HandlingFacts)
    assert isinstance(theirs, HandlingFacts)
    assert facts.check is None
    assert theirs.check == CheckNote(AT, "陈格", True, "别处", False, "")
    assert date(2026, 3, 9) == AT.date()
