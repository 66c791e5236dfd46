"""导入: read a file, show what it would do, write all good rows in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from time import perf_counter

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Cancelled, Conflict, Invalid, NotAllowed
from console.domain.importing.fields import Kind
from console.domain.importing.kinds import KINDS, kinds_for
from console.domain.importing.records import (
    Checked,
    Columns,
    Entry,
    Existing,
    Loaded,
    Source,
    Standing,
)
from console.domain.roles import ROLE_NAMES, Scope
from console.domain.trace import trace_code
from console.domain.worktime import civil_date
from console.ledger import Seat
from console.ledger.audit import record
from console.ledger.files import Taken
from console.services.importing import guarded, landmarks, matters, organisation, people, places
from console.services.importing.checking import Check, Progress
from console.services.importing.failed import save_failed, save_template
from console.services.importing.photos import sent
from console.services.importing.reading import Reading
from console.services.importing.registers import Mark, Moment, Register
from console.services.importing.zips import Stop
from db.models import ImportBatch

REGISTERS: dict[str, type[Register]] = {
    "persons": people.Persons,
    "households": people.Households,
    "buildings": places.Buildings,
    "houses": places.Houses,
    "enterprises": places.Enterprises,
    "staff": organisation.StaffRegister,
    "units": organisation.Units,
    "grids": organisation.Grids,
    "roads": places.Roads,
    "landmarks": landmarks.Landmarks,
    "tickets": matters.Tickets,
    "police": matters.Police,
    "reports": matters.Reports,
}
_WRITTEN = (Standing.NEW, Standing.CHANGED)


def _quiet(_done: int, _total: int, _words: str) -> None:
    """Nobody is watching."""


def _never() -> bool:
    return False


class Importing:
    """The import desk. Nothing is written before `load`, and then everything that was good or nothing.

    Every method raises NotAllowed for a kind the operator's role does not import.
    """

    def __init__(self, seat: Seat) -> None:
        self._seat, self._reading = seat, Reading()

    def kinds(self) -> tuple[Kind, ...]:
        """What the operator may import."""
        return tuple(
            kind for kind in kinds_for(self._seat.operator.role) if guarded.may(self._seat, kind)
        )

    def read(self, path: Path, kind: str, sheet: str = "", cancelled: Stop = _never) -> Source:
        """The table in a file. Raises Invalid for one that is refused, Unavailable, Cancelled."""
        return self._reading.read(path, self._may(kind), sheet, cancelled)

    def check(
        self, source: Source, kind: str, columns: Columns, existing: Existing = Existing.UPDATE,
        progress: Progress = _quiet, cancelled: Stop = _never,
    ) -> Checked:  # fmt: skip
        """Hold a table against the register. Raises Invalid when a required column is missing, Cancelled."""
        one = self._may(kind)
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
            check = Check(one, source, columns, existing, today, progress, cancelled)
            return check.run(self._register(session, one, session_now=self._seat.now(session)))

    def load(
        self, checked: Checked, progress: Progress = _quiet, cancelled: Stop = _never
    ) -> Loaded:
        """Write the good rows. Raises Cancelled or Conflict; then nothing of the file is written."""
        kind, start = self._may(checked.kind), perf_counter()
        if not checked.to_write:
            raise Invalid("没有可以写入的行", "请改好有错的行后再导入")
        entries = [entry for entry in checked.entries if entry.standing in _WRITTEN]
        files = sent(self._seat, entries, cancelled) if kind.matters else {}
        mark = _marker(len(entries), progress, cancelled)
        try:
            with guarded.written(self._seat), self._seat.db.writing.begin() as session:
                batch, topics = self._write(session, kind, checked, entries, files, mark)
        except IntegrityError as fault:
            raise Conflict(
                "检查之后有人登记了同样的内容，什么都没有写入", "请重新检查后再导入"
            ) from fault
        seconds = perf_counter() - start
        return Loaded(batch, checked.counts, seconds, Changed(topics, (), "", kind.title))

    def save_failed(self, checked: Checked, path: Path) -> Path:
        """The rows that were not taken, to be corrected and fed again. Raises Unavailable."""
        self._may(checked.kind)
        return save_failed(checked, path)

    def save_template(self, kind: str, path: Path) -> Path:
        """An empty form for a kind. Raises Unavailable."""
        return save_template(self._may(kind), path)

    def history(self, most: int = 20) -> Sequence[str]:
        """The latest imports, one line each, newest first; one's own for whoever does not see the whole city."""
        operator = self._seat.operator
        query = select(ImportBatch).order_by(ImportBatch.id.desc()).limit(most)
        if operator.scope is not Scope.ALL:
            query = query.where(ImportBatch.account_id == operator.account_id)
        with self._seat.db.reading() as session:
            return [_line(batch) for batch in session.scalars(query)]

    def close(self) -> None:
        """Throw away what archives were unpacked to."""
        self._reading.close()

    # --- inside

    def _may(self, name: str) -> Kind:
        kind, role = KINDS[name], self._seat.operator.role
        if role not in kind.roles:
            raise NotAllowed(
                f"{ROLE_NAMES[role]}不能导入{kind.title}",
                "由" + "、".join(ROLE_NAMES[r] for r in sorted(kind.roles)) + "导入",
            )
        guarded.refuse(self._seat, kind)
        return kind

    def _register(self, session: Session, kind: Kind, session_now: datetime) -> Register:
        return REGISTERS[kind.name](session, self._seat, kind, civil_date(session_now))

    def _write(
        self, session: Session, kind: Kind, checked: Checked, entries: Sequence[Entry],
        files: Mapping[str, Taken], mark: Mark,
    ) -> tuple[int, frozenset[Topic]]:  # fmt: skip
        now = self._seat.now(session)
        batch = self._batch(session, checked, now)
        register = self._register(session, kind, now)
        register.asking = checked.asking
        moment = Moment(
            session,
            self._seat,
            now,
            self._seat.operator.signature,
            f"导入批次 {batch.id}",
            mark,
            files,
        )
        register.write(moment, entries)
        self._log(session, checked, batch)
        return batch.id, register.topics

    def _batch(self, session: Session, checked: Checked, now: datetime) -> ImportBatch:
        counts, operator = checked.counts, self._seat.operator
        batch = ImportBatch(
            kind=checked.kind,
            file_name=checked.source.name[-200:],
            sha256=checked.source.sha256,
            at=now,
            account_id=operator.account_id,
            by=operator.signature,
            workstation=self._seat.workstation,
            rows_new=counts[Standing.NEW],
            rows_changed=counts[Standing.CHANGED],
            rows_same=counts[Standing.SAME] + counts[Standing.KEPT],
            rows_failed=counts[Standing.FAILED],
            trace=trace_code(operator.agent_no, now),
        )
        session.add(batch)
        session.flush()
        return batch

    def _log(self, session: Session, checked: Checked, batch: ImportBatch) -> None:
        details = {
            "file": checked.source.sha256, "new": batch.rows_new, "changed": batch.rows_changed,
            "same": batch.rows_same, "failed": batch.rows_failed, "trace": batch.trace,
        }  # fmt: skip
        if self._seat.db.guarded:
            guarded.end(session, self._seat, batch.id, details)
            return
        subject = (f"import_{checked.kind}"[:20], str(batch.id))
        record(session, self._seat, "import", subject, "导入登记", details=details)


def _marker(total: int, progress: Progress, cancelled: Stop) -> Callable[[int], None]:
    done = 0

    def mark(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total, "写入")
        if cancelled():
            raise Cancelled

    return mark


def _line(batch: ImportBatch) -> str:
    kind = KINDS[batch.kind].title if batch.kind in KINDS else batch.kind
    return (
        f"批次 {batch.id} {kind} {batch.file_name}：新增 {batch.rows_new}，更新 {batch.rows_changed}，"
        f"无变化 {batch.rows_same}，有错 {batch.rows_failed}（{batch.by}）"
    )


__all__ = ["Entry", "Importing"]
