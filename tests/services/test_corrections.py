"""Split and amend on a real database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from console.domain.corrections import Clashing, Half, SplitForm, divided, merged, sentences
from console.domain.errors import Conflict, Invalid, InvalidForm, NotAllowed
from console.domain.roles import Role
from console.domain.states import Nature, TicketState, Urgency
from console.services.amending import Amending
from console.services.splitting import Splitting
from db.models import Appellant, CategoryRow, Ticket, TicketEvent
from db.search import find_tickets
from tests.journeys import STREET, dispatched, open_ticket, version_of
from tests.services.test_merging import caller
from tests.world import seat_for

TWO = (
    "宝丽西街123号门面前下水道堵塞，油污外溢到人行道。有老人滑倒。"
    "另外3栋楼下路灯一个月不亮，晚上看不清路。希望尽快处理。"
)
FIRST = "宝丽西街123号门面前下水道堵塞，油污外溢到人行道。有老人滑倒。希望尽快处理。"
SECOND = "3栋楼下路灯一个月不亮，晚上看不清路。希望尽快处理。"


def splitting(world, role: Role = Role.DISPATCHER) -> Splitting:
    return Splitting(seat_for(world, role))


def amending(world, role: Role = Role.DISPATCHER, unit_id: int | None = None) -> Amending:
    return Amending(seat_for(world, role, unit_id))


def ticket_of(world, ticket_id: int) -> Ticket:
    with world.reading() as session:
        return session.get_one(Ticket, ticket_id)


def last_note(world, ticket_id: int) -> str:
    with world.reading() as session:
        query = select(TicketEvent.note).where(TicketEvent.ticket_id == ticket_id)
        return session.scalars(query.order_by(TicketEvent.id.desc())).first()


K, N, B = Half.KEPT, Half.NEW, Half.BOTH


def form(world, ticket_id: int, *halves: Half, **changes) -> SplitForm:
    made = SplitForm(
        ticket_id,
        version_of(world, ticket_id),
        "下水道堵塞，油污外溢",
        "楼下路灯不亮",
        halves or (K, K, N, B),
    )
    return replace(made, **changes)


# --- split


def test_two_work_orders_with_one_caller_and_one_clock(world) -> None:
    ticket_id = open_ticket(world, content=TWO, title="下水道堵塞，路灯不亮")
    caller(world, ticket_id, "19900001111")
    changed = splitting(world).split(form(world, ticket_id))
    old, new = (ticket_of(world, one) for one in changed.ids)
    assert (old.id, new.number) == (ticket_id, changed.number)
    assert (old.content, new.content) == (FIRST, f"另外{SECOND}")
    assert (new.state, new.split_from_id) == (TicketState.PENDING_DISPATCH, ticket_id)
    assert (new.accepted_at, new.total_due) == (old.accepted_at, old.total_due)
    assert new.finish_due == old.total_due
    assert new.lookup_code != "123456"
    with world.reading() as session:
        rows = session.scalars(select(Appellant).order_by(Appellant.id)).all()
        assert [(r.ticket_id, r.phone, r.main) for r in rows] == [
            (ticket_id, "19900001111", True),
            (new.id, "19900001111", True),
        ]
        assert find_tickets(session, "路灯") == [new.id]
        assert find_tickets(session, "滑倒") == [ticket_id]
    assert last_note(world, ticket_id) == f"拆出 {new.number}：楼下路灯不亮"
    assert last_note(world, new.id) == f"由 {old.number} 拆分立单"


def test_the_form_shows_sentences_masked_and_divides_what_is_stored(world) -> None:
    said = "宝丽西街123号门面前下水道堵塞，联系13812345678。楼下路灯一个月不亮了。"
    ticket_id = open_ticket(world, content=said)
    seen = splitting(world).view(ticket_id)
    assert len(seen.sentences) == 2
    assert "13812345678" not in seen.sentences[0]
    splitting(world).split(form(world, ticket_id, K, N))
    assert ticket_of(world, ticket_id).content.endswith("联系138****5678。")


def test_halves_need_a_title_and_some_words(world) -> None:
    ticket_id = open_ticket(world, content=TWO)
    with pytest.raises(InvalidForm) as faults:
        splitting(world).split(form(world, ticket_id, K, K, K, K, title=" "))
    assert {fault.field for fault in faults.value.faults} == {"title", "content"}
    with pytest.raises(Conflict):
        splitting(world).split(form(world, ticket_id, K, N))


def test_one_already_with_a_unit_is_split_and_the_half_goes_on(world) -> None:
    from console.domain.moves import Move
    from console.ledger import Entry
    from tests.desks import move

    ticket_id = dispatched(world, content=TWO)
    with pytest.raises(NotAllowed, match="待签收"):
        splitting(world).split(form(world, ticket_id))
    move(world, ticket_id, Role.STREET_DESK, Entry(Move.SIGN), STREET)
    changed = splitting(world).split(form(world, ticket_id))
    assert ticket_of(world, ticket_id).state is TicketState.IN_PROGRESS
    assert ticket_of(world, changed.ids[1]).dispatched_at is None


def test_the_half_keeps_what_its_rules_decide_by(world) -> None:
    """Whom it is about, whether anybody can be called, its marks: or the half would be somebody else's matter."""
    about = {"confidential": True, "respondent_unit_id": STREET, "respondent_code": "990101001"}
    marks = {"reachable": False, "complex": True, "legacy_issue": True}
    ticket_id = open_ticket(world, content=TWO, **about, **marks)
    new = ticket_of(world, splitting(world).split(form(world, ticket_id, K, K, N, N)).ids[-1])
    old = ticket_of(world, ticket_id)
    for name in (*about, *marks):
        assert getattr(new, name) == getattr(old, name), name


