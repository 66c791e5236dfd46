"""知识库: found, written by one and published by another, renewed, complained about, withdrawn (field-facts 10.13)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from console.domain.errors import Conflict, Invalid, InvalidForm, NotAllowed, NotFound
from console.domain.knowledge import Deed, EntryText, Opinion, Pile, Standing
from console.domain.roles import Role
from console.domain.states import Nature, TicketState
from console.domain.worktime import civil_date
from console.services.intake import Intake
from console.services.knowledge import KnowledgeBase
from db.models import Appellant, AuditEntry, KnowledgeEntry, Ticket
from tests.journeys import open_ticket
from tests.services.intake_desk import form as filled
from tests.world import seat_for

TODAY = civil_date(datetime.now(UTC))
LOST = EntryText(
    title="身份证遗失后怎么补领",
    question_variants="身份证掉了去哪补\n补身份证要几天",
    short_answer="带户口簿到就近派出所户籍窗口补领，工本费四十元。",
    long_answer="本人到任一派出所户籍窗口申请，现场采集照片和指纹。",
    basis="《中华人民共和国居民身份证法》",
    responsible_unit="公安局",
)


def desk(world, role: Role = Role.KB_EDITOR, unit: int | None = None) -> KnowledgeBase:
    return KnowledgeBase(seat_for(world, role, unit))


def published(world, text: EntryText = LOST) -> int:
    entry_id = desk(world).save(text, submit=True).ids[0]
    desk(world, Role.SUPERVISOR).publish(entry_id)
    return entry_id


def found(world, words: str) -> list[str]:
    return [line.title for line in desk(world, Role.AGENT).find(words)]


def row_of(world, entry_id: int) -> KnowledgeEntry:
    with world.reading() as session:
        return session.get_one(KnowledgeEntry, entry_id)


# --- finding


@pytest.mark.parametrize(
    "typed",
    [
        "身份证遗失",
        "补领身份证",
        "身份证丢了怎么办",
        "身份證丟失",
        "sfzys",
        "sfzdl",
        "shenfenzheng",
        "派出所户籍窗口",
        "公安局",
    ],
)
def test_found_by_words_other_words_initials_and_traditional_characters(world, typed) -> None:
    published(world)
    assert LOST.title in found(world, typed), typed


def test_not_found_by_what_it_does_not_say(world) -> None:
    published(world)
    assert found(world, "噪声扰民") == []
    assert found(world, "证") == []


def test_without_words_what_is_asked_most_comes_first(world) -> None:
    entry_id = published(world)
    desk(world, Role.AGENT).used(entry_id)
    assert found(world, "")[0] == LOST.title
    assert desk(world, Role.AGENT).find("")[0].hits == 1


def test_the_title_comes_before_what_only_mentions_it(world) -> None:
    published(world)
    other = EntryText(title="补办结婚证", short_answer="带身份证到婚姻登记处，身份证遗失的先补领。")
    published(world, other)
    assert found(world, "身份证遗失")[0] == LOST.title


# --- writing and publishing


def test_what_one_has_written_another_publishes(world) -> None:
    entry_id = desk(world).save(LOST, submit=True).ids[0]
    assert found(world, "身份证") == []
    with pytest.raises(NotAllowed, match="自己写的"):
        desk(world).publish(entry_id)
    with pytest.raises(NotFound):
        desk(world, Role.AGENT).open(entry_id)
    desk(world, Role.SUPERVISOR).publish(entry_id)
    assert found(world, "身份证") == [LOST.title]
    file = desk(world, Role.AGENT).open(entry_id)
    assert (file.standing, file.author, file.reviewer) == (
        Standing.IN_FORCE,
        "孟言 K001",
        "周正 0002",
    )
    assert file.review_due == TODAY + timedelta(days=180)
    with world.reading() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions[-2:] == ["kb_submit", "kb_publish"]


def test_whoever_rewrote_a_proposal_does_not_publish_it(world) -> None:
    """Else the words read to citizens would be one person's alone, under another's name."""
    entry_id = desk(world, Role.AGENT).save(LOST, submit=True).ids[0]
    better = replace(LOST, short_answer="带户口簿到任一派出所补领，二十日内领证。")
    desk(world).save(better, entry_id=entry_id, submit=True)
    file = desk(world).open(entry_id)
    assert Deed.PUBLISH not in file.deeds
    assert file.versions[0].author == "李敏 0017、孟言 K001"
    with pytest.raises(NotAllowed, match="自己写的"):
        desk(world).publish(entry_id)
    desk(world, Role.SUPERVISOR).publish(entry_id)
    assert desk(world, Role.AGENT).open(entry_id).reviewer == "周正 0002"


def test_sent_back_with_what_is_missing_and_handed_in_again(world) -> None:
    entry_id = desk(world, Role.AGENT).save(LOST, submit=True).ids[0]
    with pytest.raises(Invalid) as refused:
        desk(world).send_back(entry_id, " ")
    assert refused.value.field == "note"
    desk(world).send_back(entry_id, "请补充异地能否办理")
    own = desk(world, Role.AGENT).pile(Pile.OWN)
    assert [(line.id, line.standing) for line in own] == [(entry_id, Standing.DRAFT)]
    file = desk(world, Role.AGENT).open(entry_id)
    assert file.note == "请补充异地能否办理"
    desk(world, Role.AGENT).save(file.text, entry_id, file.updated_at, submit=True)
    assert [line.id for line in desk(world).pile(Pile.REVIEW)] == [entry_id]


def test_every_wrong_field_is_named_and_nothing_is_stored(world) -> None:
    bad = EntryText(
        title="",
        short_answer="字" * 201,
        long_answer="请打 199 0000 1234 找老张",
        effective_on=TODAY,
        expires_on=TODAY - timedelta(days=1),
        review_every_days=0,
    )
    with pytest.raises(InvalidForm) as refused:
        desk(world).save(bad)
    assert {fault.field for fault in refused.value.faults} == {
        "title", "short_answer", "long_answer", "expires_on", "review_every_days",
    }  # fmt: skip
    assert desk(world).pile(Pile.OWN) == ()


def test_an_office_number_may_stand_in_an_answer(world) -> None:
    said = EntryText(title="供水报修", short_answer="请拨打 0990-96390 或 12345。")
    published(world, said)
    assert desk(world, Role.AGENT).find("供水报修")[0].short_answer == said.short_answer


def test_one_title_has_one_answer(world) -> None:
    published(world)
    with pytest.raises(Invalid, match="同名"):
        desk(world).save(LOST)


def test_somebody_elses_change_in_between_is_a_conflict(world) -> None:
    entry_id = desk(world, Role.AGENT).save(LOST, submit=True).ids[0]
    read = desk(world).open(entry_id)
    desk(world, Role.SUPERVISOR).save(read.text, entry_id, read.updated_at)
    with pytest.raises(Conflict):
        desk(world).publish(entry_id, read.updated_at)


# --- versions


def next_version(world, entry_id: int, **changes: object) -> int:
    new = desk(world).revise(entry_id).ids[0]
    file = desk(world).open(new)
    words = {name: getattr(file.text, name) for name in EntryText.__slots__} | changes
    desk(world).save(EntryText(**words), new, file.updated_at, submit=True)
    return new


def test_only_the_newest_published_version_is_found_and_the_history_says_what_changed(
    world,
) -> None:
    first = published(world)
    desk(world, Role.AGENT).used(first)
    second = next_version(world, first, short_answer="带户口簿到任一派出所，工本费三十元。")
    assert [line.id for line in desk(world, Role.AGENT).find("身份证")] == [first]
    desk(world, Role.SUPERVISOR).publish(second)
    (line,) = desk(world, Role.AGENT).find("身份证")
    assert (line.id, line.version, line.hits) == (second, 2, 1)
    newest, oldest = desk(world, Role.AGENT).open(second).versions
    assert (oldest.standing, newest.version) == (Standing.REPLACED, 2)
    assert [(c.caption, c.before, c.after) for c in newest.changes] == [
        ("简短答复", LOST.short_answer, "带户口簿到任一派出所，工本费三十元。")
    ]
    assert row_of(world, first).short_answer == LOST.short_answer


def test_the_old_answer_is_told_until_the_day_of_the_new_one(world) -> None:
    first = published(world)
    starts = TODAY + timedelta(days=5)
    second = next_version(world, first, effective_on=starts)
    desk(world, Role.SUPERVISOR).publish(second)
    assert [line.id for line in desk(world, Role.AGENT).find("身份证")] == [first]
    assert row_of(world, first).expires_on == starts - timedelta(days=1)
    assert desk(world).open(second).standing is Standing.FUTURE


def test_two_do_not_write_the_next_version_side_by_side(world) -> None:
    first = published(world)
    desk(world).revise(first)
    with pytest.raises(NotAllowed, match="第 2 版"):
        desk(world, Role.SUPERVISOR).revise(first)


# --- what those who use it say


def test_an_opinion_reaches_the_editors_and_a_new_version_settles_it(world) -> None:
    first = published(world)
    agent = desk(world, Role.AGENT)
    with pytest.raises(Invalid) as refused:
        agent.say(first, Opinion.WRONG)
    assert refused.value.field == "text"
    agent.say(first, Opinion.WRONG, "工本费已改为三十元，老张 19900001234 说的")
    agent.say(first, Opinion.USEFUL)
    (line,) = desk(world).pile(Pile.COMPLAINTS)
    assert (line.id, line.complaints) == (first, 1)
    assert desk(world).counts()[Pile.COMPLAINTS] == 1
    said = desk(world).open(first).opinions
    assert {(one.kind, one.by) for one in said} == {
        (Opinion.WRONG, "李敏 0017"),
        (Opinion.USEFUL, "李敏 0017"),
    }
    assert all("19900001234" not in one.text for one in said)
    second = next_version(world, first, short_answer="工本费三十元。")
    desk(world, Role.SUPERVISOR).publish(second)
    assert desk(world).pile(Pile.COMPLAINTS) == ()


def test_checked_and_found_right_it_is_settled_with_a_reason(world) -> None:
    first = published(world)
    desk(world, Role.LIAISON).say(first, Opinion.OUTDATED)
    with pytest.raises(NotAllowed):
        desk(world, Role.AGENT).settle(first, "没问题")
    desk(world).settle(first, "已与户政窗口核实，仍是四十元")
    assert desk(world).pile(Pile.COMPLAINTS) == ()
    with pytest.raises(NotAllowed, match="没有未处理"):
        desk(world).settle(first, "再来一次")


def test_due_for_review_expired_and_confirmed(world) -> None:
    first = published(world)
    soon = EntryText(title="春节期间值班安排", short_answer="照常受理。", expires_on=TODAY)
    second = published(world, soon)
    old = update(KnowledgeEntry).where(KnowledgeEntry.id == first)
    with world.writing.begin() as session:
        session.execute(old.values(reviewed_on=TODAY - timedelta(days=170)))
    assert first in [line.id for line in desk(world).pile(Pile.DUE)]
    assert [line.id for line in desk(world).pile(Pile.EXPIRED)] == [second]
    desk(world).confirm(first)
    assert first not in [line.id for line in desk(world).pile(Pile.DUE)]
    gone = update(KnowledgeEntry).where(KnowledgeEntry.id == second)
    with world.writing.begin() as session:
        session.execute(gone.values(expires_on=TODAY - timedelta(days=1)))
    assert found(world, "春节期间值班") == []
    assert desk(world).open(second).standing is Standing.EXPIRED
    with pytest.raises(NotAllowed):
        desk(world).confirm(second)


def test_withdrawn_it_is_neither_found_nor_cited(world) -> None:
    first = published(world)
    agent = Intake(seat_for(world, Role.AGENT))
    assert [card.id for card in agent.knowledge("身份证遗失")] == [first]
    desk(world).withdraw(first, "政策已废止")
    assert agent.knowledge("身份证遗失") == ()
    assert found(world, "身份证遗失") == []
    with pytest.raises(Invalid, match="撤下") as refused:
        agent.answer(filled(nature=Nature.INQUIRY), "", first)
    assert refused.value.field == "answer"
    assert desk(world, Role.AGENT).open(first).standing is Standing.WITHDRAWN


def test_a_direct_answer_cites_what_was_found_and_is_counted(world) -> None:
    first = published(world)
    agent = Intake(seat_for(world, Role.AGENT))
    made = agent.answer(filled(nature=Nature.INQUIRY), "", first)
    with world.reading() as session:
        row = session.get_one(Ticket, made.ticket_id)
        assert (row.state, row.knowledge_id) == (TicketState.ANSWERED, first)
        assert row.direct_answer == LOST.short_answer
    assert row_of(world, first).hit_count == 1


# --- who may what


def test_only_editors_have_their_lists(world) -> None:
    assert desk(world, Role.AGENT).piles == (Pile.OWN,)
    assert desk(world, Role.INSPECTOR).piles == ()
    with pytest.raises(NotAllowed):
        desk(world, Role.AGENT).pile(Pile.REVIEW)
    with pytest.raises(NotAllowed):
        desk(world, Role.INSPECTOR).save(LOST)
    first = published(world)
    for deed in (
        lambda d: d.withdraw(first, "不想要"),
        lambda d: d.revise(first),
        lambda d: d.confirm(first),
    ):
        with pytest.raises(NotAllowed, match="知识库管理员"):
            deed(desk(world, Role.AGENT))
    assert desk(world, Role.AGENT).open(first).deeds == frozenset()
    assert Deed.REVISE in desk(world).open(first).deeds


# --- from a finished work order


def closed_ticket(world, **changes: object) -> int:
    ticket_id = open_ticket(
        world,
        title="叶长青咨询身份证遗失补领",
        content="叶长青（19900001234）来电，身份证在菜市场遗失，问怎么补领。",
        nature=Nature.INQUIRY,
        **changes,
    )
    with world.writing.begin() as session:
        row = session.get_one(Ticket, ticket_id)
        row.state, row.direct_answer = TicketState.ANSWERED, "叶先生您好，带户口簿到派出所补领。"
        caller = Appellant(ticket_id=ticket_id, main=True, joined_at=row.created_at, name="叶长青")
        caller.phone = "19900001234"
        session.add(caller)
    return ticket_id


@pytest.fixture
def answered(world) -> int:
    """Made by hand in the owner's name: the way there is not what is tested here."""
    return closed_ticket(world)


