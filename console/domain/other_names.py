"""曾用名 and 别称: what else a road, an estate or a place is called, as it is kept and as it is asked about."""

import re

from console.domain.errors import Invalid

LONGEST, LEAST = 200, 2
_BETWEEN = re.compile(r"[、,，;；/／|\n]+")


def split(kept: str | None) -> tuple[str, ...]:
    """The names of a column, whatever stands between them."""
    parts = (part.strip() for part in _BETWEEN.split(kept or ""))
    return tuple(dict.fromkeys(part for part in parts if part))


def joined(written: str, own: str = "", field: str = "other_names") -> str:
    """The names as they are kept, without the thing's `own`. Raises Invalid for what nobody could be asked about."""
    names = [name for name in split(written) if name != own]
    for name in names:
        if len(name) < LEAST or name.isdigit():
            raise Invalid(f"别称“{name[:20]}”太短或只有数字", "请写全，几个之间用、隔开", field)
    return "、".join(names)
