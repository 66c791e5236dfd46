"""What the program would choose, and why, while the operator types: by words, by what is alike, by what was learned."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console.domain.intake import Choice, IntakeForm, Suggested
from console.domain.policy import PolicyPack
from console.domain.states import NATURE_NAMES, Nature, TicketState, Urgency
from console.services.intake.city import City, KnownUnit
from console.services.intake.learned import Learned, read_learned, unit_learned
from console.services.intake.lists import STREET, Categories, KnownCategory, category_choice
from db.models import Ticket
from db.search import normalise

# Bounds that keep an answer within 50 ms however long the call and however old the database.
READ_OF_CONTENT, READ_OF_OTHERS, OTHERS = 600, 160, 120
OFFERED = 3
_FEWEST_ALIKE = 2
_Words = tuple[tuple[Nature, tuple[str, ...]], ...]
# Words that leave no doubt, then those that only lean one way: 希望尽快整治 is how a complaint ends.
_PLAIN_WORDS: _Words = (
    (Nature.PRAISE, ("表扬", "锦旗", "点赞")),
    (Nature.REPORT, ("举报", "检举", "无证", "违法", "偷排", "造假", "黑作坊")),
    (Nature.COMPLAINT, tuple("投诉 不作为 态度差 态度恶劣 乱收费 扰民 推诿 拖欠 不给退 多次反映".split())),
    (Nature.SUGGESTION, ("建议", "希望增设", "希望增加", "能不能增加", "提个意见")),
    (Nature.INQUIRY, tuple("咨询 请问 想问 怎么办理 如何办理 怎么申请 需要什么材料 什么时候发 了解一下".split())),
    (Nature.HELP, tuple("求助 帮忙 需要帮助 停水 停电 没水 没电 堵塞 损坏 坏了 漏水 不亮 塌陷 积水 外溢".split())),
)  # fmt: skip
_LEANING_WORDS: _Words = (
    (Nature.COMPLAINT, tuple("整治 占道 占人行道 没人管 无人管 不处理 拒不 影响 希望 要求".split())),
    (Nature.INQUIRY, tuple("怎么 如何 多少 哪里 什么时候 是否 能否 政策".split())),
    (Nature.HELP, tuple("帮帮 救助 困难 走失 需要".split())),
    (Nature.PRAISE, ("感谢",)),
)  # fmt: skip
# How much a learned suggestion of full certainty counts among words, and from when on it is worth naming.
_LEARNED, _WORTH_NAMING = 14.0, 0.08
# So many closed work orders of the category, and so large a part of one nature, speak for that nature.
_ENOUGH, _MOSTLY = 5, 0.6


@dataclass(frozen=True, slots=True)
class _Found:
    """A category with its points and what speaks for it: words, numbers of closed work orders, what was learned."""

    category: KnownCategory
    points: float
    words: tuple[str, ...]
    alike: tuple[str, ...] = ()
    reason: str = ""


def suggest(
    session: Session, pack: PolicyPack, city: City, categories: Categories, form: IntakeForm
) -> Suggested:
    """Category, unit, nature and urgency with reasons. At most 2 statements; seldom more, to fetch what was learned."""
    title, content = normalise(form.title[:120]), normalise(form.content[:READ_OF_CONTENT])
    spoken = f"{form.title} {form.content[:2000]}"
    line = pack.emergency_line(spoken)
    by_words = _by_words(categories, pack.acceptance.category_level, title, content)
    others = _others(session, form, [one.category.code for one in by_words[:8]]) if content else []
    alike = _alike(others, title + content)
    learned = read_learned(session, form) if title or content else None
    found = _with_learned(_with_alike(by_words, alike, categories), learned, categories)
    chosen = categories.get(form.category_code) or (found[0].category if found else None)
    unit, why = _unit(city, form, chosen, alike)
    if learned is not None:
        unit, why = _or_learned(city, unit, why, learned, chosen)
    nature, because = _nature(spoken, chosen, others)
    return Suggested(
        category=category_choice(found[0].category) if found else None,
        category_reason=_category_reason(found[0]) if found else "",
        unit=unit,
        unit_reason=why,
        nature=nature,
        nature_reason=because,
        urgency=Urgency.CRITICAL if line else chosen.urgency if chosen else None,
        emergency_line=line.value if line else "",
        others=tuple(
            category_choice(one.category, _category_reason(one)) for one in found[1 : OFFERED + 1]
        ),
    )


def _by_words(categories: Categories, level: int, title: str, content: str) -> list[_Found]:
    """Categories whose name or synonyms were said; long words and the title count more, lower levels before higher."""
    found = []
    for category in categories.by_code.values():
        if category.level < level:
            continue
        hits = tuple(w for w in category.words if len(w) > 1 and (w in content or w in title))
        if hits:
            points = sum(_points(word, word == category.words[0], word in title) for word in hits)
            found.append(_Found(category, points + category.level * 0.1, hits))
    found.sort(key=lambda one: -one.points)
    return found


def _points(word: str, is_name: bool, in_title: bool) -> float:
    return len(word) * (1.5 if is_name else 1.0) * (1.5 if in_title else 1.0)


def _others(session: Session, form: IntakeForm, codes: list[str]) -> list[Any]:
    """The newest closed work orders of the place, or of the categories that were said. One statement."""
    columns = (
        Ticket.number, Ticket.category_code, Ticket.holder_unit_id, Ticket.nature, Ticket.title,
        func.substr(Ticket.content, 1, READ_OF_OTHERS).label("content"),
    )  # fmt: skip
    closed = Ticket.state.in_((TicketState.CLOSED, TicketState.ARCHIVED))
    here = Ticket.category_code.in_(codes) if codes else Ticket.grid_id == form.grid_id
    if not codes and form.grid_id is None:
        return []
    query = select(*columns).where(here, closed, Ticket.confidential.is_(False))
    return list(session.execute(query.order_by(Ticket.accepted_at.desc()).limit(OTHERS)))


def _pieces(plain: str) -> frozenset[str]:
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _alike(others: list[Any], plain: str) -> list[Any]:
    """Those that share a good part of their two-character pieces with what was said, nearest first."""
    mine = _pieces(plain)
    near = []
    for row in others:
        theirs = _pieces(normalise(f"{row.title}{row.content}"))
        share = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
        if share >= 0.35:
            near.append((share, row))
    near.sort(key=lambda pair: -pair[0])
    return [row for _, row in near]


def _with_alike(found: list[_Found], alike: list[Any], categories: Categories) -> list[_Found]:
    numbers: dict[str, list[str]] = {}
    for row in alike:
        numbers.setdefault(row.category_code, []).append(row.number)
    by_code = {one.category.code: one for one in found}
    for code, near in numbers.items():
        known = categories.get(code)
        if code not in by_code and known and len(near) >= _FEWEST_ALIKE:
            by_code[code] = _Found(known, 0, ())
    scored = [
        replace(one, points=one.points + min(4, len(near)), alike=tuple(near))
        for code, one in by_code.items()
        for near in [numbers.get(code, [])]
    ]
    scored.sort(key=lambda one: -one.points)
    return scored


def _with_learned(
    found: list[_Found], learned: Learned | None, categories: Categories
) -> list[_Found]:
    if learned is None:
        return found
    by_path = {one.path: one for one in categories.by_code.values()}
    by_code = {one.category.code: one for one in found}
    for said in learned.categories():
        category = by_path.get(said.label)
        if category is not None and said.share >= _WORTH_NAMING:
            one = by_code.get(category.code, _Found(category, 0, ()))
            points = one.points + _LEARNED * said.share
            by_code[category.code] = replace(one, points=points, reason=said.reason)
    return sorted(by_code.values(), key=lambda one: -one.points)


def _or_learned(
    city: City, ruled: Choice | None, why: str, learned: Learned, category: KnownCategory | None
) -> tuple[Choice | None, str]:
    """The unit the rules name; the one such matters really went to where they name none or the wrong one."""
    named = city.units.get(ruled.id or 0) if ruled is not None else None
    unit, because = unit_learned(city, named, learned, category.path if category else "")
    return (_choice(unit), f"{because}；{why}".rstrip("；")) if unit is not None else (ruled, why)


def _category_reason(found: _Found) -> str:
    """Like which work orders, by which place, by which words, by the catalogue's words: never a bare figure."""
    alike = _like(found.alike) if found.alike and "像" not in found.reason else ""
    said = "”“".join(found.words[:3])
    words = f"按目录词语“{said}”" if said and "关键词" not in found.reason else ""
    parts = (found.reason, words, alike)
    return "；".join(filter(None, parts))


