"""The seal on an archived work order: every row and every file of it with a digest (field-facts 10.10).

Sealed when it is archived; `unsealed` and `broken_seals` prove later that nothing was altered, added or taken
out. The manifest's own digest also stands in the audit chain, so that neither can be rewritten alone.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from console.domain.states import TicketState
from db.contents import digest_of
from db.engine import open_database
from db.models import (
    Appellant,
    Assignment,
    Attachment,
    AuditEntry,
    Base,
    Callback,
    Contact,
    ExtensionRequest,
    GateOverride,
    HandlingResult,
    JointSheet,
    MediationRound,
    NotifyCopy,
    Promise,
    ReturnRequest,
    Supervision,
    Suspension,
    Ticket,
    TicketEvent,
    Urging,
    Verification,
    WhistleCall,
)
from db.models.handling import ArchiveManifest

FORMAT = 1
SEALED = "archive"
# What a work order consists of, and what each part is called when it was altered.
PARTS: tuple[tuple[type[Base], str], ...] = (
    (Ticket, "工单内容"), (Appellant, "诉求人"), (Assignment, "承办"), (TicketEvent, "经过"),
    (HandlingResult, "办理结果"), (Contact, "联系记录"), (Attachment, "附件登记"), (Verification, "核查"),
    (MediationRound, "调解"), (WhistleCall, "吹哨"), (Promise, "承诺"), (NotifyCopy, "抄告"),
    (Callback, "回访"), (ReturnRequest, "退单申请"), (ExtensionRequest, "延期申请"), (Suspension, "挂起"),
    (JointSheet, "会商"), (Urging, "催办"), (Supervision, "督办"), (GateOverride, "越关说明"),
)  # fmt: skip
# Kept up by the program itself after archiving, and no part of what happened.
LIVING: dict[str, frozenset[str]] = {
    "ticket": frozenset({"version", "yellow_at", "moved_at"}),
    "gate_override": frozenset({"accepted", "judged_at", "judged_by", "judgement"}),
}
_NAMES = {model.__tablename__: words for model, words in PARTS}
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """An archived work order that is not what was sealed, in words."""

    number: str
    archive_no: str
    faults: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number}（档号 {self.archive_no or '无'}）：{'；'.join(self.faults)}"


def seal(session: Session, tickets: Sequence[Ticket], at: datetime, by: str) -> dict[int, str]:
    """Write the manifests of work orders just archived, within the caller's transaction; digest by ticket id."""
    session.flush()
    digests = {}
    for some in _pieces(tickets):
        bodies = _bodies(session, [ticket.id for ticket in some])
        for ticket in some:
            body = bodies[ticket.id]
            digests[ticket.id] = _digest(body)
            session.add(
                ArchiveManifest(
                    ticket_id=ticket.id, archive_no=ticket.archive_no, sealed_at=ticket.archived_at or at,
                    sealed_by=by, body=body, digest=digests[ticket.id],
                )
            )  # fmt: skip
    session.flush()
    return digests


def unsealed(session: Session) -> tuple[str, ...]:
    """Numbers of archived work orders without a manifest: archived by another way than the desk's."""
    sealed = select(ArchiveManifest.ticket_id).where(ArchiveManifest.ticket_id == Ticket.id)
    query = select(Ticket.number).where(Ticket.state == TicketState.ARCHIVED, ~sealed.exists())
    return tuple(session.scalars(query.order_by(Ticket.id)))


def count(session: Session) -> int:
    """How many work orders are under seal."""
    return len(session.scalars(select(ArchiveManifest.id)).all())


def broken_seals(session: Session, ids: Sequence[int] | None = None) -> Iterator[BrokenSeal]:
    """Every sealed work order that is not what it was; `ids` looks at some only."""
    query = select(ArchiveManifest.ticket_id).order_by(ArchiveManifest.ticket_id)
    if ids is not None:
        query = query.where(ArchiveManifest.ticket_id.in_(ids))
    checked: dict[str, str] = {}
    for some in _pieces(list(session.scalars(query))):
        yield from _broken(session, some, checked)


def _broken(session: Session, ids: Sequence[int], checked: dict[str, str]) -> Iterator[BrokenSeal]:
    rows = session.scalars(select(ArchiveManifest).where(ArchiveManifest.ticket_id.in_(ids)))
    manifests = {row.ticket_id: row for row in rows}
    columns = _columns_of(manifests.values())
    if columns is None:
        # Sealed by programs of different ages: each by itself.
        for ticket_id in ids:
            yield from _broken(session, [ticket_id], checked)
        return
    now = _bodies(session, ids, columns)
    found = session.execute(
        select(Ticket.id, Ticket.number, Ticket.state).where(Ticket.id.in_(ids))
    )
    tickets = {row.id: row for row in found}
    chained = _chained(session, [row.number for row in tickets.values()])
    for ticket_id, manifest in manifests.items():
        ticket = tickets.get(ticket_id)
        number = ticket.number if ticket is not None else "—"
        faults = [*_own_faults(manifest, chained.get(number))]
        if ticket is None or ticket.state is not TicketState.ARCHIVED:
            faults.append("工单已不在归档状态")
        faults += _differences(manifest.body, now[ticket_id])
        faults += _file_faults(session, manifest.body, checked)
        if faults:
            yield BrokenSeal(number, manifest.archive_no, tuple(dict.fromkeys(faults)))


