"""Exactly as many invented residents as asked for, in households that could exist (field-facts 6.3, 6.5).

Ages follow the shape of the 2020 census for a mid-sized city with a rural fringe. Nobody's identity number can
exist (codes.py). A child and some of the old share a parent's or partner's telephone, as on real lists.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from db.demo.codes import DISTRICT_CODE, IdentityNumbers, PhoneBook
from db.demo.households import Member, compose_household
from db.demo.housing import House, Housing, move_in
from db.demo.names import (
    MINORITY_NAMES,
    OTHER_COUNTIES,
    RARE_NAMES,
    Counties,
    family_of,
    full_name,
)

HOME_COUNTY = Counties(DISTRICT_CODE, "沧澜省云澜市楼台区")


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the actual population; `residence_kind` is registered, floating or left_behind."""

    id: int
    name: str
    former_name: str
    id_number: str
    sex: str
    birth_date: date
    ethnicity: str
    native_place: str
    marital_status: str
    political_status: str
    education: str
    religion: str
    occupation: str
    workplace: str
    phone: str
    second_phone: str
    household_id: int
    relation: str
    house_id: int
    grid_code: str
    address: str
    residence_kind: str
    registered_address: str
    floating_reason: str
    emergency_contact: str
    emergency_phone: str


@dataclass(frozen=True, slots=True)
class Household:
    """People who live together; `kind` is family or collective."""

    id: int
    number: str
    kind: str
    house_id: int
    grid_code: str
    head_id: int
    member_ids: tuple[int, ...]
    residence_kind: str
    income_source: str
    difficulty: str
    last_visit: date


@dataclass(frozen=True, slots=True)
class Population:
    residents: tuple[Resident, ...]
    households: tuple[Household, ...]
    houses: tuple[House, ...]


@dataclass(frozen=True, slots=True)
class _Home:
    """What the people of one household have in common."""

    household: int
    house: House
    origin: Counties
    landline: str


class _Registrar:
    """Settles households into houses until the count is reached."""

    def __init__(self, rng: Random, phones: PhoneBook, today: date) -> None:
        self.rng, self.phones, self.today = rng, phones, today
        self.numbers = IdentityNumbers(rng)
        self.residents: list[Resident] = []
        self.households: list[Household] = []
        self._special = [(n, s, "汉族") for n, s in RARE_NAMES] + list(MINORITY_NAMES)
        rng.shuffle(self._special)

    def settle(self, house: House, room: int, rural: bool) -> House:
        """Fill a house with a household of at most `room` people and return it occupied."""
        rng = self.rng
        members = compose_household(rng, rural)[:room]
        floating = not rural and rng.random() < 0.24
        origin = rng.choice(OTHER_COUNTIES) if floating else HOME_COUNTY
        household = len(self.households) + 1
        first = len(self.residents) + 1
        landline = self.phones.landline() if rng.random() < 0.08 else ""
        people = list(self._people(members, _Home(household, house, origin, landline)))
        self.residents.extend(people)
        kind = "floating" if floating else "registered"
        self.households.append(self._household(household, house, people, kind))
        if floating and rng.random() < 0.8:
            begins = self.today - timedelta(days=rng.randint(20, 900))
            return move_in(
                house, "rented", None, (begins, begins + timedelta(days=365 * rng.randint(1, 3)))
            )
        return move_in(house, "self", first, None)

    def _household(self, id_: int, house: House, people: list[Resident], kind: str) -> Household:
        rng = self.rng
        poor = rng.random() < 0.03
        return Household(
            id_,
            f"{house.grid_code[:12]}{id_:06d}",
            "family" if len(people) == 1 or people[1].relation != "非亲属" else "collective",
            house.id,
            house.grid_code,
            people[0].id,
            tuple(p.id for p in people),
            kind,
            _income(rng, people[0], self.today),
            rng.choice(("家庭成员长期患病", "无固定收入", "住房困难", "子女上学负担重"))
            if poor
            else "",
            self.today - timedelta(days=rng.randint(1, 160)),
        )

    def _people(self, members: list[Member], home: _Home) -> Iterator[Resident]:
        first = len(self.residents) + 1
        families = _Families(self.rng)
        phones: list[str] = []
        head = ("", "")
        for offset, member in enumerate(members):
            name, ethnicity = self._name(member, families)
            phone = self._phone(member, phones, home.landline)
            phones.append(phone)
            yield self._resident(first + offset, name, ethnicity, member, phone, home, head)
            head = head if offset else (name, phone)

    def _name(self, member: Member, families: "_Families") -> tuple[str, str]:
        """A planted difficult name about once in 150 adults until all are used, several times over."""
        if member.relation in ("户主", "配偶", "非亲属") and self.rng.random() < 0.006:
            name, sex, ethnicity = self._special[0]
            if (sex == "male") == member.male:
                self._special.append(self._special.pop(0))
                families.note(member, name)
                return name, ethnicity
        name = full_name(
            self.rng, member.male, self.today.year - member.age, families.surname(member)
        )
        families.note(member, name)
        return name, _ethnicity(self.rng)

    def _phone(self, member: Member, phones: list[str], landline: str) -> str:
        """Children and some of the very old have no number of their own."""
        borrowed = member.age < 14 or (member.age >= 75 and self.rng.random() < 0.45)
        if borrowed and phones:
            return landline if landline and member.age >= 75 else phones[0]
        return self.phones.mobile()

    def _resident(
        self,
        id_: int,
        name: str,
        ethnicity: str,
        member: Member,
        phone: str,
        home: _Home,
        head: tuple[str, str],
    ) -> Resident:
        rng = self.rng
        born = _birth_date(rng, self.today, member.age)
        origin, house = home.origin, home.house
        floating = origin is not HOME_COUNTY
        return Resident(
            id=id_,
            name=name,
            former_name=full_name(rng, member.male, born.year, family_of(name))
            if rng.random() < 0.01
            else "",
            id_number=self.numbers.issue(_birth_county(rng, origin), born, member.male),
            sex="male" if member.male else "female",
            birth_date=born,
            ethnicity=ethnicity,
            native_place=origin.name,
            marital_status=member.marital,
            political_status=_political(rng, member.age),
            education=_education(rng, member.age),
            religion=rng.choice(("佛教", "伊斯兰教", "基督教")) if rng.random() < 0.02 else "",
            occupation=_occupation(rng, member.age, member.male),
            workplace="",
            phone=phone,
            second_phone=home.landline if home.landline != phone else "",
            household_id=home.household,
            relation=member.relation,
            house_id=house.id,
            grid_code=house.grid_code,
            address=house.address,
            residence_kind="floating"
            if floating
            else "left_behind"
            if member.left_behind
            else "registered",
            registered_address=origin.name if floating else house.address,
            floating_reason=rng.choice(("务工", "经商", "随迁", "就学", "投靠亲友"))
            if floating
            else "",
            emergency_contact=head[0],
            emergency_phone=head[1],
        )


