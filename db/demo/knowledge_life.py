"""The life of the demo knowledge base: who wrote and published it, what was said of it, what waits for the editors."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from console.domain.knowledge import EntryState, Opinion
from console.domain.roles import Role
from db.models import Account, KnowledgeEntry, KnowledgeFeedback, Ticket
from db.pinyin import initials_column
from db.search import piece_text

# Every so many entries were last looked at so long ago that they are due about now.
DUE_EVERY = 12
OPINIONS = (
    (1, Opinion.USEFUL, "", 40),
    (1, Opinion.WRONG, "户政窗口说工本费已调整，请核实", 3),
    (4, Opinion.OUTDATED, "预约入口已换到政务服务网", 9),
    (6, Opinion.USEFUL, "", 12),
    (10, Opinion.WRONG, "材料少写了照片", 1),
)
PROPOSED_TITLE = "电动自行车上牌在哪里办？"
PROPOSED_ANSWER = "带身份证和车辆合格证，到就近的车管服务站当场上牌，不收费；人行道上不能停放充电。"


def load_knowledge_life(session: Session, today: date, now: datetime) -> None:
    """Over the entries and work orders that are there."""
    editor, chief, agent = (
        _first(session, role) for role in (Role.KB_EDITOR, Role.SUPERVISOR, Role.AGENT)
    )
    rows = list(session.scalars(select(KnowledgeEntry).order_by(KnowledgeEntry.id)))
    for row in rows:
        _published(row, editor, chief, today, now)
    rows[7].expires_on, rows[8].expires_on = today - timedelta(days=6), today + timedelta(days=9)
    _count_hits(session)
    session.add_all(
        KnowledgeFeedback(
            entry_id=id_,
            kind=kind.value,
            text=text,
            by=_signed(agent),
            at=now - timedelta(days=days),
        )
        for id_, kind, text, days in OPINIONS
    )
    session.add_all((_next_version(rows[9], editor, now), _proposal(agent, now)))
    session.flush()


def _first(session: Session, role: Role) -> Account:
    query = select(Account).where(Account.role == role.value).order_by(Account.id).limit(1)
    return session.scalars(query).one()


def _signed(account: Account) -> str:
    return f"{account.name} {account.agent_no}"


def _published(
    row: KnowledgeEntry, editor: Account, chief: Account, today: date, now: datetime
) -> None:
    """Written by the editor, published by the supervisor some time in the last months."""
    ago = row.review_every_days - 5 if row.id % DUE_EVERY == 0 else row.id * 7 % 90
    row.author, row.author_id, row.reviewer = _signed(editor), editor.id, _signed(chief)
    row.effective_on, row.reviewed_on = None, today - timedelta(days=ago)
    row.published_at = row.updated_at = now - timedelta(days=ago)


def _count_hits(session: Session) -> None:
    """As often as work orders cite it: nobody made the figure up."""
    cited = select(func.count()).where(Ticket.knowledge_id == KnowledgeEntry.id).scalar_subquery()
    session.execute(update(KnowledgeEntry).values(hit_count=cited))


def _next_version(row: KnowledgeEntry, editor: Account, now: datetime) -> KnowledgeEntry:
    """The complaint about it was right: the second version waits to be published."""
    names = (
        "title", "initials", "category_code", "question_variants", "short_answer", "basis",
        "responsible_unit", "region", "review_every_days", "pieces",
    )  # fmt: skip
    return KnowledgeEntry(
        **{name: getattr(row, name) for name in names},
        long_answer=f"{row.long_answer}办理时带近期免冠照片一张。",
        state=EntryState.REVIEW.value, version=2, root_id=row.id, previous_id=row.id,
        author=_signed(editor), author_id=editor.id, updated_at=now - timedelta(hours=20),
    )  # fmt: skip


def _proposal(agent: Account, now: datetime) -> KnowledgeEntry:
    """What an agent handed in."""
    return KnowledgeEntry(
        title=PROPOSED_TITLE, initials=initials_column(PROPOSED_TITLE, 120),
        short_answer=PROPOSED_ANSWER, responsible_unit="公安局",
        pieces=piece_text(PROPOSED_TITLE, PROPOSED_ANSWER), state=EntryState.REVIEW.value,
        author=_signed(agent), author_id=agent.id, updated_at=now - timedelta(hours=3),
    )  # fmt: skip