def _like(numbers: Sequence[str]) -> str:
    many = f"等{len(numbers)}件已办结工单" if len(numbers) > 1 else ""
    return f"像{numbers[0]}{many}"


def _said(words: Sequence[str]) -> str:
    return "话中有" + "、".join(f"“{word}”" for word in words) if words else ""


def _unit(
    city: City, form: IntakeForm, category: KnownCategory | None, alike: list[Any]
) -> tuple[Choice | None, str]:
    """The street of the place, or the department the category names (首接负责 otherwise: nobody is guessed)."""
    if category is None:
        return None, ""
    units = Counter(row.holder_unit_id for row in alike if row.category_code == category.code)
    if category.default_unit == STREET or not category.default_unit:
        unit, why = (
            city.street_of(form.grid_id),
            f"“{category.name}”由属地街道承办，地址属{city.path(form.grid_id)}{_by(form.grid_rule)}",
        )
        if unit is None:
            return None, f"“{category.name}”由属地街道承办，请先确定地点"
    else:
        unit, why = (
            city.department(category.default_unit),
            f"“{category.name}”由{category.default_unit}承办",
        )
        if unit is None:
            return None, f"“{category.name}”应由{category.default_unit}承办，目录中没有这个单位"
    same = units.get(unit.id, 0)
    return _choice(unit), f"{why}；同类已由其办结{same}件" if same else why


