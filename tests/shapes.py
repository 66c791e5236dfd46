"""Invented areas for the tests of the map: a patchwork without gaps, with holes, islands and bent borders."""

import random
from typing import Any

from console.services.mapping.shapes import Area


def patchwork(columns: int, rows: int, size: float = 100.0, seed: int = 7) -> list[Area]:
    """`columns` × `rows` areas side by side; every fifth has a hole that is an area of its own."""
    import shapely

    rng = random.Random(seed)
    corners = {
        (c, r): (c * size + rng.uniform(-0.3, 0.3) * size, r * size + rng.uniform(-0.3, 0.3) * size)
        for c in range(columns + 1)
        for r in range(rows + 1)
    }
    areas: list[Area] = []
    for c in range(columns):
        for r in range(rows):
            ring = [corners[c, r], corners[c + 1, r], corners[c + 1, r + 1], corners[c, r + 1]]
            made = shapely.Polygon(ring)
            at = len(areas) + 1
            if at % 5 == 0:
                island = made.representative_point().buffer(size / 8)
                areas.append(_area(at + 100_000, island))
                made = made.difference(island)
            areas.append(_area(at, made))
    return areas


def two_parts(unit_id: int = 500_000) -> Area:
    """An area in two pieces far apart."""
    import shapely

    return _area(
        unit_id,
        shapely.union_all(
            [shapely.box(-500, -500, -400, -400), shapely.box(-300, -300, -200, -200)]
        ),
    )


def _area(unit_id: int, geometry: Any) -> Area:
    return Area(unit_id, f"{unit_id:015d}", f"第{unit_id}网格", geometry)
