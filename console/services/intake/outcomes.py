"""How a call ends other than by registering: answered, refused, joined, handed on."""

from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, InvalidForm, NotAllowed
from console.domain.intake import IntakeForm, Registered
from console.domain.moves import Move
from console.domain.policy_tables import EmergencyLine
from console.domain.roles import Role
from console.domain.states import OPEN_STATES, STATE_NAMES, Nature, TicketState
from console.domain.wording import (
    CONTENT_LIMIT,
    TITLE_LIMIT,
    check_content,
    check_length,
    check_name,
    clean,
)
from console.domain.worktime import civil_date
from console.ledger import Entry, contacts, police, promises
from console.ledger.appellants import gather
from console.ledger.withheld import without_callers
from console.services.intake.answers import answer_of
from console.services.intake.checking import LENGTHS, is_confidential
from console.services.intake.filling import contact, fill_appellant, link_call
from console.services.intake.registering import Registrar
from db.models import Account, Appellant, Call, KnowledgeEntry, Ticket

LONGEST_TOLD = 2000
GATHERED = "集中反映"
# Whether it is urgent is a person's decision: a merge taken back must leave no shorter limit behind.
_GATHERED_WORDS = "，属集中反映，请考虑提高紧急程度"
JOINED_SECRET = "并入保密件"
_SERVICE_NAMES = {"110": "报警", "119": "火警", "120": "急救", "122": "交通事故"}


class Outcomes:
    """Each method is one transaction over the registrar's way of writing."""

    def __init__(self, registrar: Registrar) -> None:
        self._registrar, self._seat, self._ledger = registrar, registrar.seat, registrar.ledger

    def answer(self, form: IntakeForm, answer: str, knowledge_id: int | None) -> Registered:
        """直接答复: closed on the phone, citing the knowledge used."""
        with self._seat.db.reading() as session:
            # First of all: what they read beforehand they read before this session holds a connection.
            checks = self._registrar.checks(session)
            today = civil_date(self._seat.now(session))
            entry = answer_of(session, knowledge_id, today)
            text = clean(answer).text.strip() or (entry.short_answer if entry else "")
            faults = (
                *checks.to_answer(form),
                *_text_faults(text, "answer", "请填写答复内容"),
            )
        if faults:
            raise InvalidForm(faults)
        cited = entry.id if entry else None

        def work(session: Session, number: str) -> Registered:
            step = Entry(Move.ANSWER, {"answer": len(text), "knowledge_id": cited}, _cited(entry))
            ticket = self._registrar.enter(
                session, form, number, step, direct_answer=text, knowledge_id=cited
            )
            if cited:
                hit = update(KnowledgeEntry).where(KnowledgeEntry.id == cited)
                session.execute(hit.values(hit_count=KnowledgeEntry.hit_count + 1))
            session.flush()
            return self._registrar.registered(ticket)

        return self._registrar.once(form, work)

    def reject(
        self, form: IntakeForm, reason_code: str, told: str, confirmed_by: int | None
    ) -> Registered:
        """不予受理: a reason of the pack, what the caller was told, a supervisor's confirmation."""
        reasons = {
            reason.code: reason.name for reason in self._seat.rules.pack.acceptance.rejections
        }
        text = clean(told).text.strip()
        with self._seat.db.reading() as session:
            faults = (
                *self._registrar.checks(session).to_keep(form),
                *_content_faults(form),
                *_text_faults(text, "told", "请填写已告知来电人的内容"),
                *(
                    []
                    if reason_code in reasons
                    else [Invalid("请从不予受理的原因中选择一项", field="reason_code")]
                ),
            )
            supervisor = self._supervisor(session, confirmed_by)
        if faults:
            raise InvalidForm(faults)
        by = supervisor.name if supervisor else self._seat.operator.name
        note = f"不予受理：{reasons[reason_code]}；已告知来电人；{by}确认"
        inputs = {
            "reason": reason_code,
            "told": True,
            "confirmed_by": supervisor.id if supervisor else None,
        }

        def work(session: Session, number: str) -> Registered:
            step = Entry(Move.REJECT, inputs, note)
            ticket = self._registrar.enter(session, form, number, step, direct_answer=text)
            session.flush()
            return self._registrar.registered(ticket)

        return self._registrar.once(form, work)

    def _supervisor(self, session: Session, account_id: int | None) -> Account | None:
        """Who confirmed; a supervisor at the desk confirms alone, an agent needs somebody else."""
        if account_id is None and self._seat.operator.role is Role.SUPERVISOR:
            return None
        account = session.get(Account, account_id) if account_id is not None else None
        if account is None or account.role != Role.SUPERVISOR or account.disabled_at is not None:
            raise Invalid("请选择确认的值班长", "不予受理须由值班长确认", "confirmed_by")
        return account

    def hand_to_police(
        self, form: IntakeForm, service: str, receiver_no: str, three_way: bool
    ) -> Registered:
        """转 110/119/120/122: never held up by an unfinished form (product.md Decided 11)."""
        if service not in {line.value for line in EmergencyLine}:
            raise Invalid("请选择 110、119、120 或 122", field="service")
        receiver = police.receiver_of(receiver_no)
        note = f"移交{service}，接警员 {receiver}{'，三方通话' if three_way else ''}"
        title = f"转{service} {_SERVICE_NAMES[service]}"

        def work(session: Session, number: str) -> Registered:
            step = Entry(Move.HAND_TO_POLICE, {"receiver": receiver, "service": service}, note)
            safe = _made_safe(form)
            typed = (
                {}
                if safe.content.strip()
                else {"title": title, "content": f"来电涉及紧急警情，已移交{service}。"}
            )
            ticket = self._registrar.enter(session, safe, number, step, **typed)
            call = session.get(Call, form.call_id) if form.call_id is not None else None
            police.given(session, self._seat, ticket, service, receiver, three_way, call=call)
            session.flush()
            return self._registrar.registered(ticket)

        return self._registrar.once(form, work)

    def join(self, form: IntakeForm, main_ticket_id: int) -> Registered:
        """并入: the caller keeps a number, a callback and an answer of their own; nothing is copied, only linked."""

        def work(session: Session, number: str) -> Registered:
            main = self._main(session, main_ticket_id)
            self._may_take(form, main)
            if self._already_there(session, main, form):
                return self._again(session, main, form)
            return self._join(session, main, form, number)

        return self._registrar.once(form, work)

    def _main(self, session: Session, ticket_id: int) -> Ticket:
        ticket = self._ledger.lock(session, ticket_id)
        if ticket.state is TicketState.MERGED and ticket.main_ticket_id is not None:
            ticket = self._ledger.lock(session, ticket.main_ticket_id)
        if ticket.state not in OPEN_STATES:
            raise NotAllowed(
                f"这张工单{STATE_NAMES[ticket.state]}，不能再并入",
                "请作为新工单受理，会注明是重复反映",
            )
        return ticket

    def _may_take(self, form: IntakeForm, main: Ticket) -> None:
        """As in merging: whoever handles a plain matter sees everyone who reported it (field-facts 10.2)."""
        asked = replace(form, nature=form.nature or main.nature)
        if is_confidential(asked, self._seat.rules.pack) and not main.confidential:
            raise NotAllowed("保密件只能并入保密件", "请作为新工单受理，由派单员判断是否合并")

    def _already_there(self, session: Session, main: Ticket, form: IntakeForm) -> bool:
        key = contacts.key_of(session, self._seat, contact(form))
        query = select(Appellant.id).where(
            Appellant.ticket_id == main.id, Appellant.phone_key == key
        )
        return bool(key) and session.scalar(query.limit(1)) is not None

    def _again(self, session: Session, main: Ticket, form: IntakeForm) -> Registered:
        """Somebody already on it calls once more: noted, and no second person is made of them."""
        self._ledger.move(
            session, main.id, Entry(Move.NOTE, {"note": "再次来电"}, "诉求人再次来电反映同一事项")
        )
        link_call(session, form, main.id)
        promises.promised_in_form(session, self._seat, main, form.promises)
        session.flush()
        return self._registrar.registered(main, already=True)

    def _join(self, session: Session, main: Ticket, form: IntakeForm, number: str) -> Registered:
        inherited = {
            name: getattr(main, name)
            for name in ("category_code", "category_path", "grid_id", "grid_code", "grid_rule")
            if not getattr(form, name, "")
        }
        if not form.content.strip():
            # Whoever reported it first is hidden here as there.
            title = without_callers(session, self._seat, main, main.title)
            inherited |= {"title": title, "content": f"反映同一事项：{title}"}
        inherited["nature"] = form.nature or main.nature
        safe = _made_safe(_as_secret_as(form, main))
        ticket = self._registrar.enter(session, safe, number, Entry(Move.REGISTER), **inherited)
        ticket.main_ticket_id = main.id
        now = self._seat.now(session)
        joined = Appellant(ticket_id=main.id, main=False, joined_at=now, merged_from_id=ticket.id)
        joined.said = ticket.content
        fill_appellant(session, joined, safe)
        session.add(joined)
        self._ledger.move(
            session,
            ticket.id,
            Entry(Move.MERGE, {"main_number": main.number}, f"并入 {main.number}"),
        )
        self._tell_main(session, main)
        session.flush()
        return self._registrar.registered(ticket)

    def _tell_main(self, session: Session, main: Ticket) -> None:
        """From the pack's number of callers on it is 集中反映, said once (field-facts 3.7)."""
        session.flush()
        count, gathered = gather(session, self._seat, main)
        note = f"又有 1 人来电反映，共 {count} 人{_GATHERED_WORDS if gathered else ''}"
        self._ledger.move(session, main.id, Entry(Move.NOTE, {"note": note}, note))


