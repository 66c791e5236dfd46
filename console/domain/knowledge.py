"""The knowledge base: states and versions of an entry, who may do what, when it is to be looked at again
(field-facts 10.13). A published version never changes: what was read out to a caller can be read again."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from console.domain.errors import Invalid, InvalidForm
from console.domain.roles import Role
from console.domain.wording import check_length, check_line, clean

# Longer, nobody can read it out in one breath of a call.
SHORT_LIMIT = 200
LONG_LIMIT, VARIANTS_LIMIT, WORDS_LIMIT = 5000, 1000, 500
# An entry is announced to its editors this long before it runs out or is to be reviewed.
AHEAD = timedelta(days=14)
LONGEST_REVIEW = 1095


class EntryState(StrEnum):
    """As stored. That a published version has run out follows from its dates."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Standing(StrEnum):
    """What a version is today."""

    DRAFT = "draft"
    REVIEW = "review"
    FUTURE = "future"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


STANDING_NAMES: dict[Standing, str] = {
    Standing.DRAFT: "草稿",
    Standing.REVIEW: "待审",
    Standing.FUTURE: "未生效",
    Standing.IN_FORCE: "有效",
    Standing.EXPIRED: "已过期",
    Standing.REPLACED: "旧版本",
    Standing.WITHDRAWN: "已撤下",
}
UNPUBLISHED = frozenset({Standing.DRAFT, Standing.REVIEW})


class Deed(StrEnum):
    """What can be done with a version."""

    EDIT = "edit"
    SUBMIT = "submit"
    PUBLISH = "publish"
    SEND_BACK = "send_back"
    REVISE = "revise"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"
    SETTLE = "settle"


class Pile(StrEnum):
    """The lists of whoever keeps the knowledge base; the last is everybody's own proposals."""

    REVIEW = "review"
    DUE = "due"
    EXPIRED = "expired"
    COMPLAINTS = "complaints"
    OWN = "own"


PILE_NAMES: dict[Pile, str] = {
    Pile.REVIEW: "待审",
    Pile.DUE: "待复核",
    Pile.EXPIRED: "过期",
    Pile.COMPLAINTS: "有反馈",
    Pile.OWN: "我写的",
}


class Opinion(StrEnum):
    """What somebody who used an entry says of it."""

    USEFUL = "useful"
    WRONG = "wrong"
    OUTDATED = "outdated"


OPINION_NAMES: dict[Opinion, str] = {
    Opinion.USEFUL: "有用",
    Opinion.WRONG: "有误",
    Opinion.OUTDATED: "已过时",
}
EDITORS = frozenset({Role.KB_EDITOR, Role.SUPERVISOR})
_READ_ONLY = frozenset({Role.INSPECTOR, Role.ADMIN, Role.TRAINER, Role.KEEPER})
PROPOSERS = frozenset(Role) - _READ_ONLY


@dataclass(frozen=True, slots=True)
class EntryText:
    """What is written in a version. `question_variants` is one way to ask a line."""

    title: str = ""
    question_variants: str = ""
    short_answer: str = ""
    long_answer: str = ""
    basis: str = ""
    responsible_unit: str = ""
    region: str = "全市"
    category_code: str = ""
    effective_on: date | None = None
    expires_on: date | None = None
    review_every_days: int = 180