class _Families:
    """Surnames inside one household: children mostly carry the father's."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._by_line: dict[str, str] = {}

    def surname(self, member: Member) -> str:
        return self._by_line.get(member.line, "") if member.line else ""

    def note(self, member: Member, name: str) -> None:
        if member.line and "·" not in name:
            self._by_line.setdefault(member.line, family_of(name))


def _birth_date(rng: Random, today: date, age: int) -> date:
    """A day on which somebody of this age today was born."""
    latest = date(today.year - age, today.month, min(today.day, 28))
    return latest - timedelta(days=rng.randint(1, 360))


def _birth_county(rng: Random, origin: Counties) -> str:
    """Identity numbers keep the county of first registration; some of the registered came from elsewhere."""
    if origin is HOME_COUNTY and rng.random() < 0.12:
        return rng.choice(OTHER_COUNTIES).code
    return origin.code


def _ethnicity(rng: Random) -> str:
    if rng.random() < 0.968:
        return "汉族"
    return rng.choices(
        ("回族", "满族", "土家族", "苗族", "壮族", "朝鲜族", "彝族"), (12, 5, 3, 3, 3, 1, 2)
    )[0]


def _political(rng: Random, age: int) -> str:
    if age < 14:
        return "群众"
    if age < 28:
        return rng.choices(("群众", "共青团员", "中共党员"), (50, 44, 6))[0]
    return rng.choices(("群众", "中共党员", "民主党派"), (88, 11.5, 0.5))[0]


def _education(rng: Random, age: int) -> str:
    if age < 6:
        return "学龄前"
    if age < 12:
        return "小学在读"
    if age < 15:
        return "初中在读"
    if age < 18:
        return rng.choice(("高中在读", "高中在读", "中职在读"))
    levels = ("小学", "初中", "高中", "中专", "大专", "本科", "研究生")
    if age < 35:
        return rng.choices(levels, (1, 14, 16, 14, 26, 26, 3))[0]
    if age < 60:
        return rng.choices(levels, (10, 40, 19, 11, 11, 8, 1))[0]
    return rng.choices(levels, (48, 32, 11, 5, 3, 1, 0))[0]


_JOBS = (
    "企业职工 个体经营 外卖骑手 网约车司机 教师 护士 医生 公务员 事业单位职工 保安 保洁员 建筑工人 电工 厨师 服务员 店员 会计 "
    "程序员 快递员 货车司机 物业人员 理发师 销售 仓管员 质检员 车间工人 家政服务员 幼儿教师 银行职员 自由职业"
).split()


def _occupation(rng: Random, age: int, male: bool) -> str:
    if age < 6:
        return "学龄前儿童"
    if age < 18 or (age < 23 and rng.random() < 0.5):
        return "学生"
    if age >= (63 if male else 56):
        return rng.choices(("退休", "务农", "无业"), (70, 20, 10))[0]
    return "待业" if rng.random() < 0.06 else rng.choice(_JOBS)


def _income(rng: Random, head: Resident, today: date) -> str:
    if today.year - head.birth_date.year >= 62:
        return rng.choice(("退休金", "养老金", "子女赡养", "种植收入"))
    return rng.choices(("工资", "个体经营", "务工", "种植养殖", "财产性收入"), (55, 18, 17, 7, 3))[
        0
    ]


def settle_people(
    rng: Random, housing: Housing, phones: PhoneBook, today: date, count: int = 20_000
) -> Population:
    """Move households into randomly chosen houses until exactly `count` people live in the city."""
    registrar = _Registrar(rng, phones, today)
    houses = {house.id: house for house in housing.houses}
    villages = {e.id for e in housing.estates if e.kind == "village"}
    order = list(houses)
    rng.shuffle(order)
    for house_id in order:
        left = count - len(registrar.residents)
        if not left:
            break
        house = houses[house_id]
        houses[house_id] = registrar.settle(house, left, house.estate_id in villages)
    if len(registrar.residents) != count:
        raise ValueError(f"{len(houses)} houses are too few for {count} people")
    return Population(
        tuple(registrar.residents), tuple(registrar.households), tuple(houses.values())
    )
