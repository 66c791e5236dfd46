"""Which grid a point lies in: the same as shapely asked area by area, and quick enough for a whole city."""

import random
import sys
from time import perf_counter

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from console.services.mapping.shapes import Area, ShapeIndex, read_boundary
from tests.shapes import patchwork, two_parts

AREAS = [*patchwork(12, 10), two_parts()]
INDEX = ShapeIndex(AREAS)
BORDERS = shapely.union_all([area.geometry.boundary for area in AREAS])
SQUARE = [[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]
HOLE = [[40, 40], [60, 40], [60, 60], [40, 60], [40, 40]]

coordinates = st.floats(-600, 1300, allow_nan=False)


@given(coordinates, coordinates)
def test_a_point_lies_where_shapely_says(x: float, y: float) -> None:
    point = shapely.Point(x, y)
    inside = {area.unit_id for area in AREAS if area.geometry.contains(point)}
    if BORDERS.distance(point) > 1.0:
        assert set(INDEX.at(x, y)) == inside
        assert INDEX.at_many([(x, y)]) == [next(iter(inside), None)]
    else:
        # Within a metre of a border nobody beside the point is left out.
        assert inside <= set(INDEX.at(x, y))


def test_thousands_of_points_agree_with_shapely() -> None:
    rng = random.Random(1)
    points = [(rng.uniform(-600, 1300), rng.uniform(-600, 1100)) for _ in range(4000)]
    found = INDEX.at_many(points)
    for (x, y), unit_id in zip(points, found, strict=True):
        point = shapely.Point(x, y)
        if BORDERS.distance(point) > 1.0:
            inside = [area.unit_id for area in AREAS if area.geometry.contains(point)]
            assert ([unit_id] if unit_id else []) == inside
            assert list(INDEX.at(x, y)) == inside


def test_a_point_on_a_common_border_is_everybodys() -> None:
    left, right = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
    index = ShapeIndex([Area(1, "1", "甲", left), Area(2, "2", "乙", right)])
    assert index.at(100, 50) == (1, 2)
    assert index.at(99.5, 50) == (1, 2), "half a metre from the border"
    assert index.at(100.5, 50) == (2, 1), "the surest first"
    assert index.at(98, 50) == (1,)
    assert index.at(98, 50, border=5) == (1, 2)
    assert index.at(-0.5, 50) == (), "outside is outside, however near"
    assert index.at(float("nan"), 50) == ()


def test_holes_and_pieces() -> None:
    ring, fault = read_boundary({"type": "Polygon", "coordinates": [SQUARE, HOLE]})
    assert not fault
    index = ShapeIndex([Area(1, "1", "甲", ring), two_parts(2)])
    assert (index.at(50, 50), index.at(20, 20)) == ((), (1,))
    assert (index.at(-450, -450), index.at(-250, -250), index.at(-350, -350)) == ((2,), (2,), ())


@pytest.mark.parametrize(
    ("boundary", "fault"),
    [
        ({}, "没有边界"),
        (None, "没有边界"),
        ({"type": "Point", "coordinates": [1, 2]}, "边界不是多边形"),
        ({"type": "Polygon", "coordinates": []}, "边界没有面积"),
        ({"type": "Polygon"}, "边界坐标有误"),
        ({"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4]]]}, "边界坐标有误"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "边界坐标有误"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}, "边界没有面积"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, float("nan")], [2, 2], [0, 0]]]}, "边界坐标有误"),
    ],
)  # fmt: skip
def test_a_boundary_that_cannot_be_used_is_named(boundary, fault: str) -> None:
    assert read_boundary(boundary) == (None, fault)


@pytest.mark.parametrize(
    "boundary",
    [
        {"type": "Polygon", "coordinates": [SQUARE]},
        {"type": "Polygon", "coordinates": [SQUARE[:-1]]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [SQUARE]}},
        {"type": "Polygon", "coordinates": [[[x, y, 12.5] for x, y in SQUARE]]},
    ],
)  # fmt: skip
def test_every_way_to_write_a_square(boundary) -> None:
    made, fault = read_boundary(boundary)
    assert not fault
    assert made.area == pytest.approx(10_000)


def test_a_boundary_that_crosses_itself_is_mended() -> None:
    bow = [[0, 0], [100, 100], [100, 0], [0, 100], [0, 0]]
    made, fault = read_boundary({"type": "Polygon", "coordinates": [bow]})
    assert not fault
    assert made.is_valid
    assert made.area == pytest.approx(5_000)


def test_twenty_thousand_points_a_second_among_a_whole_citys_grids() -> None:
    """4,489 grids (Haikou). Measured far above; the limit leaves room for a busy machine."""
    index = ShapeIndex(patchwork(67, 67))
    rng = random.Random(2)
    points = [(rng.uniform(0, 6700), rng.uniform(0, 6700)) for _ in range(40_000)]
    started = perf_counter()
    found = index.at_many(points)
    many = len(points) / (perf_counter() - started)
    started = perf_counter()
    for x, y in points[:2_000]:
        index.at(x, y)
    one = 2_000 / (perf_counter() - started)
    sys.stdout.write(f"\n{many:,.0f} points/s together, {one:,.0f} points/s one by one\n")
    assert sum(unit_id is None for unit_id in found) < len(points) / 20
    assert many >= 20_000
