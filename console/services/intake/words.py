"""What the call-taker says and sees in whole sentences: the deadline, the reading back, a title."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.errors import Invalid
from console.domain.intake import DeadlinePreview, IntakeForm
from console.domain.phones import parse_phone
from console.domain.rules import Rules
from console.domain.spoken_time import parse_occurred
from console.domain.states import Nature, Urgency
from console.domain.wording import clean
from console.domain.worktime import Limit, TimeUnit, civil, moment_words

LONGEST_TITLE = 25
_CLAUSE = re.compile(r"[。！？!?；;\n，,]")
_PARTS_OF_DAY = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def preview(
    rules: Rules, nature: Nature | None, urgency: Urgency, now: datetime, own_limit: str = ""
) -> DeadlinePreview:
    """What dispatching now would promise, by the same arithmetic that dispatching uses."""
    if nature is None and urgency is Urgency.NORMAL:
        return DeadlinePreview("选择性质后显示时限", ())
    due = rules.deadlines(urgency, nature or Nature.OTHER, now, own_limit=own_limit)
    words = f"签收 {near(due.sign_due, now)} 前 · 办结 {near(due.finish_due, now)} 前"
    return DeadlinePreview(
        f"{words}（{limit_words(due.limits.finish)}）", due.explanation, due.warnings
    )


def limit_words(limit: Limit) -> str:
    """`3个工作日`, `2小时`, `当日`."""
    counted = limit.unit in (TimeUnit.WORKDAYS, TimeUnit.WORKHOURS)
    return f"{limit.amount}个{limit.unit}" if limit.amount and counted else str(limit)


def near(moment: datetime, now: datetime) -> str:
    """`今天 16:30`, `明天 09:00`, `11月25日 17:30`."""
    local, today = civil(moment), civil(now).date()
    names = {today: "今天", today + timedelta(days=1): "明天"}
    day = names.get(local.date(), f"{local.month}月{local.day}日")
    return f"{day} {local:%H:%M}"


def title_of(form: IntakeForm, category_name: str = "") -> str:
    """The title typed, or the first clause of the content, or the category."""
    typed = re.sub(r"\s+", " ", clean(form.title).text).strip()
    if typed:
        return typed
    clauses = (part.strip() for part in _CLAUSE.split(clean(form.content).text))
    first = next((part for part in clauses if len(part) > 3), "")
    return (first[:LONGEST_TITLE] if first else category_name) or "未命名诉求"


def occurred_at(form: IntakeForm, now: datetime) -> datetime | None:
    """The moment said, where it can be understood; 长期 and 每天晚上 stay words."""
    try:
        return parse_occurred(form.occurred, now) if form.occurred.strip() else None
    except Invalid:
        return None


@dataclass(frozen=True, slots=True)
class Said:
    """What the sentence names beside the form: unit, category, the category's own limit."""

    unit: str
    category: str
    own_limit: str


def read_back(form: IntakeForm, rules: Rules, said: Said, now: datetime) -> str:
    """What to say to the caller before hanging up; the number only by its last four digits."""
    parts = [
        f"{_salutation(form)}跟您核对一下：您反映的是{_when(form, now)}{form.address.strip()}",
        f"{'，' if form.address.strip() else ''}{_matter(form, said.category)}",
        f"。您希望{form.wanted.strip().rstrip('。')}" if form.wanted.strip() else "",
        f"。我们将转{said.unit}办理" if said.unit else "",
        f"，{_promise(form, rules, said.own_limit, now)}" if form.nature else "",
        f"。回复您的电话尾号是{_tail(form)}" if form.reply_wanted and _tail(form) else "",
        "。您的个人信息我们会保密" if form.confidential else "",
    ]
    return "".join(parts) + "。请问对吗？"


def _salutation(form: IntakeForm) -> str:
    name = form.name.strip()
    return f"{name}您好，" if name and not form.anonymous else "您好，"


def _when(form: IntakeForm, now: datetime) -> str:
    moment = occurred_at(form, now)
    if moment is None:
        return f"{form.occurred.strip()}，" if form.occurred.strip() else ""
    local = civil(moment)
    if (local.hour, local.minute) == (0, 0):
        return f"{local.month}月{local.day}日，"
    part = next(name for until, name in _PARTS_OF_DAY if local.hour < until)
    hour = local.hour - 12 if local.hour > 12 else local.hour
    minute = f"{local.minute}分" if local.minute else ""
    return f"{local.month}月{local.day}日{part}{hour}点{minute}，"


def _matter(form: IntakeForm, category: str) -> str:
    content = re.sub(r"\s+", "", clean(form.content).text).rstrip("。")
    return content if 0 < len(content) <= 120 else title_of(form, category)


def _promise(form: IntakeForm, rules: Rules, own_limit: str, now: datetime) -> str:
    due = rules.deadlines(form.urgency, form.nature or Nature.OTHER, now, own_limit=own_limit)
    return f"最迟{moment_words(due.finish_due)}前办结并回复您"


def _tail(form: IntakeForm) -> str:
    try:
        return " ".join(parse_phone(form.contact_phone or form.full_phone).tail)
    except Invalid:
        return ""
