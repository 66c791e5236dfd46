"""One case as it lies on the unit's desk: own share, contacts, photos, and what the forms need to know."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from console.domain.case import Case, Share
from console.domain.codes import covers
from console.domain.errors import NotFound
from console.domain.guards import return_due
from console.domain.inbox import (
    AskedReturn,
    CalledUnit,
    ChildUnit,
    ContactLine,
    Desk,
    Notice,
    ReplyForm,
    Round,
)
from console.domain.masking import mask_name, mask_phone, mask_text
from console.domain.states import AssignmentKind, Resolution, SupervisionLevel, Urgency
from console.domain.worktime import civil_date
from console.ledger import Ledger, Seat, case_file
from console.ledger.places import LEADER, WORKER
from console.services.handling.inbox import own_row
from console.services.handling.others import copied_units
from db.models import (
    Assignment,
    Attachment,
    Contact,
    DutyRoster,
    GridStaff,
    HandlingResult,
    MediationRound,
    Promise,
    ReturnRequest,
    Snippet,
    Staff,
    Supervision,
    Ticket,
    Unit,
    WhistleCall,
)

CENTRE, CENTRE_KIND = "热线中心", "centre"
PICTURES = ("before", "after")


def open_desk(session: Session, seat: Seat, ledger: Ledger, ticket_id: int) -> Desk:
    """Everything the right side of the inbox shows. Raises NotFound when the unit has no share in it."""
    case = case_file(session, seat, ticket_id)
    ticket = session.get_one(Ticket, ticket_id)
    share = own_share(session, seat, ticket_id)
    rules = seat.rules.pack
    form, source = prefill(session, ticket_id, share)
    left = rules.extension.workdays - ticket.extension_days
    again = ticket.extension_count >= rules.extension.times
    whole = ledger.case(session, ticket)
    return Desk(
        case=case,
        own=own_row(session, seat, ticket_id, share.seq),
        contacts=contact_lines(session, ticket_id),
        photos=tuple(line for line in case.attachments if line.kind in PICTURES),
        needs_photo=rules.reply.site_photos and ticket.needs_site_proof,
        contact_waived=not ticket.reachable,
        escalates_to=_escalates_to(session, share),
        escalates_past=beyond(session, seat, ticket, share),
        return_until=_return_until(whole, whole.share(share.seq), seat),
        extension_left=0 if again else max(0, left),
        passes_down=_has_children(session, seat.operator.unit_id),
        top_lead=share.parent_seq is None and share.kind is AssignmentKind.LEAD,
        prefill=form,
        prefill_from=source,
        called=called_units(session, seat, ticket_id),
        rounds=mediation_rounds(session, ticket_id),
        asked_return=asked_return(session, ticket_id, share.seq),
        first_receiver=_unit_name(session, ticket.first_receiver_id),
        duty=on_duty(session, seat, (share.unit_id,)).get(share.unit_id, ""),
        copied=copied_units(session, ticket_id),
        notice=notice_in_force(session, ticket_id) if ticket.supervision else None,
    )


def notice_in_force(session: Session, ticket_id: int) -> Notice | None:
    """The newest supervision not lifted."""
    query = select(Supervision).where(
        Supervision.ticket_id == ticket_id, Supervision.lifted_at.is_(None)
    )
    row = session.scalars(query.order_by(Supervision.id.desc()).limit(1)).first()
    if row is None:
        return None
    level = SupervisionLevel(row.level)
    asks = mask_text(row.demands)
    return Notice(
        level, row.document_no, row.reason, asks, row.due, row.contact, mask_text(row.feedback)
    )


def asked_return(session: Session, ticket_id: int, seq: int) -> AskedReturn | None:
    """The return this share has asked for and nobody has decided yet."""
    query = select(ReturnRequest).where(
        ReturnRequest.ticket_id == ticket_id,
        ReturnRequest.share_seq == seq,
        ReturnRequest.decided_at.is_(None),
    )
    row = session.scalars(query.order_by(ReturnRequest.id.desc()).limit(1)).first()
    if row is None:
        return None
    return AskedReturn(
        row.reason, mask_text(row.basis), row.suggested_unit, row.asked_at, row.asked_by
    )


def _unit_name(session: Session, unit_id: int | None) -> str:
    if unit_id is None:
        return ""
    return session.scalar(select(Unit.name).where(Unit.id == unit_id)) or ""


def on_duty(session: Session, seat: Seat, units: tuple[int, ...]) -> dict[int, str]:
    """Who answers for these units today, by the roster (field-facts H12). One statement."""
    today = civil_date(seat.now(session))
    query = select(DutyRoster).where(DutyRoster.unit_id.in_(units), DutyRoster.on_day == today)
    found: dict[int, str] = {}
    for row in session.scalars(query.order_by(DutyRoster.id)):
        words = " ".join(filter(None, (mask_name(row.name), row.rank, mask_phone(row.phone))))
        found[row.unit_id] = "、".join(filter(None, (found.get(row.unit_id, ""), words)))
    return found


def own_share(session: Session, seat: Seat, ticket_id: int) -> Assignment:
    """The unit's newest share, the live one first. Raises NotFound."""
    mine = (Assignment.ticket_id == ticket_id, Assignment.unit_id == seat.operator.unit_id)
    ended = Assignment.ended_at.is_not(None)
    query = select(Assignment).where(*mine).order_by(ended, Assignment.seq.desc()).limit(1)
    share = session.scalar(query)
    if share is None:
        raise NotFound("这张工单没有派给您的单位", "请刷新后再试")
    return share


