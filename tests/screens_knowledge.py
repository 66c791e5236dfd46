"""知识库: found and read out, written, reviewed; proposed from a finished work order."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path

from PySide6.QtWidgets import QWidget
from sqlalchemy import update

from console.domain.knowledge import EntryText, Opinion, Pile
from console.domain.roles import Role, Workplace
from console.jobs import Jobs
from console.services.knowledge import KnowledgeBase
from console.services.orders import Orders
from console.theme import mark
from console.views.knowledge import KnowledgePage
from console.views.knowledge.proposing import ProposalDialog
from console.views.main_window import MainWindow
from db.demo.knowledge import knowledge_base
from db.engine import Database
from db.models import KnowledgeEntry, Ticket
from tests.journeys import open_ticket
from tests.screens import register
from tests.screens_desks import later
from tests.world import make_world, operator, seat_for

TODAY = datetime.now(UTC).date()


@cache
def city() -> Database:
    """Forty published entries; a new version, a proposal, complaints, one run out and one due."""
    database = make_world(Path(tempfile.mkdtemp()) / "knowledge.db")
    editor, chief, agent = (
        KnowledgeBase(seat_for(database, role))
        for role in (Role.KB_EDITOR, Role.SUPERVISOR, Role.AGENT)
    )
    ids = []
    for entry in knowledge_base()[:40]:
        text = EntryText(
            entry.question, "\n".join(entry.variants), entry.short_answer, entry.long_answer,
            entry.basis, entry.unit_short, review_every_days=entry.review_months * 30,
        )  # fmt: skip
        ids.append(editor.save(text, submit=True).ids[0])
        chief.publish(ids[-1])
    for at, times in ((0, 5), (1, 3), (6, 2)):
        for _ in range(times):
            agent.used(ids[at])
    agent.say(ids[0], Opinion.WRONG, "户政窗口说工本费已调整，请核实")
    agent.say(ids[0], Opinion.USEFUL)
    agent.say(ids[3], Opinion.OUTDATED)
    new = editor.revise(ids[0]).ids[0]
    file = editor.open(new)
    words = {name: getattr(file.text, name) for name in EntryText.__slots__}
    words["short_answer"] = file.text.short_answer.replace("四十元", "三十元")
    words["basis"] = "《中华人民共和国居民身份证法》第二十条"
    editor.save(EntryText(**words), new, submit=True)
    agent.save(
        EntryText(
            "电动车上牌在哪里办？",
            short_answer="带身份证和合格证到就近车管服务站，当场上牌，不收费。",
            responsible_unit="公安局",
        ),
        submit=True,
    )
    with database.writing.begin() as session:
        for id_, values in (
            (ids[8], {"expires_on": TODAY - timedelta(days=3)}),
            (ids[9], {"reviewed_on": TODAY - timedelta(days=900)}),
        ):
            session.execute(update(KnowledgeEntry).where(KnowledgeEntry.id == id_).values(values))
    return database


def shown(role: Role, size: tuple[int, int], *steps: Callable[[KnowledgePage], None]) -> QWidget:
    jobs = Jobs()
    page = KnowledgePage(jobs, KnowledgeBase(seat_for(city(), role)), role)
    mark(page, kind="page")
    window = MainWindow(operator(role), {Workplace.KNOWLEDGE: page})
    page.setProperty("jobs", jobs)
    page.said.connect(window.message.say)
    page.failed.connect(window.message.say_error)
    window.resize(*size)
    window.show_place(Workplace.KNOWLEDGE)
    later(window, *(partial(step, page) for step in steps))
    return window


def nothing(_page: KnowledgePage) -> None:
    pass


def lost(page: KnowledgePage) -> None:
    page.look_for("身份证不见了")


def opinion(page: KnowledgePage) -> None:
    page.opine.trigger()


def pile(which: Pile) -> Callable[[KnowledgePage], None]:
    def choose(page: KnowledgePage) -> None:
        page.panel.tabs.setCurrentIndex(page.panel._piles.index(which))

    return choose


def second(page: KnowledgePage) -> None:
    page.panel.table.selectRow(1)


def new(page: KnowledgePage) -> None:
    page.new.trigger()


def edit(page: KnowledgePage) -> None:
    page.edit.trigger()


def withdraw(page: KnowledgePage) -> None:
    page.withdraw.trigger()


def none_found(page: KnowledgePage) -> None:
    page.look_for("飞碟")


def proposing() -> QWidget:
    database = city()
    ticket_id = open_ticket(database, title="咨询身份证遗失补领")
    with database.writing.begin() as session:
        row = session.get_one(Ticket, ticket_id)
        row.state, row.direct_answer = "answered", "带户口簿到就近派出所补领，工本费四十元。"
    jobs = Jobs()
    case = Orders(seat_for(database, Role.AGENT)).open(ticket_id).case
    dialog = ProposalDialog(jobs, KnowledgeBase(seat_for(database, Role.AGENT)), case)
    dialog.setProperty("jobs", jobs)
    dialog.begin()
    return dialog


register("knowledge-agent", partial(shown, Role.AGENT, (1440, 900), nothing, lost))
register(
    "knowledge-agent-1024",
    partial(shown, Role.AGENT, (1024, 700), nothing, lost, nothing, nothing, opinion),
)
register("knowledge-none", partial(shown, Role.AGENT, (1280, 760), nothing, none_found))
register(
    "knowledge-review", partial(shown, Role.SUPERVISOR, (1440, 900), nothing, pile(Pile.REVIEW))
)
register(
    "knowledge-complaints",
    partial(shown, Role.KB_EDITOR, (1440, 900), nothing, pile(Pile.COMPLAINTS)),
)
register(
    "knowledge-withdraw",
    partial(shown, Role.KB_EDITOR, (1280, 760), nothing, nothing, nothing, nothing, withdraw),
)
register(
    "knowledge-edit",
    partial(shown, Role.KB_EDITOR, (1280, 800), nothing, nothing, second, nothing, nothing, edit),
)
register("knowledge-new", partial(shown, Role.AGENT, (1024, 700), nothing, none_found, new))
register("knowledge-proposal", proposing)