CAPTIONS: dict[str, str] = {
    "title": "标题",
    "question_variants": "其他问法",
    "short_answer": "简短答复",
    "long_answer": "详细说明",
    "basis": "依据",
    "responsible_unit": "责任单位",
    "region": "适用范围",
    "category_code": "分类",
    "effective_on": "生效日期",
    "expires_on": "失效日期",
    "review_every_days": "复核周期（天）",
}
_LINES = (("title", 120), ("basis", 300), ("responsible_unit", 120), ("region", 60))
_TEXTS = (
    ("question_variants", VARIANTS_LIMIT),
    ("short_answer", SHORT_LIMIT),
    ("long_answer", LONG_LIMIT),
)


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A version in a list. `complaints` are opinions of its whole line of versions nobody has settled."""

    id: int
    title: str
    short_answer: str
    unit: str
    standing: Standing
    version: int
    hits: int
    validity: str = ""
    review_due: date | None = None
    complaints: int = 0
    author: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a version beside the one before."""

    caption: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the history, with what it changed."""

    id: int
    version: int
    standing: Standing
    author: str
    reviewer: str
    at: datetime
    note: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class OpinionLine:
    """What somebody said of an entry."""

    id: int
    kind: Opinion
    by: str
    at: datetime
    text: str
    version: int
    settled: bool


@dataclass(frozen=True, slots=True)
class EntryFile:
    """One version in full, as somebody may see it."""

    id: int
    text: EntryText
    standing: Standing
    version: int
    category: str
    author: str
    reviewer: str
    reviewed_on: date | None
    review_due: date | None
    proposed_from: str
    note: str
    hits: int
    updated_at: datetime
    validity: str
    versions: tuple[VersionLine, ...] = ()
    opinions: tuple[OpinionLine, ...] = ()
    deeds: frozenset[Deed] = frozenset()


@dataclass(frozen=True, slots=True)
class Named:
    """A unit or a category to choose by typing."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry as a closed work order suggests it; nobody's name or number is in it."""

    ticket_id: int
    number: str
    text: EntryText


def standing_of(
    state: EntryState, effective_on: date | None, expires_on: date | None, today: date
) -> Standing:
    """What a stored version is on that day."""
    if state is not EntryState.PUBLISHED:
        return Standing(state.value)
    if expires_on is not None and expires_on < today:
        return Standing.EXPIRED
    if effective_on is not None and effective_on > today:
        return Standing.FUTURE
    return Standing.IN_FORCE


def permitted(role: Role, mine: bool, standing: Standing, wrote: bool = False) -> frozenset[Deed]:
    """What this person may do. Nobody publishes what he has written himself: two have read it.

    `mine` is its author; `wrote` whoever changed its words last.
    """
    editor = role in EDITORS
    if standing in UNPUBLISHED:
        if not editor and not (mine and role in PROPOSERS):
            return frozenset()
        deeds = {Deed.EDIT, Deed.WITHDRAW}
        deeds |= {Deed.SUBMIT} if standing is Standing.DRAFT else set()
        deeds |= {Deed.SEND_BACK} if standing is Standing.REVIEW and editor and not mine else set()
        return frozenset(deeds | ({Deed.PUBLISH} if editor and not mine and not wrote else set()))
    if not editor:
        return frozenset()
    if standing in (Standing.IN_FORCE, Standing.FUTURE, Standing.EXPIRED):
        kept = {Deed.REVISE, Deed.WITHDRAW, Deed.SETTLE}
        return frozenset(kept if standing is Standing.EXPIRED else kept | {Deed.CONFIRM})
    return frozenset({Deed.SETTLE, Deed.REVISE})


def review_due(since: date | None, every_days: int) -> date | None:
    """When a version is to be looked at again; None for one never looked at, which is due at once."""
    return since + timedelta(days=every_days) if since is not None else None


def overtaken(
    effective_on: date | None, expires_on: date | None, starts: date | None, today: date
) -> tuple[EntryState, date | None]:
    """What becomes of an older published version when one that `starts` then is published.

    The old answer is found until the new one is in force: between two versions nobody is left without one.
    """
    if starts is None or starts <= today or (effective_on is not None and effective_on >= starts):
        return EntryState.REPLACED, expires_on
    last = starts - timedelta(days=1)
    return EntryState.PUBLISHED, last if expires_on is None else min(expires_on, last)


