"""Who saw whom, on a real database; and whose copy a picture or a file is."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from console.domain.auditing import About, AuditRules, Question, Traced, Unusual
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.forms import FormKind
from console.domain.mark import Mark, Medium
from console.domain.night import Night
from console.domain.roles import Role
from console.domain.rules import Rules
from console.domain.worktime import civil
from console.ledger.contacts import Wanted, disclose
from console.services.auditing import Auditing
from console.services.auditing.tracing import resolved
from console.services.exporting import Exporting
from console.services.orders import Orders
from console.services.paper import Paper, preview
from console.services.reports import Reports
from db.models import Staff, Ticket
from tests.journeys import dispatched
from tests.services.test_orders import give_contact
from tests.world import seat_for

PHONE = "19900001234"


def auditing(db, role: Role = Role.INSPECTOR) -> Auditing:
    return Auditing(seat_for(db, role), preview)


@dataclass(frozen=True)
class Matter:
    id: int
    number: str


def matter(db, phone: str = PHONE) -> Matter:
    """A dispatched work order of a known caller."""
    ticket_id = dispatched(db)
    give_contact(db, ticket_id, phone)
    with db.reading() as session:
        return Matter(ticket_id, session.get_one(Ticket, ticket_id).number)


def look(db, ticket_id: int, what: str = "phone", role: Role = Role.SUPERVISOR) -> None:
    Orders(seat_for(db, role)).reveal(ticket_id, what, "回访核实")


def test_by_number_by_work_order_by_operator_by_resident(world) -> None:
    ticket, other = matter(world), matter(world)
    look(world, ticket.id)
    look(world, other.id, "name", Role.DISPATCHER)
    desk = auditing(world)
    by_operator = desk.search(Question(operator="0031")).seen
    assert {one.who for one in by_operator} == {"孙岚 0031"}
    by_number = desk.search(Question(number=ticket.number)).seen
    assert [(one.action, one.what, one.number) for one in by_number] == [
        ("reveal", "号码", ticket.number)
    ]
    assert by_number[0].reason == "回访核实"
    by_phone = desk.search(Question(citizen=f"+86 {PHONE}")).seen
    assert {one.number for one in by_phone if one.action == "reveal"} == {
        ticket.number,
        other.number,
    }
    assert not [
        one for one in desk.search(Question(citizen="19900009999")).seen if one.action == "reveal"
    ]


def test_a_number_is_nowhere_in_the_answer(world) -> None:
    look(world, matter(world).id)
    assert PHONE not in repr(auditing(world).search(Question()))


def test_asking_is_on_record_itself(world) -> None:
    auditing(world).search(Question(citizen=PHONE))
    seen = auditing(world, Role.SUPERVISOR).search(Question(citizen=PHONE)).seen
    assert "audit_search" in {one.action for one in seen}
    assert "督察 I001" in {one.who for one in seen}


def test_only_auditors_may_ask(world) -> None:
    for role in (Role.AGENT, Role.DISPATCHER, Role.STREET_DESK, Role.ADMIN):
        with pytest.raises(NotAllowed):
            auditing(world, role).search(Question())
        with pytest.raises(NotAllowed):
            auditing(world, role).identify(Path("x.png"))


def test_half_a_number_is_refused(world) -> None:
    with pytest.raises(Invalid) as caught:
        auditing(world).search(Question(citizen="1990000"))
    assert caught.value.field == "citizen"


def test_what_does_not_exist_is_said(world) -> None:
    assert auditing(world).search(Question(operator="9999")).note == "没有这个操作人"
    assert auditing(world).search(Question(number="20200101010000000")).note == "没有这个工单编号"


def test_many_in_an_hour_are_marked(world) -> None:
    tickets = [matter(world) for _ in range(10)]
    for ticket in tickets[:9]:
        look(world, ticket.id, role=Role.REVISITOR)
    assert not _marked(world, Unusual.MANY)
    look(world, tickets[9].id, role=Role.REVISITOR)
    assert len(_marked(world, Unusual.MANY)) == 10


@pytest.mark.parametrize("night", [True, False])
def test_the_citys_own_night_is_marked(world, night: bool) -> None:
    look(world, matter(world).id)
    here = civil(datetime.now(UTC))
    hours = (here - timedelta(hours=1), here + timedelta(hours=1))
    begins, ends = hours if night else hours[::-1]
    seat = seat_for(world, Role.INSPECTOR)
    rules = AuditRules(Night.parse(f"{begins:%H:%M}-{ends:%H:%M}"))
    seat.rules = Rules(replace(seat.rules.pack, auditing=rules), seat.rules.calendar)
    seen = Auditing(seat, preview).search(Question()).seen
    looked = [one for one in seen if one.action == "reveal"]
    assert looked
    assert all((Unusual.NIGHT in one.unusual) is night for one in looked)


def _marked(world, why: Unusual) -> list:
    seen = auditing(world).search(Question(unusual_only=True)).seen
    return [one for one in seen if why in one.unusual]


def test_somebody_elses_work_order_is_marked_and_ones_own_is_not(world) -> None:
    ticket = matter(world)
    look(world, ticket.id, role=Role.DISPATCHER)
    look(world, ticket.id, role=Role.REVISITOR)
    outside = {one.who for one in _marked(world, Unusual.OUTSIDE)}
    assert "何静 0041" in outside
    assert "孙岚 0031" not in outside


def test_a_colleague_looked_up_is_marked(world) -> None:
    look(world, matter(world).id)
    assert not _marked(world, Unusual.COLLEAGUE)
    with world.writing.begin() as session:
        session.add(
            Staff(id=9001, staff_no="X1", name="王某", unit_id=1, post="agent", phone=PHONE)
        )
    assert _marked(world, Unusual.COLLEAGUE)


def test_prints_and_exports_are_in_it(world, tmp_path: Path) -> None:
    ticket = matter(world)
    clerk = seat_for(world, Role.CLERK)
    Reports(clerk, Paper(), preview).save((ticket.id,), FormKind.TICKET_FORM, tmp_path)
    Exporting(clerk).export("orders", tmp_path / "工单.xlsx")
    seen = auditing(world).search(Question(operator="0061")).seen
    assert {"file", "export"} <= {one.action for one in seen}
    assert any(one.number == ticket.number for one in seen if one.action == "file")


def test_a_printed_file_and_its_scan_lead_to_the_copy(world, tmp_path: Path) -> None:
    ticket = matter(world)
    clerk = seat_for(world, Role.CLERK)
    desk = Reports(clerk, Paper(), preview)
    made = desk.save((ticket.id,), FormKind.TICKET_FORM, tmp_path)
    traced = auditing(world).identify(made.files[0])
    assert (traced.who, traced.medium, traced.copy) == ("方文 0061", Medium.PAPER, 1)
    assert traced.copies == (f"{ticket.number} 第 1 份",)
    width, height, raw = preview(made.files[0].read_bytes(), 0, 200)
    page = Image.frombytes("RGBX", (width, height), raw).convert("L").rotate(2, fillcolor=255)
    scan = tmp_path / "扫描.jpg"
    page.crop((500, 600, 1000, 1100)).save(scan, quality=80)
    assert auditing(world).identify(scan).copies == traced.copies


def test_an_exported_file_leads_to_whoever_took_it_out(world, tmp_path: Path) -> None:
    matter(world)
    for name in ("工单.xlsx", "工单.csv"):
        made = Exporting(seat_for(world, Role.CLERK)).export("orders", tmp_path / name)
        traced = auditing(world).identify(tmp_path / name)
        assert (traced.who, traced.code) == ("方文 0061", made.trace)
    assert "export" in {one.action for one in traced.seen}


def test_what_cannot_be_read_is_said(world, tmp_path: Path) -> None:
    plain, broken, text = tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.txt"
    Image.new("L", (400, 400), 255).save(plain)
    broken.write_bytes(b"no picture")
    text.write_text("没有", "utf-8")
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7 broken")
    for path, kind in (
        (plain, NotFound),
        (broken, Invalid),
        (text, NotFound),
        (tmp_path / "d.pdf", Invalid),
    ):
        with pytest.raises(kind):
            auditing(world).identify(path)


def test_an_old_line_is_outside_the_usual_days(world) -> None:
    look(world, matter(world).id)
    today = datetime.now(UTC).date()
    old = Question(since=today - timedelta(days=400), until=today - timedelta(days=300))
    assert auditing(world).search(old).seen == ()


def test_the_mark_of_an_unknown_account_stays_a_number(world) -> None:

    mark = Mark(999, datetime(2026, 11, 22, tzinfo=UTC))
    with world.reading() as session:
        found = resolved(session, Traced(mark.at, mark.medium, account_id=999))
    assert found.who == ""


# --- everybody who saw this number, in one step


def of_ticket(matter: Matter) -> Question:
    return Question(about=About("", ticket_id=matter.id))


def test_everybody_who_saw_this_number_across_work_orders(world) -> None:
    """It is the citizen's number, not the ticket's."""
    one, other, foreign = matter(world), matter(world), matter(world, "19900009999")
    look(world, one.id, role=Role.AGENT)
    look(world, other.id, role=Role.REVISITOR)
    look(world, foreign.id, role=Role.REVISITOR)
    seen = auditing(world).search(of_ticket(one)).seen
    looked = [(line.who, line.number) for line in seen if line.action == "reveal"]
    assert looked == [("何静 0041", other.number), ("李敏 0017", one.number)]


def test_prints_exports_and_copies_of_it_too(world, tmp_path: Path) -> None:
    one, foreign = matter(world), matter(world, "19900009999")
    for asked in (one, foreign):
        Reports(seat_for(world, Role.CLERK), Paper(), preview).save(
            (asked.id,), FormKind.TICKET_FORM, tmp_path
        )
    Exporting(seat_for(world, Role.CLERK)).export("orders", tmp_path / "工单.csv")
    auditing(world, Role.AGENT).copied(one.number, "", "0017-3EKNG")
    auditing(world, Role.DISPATCHER).copied("", PHONE, "0031-3EKNG")
    auditing(world, Role.DISPATCHER).copied(foreign.number, "19900009999", "0031-3EKNG")
    seen = auditing(world).search(of_ticket(one)).seen
    assert {(line.action, line.who) for line in seen} >= {
        ("file", "方文 0061"),
        ("export", "方文 0061"),
        ("copy", "李敏 0017"),
        ("copy", "孙岚 0031"),
    }
    assert not [line for line in seen if line.number == foreign.number]
    same = auditing(world).search(Question(citizen=PHONE)).seen
    kinds = {"file", "export", "copy"}
    assert {line.id for line in same if line.action in kinds} == {
        line.id for line in seen if line.action in kinds
    }


def test_an_export_by_somebody_who_does_not_see_it_is_not_named(world, tmp_path: Path) -> None:
    one = matter(world)
    Exporting(seat_for(world, Role.STREET_DESK, 11)).export("orders", tmp_path / "别处.csv")
    assert "export" not in {line.action for line in auditing(world).search(of_ticket(one)).seen}
    Exporting(seat_for(world, Role.STREET_DESK, 10)).export("orders", tmp_path / "本街道.csv")
    assert "export" in {line.action for line in auditing(world).search(of_ticket(one)).seen}


def test_an_export_before_the_matter_came_in_does_not_hold_it(world, tmp_path: Path) -> None:
    Exporting(seat_for(world, Role.CLERK)).export("orders", tmp_path / "先.csv")
    assert "export" not in {
        line.action for line in auditing(world).search(of_ticket(matter(world))).seen
    }


def test_by_the_card_of_a_resident(world, tmp_path: Path) -> None:
    disclose(seat_for(world, Role.SUPERVISOR), Wanted("person", 1, ("phone",)), "核对身份与地址")
    Exporting(seat_for(world, Role.SUPERVISOR)).export("persons", tmp_path / "居民.csv")
    desk = auditing(world, Role.SUPERVISOR)
    seen = desk.search(Question(about=About("", person_id=1))).seen
    assert {line.action for line in seen} >= {"reveal", "export", "audit_search"}
    other = desk.search(Question(about=About("", person_id=3))).seen
    assert "reveal" not in {line.action for line in other}


def test_asking_by_pointing_is_on_record_with_the_number(world) -> None:
    one = matter(world)
    auditing(world, Role.SUPERVISOR).search(of_ticket(one))
    seen = auditing(world).search(Question(citizen=PHONE)).seen
    assert "周正 0002" in {line.who for line in seen if line.action == "audit_search"}


def test_only_auditors_may_point(world) -> None:
    one = matter(world)
    for role in (Role.AGENT, Role.CLERK, Role.STREET_DESK, Role.ADMIN):
        with pytest.raises(NotAllowed):
            auditing(world, role).search(of_ticket(one))
