"""Appeals: a story, a spot of the demo city and somebody who calls about it.

The history simulation asks `Storyteller.tell` once per arriving call; `echo` has a neighbour report the same thing
in other words, which is what duplicate detection must find.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from db.demo.arrivals import CITY_TIME
from db.demo.city import City
from db.demo.codes import MOBILE_SEGMENTS
from db.demo.knowledge import KnowledgeEntry
from db.demo.matters import NATURE_MIX, Slots, Story, reword, stories, tell_content, tell_reply
from db.demo.names import full_name
from db.demo.people import Resident
from db.demo.spots import Spot, Spots

# Share of inquiries an agent answers at once: brings the whole to the direct-answer rates of field-facts 8.
_ANSWERED_AT_ONCE = 0.92


@dataclass(frozen=True, slots=True)
class Caller:
    """Who appeals; `resident_id` is None for people from elsewhere."""

    name: str
    phone: str
    sex: str
    resident_id: int | None


@dataclass(frozen=True, slots=True)
class Appeal:
    """Everything about one matter, from the citizen's words to the unit's answer.

    `unit_short` is a department's short name or `street`; `unit_code` is that unit's code. `knowledge_id` is set
    when the call was answered at once from the knowledge base; then cause, measures and note are empty.
    """

    story_id: str
    nature: str
    urgency: str
    category: tuple[str, ...]
    title: str
    content: str
    wanted: str
    occurred: str
    occurred_at: datetime
    spot: Spot
    caller: Caller
    anonymous: bool
    confidential: bool
    respondent: str
    unit_short: str
    unit_code: str
    cause: str
    measures: str
    public_reply: str
    internal_note: str
    promise: str
    promise_days: int
    knowledge_id: int | None


class Storyteller:
    """Tells appeals about one city; every call draws only from the generator it is given."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._spots = Spots(city)
        self._adults = [p for p in city.residents if (city.today - p.birth_date).days >= 16 * 365]
        self._neighbours: dict[str, list[Resident]] = {}
        for person in self._adults:
            self._neighbours.setdefault(person.grid_code[:12], []).append(person)
        self._by_nature: dict[str, list[Story]] = {}
        for story in stories():
            self._by_nature.setdefault(story.nature, []).append(story)
        self._unit_codes = {u.short_name: u.code for u in city.units if u.kind == "department"}
        self._asked = [entry for entry in city.knowledge if entry.ask]
        self._free_numbers = _free_numbers(city)

    def tell(self, rng: Random, at: datetime) -> Appeal:
        """One matter in the mix of natures and the season of `at` (aware)."""
        nature = rng.choices(tuple(NATURE_MIX), tuple(NATURE_MIX.values()))[0]
        if nature == "inquiry" and rng.random() < _ANSWERED_AT_ONCE:
            return self.ask(rng, at)
        month = at.astimezone(CITY_TIME).month
        choices = self._by_nature[nature]
        return self.tell_story(
            rng, rng.choices(choices, [s.weight_in(month) for s in choices])[0], at
        )

    def ask(self, rng: Random, at: datetime, entry: KnowledgeEntry | None = None) -> Appeal:
        """An inquiry answered at once from the knowledge base."""
        entry = entry or rng.choices(self._asked, [e.weight for e in self._asked])[0]
        caller = self._caller(rng, "")
        spot = self._spots.nowhere(rng, self._home_grid(rng, caller))
        return Appeal(
            f"knowledge-{entry.id}", "inquiry", "normal", entry.category,
            rng.choice(("咨询：", "咨询", "关于")) + entry.question.removesuffix("？"),
            reword(rng, entry.ask, {}), "", "", at, spot, caller, False, False, "",
            entry.unit_short, self._unit_codes.get(entry.unit_short, ""), "", "",
            entry.short_answer, "", "", 0, entry.id,
        )  # fmt: skip

    def tell_story(
        self, rng: Random, story: Story, at: datetime, spot: Spot | None = None
    ) -> Appeal:
        """A given story at a given or a fitting spot."""
        spot = spot or self._spots.find(rng, story.where)
        caller = self._caller_at(rng, story, spot)
        happened = _happened(rng, story.urgency, at)
        slots = Slots(rng, self._known(rng, spot, happened, at))
        title = reword(rng, story.title, slots)
        anonymous = story.nature in ("complaint", "report") and rng.random() < 0.05
        secret = story.confidential or (story.nature == "report" and rng.random() < 0.4)
        promised = bool(story.promise) and rng.random() < 0.5
        return Appeal(
            story.id, story.nature, story.urgency, story.category,
            title, tell_content(rng, story, slots),
            reword(rng, story.wanted, slots), slots["time"] if _timed(story) else "", happened, spot, caller, anonymous, secret,
            slots["respondent"], story.unit_short, self._unit_code(story, spot),
            reword(rng, story.cause, slots), reword(rng, story.measures, slots), tell_reply(rng, story, slots, title),
            reword(rng, story.internal_note, slots),
            reword(rng, story.promise, slots) if promised else "", story.promise_days if promised else 0, None,
        )  # fmt: skip

    def echo(self, rng: Random, appeal: Appeal, at: datetime) -> Appeal:
        """The same matter reported by somebody else, in other words; direct answers have no echo."""
        story = next(s for s in stories() if s.id == appeal.story_id)
        return self.tell_story(rng, story, at, appeal.spot)

    def _unit_code(self, story: Story, spot: Spot) -> str:
        return (
            spot.grid_code[:9]
            if story.unit_short == "street"
            else self._unit_codes[story.unit_short]
        )

    def _caller_at(self, rng: Random, story: Story, spot: Spot) -> Caller:
        if spot.house_id:
            living = [
                p for p in self._neighbours[spot.grid_code[:12]] if p.house_id == spot.house_id
            ]
            return _as_caller(rng.choice(living))
        near = story.where != "none" and rng.random() < 0.72
        return self._caller(rng, spot.grid_code if near else "")

    def _caller(self, rng: Random, grid_code: str) -> Caller:
        """A neighbour of the grid, or anybody; one in fifteen of the latter lives elsewhere."""
        if grid_code and (living := self._neighbours.get(grid_code[:12])):
            return _as_caller(rng.choice(living))
        if rng.random() < 0.07:
            male = rng.random() < 0.5
            name = full_name(rng, male, rng.randint(1960, 2004))
            return Caller(name, rng.choice(self._free_numbers), "male" if male else "female", None)
        return _as_caller(rng.choice(self._adults))

    def _home_grid(self, rng: Random, caller: Caller) -> str:
        if caller.resident_id is None:
            return rng.choice(self._city.grids).code
        return self._city.residents[caller.resident_id - 1].grid_code

    def _known(self, rng: Random, spot: Spot, happened: datetime, at: datetime) -> dict[str, str]:
        company = rng.choice(self._spots.companies)
        return {
            **dict(spot.words),
            "time": _when(happened, at),
            "ago": rng.choice(("三天前", "上周三", "前天晚上", "半个月前", "昨天下午", "上周末")),
            "days": str(rng.randint(3, 12)),
            "weeks": rng.choice(("两个多星期", "快一个月", "二十来天", "三个星期")),
            "months": rng.choice(("两个月", "三个月", "半年", "四个月", "小半年")),
            "money": str(rng.choice((rng.randint(6, 40) * 10, rng.randint(5, 60) * 100))),
            "age": str(rng.randint(80, 95)),
            "company": company,
            "respondent": dict(spot.words).get("shop", "") or spot.respondent,
        }