def _by(rule: str) -> str:
    return f"（{rule.strip()}）" if rule.strip() else ""


def _choice(unit: KnownUnit) -> Choice:
    return Choice(unit.code, unit.label, unit.name if unit.name != unit.label else "", "", unit.id)


def _nature(
    spoken: str, category: KnownCategory | None, others: list[Any]
) -> tuple[Nature | None, str]:
    """Plain words of the caller, then what the category is by its kind, leaning words, what it mostly was."""
    plain = _by_nature_words(spoken, _PLAIN_WORDS)
    if plain[0]:
        return plain
    if category is not None and category.nature:
        return category.nature, f"“{category.name}”一般是{NATURE_NAMES[category.nature]}"
    leaning = _by_nature_words(spoken, _LEANING_WORDS)
    return leaning if leaning[0] or category is None else _mostly(category, others)


def _by_nature_words(spoken: str, lists: _Words) -> tuple[Nature | None, str]:
    for nature, words in lists:
        hits = [word for word in words if word in spoken]
        if hits:
            return nature, _said(hits[:3])
    return None, ""


def _mostly(category: KnownCategory, others: list[Any]) -> tuple[Nature | None, str]:
    natures = Counter(row.nature for row in others if row.category_code == category.code)
    total = natures.total()
    if total < _ENOUGH:
        return None, ""
    nature, times = natures.most_common(1)[0]
    if times < total * _MOSTLY:
        return None, ""
    return Nature(
        nature
    ), f"“{category.name}”近{total}件中{times}件是{NATURE_NAMES[Nature(nature)]}"
