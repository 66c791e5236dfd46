"""问责清单 on A4 across (field-facts H12, X3): units and persons by what went wrong, then single matters."""

from collections.abc import Sequence
from datetime import timedelta

from console.domain.forms import Stamp
from console.domain.sheets import AccountabilityEntry, AccountabilityList
from console.domain.states import SupervisionLevel
from console.domain.supervision import Blame
from console.services.paper.layout import Sheet
from console.services.paper.sheets.lists import Part, lists
from console.services.paper.sheets.parts import count, line, stacked, titled
from console.services.paper.tables import Row
from console.services.paper.words import lapse, moment

_COUNTS = ("承办", "超期", "超时\n签收", "退单", "退单\n被驳回", "重办", "未满意", "越关\n办结", "催办", "普通\n督办",
           "黄牌", "红牌", "扣分")  # fmt: skip
_COUNT_SHARES = (5.2,) * len(_COUNTS)
_MATTERS = ("序号", "责任单位", "责任人", "工单编号", "诉求标题", "问责事由", "督办级别", "超时", "催办", "扣分",
            "处理意见", "处理时间")  # fmt: skip
_MATTER_SHARES = (4, 11, 6.6, 13.2, 13.6, 11, 7, 7.6, 4, 4, 10, 8)


def accountability_list(sheet: Sheet, record: AccountabilityList, stamp: Stamp) -> None:
    """Who is to answer for what, and what was decided; parts without lines are left out."""
    parts = [
        *_blames("单位", record.units),
        *_blames("个人", record.persons),
        *_matters(record.rows, bool(record.units or record.persons)),
    ]
    lists(sheet, record, stamp, "问责清单", parts, _words(record))


def _words(record: AccountabilityList) -> str:
    units = {one.unit for one in record.units} or {one.unit for one in record.rows}
    points = sum(one.points for one in record.units or record.rows)
    settled = sum(one.settled_at is not None for one in record.rows)
    said = [f"合计 {len(units)} 个单位"]
    if record.units:
        late = sum(one.overdue for one in record.units)
        said.append(f"承办 {sum(one.handled for one in record.units)} 件，超期 {late} 件")
    if record.rows:
        said.append(f"问责事项 {len(record.rows)} 件，已处理 {settled} 件")
    return "；".join([*said, f"扣分 {points}"])


def _blames(who: str, blames: Sequence[Blame]) -> list[Part]:
    if not blames:
        return []
    person = who == "个人"
    names = ("序号", "单位", *(("责任人",) if person else ()), *_COUNTS)
    shares = (4, 14 if person else 24, *((10,) if person else ()), *_COUNT_SHARES)
    rows = [_blame(at, one, person) for at, one in enumerate(blames, 1)]
    return [Part(names, shares, rows, f"{'二' if person else '一'}、{who}（{len(rows)}）")]


def _blame(at: int, one: Blame, person: bool) -> Row:
    level = SupervisionLevel
    cards = (one.cards.get(each, 0) for each in (level.NORMAL, level.YELLOW, level.RED))
    counts = (
        one.handled, one.overdue, one.unsigned, one.returned, one.wrongly_returned, one.redone, one.unhappy,
        one.overrides, one.urged, *cards, one.points,
    )  # fmt: skip
    whose = (one.unit, one.person) if person else (one.unit,)
    return line((str(at), *whose, *map(count, counts)), frozenset({1}))


def _matters(rows: Sequence[AccountabilityEntry], named: bool) -> list[Part]:
    if named and not rows:
        return []
    name = f"三、问责事项（{len(rows)}件）" if named else ""
    lines = [_matter(at, one) for at, one in enumerate(rows, 1)]
    return [Part(_MATTERS, _MATTER_SHARES, lines, name)]


def _matter(at: int, one: AccountabilityEntry) -> Row:
    texts = (
        str(at),
        one.unit,
        one.person or "待核定",
        one.number,
        titled(one.title, one.confidential),
        one.matter,
        one.level or "—",
        _late(one.late),
        f"{one.urged}次" if one.urged else "—",
        count(one.points),
        one.opinion or "待处理",
        stacked(moment(one.settled_at)) or "未处理",
    )
    return line(texts, frozenset({1, 4, 5, 10}))


def _late(late: timedelta | None) -> str:
    """Hours are exact enough where days are counted."""
    if late is not None and late >= timedelta(days=1):
        late = timedelta(hours=late // timedelta(hours=1))
    return lapse(late) or "—"
