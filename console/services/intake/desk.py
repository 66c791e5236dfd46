"""受理台: everything the call-taker's window asks of the program, one method per thing done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.intake import (
    CallerCard,
    Choice,
    DeadlinePreview,
    DuplicateCard,
    IntakeForm,
    KnowledgeCard,
    PlaceAnswer,
    Registered,
    Resident,
    Suggested,
)
from console.domain.moves import Move
from console.domain.records import GridOwner
from console.domain.roles import Role
from console.domain.states import Channel, Nature, Urgency
from console.domain.tallies import CampaignChoice, choices, suggested
from console.domain.worktime import civil_date
from console.ledger import Entry, Ledger, Seat, contacts, memory, visible
from console.ledger.answers import Answers
from console.ledger.kept import Kept
from console.ledger.places import grid_owner
from console.services.intake import (
    answers,
    callers,
    calls,
    likely,
    lists,
    places,
    reveals,
    suggesting,
    words,
)
from console.services.intake.city import City, read_city
from console.services.intake.filling import Known, as_form
from console.services.intake.matching import offers
from console.services.intake.outcomes import Outcomes
from console.services.intake.registering import EDITABLE, Registrar
from db.models import Account, Appellant, Person, Ticket

DESK_ROLES = frozenset({Role.AGENT, Role.SUPERVISOR})
USAGE_SECONDS = 300.0


class Intake:
    """The intake desk. Reads may run side by side; writes are one transaction each.

    Every method raises NotAllowed for roles that do not sit here. Writes raise InvalidForm with every
    fault beside the name of its `IntakeForm` field, and NotAllowed, Conflict, Unavailable; what was
    typed is never changed by them.
    """

    HEARD: ClassVar = frozenset({Topic.PLACES, Topic.ACCOUNTS, Topic.KNOWLEDGE})

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)
        self._usage = Kept(self._read_usage, USAGE_SECONDS)
        self._city: Kept[City] = Kept(self._read_city)
        self._categories = Kept(self._read_categories)
        self._answers = Answers.of(seat)
        self._registrar = Registrar(seat, self._known)
        self._outcomes = Outcomes(self._registrar)

    def heard(self, changed: Changed) -> None:
        """What changed here or elsewhere: what is kept in memory and may be stale is read anew when next asked.

        Only topics in `HEARD` matter. May wait for a read under way.
        """
        if changed.topics & {Topic.PLACES, Topic.ACCOUNTS}:
            self._city.forget()
            self._categories.forget()
        if Topic.KNOWLEDGE in changed.topics:
            self._answers.forget()

    def warm(self) -> None:
        """Read beforehand what typing needs, so that the first caller does not wait for it; lease numbers, so
        that one cut off has a final one to give."""
        for kept in (self._city, self._categories):
            kept.get()
        self._answers.warm()
        with self._seat.db.reading() as session:
            memory.known(session)
        self._registrar.stock()

    # --- the call

    def ring(self, phone: str, called_no: str = "12345") -> CallerCard:
        """A call rings: who it is, and a call record. A number that cannot be read still rings."""
        with self._reading() as session:
            now = self._seat.now(session)
            card = callers.caller_card(session, self._seat, self._city.get(), phone, None, now)
        with self._seat.db.writing.begin() as session:
            call_id = calls.ring(session, self._seat, phone, called_no, card.calls_today > 0, now)
        return replace(card, call_id=call_id)

    def answer_call(self, call_id: int) -> Changed:
        """The call was taken: stamps when and by whom."""
        self._at_desk()
        with self._seat.db.writing.begin() as session:
            return calls.answer(session, self._seat, call_id)

    def end_call(self, call_id: int, result: str = "answered") -> Changed:
        """The call is over: stamps when, and how long was talked."""
        self._at_desk()
        with self._seat.db.writing.begin() as session:
            return calls.end(session, self._seat, call_id, result)

    def harassment(self, call_id: int, reason: str) -> Changed:
        """骚扰: ask for the number to be blocked; a supervisor approves, the urgent path stays open."""
        self._at_desk()
        with self._seat.db.writing.begin() as session:
            return calls.harassment(session, self._seat, call_id, reason)

    # --- who and where

    def caller(self, phone: str, call_id: int | None = None) -> CallerCard:
        """Who is on this number: residents, earlier matters, counts, warnings. At most six statements."""
        with self._reading() as session:
            now = self._seat.now(session)
            return callers.caller_card(session, self._seat, self._city.get(), phone, call_id, now)

    def residents(self, text: str) -> tuple[Resident, ...]:
        """Registered people by name, initials, phone or its last digits, identity number, or address."""
        with self._reading() as session:
            city, now = self._city.get(), self._seat.now(session)
            return callers.find_people(session, self._seat, city, text, now)

    def resident(self, person_id: int) -> Resident:
        """One registered resident, masked. Raises NotFound."""
        with self._reading() as session:
            city, now = self._city.get(), self._seat.now(session)
            found = callers.people(session, city, Person.id == person_id, now)
        if not found:
            raise NotFound("没有找到这位居民，可能已迁出")
        return found[0]

    def full_person(self, person_id: int, reason: str) -> tuple[str, str]:
        """Name and home address in full, for filling in the form; written into the audit with the reason.

        Somebody on the number of a call just answered costs nothing of the hour's reveals.
        """
        self._at_desk()
        return reveals.person(self._seat, person_id, reason)

    def reveal_number(self, call_id: int, reason: str) -> str:
        """The whole number of a call, whoever it belongs to; written into the audit with the reason."""
        self._at_desk()
        return reveals.number(self._seat, call_id, reason)

    def place(self, sentence: str, person_id: int | None) -> PlaceAnswer:
        """Whose grid an address lies in and by which rule; without an address, the caller's registered home's."""
        with self._reading() as session:
            if not sentence.strip() and person_id is None:
                return PlaceAnswer()
            today = civil_date(self._seat.now(session))
            return places.answered(session, self._city.get(), sentence, person_id, today)

    def grid(self, grid_id: int, rule: str) -> GridOwner | None:
        """One of several candidates, chosen: with the people who answer for it."""
        with self._reading() as session:
            return grid_owner(session, grid_id, rule, civil_date(self._seat.now(session)))

    def addresses(self, text: str) -> tuple[Choice, ...]:
        """Roads, estates and buildings for what has been typed."""
        with self._reading() as session:
            return places.addresses(session, self._city.get(), text)

    # --- what

    def categories(self, text: str) -> tuple[Choice, ...]:
        """Categories by initials, name or synonym; `key` is the code."""
        self._at_desk()
        return offers(self._categories.get().lines, text)

    def units(self, text: str) -> tuple[Choice, ...]:
        """Units that take work orders, by initials or name; `id` is the unit's."""
        self._at_desk()
        return offers(self._city.get().unit_lines, text)

    def suggest(self, form: IntakeForm) -> Suggested:
        """The category, unit, nature and urgency the program would choose, with the reasons."""
        with self._reading() as session:
            known = self._known()
            return suggesting.suggest(
                session, self._seat.rules.pack, known.city, known.categories, form
            )

    def like(self, number: str) -> int:
        """The work order a reason names, to be opened. Raises NotFound."""
        with self._reading() as session:
            there = Ticket.number == number
            found = session.scalar(select(Ticket.id).where(there, visible(self._seat.operator)))
            if found is None:
                raise NotFound("没有找到这张工单，或不在您的查看范围内")
            return found

    def duplicates(self, form: IntakeForm) -> tuple[DuplicateCard, ...]:
        """Likely earlier reports of the same matter, with the reasons spelled out."""
        with self._reading() as session:
            known = self._known()
            return likely.duplicates(session, self._seat, known.city, known.categories, form)

    def knowledge(self, text: str) -> tuple[KnowledgeCard, ...]:
        """Answers to read out, nearest to what was typed first."""
        self._at_desk()
        ids = self._answers.find(text, answers.OFFERED)
        with self._reading() as session:
            return answers.cards(session, ids, civil_date(self._seat.now(session)))

    def snippets(self) -> tuple[Choice, ...]:
        """Phrases put in by initials, one's own first."""
        with self._reading() as session:
            return tuple(lists.read_snippets(session, self._seat.operator.account_id))

    def preview(
        self, nature: Nature | None, urgency: Urgency, category_code: str
    ) -> DeadlinePreview:
        """What dispatching now would promise, explained line by line."""
        with self._reading() as session:
            now, category = self._seat.now(session), self._known().categories.get(category_code)
        own = category.finish if category else ""
        return words.preview(self._seat.rules, nature, urgency, now, own)

    def read_back(self, form: IntakeForm) -> str:
        """The sentence to say to the caller before hanging up."""
        with self._reading() as session:
            now, known = self._seat.now(session), self._known()
        unit, category = (
            known.city.units.get(form.unit_id or 0),
            known.categories.get(form.category_code),
        )
        said = words.Said(
            unit.name if unit else "",
            category.name if category else "",
            category.finish if category else "",
        )
        return words.read_back(form, self._seat.rules, said, now)

    # --- how it ends

    def check(self, form: IntakeForm, dispatch: bool) -> tuple[Invalid, ...]:
        """Every fault of the form at once, each with the name of its field."""
        with self._reading() as session:
            return self._registrar.checks(session).to_register(form, dispatch)

    def submit(self, form: IntakeForm, dispatch: bool) -> Registered:
        """登记受理, and with `dispatch` 派单 in the same transaction; the same form is never registered twice."""
        self._at_desk()
        return self._registrar.submit(form, dispatch)

    def save_draft(self, form: IntakeForm) -> Registered:
        """暂存 on the server, seen by oneself only."""
        self._at_desk()
        return self._registrar.save_draft(form)

    def reopen(self, ticket_id: int) -> IntakeForm:
        """A draft or an undone dispatch of one's own as a form again."""
        with self._reading() as session:
            ticket = self._ledger.lock(session, ticket_id)
            if ticket.state not in EDITABLE or ticket.creator_id != self._seat.operator.account_id:
                raise NotAllowed("只能修改本人受理、尚未派出的工单", "请在工单里补充说明")
            query = select(Appellant).where(Appellant.ticket_id == ticket_id, Appellant.main)
            caller = contacts.typed_by_me(session, self._seat, ticket)
            return as_form(ticket, session.scalars(query).first(), caller)

    def take_number(self, channel: Channel = Channel.PHONE) -> str:
        """A final ticket number for a form; while the database is away, from the numbers leased before.

        Raises Unavailable when it is away and no leased number is left.
        """
        self._at_desk()
        return self._registrar.take_number(channel)

    def answer(self, form: IntakeForm, answer: str, knowledge_id: int | None = None) -> Registered:
        """直接答复: answered on the phone, with the knowledge entry cited."""
        self._at_desk()
        return self._outcomes.answer(form, answer, knowledge_id)

    def join(self, form: IntakeForm, main_ticket_id: int) -> Registered:
        """并入: the caller becomes a further appellant of a matter already in hand."""
        self._at_desk()
        return self._outcomes.join(form, main_ticket_id)

    def reject(
        self, form: IntakeForm, reason_code: str, told: str, confirmed_by: int | None
    ) -> Registered:
        """不予受理, confirmed by a supervisor (`supervisors()` gives the ids)."""
        self._at_desk()
        return self._outcomes.reject(form, reason_code, told, confirmed_by)

    def supervisors(self) -> tuple[Choice, ...]:
        """Who may confirm a refusal."""
        with self._reading() as session:
            query = select(Account).where(
                Account.role == Role.SUPERVISOR, Account.disabled_at.is_(None)
            )
            rows = session.scalars(query.order_by(Account.agent_no))
            return tuple(
                Choice(row.agent_no, row.name, f"值班长 {row.agent_no}", "", row.id) for row in rows
            )

    def campaigns(self, text: str) -> tuple[CampaignChoice, ...]:
        """专项活动 of the pack; those the words point to are marked and ticked."""
        self._at_desk()
        pack = self._seat.rules.pack.campaigns
        return choices(pack, suggested(pack, text), text)

    def rejection_reasons(self) -> tuple[Choice, ...]:
        """The reasons of the policy pack for not accepting."""
        reasons = self._seat.rules.pack.acceptance.rejections
        return tuple(Choice(reason.code, reason.name) for reason in reasons)

    def hand_to_police(
        self, form: IntakeForm, service: str, receiver_no: str, three_way: bool
    ) -> Registered:
        """转 110/119/120/122, logged; an unfinished form never stands in the way."""
        self._at_desk()
        return self._outcomes.hand_to_police(form, service, receiver_no, three_way)

    def undo_dispatch(self, ticket_id: int) -> Changed:
        """Take one's own dispatch back within the pack's seconds; `version` is that of the ticket now."""
        self._at_desk()
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, Entry(Move.UNDO_DISPATCH))
            session.flush()
            return replace(self._ledger.changed(ticket), version=ticket.version)

    # --- inside

    def _at_desk(self) -> None:
        if self._seat.operator.role not in DESK_ROLES:
            raise NotAllowed("受理台由话务员和值班长使用")

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        self._at_desk()
        # What is kept in memory is read before: nobody holds one connection while waiting for another.
        self._known()
        with self._seat.db.reading() as session:
            yield session

    def _known(self) -> Known:
        return Known(self._city.get(), self._categories.get())

    def _read_usage(self) -> lists.Usage:
        with self._seat.db.reading() as session:
            return lists.read_usage(session)

    def _read_city(self) -> City:
        usage = self._usage.get()
        with self._seat.db.reading() as session:
            return read_city(session, usage.units)

    def _read_categories(self) -> lists.Categories:
        level, usage = self._seat.rules.pack.acceptance.category_level, self._usage.get()
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
            return lists.read_categories(session, level, usage.categories, today)
