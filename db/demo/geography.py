"""Divisions, 193 grids and the roads between them, sized like Kaifeng Longting (field-facts K4, 5.2).

Two townships and four streets, 45 communities and villages, 151 basic and 42 special grids.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from db.demo.codes import CITY_CODE, DISTRICT_CODE, PROVINCE_CODE
from db.demo.names import COMMUNITIES, STREETS
from db.demo.roads import Road, RoadRange, lay_roads
from db.demo.terrain import (
    COLUMNS,
    ROWS,
    TOWN_COLUMNS,
    TOWN_ROWS,
    Block,
    Cut,
    Mesh,
    Point,
    area,
    centre,
    divide,
    to_lonlat,
)

PROVINCE_NAME, CITY_NAME, DISTRICT_NAME = "沧澜省", "云澜市", "楼台区"

SPECIAL_NAMES = {
    "school": "学校",
    "market": "市场",
    "enterprise_park": "企业园区",
    "hospital": "医院",
    "scenic": "景区",
    "station": "车站",
    "office": "机关",
    "campus": "高校",
    "business": "商圈",
}
# The place each special grid is made for; a street's list is dealt to its communities in turn.
_SPECIAL_PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "望台街道": (
        ("scenic", "望台古城景区"),
        ("scenic", "钟鼓楼广场"),
        ("school", "望台小学"),
        ("market", "宝丽农贸市场"),
        ("hospital", "区人民医院"),
        ("business", "望台天地商业广场"),
        ("office", "区政府机关"),
        ("school", "槐安中学"),
    ),
    "云桥街道": (
        ("station", "云澜汽车站"),
        ("school", "云桥小学"),
        ("market", "双井批发市场"),
        ("hospital", "区中医院"),
        ("school", "晴川实验学校"),
        ("enterprise_park", "纺织文化创意园"),
        ("business", "新渡购物中心"),
        ("market", "芙蓉里菜市场"),
    ),
    "锦塘街道": (
        ("station", "云澜火车站"),
        ("enterprise_park", "机床装备产业园"),
        ("school", "锦塘小学"),
        ("hospital", "市第三医院"),
        ("market", "桃坞建材市场"),
        ("school", "云澜市第五中学"),
        ("enterprise_park", "康乐物流园"),
        ("station", "公交枢纽站"),
    ),
    "砚池街道": (
        ("campus", "云澜学院"),
        ("campus", "云澜职业技术学院"),
        ("scenic", "砚池公园"),
        ("school", "书香小学"),
        ("office", "区政务服务中心"),
        ("business", "滨水奥特莱斯"),
        ("hospital", "市妇幼保健院"),
        ("office", "区市民之家"),
    ),
    "柳渡乡": (
        ("school", "柳渡中心小学"),
        ("market", "柳渡集贸市场"),
        ("enterprise_park", "柳渡食品工业园"),
        ("scenic", "柳渡湿地公园"),
        ("enterprise_park", "前窑建材产业园"),
    ),
    "禾田乡": (
        ("school", "禾田初级中学"),
        ("market", "禾田农产品市场"),
        ("enterprise_park", "禾田新能源产业园"),
        ("school", "枣林小学"),
        ("scenic", "杏花坞田园综合体"),
    ),
}
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Division:
    """A level of the administrative tree; `kind` is province, city, district, street, township, community, village."""

    code: str
    name: str
    kind: str
    parent_code: str
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A 15-digit grid; `outline` is a ring in local metres, first vertex not repeated (field-facts 6.8)."""

    code: str
    name: str
    kind: str
    special_kind: str
    place_name: str
    community_code: str
    community: str
    street_code: str
    street: str
    outline: tuple[Point, ...]
    x: float
    y: float
    area_m2: int
    bounds_text: str

    @property
    def outline_lonlat(self) -> tuple[Point, ...]:
        return tuple(to_lonlat(point) for point in self.outline)


@dataclass(frozen=True, slots=True)
class Plan:
    """The grid before it is drawn: whose it is and what it is made for."""

    code: str
    name: str
    special_kind: str
    place_name: str
    community: Division
    street: Division


@dataclass(frozen=True, slots=True)
class Geography:
    """Everything drawn; `blocks` and `mesh` let other modules put points inside a grid for certain."""

    divisions: tuple[Division, ...]
    grids: tuple[Grid, ...]
    roads: tuple[Road, ...]
    road_ranges: tuple[RoadRange, ...]
    blocks: dict[str, Block]
    mesh: Mesh

    def point_in(self, rng: Random, grid_code: str) -> Point:
        """A point well inside a grid."""
        cell = rng.choice(self.blocks[grid_code].cells())
        return self.mesh.inside(cell, rng.uniform(0.2, 0.8), rng.uniform(0.2, 0.8))


def lay_out(rng: Random) -> Geography:
    """Draw the whole city."""
    mesh, cuts = Mesh(rng), list[Cut]()
    streets = _streets()
    communities = [c for street in streets for c in _communities(street)]
    plans = _plans(streets, communities)
    blocks = _blocks(mesh, streets, communities, plans, cuts)
    owner = {cell: plan.code for plan in plans for cell in blocks[plan.code].cells()}
    roads, ranges = lay_roads(rng, mesh, cuts, owner)
    around = _neighbours(ranges)
    grids = tuple(_draw(mesh, plan, blocks[plan.code], around.get(plan.code, [])) for plan in plans)
    return Geography(
        _upper() + _placed(mesh, streets + communities, grids), grids, roads, ranges, blocks, mesh
    )


