"""Find a work order, see its form as it would be printed, and let numbered, logged copies leave."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy.orm import Session

from console.domain.desks import UnitChoice
from console.domain.errors import Cancelled, Conflict, Invalid, NotFound, Unavailable
from console.domain.forms import Document, FormDetails, FormKind, Stamp, Verification
from console.domain.mark import Mark, Medium
from console.domain.records import CaseFile
from console.domain.reports import (
    Copy,
    Criteria,
    Cursor,
    Found,
    Issued,
    Manner,
    PageImage,
    ReportRow,
    Shown,
    Written,
)
from console.domain.trace import trace_code
from console.ledger import Seat, case_file
from console.ledger.folder import check_folder, names, staged
from console.ledger.papers import Details, form_details
from console.ledger.queues import units_like
from console.services.reports import finding
from console.services.reports.copies import MARK_LENGTH, Taken, last_copies, log_copies

PAGE = 200
# Two clerks printing the same form of the same work order at once: the later one draws again.
_TRIES = 5

Progress = Callable[..., None]
IsCancelled = Callable[[], bool]
Pixels = Callable[[bytes, int, int], tuple[int, int, bytes]]


class Press(Protocol):
    """What lays out forms: `console.services.paper.Paper`, handed in so that no service knows another."""

    def render(
        self,
        form: FormKind,
        case: CaseFile,
        stamp: Stamp,
        details: FormDetails | Sequence[FormDetails] | None,
    ) -> Document: ...
    def render_batch(
        self,
        form: FormKind,
        cases: Sequence[CaseFile],
        stamp: Sequence[Stamp],
        progress: Callable[[int, int], None],
        cancelled: IsCancelled,
        details: Sequence[FormDetails | Sequence[FormDetails] | None],
    ) -> Document: ...


def _quiet(_done: int, _total: int, _words: str = "") -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class _Read:
    """A case as paper may show it, and what the form needs besides."""

    case: CaseFile
    details: Details


@dataclass(frozen=True)
class _Drawn:
    """A document and the copies in it, not yet logged."""

    document: Document
    copies: tuple[Copy, ...]
    at: datetime


class Reports:
    """The report desk of whoever sits at this seat; `pixels` is `console.services.paper.preview`."""

    def __init__(self, seat: Seat, press: Press, pixels: Pixels) -> None:
        self._seat, self._press, self._pixels = seat, press, pixels

    def orders(self, criteria: Criteria, after: Cursor | None = None, limit: int = PAGE) -> Found:
        """Work orders in the operator's scope that fit, newest first. Raises Invalid for a search too short."""
        with self._seat.db.reading() as session:
            return finding.find(session, self._seat, criteria, after, limit)

    def find(self, ticket_id: int, form: FormKind) -> ReportRow:
        """The row of one work order. Raises NotFound."""
        with self._seat.db.reading() as session:
            row = finding.find_one(session, self._seat, ticket_id, form)
        if row is None:
            raise NotFound("没有找到这张工单，或不在您的查看范围内")
        return row

    def units(self, text: str) -> tuple[UnitChoice, ...]:
        """Units by name piece, pinyin initials or code."""
        with self._seat.db.reading() as session:
            return units_like(session, text)

    def preview(self, ticket_id: int, form: FormKind) -> Shown:
        """The form as it would be printed now, marked 预览 instead of a copy number; nothing is logged."""
        with self._seat.db.reading() as session:
            read = self._read(session, ticket_id, form)
            last = last_copies(session, [ticket_id], form).get(ticket_id, 0)
            at = self._seat.now(session)
        mark, case = self._mark(at), read.case
        stamp = self._stamp(case, at, "预览", mark)
        document = self._press.render(form, case, stamp, read.details)
        blank = still_blank(form, case, read.details)
        return Shown(ticket_id, case.row.number, form, document, last + 1, mark, blank)

    def page(self, pdf: bytes, page: int, dpi: int) -> PageImage:
        """One page as pixels. Raises IndexError for a page the document does not have."""
        return PageImage(page, dpi, *self._pixels(pdf, page, dpi))

    def issue(
        self,
        ticket_ids: Sequence[int],
        form: FormKind,
        progress: Progress = _quiet,
        cancelled: IsCancelled = _never,
    ) -> Issued:
        """A document for the printer, its copies logged before it leaves.

        Work orders out of scope are left out and named in `failed`. Raises Cancelled, with nothing logged; Conflict.
        """
        cases, failed = self._cases(ticket_ids, form, progress, cancelled)
        for _ in range(_TRIES):
            drawn = self._draw(form, cases, progress, cancelled)
            try:
                self._log(form, Manner.PRINT, drawn)
            except Taken:
                continue
            return Issued(drawn.document, form, drawn.copies, failed)
        raise _busy()

    def save(
        self,
        ticket_ids: Sequence[int],
        form: FormKind,
        folder: Path,
        one_file: bool = False,
        progress: Progress = _quiet,
        cancelled: IsCancelled = _never,
    ) -> Written:
        """PDF files in a folder, one for each work order or one for all, each copy logged.

        Only whole files are ever there. Stopped half-way, what is finished stays and is told. Raises Unavailable
        when the disk is full or the folder is gone.
        """
        if not ticket_ids:
            raise Invalid("没有可生成的工单", "请先勾选工单")
        check_folder(folder)
        if one_file:
            return self._save_together(ticket_ids, form, folder, progress, cancelled)
        return self._save_each(ticket_ids, form, folder, progress, cancelled)

    def _save_each(
        self,
        ticket_ids: Sequence[int],
        form: FormKind,
        folder: Path,
        progress: Progress,
        cancelled: IsCancelled,
    ) -> Written:
        files: list[Path] = []
        copies: list[Copy] = []
        failed: list[tuple[str, str]] = []
        stopped = False
        for done, ticket_id in enumerate(ticket_ids):
            if stopped := cancelled():
                break
            try:
                path, made = self._save_one((ticket_id,), form, folder)
            except (NotFound, Conflict) as error:
                failed.append(("—", error.text))
            except Unavailable as error:
                raise _after(error, len(files)) from error
            else:
                files.append(path)
                copies.extend(made)
            progress(done + 1, len(ticket_ids))
        return Written(folder, form, tuple(files), tuple(copies), tuple(failed), stopped)

    def _save_together(
        self,
        ticket_ids: Sequence[int],
        form: FormKind,
        folder: Path,
        progress: Progress,
        cancelled: IsCancelled,
    ) -> Written:
        try:
            cases, failed = self._cases(ticket_ids, form, progress, cancelled)
            path, copies = self._write(form, cases, folder, progress, cancelled)
        except Cancelled:
            return Written(folder, form, (), (), (), stopped=True)
        return Written(folder, form, (path,), copies, failed)

    def _save_one(
        self, ticket_ids: Sequence[int], form: FormKind, folder: Path
    ) -> tuple[Path, tuple[Copy, ...]]:
        with self._seat.db.reading() as session:
            cases = [self._read(session, ticket_id, form) for ticket_id in ticket_ids]
        return self._write(form, cases, folder, _quiet, _never)

    def _write(
        self,
        form: FormKind,
        cases: Sequence[_Read],
        folder: Path,
        progress: Progress,
        cancelled: IsCancelled,
    ) -> tuple[Path, tuple[Copy, ...]]:
        """The bytes are on the disk before the copy is logged, and get their name after: no copy without a line."""
        for _ in range(_TRIES):
            drawn = self._draw(form, cases, progress, cancelled)
            with staged(folder, drawn.document.pdf) as file:
                try:
                    self._log(form, Manner.FILE, drawn)
                except Taken:
                    continue
                return file.publish(*names(form, drawn.copies, drawn.at)), drawn.copies
        raise _busy()

    def _read(self, session: Session, ticket_id: int, form: FormKind) -> _Read:
        case = case_file(session, self._seat, ticket_id, for_paper=True)
        return _Read(case, form_details(session, self._seat, ticket_id, form))

    def _cases(
        self,
        ticket_ids: Sequence[int],
        form: FormKind,
        progress: Progress,
        cancelled: IsCancelled,
    ) -> tuple[list[_Read], tuple[tuple[str, str], ...]]:
        """The case files in scope. A session each: a thousand cases must not pile up in one."""
        cases, failed = [], []
        for done, ticket_id in enumerate(ticket_ids):
            if cancelled():
                raise Cancelled
            try:
                with self._seat.db.reading() as session:
                    cases.append(self._read(session, ticket_id, form))
            except NotFound as error:
                failed.append(("—", error.text))
            progress(done + 1, len(ticket_ids), "正在读取工单")
        if not cases:
            raise NotFound("没有找到要打印的工单，或不在您的查看范围内")
        return cases, tuple(failed)

    def _draw(
        self,
        form: FormKind,
        read: Sequence[_Read],
        progress: Progress,
        cancelled: IsCancelled,
    ) -> _Drawn:
        cases, details = [one.case for one in read], [one.details for one in read]
        ids = [case.row.id for case in cases]
        with self._seat.db.reading() as session:
            last, at = last_copies(session, ids, form), self._seat.now(session)
        mark = self._mark(at)
        copies = tuple(
            Copy(case.row.id, case.row.number, last.get(case.row.id, 0) + 1, mark) for case in cases
        )
        stamps = [
            self._stamp(case, at, str(copy.copy_no), mark)
            for case, copy in zip(cases, copies, strict=True)
        ]
        if len(cases) == 1:
            return _Drawn(self._press.render(form, cases[0], stamps[0], details[0]), copies, at)

        def told(done: int, total: int) -> None:
            progress(done, total, "正在排版")

        document = self._press.render_batch(form, cases, stamps, told, cancelled, details)
        return _Drawn(document, copies, at)

    def _log(self, form: FormKind, manner: Manner, drawn: _Drawn) -> None:
        with self._seat.db.writing.begin() as session:
            log_copies(session, self._seat, form, manner, drawn.copies, drawn.document.parts)

    def _mark(self, at: datetime) -> str:
        code = trace_code(self._seat.operator.agent_no, at)
        return code[-MARK_LENGTH:]

    def _stamp(self, case: CaseFile, at: datetime, copy: str, mark: str) -> Stamp:
        training = self._seat.training or case.row.training
        operator, number = self._seat.operator, int(copy) if copy.isdigit() else 0
        ground = Mark(operator.account_id, at, Medium.PAPER, training, number)
        return Stamp(operator.signature, at, f"{copy}（{mark}）", training, mark=ground)


