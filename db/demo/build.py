"""The demo database: the invented city and twelve months of its work orders, in one go."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from console.domain.catalogue import default_catalogue
from console.domain.errors import Conflict
from console.domain.numbering import ticket_number
from console.domain.policy import default_pack
from console.domain.roles import Role
from console.domain.rules import Rules
from console.domain.states import Channel, TicketState
from console.domain.worktime import china_days, civil_date
from db.demo.appeals import Appeal, Storyteller
from db.demo.arrivals import arrival_times
from db.demo.city import City, build_city
from db.demo.happenings import happen
from db.demo.histories import History, live_through
from db.demo.knowledge_life import load_knowledge_life
from db.demo.letters import number_letters
from db.demo.linkage import load_linkage
from db.demo.office import open_office
from db.demo.orders import OrderLoader
from db.demo.registers import load_registers
from db.engine import open_database
from db.founding import Founding, city_row, put, visit_rows
from db.models import City as CityRow
from db.models import NumberLease, Snippet, VisitPolicy
from db.models.private import SECRET
from db.setup import settle_keys, upgrade

SEED, TICKETS = 12345, 3000
# The last fortnight is as busy as a real one; a year at that rate would be ten times the tickets.
BUSY_DAYS, BUSY_SHARE = 14, 0.2
SNIPPETS = (
    ("hsydt", "影响面", "该路段行人、车辆较多，存在安全隐患。"),
    ("qtsck", "请尽快", "希望相关部门尽快到现场查看并处理，处理结果请回复来电人。"),
    ("yddlx", "已联系过", "来电人表示此前已向物业反映，至今未处理。"),
    ("lrdd", "老人", "来电人家中有老人行动不便，希望优先处理。"),
    ("bmsf", "保密身份", "来电人要求对个人信息保密。"),
)  # fmt: skip
Report = Callable[[int, int, str], None]


def silent(_done: int, _total: int, _words: str) -> None:
    """Report to nobody."""


def build_demo(
    path: Path, now: datetime | None = None, seed: int = SEED, report: Report = silent
) -> None:
    """Write the demo database to `path`; the same for the same seed and moment. Replaces a file only when done."""
    fresh = path.with_suffix(".building")
    _remove(fresh)
    build_demo_on(f"sqlite:///{fresh}", now, seed, report)
    _remove(path)
    shutil.move(fresh, path)


def build_demo_on(
    url: str, now: datetime | None = None, seed: int = SEED, report: Report = silent
) -> None:
    """Put the demo city into an empty database, all of it or nothing. Raises Conflict when a city stands there."""
    report(0, 4, "建立表结构")
    upgrade(url)
    database = open_database(url)
    try:
        with database.writing.begin() as session:
            if session.scalar(select(func.count()).select_from(CityRow)):
                raise Conflict("这个数据库里已经有城市了", "演示库请用另一个空的数据库")
            if not database.is_sqlite:
                session.execute(text("SET LOCAL statement_timeout = 0"))
            _fill(session, now or datetime.now(UTC), seed, report)
            settle_keys(session)
            if not database.is_sqlite:
                _keep_secret(session)
    finally:
        database.close()
    report(4, 4, "完成")


def _keep_secret(session: Session) -> None:
    """The guard goes on with the secret the keys were made with: with another it would make every sealed key anew."""
    session.execute(text("CREATE SCHEMA IF NOT EXISTS hotline"))
    session.execute(text("CREATE TABLE IF NOT EXISTS hotline.secret (value bytea NOT NULL)"))
    kept = "INSERT INTO hotline.secret SELECT :secret WHERE NOT EXISTS (SELECT FROM hotline.secret)"
    session.execute(text(kept).bindparams(secret=SECRET))


def _fill(session: Session, now: datetime, seed: int, report: Report) -> None:
    now = now.replace(microsecond=0)
    report(1, 4, "建立示范城市")
    city = build_city(seed, civil_date(now))
    pack = default_pack()
    rules, catalogue = Rules(pack, pack.calendar()), default_catalogue()
    session.add(city_row(_founding(city), "demo", now))
    load_registers(session, city, catalogue, china_days())
    put(session, VisitPolicy, visit_rows(pack))
    session.add_all(Snippet(initials=i, title=t, text=x) for i, t, x in SNIPPETS)
    report(2, 4, "生成一年工单")
    histories = live_a_year(city, rules, now, seed)
    report(3, 4, "写入工单")
    letters = list(number_letters(histories, rules))
    OrderLoader(session, city, catalogue, rules).load(histories)
    load_linkage(session, pack, seed)
    # From here on rows get keys of the server's own, after those that came with theirs.
    settle_keys(session)
    load_knowledge_life(session, city.today, now)
    session.add_all([*_leases(histories), *letters])


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)


def _founding(city: City) -> Founding:
    name = city.units[0].name.split("市")[0] + "市"
    return Founding(name, city.divisions[0].code[:6] if city.divisions else "")


def live_a_year(
    city: City, rules: Rules, now: datetime, seed: int = SEED, count: int = TICKETS
) -> list[History]:
    """`count` histories of the twelve months before `now`, oldest first, numbered as they came."""
    year = _Year(city, rules, now, seed)
    staged = [year.staged(state) for state in _staging()]
    for at in _moments(year.rng, now, count - len(staged)):
        year.happens(at)
    # Last, so that nothing before it comes out differently.
    staged[list(_staging()).index(TicketState.PENDING_VERIFY)] = year.on_the_doorstep()
    histories = sorted([*year.histories, *staged], key=lambda history: history.case.created_at)
    _give_numbers(histories)
    _join_duplicates(histories)
    happen(histories, open_office(city), rules, now, seed)
    return histories


# States a single day seldom shows; the demo must have some of each to look at.
STAGED = {
    TicketState.DRAFT: 2, TicketState.PENDING_ACCEPT: 5, TicketState.PENDING_DISPATCH: 12,
    TicketState.PENDING_SIGN: 6, TicketState.RETURN_REVIEW: 6, TicketState.SUSPENDED: 3,
    TicketState.PENDING_REVIEW: 5, TicketState.PENDING_VERIFY: 4, TicketState.PENDING_CALLBACK: 6,
    TicketState.REDO: 4, TicketState.MERGED: 12,
}  # fmt: skip


def _staging() -> Iterator[TicketState]:
    for state, times in STAGED.items():
        yield from [state] * times


JUST_NOW = {
    TicketState.DRAFT,
    TicketState.PENDING_ACCEPT,
    TicketState.PENDING_DISPATCH,
    TicketState.PENDING_SIGN,
}
TRIES, DOORSTEP_TRIES = 60, 4000


class _Year:
    """Twelve months of calls; remembers what was told so that neighbours can report it again."""

    def __init__(self, city: City, rules: Rules, now: datetime, seed: int) -> None:
        self.rng, self.now, self._rules = Random(f"{seed}/orders"), now, rules
        self._city, self._teller, self._office = city, Storyteller(city), open_office(city)
        self._categories = {one.path: one for one in default_catalogue().categories}
        self.histories: list[History] = []

    def happens(self, at: datetime) -> None:
        """One call at `at`, and what came of it."""
        self.histories.append(self._live(self._teller.tell(self.rng, at), at))

    def staged(self, state: TicketState) -> History:
        """A recent work order that stands in `state` now."""
        for _ in range(TRIES):
            days = self.rng.uniform(0.02, 0.25) if state in JUST_NOW else self.rng.uniform(2, 7)
            at = (self.now - timedelta(days=days)).replace(microsecond=0)
            appeal = self._teller.tell(self.rng, at)
            if appeal.knowledge_id is not None:
                continue
            history = self._live(appeal, at, state)
            if history.case.state is state:
                return history
        raise LookupError(f"no history came to stand in {state}")

    def on_the_doorstep(self) -> History:
        """Something to be verified where the grid worker on the sign-in page works."""
        home = min(a.unit_code for a in self._city.accounts if a.role is Role.GRID_WORKER)
        self.rng = Random(f"{home}/verify")
        for _ in range(DOORSTEP_TRIES):
            at = self.now - timedelta(days=self.rng.uniform(2, 7))
            appeal = self._teller.tell(self.rng, at.replace(microsecond=0))
            if appeal.knowledge_id is not None or appeal.spot.grid_code != home:
                continue
            history = self._live(appeal, at.replace(microsecond=0), TicketState.PENDING_VERIFY)
            if history.case.state is TicketState.PENDING_VERIFY:
                return history
        return self.staged(TicketState.PENDING_VERIFY)

    def _live(self, appeal: Appeal, at: datetime, stop: TicketState | None = None) -> History:
        category = self._categories.get(appeal.category)
        proof = bool(category and category.site)
        own_limit = str(category.finish or "") if category else ""
        return live_through(
            self.rng, self._office, self._rules, appeal, own_limit, at, self.now, proof, stop
        )


def _give_numbers(histories: list[History]) -> None:
    sequence: dict[tuple[str, str], int] = {}
    for history in histories:
        history.number(_number(sequence, history.case.created_at, history.case.channel))


def _join_duplicates(histories: list[History]) -> None:
    """A merged work order points to the nearest earlier open one of the same category, or of any.

    Every third one to a matter that waits for its calls, where several appellants can be seen.
    """
    merged = 0
    for place, history in enumerate(histories):
        if history.case.state is not TicketState.MERGED:
            continue
        before = [h for h in reversed(histories[:place]) if h.case.lead() is not None]
        same = [h for h in before if h.appeal.category == history.appeal.category]
        called = [h for h in before if h.case.state is TicketState.PENDING_CALLBACK]
        merged += 1
        wanted = called[:1] if merged % 3 == 0 else same
        history.join((wanted or before)[0].case.number)


def _moments(rng: Random, now: datetime, count: int) -> list[datetime]:
    """Exactly `count` arrivals, sorted, the last fortnight busier, none in the future."""
    today = civil_date(now)
    busy_from = today - timedelta(days=BUSY_DAYS)
    busy = round(count * BUSY_SHARE)
    quiet = list(arrival_times(rng, today - timedelta(days=365), busy_from, (count - busy) / 340))
    late = list(arrival_times(rng, busy_from, today, busy / (BUSY_DAYS - 2) * 1.4))
    late = [at for at in late if at < now - timedelta(minutes=3)]
    chosen = rng.sample(quiet, min(len(quiet), count - min(busy, len(late))))
    chosen += rng.sample(late, min(len(late), count - len(chosen)))
    return sorted(chosen)


def _number(sequence: dict[tuple[str, str], int], at: datetime, channel: Channel) -> str:
    day = civil_date(at)
    key = (f"{day:%Y%m%d}", channel.value)
    sequence[key] = sequence.get(key, 0) + 1
    return ticket_number(day, channel.value, sequence[key])


def _leases(histories: list[History]) -> list[NumberLease]:
    """What the demo's numbers used up, so that the console goes on after them."""
    used: dict[tuple[str, str], int] = {}
    for history in histories:
        number = history.case.number
        key = (number[:8], number[8:10])
        used[key] = max(used.get(key, 0), int(number[10:16]))
    return [
        NumberLease(
            kind="ticket", day=day, channel=channel, workstation="DEMO", low=1, high=high,
            leased_at=histories[-1].case.created_at,
        )
        for (day, channel), high in used.items()
    ]  # fmt: skip
