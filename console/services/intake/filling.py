"""From the form to rows: the work order, its appellant in full, and the search index."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.intake import IntakeForm
from console.domain.masking import mask_address, mask_name, mask_phone, mask_text
from console.domain.numbering import lookup_code
from console.domain.ownership import AnswerKind
from console.domain.states import Nature, TicketState
from console.domain.wording import check_line, check_name, clean
from console.ledger import Seat, campaigns, contacts
from console.ledger.contacts import Caller
from console.services.intake.callers import read_number
from console.services.intake.checking import is_confidential
from console.services.intake.city import City
from console.services.intake.likely import length
from console.services.intake.lists import Categories
from console.services.intake.places import owner_of
from console.services.intake.words import occurred_at, title_of
from db.models import Appellant, Call, Person, Ticket

ANONYMOUS = "匿名"
BY_DEFAULT = "举报件默认保密"
# What makes a form the same form sent again.
COMPARED = ("title", "content", "category_code", "nature", "urgency", "wanted")
_UNCOUNTED = (TicketState.DRAFT, TicketState.VOID)


@dataclass(frozen=True, slots=True)
class Known:
    """What the service keeps in memory, in one hand."""

    city: City
    categories: Categories


def columns(
    session: Session, seat: Seat, known: Known, form: IntakeForm, now: datetime
) -> dict[str, Any]:
    """The work order's columns that come from the form."""
    category = known.categories.get(form.category_code)
    confidential = is_confidential(form, seat.rules.pack)
    return {
        "nature": form.nature or Nature.OTHER,
        "urgency": form.urgency,
        "channel": form.channel,
        "title": title_of(form, category.name if category else ""),
        "content": clean(form.content).text.strip(),
        "wanted": _one_line(form.wanted),
        "occurred_text": _one_line(form.occurred),
        "occurred_at": occurred_at(form, now),
        "category_code": form.category_code,
        "category_path": category.path if category else "",
        "platform": (category.platform if category else "") or "service",
        "needs_site_proof": bool(category and category.site),
        "own_limit": category.finish if category else "",
        "address": _one_line(form.address),
        **_place(session, known.city, form),
        "respondent": _one_line(form.respondent),
        **_respondent(known.city, form),
        **_appellant_columns(form),
        "confidential": confidential,
        "confidential_reason": _confidential_reason(form, confidential),
        "anonymous": form.anonymous,
        "reply_wanted": form.reply_wanted,
        "special_tags": _tags(seat, form),
        "training": seat.training,
    }


def _confidential_reason(form: IntakeForm, confidential: bool) -> str:
    by_default = confidential and not form.confidential
    return _one_line(form.confidential_reason) or (BY_DEFAULT if by_default else "")


def _one_line(text: str) -> str:
    return check_line(text, "", limit=len(text) + 1)


def _place(session: Session, city: City, form: IntakeForm) -> dict[str, Any]:
    """The grid of the form; for one submitted before the answer came, the address is looked up here."""
    grid_id, rule = form.grid_id, form.grid_rule
    if grid_id is None and form.address.strip():
        found = owner_of(session, city, form.address)
        if found.kind is AnswerKind.FOUND and found.grid:
            grid_id, rule = found.grid.id, found.rule
    grid = city.grids.get(grid_id or 0)
    return {
        "grid_id": grid.id if grid else None,
        "grid_code": grid.code if grid else "",
        "grid_rule": rule[:200],
        **_spot(form),
    }


def _spot(form: IntakeForm) -> dict[str, float | None]:
    """The point picked on the map; half a point is none."""
    x, y = form.x, form.y
    known = x is not None and y is not None and isfinite(x) and isfinite(y)
    return {"x": x if known else None, "y": y if known else None}


def _respondent(city: City, form: IntakeForm) -> dict[str, Any]:
    named = city.named_in(form.respondent) if form.respondent.strip() else None
    return {
        "respondent_unit_id": named.id if named else None,
        "respondent_code": named.code if named else "",
    }


def _appellant_columns(form: IntakeForm) -> dict[str, Any]:
    if form.anonymous:
        reachable = bool(contact(form))
        return {"appellant_masked": ANONYMOUS, "phone_masked": "", "reachable": reachable}
    return {
        "reachable": True,
        "appellant_masked": mask_name(check_name(form.name)),
        "phone_masked": mask_phone(contact(form)),
    }


def contact(form: IntakeForm) -> str:
    """The number to call back: the one given, or the one called from; empty when neither can be read."""
    for text in (form.contact_phone, form.full_phone):
        number = read_number(text) if text.strip() else None
        if number is not None and number.fault is None:
            return number.digits
    return read_number(form.full_phone).digits if form.full_phone.strip() else ""


def _tags(seat: Seat, form: IntakeForm) -> str:
    """Tags chosen, and the campaigns chosen or, untouched, whose words were said."""
    pack = seat.rules.pack
    said = campaigns.names_of(pack, campaigns.wanted(pack, form.campaigns, form.content))
    joined = "、".join(dict.fromkeys((*form.tags, *said)))
    return joined if len(joined) <= 200 else "、".join(form.tags)