def test_a_stale_split_is_a_conflict(world) -> None:
    ticket_id = open_ticket(world, content=TWO)
    with pytest.raises(Conflict):
        splitting(world).split(form(world, ticket_id, version=version_of(world, ticket_id) - 1))


@given(st.text("甲乙路灯水。！\n ；", max_size=60), st.data())
def test_both_halves_together_hold_every_sentence(text, data) -> None:
    pieces = sentences(text)
    assert "".join(pieces) == text
    halves = data.draw(st.lists(st.sampled_from(Half), min_size=len(pieces), max_size=len(pieces)))
    kept, new = divided(text, halves)
    for piece, half in zip(pieces, halves, strict=True):
        assert piece.strip() in (new if half is N else kept)


# --- amend


def test_a_correction_counts_the_limit_anew_and_shows_it_before(world) -> None:
    ticket_id = dispatched(world)
    desk = amending(world)
    opened = desk.open(ticket_id)
    wanted = replace(
        opened.form, urgency=Urgency.URGENT, nature=Nature.COMPLAINT, reason="有老人滑倒"
    )
    seen = desk.preview(wanted)
    assert [str(change) for change in seen.changes] == [
        "性质：求助 → 投诉",
        "紧急程度：一般 → 紧急",
    ]
    assert seen.moves_limit
    assert seen.due_after < seen.due_before
    assert ticket_of(world, ticket_id).urgency is Urgency.NORMAL
    desk.amend(wanted)
    after = ticket_of(world, ticket_id)
    assert (after.urgency, after.nature) == (Urgency.URGENT, Nature.COMPLAINT)
    assert after.finish_due == seen.due_after
    assert last_note(world, ticket_id) == (
        "更正 性质：求助 → 投诉；紧急程度：一般 → 紧急。理由：有老人滑倒"
    )


def test_category_brings_its_limit_its_photos_and_its_platform(world) -> None:
    ticket_id = open_ticket(world)
    with world.writing.begin() as session:
        session.add(
            CategoryRow(
                code="010305", level=3, name="路灯", path="城市管理 › 市政设施 › 路灯",
                initials="ld", finish="4工作时", platform="enforcement", site=False,
            )
        )  # fmt: skip
    desk = amending(world)
    assert [pick.code for pick in desk.categories("ld")] == ["010305"]
    wanted = replace(desk.open(ticket_id).form, category_code="010305", reason="归错类")
    assert desk.preview(wanted).limit == "4工作时"
    desk.amend(wanted)
    after = ticket_of(world, ticket_id)
    assert (after.category_path, after.own_limit) == ("城市管理 › 市政设施 › 路灯", "4工作时")
    assert (after.needs_site_proof, after.platform) == (False, "enforcement")


def test_place_and_title_are_corrected_and_found_and_not_told_in_the_log(world) -> None:
    ticket_id = open_ticket(world)
    desk = amending(world)
    assert [pick.code for pick in desk.grids("ghsq")] == ["32"]
    wanted = replace(
        desk.open(ticket_id).form, title="桂花路井盖破损", address="桂花路8号叶长青家", grid_id=32, reason="听错"
    )  # fmt: skip
    desk.amend(wanted)
    after = ticket_of(world, ticket_id)
    assert (after.grid_code, after.grid_rule) == ("990101002001001", "派单台更正")
    with world.reading() as session:
        assert find_tickets(session, "井盖") == [ticket_id]
    note = last_note(world, ticket_id)
    assert note == "更正 标题；地点；网格：清风社区第一网格 → 桂花社区第一网格。理由：听错"


def test_confidential_wants_a_reason_and_hides_the_name_from_search(world) -> None:
    ticket_id = open_ticket(world)
    caller(world, ticket_id, "19900001111", "叶长青")
    desk = amending(world)
    wanted = replace(desk.open(ticket_id).form, confidential=True)
    with pytest.raises(Invalid) as none:
        desk.amend(wanted)
    assert none.value.field == "reason"
    desk.amend(replace(wanted, reason="来电人担心报复"))
    after = ticket_of(world, ticket_id)
    assert (after.confidential, after.confidential_reason) == (True, "来电人担心报复")
    with world.reading() as session:
        assert find_tickets(session, "叶长青") == []


def test_nothing_changed_is_nothing_saved(world) -> None:
    ticket_id = open_ticket(world)
    desk = amending(world)
    same = replace(desk.open(ticket_id).form, reason="看看")
    assert desk.preview(same).changes == ()
    with pytest.raises(Invalid, match="没有要更正"):
        desk.amend(same)
    with pytest.raises(Invalid, match="从目录中选择"):
        desk.amend(replace(same, category_code="999999"))


