"""关注号码: the list an auditor keeps of numbers whose every look is marked in 查阅记录."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.auditing import MAY_AUDIT
from console.domain.changes import Changed
from console.domain.errors import Invalid, NotAllowed, NotFound
from console.domain.identity import read_identity_number
from console.domain.masking import mask_identity, mask_phone
from console.domain.phones import is_phone, parse_phone
from console.domain.watching import LONGEST_WHY, MOST_WATCHED, UNWATCH, WATCH, Watched
from console.domain.wording import check_length, clean
from console.domain.worktime import civil_date
from console.ledger import Seat, contacts
from console.ledger.audit import record
from db.models import AuditEntry, Person, WatchedNumber

IDENTITY_LENGTH = 18


class Watching:
    """For whoever may audit; putting on and taking off is on record. Raises NotAllowed for everybody else."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def numbers(self) -> tuple[Watched, ...]:
        """Newest first, masked."""
        self._check()
        with self._seat.db.reading() as session:
            rows = session.scalars(select(WatchedNumber).order_by(WatchedNumber.id.desc()))
            return tuple(
                Watched(row.id, row.shown, row.why, row.added_at, row.added_by) for row in rows
            )

    def watch(self, number: str, why: str) -> Changed:
        """Put a phone or identity number in full on the list; only its key is kept. Raises Invalid."""
        self._check()
        with self._seat.db.reading() as session:
            today = civil_date(self._seat.now(session))
        plain, shown = _read(number, today)
        said = check_length(clean(why).text.strip(), LONGEST_WHY, "理由", "why")
        if not said:
            raise Invalid("请写为什么关注", field="why")
        try:
            with self._seat.db.writing.begin() as session:
                return self._add(session, plain, shown, said)
        except IntegrityError as error:
            raise Invalid("这个号码已经在名单里", field="number") from error

    def _add(self, session: Session, plain: str, shown: str, why: str) -> Changed:
        if (session.scalar(select(func.count(WatchedNumber.id))) or 0) >= MOST_WATCHED:
            raise Invalid(f"关注号码最多 {MOST_WATCHED} 个", "请先移出不再需要的", "number")
        operator = self._seat.operator
        row = WatchedNumber(
            key=contacts.key_of(session, self._seat, plain), shown=shown, why=why, added_at=self._seat.now(session),
            added_by=operator.signature, account_id=operator.account_id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        self._note(session, WATCH, row)
        return Changed(frozenset(), (row.id,), note=shown)

    def unwatch(self, row_id: int) -> Changed:
        """Raises NotFound when somebody took it off already."""
        self._check()
        with self._seat.db.writing.begin() as session:
            row = session.get(WatchedNumber, row_id)
            if row is None:
                raise NotFound("这个号码已不在名单里")
            self._note(session, UNWATCH, row)
            session.delete(row)
            return Changed(frozenset(), (row_id,), note=row.shown)

    def _note(self, session: Session, action: str, row: WatchedNumber) -> None:
        # A guarded server writes the line itself (db/security/92_watched.sql).
        if not self._seat.db.guarded:
            record(session, self._seat, action, ("watched", row.shown), row.why, phone_key=row.key)

    def _check(self) -> None:
        if self._seat.operator.role not in MAY_AUDIT:
            raise NotAllowed("只有值班长、督办员和督察员可以查看关注号码")


def watched_lines(session: Session, seat: Seat, lines: Sequence[str]) -> frozenset[str]:
    """Which of these are about somebody watched, by his number or as a resident; only lines of the audit can be.

    Two statements.
    """
    ids = [int(line[1:]) for line in lines if line[0] == "a"]
    keys = select(WatchedNumber.key).scalar_subquery()
    about = or_(
        AuditEntry.phone_digest.in_(keys),
        (AuditEntry.subject_kind == "person") & AuditEntry.subject_key.in_(_people(session, seat)),
    )
    found = session.scalars(select(AuditEntry.id).where(AuditEntry.id.in_(ids), about))
    return frozenset(f"a{id_}" for id_ in found)


def _people(session: Session, seat: Seat) -> list[str]:
    """Residents of these numbers. On a guarded server not every auditor may read the register itself."""
    if seat.db.guarded:
        return list(session.scalars(select(func.hotline.watched_people())))
    keys = select(WatchedNumber.key).scalar_subquery()
    theirs = or_(Person.phone_key.in_(keys), Person.id_key.in_(keys))
    return list(session.scalars(select(cast(Person.id, String)).where(theirs)))


def _read(number: str, today: date) -> tuple[str, str]:
    """The number as keys are made of it, and its mask."""
    plain = "".join(number.split())
    if is_phone(plain):
        digits = parse_phone(plain).digits
        return digits, mask_phone(digits)
    if len(plain) < IDENTITY_LENGTH:
        raise Invalid("号码不完整", "请输入完整的电话号码或身份证号", "number")
    text = read_identity_number(plain, today, "number").text
    return text, mask_identity(text)
