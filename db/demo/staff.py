"""Grid staff in the numbers of Kaifeng Longting, unit contacts, and one demo account per desk (field-facts K5, 2).

151 leaders, 138 instructors, 142 all-round workers and 916 part-timers over 193 grids: the report's own figures,
so some grids lack an instructor or a worker and the 1+1+1+N check has something to find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from console.domain.roles import Role
from db.demo.codes import CITY_CODE, DISTRICT_CODE, PhoneBook
from db.demo.geography import Geography, Grid
from db.demo.names import full_name
from db.demo.units import Unit, on_duty

LEADERS, INSTRUCTORS, ALL_ROUND, PART_TIME = 151, 138, 142, 916
# K8: thirty graduates and forty recruits among the all-round workers, 46 section-rank cadres among instructors.
_GRADUATES, _RECRUITS, _SECTION_RANK = 30, 40, 46

_CENTRE_DESKS: tuple[tuple[Role, str, tuple[str, ...]], ...] = (
    (Role.AGENT, "00", (
        "11 赵丽娟", "12 周倩", "13 吴晓燕", "14 孙雪", "15 何静", "16 马莹", "17 李敏", "18 陈佳怡", "19 杨帆",
        "20 郭楠", "21 林雨欣", "22 许婷", "23 冯磊", "24 谢思琪", "25 李𬭎", "26 王㛃",
    )),
    (Role.SUPERVISOR, "01", ("01 张慧", "02 刘海波")),
    (Role.DISPATCHER, "02", ("01 徐文静", "02 高明远", "03 宋倩")),
    (Role.REVISITOR, "03", ("01 梁雅", "02 唐玲", "03 韩雪梅")),
    (Role.OVERSEER, "04", ("01 曹建军", "02 彭志强")),
    (Role.LEADER, "06", ("01 袁立新",)),
    (Role.QC, "07", ("01 蒋红",)),
    (Role.KB_EDITOR, "08", ("01 沈思远",)),
    (Role.CLERK, "09", ("01 田芳", "02 董洁")),
    (Role.TRAINER, "95", ("01 苏晓梅",)),
    (Role.ADMIN, "99", ("01 程浩",)),
)  # fmt: skip
_DISTRICT_DESKS = (
    (Role.INSPECTOR, "0501 魏东（督察局）"),
    (Role.INSPECTOR, "0502 丁洁（纪委监委）"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works for the grid or a unit; `grid_codes` are the grids he or she covers.

    `post` is grid_leader, grid_instructor, all_round_worker, part_time_worker, or the role of a desk.
    """

    id: int
    staff_number: str
    name: str
    sex: str
    phone: str
    unit_code: str
    post: str
    full_time: bool
    duty_state: str
    grid_codes: tuple[str, ...]
    cadre_rank: str
    recruited_as: str
    trained: bool
    started: date


@dataclass(frozen=True, slots=True)
class Account:
    """A demo sign-in; the login is the agent number."""

    login: str
    name: str
    role: Role
    unit_code: str
    staff_id: int


class _Roster:
    def __init__(self, rng: Random, phones: PhoneBook, today: date) -> None:
        self.rng, self.phones, self.today = rng, phones, today
        self.staff: list[Staff] = []
        self.accounts: list[Account] = []

    def hire(
        self,
        post: str,
        unit_code: str,
        grids: tuple[str, ...] = (),
        number: str = "",
        name: str = "",
        rank: str = "",
        recruited: str = "",
    ) -> Staff:
        rng = self.rng
        male = rng.random() < (0.35 if post in ("agent", "part_time_worker") else 0.55)
        part_time = post == "part_time_worker"
        person = Staff(
            len(self.staff) + 1,
            number or f"W{len(self.staff) + 10001}",
            name or full_name(rng, male, rng.randint(1968, 2001)),
            "male" if male else "female",
            self.phones.mobile(),
            unit_code,
            post,
            not part_time,
            on_duty(rng),
            grids,
            rank,
            recruited,
            rng.random() < (0.6 if part_time else 0.92),
            self.today - timedelta(days=rng.randint(40, 2900)),
        )
        self.staff.append(person)
        return person

    def seat(
        self, role: Role, number: str, unit_code: str, person: Staff | None = None, name: str = ""
    ) -> None:
        """Give an account to somebody, hiring the person first when there is nobody yet."""
        person = person or self.hire(role.value, unit_code, number=number, name=name)
        self.accounts.append(Account(number, person.name, role, unit_code, person.id))


def staff_city(
    rng: Random, geography: Geography, units: Sequence[Unit], phones: PhoneBook, today: date
) -> tuple[tuple[Staff, ...], tuple[Account, ...]]:
    """Everybody who works, and the accounts of those who sit at a console."""
    roster = _Roster(rng, phones, today)
    _grid_staff(roster, geography)
    _centre_accounts(roster)
    _unit_accounts(roster, units)
    _grid_accounts(roster, units)
    return tuple(roster.staff), tuple(roster.accounts)


