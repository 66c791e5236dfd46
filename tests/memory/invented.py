"""Invented messages to measure learning on: nobody's city, nobody's words.

How they are built: 63 topics in seven classes, each with a few subjects and complaints as people phrase them. A
message takes a subject and two to four phrases of its topic, wraps them in greetings and asides, names a place,
and, one time in three, wanders off into another class (`astray`). Topics are as unequal as real ones (Zipf), 6 % of
the categories are wrong (`slips`) as clerks are, 12 % of the units too; every 14th topic's unit changes at two thirds
of the time. One time in five somebody else reports an earlier matter again in words of their own at the same
place: the earlier row is `same_as`.
"""

import csv
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

_TOPICS = Path(__file__).with_name("topics.txt")
_ONE = (
    "青 丰 泰 和 清 云 锦 翠 望 永 安 朝 平 东 南 西 北 新 金 银 "
    "玉 明 华 盛 兴 长 福 康 宁 文 天 景 海 江 岭 松 柳 梅 竹 荷"
).split()
_TWO = "源 湖 山 泉 林 河 溪 桥 塘 湾 阳 城 园 庭 苑 岸 峰 台 井 沟 港 洲 屏 亭 岗 坡 村 畔 原 坝".split()
_OPEN = (
    *"您好 你好，我要反映一个问题 尊敬的领导 来电人反映 市民来电 请问 我是附近居民".split(),
    *"领导您好，打扰了 麻烦帮忙转一下 第三次打电话了 替邻居问一下".split(),
    *("",) * 4,
)
_ASIDE = (
    *"给生活带来很大不便 已经好几个月了 多次反映都没有人管 希望引起重视 打了好几次电话没人接".split(),
    *"老人小孩都受影响 我们老百姓实在没办法 相关部门互相推诿 说了一个星期也没动静".split(),
    *"不知道该找哪个部门 家里有老人要照顾 白天上班没有时间去 网上也查不到 上个月也反映过".split(),
)
_END = (
    *"请尽快处理 请核实处理 希望给个答复 谢谢 盼回复 请相关部门查处 要求给个说法 请帮忙协调".split(),
    "",
    "",
)


@dataclass(frozen=True)
class Topic:
    category: str
    unit: str
    subjects: tuple[str, ...]
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Invented:
    """One row as a city's export would have it.

    `same_as` is the index of the earliest report of the matter, or -1; `street` where it happened, said or not.
    """

    title: str
    detail: str
    place: str
    category: str
    unit: str
    time: datetime
    same_as: int = -1
    street: str = ""


def topics() -> tuple[Topic, ...]:
    found, category = [], ""
    for line in _TOPICS.read_text("utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("["):
            category = line.strip("[]")
            continue
        unit, subjects, phrases = line.split("|")
        found.append(Topic(category, unit, tuple(subjects.split("/")), tuple(phrases.split("/"))))
    return tuple(found)


class City:
    """Streets and districts of an invented city; who answers for a place follows from its name."""

    def __init__(self, random: Random) -> None:
        names = [a + b for a in _ONE for b in _TWO]
        random.shuffle(names)
        self.districts = [f"{names.pop()}区" for _ in range(6)]
        self.streets = [(f"{names.pop()}街道", random.choice(self.districts)) for _ in range(34)]
        ends = ("路", "路", "大道", "街", "小区", "花园", "家园", "新村", "公寓", "苑", "广场")
        self.places = [
            (names.pop() + random.choice(ends), random.choice(self.streets)) for _ in range(420)
        ]


def invented(
    count: int, seed: int = 1, astray: float = 0.33, slips: float = 0.06
) -> list[Invented]:
    """`count` messages over eighteen months, oldest first; the same for the same seed."""
    random = Random(seed)
    city, known = City(random), topics()
    order = list(range(len(known)))
    random.shuffle(order)
    weights = [1.0 / (3 + order[at]) ** 0.7 for at in range(len(known))]
    start = datetime(2025, 5, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    rows: list[Invented] = []
    matters: list[tuple[int, int, tuple[str, tuple[str, str]]]] = []
    for at in range(count):
        moment = start + timedelta(minutes=round(at * 540 * 1440 / count))
        if matters and random.random() < 0.2:
            first, which, place = random.choice(matters[-400:])
        else:
            which = random.choices(range(len(known)), weights)[0]
            first, place = -1, random.choice(city.places)
            matters.append((at, which, place))
        late = at > count * 2 / 3 and which % 14 == 0
        unit = _unit(known[which], place, late, random, known)
        category = (
            known[which].category if random.random() > slips else random.choice(known).category
        )
        rows.append(_told(random, known, which, place, moment, first, category, unit, astray))
    return rows


def _unit(
    topic: Topic,
    place: tuple[str, tuple[str, str]],
    late: bool,
    random: Random,
    known: tuple[Topic, ...],
) -> str:
    if random.random() < 0.12:
        return random.choice(
            [one.unit for one in known if one.category == topic.category and one.unit != "街道"]
            or ["市城管局"]
        )
    if topic.unit == "街道":
        return f"{place[1][0]}办事处"
    if topic.unit.startswith("区"):
        return place[1][1][:-1] + topic.unit
    return "市政务服务局" if late else topic.unit


def _told(
    random: Random, known: tuple[Topic, ...], which: int, place: tuple[str, tuple[str, str]],
    moment: datetime, first: int, category: str, unit: str, astray: float,
) -> Invented:  # fmt: skip
    topic = known[which]
    where, (street, district) = place
    said = random.choice(
        (where, f"{district}{where}", f"{street}{where}", f"{district}{street}{where}")
    )
    subject = random.choice(topic.subjects)
    phrases = random.sample(topic.phrases, min(len(topic.phrases), random.randint(2, 4)))
    parts = [random.choice(_OPEN), f"{said}{subject}", *phrases]
    if random.random() < astray:
        other = random.choice([one for one in known if one.category != category])
        parts.insert(random.randint(1, len(parts)), random.choice(other.phrases))
    parts += [*random.sample(_ASIDE, random.randint(0, 3)), random.choice(_END)]
    detail = "，".join(filter(None, parts)) + "。"
    title = random.choice(
        (
            f"{said}{subject}",
            f"{subject}{phrases[0]}",
            f"关于{where}{subject}的问题",
            f"{where}{phrases[0]}",
        )
    )
    detail = "".join(_slip(random, one) for one in detail)
    shown = random.choice(
        (
            f"泊宁市{district}{street}{where}{random.randint(1, 260)}号",
            f"{district}{where}",
            where,
            "",
        )
    )
    return Invented(title[:40], detail, shown, category, unit, moment, first, street)


def _slip(random: Random, one: str) -> str:
    """What hasty typing does: a character in a hundred is missing or another."""
    chance = random.random()
    return "" if chance < 0.006 else random.choice("的了在是有人这") if chance < 0.011 else one


def write(rows: list[Invented], path: Path) -> None:
    """As a city exports it, with a byte order mark as spreadsheet programs write it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("title", "detail", "place", "category", "unit", "time"))
        for one in rows:
            sheet.writerow(
                (
                    one.title,
                    one.detail,
                    one.place,
                    one.category,
                    one.unit,
                    f"{one.time:%Y-%m-%d %H:%M:%S}",
                )
            )