_NO_ROWS: dict[FormKind, str] = {
    FormKind.GRID_TASK: "尚未下派网格，任务栏留空",
    FormKind.URGING_NOTICE: "本件没有催办记录，催办栏留空",
    FormKind.SUPERVISION_NOTICE: "本件没有督办记录，督办栏留空",
    FormKind.RETURN_REQUEST: "本件没有退单申请，申请栏留空",
    FormKind.EXTENSION_REQUEST: "本件没有延期申请，申请栏留空",
    FormKind.REJECTION_NOTICE: "本件已受理，没有不予受理的理由",
    FormKind.DESIGNATION_NOTICE: "本件没有指定承办，有关栏留空",
    FormKind.JOINT_SHEET: "本件没有退单和会商记录，有关栏留空",
    FormKind.COPY_NOTICE: "本件没有抄告单位，有关栏留空",
    FormKind.POLICE_HANDOVER: "本件没有移交110的记录，有关栏留空",
}


def still_blank(form: FormKind, case: CaseFile, details: Details = None) -> str:
    """What the form will have blanks for; empty when it is complete."""
    if details is None and form in _NO_ROWS:
        return _NO_ROWS[form]
    if isinstance(details, Verification) and not details.checks:
        return "尚未核查，核查栏留空"
    if form is FormKind.ARCHIVE_INDEX and case.archived_at is None:
        return "尚未归档，档号和封存校验码留空"
    if form is FormKind.CLOSURE_REPORT and case.closed_at is None:
        return "尚未办结，未发生的环节留空"
    if form is FormKind.CALLBACK_RECORD and not case.callbacks:
        return "尚未回访，记录处留空"
    replied = (case.result and case.result.public_reply) or case.direct_answer
    if form is FormKind.REPLY_LETTER and not replied:
        return "尚无公开答复，答复处留空"
    if form is FormKind.HANDLING_SHEET and case.dispatched_at is None:
        return "尚未派单，承办栏留空"
    return ""


def _busy() -> Conflict:
    return Conflict("别处正在打印同一件工单", "请稍等几秒再试")


def _after(error: Unavailable, done: int) -> Unavailable:
    """The same sentence, and how many files are safe already."""
    if not done:
        return error
    return Unavailable(f"{error.text}；此前 {done} 件已完整保存", error.hint, error.field)
