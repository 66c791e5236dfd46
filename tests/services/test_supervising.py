"""What an overseer does: urge, supervise, lift, suspend, resume, judge overrides; on a real database."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from console.domain.errors import Conflict, Invalid, InvalidForm, NotAllowed, UserError
from console.domain.forms import FormKind, SupervisionNotice, UrgingNotice
from console.domain.ladder import rung_key
from console.domain.roles import Role
from console.domain.states import SupervisionLevel, TicketState
from console.domain.supervision import (
    SuperviseForm,
    SuspendForm,
    UrgeForm,
)
from console.ledger.papers import form_details
from console.ledger.supervision import next_document_no, open_supervision
from db.models import (
    Supervision,
    Suspension,
    Ticket,
    TicketEvent,
    Urging,
)
from tests.desks import closed, replied, to_call_back
from tests.journeys import STREET, dispatched, version_of
from tests.oversight import (
    SOON,
    TODAY,
    YEAR,
    desk,
    late,
    override,
    put,
    rows,
    signed,
    supervising,
    suspend,
)
from tests.world import seat_for

# --- urging


def test_urging_leaves_a_numbered_letter(world) -> None:
    ticket_id = late(world, signed(world))
    said = desk(world).urge(UrgeForm((ticket_id,), "已超期，请尽快办结", "分管负责人"))
    assert said.note == f"已催办清河街道办事处，第 1 次，示政热催〔{YEAR}〕1号"
    row = rows(world, Urging, ticket_id)[0]
    assert (row.unit_name, row.copied_to, row.by) == ("清河街道办事处", "分管负责人", "郑督 0051")
    with world.reading() as session:
        notice = form_details(
            session, seat_for(world, Role.OVERSEER), ticket_id, FormKind.URGING_NOTICE
        )
    assert isinstance(notice, UrgingNotice)
    assert notice.overdue is not None
    assert notice.document_no == row.document_no


def test_many_are_urged_with_one_reason_each_by_itself(world) -> None:
    first, done, second = signed(world), closed(world), dispatched(world)
    result = desk(world).urge_many(UrgeForm((first, done, second), "请按期办结"))
    assert len(result.done) == 2
    assert [words for _number, words in result.failed] == ["工单当前为“已办结”，不能催办"]
    assert [len(rows(world, Urging, i)) for i in (first, done, second)] == [1, 0, 1]
    numbers = [rows(world, Urging, i)[0].document_no for i in (first, second)]
    assert numbers == [f"示政热催〔{YEAR}〕1号", f"示政热催〔{YEAR}〕2号"]


def test_urging_needs_a_reason(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(Invalid, match="请填写催办原因") as caught:
        desk(world).urge_many(UrgeForm((ticket_id,), "  "))
    assert caught.value.field == "reason"


def test_a_stale_version_is_refused(world) -> None:
    ticket_id = signed(world)
    with pytest.raises(Conflict):
        desk(world).urge(UrgeForm((ticket_id,), "请办", version=1))


# --- supervising


def test_a_notice_has_number_points_and_every_field(world) -> None:
    ticket_id = late(world, signed(world))
    said = desk(world).supervise(supervising(world, ticket_id, feedback_every_days=2))
    assert said.note == f"已发黄牌督办单 示政热督〔{YEAR}〕1号，送清河街道办事处"
    row = rows(world, Supervision, ticket_id)[0]
    assert (row.level, row.penalty, row.lead_unit, row.co_units) == (
        100,
        5,
        "清河街道办事处",
        "城市管理局",
    )
    assert (row.copied_to, row.feedback_every_days, row.due) == ("督察组", 2, SOON)
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).supervision == 100
        notice = form_details(
            session, seat_for(world, Role.OVERSEER), ticket_id, FormKind.SUPERVISION_NOTICE
        )
    assert isinstance(notice, SupervisionNotice)
    assert notice.level is SupervisionLevel.YELLOW
    assert (notice.reasons, notice.co_units) == (("超期未办结",), ("城市管理局",))


def test_the_level_only_rises_and_one_notice_is_in_force(world) -> None:
    ticket_id = signed(world)
    desk(world).supervise(supervising(world, ticket_id))
    with pytest.raises(NotAllowed, match="只能提高"):
        desk(world).supervise(supervising(world, ticket_id, level=SupervisionLevel.NORMAL))
    assert desk(world).dossier(ticket_id).levels == (SupervisionLevel.RED,)
    desk(world).supervise(supervising(world, ticket_id, level=SupervisionLevel.RED))
    old, new = rows(world, Supervision, ticket_id)
    assert (old.lift_reason, new.lifted_at) == ("升为红牌督办", None)
    assert (old.document_no, new.document_no) == (
        f"示政热督〔{YEAR}〕1号",
        f"示政热督〔{YEAR}〕2号",
    )


def test_each_fault_of_a_notice_names_its_field(world) -> None:
    ticket_id = signed(world)
    empty = SuperviseForm(ticket_id, version_of(world, ticket_id), None, "")
    with pytest.raises(InvalidForm) as caught:
        desk(world).supervise(empty)
    assert {fault.field for fault in caught.value.faults} == {
        "level",
        "reason",
        "demands",
        "lead_unit",
        "due",
    }
    past = supervising(world, ticket_id, due=datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(InvalidForm, match="现在之后"):
        desk(world).supervise(past)
    assert not rows(world, Supervision, ticket_id)


def test_two_overseers_never_get_the_same_number(world) -> None:
    seats = [seat_for(world, Role.OVERSEER), seat_for(world, Role.SUPERVISOR)]
    given = []
    for _ in range(3):
        for seat in seats:
            with world.writing.begin() as session:
                given.append(next_document_no(session, seat))
    assert len(set(given)) == 6
    with world.writing() as session:
        lost = next_document_no(session, seats[0])
        session.rollback()
    with world.writing.begin() as session:
        assert next_document_no(session, seats[1]) == lost


def test_lifting_needs_a_reason_and_ends_the_notice(world) -> None:
    ticket_id = signed(world)
    desk(world).supervise(supervising(world, ticket_id))
    with pytest.raises(UserError) as caught:
        desk(world).lift(ticket_id, version_of(world, ticket_id), " ")
    assert caught.value.field == "reason"
    desk(world).lift(ticket_id, version_of(world, ticket_id), "已办结并整改")
    row = rows(world, Supervision, ticket_id)[0]
    assert (row.lifted_by, row.lift_reason) == ("郑督 0051", "已办结并整改")
    assert row.lifted_at is not None
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).supervision == 0


def test_the_unit_answers_the_notice_and_nobody_else_does(world) -> None:
    ticket_id = signed(world)
    unit = desk(world, Role.STREET_DESK, STREET)
    with pytest.raises(UserError, match="没有生效的督办单"):
        unit.feedback(ticket_id, "已安排")
    desk(world).supervise(supervising(world, ticket_id))
    unit.feedback(ticket_id, "已约施工队，责任人王街，周五前完成")
    unit.feedback(ticket_id, "今天已疏通")
    said = rows(world, Supervision, ticket_id)[0].feedback.splitlines()
    assert said[0] == "清河街道办事处 王街 S101：已约施工队，责任人王街，周五前完成"
    assert said[1].endswith("今天已疏通")
    assert desk(world).dossier(ticket_id).cards[0].feedback.count("\n") == 1
    with world.reading() as session:
        assert "督办反馈：今天已疏通" in session.scalars(select(TicketEvent.note)).all()
    with pytest.raises(UserError):
        desk(world, Role.STREET_DESK, 11).feedback(ticket_id, "与我无关")
    with pytest.raises(NotAllowed):
        desk(world).feedback(ticket_id, "我替他写")


def test_an_answer_that_does_not_come_is_told(world) -> None:
    ticket_id = signed(world)
    desk(world).supervise(supervising(world, ticket_id, feedback_every_days=2))
    assert desk(world).dossier(ticket_id).cards[0].answer_late_since is None
    ago = datetime.now(UTC) - timedelta(days=3)
    with world.writing.begin() as session:
        session.execute(update(Supervision).values(issued_at=ago))
    assert desk(world).dossier(ticket_id).cards[0].answer_late_since == ago + timedelta(days=2)
    desk(world, Role.STREET_DESK, STREET).feedback(ticket_id, "今天已疏通")
    assert desk(world).dossier(ticket_id).cards[0].answer_late_since is None


# --- the clock


def test_suspending_and_resuming_keeps_what_was_left(world) -> None:
    ticket_id = signed(world)
    suspend(world, ticket_id)
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is TicketState.SUSPENDED
    row = rows(world, Suspension, ticket_id)[0]
    assert (row.reason_kind, row.reason, row.by) == ("3", "等雨停", "郑督 0051")
    assert "天气或季节" in desk(world).dossier(ticket_id).suspended
    assert not desk(world).dossier(ticket_id).resume_due
    desk(world).resume(ticket_id, version_of(world, ticket_id))
    assert rows(world, Suspension, ticket_id)[0].resumed_at is not None
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is TicketState.IN_PROGRESS


def test_suspending_checks_reason_and_day(world) -> None:
    ticket_id = signed(world)
    form = SuspendForm(ticket_id, version_of(world, ticket_id), "77", "", TODAY)
    with pytest.raises(InvalidForm) as caught:
        desk(world).suspend(form)
    assert {fault.field for fault in caught.value.faults} == {"reason_code", "reason", "resume_on"}


def test_the_dossier_suggests_reason_level_unit_and_copies(world) -> None:
    ticket_id = late(world, dispatched(world))
    put(world, ticket_id, sign_due=datetime.now(UTC) - timedelta(hours=1))
    shown = desk(world).dossier(ticket_id)
    assert (shown.reason, shown.level, shown.unit) == (
        "超期未签收",
        SupervisionLevel.NORMAL,
        "清河街道办事处",
    )
    assert dict(shown.copies)[SupervisionLevel.RED] == "主要负责人、督察局、纪委监委"
    assert dict(shown.points) == {
        SupervisionLevel.NORMAL: 1, SupervisionLevel.YELLOW: 5, SupervisionLevel.RED: 10,
    }  # fmt: skip
    assert shown.due is not None
    assert shown.due > datetime.now(UTC)
    assert "已超过办结时限" in shown.demands


def test_a_rung_the_keeper_wrote_is_told_as_written(world) -> None:
    ticket_id = late(world, signed(world))
    with world.writing.begin() as session:
        due = session.get_one(Ticket, ticket_id).finish_due
        session.add(Urging(
            ticket_id=ticket_id, light_key=rung_key(ticket_id, due, 1), automatic=True, reason="超期",
            at=due, by="系统",
        ))  # fmt: skip
    lines = desk(world).dossier(ticket_id).ladder
    assert lines[1].endswith("已发出")
    assert lines[2].endswith("已到，尚未发出")


# --- overrides


def test_an_override_is_accepted_or_sent_back_and_logged(world) -> None:
    fine, wrong = replied(world), replied(world)
    first, second = override(world, fine), override(world, wrong)
    shown = desk(world).overrides()
    assert [line.id for line in shown] == [second, first]
    assert (shown[0].unit, shown[0].finding, shown[0].by) == (
        "清河街道办事处",
        "称已联系，无通话记录",
        "王街 S101",
    )
    desk(world).judge(first, True, "情况属实")
    with pytest.raises(Invalid, match="请写明为什么发回"):
        desk(world).judge(second, False, "")
    desk(world).judge(second, False, "请补联系记录")
    assert desk(world).overrides() == ()
    judged = {line.id: line.judged for line in desk(world).overrides(judged=True)}
    assert judged == {first: "已认可：情况属实", second: "已发回：请补联系记录"}
    with world.reading() as session:
        assert session.get_one(Ticket, wrong).state is TicketState.REDO
        assert session.get_one(Ticket, fine).state is TicketState.PENDING_REVIEW


def test_a_refused_sending_back_leaves_no_judgement(world) -> None:
    ticket_id = to_call_back(world)
    one = override(world, ticket_id)
    with pytest.raises(NotAllowed, match="不能发回重办"):
        desk(world).judge(one, False, "重办")
    assert len(desk(world).overrides()) == 1
    desk(world, Role.SUPERVISOR).judge(one, False, "重办")
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).state is TicketState.REDO


def test_a_notice_brought_in_with_a_number_does_not_stop_the_series(world) -> None:
    seat, ticket_id = seat_for(world, Role.OVERSEER), dispatched(world)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        first = open_supervision(session, seat, ticket, SupervisionLevel.NORMAL, "超期未办结")
        brought = first.document_no.replace("1号", "2号")
        session.add(
            Supervision(
                ticket_id=ticket_id, level=1, reason="超期", document_no=brought, issued_at=first.issued_at,
                issued_by="甲",
            )
        )  # fmt: skip
        session.flush()
        third = open_supervision(session, seat, ticket, SupervisionLevel.YELLOW, "群众不满意")
        session.flush()
        assert third.document_no == first.document_no.replace("1号", "3号")
