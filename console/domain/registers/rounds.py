"""Patrols and the tasks of a day (field-facts 6.8, K16, Z9)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from console.domain.errors import Invalid
from console.domain.registers.matters import MATTER_GROUPS

PATROL_KINDS = ("例行", "专项", "应急", "视频")
TASK_MOST, FINDINGS_MOST = 300, 1000
_LONGEST = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PatrolForm:
    """A patrol as its worker writes it down; `matters` are titles of the list."""

    grid_id: int
    kind: str
    started_at: datetime
    ended_at: datetime
    points_checked: int = 0
    distance_m: int = 0
    matters: tuple[str, ...] = ()
    note: str = ""


def check_patrol(form: PatrolForm, now: datetime) -> str:
    """What is kept as findings. Raises Invalid beside the field."""
    if form.kind not in PATROL_KINDS:
        raise Invalid("请选择巡查类型", field="kind")
    if form.ended_at <= form.started_at:
        raise Invalid("结束时间应晚于开始时间", "请核对", "ended_at")
    if form.ended_at > now + timedelta(minutes=5):
        raise Invalid("结束时间还没到", "请填实际结束的时间", "ended_at")
    if form.ended_at - form.started_at > _LONGEST:
        raise Invalid("一次巡查不会超过 24 小时", "请核对起止时间", "started_at")
    if form.points_checked < 0 or form.distance_m < 0:
        raise Invalid("数量不能是负数", field="points_checked")
    unknown = [one for one in form.matters if one not in MATTER_GROUPS]
    if unknown:
        raise Invalid(f"清单里没有“{unknown[0]}”", "请从清单里选", "matters")
    found = "；".join(filter(None, ("、".join(form.matters), form.note.strip())))
    if len(found) > FINDINGS_MOST:
        raise Invalid(f"发现情况最多 {FINDINGS_MOST} 字", "请写要点", "note")
    return found


@dataclass(frozen=True, slots=True)
class PatrolLine:
    id: int
    number: str
    worker: str
    grid: str
    kind: str
    started_at: datetime
    ended_at: datetime | None
    points_checked: int
    events_found: int
    distance_m: int
    findings: str


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A worker's task of a day; `check_result` is what the centre's call heard (K16)."""

    id: int
    staff_id: int
    worker: str
    unit: str
    on_day: date
    task: str
    done_at: datetime | None
    checked_at: datetime | None
    check_result: str

    @property
    def words(self) -> str:
        return "已完成" if self.done_at else "未完成"


def check_task(task: str, on_day: date, today: date) -> str:
    """The words of a task. Raises Invalid."""
    plain = task.strip()
    if not plain:
        raise Invalid("请填写任务内容", field="task")
    if len(plain) > TASK_MOST:
        raise Invalid(f"任务最多 {TASK_MOST} 字", "请写要点", "task")
    if on_day < today:
        raise Invalid("不能给过去的日子派任务", "请选今天或以后", "on_day")
    if on_day > today + timedelta(days=60):
        raise Invalid("最多提前 60 天派任务", field="on_day")
    return plain


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody a task or patrol may be written for."""

    id: int
    name: str
    post: str
    unit: str
    grids: tuple[tuple[int, str], ...] = ()