def contact_lines(session: Session, ticket_id: int) -> tuple[ContactLine, ...]:
    query = select(Contact).where(Contact.ticket_id == ticket_id).order_by(Contact.id)
    return tuple(
        ContactLine(row.at, row.manner, row.phone_masked, row.contacted_by, mask_text(row.outcome))
        for row in session.scalars(query)
    )


def photo_count(session: Session, ticket_id: int) -> int:
    """Pictures taken afterwards, by their content and not by what the caller says."""
    pictures = (Attachment.kind == "after", Attachment.media_type.startswith("image/"))
    query = select(func.count()).select_from(Attachment)
    return session.scalar(query.where(Attachment.ticket_id == ticket_id, *pictures)) or 0


def _escalates_to(session: Session, share: Assignment) -> str:
    parent = superior(session, share)
    if share.parent_seq is not None:
        query = select(Assignment.unit_name).where(
            Assignment.ticket_id == share.ticket_id, Assignment.seq == share.parent_seq
        )
        return session.scalar(query) or CENTRE
    return parent.name if parent else CENTRE


def superior(session: Session, share: Assignment) -> Unit | None:
    """The unit above, when a top share has one below the centre; its escalation goes there (field-facts 3.4 rule 3)."""
    if share.parent_seq is not None or share.unit_parent_id is None:
        return None
    unit = session.get(Unit, share.unit_parent_id)
    return None if unit is None or unit.kind == CENTRE_KIND or not unit.active else unit


def beyond(
    session: Session, seat: Seat, ticket: Ticket, share: Assignment
) -> tuple[ChildUnit, ...]:
    """The units past the superior and below the centre, nearest first; only in danger or with a skip rule."""
    if not (seat.rules.pack.escalation.skip or ticket.urgency is Urgency.CRITICAL):
        return ()
    unit, found = session.get(Unit, share.unit_parent_id or 0), list[ChildUnit]()
    while unit is not None and unit.parent_id is not None:
        unit = session.get(Unit, unit.parent_id)
        if unit is None or unit.kind == CENTRE_KIND or not covers(unit.code, share.unit_code):
            break
        if unit.active:
            found.append(ChildUnit(unit.id, unit.name, unit.kind, unit.initials))
    return tuple(found)


def _return_until(case: Case, share: Share, seat: Seat) -> datetime | None:
    """Until when a return may be asked for; None when this share may not be returned at all."""
    if share.designated or share.parent_id is not None or share.kind is not AssignmentKind.LEAD:
        return None
    return return_due(case, share, seat.rules)


def _below(unit_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Unit.parent_id == unit_id, Unit.active.is_(True))


def _has_children(session: Session, unit_id: int) -> bool:
    return session.scalar(select(Unit.id).where(*_below(unit_id)).limit(1)) is not None


def children_of(session: Session, unit_id: int) -> tuple[ChildUnit, ...]:
    """Direct children with the people who answer for them. Two statements."""
    units = tuple(session.scalars(select(Unit).where(*_below(unit_id)).order_by(Unit.code)))
    people = _people(session, unit_id)
    return tuple(
        ChildUnit(u.id, u.name, u.kind, u.initials, people.get(u.id) or _liaison(u)) for u in units
    )


def _liaison(unit: Unit) -> str:
    return f"联络员 {mask_name(unit.liaison)}" if unit.liaison else ""


