"""Every standard character in names, places and texts: stored, masked, found and read back, on both databases."""

from datetime import date
from itertools import pairwise
from unicodedata import normalize

import pytest
from opencc import OpenCC
from pypinyin import Style, pinyin
from sqlalchemy import select
from sqlalchemy.orm import undefer_group

from console.domain.finding import Kind
from console.domain.lookalikes import LOOKALIKES
from console.domain.masking import mask_address, mask_text
from console.domain.roles import Role
from console.ledger import contacts
from console.ledger.contacts import Wanted, disclose
from console.services.finding import Finding
from db.models import Appellant, Estate, Person, Road, Ticket
from db.models.private import sought_by
from db.pinyin import full_pinyin, initials, initials_column
from db.search import find_tickets, fold, piece_text
from tests.services.intake_desk import desk, form
from tests.standard_characters import BEYOND, LEVELS, NAMED, STANDARD, pieces
from tests.world import seat_for

FIRST = 1000


def named(at: int) -> str:
    """Every character once as a surname, once in the middle and once at the end."""
    return "".join(STANDARD[(at + step) % len(STANDARD)] for step in (0, 31, 67))


@pytest.fixture(params=["world", "guarded_world"], ids=["sqlite", "postgresql"])
def database(request):
    """Both databases, whichever is tested otherwise; on PostgreSQL everybody has a login of his own."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def people(database):
    with database.writing.begin() as session:
        for at in range(len(STANDARD)):
            name = named(at)
            session.add(Person(
                id=FIRST + at, name=name, initials=initials_column(name, 80), name_pieces=piece_text(name),
                id_number=f"9901{at:014d}", sex="男", born_on=date(1970, 1, 1), phone=f"1990{at:07d}",
                home_address=f"{name}路3号5楼", grid_id=30, class_details={},
            ))  # fmt: skip
    return database


def test_every_name_is_read_back_and_masked_behind_its_first_character(people) -> None:
    with people.reading() as session:
        query = select(Person).where(Person.id >= FIRST).order_by(Person.id)
        rows = list(session.scalars(query.options(undefer_group("private"))))
    assert [row.name for row in rows] == [named(at) for at in range(8105)]
    assert [row.name_masked for row in rows] == [f"{c}**" for c in STANDARD]
    assert {row.home for row in rows} == {f"{row.name}路3号***" for row in rows}
    assert [row.home_address for row in rows] == [f"{named(at)}路3号5楼" for at in range(8105)]


def test_every_name_is_found_by_its_beginning(people) -> None:
    seat = seat_for(people)
    with people.reading() as session:
        for at in range(len(STANDARD)):
            found = contacts.people_called(session, seat, named(at), "", 50)
            assert found == [FIRST + at], named(at)


def test_the_box_finds_whoever_bears_a_character_beyond_the_first_plane(people) -> None:
    finding = Finding(seat_for(people, Role.AGENT))
    for character in dict.fromkeys((*NAMED, *LOOKALIKES, *BEYOND[::3])):
        name = named(STANDARD.index(character))
        groups = finding.find(name)
        hits = [hit for group in groups if group.kind is Kind.RESIDENT for hit in group.hits]
        assert [hit.text for hit in hits] == [f"{character}**"], name


def test_a_caller_s_name_comes_back_whole_through_the_one_door(database) -> None:
    intake, agent = desk(database), seat_for(database, Role.AGENT)
    for character in (*NAMED, BEYOND[0], BEYOND[-1], "昇"):
        name, place = f"{character}平{character}", f"{character}平{character}路7号2单元301"
        done = intake.submit(form(person_id=None, name=name, address=place), True)
        with database.reading() as session:
            row = session.scalars(
                select(Appellant).where(Appellant.ticket_id == done.ticket_id)
            ).one()
            ticket = session.get(Ticket, done.ticket_id)
            shown = (row.name_masked, ticket.appellant_masked, ticket.place)
        assert shown == (f"{character}**", f"{character}**", mask_address(place))
        wanted = Wanted("ticket", done.ticket_id, ("name", "address"), done.number)
        assert disclose(agent, wanted, "核实来电人") == (name, place)


def test_every_character_in_a_work_order_is_kept_and_found(database) -> None:
    intake = desk(database)
    texts = {}
    for at, text in enumerate(pieces(90)):
        filled = form(
            title=text[:90],
            content=f"{text}，请尽快派人处理",
            wanted=text,
            address=f"{text}路{at}号",
        )
        texts[intake.submit(filled, True).ticket_id] = text
    assert len(texts) == 91
    with database.reading() as session:
        for ticket_id, text in texts.items():
            row = session.get(Ticket, ticket_id, options=[undefer_group("private")])
            assert (row.title, row.content, row.wanted) == (text, f"{text}，请尽快派人处理", text)
            assert row.address.startswith(f"{text}路")
            for two in map("".join, pairwise(text)):
                assert ticket_id in find_tickets(session, two, 100), two


def test_the_box_finds_work_orders_by_any_two_characters_of_them(database) -> None:
    done = desk(database).submit(form(content=f"{BEYOND}，请尽快派人处理"), True)
    finding = Finding(seat_for(database, Role.AGENT))
    for two in map("".join, list(pairwise(BEYOND))[::4]):
        groups = finding.find(two)
        assert [h.key for g in groups if g.kind is Kind.OPEN for h in g.hits] == [done.number], two


def test_roads_and_estates_of_every_kind_are_found(database) -> None:
    names = {c: f"{c}平{c}路" for c in dict.fromkeys((*NAMED, *LOOKALIKES, *BEYOND[::4]))}
    with database.writing.begin() as session:
        for character, name in names.items():
            session.add(Road(name=name, initials=initials_column(name)))
            session.add(Estate(name=f"{character}安家园", initials="x", grid_id=30))
    finding = Finding(seat_for(database, Role.AGENT))
    for character, name in names.items():
        for said in (name, f"{character}安家园"):
            groups = finding.find(said)
            found = [hit.text for group in groups if group.kind is Kind.PLACE for hit in group.hits]
            assert found[:1] == [said] or said in found, said


def test_initials_are_those_of_the_reading_for_every_character() -> None:
    for character in STANDARD:
        letters = {reading[0] for reading in pinyin(character, Style.NORMAL, heteronym=True)[0]}
        first = initials(f"平{character}")[0]
        assert (first[0], first[1] in letters) == ("p", True), character
        assert all(one.isascii() and one.isalpha() for one in full_pinyin(character)), character


def test_no_standard_character_is_taken_for_another() -> None:
    folded = {c: fold(c) for c in STANDARD}
    assert [c for c, other in folded.items() if c != other] == []
    assert len({sought_by(f"刘{c}") for c in STANDARD}) == 8105
    convert = OpenCC("t2s").convert
    assert {c: convert(c) for c in STANDARD if convert(c) != c} == LOOKALIKES
    assert list(map(len, LEVELS)) == [3500, 3000, 1605]


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("後", "后"),
        ("藉", "藉"),
        ("乾", "乾"),
        ("幹", "干"),
        ("葉", "叶"),
        ("龍", "龙"),
        ("於", "於"),
    ],
)
def test_names_written_traditionally(traditional: str, simplified: str) -> None:
    assert sought_by(f"王{traditional}") == f"王{simplified}"


def test_a_masked_text_keeps_every_character() -> None:
    assert mask_text(STANDARD) == STANDARD
    assert normalize("NFKC", STANDARD) == STANDARD