def _own_faults(manifest: ArchiveManifest, chained: str | None) -> Iterator[str]:
    if _digest(manifest.body) != manifest.digest or chained not in (None, manifest.digest):
        yield "卷内清单本身被改动"


def _chained(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    """What the audit chain says the manifests' digests were."""
    query = select(AuditEntry.subject_key, AuditEntry.details).where(
        AuditEntry.action == SEALED,
        AuditEntry.subject_kind == "ticket",
        AuditEntry.subject_key.in_(numbers),
    )
    found = session.execute(query.order_by(AuditEntry.id))
    return {row[0]: str(row[1].get("digest", "")) for row in found}


def _differences(sealed: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for name, part in sealed["parts"].items():
        words = _NAMES.get(name, name)
        before = dict(map(tuple, part["rows"]))
        after = dict(map(tuple, now["parts"].get(name, {"rows": ()})["rows"]))
        # Without its people's names the log still reads: numbered as they lie in the file.
        order = {key: at for at, key in enumerate(before, 1)}
        for key in before.keys() - after.keys():
            yield f"{words}少了第 {order[key]} 条"
        for key in after.keys() - before.keys():
            yield f"{words}多出一条（编号 {key}）"
        for key in sorted(before.keys() & after.keys()):
            if before[key] != after[key]:
                at = f"第 {order[key]} 条" if len(before) > 1 else ""
                yield f"{words}{at}被改动"


def _file_faults(session: Session, body: dict[str, Any], checked: dict[str, str]) -> Iterator[str]:
    """The contents themselves are hashed again, each once however many work orders hold it."""
    for file in body["files"]:
        sha256 = file["sha256"]
        if sha256 not in checked:
            checked[sha256] = _content_fault(session, sha256)
        if checked[sha256]:
            yield f"附件“{file['name']}”{checked[sha256]}"


def _content_fault(session: Session, sha256: str) -> str:
    found = digest_of(session, sha256)
    if not found:
        return "内容丢失"
    return "" if found == sha256 else "内容与登记的不一致"


# --- the body


def _bodies(
    session: Session, ids: Sequence[int], columns: dict[str, list[str]] | None = None
) -> dict[int, dict[str, Any]]:
    """The manifests of several work orders: one statement a table. `columns` are those a manifest was made of."""
    bodies: dict[int, dict[str, Any]] = {
        key: {"format": FORMAT, "parts": {}, "files": []} for key in ids
    }
    for model, _words in PARTS:
        table = _table(model)
        wanted = _columns(table, columns)
        rows = _rows(session, table, wanted, ids)
        for key, body in bodies.items():
            if rows[key] or table.name == "ticket":
                names = [column.key for column in wanted]
                body["parts"][table.name] = {"columns": names, "rows": rows[key]}
    _add_files(session, bodies)
    return bodies


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _columns(table: Table, given: dict[str, list[str]] | None) -> list[Column[Any]]:
    """A later program with more columns still asks for those that were sealed."""
    if given is not None and table.name in given:
        return [table.c[name] for name in given[table.name] if name in table.c]
    living = LIVING.get(table.name, frozenset())
    # What nobody may read is bound by its key and its mask, which are sealed.
    return [c for c in table.c if c.key not in living and not c.info.get("private")]


def _columns_of(manifests: Iterable[ArchiveManifest]) -> dict[str, list[str]] | None:
    """The columns that were sealed, by table; None where these manifests do not agree."""
    found: dict[str, list[str]] = {}
    for manifest in manifests:
        for name, part in manifest.body["parts"].items():
            if found.setdefault(name, part["columns"]) != part["columns"]:
                return None
    return found


def _rows(
    session: Session, table: Table, wanted: list[Column[Any]], ids: Sequence[int]
) -> dict[int, list[list[Any]]]:
    owner = table.c.id if table.name == "ticket" else table.c.ticket_id
    query = select(table.c.id.label("row_key"), owner.label("owner_key"), *wanted)
    rows: dict[int, list[list[Any]]] = defaultdict(list)
    for row in session.execute(query.where(owner.in_(ids)).order_by(table.c.id)):
        values = [_plain(value) for value in row[2:]]
        rows[row.owner_key].append([row.row_key, _digest(values)])
    return rows


def _add_files(session: Session, bodies: dict[int, dict[str, Any]]) -> None:
    query = select(Attachment).where(Attachment.ticket_id.in_(bodies)).order_by(Attachment.id)
    for row in session.scalars(query):
        file = {"sha256": row.sha256, "name": row.name, "kind": row.kind, "size": row.size}
        bodies[row.ticket_id]["files"].append(file)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _pieces(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


# --- for `main.py db check`


@dataclass(frozen=True, slots=True)
class ArchiveHealth:
    """What became of the archive since it was sealed."""

    sealed: int
    unsealed: tuple[str, ...]
    broken: tuple[BrokenSeal, ...]

    @property
    def sound(self) -> bool:
        return not self.unsealed and not self.broken


def check_archive(url: str) -> ArchiveHealth:
    """Look at every archived work order and every file of it."""
    database = open_database(url)
    try:
        with database.reading() as session:
            return ArchiveHealth(count(session), unsealed(session), tuple(broken_seals(session)))
    finally:
        database.close()