def test_a_finished_work_order_suggests_an_entry_without_its_caller(world, answered) -> None:
    made = desk(world, Role.AGENT).proposal(answered)
    words = "".join((made.text.title, made.text.question_variants, made.text.short_answer))
    assert "身份证" in made.text.title
    for secret in ("叶长青", "叶先生", "19900001234", "1234"):
        assert secret not in words
    entry_id = desk(world, Role.AGENT).propose(answered, LOST).ids[0]
    file = desk(world).open(entry_id)
    assert (file.standing, file.proposed_from) == (Standing.REVIEW, made.number)
    assert Deed.PUBLISH in file.deeds


def test_neither_open_nor_confidential_nor_foreign_matters_become_entries(world, answered) -> None:
    still = open_ticket(world)
    with pytest.raises(NotAllowed, match="没有办结"):
        desk(world, Role.AGENT).proposal(still)
    with pytest.raises(NotFound):
        desk(world, Role.LIAISON).proposal(answered)
    with world.writing.begin() as session:
        session.execute(update(Ticket).where(Ticket.id == answered).values(confidential=True))
    with pytest.raises(NotAllowed, match="保密件"):
        desk(world, Role.AGENT).proposal(answered)


# --- PostgreSQL's own guard


@pytest.fixture
def guarded(guarded_world):
    return guarded_world


