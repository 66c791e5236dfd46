"""What units write down along the way (field-facts 3.3, 3.5)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, BigId, Key

# Every workstation counts open promises once a minute; the kept ones cost it nothing.
NOT_KEPT = text("kept_at is null")


class HandlingResult(Base):
    """What a unit filled in on replying; internal note and public reply apart (field-facts 3.5)."""

    __tablename__ = "handling_result"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    share_seq: Mapped[int]
    handler_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    handler_name: Mapped[str] = mapped_column(String(60))
    unit_name: Mapped[str] = mapped_column(String(120))
    true_appeal: Mapped[bool | None]
    beyond_duty: Mapped[bool] = mapped_column(default=False)
    beyond_duty_kind: Mapped[str] = mapped_column(String(60), default="")
    resolution: Mapped[str] = mapped_column(String(12))
    unresolved_reason: Mapped[str] = mapped_column(String(300), default="")
    cause: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    internal_note: Mapped[str] = mapped_column(Text, default="")
    public_reply: Mapped[str] = mapped_column(Text, default="")
    law_basis: Mapped[str] = mapped_column(String(300), default="")
    signed_off_by: Mapped[str] = mapped_column(String(60), default="")
    replied_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Contact(Base):
    """联系群众: by whom, when, on which number (masked), how."""

    __tablename__ = "contact"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    share_seq: Mapped[int]
    at: Mapped[datetime]
    phone_masked: Mapped[str] = mapped_column(String(24), default="")
    manner: Mapped[str] = mapped_column(String(20), default="电话")
    contacted_by: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[str] = mapped_column(String(500), default="")


class Attachment(Base):
    """A file stored once under its hash; `kind`: before, after, identity, contact, handling, recording, other."""

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "ticket_id"), Index(None, "sha256"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    share_seq: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str] = mapped_column(String(64))
    # What a photograph looks like (console.ledger.looks); empty for anything else.
    look: Mapped[str] = mapped_column(String(16), default="")
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(60))


class StoredFile(Base):
    """A file that is whole and proved; its pieces lie under `key`, once however many work orders hold it."""

    __tablename__ = "stored_file"
    __table_args__ = (UniqueConstraint("key"),)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(32))
    size: Mapped[int] = mapped_column(BigId)
    stored_at: Mapped[datetime]


class FilePiece(Base):
    """A piece of a file, stored or still on its way, so that every workstation can read it."""

    __tablename__ = "file_piece"
    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    piece: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes]


class Upload(Base):
    """A file on its way in: what has arrived stays for the next try; finished, it proves that this person has the file.

    Gone as soon as the file is on a work order, or swept away by the keeper (console.ledger.uploads).
    """

    __tablename__ = "upload"
    __table_args__ = (
        UniqueConstraint("account_id", "sha256"),
        UniqueConstraint("key"),
        Index(None, "sha256"),
        Index(None, "touched_at"),
    )
    id: Mapped[Key]
    account_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(String(32))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigId)
    touched_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Verification(Base):
    """核查 on site by the grid's own worker, never the handler."""

    __tablename__ = "verification"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    verifier_id: Mapped[int] = mapped_column(BigId, ForeignKey("account.id"))
    verifier_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    passed: Mapped[bool]
    result: Mapped[str] = mapped_column(String(1000))
    signed_off: Mapped[bool] = mapped_column(default=False)


class MediationRound(Base):
    __tablename__ = "mediation_round"
    __table_args__ = (UniqueConstraint("ticket_id", "round"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    round: Mapped[int]
    on_day: Mapped[date]
    place: Mapped[str] = mapped_column(String(120), default="")
    participants: Mapped[str] = mapped_column(String(300))
    chaired_by: Mapped[str] = mapped_column(String(60))
    result: Mapped[str] = mapped_column(String(1000))
    agreed: Mapped[bool] = mapped_column(default=False)


class WhistleCall(Base):
    """吹哨: who was called to the scene, who came, when (field-facts K2)."""

    __tablename__ = "whistle_call"
    __table_args__ = (Index(None, "ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    called_unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    called_unit: Mapped[str] = mapped_column(String(120))
    called_at: Mapped[datetime]
    called_by: Mapped[str] = mapped_column(String(60))
    request: Mapped[str] = mapped_column(String(500))
    person: Mapped[str] = mapped_column(String(60), default="")
    arrived_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(500), default="")


class Promise(Base):
    """A time promised to a citizen: its own clock (peers 6.10)."""

    __tablename__ = "promise"
    __table_args__ = (
        Index(None, "ticket_id"),
        Index("ix_promise_open_due", "due", sqlite_where=NOT_KEPT, postgresql_where=NOT_KEPT),
    )
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    what: Mapped[str] = mapped_column(String(300))
    due: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(60))
    kept_at: Mapped[datetime | None]
    kept_by: Mapped[str] = mapped_column(String(60), default="")
    outcome: Mapped[str] = mapped_column(String(300), default="")


class NotifyCopy(Base):
    """抄告: a parallel reading step only that unit may mark read (field-facts 3.4 rule 7)."""

    __tablename__ = "notify_copy"
    __table_args__ = (Index(None, "unit_id", "read_at"), Index(None, "ticket_id"))
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    unit_id: Mapped[int] = mapped_column(BigId, ForeignKey("unit.id"))
    told_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by: Mapped[str] = mapped_column(String(60), default="")


class ArchiveManifest(Base):
    """What an archived work order consisted of, row by row and file by file (field-facts 10.10).

    `body` names every row and file with its digest (see db/manifests.py), `digest` covers the body.
    """

    __tablename__ = "archive_manifest"
    __table_args__ = (UniqueConstraint("ticket_id"),)
    id: Mapped[Key]
    ticket_id: Mapped[int] = mapped_column(BigId, ForeignKey("ticket.id"))
    archive_no: Mapped[str] = mapped_column(String(40), default="")
    sealed_at: Mapped[datetime]
    sealed_by: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict[str, Any]] = mapped_column(default=dict)
    digest: Mapped[str] = mapped_column(String(64))
