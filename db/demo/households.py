"""Who lives together: shapes of households and the ages in them.

The mix gives about 2.6 people to a household and the bulges of the 2020 census (50 to 60, 30 to 40), more old
people and grandchildren left behind in the villages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Member:
    """A person before naming; people of one `line` share a surname."""

    relation: str
    male: bool
    age: int
    line: str
    marital: str
    left_behind: bool = False


def _head(rng: Random, age: int, marital: str, male_share: float = 0.72) -> Member:
    return Member("户主", rng.random() < male_share, age, "head", marital)


def _partner(rng: Random, head: Member) -> Member:
    gap = rng.randint(-1, 5) if head.male else rng.randint(-5, 1)
    return Member("配偶", not head.male, max(20, head.age - gap), "partner", "已婚")


def _child(rng: Random, head: Member, age: int, left_behind: bool = False) -> Member:
    """Children carry the father's surname, one in fourteen the mother's."""
    father, mother = ("head", "partner") if head.male else ("partner", "head")
    male = rng.random() < 0.525
    line = mother if rng.random() < 0.07 else father
    return Member("子" if male else "女", male, age, line, "未婚", left_behind)


def _parent(rng: Random, head: Member, male: bool) -> Member:
    age = min(96, head.age + rng.randint(23, 31))
    return Member(
        "父" if male else "母", male, age, "head" if male else "", rng.choice(("已婚", "丧偶"))
    )


def _child_age(rng: Random, parent_age: int) -> int:
    return max(0, min(parent_age - rng.randint(24, 33), 27))


def _single_young(rng: Random) -> list[Member]:
    return [_head(rng, rng.randint(22, 38), "未婚", 0.55)]


def _flat_sharers(rng: Random) -> list[Member]:
    head = _head(rng, rng.randint(19, 30), "未婚", 0.5)
    others = [
        Member("非亲属", head.male, rng.randint(19, 30), "", "未婚")
        for _ in range(rng.randint(1, 3))
    ]
    return [head, *others]


def _single_old(rng: Random) -> list[Member]:
    return [_head(rng, min(97, 63 + int(rng.expovariate(1 / 9))), "丧偶", 0.4)]


def _single_middle(rng: Random) -> list[Member]:
    return [_head(rng, rng.randint(38, 62), rng.choice(("离异", "未婚", "丧偶")), 0.6)]


def _old_couple(rng: Random) -> list[Member]:
    head = _head(rng, min(92, 61 + int(rng.expovariate(1 / 8))), "已婚", 0.85)
    return [head, _partner(rng, head)]


def _couple(rng: Random) -> list[Member]:
    head = _head(
        rng,
        rng.choice((rng.randint(25, 34), rng.randint(47, 61), rng.randint(50, 60))),
        "已婚",
        0.8,
    )
    return [head, _partner(rng, head)]


def _one_child(rng: Random) -> list[Member]:
    head = _head(
        rng,
        rng.choice((rng.randint(27, 44), rng.randint(32, 50), rng.randint(44, 56))),
        "已婚",
        0.8,
    )
    return [head, _partner(rng, head), _child(rng, head, _child_age(rng, head.age))]


def _two_children(rng: Random) -> list[Member]:
    head = _head(rng, rng.randint(29, 47), "已婚", 0.82)
    elder = _child_age(rng, head.age)
    younger = max(0, elder - rng.randint(2, 7))
    return [head, _partner(rng, head), _child(rng, head, elder), _child(rng, head, younger)]


def _lone_parent(rng: Random) -> list[Member]:
    head = _head(rng, rng.randint(28, 52), "离异", 0.3)
    return [head, _child(rng, head, _child_age(rng, head.age))]


def _three_generations(rng: Random) -> list[Member]:
    family = _two_children(rng) if rng.random() < 0.4 else _one_child(rng)
    parents = [_parent(rng, family[0], male) for male in (True, False) if rng.random() < 0.7]
    return family + parents


def _grandparents(rng: Random) -> list[Member]:
    """Grandparents with the children whose parents work away."""
    head = _head(rng, rng.randint(54, 72), "已婚", 0.85)
    couple = [head, _partner(rng, head)]
    for _ in range(rng.choice((1, 1, 2))):
        male = rng.random() < 0.53
        age = rng.randint(2, 14)
        couple.append(Member("孙子" if male else "孙女", male, age, "head", "未婚", True))
    return couple


Shape = Callable[[Random], list[Member]]
_SHAPES: tuple[tuple[Shape, int, int], ...] = (
    (_single_young, 8, 2),
    (_flat_sharers, 3, 0),
    (_single_old, 7, 11),
    (_single_middle, 5, 4),
    (_old_couple, 10, 17),
    (_couple, 14, 14),
    (_one_child, 26, 14),
    (_two_children, 12, 12),
    (_lone_parent, 4, 2),
    (_three_generations, 10, 15),
    (_grandparents, 1, 9),
)


def compose_household(rng: Random, rural: bool) -> list[Member]:
    """Head first, then partner, children, parents."""
    weights = [country if rural else town for _, town, country in _SHAPES]
    shape = rng.choices([s for s, _, _ in _SHAPES], weights)[0]
    return shape(rng)
