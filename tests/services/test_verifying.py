"""核查 on a real database: who may look, what passes, what goes back."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from console.domain.errors import InvalidForm, NotAllowed, NotFound
from console.domain.inbox import ReplyForm
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import Resolution, TicketState
from console.domain.verifying import VerifyForm
from console.ledger import Entry, Ledger
from console.services.handling import Handling
from console.services.reviewing import Reviewing
from console.services.verifying import Verifying
from db.models import Attachment, Ticket, Verification
from tests.journeys import COMMUNITY, DEPARTMENT, GRID, STREET, dispatched, version_of
from tests.world import seat_for

JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 100
REPLY = ReplyForm(
    true_appeal=True,
    resolution=Resolution.RESOLVED,
    result="网格员到场核实，联系市政疏通管道，两家餐饮店承诺加装隔油池。",
    public_reply="您反映的下水道堵塞已于当日疏通，路面已清洗，感谢您的监督。",
    explanation="管道公司当时就在附近作业",
    contacted=True,
)
SEEN = VerifyForm(True, "到现场看过，管道已疏通，路面干净，两位店主都认可。", True)


def to_verify(world, tmp_path, take=None, **changes) -> int:
    """Replied to, reviewed and sent to the grid."""
    ticket_id = dispatched(world, STREET, **changes)
    street = Handling(seat_for(world, Role.STREET_DESK, STREET))
    street.sign(ticket_id)
    with world.reading() as session:
        at = session.get_one(Ticket, ticket_id).moved_at
    street.attach(ticket_id, "after", (take or photo)(tmp_path, "unit.jpg"))
    street.reply(ticket_id, replace(REPLY, contact_at=at))
    review = Reviewing(seat_for(world, Role.DISPATCHER))
    review.pass_reply(ticket_id, version_of(world, ticket_id), verify=True)
    return ticket_id


def photo(tmp_path, name: str):
    path = tmp_path / name
    path.write_bytes(JPEG + name.encode())
    return path


def worker(world) -> Verifying:
    return Verifying(seat_for(world, Role.GRID_WORKER, GRID))


def state_of(world, ticket_id: int) -> TicketState:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id).state


def test_it_waits_in_the_grid_it_lies_in(world, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path)
    assert [row.id for row in worker(world).queue()] == [ticket_id]
    assert worker(world).count() == 1
    leader = Verifying(seat_for(world, Role.GRID_LEADER, COMMUNITY))
    assert [row.id for row in leader.queue()] == [ticket_id]
    with pytest.raises(NotAllowed):
        Verifying(seat_for(world, Role.LIAISON, DEPARTMENT)).queue()
    elsewhere = to_verify(world, tmp_path, grid_code="990101001001002", grid_id=31)
    assert [row.id for row in worker(world).queue()] == [ticket_id]
    assert {row.id for row in leader.queue()} == {ticket_id, elsewhere}


def test_passed_it_goes_to_the_callback(world, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path)
    desk = worker(world).open(ticket_id)
    assert desk.case.result is not None
    assert [p.kind for p in desk.photos] == ["after"]
    worker(world).attach(ticket_id, "verify_after", photo(tmp_path, "mine.jpg"))
    worker(world).decide(ticket_id, SEEN, version_of(world, ticket_id))
    assert state_of(world, ticket_id) is TicketState.PENDING_CALLBACK
    with world.reading() as session:
        row = session.scalars(select(Verification)).one()
        assert (row.passed, row.signed_off, row.verifier_name) == (True, True, "陈格 G301")
    assert worker(world).count() == 0


def test_sent_back_it_is_done_again(world, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path)
    worker(world).decide(ticket_id, VerifyForm(False, "现场仍有油污外溢，没有疏通。"))
    assert state_of(world, ticket_id) is TicketState.REDO
    with world.reading() as session:
        assert session.get_one(Ticket, ticket_id).redo_count == 1


def test_what_is_missing_is_said_at_once(world, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path, needs_site_proof=True, dispute=True)
    with pytest.raises(InvalidForm) as refused:
        worker(world).decide(ticket_id, VerifyForm())
    assert [fault.field for fault in refused.value.faults] == ["passed", "result"]
    with pytest.raises(InvalidForm) as refused:
        worker(world).decide(ticket_id, replace(SEEN, signed_off=False))
    assert [fault.field for fault in refused.value.faults] == ["photos", "signed_off"]
    worker(world).attach(ticket_id, "verify_after", photo(tmp_path, "mine.jpg"))
    worker(world).decide(ticket_id, SEEN)
    assert state_of(world, ticket_id) is TicketState.PENDING_CALLBACK


def test_whoever_handled_it_does_not_verify_it(world, tmp_path) -> None:
    """巡办分离, product.md 9."""
    seat = seat_for(world, Role.GRID_LEADER, COMMUNITY)
    ticket_id = dispatched(world, COMMUNITY)
    leader = Handling(seat)
    leader.sign(ticket_id)
    with world.reading() as session:
        at = session.get_one(Ticket, ticket_id).moved_at
    leader.reply(ticket_id, replace(REPLY, contact_at=at))
    Reviewing(seat_for(world, Role.DISPATCHER)).pass_reply(
        ticket_id, version_of(world, ticket_id), verify=True
    )
    assert Verifying(seat).queue() == ()
    with pytest.raises(NotAllowed):
        Verifying(seat).decide(ticket_id, SEEN)
    worker(world).decide(ticket_id, SEEN)
    assert state_of(world, ticket_id) is TicketState.PENDING_CALLBACK


def test_a_picture_is_the_verifiers_own(world, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path)
    added = worker(world).attach(ticket_id, "verify_after", photo(tmp_path, "mine.jpg"))
    leader = Verifying(seat_for(world, Role.GRID_LEADER, COMMUNITY))
    with pytest.raises(NotAllowed):
        leader.detach(ticket_id, added.line.id)
    worker(world).detach(ticket_id, added.line.id)
    with world.reading() as session:
        assert session.scalars(select(Attachment.kind)).all() == ["after"]
    with pytest.raises(NotFound):
        worker(world).detach(ticket_id, added.line.id)


def test_nobody_else_has_it_in_sight(world, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path)
    other = Verifying(seat_for(world, Role.GRID_LEADER, COMMUNITY))
    other._seat.sit(replace(other._seat.operator, unit_code="990101002", unit_id=21))
    assert other.queue() == ()
    with pytest.raises((NotFound, NotAllowed)):
        other.decide(ticket_id, SEEN)


def test_a_dispatcher_may_call_it_off(world, tmp_path) -> None:
    ticket_id = to_verify(world, tmp_path)
    seat = seat_for(world, Role.DISPATCHER)
    with world.writing.begin() as session:
        Ledger(seat).move(session, ticket_id, Entry(Move.CANCEL_VERIFY, {"reason": "无人可核查"}))
    assert worker(world).count() == 0
