"""The local journal: what is typed survives a crash, a power cut and a server that is away (peers 6.13).

Each form is one file, encrypted and authenticated (Fernet), written beside and renamed over. The key lies in
the operating system's vault; only where there is none, in a file that this user alone may read
(`insecure` then says so). No citizen's word is ever on this disk in plain.
"""

import hashlib
import json
import logging
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock
from typing import Any, Protocol
from uuid import uuid4
from weakref import finalize

from console.domain.errors import Unavailable
from console.domain.intake import Draft, IntakeForm, Waiting
from console.domain.masking import mask_phone
from console.domain.states import Channel, Nature, Urgency
from console.services.drafts.disk import (
    is_held,
    key_from,
    lock,
    refusals_said,
    sync_folder,
    write_whole,
)
from console.services.drafts.shelf import Shelf

log = logging.getLogger(__name__)

KEY_NAME, KEY_FILE = "journal-key", "journal.key"
DRAFT, OUTBOX, ALIVE, ASIDE = ".draft", ".outbox", ".alive", "set-aside"
_MARK = b"HCJ1"


class SecretStore(Protocol):
    """The vault as far as the journal needs it; both raise Unavailable where there is none."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, secret: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SetAside:
    """A file that could not be read: moved out of the way, never deleted."""

    name: str
    reason: str


class Drafts:
    """Forms kept on this workstation, and those waiting to be sent. Give each operator a folder of their own.

    Safe on any thread. Raises Unavailable when the disk is full or refuses; what is in the window stays.
    """

    def __init__(self, folder: Path, vault: SecretStore | None = None) -> None:
        self._folder, self._lock = folder, RLock()
        self._session = uuid4().hex
        self._set_aside: list[SetAside] = []
        with refusals_said("本机的草稿夹不能使用"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.insecure = False
        self._key = self._find_key(vault)
        self._key_mark = hashlib.sha256(self._key).hexdigest()[:8].encode()
        self._shelf: Shelf | None = None
        self._alive = _Alive(self._folder / f"{self._session}{ALIVE}")

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """Damaged files found so far, to be told to the operator once."""
        return tuple(self._set_aside)

    # --- drafts

    def keep(self, form: IntakeForm) -> None:
        """Save a form as it stands, over what was saved of it before; on disk when this returns."""
        with self._lock:
            self._write(self._path(form.key, DRAFT), {"form": _plain(form)})

    def all(self) -> tuple[Draft, ...]:
        """Forms not yet sent, latest first; those open in another running window of this folder are not shown."""
        with self._lock:
            states: dict[str, bool] = {}
            kept = [content for _, content in self._read_all(DRAFT)]
            found = [self._draft(content, states) for content in kept]
            self._sweep({content.get("session") for content in kept})
        drafts = [draft for draft in found if draft is not None]
        return tuple(sorted(drafts, key=lambda draft: draft.saved_at, reverse=True))

    def drop(self, key: str) -> None:
        """The server has it, or the operator does not want it."""
        with self._lock, refusals_said("草稿未能删除"):
            for kind in (DRAFT, OUTBOX):
                self._path(key, kind).unlink(missing_ok=True)
            sync_folder(self._folder)

    # --- outbox

    def queue(self, form: IntakeForm, dispatch: bool) -> None:
        """Keep a submitted form for sending; its place in the queue is that of its first queueing."""
        with self._lock:
            path = self._path(form.key, OUTBOX)
            before = self._read(path) if path.exists() else None
            queued = before["queued_at"] if isinstance(before, dict) else _now()
            self._write(path, {"form": _plain(form), "dispatch": dispatch, "queued_at": queued})
            with refusals_said("草稿未能删除"):
                self._path(form.key, DRAFT).unlink(missing_ok=True)

    def waiting(self) -> tuple[Waiting, ...]:
        """Submitted forms that the server does not have yet, in the order they were submitted."""
        with self._lock:
            kept = [content for _, content in self._read_all(OUTBOX)]
        return tuple(sorted(map(_waiting, kept), key=lambda one: one.queued_at))

    def sent(self, key: str) -> None:
        """The server has it."""
        self.drop(key)

    def shelf(self, database: str) -> Shelf:
        """Where the ticket numbers leased from this database lie; on nobody's disk in plain either."""
        if self._shelf is None:
            self._shelf = Shelf(self._folder, database, self._fernet())
        return self._shelf

    def close(self) -> None:
        """A clean end: what is left was left on purpose, not by a crash."""
        self._alive.release()
        if self._shelf is not None:
            self._shelf.release()

    # --- files

    def _path(self, key: str, kind: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}{kind}"

    def _write(self, path: Path, content: dict[str, Any]) -> None:
        kept = {"saved_at": _now(), "session": self._session, **content}
        token = self._fernet().encrypt(
            json.dumps(kept, ensure_ascii=False).encode("utf-8", "surrogatepass")
        )
        beside = path.with_suffix(f"{path.suffix}.{self._session[:8]}.new")
        with refusals_said("草稿未能存到本机"):
            write_whole(path, _MARK + self._key_mark + token, beside)

    def _read_all(self, kind: str) -> list[tuple[Path, dict[str, Any]]]:
        with refusals_said("本机的草稿不能读取"):
            paths = sorted(self._folder.glob(f"*{kind}"))
        kept = [(path, self._read(path)) for path in paths]
        return [(path, content) for path, content in kept if content is not None]

    def _read(self, path: Path) -> dict[str, Any] | None:
        """What a file holds; None for one of another key, and for a damaged one, which is set aside."""
        from cryptography.fernet import InvalidToken

        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            log.warning("a draft could not be read: %s", error.strerror)
            return None
        head = len(_MARK) + len(self._key_mark)
        if (
            raw[: len(_MARK)] == _MARK
            and len(raw) > head
            and raw[len(_MARK) : head] != self._key_mark
        ):
            # Written with a key this vault does not have (it may be back tomorrow): left where it is.
            self._report(path.name, "用另一把密钥加密，本次不能打开")
            return None
        try:
            if raw[: len(_MARK)] != _MARK:
                raise ValueError("mark")
            text = self._fernet().decrypt(raw[head:]).decode("utf-8", "surrogatepass")
            content: dict[str, Any] = json.loads(text)
            _form(content["form"])
            return content
        except (InvalidToken, ValueError, KeyError, TypeError):
            self._put_aside(path)
            return None

    def _put_aside(self, path: Path) -> None:
        self._report(path.name, "文件已损坏，已移到 set-aside 文件夹")
        with suppress(OSError):
            aside = self._folder / ASIDE
            aside.mkdir(exist_ok=True, mode=0o700)
            os.replace(path, aside / path.name)

    def _report(self, name: str, reason: str) -> None:
        found = SetAside(name, reason)
        if found not in self._set_aside:
            self._set_aside.append(found)

    def _fernet(self) -> Any:
        from cryptography.fernet import Fernet

        return Fernet(self._key)

    # --- whose is it

    def _draft(self, kept: dict[str, Any], states: dict[str, bool]) -> Draft | None:
        session, form = kept.get("session", ""), _form(kept["form"])
        marker = self._folder / f"{session}{ALIVE}"
        mine = session == self._session
        if not mine and session not in states:
            states[session] = marker.exists() and is_held(marker)
        if not mine and states[session]:
            return None
        return Draft(
            key=form.key,
            form=form,
            saved_at=datetime.fromisoformat(kept["saved_at"]),
            masked_phone=mask_phone(form.contact_phone or form.full_phone),
            left_by_crash=not mine and marker.exists(),
        )

    def _sweep(self, speaking: set[Any]) -> None:
        """Take away markers of crashed windows that no draft speaks of any more, and their half-written files."""
        for marker in self._folder.glob(f"*{ALIVE}"):
            session = marker.stem
            if session != self._session and session not in speaking and not is_held(marker):
                for left in (marker, *self._folder.glob(f"*.{session[:8]}.new")):
                    with suppress(OSError):
                        left.unlink(missing_ok=True)

    # --- the key

    def _find_key(self, vault: SecretStore | None) -> bytes:
        from cryptography.fernet import Fernet

        path = self._folder / KEY_FILE
        if vault is not None:
            try:
                kept = vault.get(KEY_NAME)
                if kept is None:
                    kept = path.read_text() if path.exists() else Fernet.generate_key().decode()
                    vault.put(KEY_NAME, kept)
                    path.unlink(missing_ok=True)
                return kept.encode()
            except Unavailable:
                pass
        self.insecure = True
        with refusals_said("本机的草稿夹不能使用"):
            return key_from(path, Fernet.generate_key())