def test_the_writer_amends_until_it_is_dispatched_and_a_unit_marks_a_dispute_only(world) -> None:
    ticket_id = open_ticket(world)
    own = amending(world, Role.AGENT)
    own.amend(replace(own.open(ticket_id).form, title="下水道堵塞", reason="写错"))
    sent = dispatched(world)
    with pytest.raises(NotAllowed, match="已派出"):
        own.amend(replace(own.open(sent).form, title="下水道堵塞", reason="写错"))
    unit = amending(world, Role.STREET_DESK, STREET)
    assert unit.open(sent).editable == {"dispute"}


# --- what is withheld stays withheld


@pytest.mark.unguarded
def test_no_form_shows_the_caller_of_a_confidential_work_order(world) -> None:
    from console.services.merging import Merging
    from console.services.orders import Orders

    told = "叶长青反映邻居报复，电话19900001111。希望保密处理此事。"
    secret = {"confidential": True, "title": "叶长青反映邻居报复", "content": told}
    ticket_id, other = open_ticket(world, **secret), open_ticket(world, **secret)
    for one in (ticket_id, other):
        caller(world, one, "19900001111", "叶长青")
    merging = Merging(seat_for(world, Role.DISPATCHER))
    main = merging.main(ticket_of(world, ticket_id).number)
    card = merging.offer(other).likely[0]
    split = splitting(world).view(ticket_id)
    amend = amending(world).open(ticket_id).form
    for text in (
        main.title,
        main.content,
        card.title,
        *card.reasons,
        *split.sentences,
        amend.title,
    ):
        assert "叶长青" not in text
        assert "19900001111" not in text
    # Untouched, the title stays what it was.
    amending(world).amend(replace(amend, urgency=Urgency.URGENT, reason="危及人身"))
    assert ticket_of(world, ticket_id).title == "叶长青反映邻居报复"
    merging.merge(other, ticket_id, version_of(world, other))
    opened = Orders(seat_for(world, Role.DISPATCHER)).open(ticket_id)
    assert opened.merged == (ticket_of(world, other).number,)


def test_two_people_correct_different_facts_and_both_stand(world) -> None:
    """The lost update of peers.md 5.5, on ours."""
    ticket_id = dispatched(world)
    first, second = amending(world), amending(world, Role.SUPERVISOR)
    base, other = first.open(ticket_id).form, second.open(ticket_id).form
    second.amend(replace(other, urgency=Urgency.URGENT, reason="有老人滑倒"), other)
    first.amend(replace(base, title="下水道堵塞", reason="标题过长"), base)
    row = ticket_of(world, ticket_id)
    assert (row.title, row.urgency) == ("下水道堵塞", Urgency.URGENT)
    with world.reading() as session:
        query = select(TicketEvent.inputs).where(
            TicketEvent.ticket_id == ticket_id, TicketEvent.move == "amend"
        )
        assert [said["fields"] for said in session.scalars(query)] == [["urgency"], ["title"]]


def test_only_a_fact_both_changed_is_asked_about(world) -> None:
    ticket_id = dispatched(world)
    first, second = amending(world), amending(world, Role.SUPERVISOR)
    base = first.open(ticket_id).form
    second.amend(replace(base, urgency=Urgency.URGENT, title="污水外溢", reason="属实"), base)
    mine = replace(base, title="下水道堵塞", dispute=True, reason="标题过长")
    with pytest.raises(Clashing) as told:
        first.amend(mine, base)
    assert [(c.name, c.caption, c.theirs) for c in told.value.clashes] == [
        ("title", "标题", "污水外溢")
    ]
    assert told.value.by == ticket_by(world, Role.SUPERVISOR)
    assert told.value.text.endswith("刚改了您也在改的标题")
    now = first.open(ticket_id).form
    together, clashing = merged(base, mine, now)
    assert clashing == ("title",)
    first.amend(together, now)
    row = ticket_of(world, ticket_id)
    assert (row.title, row.urgency, row.dispute) == ("下水道堵塞", Urgency.URGENT, True)


def test_both_having_put_the_same_is_no_clash(world) -> None:
    ticket_id = dispatched(world)
    first, second = amending(world), amending(world, Role.SUPERVISOR)
    base = first.open(ticket_id).form
    second.amend(replace(base, title="下水道堵塞", reason="属实"), base)
    with pytest.raises(Invalid, match="没有要更正的内容"):
        first.amend(replace(base, title="下水道堵塞", reason="标题过长"), base)


def test_a_conflict_says_who_did_what(world) -> None:
    ticket_id = dispatched(world)
    desk = amending(world)
    base = desk.open(ticket_id).form
    amending(world, Role.SUPERVISOR).amend(replace(base, title="污水外溢", reason="属实"))
    with pytest.raises(Conflict, match=r"刚被他人修改：.+ 更正") as told:
        desk.amend(replace(base, dispute=True, reason="有争执"))
    assert told.value.version == version_of(world, ticket_id)


def ticket_by(world, role: Role) -> str:
    return seat_for(world, role).operator.signature
