"""保密件: whatever a handling unit lists, finds, opens, prints, exports or copies, the caller is nowhere in it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from console.domain.errors import NotAllowed
from console.domain.finding import Kind
from console.domain.forms import FORM_NAMES, FormKind
from console.domain.inbox import InboxTab
from console.domain.orders import Criteria, Period, Stage
from console.domain.roles import Role
from console.services.exporting import Exporting
from console.services.finding import Finding
from console.services.handling import Handling
from console.services.mapping import Mapping
from console.services.orders import Orders
from console.services.paper import Paper, preview
from console.services.promises import Promises
from console.services.reports import Reports
from db.models import Appellant, Ticket
from tests.journeys import STREET, dispatched
from tests.services.paper_pages import needs_poppler, pages
from tests.services.test_withheld_lists import NAME, PHONE
from tests.world import operator, seat_for

TITLE = f"{NAME}反映油污直排"
CONTENT = f"{NAME}（{PHONE}）称门前油污直排"
UNIT_FORMS = (
    FormKind.TICKET_FORM,
    FormKind.HANDLING_SHEET,
    FormKind.GRID_TASK,
    FormKind.RETURN_REQUEST,
)


@pytest.fixture
def secret(world) -> int:
    """Its caller is in title and content; something was promised to him by name."""
    ticket_id = dispatched(world, STREET, title=TITLE, content=CONTENT, confidential=True)
    with world.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        ticket.creator_id = operator(Role.SUPERVISOR).account_id
        now = datetime.now(UTC)
        session.add(
            Appellant(
                ticket_id=ticket_id,
                main=True,
                name=NAME,
                phone=PHONE,
                joined_at=now,
                address="宝丽小区3栋2单元501",
            )
        )
    Promises(seat_for(world, Role.SUPERVISOR)).promise(
        ticket_id, f"给{NAME}回电", datetime.now(UTC) + timedelta(hours=30)
    )
    return ticket_id


def clean(said: object) -> bool:
    words = said if isinstance(said, str) else repr(said)
    for told in (NAME, PHONE):
        assert told not in words, words[max(0, words.find(told) - 60) : words.find(told) + 40]
    return True


def street(db):
    return seat_for(db, Role.STREET_DESK, STREET)


def test_lists_and_the_case(world, secret) -> None:
    desk = Orders(street(world))
    rows = desk.page(Criteria(stage=Stage.EVERY, period=Period.ALL)).rows
    assert [row.id for row in rows] == [secret]
    assert clean(rows)
    opened = desk.open(secret)
    assert clean(opened)
    assert opened.reveals == ()
    for what in ("phone", "name", "address", "content"):
        with pytest.raises(NotAllowed):
            desk.reveal(secret, what, "联系诉求人办理")


def test_inbox(world, secret) -> None:
    desk = Handling(street(world))
    assert clean([desk.inbox(tab) for tab in InboxTab])
    assert clean(desk.open(secret))


@pytest.mark.parametrize("typed", ["油污直排", NAME, PHONE, "1234"])
def test_the_box(world, secret, typed: str) -> None:
    groups = Finding(street(world)).find(typed)
    assert clean([hit for group in groups for hit in group.hits])


def test_neither_name_nor_number_finds_it(world, secret) -> None:
    for typed in (PHONE, NAME):
        groups = Finding(street(world)).find(typed)
        assert secret not in {
            hit.id
            for group in groups
            if group.kind in (Kind.OPEN, Kind.ENDED)
            for hit in group.hits
        }, typed


def test_the_map_and_the_promises(world, secret) -> None:
    assert clean(Mapping(street(world)).pins())
    promises = Promises(street(world))
    assert clean((promises.of(secret), promises.open()))


@needs_poppler
@pytest.mark.parametrize("form", UNIT_FORMS, ids=[FORM_NAMES[form] for form in UNIT_FORMS])
def test_paper(world, secret, form: FormKind) -> None:
    shown = Reports(street(world), Paper(), preview).preview(secret, form)
    text = "".join(pages(shown.document.pdf))
    assert "保密" in text
    assert clean(text)


def test_an_export(world, secret, tmp_path: Path) -> None:
    Exporting(street(world)).export("orders", tmp_path / "工单.csv")
    text = (tmp_path / "工单.csv").read_text("utf-8-sig")
    with world.reading() as session:
        assert session.scalar(select(Ticket.number)) in text
    assert clean(text)
