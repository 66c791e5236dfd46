"""What the closing gate is measured with: the matters of the demo's year, and invented photographs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any

from console.domain.moves import Move
from console.domain.policy import default_pack
from console.domain.rules import Rules
from console.domain.states import Resolution
from console.domain.worktime import civil_date
from db.demo.build import live_a_year
from db.demo.city import build_city
from db.demo.histories import History

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Story:
    """One matter of the demo with what its unit honestly did."""

    history: History
    reply: str
    result: str
    resolution: Resolution
    took: timedelta
    category: str


def stories(seed: int = 7) -> list[Story]:
    """Matters a unit replied to in the demo's year, in a fixed order."""
    pack = default_pack()
    rules = Rules(pack, pack.calendar())
    year = live_a_year(build_city(12345, civil_date(NOW)), rules, NOW)
    found = [story for history in year if (story := _story(history)) is not None]
    Random(seed).shuffle(found)
    return found


def _story(history: History) -> Story | None:
    results = [r.values for r in history.records if r.table == "handling_result"]
    if not results:
        return None
    first = results[0]
    signed = {s.share_id: s.at for s, _n, _o in history.steps if s.move is Move.SIGN}
    began = signed.get(first["share_seq"])
    if began is None:
        return None
    return Story(
        history, first["public_reply"], first["internal_note"], Resolution(first["resolution"]),
        first["replied_at"] - began, "/".join(history.appeal.category),
    )  # fmt: skip


def scene(rng: Random) -> bytes:
    """An invented photograph: soft blotches of light, no two the same."""
    from PIL import Image

    points = bytes(rng.randrange(256) for _ in range(12 * 9))
    small = Image.frombytes("L", (12, 9), points)
    return _jpeg(small.resize((480, 360), Image.Resampling.BICUBIC), 88)


def saved_anew(content: bytes, rng: Random) -> bytes:
    """As a messenger passes it on: smaller, a little darker, compressed harder."""
    from PIL import Image, ImageEnhance

    with Image.open(BytesIO(content)) as picture:
        smaller = picture.resize((rng.randrange(240, 440), rng.randrange(180, 330)))
        return _jpeg(ImageEnhance.Brightness(smaller).enhance(rng.uniform(0.85, 1.15)), 60)


def _jpeg(picture: Any, quality: int) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
