"""Birth, death, moving in, moving out: what happens to a person, with day and reason (field-facts X8)."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from console.domain.errors import Invalid, NotAllowed


class LifeKind(StrEnum):
    BIRTH = "birth"
    DEATH = "death"
    MOVE_IN = "move_in"
    MOVE_OUT = "move_out"


LIFE_NAMES = {
    LifeKind.BIRTH: "出生",
    LifeKind.DEATH: "死亡",
    LifeKind.MOVE_IN: "迁入",
    LifeKind.MOVE_OUT: "迁出",
}


class PersonState(StrEnum):
    ACTIVE = "active"
    MOVED = "moved"
    DEAD = "dead"


STATE_NAMES = {
    PersonState.ACTIVE: "在册",
    PersonState.MOVED: "已迁出",
    PersonState.DEAD: "已死亡",
}
AFTER = {
    LifeKind.BIRTH: PersonState.ACTIVE,
    LifeKind.DEATH: PersonState.DEAD,
    LifeKind.MOVE_IN: PersonState.ACTIVE,
    LifeKind.MOVE_OUT: PersonState.MOVED,
}
REASON_MOST = 300
HEAD = "户主"
# Somebody may come back to tell of it years later; not before they were born.
_OLDEST = timedelta(days=365 * 30)


@dataclass(frozen=True, slots=True)
class LifeForm:
    """What happened to whom. A move in may name another household and grid; a move out may be of all at home."""

    kind: LifeKind
    person_id: int
    version: int
    on_day: date | None
    reason: str
    household: str = ""
    grid: str = ""
    home_address: str = ""
    together: bool = False


@dataclass(frozen=True, slots=True)
class Birth:
    """A newborn of a household. `paper` is an identity number or a birth certificate's."""

    household: str
    name: str = field(repr=False)
    paper: str = field(repr=False)
    sex: str
    born_on: date | None
    relation: str = "子女"


@dataclass(frozen=True, slots=True)
class LifeLine:
    """An event as it stands on the card."""

    id: int
    kind: LifeKind
    on_day: date
    reason: str
    by: str


def offered(state: PersonState) -> tuple[LifeKind, ...]:
    """What can still happen to somebody; a birth makes a new person and is asked for elsewhere."""
    return {
        PersonState.ACTIVE: (LifeKind.MOVE_OUT, LifeKind.MOVE_IN, LifeKind.DEATH),
        PersonState.MOVED: (LifeKind.MOVE_IN, LifeKind.DEATH),
        PersonState.DEAD: (),
    }[state]


def check_event(form: LifeForm, state: PersonState, born: date, today: date) -> date:
    """The day. Raises Invalid or NotAllowed naming what does not fit."""
    if form.kind is not LifeKind.BIRTH and form.kind not in offered(state):
        raise NotAllowed(
            f"{STATE_NAMES[state]}的人不能登记{LIFE_NAMES[form.kind]}", "请核对是不是这个人"
        )
    day = form.on_day
    if day is None:
        raise Invalid(f"请填写{LIFE_NAMES[form.kind]}日期", field="on_day")
    if day > today:
        raise Invalid(f"{LIFE_NAMES[form.kind]}日期还没到", "请核对", "on_day")
    if day < born:
        raise Invalid(f"{LIFE_NAMES[form.kind]}日期早于出生日期 {born}", "请核对", "on_day")
    if today - day > _OLDEST:
        raise Invalid("日期太早", "请核对", "on_day")
    _check_reason(form)
    return day


def _check_reason(form: LifeForm) -> None:
    if form.kind is not LifeKind.BIRTH and not form.reason.strip():
        raise Invalid(f"请填写{LIFE_NAMES[form.kind]}原因", field="reason")
    if len(form.reason) > REASON_MOST:
        raise Invalid(f"原因最多 {REASON_MOST} 字", "请写要点", "reason")