def _people(session: Session, unit_id: int) -> dict[int, str]:
    query = (
        select(GridStaff.grid_id, GridStaff.post, Staff.name)
        .join(Staff, Staff.id == GridStaff.staff_id)
        .join(Unit, Unit.id == GridStaff.grid_id)
        .where(*_below(unit_id), GridStaff.post.in_((LEADER, WORKER)))
        .order_by(GridStaff.grid_id, GridStaff.post.desc(), Staff.id)
    )
    shown: dict[int, dict[str, str]] = {}
    for grid_id, post, name in session.execute(query):
        shown.setdefault(grid_id, {}).setdefault(post, mask_name(name))
    return {
        grid: "　".join(f"{post.removeprefix('全科')} {name}" for post, name in posts.items())
        for grid, posts in shown.items()
    }


def prefill(session: Session, ticket_id: int, share: Assignment) -> tuple[ReplyForm | None, str]:
    """What a child replied, else what this unit replied the last time; and the words that say which."""
    child = child_reply(session, ticket_id, share)
    if child is not None:
        return reply_of(session, child), f"已带入{child.unit_name}的回复，请审核修改"
    own = _last(session, ticket_id, HandlingResult.share_seq == share.seq)
    return (reply_of(session, own), "已带入上次回复，请按重办要求修改") if own else (None, "")


def child_reply(session: Session, ticket_id: int, share: Assignment) -> HandlingResult | None:
    children = select(Assignment.seq).where(
        Assignment.ticket_id == ticket_id, Assignment.parent_seq == share.seq
    )
    row = _last(session, ticket_id, HandlingResult.share_seq.in_(children))
    # After a redo the unit's own last reply is the newer one.
    own = _last(session, ticket_id, HandlingResult.share_seq == share.seq)
    return row if row is not None and (own is None or row.id > own.id) else None


def _last(session: Session, ticket_id: int, whose: ColumnElement[bool]) -> HandlingResult | None:
    query = select(HandlingResult).where(HandlingResult.ticket_id == ticket_id, whose)
    return session.scalars(query.order_by(HandlingResult.id.desc()).limit(1)).first()


def reply_of(session: Session, row: HandlingResult) -> ReplyForm:
    """A stored result as a form to go on from; the signature is never carried over."""
    promise = session.scalars(
        select(Promise)
        .where(
            Promise.ticket_id == row.ticket_id,
            Promise.kept_at.is_(None),
            Promise.made_by == row.handler_name,
        )
        .order_by(Promise.id.desc())
        .limit(1)
    ).first()
    return ReplyForm(
        true_appeal=row.true_appeal,
        beyond_duty=row.beyond_duty,
        beyond_duty_kind=row.beyond_duty_kind,
        resolution=Resolution(row.resolution),
        unresolved_reason=row.unresolved_reason,
        cause=mask_text(row.cause),
        measures=mask_text(row.measures),
        result=mask_text(row.internal_note),
        public_reply=row.public_reply,
        law_basis=row.law_basis,
        promise=promise.what if promise else "",
        promise_due=promise.due if promise else None,
    )


def called_units(session: Session, seat: Seat, ticket_id: int) -> tuple[CalledUnit, ...]:
    query = select(WhistleCall).where(WhistleCall.ticket_id == ticket_id).order_by(WhistleCall.id)
    calls = tuple(session.scalars(query))
    duty = on_duty(session, seat, tuple({w.called_unit_id for w in calls})) if calls else {}
    return tuple(
        CalledUnit(
            id=w.id,
            unit=w.called_unit,
            called_at=w.called_at,
            request=mask_text(w.request),
            person=w.person,
            arrived_at=w.arrived_at,
            outcome=mask_text(w.outcome),
            duty=duty.get(w.called_unit_id, ""),
        )
        for w in calls
    )


def mediation_rounds(session: Session, ticket_id: int) -> tuple[Round, ...]:
    query = select(MediationRound).where(MediationRound.ticket_id == ticket_id)
    return tuple(
        Round(m.round, m.on_day.isoformat(), m.participants, mask_text(m.result), m.agreed)
        for m in session.scalars(query.order_by(MediationRound.round))
    )


def snippets_for(session: Session, account_id: int) -> dict[str, str]:
    """Stored phrases by initials; a person's own win over the shared ones."""
    mine = or_(Snippet.account_id.is_(None), Snippet.account_id == account_id)
    query = select(Snippet).where(mine).order_by(Snippet.account_id.is_not(None), Snippet.id)
    return {row.initials: row.text for row in session.scalars(query)}
