"""上报事项: what a grid's people found themselves, settled on the spot or pushed up to the hotline.

Sources: field-facts Y5 (what the grid can do it does, the rest goes to 12345 under the same number),
K10 (小事一格解决、大事全网联动), X2, H18 (closing of site problems needs before and after pictures).
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Invalid, InvalidForm, NotAllowed
from console.domain.inbox import InboxTab, tabs_of
from console.domain.masking import mask_name, mask_phone, mask_text
from console.domain.moves import Move
from console.domain.numbering import lookup_code
from console.domain.reporting import CategoryChoice, GridChoice, Reported, ReportForm
from console.domain.roles import ROLE_NAMES
from console.domain.states import Channel, Nature, Resolution, TicketState, Urgency
from console.domain.wording import check_length, check_line, clean
from console.domain.worktime import civil_date
from console.ledger import Entry, Ledger, Seat
from console.ledger.contacts import make_findable
from console.ledger.evidence import keep
from console.ledger.files import Progress, Stop, Taken, halves, taken
from console.ledger.uploads import send
from console.services.handling.grids import choices, grids_of, own_grids
from db.models import Account, Appellant, CategoryRow, HandlingResult, Staff, Ticket

SHORTEST, LONGEST, TITLE = 10, 2000, 40
SMALL, LARGE = "grid", "network"


def _quiet(_done: int, _of: int) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


class Reporting:
    """Reports of the operator at this seat. Raises InvalidForm whose faults name the fields of ReportForm."""

    def __init__(self, seat: Seat) -> None:
        self._seat, self._ledger = seat, Ledger(seat)

    def grids(self) -> tuple[GridChoice, ...]:
        """The grids the operator may report from; a grid worker mostly has one."""
        with self._seat.db.reading() as session:
            operator = self._seat.operator
            return choices(session, own_grids(session, operator), operator.unit_id)

    def place(self, sentence: str) -> tuple[GridChoice, ...]:
        """Which of them a place lies in, with the rule that says so."""
        with self._seat.db.reading() as session:
            return grids_of(session, self._seat.operator, sentence)

    def categories(self) -> tuple[CategoryChoice, ...]:
        """Kinds of matters in force, for the type-ahead. One statement."""
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
            query = select(CategoryRow).where(CategoryRow.level >= 2).order_by(CategoryRow.code)
            return tuple(_choice(row) for row in session.scalars(query) if _in_force(row, today))

    def report(
        self, form: ReportForm, progress: Progress = _quiet, cancelled: Stop = _never
    ) -> Reported:
        """Settle it on the spot or push it up; the same form sent again is the same work order."""
        self._may_report()
        form = _cleaned(form)
        faults = tuple(self._faults(form))
        if faults:
            raise InvalidForm(faults)
        reading, sending = halves(progress)
        with ExitStack() as open_files:
            files = tuple(
                (kind, open_files.enter_context(taken(Path(path), reading, cancelled)))
                for kind, paths in (("before", form.before), ("after", form.after))
                for path in paths
            )
            for kind, file in files:
                if not file.media_type.startswith(("image/", "video/")):
                    raise InvalidForm((Invalid(f"“{file.name}”不是照片或视频", "请另选", kind),))
            for _kind, file in files:
                send(self._seat, file, sending, cancelled)
            with self._seat.db.writing.begin() as session:
                return self._enter(session, form, files)

    def _may_report(self) -> None:
        if InboxTab.REPORTED not in tabs_of(self._seat.operator.role):
            role = ROLE_NAMES[self._seat.operator.role]
            raise NotAllowed(f"{role}不从这里上报事项", "由网格员、网格长和街道上报")

    def _faults(self, form: ReportForm) -> Iterator[Invalid]:
        if not form.place:
            yield Invalid("请填写地点", "写路名门牌，或小区楼栋", "place")
        if form.grid_id is None:
            yield Invalid("请选择事发网格", field="grid_id")
        if not form.category_code:
            yield Invalid("请选择事项类别", field="category_code")
        if len(form.content) < SHORTEST:
            yield Invalid(
                f"情况说明不少于 {SHORTEST} 个字，现有 {len(form.content)} 个字", field="content"
            )
        if form.settled is None:
            yield Invalid("请选择现场办结还是上报", field="settled")
        if form.settled:
            yield from self._settling_faults(form)

    def _settling_faults(self, form: ReportForm) -> Iterator[Invalid]:
        least = self._seat.rules.pack.reply.length_min
        if len(form.result) < least:
            yield Invalid(
                f"处置结果不少于 {least} 个字，现有 {len(form.result)} 个字", field="result"
            )
        if self._seat.rules.pack.reply.site_photos:
            for name, words in (("before", "处置前"), ("after", "处置后")):
                if not getattr(form, name):
                    yield Invalid(f"现场办结须附{words}照片", "请添加照片", name)

    def _enter(
        self, session: Session, form: ReportForm, files: tuple[tuple[str, Taken], ...]
    ) -> Reported:
        done = session.scalar(select(Ticket).where(Ticket.form_key == form.key))
        if done is not None:
            return self._reported(done, already=True)
        now = self._seat.now(session)
        ticket = self._ticket(session, form, now)
        inputs = {"result": mask_text(form.result), "photos": len(form.after)}
        entry = Entry(Move.SETTLE_ON_SITE, inputs, f"现场办结：{form.result}"[:1000])
        if not form.settled:
            entry = Entry(Move.RECEIVE, {}, f"{self._seat.operator.unit_name}上报，待热线受理")
        self._ledger.open(session, ticket, entry)
        for kind, file in files:
            keep(session, self._seat, ticket.id, None, kind, file)
        self._remember_reporter(session, ticket, now)
        if form.settled:
            self._remember_result(session, ticket, form, now)
        make_findable(session, self._seat, ticket, by_name=False)
        return self._reported(ticket)

    def _ticket(self, session: Session, form: ReportForm, now: datetime) -> Ticket:
        grid = own_grids(session, self._seat.operator).get(form.grid_id or 0)
        if grid is None:
            raise InvalidForm((Invalid("只能上报本单位网格内的事项", field="grid_id"),))
        category = session.get(CategoryRow, form.category_code)
        if category is None:
            raise InvalidForm((Invalid("请从列表中选择事项类别", field="category_code"),))
        found = {one.id: one.rule for one in grids_of(session, self._seat.operator, form.place)}
        operator = self._seat.operator
        return Ticket(
            number=self._seat.numbers.next_number(session, now, Channel.GRID),
            form_key=form.key,
            lookup_code=lookup_code(secrets.randbelow),
            channel=Channel.GRID,
            scale=SMALL if form.settled else LARGE,
            nature=Nature(category.default_nature) if category.default_nature else Nature.HELP,
            urgency=form.urgency,
            title=f"{form.place}{category.name}"[-TITLE:],
            content=form.content,
            category_code=category.code,
            category_path=category.path,
            platform=category.platform or "service",
            needs_site_proof=category.site,
            address=form.place,
            grid_id=grid.id,
            grid_code=grid.code,
            grid_rule=(found.get(grid.id) or f"由{ROLE_NAMES[operator.role]}指定")[:200],
            occurred_at=now,
            creator_id=operator.account_id,
            creator_name=operator.signature,
            created_at=now,
            reply_wanted=False,
            training=self._seat.training,
        )

    def _remember_reporter(self, session: Session, ticket: Ticket, now: datetime) -> None:
        """The centre asks back whoever reported: the appellant is the grid's own person."""
        operator = self._seat.operator
        query = select(Staff.phone).join(Account, Account.staff_id == Staff.id)
        phone = session.scalar(query.where(Account.id == operator.account_id)) or ""
        ticket.appellant_masked = f"{ROLE_NAMES[operator.role]} {mask_name(operator.name)}"
        ticket.phone_masked = mask_phone(phone) if phone else ""
        ticket.reachable = bool(phone)
        session.add(
            Appellant(
                ticket_id=ticket.id, name=operator.name, phone=phone,
                main=True, joined_at=now,
            )
        )  # fmt: skip

    def _remember_result(
        self, session: Session, ticket: Ticket, form: ReportForm, now: datetime
    ) -> None:
        operator = self._seat.operator
        session.add(
            HandlingResult(
                ticket_id=ticket.id, share_seq=0, handler_id=operator.account_id, handler_name=operator.signature,
                unit_name=operator.unit_name, true_appeal=True, resolution=Resolution.RESOLVED.value,
                internal_note=form.result, replied_at=now,
            )
        )  # fmt: skip

    def _reported(self, ticket: Ticket, already: bool = False) -> Reported:
        changed = Changed(frozenset({Topic.TICKETS}), (ticket.id,), ticket.number)
        state = TicketState(ticket.state)
        return Reported(ticket.id, ticket.number, state, ticket.created_at, already, changed)


def _cleaned(form: ReportForm) -> ReportForm:
    return replace(
        form,
        place=check_line(form.place, "地点", 200, "place"),
        content=check_length(clean(form.content).text.strip(), LONGEST, "情况说明", "content"),
        result=check_length(clean(form.result).text.strip(), 1000, "处置结果", "result"),
    )


def _in_force(row: CategoryRow, today: date) -> bool:
    begun = row.active_from is None or row.active_from <= today
    return begun and (row.active_to is None or row.active_to >= today)


def _choice(row: CategoryRow) -> CategoryChoice:
    urgency = Urgency(row.default_urgency) if row.default_urgency else Urgency.NORMAL
    return CategoryChoice(row.code, row.name, row.path, row.initials, row.site, urgency)
