"""When rows were last looked at, the patrols of a fortnight, today's tasks, a year's births, deaths and moves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from console.domain.registers.life import LifeKind
from console.domain.registers.matters import MATTER_GROUPS
from db.demo.city import City

Row = dict[str, Any]
PATROL_DAYS = 14
TASKS = (
    "沿街商铺消防检查", "60岁独生子女年审认证入户通知", "出租房屋流动人口核对", "楼道堆物清理复查", "反诈宣传入户",
    "居民养老认证提醒", "汛前低洼点巡看", "垃圾分类投放点检查",
)  # fmt: skip
CHECKED = ("已连线，正在现场，检查 8 家", "已连线，任务已完成", "第一次未接，回电说明已完成")


def verified_on(kind: str, row_id: int, today: date) -> date | None:
    """Most rows are fresh, some ageing, few stale or never looked at; the same for the same row."""
    rng = Random(f"verified/{kind}/{row_id}")
    share = rng.random()
    if share < 0.02:
        return None
    longest = 90 if share < 0.8 else 180 if share < 0.95 else 400
    return today - timedelta(days=rng.randint(0, longest))


def patrol_rows(city: City, units: dict[str, int]) -> Iterator[Row]:
    """A worker walks every grid of his every few days."""
    rng, matters = Random(f"{city.seed}/patrols"), tuple(MATTER_GROUPS)
    for person in city.staff:
        if person.post != "all_round_worker":
            continue
        for days in range(1, PATROL_DAYS + 1):
            if rng.random() < 0.55:
                continue
            day, grid = city.today - timedelta(days=days), rng.choice(person.grid_codes)
            start = datetime.combine(day, time(0, rng.randint(0, 59)), UTC) + timedelta(
                hours=rng.randint(0, 8)
            )
            found = rng.sample(matters, rng.choice((0, 0, 1, 1, 2, 3)))
            yield {
                "number": f"X{day:%y%m%d}-{units[grid]}-{person.id}", "staff_id": person.id, "grid_id": units[grid],
                "kind": rng.choice(("例行", "例行", "例行", "专项", "应急")), "started_at": start,
                "ended_at": start + timedelta(minutes=rng.randint(35, 150)), "points_checked": rng.randint(4, 28),
                "events_found": len(found), "distance_m": rng.randint(800, 5200), "findings": "、".join(found),
            }  # fmt: skip


def task_rows(city: City) -> Iterator[Row]:
    """Yesterday's are done; of today's some are, and some were asked after."""
    rng = Random(f"{city.seed}/tasks")
    workers = [one for one in city.staff if one.post == "all_round_worker"]
    for back in (1, 0):
        day = city.today - timedelta(days=back)
        for person in workers:
            if rng.random() < 0.4:
                continue
            at = datetime.combine(day, time(2), UTC) + timedelta(minutes=rng.randint(0, 240))
            done = back == 1 or rng.random() < 0.35
            heard = done and rng.random() < 0.5
            yield {
                "staff_id": person.id, "on_day": day, "task": rng.choice(TASKS), "done_at": at if done else None,
                "checked_at": at + timedelta(minutes=40) if heard else None,
                "check_result": rng.choice(CHECKED) if heard else "",
            }  # fmt: skip


def life_rows(city: City) -> Iterator[Row]:
    """Who was born or came within the year; who moved in from elsewhere."""
    since = city.today - timedelta(days=365)
    for person in city.residents:
        rng = Random(f"{city.seed}/life/{person.id}")
        if person.birth_date >= since:
            yield _event(person.id, LifeKind.BIRTH, person.birth_date, "")
        elif person.residence_kind == "floating" and rng.random() < 0.2:
            day = city.today - timedelta(days=rng.randint(3, 360))
            yield _event(person.id, LifeKind.MOVE_IN, day, rng.choice(("务工", "投靠亲属", "求学")))


def _event(person_id: int, kind: LifeKind, day: date, reason: str) -> Row:
    return {
        "person_id": person_id, "kind": kind.value, "on_day": day, "reason": reason,
        "recorded_at": datetime.combine(day, time(3), UTC) + timedelta(days=1), "recorded_by": "演示数据",
    }  # fmt: skip
