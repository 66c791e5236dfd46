"""A wrong identity number put right: compared with everybody registered, on record, in the audit chain."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from console.domain.changes import Changed
from console.domain.errors import Conflict, Invalid
from console.domain.identity import SEX_NAMES, IdentityNumber, read_identity_number
from console.domain.masking import mask_identity, mask_text
from console.domain.registers.correcting import CORRECTED, CorrectionForm, check_reason
from console.domain.registers.kinds import Register
from console.domain.worktime import civil_date
from console.ledger import Seat, contacts
from console.ledger.audit import record
from console.ledger.registers import in_branch
from console.services.registers.rights import refuse_writing
from console.services.registers.writing import Line, changed, locked, note
from db.models import Person

CIVIL_LENGTH = 18


class Correcting:
    """Identity numbers of one seat's residents."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def correct(self, form: CorrectionForm) -> Changed:
        """Put another identity number in the place of a wrong one; gender and birth follow it.

        Raises Invalid beside the field, for a number that is somebody else's too; Conflict when that one is registered
        in another branch or the row has moved; NotAllowed, NotFound.
        """
        refuse_writing(self._seat, Register.PERSONS)
        reason = check_reason(form.reason)
        try:
            with self._seat.db.writing.begin() as session:
                return self._correct(session, form, reason)
        except IntegrityError as fault:
            raise Conflict(
                "这个身份证号已登记在别的网格", "请核对身份证原件；确是同一人的，请热线中心办理迁入"
            ) from fault

    def _correct(self, session: Session, form: CorrectionForm, reason: str) -> Changed:
        now = self._seat.now(session)
        person: Person = locked(session, self._seat, Register.PERSONS, form.person_id, form.version)
        if len(person.id_masked) != CIVIL_LENGTH:
            raise Invalid("登记的不是身份证号", "出生医学证明编号等请用 F4 改成身份证号")
        number = read_identity_number(form.number, civil_date(now), "id_number")
        if number.invented and not self._seat.demo:
            raise Invalid("身份证号前两位不是省份代码", "请核对", "id_number")
        self._refuse_known(session, person, number)
        lines = _moved(person, number, reason)
        person.id_number = number.text
        person.sex, person.born_on = SEX_NAMES[number.sex], number.born
        person.version += 1
        session.flush()
        note(session, self._seat, Register.PERSONS, person.id, lines, now)
        subject = (Person.__tablename__, str(person.id))
        record(session, self._seat, CORRECTED, subject, mask_text(reason), person.phone_key)
        return changed(Register.PERSONS, person.id, person.version)

    def _refuse_known(self, session: Session, person: Person, number: IdentityNumber) -> None:
        key = contacts.key_of(session, self._seat, number.text)
        if key == person.id_key:
            raise Invalid("和登记的号码相同，没有改动", "请核对身份证原件", "id_number")
        query = select(Person.name_masked).where(
            Person.id_key == key,
            Person.id != person.id,
            in_branch(self._seat.operator, Person.grid_id),
        )
        known = session.scalar(query.limit(1))
        if known is not None:
            raise Invalid(
                f"这个身份证号已登记（{known}）",
                "请打开那一条核对：是同一人的，保留一条",
                "id_number",
            )


def _moved(person: Person, number: IdentityNumber, reason: str) -> list[Line]:
    """What the history says; of the numbers their masks only."""
    sex = SEX_NAMES[number.sex]
    lines = [("id_number", person.id_masked, mask_identity(number.text))]
    if person.sex != sex:
        lines.append(("sex", person.sex, sex))
    if person.born_on != number.born:
        lines.append(("born_on", person.born_on.isoformat(), number.born.isoformat()))
    return [*lines, ("correction", "", mask_text(reason))]
