"""A road by its name, a highway by any of its names."""

from console.domain.address_book import AddressBook, RoadRange
from console.domain.highways import highway_keys

_SHORTEST_NAME = 4


def ranges_named(name: str, book: AddressBook) -> tuple[RoadRange, ...]:
    """The ranges of a road by its registered name, of a highway by any of its names."""
    found = dict.fromkeys(book.road_ranges(name))
    for key in highway_keys(name):
        # 我在京港澳高速: what stands before the name is not known to be none of it.
        cuts = (key[at:] for at in range(max(len(key) - _SHORTEST_NAME, 0) + 1))
        found |= dict.fromkeys(next(filter(None, map(book.highway, cuts)), ()))
    return tuple(found)