def _as_secret_as(form: IntakeForm, main: Ticket) -> IntakeForm:
    """Part of a confidential matter is confidential itself: it tells of the same people."""
    if not main.confidential:
        return form
    return replace(
        form, confidential=True, confidential_reason=form.confidential_reason or JOINED_SECRET
    )


def _made_safe(form: IntakeForm) -> IntakeForm:
    """For ends that must not be held up: what the database could not hold is cut, a name that is none left out."""
    return replace(
        form,
        **{name: getattr(form, name)[:most] for name, _, most in LENGTHS},
        name=_safe_name(form.name),
        title=form.title[:TITLE_LIMIT],
        content=form.content[:CONTENT_LIMIT],
        nature=form.nature or Nature.HELP,
    )


def _safe_name(name: str) -> str:
    try:
        return check_name(name)
    except Invalid:
        return ""


def _text_faults(text: str, field: str, missing: str) -> tuple[Invalid, ...]:
    if not text:
        return (Invalid(missing, field=field),)
    try:
        check_length(text, LONGEST_TOLD, "内容", field)
    except Invalid as fault:
        return (fault,)
    return ()


def _content_faults(form: IntakeForm) -> tuple[Invalid, ...]:
    try:
        check_content(form.content)
    except Invalid as fault:
        return (fault,)
    return ()


def _cited(entry: KnowledgeEntry | None) -> str:
    return f"直接答复，引用知识“{entry.title}”" if entry else "直接答复"
