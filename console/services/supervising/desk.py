"""The supervision desk as an overseer uses it; an inspector and a leader look at the same and change nothing."""

from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.desks import BulkResult, UnitChoice
from console.domain.errors import Invalid, NotAllowed, NotFound, UserError
from console.domain.moves import Move
from console.domain.roles import ROLE_NAMES, UNIT_ROLES, Role
from console.domain.states import SUPERVISION_NAMES, SupervisionLevel
from console.domain.supervision import (
    Accountability,
    Board,
    Dossier,
    Override,
    SuperviseForm,
    SuspendForm,
    UrgeForm,
    WatchCriteria,
    WatchList,
)
from console.ledger import Entry, Ledger, Seat, visible
from console.ledger.queues import units_like
from console.services.supervising import accounting, board, dossier, exporting, notices, overrides
from db.models import Assignment, Supervision, Ticket

# Whoever may watch; who may act, the lifecycle decides.
WATCHERS = frozenset({Role.OVERSEER, Role.SUPERVISOR, Role.INSPECTOR, Role.LEADER})
ACCOUNTING = frozenset({Role.OVERSEER, Role.SUPERVISOR})
LONGEST_FEEDBACK = 900


class Supervising:
    """Watch, urge, supervise, lift, suspend, resume, instruct; the accountability list (product.md 督办)."""

    def __init__(self, seat: Seat, draw: exporting.Draw | None = None) -> None:
        """`draw` is `Paper.render_sheet`, handed in so that no service knows another."""
        self._seat, self._ledger, self._draw = seat, Ledger(seat), draw

    # --- watching

    def board(self) -> Board:
        """Every counter by unit, in one statement."""
        self._require(WATCHERS, "查看督办看板")
        with self._seat.db.reading() as session:
            return board.board(session, self._seat)

    def watch(self, criteria: WatchCriteria) -> WatchList:
        """The work orders behind one counter, gravest first; one statement."""
        self._require(WATCHERS, "查看督办看板")
        with self._seat.db.reading() as session:
            return board.watch_list(session, self._seat, criteria)

    def dossier(self, ticket_id: int) -> Dossier:
        """Instructions, ladder, notices and urgings of one work order, and what the forms suggest."""
        self._require(WATCHERS, "查看督办记录")
        with self._seat.db.reading() as session:
            return dossier.dossier(session, self._seat, ticket_id)

    def units(self, text: str) -> tuple[UnitChoice, ...]:
        """Units for the type-ahead: name, pinyin initials, code."""
        with self._seat.db.reading() as session:
            return units_like(session, text)

    # --- urging

    def urge(self, form: UrgeForm) -> Changed:
        """Urge one: 催办, with its numbered letter."""
        return self._urge(form.ticket_ids[0], form)

    def urge_many(self, form: UrgeForm) -> BulkResult:
        """One reason for several; each succeeds or says why not."""
        notices.check_urging(form)
        done, failed, ids = [], [], []
        for ticket_id in form.ticket_ids:
            try:
                done.append(self._urge(ticket_id, form).number)
                ids.append(ticket_id)
            except UserError as error:
                failed.append((self._number(ticket_id), error.text))
        changed = Changed(frozenset({Topic.TICKETS}), tuple(ids))
        return BulkResult(changed, tuple(done), tuple(failed))

    def _urge(self, ticket_id: int, form: UrgeForm) -> Changed:
        reason = notices.check_urging(form)
        version = form.version if len(form.ticket_ids) == 1 else None
        entry = Entry(Move.URGE, {"reason": reason}, f"催办：{reason}", version)
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.move(session, ticket_id, entry)
            row = notices.add_urging(session, self._seat, ticket, form)
            words = f"已催办{ticket.holder_name or '派单台'}，第 {ticket.urge_count} 次，{row.document_no}"
            return self._ledger.changed(ticket, words)

    # --- supervising

    def supervise(self, form: SuperviseForm) -> Changed:
        """Give a notice; the level only rises. Raises InvalidForm, NotAllowed, Conflict."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, form.ticket_id, form.version)
            notices.check_supervising(form, self._seat.now(session))
            level = SupervisionLevel(form.level or 0)
            inputs = {"level": level.value, "reason": form.reason}
            note = f"{SUPERVISION_NAMES[level]}：{form.reason}"
            ticket = self._ledger.move(session, ticket.id, Entry(Move.SUPERVISE, inputs, note))
            row = notices.add_supervision(session, self._seat, ticket, form)
            words = f"已发{SUPERVISION_NAMES[level]}单 {row.document_no}，送{row.lead_unit}"
            return self._ledger.changed(ticket, words)

    def lift(self, ticket_id: int, version: int, reason: str) -> Changed:
        """Lift the supervision; the ledger writes on the notices when, by whom and why."""
        said = reason.strip()
        note = f"解除督办：{said}" if said else ""
        with self._seat.db.writing.begin() as session:
            entry = Entry(Move.LIFT_SUPERVISION, {"reason": said}, note, version)
            ticket = self._ledger.move(session, ticket_id, entry)
            return self._ledger.changed(ticket, "已解除督办")

    def feedback(self, ticket_id: int, text: str) -> Changed:
        """承办单位反馈: the unit answers the notice in force; stands on the notice and in the log."""
        operator, said = self._seat.operator, text.strip()
        if not said:
            raise Invalid("请填写落实情况、原因、责任人和完成时限", field="feedback")
        if len(said) > LONGEST_FEEDBACK:
            raise Invalid(f"反馈最多 {LONGEST_FEEDBACK} 个字", field="feedback")
        with self._seat.db.writing.begin() as session:
            self._require_share(session, ticket_id)
            row = self._in_force(session, ticket_id)
            entry = Entry(Move.NOTE, {"note": "督办反馈"}, f"督办反馈：{said}")
            ticket = self._ledger.move(session, ticket_id, entry)
            stamp = f"{operator.unit_name} {operator.signature}：{said}"
            row.feedback = f"{row.feedback}\n{stamp}".strip()
            row.feedback_at, row.feedback_by = self._seat.now(session), operator.signature
            return self._ledger.changed(ticket, "督办反馈已送热线中心")

    @staticmethod
    def _in_force(session: Session, ticket_id: int) -> Supervision:
        query = select(Supervision).where(
            Supervision.ticket_id == ticket_id, Supervision.lifted_at.is_(None)
        )
        row = session.scalars(query.order_by(Supervision.id.desc()).limit(1)).first()
        if row is None:
            raise NotFound("本单没有生效的督办单", "请刷新后再试")
        return row

    def _require_share(self, session: Session, ticket_id: int) -> None:
        """Only a unit that has or had it in hand answers for it."""
        operator = self._seat.operator
        self._require(UNIT_ROLES, "填写督办反馈")
        mine = select(Assignment.id).where(
            Assignment.ticket_id == ticket_id, Assignment.unit_id == operator.unit_id
        )
        if session.scalar(mine.limit(1)) is None:
            raise NotAllowed("这张工单没有派给您的单位", "督办反馈由承办单位填写")

    # --- the clock, and the leader

    def suspend(self, form: SuspendForm) -> Changed:
        """Stop the clock for a reason of the pack, until a day."""
        with self._seat.db.writing.begin() as session:
            ticket = self._ledger.lock(session, form.ticket_id, form.version)
            inputs = notices.check_suspending(form, self._seat.now(session), self._seat)
            note = (
                f"挂起：{inputs['reason']}，预计 {inputs['resume_on']} 恢复；{form.reason.strip()}"
            )
            ticket = self._ledger.move(session, ticket.id, Entry(Move.SUSPEND, inputs, note))
            notices.add_suspension(session, self._seat, form)
            return self._ledger.changed(ticket, f"已挂起，预计 {inputs['resume_on']} 恢复")

    def resume(self, ticket_id: int, version: int, note: str = "") -> Changed:
        """The clock runs again; what was left is left."""
        words = "恢复办理" + (f"：{note.strip()}" if note.strip() else "")
        with self._seat.db.writing.begin() as session:
            entry = Entry(Move.RESUME, {}, words, version)
            ticket = self._ledger.move(session, ticket_id, entry)
            return self._ledger.changed(ticket, "已恢复办理，时限按停表时间顺延")

    def instruct(self, ticket_id: int, version: int, opinion: str) -> Changed:
        """领导批示: the leader's word, first on every list from now on."""
        said = opinion.strip()
        if len(said) > LONGEST_FEEDBACK:
            raise Invalid(f"批示最多 {LONGEST_FEEDBACK} 个字", field="opinion")
        with self._seat.db.writing.begin() as session:
            entry = Entry(Move.INSTRUCT, {"opinion": said}, f"领导批示：{said}", version)
            ticket = self._ledger.move(session, ticket_id, entry)
            ticket.leader_instructed = True
            return self._ledger.changed(ticket, "批示已下达，督办台排在最前")

    # --- who answers for it

    def overrides(self, judged: bool = False) -> tuple[Override, ...]:
        """Replies sent against the record, newest first; those somebody has judged only when asked for."""
        self._require(WATCHERS, "查看复核清单")
        with self._seat.db.reading() as session:
            return overrides.overrides(session, self._seat, judged)

    def judge(self, override_id: int, accepted: bool, words: str) -> Changed:
        """Accept a reply that went against the record, or send it back to be done again."""
        self._require(ACCOUNTING, "复核")
        with self._seat.db.writing.begin() as session:
            return overrides.judge(session, self._seat, self._ledger, override_id, accepted, words)

    def accountability(self, since: date, until: date) -> Accountability:
        """问责清单 of a period, both days included: per unit and per person, worst first."""
        self._require(WATCHERS, "查看问责清单")
        with self._seat.db.reading() as session:
            return accounting.accountability(session, self._seat, since, until)

    def export(self, since: date, until: date, path: Path) -> Path:
        """The accountability list as a file: a sheet of paper for `.pdf`, else a table; each copy logged."""
        self._require(WATCHERS, "导出问责清单")
        if self._draw is not None and path.suffix.lower() == ".pdf":
            with self._seat.db.reading() as session:
                made = accounting.accountability(session, self._seat, since, until)
            return exporting.paper(self._seat, made, path, self._draw)
        with self._seat.db.writing.begin() as session:
            made = accounting.accountability(session, self._seat, since, until)
            return exporting.table(session, self._seat, made, path)

    def _require(self, roles: frozenset[Role], what: str) -> None:
        role = self._seat.operator.role
        if role not in roles:
            allowed = "、".join(ROLE_NAMES[one] for one in Role if one in roles)
            raise NotAllowed(f"{ROLE_NAMES[role]}不能{what}", f"此项由{allowed}办理")

    def _number(self, ticket_id: int) -> str:
        with self._seat.db.reading() as session:
            query = select(Ticket.number).where(
                Ticket.id == ticket_id, visible(self._seat.operator)
            )
            return session.scalar(query) or "—"
