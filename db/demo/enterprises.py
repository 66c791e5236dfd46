"""Invented shops and firms at door numbers of the invented roads (field-facts 6.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from db.demo.codes import DISTRICT_CODE, PhoneBook, credit_code
from db.demo.geography import CITY_NAME, DISTRICT_NAME, Geography
from db.demo.names import COMPANY_WORDS, SHOP_WORDS, full_name
from db.demo.people import Resident
from db.demo.roads import BAOLI_WEST, RoadRange
from db.demo.terrain import Point, to_lonlat


@dataclass(frozen=True, slots=True)
class Trade:
    """A line of business: how often, whether run by a firm, words that end its names, its dangers."""

    name: str
    weight: int
    firm: bool
    tails: tuple[str, ...]
    hazardous: float = 0.0
    beds: int = 0


TRADES = (
    Trade(
        "餐饮",
        20,
        False,
        ("小吃店", "烧烤店", "火锅店", "面馆", "餐馆", "早餐店", "羊肉馆", "饭庄", "奶茶店"),
    ),
    Trade(
        "食品零售", 14, False, ("便利店", "超市", "水果店", "粮油店", "烟酒店", "副食店", "生鲜店")
    ),
    Trade("居民服务", 10, False, ("理发店", "洗衣店", "家政服务部", "照相馆", "修脚店", "宠物店")),
    Trade("服装鞋帽", 8, False, ("服装店", "童装店", "鞋店", "布艺店")),
    Trade("五金建材", 7, False, ("五金店", "建材经营部", "灯具店", "门窗店", "装饰材料店"), 0.15),
    Trade("汽车服务", 5, False, ("汽修厂", "洗车行", "轮胎店", "电动车行"), 0.3),
    Trade("医药健康", 4, False, ("大药房", "口腔诊所", "中医馆", "眼镜店")),
    Trade("文体娱乐", 3, False, ("网吧", "台球厅", "歌厅", "棋牌室", "健身馆", "书店")),
    Trade("住宿", 3, False, ("宾馆", "旅馆", "民宿", "公寓酒店"), 0.0, 30),
    Trade("教育培训", 3, True, ("教育咨询有限公司", "艺术培训有限公司", "托管服务有限公司")),
    Trade("商贸", 7, True, ("商贸有限公司", "贸易有限公司", "电子商务有限公司")),
    Trade("科技", 4, True, ("科技有限公司", "信息技术有限公司", "网络科技有限公司")),
    Trade("建筑装饰", 4, True, ("建筑工程有限公司", "装饰工程有限公司", "劳务有限公司"), 0.1),
    Trade(
        "制造", 4, True, ("机械制造有限公司", "食品有限公司", "纺织有限公司", "包装有限公司"), 0.35
    ),
    Trade("物流仓储", 2, True, ("物流有限公司", "仓储有限公司", "快递有限公司"), 0.2),
    Trade("房产中介", 2, True, ("房地产经纪有限公司", "房屋租赁有限公司")),
)
# The doors of the merchants' case in the first of the five reports (field-facts Y7, Y8).
_PLANTED = (
    (123, "老灶台", "烧烤店"), (124, "阿满", "早餐店"), (125, "喜相逢", "饭庄"), (126, "巧手", "理发店"),
    (127, "柴火", "火锅店"), (128, "小红柚", "水果店"), (129, "十里香", "羊肉馆"), (130, "益民", "大药房"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A firm or a shop; `door_text` is the 门面号, one number or a range on one side."""

    id: int
    name: str
    credit_code: str
    kind: str
    industry: str
    legal_person: str
    legal_person_id: int | None
    phone: str
    road: str
    number: int
    last_number: int
    door_text: str
    address: str
    grid_code: str
    x: float
    y: float
    employees: int
    state: str
    founded: date
    licence_number: str
    licence_expires: date
    safety_person: str
    hazardous: bool
    beds: int
    micro_fire_station: bool

    @property
    def lonlat(self) -> Point:
        return to_lonlat((self.x, self.y))


