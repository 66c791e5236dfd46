"""Who saw whom, and why: the append-only audit chain (field-facts 10.3, 10.8; peers 6.8)."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from console.domain.errors import Invalid, NotAllowed
from console.ledger.seat import Seat
from db.models import AuditEntry

REVEAL = "reveal"
# Whoever answers a call learns who calls: that is the work itself. Logged, and not counted by the hour.
CALLER = "reveal_caller"
# Any number, as long as every console takes the same one for its turn at the chain.
_TURN = 12345_01


def record(
    session: Session,
    seat: Seat,
    action: str,
    subject: tuple[str, str],
    reason: str = "",
    phone_key: str = "",
    details: Mapping[str, Any] | None = None,
) -> int:
    """Write one line into the chain, inside the caller's transaction. `subject` is kind and key, never a name.

    `phone_key` (`console.ledger.contacts.key_of`) is what the auditor finds all lines about one citizen by.
    """
    if seat.db.guarded:
        return _recorded_by_server(session, seat, action, subject, reason, phone_key, details)
    operator = seat.operator
    entry = AuditEntry(
        at=seat.now(session),
        account_id=operator.account_id,
        actor_name=operator.signature,
        workstation=seat.workstation,
        action=action,
        subject_kind=subject[0],
        subject_key=subject[1],
        phone_digest=phone_key,
        reason=reason[:200],
        details=dict(details or {}),
    )
    entry.digest = _digest(_last_digest(session), entry)
    session.add(entry)
    session.flush()
    return entry.id


def record_of_owner(
    session: Session,
    at: datetime,
    who: str,
    workstation: str,
    action: str,
    subject: tuple[str, str],
    reason: str = "",
) -> None:
    """What the owner of the database did to accounts on the command line; nobody of the office sits there."""
    entry = AuditEntry(
        at=at, account_id=None, actor_name=who[:60], workstation=workstation[:80], action=action,
        subject_kind=subject[0], subject_key=subject[1], phone_digest="", reason=reason[:200], details={},
    )  # fmt: skip
    entry.digest = _digest(_last_digest(session), entry)
    session.add(entry)
    session.flush()


def _recorded_by_server(
    session: Session,
    seat: Seat,
    action: str,
    subject: tuple[str, str],
    reason: str,
    phone_key: str,
    details: Mapping[str, Any] | None,
) -> int:
    """On PostgreSQL the server writes the line itself, in the name of whoever is signed in to it."""
    more = cast(dict(details or {}), JSONB)
    call = func.hotline.audit(action, *subject, reason, phone_key, seat.workstation, more)
    return int(session.scalar(select(call)) or 0)


def need_reason(reason: str) -> None:
    """Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid("请填写查看完整信息的理由", field="reason")


def allow_reveal(session: Session, seat: Seat, reason: str) -> None:
    """Raises Invalid without a reason, NotAllowed beyond the hour's cap (`desk.reveals_per_hour`)."""
    need_reason(reason)
    since = seat.now(session) - timedelta(hours=1)
    query = select(func.count(AuditEntry.id)).where(
        AuditEntry.account_id == seat.operator.account_id,
        AuditEntry.at > since,
        AuditEntry.action == REVEAL,
    )
    if (session.scalar(query) or 0) >= seat.rules.pack.desk.reveals_per_hour:
        raise too_many(seat)


def too_many(seat: Seat) -> NotAllowed:
    """The hour's cap is reached."""
    most = seat.rules.pack.desk.reveals_per_hour
    return NotAllowed(f"一小时内查看完整信息已达 {most} 次", "请稍后再试，或请值班长查看")


def _last_digest(session: Session) -> str:
    """The end of the chain, ours alone until the transaction is over.

    A lock on the last line would not do: whoever waited for it would chain to it although another
    line has been added meanwhile. SQLite's writers take turns anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))
    query = select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)
    return session.scalar(query) or ""


def _digest(before: str, entry: AuditEntry) -> str:
    """One link; `hotline.link` in db/security/60_audit.sql computes the same on the server."""
    parts = (
        before, _stamp(entry.at), entry.account_id or "", entry.actor_name, entry.workstation, entry.action,
        entry.subject_kind, entry.subject_key, entry.phone_digest, entry.reason, as_jsonb(entry.details),
    )  # fmt: skip
    return sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def as_jsonb(value: Any) -> str:
    """As PostgreSQL prints jsonb: keys by length, then by bytes."""
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{as_jsonb(key)}: {as_jsonb(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_jsonb, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")


def verify_chain(session: Session) -> int | None:
    """Id of the first audit line that no longer fits; None when the chain is whole."""
    return next(_broken(session), None)


def broken_links(session: Session) -> list[int]:
    """Ids of audit lines that no longer fit the one before: altered, or one was taken out."""
    return list(_broken(session))


def _broken(session: Session) -> Iterator[int]:
    before = ""
    query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    for entry in session.scalars(query):
        if entry.digest != _digest(before, entry):
            yield entry.id
        before = entry.digest
