"""Records of the sheets about many work orders, as many rows as a test wants; nobody in them exists."""

from dataclasses import replace
from datetime import date, timedelta

from console.domain.records import LightText
from console.domain.sheets import (
    AccountabilityEntry,
    AccountabilityList,
    Basis,
    LitOrder,
    PromiseDue,
    ReturnStatistics,
    ReturnTally,
    SheetKind,
    SheetRecord,
    ShiftHandover,
    SupervisionEntry,
    SupervisionLedger,
    ToResume,
    WaitingCall,
)
from console.domain.states import Light, SupervisionLevel
from console.domain.supervision import Blame
from tests.builders import ACCEPTED

HEADING = "云澜市12345政务服务便民热线"
UNITS = (
    "望台街道办事处",
    "区市政维护所",
    "区城市管理局",
    "云澜市住房和城乡建设局",
    "清河街道办事处",
)
TITLES = (
    "宝丽西街123号门面前下水道堵塞污水外溢",
    "金色家园小区电梯停运三日，老人无法下楼",
    "工地夜间施工噪声扰民",
    "建设路与青年路交叉口路灯连续三晚不亮，学生放学看不清",
)
BASIS = Basis(
    "2026年3月1日至3月8日",
    "全部承办单位，按督办时间统计，含已解除",
    ACCEPTED + timedelta(hours=9),
    "TJ260308-7KQ2M",
)
_LEVELS = (SupervisionLevel.NORMAL, SupervisionLevel.YELLOW, SupervisionLevel.RED)


def number(at: int) -> str:
    return f"202603080100{at:04d}7"


def shift(rows: int = 3) -> ShiftHandover:
    """An early shift with that many rows in each list."""
    yellow, red = LightText(Light.YELLOW, "剩2小时"), LightText(Light.RED, "超时1天3小时")
    return ShiftHandover(
        "早班",
        ACCEPTED - timedelta(hours=1, minutes=24),
        ACCEPTED + timedelta(hours=6, minutes=36),
        "李敏 0017",
        "张悦 0018",
        (
            ("接听", "312"),
            ("接通率", "98.7%"),
            ("登记工单", "147"),
            ("直接答复", "96"),
            ("未接", "4"),
        ),
        tuple(
            PromiseDue(
                number(at),
                TITLES[at % 4],
                f"第{at + 1}项：今日17时前回电告知处理进展",
                ACCEPTED + timedelta(hours=8, minutes=at),
                "吴小燕 3022",
                UNITS[at % 5],
                yellow,
            )
            for at in range(rows)
        ),
        tuple(
            LitOrder(
                number(100 + at),
                TITLES[(at + 1) % 4],
                UNITS[(at + 1) % 5],
                red if at % 2 else yellow,
                "处理中",
                ACCEPTED + timedelta(hours=at),
                "已电话催办一次" if at % 2 else "",
                confidential=at == 1,
            )
            for at in range(rows)
        ),
        tuple(
            WaitingCall(
                ACCEPTED + timedelta(minutes=7 * at),
                "138****0012",
                "普通话",
                timedelta(minutes=12 + at),
                f"第{at + 1}个来电：要求回电",
            )
            for at in range(rows)
        ),
        tuple(
            ToResume(
                number(300 + at),
                TITLES[(at + 2) % 4],
                UNITS[(at + 2) % 5],
                "等待诉求人补充材料",
                date(2026, 3, 9),
                "郑督 0051",
            )
            for at in range(rows)
        ),
        "3月9日上午停水施工，预计来电增多，已通知供水集团安排人员值守。",
        HEADING,
        replace(BASIS, filter="", period=""),
    )


def supervisions(rows: int = 6) -> SupervisionLedger:
    return SupervisionLedger(
        tuple(
            SupervisionEntry(
                f"岳政热督〔2026〕{at + 1}号",
                number(at),
                TITLES[at % 4],
                _LEVELS[at % 3],
                ("超期未办结", "群众不满意", "领导批示")[at % 3],
                UNITS[at % 5],
                ACCEPTED + timedelta(hours=at),
                ACCEPTED + timedelta(days=3, hours=at) if at % 4 else None,
                "李市长" if at % 3 == 2 else "",
                "已组织抢修，预计两日内完成" if at % 2 else "",
                ACCEPTED + timedelta(days=1, hours=at) if at % 2 else None,
                ACCEPTED + timedelta(days=2, hours=at) if at % 4 == 1 else None,
                at % 3,
                at == 2,
            )
            for at in range(rows)
        ),
        HEADING,
        BASIS,
    )


def returns(rows: int = 6) -> ReturnStatistics:
    return ReturnStatistics(
        rows=tuple(
            ReturnTally(
                UNITS[at % 5], ("下水道堵塞", "电梯故障", "夜间施工", "路灯不亮")[at % 4],
                40 + at, 5, (1, 2, 1, 1, 0), 3, 1, 1, at % 2,
            )
            for at in range(rows)
        ),
        heading=HEADING,
        basis=BASIS,
    )  # fmt: skip


def blames(rows: int = 4, persons: bool = True) -> AccountabilityList:
    """What the supervision desk counted of so many units."""
    units = tuple(
        Blame(
            UNITS[at % 5], "", 120 + at, 7 + at, at % 3, 5, 2, at % 4, 3, 1, 6 + at,
            {SupervisionLevel.NORMAL: 3, SupervisionLevel.RED: at % 2}, 10 - at % 10,
        )
        for at in range(rows)
    )  # fmt: skip
    people = tuple(replace(one, person=f"刘联络{at} 40{at:02d}") for at, one in enumerate(units))
    return AccountabilityList(units, people if persons else (), (), HEADING, BASIS)


def answers(rows: int = 6) -> AccountabilityList:
    return AccountabilityList(
        (),
        (),
        tuple(
            AccountabilityEntry(
                UNITS[at % 5],
                "刘联络" if at % 3 else "",
                number(at),
                TITLES[at % 4],
                ("红灯超期，两次催办后仍未办结", "回访不满意，重办两次未改进")[at % 2],
                ("黄牌督办", "红牌督办")[at % 2],
                timedelta(days=at, hours=3),
                at % 4,
                at % 3,
                "约谈分管负责人，责令三日内办结" if at % 2 else "",
                ACCEPTED + timedelta(days=2) if at % 2 else None,
            )
            for at in range(rows)
        ),
        HEADING,
        BASIS,
    )


def record(kind: SheetKind, rows: int = 6) -> SheetRecord:
    """The record of a kind with that many rows."""
    makers = {
        SheetKind.SHIFT_HANDOVER: shift,
        SheetKind.SUPERVISION_LEDGER: supervisions,
        SheetKind.RETURN_STATISTICS: returns,
        SheetKind.ACCOUNTABILITY_LIST: answers,
    }
    return makers[kind](rows)