def _as_caller(person: Resident) -> Caller:
    return Caller(person.name, person.phone, person.sex, person.id)


def _timed(story: Story) -> bool:
    """Whether the matter has a moment at all, unlike a standing nuisance or a wish."""
    return story.urgency != "normal" or "{time}" in story.content


def _happened(rng: Random, urgency: str, at: datetime) -> datetime:
    """Minutes ago when urgent; otherwise hours or a few days ago, while people are about."""
    if urgency != "normal":
        return at - timedelta(minutes=rng.randint(5, 90))
    moment = at - timedelta(minutes=round(rng.expovariate(1 / 900)) + 10)
    asleep = moment.astimezone(CITY_TIME).hour < 7
    return moment - timedelta(hours=7) if asleep else moment


def _when(happened: datetime, at: datetime) -> str:
    """今天上午9时许, 昨晚10时许, 3日前: as callers say it."""
    local, now = happened.astimezone(CITY_TIME), at.astimezone(CITY_TIME)
    days = (now.date() - local.date()).days
    day = (
        "今天"
        if days == 0
        else "昨天"
        if days == 1
        else "前天"
        if days == 2
        else f"{local.month}月{local.day}日"
    )
    return f"{day}{_part_of_day(local.hour)}{local.hour % 12 or 12}时许"


def _part_of_day(hour: int) -> str:
    for end, name in ((6, "凌晨"), (12, "上午"), (14, "中午"), (18, "下午"), (24, "晚上")):
        if hour < end:
            return name
    raise ValueError(hour)


def _free_numbers(city: City) -> Sequence[str]:
    """Invented numbers nobody of the city holds, for callers from elsewhere."""
    held = {p.phone for p in city.residents} | {e.phone for e in city.enterprises}
    held |= {s.phone for s in city.staff} | {c.guardian_phone for c in city.care_records}
    numbers = (f"{segment}0000{n:04d}" for segment in MOBILE_SEGMENTS for n in range(0, 10_000, 7))
    return [number for number in numbers if number not in held]