class _Alive:
    """A file locked as long as this window lives; the lock of a killed process is let go by the system."""

    def __init__(self, path: Path) -> None:
        with refusals_said("本机的草稿夹不能使用"):
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        lock(handle)
        # Also at a program's ordinary end: only what is killed or crashes leaves its marker.
        self.release = finalize(self, _release, handle, path)


def _release(handle: int, path: Path) -> None:
    os.close(handle)
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _plain(form: IntakeForm) -> dict[str, Any]:
    return asdict(form)


_ENUMS: dict[str, Any] = {"channel": Channel, "nature": Nature, "urgency": Urgency}
_NAMES = frozenset(field.name for field in fields(IntakeForm))


def _form(kept: dict[str, Any]) -> IntakeForm:
    """A form written by this or another version of the program: what is not known is left out."""
    values = {name: value for name, value in kept.items() if name in _NAMES}
    for name, kind in _ENUMS.items():
        if values.get(name) is not None:
            values[name] = kind(values[name])
    for name in ("co_unit_ids", "tags"):
        values[name] = tuple(values.get(name) or ())
    if values.get("campaigns") is not None:
        values["campaigns"] = tuple(values["campaigns"])
    values["promises"] = tuple((pair[0], pair[1]) for pair in values.get("promises") or ())
    values["screen"] = tuple((pair[0], pair[1]) for pair in values.get("screen") or ())
    return IntakeForm(**values)


def _waiting(kept: dict[str, Any]) -> Waiting:
    form = _form(kept["form"])
    phone = mask_phone(form.contact_phone or form.full_phone)
    return Waiting(
        form.key, form, bool(kept["dispatch"]), datetime.fromisoformat(kept["queued_at"]), phone
    )
