"""Stories that citizens bring to the hotline, told about real places of the demo city in ever different words.

The texts are data, in `stories/*.toml`. In them `[甲|乙]` means one of the two, `{place}` and the like are filled in
here. Fields of a story: id, category (一级/二级/三级 of the default catalogue), nature, urgency, weight, where,
unit (a department's short name, or `street`), season, confidential, title, content, wanted, cause, measures,
reply, note, promise, days.

`where` is road, estate, old_estate, tower, home, village, none, `shop:` and a trade, or `place:` and a kind.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

STORIES = Path(__file__).parent / "stories"

# Share of each nature among accepted matters: mean of the two real mixes of field-facts 7.1 that differ most
# (a city's week in 2024 with 47 % inquiries, Huaibei with 51 % complaints).
NATURE_MIX: dict[str, float] = {
    "inquiry": 40.7,
    "complaint": 26.8,
    "help": 21.8,
    "suggestion": 7.6,
    "report": 1.5,
    "praise": 0.5,
    "other": 1.1,
}

# Factor of a season by month, January first; stories without one come all year.
SEASONS: dict[str, tuple[float, ...]] = {
    "flood": (0.2, 0.2, 0.4, 0.6, 1.0, 2.5, 3.5, 3.2, 1.6, 0.6, 0.3, 0.2),
    "heating": (3.0, 2.4, 1.5, 0.05, 0.05, 0.05, 0.05, 0.05, 0.3, 1.5, 3.5, 3.2),
    "summer": (0.3, 0.3, 0.5, 0.8, 1.3, 2.2, 3.0, 3.0, 1.4, 0.7, 0.4, 0.3),
    "winter": (3.0, 2.5, 0.3, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.1, 1.0, 2.6),
    "exam": (0.7, 0.5, 0.8, 0.9, 1.7, 3.5, 1.2, 0.8, 0.8, 0.8, 0.8, 0.8),
    "school": (0.5, 0.6, 0.8, 0.8, 1.2, 2.0, 2.4, 3.0, 2.5, 0.9, 0.7, 0.6),
    "year_end": (3.5, 2.0, 0.8, 0.7, 0.7, 0.8, 0.8, 0.8, 0.9, 1.0, 1.5, 2.6),
    "festival": (2.5, 4.0, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.1, 0.8),
    "spring": (0.3, 0.5, 1.8, 2.8, 2.0, 1.0, 0.8, 0.7, 0.7, 0.7, 0.5, 0.3),
    "harvest": (0.1, 0.2, 0.4, 0.3, 1.0, 3.5, 0.4, 0.3, 1.2, 3.5, 1.2, 0.2),
}


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of matter with everything that will be said about it; texts still hold slots and choices."""

    id: str
    category: tuple[str, ...]
    nature: str
    urgency: str
    weight: float
    where: str
    unit_short: str
    season: str
    confidential: bool
    title: str
    content: str
    wanted: str
    cause: str
    measures: str
    public_reply: str
    internal_note: str
    promise: str
    promise_days: int

    def weight_in(self, month: int) -> float:
        """How often it comes in a month, 1 to 12."""
        return self.weight * (SEASONS[self.season][month - 1] if self.season else 1.0)


@cache
def stories() -> tuple[Story, ...]:
    """All stories, files in name order."""
    return tuple(
        _story(row)
        for path in sorted(STORIES.glob("*.toml"))
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["story"]
    )


def _story(row: Mapping[str, str | int | float | bool]) -> Story:
    def text(key: str, default: str = "") -> str:
        return str(row.get(key, default))

    return Story(
        id=text("id"),
        category=tuple(text("category").split("/")),
        nature=text("nature"),
        urgency=text("urgency", "normal"),
        weight=float(row.get("weight", 1)),
        where=text("where"),
        unit_short=text("unit"),
        season=text("season"),
        confidential=bool(row.get("confidential", False)),
        title=text("title"),
        content=text("content"),
        wanted=text("wanted"),
        cause=text("cause"),
        measures=text("measures"),
        public_reply=text("reply"),
        internal_note=text("note"),
        promise=text("promise"),
        promise_days=int(row.get("days", 0)),
    )