def validity_words(effective_on: date | None, expires_on: date | None, today: date) -> str:
    """`2026年12月1日起生效`, `有效至2027年6月30日`, `已于…到期`; empty when it holds without limit."""
    if expires_on is not None and expires_on < today:
        return f"已于{date_words(expires_on)}到期"
    parts = []
    if effective_on is not None and effective_on > today:
        parts.append(f"{date_words(effective_on)}起生效")
    if expires_on is not None:
        parts.append(f"有效至{date_words(expires_on)}")
    return "，".join(parts)


def date_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_DAY = re.compile(r"(20\d\d)\D{0,2}(\d{1,2})\D{1,2}(\d{1,2})\D?|(20\d\d)(\d\d)(\d\d)")


def read_day(typed: str, field: str) -> date | None:
    """A day as people type it: 2026-12-31, 2026年12月31日, 20261231; None for nothing. Raises Invalid."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        return None
    found = _DAY.fullmatch(plain)
    try:
        return date(*(int(part) for part in (found.groups() if found else ()) if part))
    except (TypeError, ValueError):
        raise Invalid(f"“{plain}”不是日期", "请写成 2026-12-31 的样子", field) from None


def changes(before: EntryText | None, after: EntryText) -> tuple[Change, ...]:
    """What the later text says otherwise, in the order of the form; nothing for a first version."""
    if before is None:
        return ()
    names = [field.name for field in fields(EntryText)]
    pairs = ((n, _shown(getattr(before, n)), _shown(getattr(after, n))) for n in names)
    return tuple(Change(CAPTIONS[name], old, new) for name, old, new in pairs if old != new)


def _shown(value: object) -> str:
    return date_words(value) if isinstance(value, date) else str(value or "")


def checked(text: EntryText, today: date) -> EntryText:
    """The text as it may be stored. Raises InvalidForm naming every field that is wrong."""
    faults: list[Invalid] = []
    said: dict[str, Any] = {}
    for name, most in _LINES:
        said[name] = _kept(faults, check_line, getattr(text, name), CAPTIONS[name], most, name)
    for name, most in _TEXTS:
        plain = clean(getattr(text, name)).text.strip()
        said[name] = _kept(faults, check_length, plain, most, CAPTIONS[name], name)
    faults += _missing(said)
    faults += _telling(said)
    faults += _dates(text, today)
    if faults:
        raise InvalidForm(tuple(faults))
    return replace(text, **said)


def _kept(faults: list[Invalid], check: Callable[..., str], *given: object) -> str:
    try:
        return check(*given)
    except Invalid as fault:
        faults.append(fault)
        return ""


def _missing(said: dict[str, str]) -> Iterable[Invalid]:
    if not said["title"]:
        yield Invalid("请填写标题", "写成来电人会问的一句话", "title")
    if not said["short_answer"]:
        yield Invalid("请填写简短答复", "写成可以直接读给来电人听的话", "short_answer")


# Looked for in a text without blanks and dashes: eleven digits of a mobile, eighteen of an identity number.
_PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


def _telling(said: dict[str, str]) -> Iterable[Invalid]:
    """An answer is read out to everybody: nobody's own number belongs in it."""
    for name, text in said.items():
        found = _PERSONAL.search(re.sub(r"[ \-]", "", unicodedata.normalize("NFKC", text)))
        if found:
            words = f"{CAPTIONS[name]}里有像个人号码的“{found.group()[:3]}…{found.group()[-2:]}”"
            yield Invalid(words, "知识条目人人可见，请改用单位的固定电话", name)


def _dates(text: EntryText, today: date) -> Iterable[Invalid]:
    first, last = text.effective_on, text.expires_on
    if last is not None and first is not None and last < first:
        yield Invalid("失效日期早于生效日期", field="expires_on")
    elif last is not None and last < today:
        yield Invalid("失效日期已经过去", "长期有效的可以不填", "expires_on")
    if not 1 <= text.review_every_days <= LONGEST_REVIEW:
        words = f"复核周期应为 1 到 {LONGEST_REVIEW} 天"
        yield Invalid(words, field="review_every_days")
