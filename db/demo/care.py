"""Who needs care or watching, how dangerous, and when the next visit is due (field-facts 6.4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from db.demo.codes import PhoneBook
from db.demo.names import full_name
from db.demo.people import Population, Resident
from db.demo.staff import Staff

# Care classes anybody on duty may see; key classes need the permission for sensitive data (field-facts 10.5).
CARE_NAMES = {
    "lives_alone": "独居老人",
    "empty_nest": "空巢老人",
    "advanced_age": "高龄老人",
    "disabled": "残疾人",
    "low_income": "低保",
    "extreme_poverty": "特困供养",
    "bereaved_parent": "失独家庭",
    "left_behind_child": "留守儿童",
    "child_in_difficulty": "困境儿童",
    "expecting": "孕产妇",
    "veteran": "退役军人",
    "severe_illness": "大病人员",
}
KEY_NAMES = {
    "released": "刑满释放人员",
    "community_correction": "社区矫正对象",
    "mental_disorder": "严重精神障碍患者",
    "drug_user": "吸毒人员",
    "hiv": "艾滋病人员",
    "youth_at_risk": "重点青少年",
    "petitioner": "上访人员",
}
RISK_NAMES = {"high": "高风险", "medium": "中风险", "low": "低风险"}

_WEEK, _MONTH, _QUARTER = 7, 30, 90
_MONTHLY = frozenset(
    {
        "extreme_poverty",
        "bereaved_parent",
        "child_in_difficulty",
        "released",
        "community_correction",
    }
)


def visit_days(care_class: str, risk: str) -> int:
    """Days between visits: high risk weekly, key objects monthly, others quarterly (field-facts 6.4)."""
    if risk == "high":
        return _WEEK
    return _MONTH if care_class in _MONTHLY or risk == "medium" else _QUARTER


@dataclass(frozen=True, slots=True)
class CareRecord:
    """One person in one class; `details` are the class's own fields as label and text."""

    id: int
    resident_id: int
    care_class: str
    key_person: bool
    risk: str
    registered_on: date
    registered_by: str
    registered_by_id: int
    state: str
    interval_days: int
    last_visit_date: date
    planned_visit_date: date
    next_visit_date: date
    guardian: str
    guardian_post: str
    guardian_phone: str
    details: tuple[tuple[str, str], ...]


Test = Callable[[Resident, int, int], bool]
# class → (who can be in it: resident, age, household size; share of those who are)
_CARE_RULES: tuple[tuple[str, Test, float], ...] = (
    ("lives_alone", lambda p, age, size: age >= 65 and size == 1, 0.97),
    (
        "empty_nest",
        lambda p, age, size: age >= 65 and size == 2 and p.relation in ("户主", "配偶"),
        0.55,
    ),
    ("advanced_age", lambda p, age, size: age >= 80, 0.98),
    ("disabled", lambda p, age, size: age >= 6, 0.021),
    ("low_income", lambda p, age, size: p.relation == "户主", 0.03),
    ("extreme_poverty", lambda p, age, size: age >= 60 and size == 1, 0.06),
    ("bereaved_parent", lambda p, age, size: 50 <= age <= 80 and size <= 2, 0.006),
    ("left_behind_child", lambda p, age, size: p.residence_kind == "left_behind", 0.9),
    ("child_in_difficulty", lambda p, age, size: age < 16, 0.008),
    (
        "expecting",
        lambda p, age, size: p.sex == "female" and 22 <= age <= 38 and p.marital_status == "已婚",
        0.06,
    ),
    ("veteran", lambda p, age, size: p.sex == "male" and age >= 22, 0.028),
    ("severe_illness", lambda p, age, size: age >= 30, 0.005),
    ("released", lambda p, age, size: 22 <= age <= 65, 0.003),
    ("community_correction", lambda p, age, size: 20 <= age <= 65, 0.002),
    ("mental_disorder", lambda p, age, size: age >= 18, 0.0045),
    ("drug_user", lambda p, age, size: 20 <= age <= 60, 0.002),
    ("hiv", lambda p, age, size: 20 <= age <= 60, 0.0004),
    ("youth_at_risk", lambda p, age, size: 12 <= age <= 17, 0.012),
    ("petitioner", lambda p, age, size: age >= 35, 0.0015),
)


