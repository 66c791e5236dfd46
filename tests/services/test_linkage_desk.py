"""110联动 on a real database: every hand-over a row with its move, both ways, and the counts of both."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from console.domain.errors import Invalid, InvalidForm, NotAllowed
from console.domain.linkage import Basis, Incoming, Pile, Result, Side, Span
from console.domain.roles import Role
from console.domain.states import Channel, TicketState
from console.services.linkage import Linkage
from db.engine import Database
from db.models import Appellant, PoliceTransfer, Ticket, TicketEvent
from tests.journeys import dispatched, open_ticket, version_of
from tests.services.intake_desk import statements
from tests.world import seat_for

SAID = "宝丽西街123号门面前路面井盖缺失，无人受伤，希望尽快修复。"
FORM = Incoming(
    key="k1",
    police_no="JQ202611220031",
    occurred="今天10:12",
    address="宝丽西街123号",
    name="叶长青",
    full_phone="199 0000 1234",
    content=SAID,
    handed_by="0231",
)


def desk(world: Database, role: Role = Role.AGENT) -> Linkage:
    return Linkage(seat_for(world, role))


def rows(world: Database) -> list[PoliceTransfer]:
    with world.reading() as session:
        return list(session.scalars(select(PoliceTransfer).order_by(PoliceTransfer.id)))


def ticket(world: Database, ticket_id: int) -> Ticket:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def note(world: Database) -> str:
    with world.reading() as session:
        return (
            session.scalars(select(TicketEvent.note).order_by(TicketEvent.id.desc())).first() or ""
        )


def test_what_110_hands_over_waits_to_be_judged(world: Database) -> None:
    changed = desk(world).take_in(FORM)
    made = ticket(world, changed.ids[0])
    assert (made.state, made.channel, made.number[8:10]) == (
        TicketState.PENDING_ACCEPT, Channel.POLICE_110, "11",
    )  # fmt: skip
    row = rows(world)[0]
    assert (row.direction, row.result, row.police_no) == ("in", Result.PENDING, "JQ202611220031")
    assert (row.got_it_first, row.handed_by, row.receiver_no) == ("110", "0231", "0017")
    with world.reading() as session:
        citizen = session.scalars(select(Appellant)).one()
        assert (citizen.name, citizen.phone) == ("叶长青", "19900001234")
    queue = desk(world).queue(Pile.INCOMING)
    assert [r.id for r in queue.rows] == [made.id]
    assert desk(world).counts()[Pile.INCOMING] == 1


def test_a_number_in_the_first_sentence_is_masked_in_the_title(world: Database) -> None:
    changed = desk(world).take_in(Incoming("k9", content="请联系19900001234处理井盖。"))
    assert "19900001234" not in ticket(world, changed.ids[0]).title


def test_the_same_form_sent_twice_is_one_work_order(world: Database) -> None:
    first, second = desk(world).take_in(FORM), desk(world).take_in(FORM)
    assert first.ids == second.ids
    assert len(rows(world)) == 1


def test_every_fault_is_beside_its_field_and_nothing_is_written(world: Database) -> None:
    with pytest.raises(InvalidForm) as refused:
        desk(world).take_in(Incoming(content=" ", full_phone="12ab", name="19900001234"))
    assert {fault.field for fault in refused.value.faults} == {"content", "full_phone", "name"}
    assert not rows(world)


def test_accepting_starts_the_clock_and_settles_the_hand_over(world: Database) -> None:
    ticket_id = desk(world).take_in(FORM).ids[0]
    desk(world).accept(ticket_id)
    made = ticket(world, ticket_id)
    assert made.state is TicketState.PENDING_DISPATCH
    assert made.total_due is not None
    row = rows(world)[0]
    assert (row.result, row.settled_by) == (Result.ACCEPTED, "李敏 0017")
    assert not desk(world).queue(Pile.INCOMING).rows


def test_refusing_names_the_reason_and_who_took_it_back(world: Database) -> None:
    ticket_id = desk(world).take_in(FORM).ids[0]
    for reason, receiver, field in (("", "0231", "reason"), ("属治安", " ", "receiver")):
        with pytest.raises(Invalid) as refused:
            desk(world).refuse(ticket_id, reason, receiver)
        assert refused.value.field == field
    desk(world).refuse(ticket_id, "有人持械，属治安案件", "0231")
    assert ticket(world, ticket_id).state is TicketState.REJECTED
    row = rows(world)[0]
    assert (row.result, row.refusal, row.receiver_back) == (
        Result.REFUSED, "有人持械，属治安案件", "0231",
    )  # fmt: skip
    assert note(world) == "退回110（接收 0231）：有人持械，属治安案件"


def test_a_matter_of_the_pool_goes_to_110_before_dispatch_only(world: Database) -> None:
    ticket_id, sent = open_ticket(world), dispatched(world)
    desk(world, Role.DISPATCHER).give(ticket_id, "0231", Basis.DUTY, "邻里斗殴", three_way=True)
    row = rows(world)[0]
    assert (row.direction, row.service, row.receiver_no, row.three_way) == (
        "out",
        "110",
        "0231",
        True,
    )
    assert (row.got_it_first, row.reason) == ("12345", "属110职责：邻里斗殴")
    assert note(world) == "移交110，接警员 0231，属110职责，邻里斗殴，三方通话"
    assert [r.id for r in desk(world).queue(Pile.GIVEN).rows] == [ticket_id]
    with pytest.raises(NotAllowed):
        desk(world, Role.DISPATCHER).give(sent, "0231", Basis.DUTY)
    assert len(rows(world)) == 1


def test_agreed_needs_both_centres_and_danger_needs_nothing(world: Database) -> None:
    ticket_id = open_ticket(world)
    with pytest.raises(Invalid) as refused:
        desk(world).give(ticket_id, "0231", Basis.AGREED)
    assert refused.value.field == "agreed"
    desk(world).give(ticket_id, "", Basis.DANGER)
    assert rows(world)[0].receiver_no == "未报工号"


def test_110_hands_back_what_we_got_first(world: Database) -> None:
    ticket_id = open_ticket(world)
    due = ticket(world, ticket_id).total_due
    desk(world).give(ticket_id, "0231", Basis.DUTY)
    desk(world).handed_back(ticket_id, "属噪声扰民，非警务", "0231")
    made = ticket(world, ticket_id)
    assert made.state is TicketState.PENDING_DISPATCH
    assert made.total_due == due
    assert (rows(world)[0].result, rows(world)[0].refusal) == (Result.REFUSED, "属噪声扰民，非警务")
    assert note(world) == "110退回（退回人 0231）：属噪声扰民，非警务；12345 先接到"
    assert [r.id for r in desk(world).queue(Pile.RETURNED).rows] == [ticket_id]
    assert not desk(world).queue(Pile.GIVEN).rows


def test_an_exception_needs_both_centres_consent(world: Database) -> None:
    ticket_id = open_ticket(world)
    desk(world).give(ticket_id, "0231", Basis.DUTY)
    with pytest.raises(Invalid, match="应由 110 受理") as refused:
        desk(world).handed_back(ticket_id, "非警务", "0231", Side.POLICE)
    assert refused.value.field == "agreed"
    assert rows(world)[0].result == Result.ACCEPTED
    desk(world).handed_back(ticket_id, "非警务", "0231", Side.POLICE, "周正、张警官")
    assert note(world).endswith("双方同意：周正、张警官")


def test_what_both_had_shows_every_hand_over_and_the_danger(world: Database) -> None:
    ticket_id = open_ticket(world, content="楼下有人持刀打架，请快来。")
    assert "请立即转 110" in desk(world).opened(ticket_id).danger
    desk(world).give(ticket_id, "0231", Basis.DANGER)
    desk(world).handed_back(ticket_id, "现场已平息", "0231")
    desk(world).give(ticket_id, "0232", Basis.DANGER)
    opened = desk(world).opened(ticket_id)
    assert [line.result for line in opened.transfers] == [Result.REFUSED, Result.ACCEPTED]
    assert opened.first is Side.HOTLINE


def test_counts_both_ways_in_one_statement(world: Database) -> None:
    agent = desk(world)
    came = [agent.take_in(Incoming(key=f"k{n}", content=SAID)).ids[0] for n in range(4)]
    for ticket_id in came[:2]:
        agent.accept(ticket_id)
    agent.refuse(came[2], "属治安案件", "0231")
    given = [open_ticket(world) for _ in range(3)]
    for ticket_id in given:
        agent.give(ticket_id, "0231", Basis.DUTY)
    agent.handed_back(given[0], "非警务", "0231")
    agent.give(open_ticket(world), "", Basis.DANGER, service="120")
    with world.writing.begin() as session:
        old = update(PoliceTransfer).where(PoliceTransfer.id == 1)
        session.execute(old.values(at=datetime.now(UTC) - timedelta(days=1)))
    with statements(world) as sent:
        made = agent.statement(Span.DAY)
    assert len([line for line in sent if "police_transfer" in line]) == 1
    now, before = made.now, made.before
    assert (now.given, now.kept, now.given_back, now.others) == (3, 2, 1, 1)
    assert (now.came, now.accepted, now.sent_back) == (3, 1, 1)
    assert (before.came, before.accepted) == (1, 1)
    assert made.change("came") == "+200.00%"
    assert made.yearly("came") == "—"
    assert made.formula == "非警务分流率 = 我方受理 ÷ 110转来 = 1 ÷ 3 = 33.33%"
    with world.reading() as session:
        everything = session.scalars(select(Ticket).where(Ticket.accepted_at.is_not(None))).all()
    assert now.registered == len(everything)


def test_nothing_counted_is_a_dash(world: Database) -> None:
    made = desk(world).statement(Span.MONTH)
    assert made.share == "—"
    assert made.formula.endswith("0 ÷ 0 = —")


def test_others_have_no_business_here(world: Database) -> None:
    for role in (Role.REVISITOR, Role.LIAISON, Role.CLERK):
        with pytest.raises(NotAllowed):
            desk(world, role).queue(Pile.INCOMING)
    ticket_id = open_ticket(world)
    with pytest.raises(NotAllowed, match="不是110转来的"):
        desk(world).accept(ticket_id, version_of(world, ticket_id))
