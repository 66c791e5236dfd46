"""Histories into their tables: tickets, appellants, shares, log, side records, calls."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.case import SHARE_TIMES, STORED_AS_IS, Case, Share
from console.domain.catalogue import Catalogue
from console.domain.lights import Timed, yellow_at
from console.domain.masking import mask_name, mask_phone
from console.domain.moves import Move
from console.domain.numbering import archive_number, lookup_code
from console.domain.rules import Rules
from console.domain.states import AssignmentKind, Channel, TicketState
from console.domain.worktime import civil_date
from db.demo.city import City
from db.demo.histories import History
from db.demo.linkage import tags_of
from db.demo.registers import Row, put
from db.manifests import seal
from db.models import (
    Appellant,
    Assignment,
    Base,
    Call,
    Callback,
    Contact,
    ExtensionRequest,
    HandlingResult,
    JointSheet,
    MediationRound,
    NotifyCopy,
    PoliceTransfer,
    Promise,
    ReturnRequest,
    Supervision,
    Suspension,
    Ticket,
    TicketEvent,
    Urging,
    Verification,
)
from db.search import index_many

TABLES: dict[str, type[Base]] = {
    "joint_sheet": JointSheet, "mediation_round": MediationRound, "notify_copy": NotifyCopy,
    "police_transfer": PoliceTransfer,
    "callback": Callback, "contact": Contact, "extension_request": ExtensionRequest,
    "handling_result": HandlingResult, "promise": Promise, "return_request": ReturnRequest,
    "supervision": Supervision, "suspension": Suspension, "urging": Urging, "verification": Verification,
}  # fmt: skip
CLERK = "档案室"


class OrderLoader:
    """Writes histories; a ticket's id is its place in the list, from 1."""

    def __init__(self, session: Session, city: City, catalogue: Catalogue, rules: Rules) -> None:
        self._session, self._rules = session, rules
        self._units = {unit.code: place for place, unit in enumerate(city.units, 1)}
        self._names = {unit.code: unit.name for unit in city.units}
        self._accounts = {n: f"{a.name} {a.login}" for n, a in enumerate(city.accounts, 1)}
        self._categories = {one.path: one for one in catalogue.categories}
        self._rng = Random(f"{city.seed}/codes")
        self._archived = 0
        self._ids: dict[str, int] = {}

    def load(self, histories: Sequence[History]) -> None:
        numbered = tuple(enumerate(histories, 1))
        self._ids = {h.case.number: n for n, h in numbered}
        put(self._session, Ticket, (self._ticket(n, h) for n, h in numbered))
        put(self._session, Call, self._calls(numbered))
        people = [self._appellant(n, h) for n, h in numbered]
        put(self._session, Appellant, [*people, *self._joined(people, numbered)])
        put(self._session, Assignment, (row for n, h in numbered for row in self._shares(n, h)))
        put(self._session, TicketEvent, (row for n, h in numbered for row in self._events(n, h)))
        for name, table in TABLES.items():
            put(self._session, table, _side_rows(name, table, numbered))
        index_many(
            self._session,
            [(n, (h.appeal.title, h.appeal.content, h.appeal.spot.text)) for n, h in numbered],
        )
        archived = select(Ticket).where(Ticket.state == TicketState.ARCHIVED).order_by(Ticket.id)
        seal(
            self._session,
            list(self._session.scalars(archived)),
            histories[-1].case.created_at,
            CLERK,
        )

    def _ticket(self, ticket_id: int, history: History) -> Row:
        case, appeal = history.case, history.appeal
        category = self._categories.get(appeal.category)
        values: Row = {name: getattr(case, name) for name in STORED_AS_IS}
        return values | self._people(history) | self._unit_names(case) | {
            "id": ticket_id, "number": case.number, "created_at": case.created_at,
            "creator_id": case.creator_id, "creator_name": self._accounts[case.creator_id],
            "form_key": None, "lookup_code": lookup_code(self._rng.randrange), "title": appeal.title[:120],
            "content": appeal.content, "wanted": appeal.wanted[:500], "occurred_text": appeal.occurred[:60],
            "occurred_at": appeal.occurred_at, "category_code": category.code if category else "",
            "category_path": " › ".join(appeal.category), "platform": category.platform.value if category else "service",
            "address": appeal.spot.address or appeal.spot.text, "grid_id": self._units.get(appeal.spot.grid_code),
            "grid_rule": _rule(appeal.spot.text, bool(appeal.spot.road)),
            "x": appeal.spot.x, "y": appeal.spot.y, "respondent": appeal.respondent[:120],
            "reply_wanted": True, "yellow_at": self._yellow(case), "archive_no": self._archive_no(case),
            "moved_at": history.steps[-1][0].at if history.steps else case.created_at, "version": 1,
            "direct_answer": appeal.public_reply if appeal.knowledge_id else "",
            "knowledge_id": appeal.knowledge_id, "caller_kind": "首次",
            "main_ticket_id": self._ids.get(case.merged_into),
            "special_tags": tags_of(ticket_id, appeal.content, self._rules.pack),
            "confidential_reason": "诉求人要求保密" if case.confidential else "",
        }  # fmt: skip

    def _people(self, history: History) -> Row:
        caller, case = history.appeal.caller, history.case
        last = [r.values for r in history.records if r.table == "callback" and r.values["reached"]]
        dispatch = next((o for s, _n, o in reversed(history.steps) if s.move is Move.DISPATCH), "")
        return {
            "appellant_masked": "匿名" if history.appeal.anonymous else mask_name(caller.name),
            "phone_masked": mask_phone(caller.phone),
            "anonymous": history.appeal.anonymous,
            "dispatcher_name": self._accounts.get(case.dispatcher_id or 0, ""),
            "dispatch_opinion": dispatch,
            "reviewer_name": history.reviewer,
            "review_comment": history.review_comment,
            "satisfaction": last[-1]["satisfaction"] if last else "",
            "resolution": last[-1]["resolution"] if last else "",
        }

    def _unit_names(self, case: Case) -> Row:
        leads = [s for s in case.shares if s.kind is AssignmentKind.LEAD and s.parent_id is None]
        keep = case.closed_at is not None
        lead = case.lead() or (leads[-1] if leads and keep else None)
        co = [s.unit.name for s in case.shares if s.kind is AssignmentKind.CO]
        return {
            "holder_unit_id": lead.unit.id if lead else None,
            "holder_code": lead.unit.code if lead else "",
            "holder_name": lead.unit.name if lead else "",
            "co_unit_names": "、".join(dict.fromkeys(co))[:300],
            "first_receiver_id": leads[0].unit.id if leads else None,
        }

    def _yellow(self, case: Case) -> Any:
        limit = self._rules.limits(case).finish
        start = case.dispatched_at or case.accepted_at or case.created_at
        timed = Timed(start, case.finish_due or case.total_due, limit.working, case.urgency)
        return yellow_at(timed, self._rules.pack.lights, self._rules.calendar)

    def _archive_no(self, case: Case) -> str:
        if case.archived_at is None:
            return ""
        self._archived += 1
        return archive_number("12345", civil_date(case.archived_at).year, "D10", self._archived)

    def _calls(self, numbered: Sequence[tuple[int, History]]) -> Iterator[Row]:
        for ticket_id, history in numbered:
            if history.case.channel is not Channel.PHONE:
                continue
            talk, wait = self._rng.randint(60, 420), self._rng.randint(2, 20)
            end = history.case.created_at + timedelta(seconds=20)
            yield {
                "call_no": f"C{ticket_id:07d}", "caller_no": history.appeal.caller.phone, "called_no": "12345",
                "account_id": history.case.creator_id, "ring_at": end - timedelta(seconds=talk + wait),
                "answered_at": end - timedelta(seconds=talk), "ended_at": end, "wait_s": wait, "talk_s": talk,
                "wrap_s": self._rng.randint(5, 60), "hangup_side": "caller", "result": "answered",
                "ticket_id": ticket_id,
            }  # fmt: skip

    def _appellant(self, ticket_id: int, history: History) -> Row:
        caller = history.appeal.caller
        return {
            "ticket_id": ticket_id, "person_id": caller.resident_id,
            "name": "" if history.appeal.anonymous else caller.name, "phone": caller.phone,
            "address": history.appeal.spot.address, "main": True,
            "joined_at": history.case.created_at, "said": "", "merged_from_id": None,
        }  # fmt: skip

    def _joined(
        self, people: Sequence[Row], numbered: Sequence[tuple[int, History]]
    ) -> Iterator[Row]:
        """Whoever's own work order was merged stands on the main one too and is called back with it (peers 6.3)."""
        for (ticket_id, history), own in zip(numbered, people, strict=True):
            main = self._ids.get(history.case.merged_into)
            if main is not None:
                said = history.appeal.content
                yield own | {
                    "ticket_id": main,
                    "main": False,
                    "said": said,
                    "merged_from_id": ticket_id,
                }

    def _shares(self, ticket_id: int, history: History) -> Iterator[Row]:
        opinions: dict[tuple[int, Any], str] = {
            (s.unit().id, s.at): opinion
            for s, _note, opinion in history.steps
            if "unit" in s.inputs
        }
        for share in history.case.shares:
            signer = history.signers.get(share.id)
            yield self._share(ticket_id, share) | {
                "opinion": opinions.get((share.unit.id, share.dispatched_at), ""),
                "signer_name": signer.signature if signer else "",
                "handler_id": signer.account_id if signer else None,
            }

    def _share(self, ticket_id: int, share: Share) -> Row:
        times = {name: getattr(share, name) for name in SHARE_TIMES}
        return times | {
            "ticket_id": ticket_id, "seq": share.id, "parent_seq": share.parent_id, "unit_id": share.unit.id,
            "unit_code": share.unit.code, "unit_name": share.unit.name, "unit_parent_id": share.unit.parent_id,
            "kind": share.kind, "state": share.state, "designated": share.designated,
            "dispatched_at": share.dispatched_at,
        }  # fmt: skip

    def _events(self, ticket_id: int, history: History) -> Iterator[Row]:
        for (step, note, _opinion), state in zip(history.steps, history.states, strict=True):
            yield {
                "ticket_id": ticket_id, "at": step.at, "move": step.move.value, "actor_id": step.actor.account_id,
                "actor_name": step.actor.signature, "actor_role": step.actor.role.value,
                "unit_id": step.actor.unit_id, "unit_name": step.actor.unit_name, "share_seq": step.share_id,
                "state_after": state, "note": note[:1000], "inputs": dict(step.inputs), "workstation": "DEMO",
            }  # fmt: skip


def _rule(place: str, by_address: bool) -> str:
    return f"按地址：{place}" if by_address and place else ""


def _side_rows(
    name: str, table: type[Base], numbered: Sequence[tuple[int, History]]
) -> Iterator[Row]:
    """Rows of one side table, every one with the same columns, as a bulk insert wants them."""
    nullable = {c.key: None for c in table.__table__.columns if c.nullable and not c.primary_key}
    for ticket_id, history in numbered:
        for record in history.records:
            if record.table == name:
                filled = nullable | record.values | {"ticket_id": ticket_id}
                if name == "contact":
                    filled["phone_masked"] = mask_phone(history.appeal.caller.phone)
                for column in table.__table__.columns:
                    if column.default is not None and column.default.is_scalar:
                        filled.setdefault(column.key, column.default.arg)
                yield filled
