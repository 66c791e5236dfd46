"""The entries held in memory: read once, then only what is new, and never one that is no longer told."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from console.domain.knowledge import EntryText
from console.domain.roles import Role
from console.ledger.answers import Answers
from console.services.intake import Intake
from console.services.knowledge import KnowledgeBase
from db.models import KnowledgeEntry
from tests.oversight import statements
from tests.services.test_knowledge import LOST, TODAY, desk, published
from tests.world import seat_for


@pytest.fixture
def seat(world):
    return seat_for(world, Role.AGENT)


def test_the_desks_of_a_seat_share_them(world, seat) -> None:
    assert Intake(seat)._answers is KnowledgeBase(seat)._answers
    assert Answers.of(seat_for(world, Role.AGENT)) is not Answers.of(seat)


def test_full_pinyin_is_ready_before_it_is_asked_for(world, seat) -> None:
    entry_id = published(world)
    answers = Answers.of(seat)
    answers.warm()
    with statements(world) as said:
        assert answers.find("shenfenzhengyishi", 5) == (entry_id,)
    assert said == []


def test_only_what_is_new_is_read_again(world, seat) -> None:
    published(world)
    answers = Answers.of(seat)
    answers.warm()
    new = published(world, EntryText(title="路灯不亮找谁", short_answer="请拨打市政热线。"))
    answers.forget()
    with statements(world) as said:
        assert answers.find("路灯不亮", 5) == (new,)
    assert sum("knowledge_entry.pieces" in one for one in said) == 1
    answers.forget()
    with statements(world) as said:
        answers.warm()
    assert not any("knowledge_entry.pieces" in one for one in said)


def test_a_new_version_takes_the_place_of_the_old_one(world, seat) -> None:
    old = published(world)
    answers = Answers.of(seat)
    assert answers.find("补领", 5) == (old,)
    new = desk(world).revise(old).ids[0]
    text = EntryText(title="身份证遗失后怎么补领", short_answer="网上申请，邮寄到家。")
    desk(world).save(text, new, submit=True)
    desk(world, Role.SUPERVISOR).publish(new)
    answers.forget()
    assert answers.find("补领", 5) == (new,)
    assert answers.find("邮寄到家", 5) == (new,)
    assert answers.find("就近派出所户籍窗口", 5) == ()


def test_what_ran_out_is_not_told_and_the_places_it_left_are_given_up(world, seat) -> None:
    kept = published(world)
    answers = Answers.of(seat)
    gone = [
        published(world, EntryText(title=f"第{at}号通知", short_answer="照通知办理。"))
        for at in range(5)
    ]
    assert set(answers.find("照通知办理", 9)) == set(gone)
    if world.guarded:
        for one in gone:
            desk(world, Role.SUPERVISOR).withdraw(one, "不再需要")
    else:
        with world.writing.begin() as session:
            last = {"expires_on": TODAY - timedelta(days=1)}
            session.execute(update(KnowledgeEntry).where(KnowledgeEntry.id.in_(gone)).values(last))
    answers.forget()
    assert answers.find("照通知办理", 9) == ()
    assert answers.find(LOST.title, 9) == (kept,)
    assert len(answers._places) < 6 + len(gone)