def _grid_staff(roster: _Roster, geography: Geography) -> None:
    basic = [g for g in geography.grids if g.kind == "basic"]
    special = [g for g in geography.grids if g.kind == "special"]
    covered = _special_cover(basic, special)
    without_instructor = set(roster.rng.sample(range(len(basic)), len(basic) - INSTRUCTORS))
    without_worker = set(roster.rng.sample(range(len(basic)), len(basic) - ALL_ROUND))
    _leaders(roster, basic, covered)
    _instructors(roster, [g for n, g in enumerate(basic) if n not in without_instructor])
    _workers(roster, [g for n, g in enumerate(basic) if n not in without_worker], covered)
    _part_timers(roster, basic, special)


def _special_cover(basic: list[Grid], special: list[Grid]) -> dict[str, tuple[str, ...]]:
    """Special grids have no leader of their own: the leader of a basic grid of the community covers them."""
    cover: dict[str, list[str]] = {}
    for n, grid in enumerate(special):
        own = [b for b in basic if b.community_code == grid.community_code]
        cover.setdefault(own[n % len(own)].code, []).append(grid.code)
    return {code: tuple(codes) for code, codes in cover.items()}


def _leaders(roster: _Roster, basic: list[Grid], covered: dict[str, tuple[str, ...]]) -> None:
    for grid in basic:
        roster.hire("grid_leader", grid.community_code, (grid.code, *covered.get(grid.code, ())))


def _instructors(roster: _Roster, grids: list[Grid]) -> None:
    for n, grid in enumerate(grids):
        rank = "科级" if n % 3 == 0 and n // 3 < _SECTION_RANK else "科员"
        roster.hire("grid_instructor", grid.street_code, (grid.code,), rank=rank)


def _workers(roster: _Roster, grids: list[Grid], covered: dict[str, tuple[str, ...]]) -> None:
    for n, grid in enumerate(grids):
        recruited = (
            "毕业生招录" if n < _GRADUATES else "社会招聘" if n < _GRADUATES + _RECRUITS else ""
        )
        codes = (grid.code, *covered.get(grid.code, ()))
        roster.hire("all_round_worker", grid.community_code, codes, recruited=recruited)


def _part_timers(roster: _Roster, basic: list[Grid], special: list[Grid]) -> None:
    """Two to a special grid (its own caretakers and guards), the rest spread over the basic ones."""
    posts = [g for g in special for _ in range(2)]
    rest = PART_TIME - len(posts)
    posts += [basic[n % len(basic)] for n in range(rest)]
    for grid in posts:
        roster.hire("part_time_worker", grid.community_code, (grid.code,))


def _centre_accounts(roster: _Roster) -> None:
    for role, prefix, people in _CENTRE_DESKS:
        for person in people:
            number, name = person.split()
            roster.seat(role, prefix + number, CITY_CODE, name=name)
    for role, text in _DISTRICT_DESKS:
        number, name = text.split()
        roster.seat(role, number, DISTRICT_CODE, name=name.partition("（")[0])


def _unit_accounts(roster: _Roster, units: Sequence[Unit]) -> None:
    """Two desks and a handler at each street, a liaison and a handler at each department."""
    for n, unit in enumerate(_of(units, "street_desk"), start=1):
        roster.seat(Role.STREET_DESK, f"10{n:02d}", unit.code)
        roster.seat(Role.STREET_DESK, f"11{n:02d}", unit.code)
        roster.seat(Role.HANDLER, f"12{n:02d}", unit.code)
    for unit in _of(units, "department"):
        roster.seat(Role.LIAISON, f"4{unit.code[1:]}", unit.code)
        roster.seat(Role.HANDLER, f"5{unit.code[1:]}", unit.code)


def _grid_accounts(roster: _Roster, units: Sequence[Unit]) -> None:
    """Each community signs in as its first grid's leader; its first all-round worker has an account too."""
    for n, unit in enumerate(_of(units, "community"), start=1):
        leader = _first(roster.staff, "grid_leader", unit.code)
        worker = _first(roster.staff, "all_round_worker", unit.code)
        if leader:
            roster.seat(Role.GRID_LEADER, f"2{n:03d}", unit.code, leader)
        if worker:
            roster.seat(Role.GRID_WORKER, f"3{n:03d}", worker.grid_codes[0], worker)


def _of(units: Sequence[Unit], kind: str) -> Iterator[Unit]:
    return (unit for unit in units if unit.kind == kind)


def _first(staff: Sequence[Staff], post: str, unit_code: str) -> Staff | None:
    return next((s for s in staff if s.post == post and s.unit_code == unit_code), None)
