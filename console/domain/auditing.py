"""Who saw whom: what an auditor asks, what comes back, and what of it is out of the ordinary (peers 6.8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from console.domain.mark import MEDIUM_NAMES, Medium
from console.domain.night import Night
from console.domain.roles import Role
from console.domain.watching import UNWATCH, WATCH
from console.domain.worktime import civil

MAY_AUDIT = frozenset({Role.SUPERVISOR, Role.OVERSEER, Role.INSPECTOR})
COPY = "copy"
# What touches a citizen's data; the rest of the audit is about accounts and settings.
ACTION_NAMES = {
    "reveal": "查看完整信息",
    "reveal_caller": "接听时查看",
    "search": "按号码查找",
    "open_file": "打开附件",
    "correct_identity": "更正身份证号",
    "save_file": "另存附件",
    COPY: "复制到别处",
    "print": "打印",
    "file": "生成文件",
    "export": "导出",
    "export_refused": "导出未获准",
    "import_check": "导入前比对",
    "import": "导入",
    "audit_search": "查阅记录检索",
    "trace": "识别追溯码",
    WATCH: "加入关注号码",
    UNWATCH: "移出关注号码",
}
FIELD_NAMES = {
    "phone": "号码",
    "name": "姓名",
    "address": "地址",
    "home_address": "住址",
    "id_number": "证件号",
    "content": "原文",
}
# Seeing in full by choice; whoever answers a call sees the caller, which is the work itself.
CHOSEN = frozenset({"reveal", "open_file", "export"})
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AuditRules:
    """What a city finds out of the ordinary: its policy pack's."""

    night: Night


class Unusual(StrEnum):
    """Why a line deserves a second look. None of them proves anything."""

    MANY = "many"
    NIGHT = "night"
    OUTSIDE = "outside"
    COLLEAGUE = "colleague"
    WATCHED = "watched"


UNUSUAL_NAMES = {
    Unusual.MANY: "一小时内多次",
    Unusual.NIGHT: "夜间",
    Unusual.OUTSIDE: "非本人经手",
    Unusual.COLLEAGUE: "查看同事",
    Unusual.WATCHED: "关注号码",
}


@dataclass(frozen=True, slots=True)
class About:
    """A citizen who is pointed at, not named: whoever asked in a work order, or a row of the register."""

    words: str
    ticket_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Everything empty asks for all there was in the period; several conditions hold together.

    `citizen` is a phone or identity number in full, or how a resident's name begins; `about` stands in its place.
    """

    citizen: str = ""
    number: str = ""
    operator: str = ""
    since: date | None = None
    until: date | None = None
    unusual_only: bool = False
    about: About | None = None

    @property
    def empty(self) -> bool:
        return not (self.citizen or self.number or self.operator or self.about)


@dataclass(frozen=True, slots=True)
class Seen:
    """One time somebody saw, looked for, printed or took out something."""

    id: str
    at: datetime
    who: str
    account_id: int | None
    action: str
    what: str
    number: str
    reason: str
    workstation: str
    unusual: tuple[Unusual, ...] = ()

    @property
    def action_words(self) -> str:
        return ACTION_NAMES.get(self.action, self.action)

    @property
    def unusual_words(self) -> str:
        return "、".join(UNUSUAL_NAMES[why] for why in self.unusual)


@dataclass(frozen=True, slots=True)
class Answer:
    """Newest first; `cut` when there is more than a list can hold."""

    seen: tuple[Seen, ...]
    cut: bool = False
    note: str = ""

    @property
    def unusual(self) -> int:
        return sum(bool(one.unusual) for one in self.seen)


@dataclass(frozen=True, slots=True)
class Traced:
    """Whose copy a picture or a file is. `who` is empty while no database has been asked."""

    at: datetime
    medium: Medium | None
    training: bool = False
    account_id: int = 0
    copy: int = 0
    code: str = ""
    who: str = ""
    unit: str = ""
    copies: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()

    @property
    def medium_words(self) -> str:
        return MEDIUM_NAMES[self.medium] if self.medium is not None else "追溯码文字"


def many_at(moments: Iterable[datetime], most: int) -> frozenset[datetime]:
    """Those that lie in some hour with `most` or more of them."""
    found: set[datetime] = set()
    inside: list[datetime] = []
    for at in sorted(moments):
        inside = [one for one in inside if at - one < _HOUR] + [at]
        if len(inside) >= most:
            found.update(inside)
    return frozenset(found)


def many(
    reveals: Iterable[tuple[int | None, datetime]], most: int
) -> Mapping[int | None, frozenset[datetime]]:
    """For each account, when it looked at many in an hour."""
    by_account: dict[int | None, list[datetime]] = defaultdict(list)
    for account_id, at in reveals:
        by_account[account_id].append(at)
    return {account_id: many_at(moments, most) for account_id, moments in by_account.items()}


def lines(seen: Sequence[Seen]) -> tuple[tuple[str, ...], ...]:
    """As exported: one row each, in the order of `HEADERS`."""
    return tuple(
        (
            f"{civil(one.at):%Y-%m-%d %H:%M:%S}",
            one.who,
            one.action_words,
            one.what,
            one.number,
            one.reason,
            one.workstation,
            one.unusual_words,
        )
        for one in seen
    )


HEADERS = ("时间", "操作人", "动作", "内容", "工单编号", "理由", "工作站", "异常")