def new_ticket(
    seat: Seat, form: IntakeForm, number: str, values: Mapping[str, Any], now: datetime
) -> Ticket:
    return Ticket(
        number=number,
        form_key=form.key,
        lookup_code=lookup_code(secrets.randbelow),
        creator_id=seat.operator.account_id,
        creator_name=seat.operator.signature,
        created_at=now,
        **values,
    )


def remember_appellant(
    session: Session, seat: Seat, ticket: Ticket, form: IntakeForm, now: datetime
) -> Appellant:
    """The caller in full, beside the ticket; an anonymous one without name and person."""
    query = select(Appellant).where(Appellant.ticket_id == ticket.id, Appellant.main)
    row = session.scalars(query).first() if ticket.state is not None else None
    if row is None:
        row = Appellant(ticket_id=ticket.id, main=True, joined_at=now)
        session.add(row)
    fill_appellant(session, row, form)
    return row


def fill_appellant(session: Session, row: Appellant, form: IntakeForm) -> None:
    digits = contact(form)
    row.name = ANONYMOUS if form.anonymous else check_name(form.name)
    row.phone = digits
    row.person_id = None if form.anonymous else _existing(session, Person, form.person_id)
    row.call_id = _existing(session, Call, form.call_id)


def _existing(session: Session, kind: type[Person] | type[Call], id_: int | None) -> int | None:
    """The id if there is such a row: a draft may be older than what it points to."""
    return session.scalar(select(kind.id).where(kind.id == id_)) if id_ is not None else None


def link_call(session: Session, form: IntakeForm, ticket_id: int) -> None:
    call = session.get(Call, form.call_id) if form.call_id is not None else None
    if call is not None:
        call.ticket_id = ticket_id


def note_repeat(
    session: Session, seat: Seat, ticket: Ticket, form: IntakeForm, now: datetime
) -> None:
    """首次 or 重复（第n次）: the same number about the same category within the pack's days (field-facts 3.7)."""
    digits = contact(form)
    since = now - length(seat.rules.pack.duplicates.repeat_within)
    before: list[int] = []
    key = contacts.key_of(session, seat, digits)
    if key and form.category_code:
        query = select(Ticket.id).join(Appellant, Appellant.ticket_id == Ticket.id)
        query = query.where(
            Appellant.phone_key == key,
            Appellant.joined_at >= since,
            Ticket.category_code == form.category_code,
            Ticket.state.not_in(_UNCOUNTED),
            Ticket.form_key.is_distinct_from(form.key),
        )
        before = list(session.scalars(query.order_by(Ticket.id.desc()).limit(50)))
    earlier = _existing_ticket(session, form.repeat_of_id)
    times = max(len(before), 1 if earlier else 0) + 1
    ticket.caller_kind = "首次" if times == 1 else f"重复（第{times}次）"
    ticket.repeat_of_id = earlier or (before[0] if before else None)


def _existing_ticket(session: Session, ticket_id: int | None) -> int | None:
    return session.scalar(select(Ticket.id).where(Ticket.id == ticket_id)) if ticket_id else None


def same_again(ticket: Ticket, values: Mapping[str, Any]) -> bool:
    """Whether the form brings nothing that the work order does not have; numbers in its texts are kept masked."""
    same = all(getattr(ticket, name) in (values[name], _masked(values[name])) for name in COMPARED)
    return same and ticket.place == mask_address(values["address"])


def _masked(value: Any) -> Any:
    return mask_text(value) if type(value) is str else value


def appellants(session: Session, ticket_id: int) -> int:
    query = select(func.count(Appellant.id)).where(Appellant.ticket_id == ticket_id)
    return session.scalar(query) or 0


def as_form(ticket: Ticket, appellant: Appellant | None, caller: Caller) -> IntakeForm:
    """What the rows say, as it stood in the window."""
    anonymous = ticket.anonymous
    return IntakeForm(
        key=ticket.form_key or "",
        call_id=appellant.call_id if appellant else None,
        channel=ticket.channel,
        person_id=appellant.person_id if appellant else None,
        name="" if anonymous else caller.name,
        full_phone=caller.phone,
        contact_phone=caller.phone,
        occurred=ticket.occurred_text,
        address=caller.address,
        grid_id=ticket.grid_id,
        grid_rule=ticket.grid_rule,
        x=ticket.x,
        y=ticket.y,
        title=ticket.title,
        content=ticket.content,
        wanted=ticket.wanted,
        nature=ticket.nature
        if ticket.state is not TicketState.DRAFT or ticket.nature is not Nature.OTHER
        else None,
        category_code=ticket.category_code,
        urgency=ticket.urgency,
        reply_wanted=ticket.reply_wanted,
        confidential=ticket.confidential,
        confidential_reason=ticket.confidential_reason,
        anonymous=anonymous,
        respondent=ticket.respondent,
        opinion=ticket.dispatch_opinion.split("【属地依据】")[0].strip(),
        tags=tuple(tag for tag in ticket.special_tags.split("、") if tag),
        repeat_of_id=ticket.repeat_of_id,
        ticket_id=ticket.id,
        version=ticket.version,
    )