def _upper() -> tuple[Division, ...]:
    return (
        Division(PROVINCE_CODE, PROVINCE_NAME, "province", ""),
        Division(CITY_CODE, CITY_NAME, "city", PROVINCE_CODE),
        Division(DISTRICT_CODE, DISTRICT_NAME, "district", CITY_CODE),
    )


def _streets() -> list[Division]:
    return [
        Division(
            f"{DISTRICT_CODE}{number:03d}",
            name,
            "township" if number >= 200 else "street",
            DISTRICT_CODE,
        )
        for name, number in STREETS
    ]


def _communities(street: Division) -> Iterator[Division]:
    rural = street.kind == "township"
    for number, word in enumerate(COMMUNITIES[street.name], start=201 if rural else 1):
        name = f"{word}村" if rural else f"{word}社区"
        yield Division(
            f"{street.code}{number:03d}", name, "village" if rural else "community", street.code
        )


def _plans(streets: list[Division], communities: list[Division]) -> list[Plan]:
    """Basic grids first, numbered from 001, then special ones from 101, community by community."""
    names = {street.code: street for street in streets}
    special = _special_by_community(streets, communities)
    plans: list[Plan] = []
    town_seen = 0
    for community in communities:
        rural = community.kind == "village"
        count = 3 if rural or town_seen >= 16 else 4
        town_seen += not rural
        street = names[community.parent_code]
        for n in range(1, count + 1):
            plans.append(
                Plan(
                    f"{community.code}{n:03d}",
                    f"第{_NUMERALS[n - 1]}网格",
                    "",
                    "",
                    community,
                    street,
                )
            )
        for n, (kind, place) in enumerate(special.get(community.code, []), start=101):
            plans.append(
                Plan(f"{community.code}{n:03d}", f"{place}专属网格", kind, place, community, street)
            )
    return plans


def _special_by_community(
    streets: list[Division], communities: list[Division]
) -> dict[str, list[tuple[str, str]]]:
    dealt: dict[str, list[tuple[str, str]]] = {}
    for street in streets:
        own = [c.code for c in communities if c.parent_code == street.code]
        for n, place in enumerate(_SPECIAL_PLACES[street.name]):
            dealt.setdefault(own[n % len(own)], []).append(place)
    return dealt


def _blocks(
    mesh: Mesh,
    streets: list[Division],
    communities: list[Division],
    plans: list[Plan],
    cuts: list[Cut],
) -> dict[str, Block]:
    """The town lies in the south-west, one township north of it, the other east."""
    of_street = {s.code: [c for c in communities if c.parent_code == s.code] for s in streets}
    of_community = {c.code: [p for p in plans if p.community is c] for c in communities}
    sizes = {c.code: len(of_community[c.code]) for c in communities}
    town = [s for s in streets if s.kind == "street"]
    town_shares = [sum(sizes[c.code] for c in of_street[s.code]) for s in town]
    areas = divide(mesh, Block(0, TOWN_COLUMNS, 0, TOWN_ROWS), town_shares, 0, cuts)
    areas += [Block(0, COLUMNS, TOWN_ROWS, ROWS), Block(TOWN_COLUMNS, COLUMNS, 0, TOWN_ROWS)]
    cuts += [
        Cut(False, TOWN_ROWS, 0, COLUMNS, 0),
        Cut(True, TOWN_COLUMNS, 0, TOWN_ROWS, 0),
    ]
    blocks: dict[str, Block] = {}
    for street, street_block in zip(streets, areas, strict=True):
        own = of_street[street.code]
        for community, block in zip(
            own, divide(mesh, street_block, [sizes[c.code] for c in own], 1, cuts), strict=True
        ):
            parts = divide(mesh, block, [1] * sizes[community.code], 2, cuts)
            blocks.update(
                {p.code: b for p, b in zip(of_community[community.code], parts, strict=True)}
            )
    return blocks


def _neighbours(ranges: tuple[RoadRange, ...]) -> dict[str, list[str]]:
    around: dict[str, list[str]] = {}
    for road_range in ranges:
        names = around.setdefault(road_range.grid_code, [])
        if road_range.road not in names:
            names.append(road_range.road)
    return around


def _draw(mesh: Mesh, plan: Plan, block: Block, around: list[str]) -> Grid:
    outline = mesh.outline(block)
    x, y = centre(outline)
    return Grid(
        plan.code,
        plan.name,
        "special" if plan.special_kind else "basic",
        plan.special_kind,
        plan.place_name,
        plan.community.code,
        plan.community.name,
        plan.street.code,
        plan.street.name,
        outline,
        x,
        y,
        round(area(outline)),
        "四至：" + "、".join(around) if around else "",
    )


def _placed(mesh: Mesh, divisions: list[Division], grids: tuple[Grid, ...]) -> tuple[Division, ...]:
    """The same divisions with the mean of their grids as a label point."""
    placed = []
    for division in divisions:
        own = [g for g in grids if g.code.startswith(division.code)]
        x, y = centre([(g.x, g.y) for g in own])
        placed.append(
            Division(division.code, division.name, division.kind, division.parent_code, x, y)
        )
    return tuple(placed)
