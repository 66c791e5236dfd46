"""Enterprises looked at: what was found, by when it shall be right, whether it was (field-facts 6.7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from console.domain.errors import Invalid
from console.domain.registers.visits import Due, due_of, due_words
from console.domain.worktime import civil_date

INSPECTION_KINDS = ("日常检查", "专项检查", "双随机抽查", "节前检查", "投诉核查")
CHECK_POINTS = (
    "安全出口与疏散通道", "消火栓与灭火器", "应急照明与疏散指示", "电气线路与用电", "燃气与液化气瓶", "经营场所不住人",
    "危化品存放", "特种设备检验", "微型消防站与器材", "食品与从业健康证", "证照齐全有效", "用工登记与工资",
    "油烟、噪声与排污", "门前三包",
)  # fmt: skip
TEXT_MOST, INSPECTOR_MOST = 1000, 60
# What happened longer ago is not written down as if somebody still knew.
LATEST_DAYS, LONGEST_DAYS = 60, 365


class Recheck(StrEnum):
    """How it looked when somebody came again."""

    NONE = ""
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class InspectionForm:
    """What an inspector writes down. `rectify_by` counts only where hazards were found."""

    enterprise_id: int
    kind: str
    at: datetime | None
    inspector: str
    points: tuple[str, ...] = ()
    hazards: str = ""
    rectify_by: date | None = None
    staff_id: int | None = None


@dataclass(frozen=True, slots=True)
class RectifyForm:
    """What was done about hazards and how it looked; not passed needs another day."""

    inspection_id: int
    version: int
    at: datetime | None
    done: str
    passed: bool
    next_by: date | None = None


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who may have inspected; `staff_id` None is whoever is signed in."""

    staff_id: int | None
    name: str
    post: str
    unit: str


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """One inspection of an enterprise; `due` None when nothing is open."""

    id: int
    enterprise_id: int
    enterprise: str
    address: str
    grid_id: int
    grid: str
    worker: str
    at: datetime
    kind: str
    inspector: str
    points: str
    hazards: str
    rectify_by: date | None
    rectified_at: datetime | None
    rectification: str
    recheck: Recheck
    rechecked_by: str
    version: int
    due: Due | None
    words: str

    @property
    def is_open(self) -> bool:
        return self.due is not None


def check_inspection(form: InspectionForm, now: datetime) -> datetime:
    """When it was. Raises Invalid beside the field."""
    at = _been(form.at or now, now)
    if form.kind not in INSPECTION_KINDS:
        raise Invalid("请选择检查类型", field="kind")
    if not form.inspector.strip():
        raise Invalid("请填写检查人", field="inspector")
    if len(form.inspector.strip()) > INSPECTOR_MOST:
        raise Invalid(f"检查人最多 {INSPECTOR_MOST} 字", field="inspector")
    unknown = [one for one in form.points if one not in CHECK_POINTS]
    if unknown:
        raise Invalid(f"清单里没有“{unknown[0]}”", "请从清单里选", "points")
    if not form.points:
        raise Invalid("请勾选查了哪些项", "空格勾选，至少一项", "points")
    _check_length(form.hazards, "hazards")
    if form.hazards.strip():
        _check_deadline(form.rectify_by, civil_date(at), "rectify_by")
    return at


def check_rectification(form: RectifyForm, found_at: datetime, now: datetime) -> datetime:
    """When somebody came again. Raises Invalid beside the field."""
    at = _been(form.at or now, now)
    if at < found_at:
        raise Invalid("整改早于检查", "请核对时间", "at")
    if not form.done.strip():
        raise Invalid("请填写怎样整改的、复查看到什么", field="done")
    _check_length(form.done, "done")
    if not form.passed:
        _check_deadline(form.next_by, civil_date(now), "next_by")
    return at


def _been(at: datetime, now: datetime) -> datetime:
    if at > now + timedelta(minutes=5):
        raise Invalid("时间还没到", "请填实际到现场的时间", "at")
    if civil_date(at) < civil_date(now) - timedelta(days=LATEST_DAYS):
        raise Invalid(f"超过 {LATEST_DAYS} 天", "太久以前的不再补录", "at")
    return at


def _check_length(words: str, field: str) -> None:
    if len(words) > TEXT_MOST:
        raise Invalid(f"最多 {TEXT_MOST} 字", "请写要点", field)


def _check_deadline(day: date | None, earliest: date, field: str) -> None:
    if day is None:
        raise Invalid("请定整改期限", "当场改好的填当天，再登记整改", field)
    if day < earliest:
        raise Invalid(f"整改期限不能早于 {earliest}", "请重新选", field)
    if day > earliest + timedelta(days=LONGEST_DAYS):
        raise Invalid("整改期限超过一年", "请分阶段定期限", field)


def standing(
    hazards: str, rectify_by: date | None, recheck: Recheck, rectified_on: date | None, today: date
) -> tuple[Due | None, str]:
    """How urgent what was found is, and in words; nothing is urgent where nothing is open."""
    if not hazards:
        return None, "未发现隐患"
    if recheck is Recheck.PASSED:
        return None, f"已整改 {rectified_on:%m-%d}" if rectified_on else "已整改"
    words = due_words(rectify_by, today)
    return due_of(rectify_by, today), words if rectify_by else "未定期限"
