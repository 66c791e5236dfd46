"""Work orders of another system, 110's hand-overs and field reports: each opened by the ledger like any other."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from console.domain.changes import Topic
from console.domain.errors import Invalid
from console.domain.importing.records import Entry as Line
from console.domain.masking import mask_name, mask_phone, mask_text
from console.domain.moves import Move
from console.domain.numbering import lookup_code
from console.domain.states import Channel, Nature, Urgency
from console.domain.worktime import CIVIL
from console.ledger import Entry, Ledger, police
from console.ledger.contacts import make_findable
from console.ledger.evidence import keep
from console.services.importing import guarded
from console.services.importing.lookups import within
from console.services.importing.photos import found
from console.services.importing.registers import Known, Moment, Register, Row
from db.models import Appellant, CategoryRow, Ticket

ANONYMOUS = "匿名"
_TITLE = 40
_MARK_EVERY = 20


class Matters(Register):
    """What all three have in common. A matter is known by its number in the system it comes from."""

    table, topics = Ticket, frozenset({Topic.TICKETS, Topic.CALLS})
    channel = Channel.SUB_HOTLINE
    pictures = False

    def learn(self, rows: Sequence[Row]) -> None:
        self._now = self.seat.now(self.session)
        self._categories: dict[str, list[CategoryRow]] = {}
        for row in self.session.scalars(select(CategoryRow).where(CategoryRow.level >= 2)):
            for word in {row.code, row.name, row.path, row.path.replace(" › ", "->")}:
                self._categories.setdefault(word, []).append(row)

    def complete(self, values: Row) -> Row:
        row = dict(values)
        if row.get("grid_id"):
            place = self.places.grid(row["grid_id"])
            row["grid_id"], row["grid_code"] = place.id, place.code
        if row.get("category"):
            row["category"] = self._category(row["category"])
        if row.get("photos"):
            row["photos"] = found(self.base, row["photos"], self.pictures)
        return row

    def _category(self, word: str) -> str:
        """The code of a category by code, path or unique name. Raises Invalid."""
        last = word.replace("->", "›").replace("/", "›").split("›")[-1].strip()
        hits = self._categories.get(word) or self._categories.get(last) or []
        if len(hits) == 1:
            return hits[0].code
        if not hits:
            raise Invalid(f"没有事项类别“{word[:40]}”", "请填分类名称或编码", "category")
        codes = "、".join(hit.code for hit in hits[:3])
        raise Invalid(f"有 {len(hits)} 个类别名为“{last[:40]}”", f"请改填编码：{codes}", "category")

    def known(self, rows: Sequence[Row]) -> dict[tuple[Any, ...], Known]:
        numbers = {self._form_key(self.key(row)[0]): self.key(row) for row in rows}
        query = select(Ticket.form_key, Ticket.id)
        there = within(self.session, query, Ticket.form_key, numbers)
        return {numbers[form_key]: Known(id_, None, {}) for form_key, id_ in there}

    def _form_key(self, number: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"hotline-import:{self.kind.name}:{number}"))

    def write(self, moment: Moment, entries: Sequence[Line]) -> None:
        self.refuse_taken(entries)
        guarded.begin(moment.session, self.seat, None)
        self._ledger = Ledger(self.seat)
        for done, entry in enumerate(entries, 1):
            self._enter(moment, dict(entry.values))
            if done % _MARK_EVERY == 0 or done == len(entries):
                moment.mark(_MARK_EVERY if done % _MARK_EVERY == 0 else done % _MARK_EVERY)
                # Objects of tickets written are not needed again; a large file must not hold them all.
                moment.session.flush()
                moment.session.expunge_all()

    def _enter(self, moment: Moment, row: Row) -> None:
        ticket = self._ticket(moment, row)
        self._ledger.open(moment.session, ticket, self.entry(row, moment.at))
        self.follow(moment, ticket, row)
        # The line in the log first: on a guarded server a caller is imported with a registered work order of his own.
        moment.session.flush()
        moment.session.add(self._appellant(ticket, row, moment.at))
        for name in row.get("photos") or ():
            kind = "before" if self.pictures else "other"
            keep(moment.session, self.seat, ticket.id, None, kind, moment.files[name])
        make_findable(moment.session, self.seat, ticket)

    def entry(self, row: Row, at: datetime) -> Entry:
        """The first move, and what the log says of where it comes from."""
        raise NotImplementedError

    def follow(self, moment: Moment, ticket: Ticket, row: Row) -> None:
        """What else is written with it."""

    def _ticket(self, moment: Moment, row: Row) -> Ticket:
        operator, session = self.seat.operator, moment.session
        category = session.get(CategoryRow, row["category"]) if row.get("category") else None
        name, phone = row.get("name") or "", row.get("phone") or ""
        told = Nature(row["nature"]) if row.get("nature") else None
        usual = Nature(category.default_nature) if category and category.default_nature else None
        return Ticket(
            number=self.seat.numbers.next_number(session, moment.at, self.channel),
            form_key=self._form_key(self.key(row)[0]),
            lookup_code=lookup_code(secrets.randbelow),
            channel=self.channel,
            nature=told or usual or Nature.HELP,
            urgency=Urgency(row.get("urgency") or Urgency.NORMAL),
            title=_title(row),
            content=row["content"],
            category_code=category.code if category else "",
            category_path=category.path if category else "",
            platform=(category.platform if category else "") or "service",
            needs_site_proof=bool(category and category.site),
            address=row.get("address") or "",
            grid_id=row.get("grid_id"),
            grid_code=row.get("grid_code") or "",
            grid_rule="由来件指定" if row.get("grid_id") else "",
            occurred_text=self.occurred(row)[:60],
            appellant_masked=mask_name(name) if name else ANONYMOUS,
            phone_masked=mask_phone(phone),
            anonymous=not name,
            reachable=bool(phone),
            confidential=bool(row.get("confidential")),
            reply_wanted=row.get("wants_reply") is not False,
            creator_id=operator.account_id,
            creator_name=operator.signature,
            created_at=moment.at,
            training=self.seat.training,
        )

    def occurred(self, row: Row) -> str:
        return row.get("occurred") or ""

    def _appellant(self, ticket: Ticket, row: Row, at: datetime) -> Appellant:
        phone = row.get("phone") or ""
        return Appellant(
            ticket_id=ticket.id, name=row.get("name") or ANONYMOUS, phone=phone,
            main=True, joined_at=at,
        )  # fmt: skip


class Tickets(Matters):
    """其他系统工单: open ones wait for dispatch here, finished ones are history with their own times."""

    def complete(self, values: Row) -> Row:
        row = super().complete(values)
        closed, received = row.get("closed_at"), row.get("received_at")
        if closed and not row.get("outcome"):
            raise Invalid("有办结时间，没有办理结果", "请补上办理结果，或清空办结时间", "outcome")
        for name, moment in (("closed_at", closed), ("received_at", received)):
            if moment and moment > self._now:
                raise Invalid("时间还没到", "请核对", name)
        if closed and received and closed < received:
            raise Invalid("办结时间早于受理时间", "请核对", "closed_at")
        return row

    def entry(self, row: Row, at: datetime) -> Entry:
        source = f"由其他系统导入，原编号 {row['outside_no']}"
        if row.get("closed_at"):
            inputs = {
                "outside_no": row["outside_no"],
                "result": mask_text(row["outcome"])[:500],
                "accepted_at": (row.get("received_at") or row["closed_at"]).isoformat(),
                "closed_at": row["closed_at"].isoformat(),
            }
            return Entry(Move.CARRY_OVER, inputs, f"{source}，已在原系统办结")
        so_far = mask_text(row.get("outcome") or "")
        note = (
            f"{source}，原受理时间 {_civil(row['received_at'])}"
            if row.get("received_at")
            else source
        )
        return Entry(
            Move.REGISTER, {}, (f"{note}；原办理情况：{so_far}" if so_far else note)[:1000]
        )

    def follow(self, moment: Moment, ticket: Ticket, row: Row) -> None:
        if row.get("closed_at"):
            ticket.direct_answer = row["outcome"]

    def occurred(self, row: Row) -> str:
        return _civil(row["received_at"]) if row.get("received_at") else ""


class Police(Matters):
    """110移交: each waits to be judged at the linkage desk."""

    channel = Channel.POLICE_110

    def entry(self, row: Row, at: datetime) -> Entry:
        who = row.get("handed_by") or police.NO_RECEIVER
        return Entry(Move.RECEIVE, {}, f"110转来 {row['police_no']}，移交人 {who}，批量导入")

    def follow(self, moment: Moment, ticket: Ticket, row: Row) -> None:
        police.came(
            moment.session, self.seat, ticket, row.get("handed_by") or "", row["police_no"],
            bool(row.get("three_way")),
        )  # fmt: skip


class Reports(Matters):
    """网格上报: what a field program collected, with its photographs; it waits for the hotline to take it in."""

    channel = Channel.GRID
    pictures = True

    def entry(self, row: Row, at: datetime) -> Entry:
        who = (
            f"{row['reporter']}上报"
            if row.get("reporter")
            else f"{self.seat.operator.unit_name}上报"
        )
        return Entry(Move.RECEIVE, {}, f"{who}，编号 {row['report_no']}，待热线受理")

    def complete(self, values: Row) -> Row:
        row = super().complete(values)
        row["name"] = row.get("reporter")
        return row

    def occurred(self, row: Row) -> str:
        return _civil(row["occurred_at"]) if row.get("occurred_at") else ""

    def follow(self, moment: Moment, ticket: Ticket, row: Row) -> None:
        ticket.scale = "network"
        ticket.occurred_at = row.get("occurred_at")


def _title(row: Row) -> str:
    """The title given, or the first sentence; a number said in it must not stand in every list."""
    text = str(row.get("title") or "") or row["content"].replace("\n", "。").split("。")[0]
    return mask_text(text.strip("，；、 ")[:_TITLE] or row["content"][:_TITLE])


def _civil(moment: datetime) -> str:
    return f"{moment.astimezone(CIVIL):%Y-%m-%d %H:%M}"
