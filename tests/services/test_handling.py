"""The unit's desk on a real database: from the street down to the grid and back up."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from console.domain.errors import (
    Cancelled,
    Conflict,
    Invalid,
    InvalidForm,
    NotAllowed,
    NotFound,
    Unavailable,
)
from console.domain.inbox import Duty, InboxTab, ReplyForm
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import AssignmentState, Light, Resolution, TicketState
from console.ledger import Entry, Ledger
from console.ledger.files import LARGEST, PIECE, read_file
from console.services.handling import Handling
from db.models import (
    Assignment,
    Attachment,
    Contact,
    ExtensionRequest,
    GateOverride,
    HandlingResult,
    Promise,
    ReturnRequest,
    StoredFile,
    Ticket,
    TicketEvent,
    WhistleCall,
)
from tests.journeys import COMMUNITY, DEPARTMENT, GRID, STREET, dispatched, version_of
from tests.world import engine_of, seat_for

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
REPLY = ReplyForm(
    true_appeal=True,
    resolution=Resolution.RESOLVED,
    cause="门面餐饮店直排油污",
    measures="已疏通管道，要求商户加装隔油池",
    result="网格员到场核实，联系市政疏通管道，两家餐饮店承诺加装隔油池。",
    public_reply="您反映的下水道堵塞已于当日疏通，路面已清洗，感谢您的监督。",
    explanation="管道公司当时就在附近作业",
)


def street(db) -> Handling:
    return Handling(seat_for(db, Role.STREET_DESK, STREET))


def community(db) -> Handling:
    return Handling(seat_for(db, Role.GRID_LEADER, COMMUNITY))


def grid(db) -> Handling:
    return Handling(seat_for(db, Role.GRID_WORKER, GRID))


def department(db) -> Handling:
    return Handling(seat_for(db, Role.LIAISON, DEPARTMENT))


def signed(db, **changes) -> int:
    ticket_id = dispatched(db, **changes)
    street(db).sign(ticket_id, version_of(db, ticket_id))
    return ticket_id


def now() -> datetime:
    return datetime.now(UTC)


def share_states(db, ticket_id) -> list[str]:
    with db.reading() as session:
        query = select(Assignment.state).where(Assignment.ticket_id == ticket_id)
        return [str(state) for state in session.scalars(query.order_by(Assignment.seq))]


def piles(desk: Handling) -> dict[str, int]:
    return {str(tab): number for tab, number in desk.tab_counts().items() if number}


def rows(db, kind) -> list:
    with db.reading() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


def picture(folder: Path, name: str = "after.jpg", content: bytes = JPEG) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def faults_of(error: InvalidForm) -> set[str]:
    return {fault.field for fault in error.faults}


def test_a_case_goes_down_to_the_community_and_its_reply_comes_up_again(world) -> None:
    ticket_id = signed(world)
    above, below = street(world), community(world)
    above.contact(ticket_id, now(), "电话", "约下午到场")
    above.sub_dispatch(ticket_id, COMMUNITY, "请到场核实并疏通")
    assert piles(above) == {"passed_down": 1}
    assert piles(below) == {"to_sign": 1}
    below.sign(ticket_id)
    below.arrive(ticket_id)
    below.reply(ticket_id, REPLY)
    assert piles(below) == {"replied": 1}
    assert piles(above) == {"to_review": 1}
    offered = above.child_result(ticket_id)
    assert offered is not None
    assert offered.public_reply == REPLY.public_reply
    above.reply(ticket_id, replace(offered, public_reply=offered.public_reply + "街道将持续巡查。"))
    assert piles(above) == {"replied": 1}
    with world.reading() as session:
        assert session.get(Ticket, ticket_id).state is TicketState.PENDING_REVIEW
        moves = session.scalars(select(TicketEvent.move).order_by(TicketEvent.id)).all()
    assert moves == [
        "register", "dispatch", "sign", "contact", "sub_dispatch", "sign", "arrive", "reply", "reply",
    ]  # fmt: skip
    assert [row.unit_name for row in rows(world, HandlingResult)] == ["清风社区", "清河街道办事处"]


def test_the_inbox_shows_the_units_own_clocks(world) -> None:
    ticket_id = signed(world)
    above = street(world)
    above.sub_dispatch(ticket_id, COMMUNITY, "请办理")
    (mine,), (theirs,) = above.inbox(InboxTab.PASSED_DOWN), community(world).inbox(InboxTab.TO_SIGN)
    with world.reading() as session:
        own, child = session.scalars(select(Assignment).order_by(Assignment.seq)).all()
    assert (mine.finish_due, theirs.finish_due) == (own.finish_due, child.finish_due)
    assert (theirs.duty, theirs.due) == (Duty.SIGN, child.sign_due)
    assert (mine.below, mine.below_state) == ("清风社区", AssignmentState.PENDING_SIGN)
    assert theirs.light.light is not Light.NONE
    assert theirs.opinion == "请办理"


def test_contact_is_owed_until_it_is_made_then_the_answer(world) -> None:
    ticket_id = signed(world)
    desk = street(world)
    assert desk.inbox(InboxTab.IN_HAND)[0].duty is Duty.CONTACT
    desk.contact(ticket_id, now(), "电话", "")
    row = desk.inbox(InboxTab.IN_HAND)[0]
    assert (row.duty, row.due) == (Duty.FINISH, row.finish_due)


def test_every_tab_and_the_counts_are_one_statement(world) -> None:
    signed(world)
    statements: list[str] = []
    desk = street(world)
    event.listen(engine_of(world), "before_cursor_execute", lambda *a: statements.append(a[2]))
    for tab in InboxTab:
        statements.clear()
        desk.inbox(tab)
        assert len([s for s in statements if not s.startswith("BEGIN")]) == 1
    statements.clear()
    desk.tab_counts()
    assert len([s for s in statements if not s.startswith("BEGIN")]) == 1


def test_a_sibling_unit_sees_nothing_and_can_do_nothing(world) -> None:
    ticket_id = signed(world)
    other = Handling(seat_for(world, Role.STREET_DESK, 11))
    assert not any(other.tab_counts().values())
    for attempt in (
        lambda: other.sign(ticket_id),
        lambda: other.open(ticket_id),
        lambda: other.reply(ticket_id, REPLY),
        lambda: other.sub_dispatch(ticket_id, 21, "请办理"),
        lambda: other.contact(ticket_id, now(), "电话", "", None, False),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_the_centre_has_no_inbox(world) -> None:
    with pytest.raises(NotAllowed, match="只有承办单位"):
        Handling(seat_for(world, Role.AGENT)).inbox(InboxTab.TO_SIGN)


def test_a_higher_unit_without_a_share_may_not_act_on_a_grids_work(world) -> None:
    ticket_id = dispatched(world, COMMUNITY)
    with pytest.raises(NotFound):
        street(world).sign(ticket_id)
    with pytest.raises(NotAllowed):
        street(world).contact(ticket_id, now(), "电话", "", None, False)


def test_a_stale_version_is_a_conflict(world) -> None:
    ticket_id = signed(world)
    seen = version_of(world, ticket_id)
    street(world).contact(ticket_id, now(), "电话", "")
    with pytest.raises(Conflict):
        street(world).reply(ticket_id, REPLY, seen)
    assert not rows(world, HandlingResult)


def test_several_are_signed_each_with_its_result(world) -> None:
    first, second = dispatched(world), dispatched(world)
    street(world).sign(first)
    result = street(world).sign_many((first, second, 999))
    assert [o.signed for o in result.outcomes] == [False, True, False]
    assert result.changed.ids == (second,)
    assert len(result.refused[0].number) == 17


def test_contact_keeps_a_masked_number_and_nothing_of_the_citizen_in_the_log(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "叶先生 19900001234 同意明天上门")
    (contact,) = rows(world, Contact)
    assert (contact.phone_masked, contact.manner) == ("199****1234", "电话")
    last = rows(world, TicketEvent)[-1]
    assert (last.note, last.inputs) == ("已联系群众（电话）", {"contacted": True})
    assert "19900001234" not in street(world).open(ticket_id).contacts[0].outcome


def test_a_vain_call_is_logged_but_is_no_contact(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "无人接听", reached=False)
    assert not rows(world, Contact)
    with pytest.raises(InvalidForm) as refused:
        street(world).reply(ticket_id, REPLY)
    assert "contacted" in faults_of(refused.value)


def test_contact_in_the_future_or_before_the_call_is_refused(world) -> None:
    ticket_id = signed(world)
    for at in (now() + timedelta(hours=1), now() - timedelta(days=30)):
        with pytest.raises(Invalid) as refused:
            street(world).contact(ticket_id, at, "电话", "")
        assert refused.value.field == "contact_at"


def test_children_are_named_with_the_people_who_answer_for_them(world) -> None:
    children = community(world).children()
    assert [child.id for child in children] == [30, 31]
    assert children[0].people == "网格长 刘**　网格员 陈**"
    assert [child.name for child in street(world).children()] == ["清风社区"]


def test_only_a_direct_child_receives(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(NotAllowed, match="直接下级"):
        street(world).sub_dispatch(ticket_id, GRID, "请办理")
    with pytest.raises(InvalidForm) as refused:
        street(world).sub_dispatch(ticket_id, None, " ")
    assert faults_of(refused.value) == {"unit", "opinion"}


def test_taking_back_until_the_child_has_signed(world) -> None:
    ticket_id = signed(world)
    desk = street(world)
    desk.sub_dispatch(ticket_id, COMMUNITY, "请办理")
    desk.take_back(ticket_id, "派错社区")
    assert piles(desk) == {"in_hand": 1}
    desk.sub_dispatch(ticket_id, COMMUNITY, "请办理")
    community(world).sign(ticket_id)
    with pytest.raises(NotAllowed, match="已签收"):
        desk.take_back(ticket_id, "派错社区")


def test_escalation_from_the_grid_goes_to_the_community_that_gave_it(world) -> None:
    ticket_id = dispatched(world, COMMUNITY)
    community(world).sign(ticket_id)
    community(world).sub_dispatch(ticket_id, GRID, "请办理")
    grid(world).sign(ticket_id)
    assert grid(world).open(ticket_id).escalates_to == "清风社区"
    grid(world).escalate(ticket_id, "需要社区出面协调物业")
    assert share_states(world, ticket_id) == ["in_progress", "escalated"]


def test_escalation_of_a_top_share_goes_to_the_superior_unit(world) -> None:
    ticket_id = dispatched(world, COMMUNITY)
    community(world).sign(ticket_id)
    assert community(world).open(ticket_id).escalates_to == "清河街道办事处"
    community(world).escalate(ticket_id, "涉及多个社区")
    assert piles(street(world)) == {"to_sign": 1}
    assert "涉及多个社区" in street(world).inbox(InboxTab.TO_SIGN)[0].opinion


def test_a_departments_escalation_goes_back_to_the_centre(world) -> None:
    ticket_id = dispatched(world, DEPARTMENT)
    department(world).sign(ticket_id)
    assert department(world).open(ticket_id).escalates_to == "热线中心"
    department(world).escalate(ticket_id, "需市级统筹")
    with world.reading() as session:
        assert session.get(Ticket, ticket_id).state is TicketState.PENDING_DISPATCH


def test_a_co_unit_may_decline(world) -> None:
    ticket_id = dispatched(world, STREET, co=(DEPARTMENT,))
    department(world).decline(ticket_id, "不涉及市容管理")
    assert share_states(world, ticket_id) == ["pending_sign", "declined"]


def test_a_return_says_why_on_what_basis_and_who_instead(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(InvalidForm) as refused:
        street(world).ask_return(ticket_id, "", "", "")
    assert faults_of(refused.value) == {"reason", "basis", "suggested_unit"}
    street(world).ask_return(ticket_id, "2", "“三定”规定：排水设施由城管局负责", "城市管理局")
    (asked,) = rows(world, ReturnRequest)
    assert (asked.reason, asked.suggested_unit, asked.hop) == ("职责不符", "城市管理局", 1)
    assert piles(street(world)) == {"in_hand": 1}


def test_an_extension_needs_days_reason_basis_and_a_told_citizen(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(InvalidForm) as refused:
        street(world).ask_extension(ticket_id, 0, "", "", False)
    assert faults_of(refused.value) == {"days", "reason", "basis", "told"}
    with pytest.raises(Invalid, match="不得超过 10") as too_many:
        street(world).ask_extension(ticket_id, 11, "等待管道更换", "施工合同", True)
    assert too_many.value.field == "days"
    street(world).ask_extension(ticket_id, 5, "等待管道更换", "施工合同", True)
    (asked,) = rows(world, ExtensionRequest)
    assert asked.new_due > asked.old_due
    assert asked.citizen_told


def test_a_reply_names_every_fault_at_once(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(InvalidForm) as refused:
        street(world).reply(
            ticket_id, ReplyForm(promise="三天内装好隔油池", resolution=Resolution.PARTLY)
        )
    assert faults_of(refused.value) == {
        "true_appeal", "result", "public_reply", "contacted", "unresolved_reason", "promise_due", "explanation",
    }  # fmt: skip
    assert not rows(world, HandlingResult)


def test_contact_given_with_the_reply_is_recorded_with_it(world) -> None:
    ticket_id = signed(world)
    street(world).reply(
        ticket_id, replace(REPLY, contacted=True, contact_at=now(), contact_manner="上门")
    )
    assert [c.manner for c in rows(world, Contact)] == ["上门"]
    moves = [e.move for e in rows(world, TicketEvent)]
    assert moves[-2:] == ["contact", "reply"]


def test_a_site_matter_needs_a_photo_whatever_the_form_says(world, tmp_path) -> None:
    ticket_id = signed(world, needs_site_proof=True)
    street(world).contact(ticket_id, now(), "电话", "")
    street(world).attach(ticket_id, "before", picture(tmp_path, "before.jpg", JPEG + b"0"))
    with pytest.raises(InvalidForm) as refused:
        street(world).reply(ticket_id, REPLY)
    assert faults_of(refused.value) == {"photos"}
    street(world).attach(ticket_id, "after", picture(tmp_path))
    street(world).reply(ticket_id, REPLY)
    assert rows(world, TicketEvent)[-1].inputs["photos"] == 1


def test_the_reply_in_the_log_is_masked(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "")
    street(world).reply(ticket_id, replace(REPLY, result=REPLY.result + "来电人19900001234"))
    event_ = rows(world, TicketEvent)[-1]
    assert "19900001234" not in str(event_.inputs)
    assert event_.note.startswith("回复办结：已解决")


def test_a_promise_is_one_promise_though_two_levels_reply(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "")
    street(world).sub_dispatch(ticket_id, COMMUNITY, "请办理")
    community(world).sign(ticket_id)
    due = now() + timedelta(days=3)
    community(world).reply(ticket_id, replace(REPLY, promise="装好隔油池", promise_due=due))
    offered = street(world).child_result(ticket_id)
    street(world).reply(ticket_id, offered)
    assert [(p.what, p.due) for p in rows(world, Promise)] == [("装好隔油池", due)]


def test_a_reply_seconds_after_signing_must_be_explained_and_is_listed(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "")
    with pytest.raises(InvalidForm, match="签收不到10分钟"):
        street(world).reply(ticket_id, replace(REPLY, explanation=""))
    street(world).reply(ticket_id, REPLY)
    (listed,) = rows(world, GateOverride)
    assert (listed.finding, listed.by) == ("签收不到10分钟就回复", "王街 S101")


def test_a_copied_answer_and_a_reused_photo_are_noticed(world, tmp_path) -> None:
    for _ in range(2):
        ticket_id = signed(world)
        street(world).contact(ticket_id, now(), "电话", "")
        street(world).attach(ticket_id, "after", picture(tmp_path))
        street(world).reply(ticket_id, REPLY)
    assert len(rows(world, GateOverride)) == 4
    assert {g.finding for g in rows(world, GateOverride)} == {
        "签收不到10分钟就回复", "处置后照片在其他工单用过", "公开答复与另一张工单完全相同",
    }  # fmt: skip


def test_an_anonymous_appellant_without_a_number_need_not_be_contacted(world) -> None:
    ticket_id = signed(world, anonymous=True, phone_masked="")
    street(world).reply(ticket_id, REPLY)


def test_after_a_redo_the_own_last_reply_is_offered(world) -> None:
    ticket_id = signed(world)
    street(world).contact(ticket_id, now(), "电话", "")
    street(world).reply(ticket_id, REPLY)
    seat = seat_for(world, Role.DISPATCHER)
    with world.writing.begin() as session:
        Ledger(seat).move(session, ticket_id, Entry(Move.FAIL_REVIEW, {"comment": "原因不清"}))
    desk = street(world).open(ticket_id)
    assert desk.own.redo_count == 1
    assert desk.prefill.public_reply == REPLY.public_reply
    assert "上次回复" in desk.prefill_from


def test_a_file_is_stored_once_and_read_back_whole(world, tmp_path) -> None:
    content = JPEG + bytes(PIECE)
    first, second = signed(world), signed(world)
    path = picture(tmp_path, content=content)
    added = street(world).attach(first, "after", path)
    street(world).attach(second, "after", path)
    assert street(world).attach(first, "after", path).again
    assert (added.line.media_type, added.line.size) == ("image/jpeg", len(content))
    assert len(rows(world, Attachment)) == 2
    with world.reading() as session:
        assert len(session.scalars(select(StoredFile.piece)).all()) == 2
        assert read_file(session, added.line.sha256) == content
    assert street(world).file(first, added.line.sha256) == content


def test_a_program_called_jpg_is_refused_with_a_sentence(world, tmp_path) -> None:
    ticket_id = signed(world)
    for content in (b"MZ\x90\x00", b"\x7fELF\x02\x01", b"#!/bin/sh\nrm -rf /\n"):
        with pytest.raises(Invalid, match="是程序文件") as refused:
            street(world).attach(ticket_id, "after", picture(tmp_path, "现场.jpg", content))
        assert refused.value.field == "attachment"
    assert not rows(world, Attachment)


def test_sixty_megabytes_are_refused_before_they_are_read(world, tmp_path, monkeypatch) -> None:
    ticket_id = signed(world)
    path = tmp_path / "long.mp4"
    with path.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    monkeypatch.setattr(Path, "open", lambda *_a, **_k: pytest.fail("was opened"))
    with pytest.raises(Invalid, match=r"60 MB，超过 50 MB"):
        street(world).attach(ticket_id, "after", path)


def test_a_file_that_grows_while_it_is_read_is_refused(world, tmp_path, monkeypatch) -> None:
    ticket_id = signed(world)
    path = tmp_path / "grows.mp4"
    with path.open("wb") as file:
        file.truncate(LARGEST + PIECE)
    monkeypatch.setattr("console.ledger.files._size", lambda _path: 1)
    with pytest.raises(Invalid, match="超过 50 MB"):
        street(world).attach(ticket_id, "after", path)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"#!AMR\n", "audio/amr"),
        (b"ID3\x03", "audio/mpeg"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_the_type_is_read_from_the_content(world, tmp_path, head: bytes, kind: str) -> None:
    ticket_id = signed(world)
    line = (
        street(world)
        .attach(ticket_id, "handling", picture(tmp_path, "x.bin", head + bytes(64)))
        .line
    )
    assert line.media_type == kind


def office(*parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for part in parts:
            package.writestr(part, "x")
    return made.getvalue()


def test_office_papers_pass_but_macros_and_other_archives_do_not(world, tmp_path) -> None:
    ticket_id = signed(world)
    desk = street(world)
    paper = picture(tmp_path, "说明.docx", office("[Content_Types].xml", "word/document.xml"))
    assert "wordprocessingml" in desk.attach(ticket_id, "handling", paper).line.media_type
    with pytest.raises(Invalid, match="宏程序"):
        macro = office("word/document.xml", "word/vbaProject.bin")
        desk.attach(ticket_id, "handling", picture(tmp_path, "m.docx", macro))
    with pytest.raises(Invalid, match="不是可添加的文件类型"):
        desk.attach(ticket_id, "handling", picture(tmp_path, "z.docx", office("a.txt")))
    with pytest.raises(Invalid, match="HEIC"):
        apple = b"\x00\x00\x00\x18ftypheic" + bytes(64)
        desk.attach(ticket_id, "after", picture(tmp_path, "IMG.HEIC", apple))
    with pytest.raises(Invalid, match="不是照片或视频"):
        desk.attach(ticket_id, "after", picture(tmp_path, "a.pdf", b"%PDF-1.7"))


def test_a_missing_or_empty_file_is_said(world, tmp_path) -> None:
    ticket_id = signed(world)
    with pytest.raises(Unavailable, match="读不到文件"):
        street(world).attach(ticket_id, "after", tmp_path / "gone.jpg")
    with pytest.raises(Invalid, match="空文件"):
        street(world).attach(ticket_id, "after", picture(tmp_path, "empty.jpg", b""))


def test_cancelling_leaves_nothing(world, tmp_path) -> None:
    ticket_id = signed(world)
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        street(world).attach(ticket_id, "after", picture(tmp_path), cancelled=lambda: next(asked))
    assert not rows(world, Attachment)
    with world.reading() as session:
        assert not session.scalars(select(StoredFile.piece)).all()


def test_an_attachment_is_taken_away_by_its_own_unit_until_it_has_replied(world, tmp_path) -> None:
    ticket_id = signed(world)
    desk = street(world)
    wrong = desk.attach(ticket_id, "after", picture(tmp_path)).line
    desk.detach(ticket_id, wrong.id)
    with world.reading() as session:
        assert not session.scalars(select(StoredFile.piece)).all()
    kept = desk.attach(ticket_id, "after", picture(tmp_path)).line
    desk.contact(ticket_id, now(), "电话", "")
    desk.reply(ticket_id, REPLY)
    with pytest.raises(NotAllowed, match="已回复"):
        desk.detach(ticket_id, kept.id)


def test_whistled_units_are_listed_with_their_arrival(world) -> None:
    ticket_id = signed(world)
    desk = street(world)
    desk.whistle(ticket_id, (DEPARTMENT, 41), "请到宝丽西街处置油污")
    first = desk.open(ticket_id).called[0]
    desk.whistle_arrived(ticket_id, first.id, "赵城", "已封堵排口")
    calls = rows(world, WhistleCall)
    assert [bool(call.arrived_at) for call in calls] == [True, False]
    assert rows(world, TicketEvent)[-1].note == "城市管理局应哨到场"


def test_mediation_rounds_count_up(world) -> None:
    ticket_id = signed(world)
    desk = street(world)
    day = now().date() - timedelta(days=1)
    desk.mediate(ticket_id, day, "业主代表、物业、社区", "费用分担未谈拢", False)
    desk.mediate(ticket_id, day, "业主代表、物业、社区", "各担一半", True)
    assert [(r.number, r.agreed) for r in desk.open(ticket_id).rounds] == [(1, False), (2, True)]
    with pytest.raises(Invalid, match="还没到"):
        desk.mediate(ticket_id, day + timedelta(days=9), "双方", "约定", True)


def test_what_the_desk_knows_before_any_form_is_opened(world) -> None:
    ticket_id = signed(world, needs_site_proof=True)
    desk = street(world).open(ticket_id)
    assert desk.case.row.id == ticket_id
    assert (desk.needs_photo, desk.passes_down, desk.extension_left) == (True, True, 10)
    assert desk.return_until > now()
    assert Move.REPLY in desk.case.permitted
    assert street(world).rules().length_min == 20