class _CareDesk:
    def __init__(
        self, rng: Random, staff: tuple[Staff, ...], phones: PhoneBook, today: date
    ) -> None:
        self.rng, self.phones, self.today = rng, phones, today
        self._workers: dict[str, Staff] = {}
        for person in staff:
            if person.post in ("all_round_worker", "grid_leader"):
                for code in person.grid_codes:
                    self._workers.setdefault(code, person)
        self._guardians: dict[str, tuple[str, str]] = {}
        self._issued = 0

    def register(self, person: Resident, age: int, care_class: str) -> CareRecord:
        rng = self.rng
        self._issued += 1
        key = care_class in KEY_NAMES
        risk = _risk(rng, care_class, age)
        days = visit_days(care_class, risk)
        worker = self._workers[person.grid_code]
        last = self.today - timedelta(days=rng.randint(0, round(days * 1.15)))
        guardian, phone = self._guardian(person.grid_code) if key else ("", "")
        return CareRecord(
            self._issued,
            person.id,
            care_class,
            key,
            risk,
            self.today - timedelta(days=rng.randint(100, 1500)),
            worker.name,
            worker.id,
            "active" if rng.random() < 0.96 else "closed",
            days,
            last,
            last + timedelta(days=rng.choice((0, 0, 0, -2, 3))),
            last + timedelta(days=days),
            guardian,
            "社区民警" if key and rng.random() < 0.5 else "社区副书记" if key else "",
            phone,
            tuple(_details(rng, care_class, self.today)),
        )

    def _guardian(self, grid_code: str) -> tuple[str, str]:
        """One named official to each community keeps its key persons (包案)."""
        community = grid_code[:12]
        if community not in self._guardians:
            name = full_name(self.rng, True, self.rng.randint(1970, 1992))
            self._guardians[community] = (name, self.phones.mobile())
        return self._guardians[community]


def _risk(rng: Random, care_class: str, age: int) -> str:
    if care_class in ("lives_alone", "advanced_age") and age >= 80:
        return "high"
    weights = (12, 33, 55) if care_class in KEY_NAMES else (2, 18, 80)
    return rng.choices(("high", "medium", "low"), weights)[0]


def _details(rng: Random, care_class: str, today: date) -> Iterator[tuple[str, str]]:
    year = today.year
    if care_class == "disabled":
        yield "残疾类型", rng.choice(("肢体", "视力", "听力", "言语", "智力", "精神", "多重"))
        yield "残疾等级", rng.choice(("一级", "二级", "三级", "四级"))
    elif care_class == "low_income":
        yield "保障人数", str(rng.randint(1, 3))
        yield "月保障金额", f"{rng.randint(380, 1600)}元"
    elif care_class == "mental_disorder":
        yield "诊断", rng.choice(("精神分裂症", "双相障碍", "偏执性精神障碍", "分裂情感性障碍"))
        yield "危险等级", rng.choice(("0级", "0级", "1级", "2级", "3级"))
        yield "服药情况", rng.choice(("规律服药", "间断服药", "未服药"))
    elif care_class == "community_correction":
        yield "矫正类别", rng.choice(("缓刑", "假释", "暂予监外执行"))
        yield "矫正起止", f"{year - 1}年3月至{year + 1}年{rng.randint(1, 12)}月"
    elif care_class == "released":
        yield "释放年份", str(year - rng.randint(0, 4))
        yield "安置情况", rng.choice(("已就业", "自谋职业", "家庭安置", "未安置"))
    elif care_class == "drug_user":
        yield "管控情况", rng.choice(("社区戒毒", "社区康复", "戒断三年未复吸"))
    elif care_class == "petitioner":
        yield "上访次数", str(rng.randint(1, 9))
        yield "上访原因", rng.choice(("征地补偿", "物业纠纷", "劳动报酬", "历史遗留办证"))
    elif care_class == "expecting":
        yield "预产期", f"{today + timedelta(days=rng.randint(5, 250)):%Y-%m}"


def register_care(
    rng: Random, population: Population, staff: tuple[Staff, ...], phones: PhoneBook, today: date
) -> tuple[CareRecord, ...]:
    """Everybody who falls in a class, in resident order."""
    desk = _CareDesk(rng, staff, phones, today)
    sizes = {h.id: len(h.member_ids) for h in population.households}
    records = []
    for person in population.residents:
        age, size = (today - person.birth_date).days // 365, sizes[person.household_id]
        for care_class, fits, share in _CARE_RULES:
            if fits(person, age, size) and rng.random() < share:
                records.append(desk.register(person, age, care_class))
    return tuple(records)
