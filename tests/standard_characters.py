"""The 8,105 characters of 通用规范汉字表, in the order and the three parts of its index (the .txt beside this)."""

from pathlib import Path

# Names of real people that programs lose: two beyond the first plane, all four standard characters.
NAMED = "㛃𬭎䶮𡐓"


def read_levels() -> tuple[str, str, str]:
    """The first, second and third part of the list."""
    text = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
    levels: list[list[str]] = []
    for line in text.splitlines():
        if line.endswith(("3500", "6500", "8105")):
            levels.append([])
        elif not line.startswith("#"):
            levels[-1].append(line)
    first, second, third = ("".join(lines) for lines in levels)
    return first, second, third


LEVELS = read_levels()
STANDARD = "".join(LEVELS)
BEYOND = "".join(character for character in STANDARD if ord(character) > 0xFFFF)


def pieces(most: int, characters: str = STANDARD) -> list[str]:
    """All of them in texts of at most `most` characters."""
    return [characters[at : at + most] for at in range(0, len(characters), most)]