_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def reword(rng: Random, text: str, slots: Mapping[str, str]) -> str:
    """One wording of a text: choices made, then slots filled."""
    while found := _CHOICE.search(text):
        chosen = rng.choice(found[1].split("|"))
        text = text[: found.start()] + chosen + text[found.end() :]
    return text.format_map(slots)


class Slots(dict[str, str]):
    """Slot values: what is known of the matter stays the same, bare counts are drawn anew at each use."""

    def __init__(self, rng: Random, known: Mapping[str, str]) -> None:
        super().__init__(known)
        self._rng = rng

    def __missing__(self, key: str) -> str:
        low, high = _COUNTS[key]
        return str(self._rng.randint(low, high))


_COUNTS = {"few": (2, 6), "n": (12, 90), "min": (6, 28)}

_OPENINGS = {
    "complaint": "[市民来电反映|来电人反映|诉求人来电反映|市民反映|居民反映]：",
    "help": "[市民来电求助|来电人反映|诉求人求助|市民来电]：",
    "report": "[来电人举报|市民来电举报|来电人反映]：",
    "suggestion": "[市民来电建议|来电人提出|热心市民来电]：",
    "inquiry": "[市民来电咨询|来电人咨询|市民咨询]：",
}
_REPEATED = (
    "[之前|上个月|年前]也[反映过|打过12345]，[当时好了几天又这样|一直没有彻底解决|答复说在处理]。"
)
_ASKING = {
    "praise": "",
    "inquiry": "[请|希望|麻烦][相关部门|工作人员]{wanted}。",
    "suggestion": "建议[相关部门|有关单位]{wanted}。",
}
_ASK = "[希望|请求|要求|恳请][相关部门|有关单位|政府]{wanted}。"
_GREETING = "[您好！|尊敬的市民，您好！|市民朋友您好：]"
_RECEIVED = (
    "[您反映的“{title}”问题已收悉。|您反映“{title}”的来电已收悉，现答复如下："
    "|关于您反映的“{title}”，现回复如下：|来电收悉，您反映的是“{title}”。]"
)
_HEARD = "[您的来电已收悉。|感谢您的来电。|关于“{title}”，现答复如下：]"
_CLOSING = "[感谢您对我们工作的监督和支持。|感谢您的来电，祝您生活愉快！|如还有其他问题，欢迎继续拨打12345。|感谢您的理解与支持。]"
_SORRY = "[给您带来的不便，敬请谅解。|感谢您的监督，我们将举一反三、加强巡查。|感谢您的理解与支持。|如问题反复，请随时拨打12345。]"


def tell_content(rng: Random, story: Story, slots: Mapping[str, str]) -> str:
    """The five elements as an agent would type them: opening, what happened, sometimes history, what is wanted."""
    body = reword(rng, story.content, slots)
    again = reword(rng, _REPEATED, slots) if _may_repeat(rng, story) else ""
    ask = reword(rng, _ASKING.get(story.nature, _ASK), {"wanted": reword(rng, story.wanted, slots)})
    return _opening(rng, story, body) + body + again + ask


def _opening(rng: Random, story: Story, body: str) -> str:
    """Some stories name the caller in their first words; they need no other opening."""
    if body.startswith(("来电人", "家长反映", "{")) or story.nature not in _OPENINGS:
        return ""
    return reword(rng, _OPENINGS[story.nature], {})


def _may_repeat(rng: Random, story: Story) -> bool:
    return (
        story.nature in ("complaint", "help") and story.urgency == "normal" and rng.random() < 0.12
    )


def tell_reply(rng: Random, story: Story, slots: Mapping[str, str], title: str) -> str:
    """The public answer: greeting, the matter by name, substance, thanks or apology."""
    trouble = story.nature in ("complaint", "help", "report")
    opening = reword(rng, _GREETING + (_RECEIVED if trouble else _HEARD), {"title": title})
    return opening + reword(rng, story.public_reply + (_SORRY if trouble else _CLOSING), slots)