def attack(guarded, role: Role, statement) -> None:
    seat = seat_for(guarded, role)
    with pytest.raises(ProgrammingError), seat.db.writing.begin() as session:
        session.execute(statement)


def test_the_server_lets_nobody_publish_his_own_or_rewrite_what_is_published(guarded) -> None:
    first = published(guarded)
    own = desk(guarded).save(EntryText(title="新的一条", short_answer="内容"), submit=True).ids[0]
    entry = update(KnowledgeEntry)
    attack(guarded, Role.KB_EDITOR, entry.where(KnowledgeEntry.id == own).values(state="published"))
    here = entry.where(KnowledgeEntry.id == first)
    attack(guarded, Role.SUPERVISOR, here.values(short_answer="改了"))
    attack(guarded, Role.AGENT, here.values(short_answer="改了"))
    attack(guarded, Role.AGENT, here.values(state="withdrawn"))
    attack(guarded, Role.AGENT, here.values(hit_count=999))
    attack(guarded, Role.SUPERVISOR, here.values(author="别人"))


def test_the_server_signs_whoever_changed_the_words(guarded) -> None:
    own = desk(guarded, Role.AGENT).save(LOST, submit=True).ids[0]
    entry = update(KnowledgeEntry).where(KnowledgeEntry.id == own)
    # Written and published in one breath, or in two under another's name.
    attack(guarded, Role.KB_EDITOR, entry.values(short_answer="改了", state="published"))
    seat = seat_for(guarded, Role.KB_EDITOR)
    with seat.db.writing.begin() as session:
        session.execute(entry.values(short_answer="改了", editor="", editor_id=None))
    attack(guarded, Role.KB_EDITOR, entry.values(state="published"))


def test_the_server_shows_drafts_to_their_writer_and_the_editors_only(guarded) -> None:
    own = desk(guarded, Role.AGENT).save(LOST).ids[0]
    query = select(KnowledgeEntry.id).where(KnowledgeEntry.id == own)
    seen = {}
    for role in (Role.AGENT, Role.DISPATCHER, Role.LIAISON, Role.KB_EDITOR):
        with seat_for(guarded, role).db.reading() as session:
            seen[role] = session.scalar(query) is not None
    assert seen == {
        Role.AGENT: True, Role.DISPATCHER: False, Role.LIAISON: False, Role.KB_EDITOR: True,
    }  # fmt: skip