class _Registry:
    def __init__(
        self,
        rng: Random,
        geography: Geography,
        owners: list[Resident],
        phones: PhoneBook,
        today: date,
    ) -> None:
        self.rng, self.phones, self.today = rng, phones, today
        self._owners = owners
        self._ranges = geography.road_ranges
        self._weights = [_busyness(r) * len(r.doors) for r in self._ranges]
        self._taken: set[tuple[str, int]] = set()
        self._names: set[str] = set()
        self._bodies: Iterator[int] = iter(rng.sample(range(1_000_000), 60_000))
        self._issued = 0

    def planted(self) -> Iterator[Enterprise]:
        doors = {
            (door, r.road): r for r in self._ranges if r.road == BAOLI_WEST for door in r.doors
        }
        for number, word, tail in _PLANTED:
            front = doors[number, BAOLI_WEST]
            trade = next(t for t in TRADES if tail in t.tails)
            yield self._register(trade, DISTRICT_NAME + word + tail, front, number, number)

    def any(self) -> Enterprise:
        trade = self.rng.choices(TRADES, [t.weight for t in TRADES])[0]
        front, number, last = self._doors()
        return self._register(trade, self._name(trade), front, number, last)

    def _doors(self) -> tuple[RoadRange, int, int]:
        """A free door, now and then two to four adjoining ones."""
        while True:
            front = self.rng.choices(self._ranges, self._weights)[0]
            number = self.rng.choice(front.doors)
            wide = self.rng.choice((2, 4, 6)) if self.rng.random() < 0.09 else 0
            last = min(number + wide, front.high)
            wanted = {(front.road, n) for n in range(number, last + 1, 2)}
            if not wanted & self._taken:
                return front, number, last

    def _name(self, trade: Trade) -> str:
        rng = self.rng
        while True:
            head = CITY_NAME if trade.firm or rng.random() < 0.1 else DISTRICT_NAME
            word = rng.choice(COMPANY_WORDS if trade.firm else SHOP_WORDS)
            extra = (
                "" if rng.random() < 0.35 else rng.choice(_FIRM_EXTRAS if trade.firm else _EXTRAS)
            )
            name = head + word + extra + rng.choice(trade.tails)
            if name not in self._names:
                self._names.add(name)
                return name

    def _register(
        self, trade: Trade, name: str, front: RoadRange, number: int, last: int
    ) -> Enterprise:
        rng = self.rng
        self._taken |= {(front.road, n) for n in range(number, last + 1, 2)}
        self._issued += 1
        owner = rng.choice(self._owners) if rng.random() < 0.35 else None
        person = (
            owner.name if owner else full_name(rng, rng.random() < 0.62, rng.randint(1960, 2002))
        )
        founded = self.today - timedelta(days=rng.randint(60, 7000))
        x, y = front.point_of(number)
        doors = f"{number}号" if number == last else f"{number}-{last}号"
        body = f"MA{next(self._bodies):06d}"
        return Enterprise(
            id=self._issued,
            name=name,
            credit_code=credit_code("91" if trade.firm else "92", DISTRICT_CODE, body),
            kind="company" if trade.firm else "shop",
            industry=trade.name,
            legal_person=person,
            legal_person_id=owner.id if owner else None,
            phone=self.phones.mobile() if rng.random() < 0.85 else self.phones.landline(),
            road=front.road,
            number=number,
            last_number=last,
            door_text=doors,
            address=f"{front.road}{doors}",
            grid_code=front.grid_code,
            x=x,
            y=y,
            employees=rng.randint(6, 120) if trade.firm else rng.randint(1, 9),
            state=rng.choices(("open", "suspended", "closed"), (93, 4, 3))[0],
            founded=founded,
            licence_number=f"{DISTRICT_CODE}{self._issued:07d}",
            licence_expires=self.today + timedelta(days=rng.randint(-40, 1700)),
            safety_person=person
            if rng.random() < 0.7
            else full_name(rng, True, rng.randint(1965, 2000)),
            hazardous=rng.random() < trade.hazardous,
            beds=rng.randint(8, trade.beds * 3) if trade.beds else 0,
            micro_fire_station=rng.random() < (0.3 if trade.firm else 0.05),
        )


_FIRM_EXTRAS = tuple("盛达泰源合诚邦创元嘉")
_EXTRAS = ("记", "家", "之家", "优选", "屋", "坊", "里", "汇", "轩", "阁", "居", "园", "时光")


def _busyness(front: RoadRange) -> float:
    """Shops stand thick along the streets of the town and thin in the townships."""
    return 0.25 if front.grid_code[6:9] >= "200" else 1.0


def register_enterprises(
    rng: Random,
    geography: Geography,
    residents: tuple[Resident, ...],
    phones: PhoneBook,
    today: date,
    count: int = 4_000,
) -> tuple[Enterprise, ...]:
    """The planted doors of 宝丽西街 first, then others until `count` are registered."""
    owners = [p for p in residents if 24 <= today.year - p.birth_date.year <= 64]
    registry = _Registry(rng, geography, owners, phones, today)
    enterprises = list(registry.planted())
    while len(enterprises) < count:
        enterprises.append(registry.any())
    return tuple(enterprises)
