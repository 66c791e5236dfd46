"""How letters name moments, people and places, where screens and forms are terser."""

from datetime import datetime

from console.services.paper.words import local, long_moment


def later_moment(at: datetime | None, before: datetime | None) -> str:
    """A moment after one just named: `当日9时24分`, or without the year when it is the same."""
    if at is None or before is None:
        return long_moment(at)
    here, there = local(at), local(before)
    clock = f"{here.hour}时{here.minute}分"
    if here.date() == there.date():
        return f"当日{clock}"
    day = f"{here.month}月{here.day}日{clock}"
    return day if here.year == there.year else f"{here.year}年{day}"


def person(signature: str) -> str:
    """`吴红云 1001` as a letter names somebody: `吴红云（工号1001）`."""
    name, _, number = signature.rpartition(" ")
    return f"{name}（工号{number}）" if name and number.isalnum() else signature


def in_one(path: str) -> str:
    """`望台街道 › 钟鼓社区 › 钟鼓社区第二网格` as one name; screens use the arrow, official papers do not."""
    names = [name.strip() for name in path.split("›")]
    pairs = zip(names, [*names[1:], ""], strict=True)
    return "".join(name for name, following in pairs if not following.startswith(name))
