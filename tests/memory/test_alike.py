"""The live strip finds the same matter by uncommon words alone, on both databases, and tells nobody a name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from console.domain.roles import Role
from console.domain.states import OPEN_STATES
from console.ledger.likely import BY_WORDS
from db.alike import askable
from db.models import Ticket
from db.search import piece_vector
from tests.services.intake_desk import desk, form, statements
from tests.world import seat_for

CRANE = "白鹭洲公园北门的塔吊半夜作业，探照灯直射卧室，老人整夜睡不着"
LIKEWISE = "公园北门那边塔吊半夜还在作业，探照灯正对卧室窗户，没法睡"


def elsewhere(**changes: object):
    """Another caller who names no place and no category."""
    typed = {
        "title": "", "content": LIKEWISE, "full_phone": "13800000009", "person_id": None, "address": "",
        "grid_id": None, "category_code": "",
    }  # fmt: skip
    return form(**(typed | changes))


def told(intake, content: str = CRANE, **changes: object) -> int:
    return intake.submit(form(content=content, title=content[:12], **changes), True).ticket_id


def test_another_caller_who_names_no_place_is_shown_the_matter(world) -> None:
    intake = desk(world)
    first = told(intake)
    told(intake, "宝丽西街门面下水道堵塞，油污外溢到人行道，路面湿滑")
    (found,) = intake.duplicates(elsewhere())
    assert found.ticket_id == first
    assert any("探照灯" in reason for reason in found.reasons)
    assert found.place == "宝丽西街123号门面"
    assert intake.duplicates(elsewhere(content="请问退休金几号发放到银行卡里")) == ()


def test_one_statement_looks_for_words_whatever_was_typed(world) -> None:
    intake = desk(world)
    told(intake)
    intake.duplicates(elsewhere())
    for content, asked in ((LIKEWISE, 1), ("你好", 0), (f"{LIKEWISE}。{CRANE}" * 40, 1)):
        with statements(world) as seen:
            intake.duplicates(elsewhere(content=content, full_phone=""))
        assert len(seen) == asked


def test_odd_characters_break_no_query(world) -> None:
    intake = desk(world)
    first = told(intake)
    odd = "'\"*^|&!():<->\\ ￥％ “半夜”　塔吊 AND OR NOT NEAR 探照灯\x00\ud800 🏗 卧室 北门 作业"
    assert [card.ticket_id for card in intake.duplicates(elsewhere(content=odd))] in ([], [first])


def test_closed_ones_drafts_and_the_matter_itself_are_left_out(world) -> None:
    intake = desk(world)
    first = told(intake)
    intake.save_draft(form(content=CRANE))
    assert intake.duplicates(elsewhere(ticket_id=first)) == ()
    with world.writing.begin() as session:
        session.get(Ticket, first).state = "closed"
    assert intake.duplicates(elsewhere()) == ()


def test_the_place_where_the_main_work_order_is_chosen_finds_them_too(world) -> None:
    from console.services.merging import Merging

    intake = desk(world)
    first = told(intake)
    second = told(intake, LIKEWISE, full_phone="13800000009", person_id=None)
    with world.writing.begin() as session:
        row = session.get(Ticket, second)
        row.address, row.grid_id = "", None
    offer = Merging(seat_for(world, Role.DISPATCHER)).offer(second)
    assert [card.ticket_id for card in offer.likely] == [first]


def test_only_pieces_the_index_knows_are_asked_for_each_once() -> None:
    assert askable(["塔吊", "塔吊", "三栋", "ab", "AB", "一", "探照灯"]) == ("塔吊", "ab")


# --- what an operator's own login may learn (db/security/74_alike.sql)


def alike(db, role: Role, unit: int | None, words: list[str], states=None) -> list[int]:
    since = datetime.now(UTC) - timedelta(days=30)
    asked = func.hotline.alike_tickets(words, states or sorted(OPEN_STATES), since, BY_WORDS)
    with seat_for(db, role, unit).db.reading() as session:
        return list(session.scalars(select(asked)))


def test_a_callers_name_finds_nothing_and_no_unit_may_ask(guarded_world) -> None:
    intake = desk(guarded_world)
    first = told(intake, name="欧阳拂晓", person_id=None)
    assert alike(guarded_world, Role.AGENT, None, ["塔吊", "半夜"]) == [first]
    # The index knows the name, for searching with a turn taken; here one word and a name are one word.
    assert alike(guarded_world, Role.AGENT, None, ["欧阳", "阳拂", "拂晓"]) == []
    assert alike(guarded_world, Role.AGENT, None, ["塔吊", "欧阳"]) == []
    for role, unit in ((Role.STREET_DESK, 10), (Role.LIAISON, 40)):
        with pytest.raises(Exception, match=r"permission denied|不能|denied"):
            alike(guarded_world, role, unit, ["塔吊", "半夜"])


def test_drafts_are_nobodys_and_quotes_are_harmless(guarded_world) -> None:
    intake = desk(guarded_world)
    first = told(intake)
    assert alike(guarded_world, Role.AGENT, None, ["塔吊", "半夜"], ["draft", "pending_sign"]) == []
    assert alike(guarded_world, Role.AGENT, None, ["塔吊", "半夜", "'|", "\\'", "' ", "a'"]) == [
        first
    ]


def test_the_strip_under_an_operators_own_login(guarded_world) -> None:
    intake = desk(guarded_world)
    first = told(intake)
    assert [card.ticket_id for card in intake.duplicates(elsewhere())] == [first]
    assert intake.duplicates(replace(elsewhere(), content="请问退休金几号发放")) == ()


def test_the_words_are_looked_up_in_the_index(guarded_world) -> None:
    """Many work orders, so that reading them all would be cheaper if it were ever chosen."""
    intake = desk(guarded_world)
    told(intake)
    with guarded_world.writing.begin() as session:
        session.execute(text("set local session_replication_role = replica"))
        put = "insert into ticket_text select g, CAST(:pieces AS tsvector) from generate_series(900001, 905000) g"
        session.execute(text(put), {"pieces": piece_vector("路灯不亮")})
        session.execute(text("analyze ticket_text"))
        plan = session.scalars(
            text(
                "explain select u.word, x.ticket_id from hotline.uncommon(array['塔吊','半夜','路灯']) u "
                "join ticket_text x on x.pieces @@ CAST('''' || u.word || '''' AS tsquery)"
            )
        )
        session.execute(text("set local enable_seqscan = off"))
        words = session.scalars(
            text("select word from hotline.uncommon(array['塔吊','半夜','路灯','不亮'])")
        ).all()
        assert "ix_ticket_text_pieces" in "\n".join(plan)
    assert words[:2] == ["塔吊", "半夜"]
