"""A row of a register as texts of a form, and typed texts as values."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from console.domain.errors import Invalid, InvalidForm
from console.domain.importing.fields import Field, Kind, Reads
from console.domain.importing.values import read_cell
from console.domain.masking import mask_address, mask_identity, mask_name, mask_phone
from console.domain.registers.filling import GIVEN, in_person
from console.domain.registers.kinds import KINDS, Register
from console.domain.worktime import CIVIL
from console.ledger.registers import TABLES, private_columns

HIDDEN = "***"
# What stands beside a private column and may be shown.
TWINS = {
    "name": "name_masked", "id_number": "id_masked", "phone": "phone_masked", "home_address": "home",
    "owner": "owner_masked", "owner_phone": "owner_phone_masked", "address": "place",
}  # fmt: skip
_MASKS = {
    "name": mask_name,
    "phone": mask_phone,
    "identity": mask_identity,
    "address": mask_address,
}
# Their people hold an office: names and telephones stand on every grid card.
_OFFICIAL = frozenset({Register.STAFF, Register.UNITS, Register.GRIDS})


def column_of(name: str) -> str:
    """The column a field lies in: `class_details.流入原因` in class_details."""
    return name.partition(".")[0]


def is_private(register: Register, field: Field) -> bool:
    """Whether a form shows this field as its mask."""
    if register in _OFFICIAL:
        return False
    if column_of(field.name) in private_columns(TABLES[register]):
        return True
    if register is Register.MEMBERS and field.name == "person_id":
        return True
    # Where a house or a firm lies is no secret; who lives or works there is.
    return bool(field.private) and field.private != "address"


def masked(field: Field, value: Any) -> str:
    """A private value as lists and the history show it."""
    words = text_of(field, value)
    mask = _MASKS.get(field.private)
    return (mask(words) if mask else HIDDEN) if words else ""


def shown(register: Register, field: Field, row: Any) -> str:
    """What a card shows of a field without asking; of a private one its twin, or stars."""
    name = column_of(field.name)
    if not is_private(register, field):
        return text_of(field, getattr(row, name, None))
    table = TABLES[register]
    if name in private_columns(table):
        twin = TWINS.get(name, "")
        return str(getattr(row, twin, HIDDEN) or "") if twin in table.__table__.columns else HIDDEN
    return masked(field, getattr(row, name, None))


def text_of(field: Field, value: Any) -> str:
    """A value as a person types it."""
    if value is None or value == "":
        return ""
    if field.reads is Reads.CHOICE:
        return next((word for word, code in field.choices.items() if code == value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(CIVIL):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.2f}".rstrip("0")
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return str(value)


def read_typed(
    register: Register, typed: Mapping[str, str], new: bool, today: date
) -> dict[str, Any]:
    """Field name → value. A private field left empty says nothing of a row there already.

    Raises InvalidForm with every fault beside its field.
    """
    kind: Kind = KINDS[register]
    values: dict[str, Any] = {}
    faults: list[Invalid] = []
    for field in kind.fields:
        given = field.name in GIVEN.get(register, ()) and new
        if field.name not in typed:
            if new and field.required and not given:
                faults.append(Invalid(f"请填写{field.title}", field=field.name))
            continue
        text = typed[field.name].strip()
        if not text and is_private(register, field) and not new:
            continue
        try:
            values[field.name] = _value(field, text, today)
        except Invalid as fault:
            faults.append(in_person(fault, field.name))
    if faults:
        raise InvalidForm(tuple(faults))
    return values


def _value(field: Field, text: str, today: date) -> Any:
    value = read_cell(field, text, today) if text else None
    if value is None and field.required:
        raise Invalid(f"请填写{field.title}", field=field.name)
    return value


def empty_of(column: Any) -> Any:
    """What a cleared column holds: nothing where it may, else what a new row has."""
    if column.nullable:
        return None
    default = column.default
    if default is not None and default.is_scalar:
        return default.arg
    return {} if default is not None else ""
