"""What people complain about and who answers for it: the category tree and the departments (field-facts 7.2, 7.3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Self

from console.domain.policy_check import (
    Doubt,
    PolicyFault,
    Positive,
    Reader,
    open_source,
    short_name,
)
from console.domain.states import Nature, Platform, Urgency
from console.domain.worktime import Limit

# Where a category names no department: the subdistrict the place belongs to (属地).
STREET = "street"
DEFAULT_CATALOGUE = Path(__file__).resolve().parents[2] / "resources" / "policy" / "default"


class DepartmentKind(StrEnum):
    """单位性质 (field-facts 6.8)."""

    GOVERNMENT = "政府"
    PARTY = "党群"
    STATE_FIRM = "国企"
    PRIVATE_FIRM = "民企"
    SOCIAL = "社会组织"


class Words(tuple[str, ...]):
    """Words a file holds as one text with spaces between."""

    __slots__ = ()
    EXPECTED: ClassVar[str] = "以空格分开的词"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Split at white space; ValueError when nothing is left."""
        words = cls(text.split())
        if not words:
            raise ValueError(text)
        return words


NO_WORDS = Words()


@dataclass(frozen=True, slots=True)
class Department:
    """A department, firm or society that takes work orders."""

    code: str
    name: str
    short: str
    kind: DepartmentKind
    words: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Category:
    """One category with everything its file leaves to the levels above already filled in.

    `unit` is STREET or a department's short name; `radius` (metres) and `days` bound the search for
    duplicates; `finish` is the category's own limit at normal urgency; `site` asks for photos before and after.
    """

    code: str
    name: str
    path: tuple[str, ...]
    words: tuple[str, ...]
    unit: str
    platform: Platform
    urgency: Urgency
    nature: Nature | None
    site: bool
    radius: int
    days: int
    finish: Limit | None
    tags: tuple[str, ...]

    @property
    def level(self) -> int:
        """1 to 3."""
        return len(self.code) // 2

    @property
    def parent_code(self) -> str:
        return self.code[:-2]

    @property
    def full_name(self) -> str:
        """`城市管理 › 市政设施 › 井盖`."""
        return " › ".join(self.path)


@dataclass(frozen=True, slots=True)
class _Given:
    """What every level may say; None is left to the level above."""

    words: Words | None = None
    unit: str | None = None
    platform: Platform | None = None
    urgency: Urgency | None = None
    nature: Nature | None = None
    site: bool | None = None
    radius: Positive | None = None
    days: Positive | None = None
    finish: Limit | None = None
    tags: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaf(_Given):
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Middle(_Given):
    code: str
    name: str
    leaf: tuple[_Leaf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Major(_Given):
    code: str
    name: str
    unit: str
    platform: Platform
    radius: Positive
    days: Positive
    middle: tuple[_Middle, ...]


@dataclass(frozen=True, slots=True)
class _CategoryFile:
    major: tuple[_Major, ...]

    def check(self) -> Iterator[Doubt]:
        seen: set[str] = set()
        for key, code, above in self._codes():
            if not (code.isascii() and code.isdigit() and len(code) == len(above) + 2):
                yield Doubt(key, f" {len(above) + 2} 位数字", code)
            elif not code.startswith(above):
                yield Doubt(key, f"以 {above} 开头的编码", code)
            elif code in seen:
                yield Doubt(key, "没有用过的编码", code)
            seen.add(code)

    def _codes(self) -> Iterator[tuple[str, str, str]]:
        for i, major in enumerate(self.major):
            yield f"major[{i}].code", major.code, ""
            for j, middle in enumerate(major.middle):
                yield f"major[{i}].middle[{j}].code", middle.code, major.code
                for k, leaf in enumerate(middle.leaf):
                    yield f"major[{i}].middle[{j}].leaf[{k}].code", leaf.code, middle.code


@dataclass(frozen=True, slots=True)
class _DepartmentFile:
    departments: tuple[Department, ...]

    def check(self) -> Iterator[Doubt]:
        for at, department in enumerate(self.departments):
            if re.fullmatch(r"D\d{3}", department.code, re.ASCII) is None:
                yield Doubt(f"departments[{at}].code", "“D001”这样的编码", department.code)
        for name in ("code", "name", "short"):
            seen: set[str] = set()
            for at, department in enumerate(self.departments):
                value = getattr(department, name)
                if value in seen:
                    yield Doubt(f"departments[{at}].{name}", "没有用过的值", value)
                seen.add(value)


@dataclass(frozen=True)
class Catalogue:
    """Categories in file order, each before its children, and departments."""

    categories: tuple[Category, ...]
    departments: tuple[Department, ...]
    _by_code: dict[str, Category] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {one.code: one for one in self.categories})

    def get(self, code: str) -> Category | None:
        """The category with that code, of any level."""
        return self._by_code.get(code)

    def children(self, code: str = "") -> tuple[Category, ...]:
        """The categories directly below a code; without one the top level."""
        return tuple(one for one in self.categories if one.parent_code == code)

    @property
    def leaves(self) -> tuple[Category, ...]:
        """The categories of the third level."""
        return tuple(one for one in self.categories if one.level == 3)

    def department(self, short: str) -> Department | None:
        """The department with that short name."""
        return next((one for one in self.departments if one.short == short), None)


def load_categories(source: Path | str | bytes, name: str = "") -> tuple[Category, ...]:
    """Read and check a category file, its text or bytes; PolicyFault names file, key and what was expected."""
    opened = open_source(source, name)
    built = Reader(opened).build(_CategoryFile, opened.table)
    return tuple(_categories(built))


def load_departments(source: Path | str | bytes, name: str = "") -> tuple[Department, ...]:
    """Read and check a department file, its text or bytes."""
    opened = open_source(source, name)
    return Reader(opened).build(_DepartmentFile, opened.table).departments


def load_catalogue(folder: Path = DEFAULT_CATALOGUE) -> Catalogue:
    """`categories.toml` and `departments.toml` of a pack's folder; every unit named must be a department."""
    file = folder / "categories.toml"
    catalogue = Catalogue(load_categories(file), load_departments(folder / "departments.toml"))
    known = {STREET, *(department.short for department in catalogue.departments)}
    for category in catalogue.categories:
        if category.unit not in known:
            raise _unknown_unit(short_name(file), category)
    return catalogue


@cache
def default_catalogue() -> Catalogue:
    """The catalogue shipped with the default pack, read once."""
    return load_catalogue()


def _unknown_unit(file: str, category: Category) -> PolicyFault:
    key = f"{category.code}.unit"
    text = f'{key} 应为 street 或 departments.toml 中的简称，实际为 "{category.unit}"'
    return PolicyFault(file, key, text)


def _categories(file: _CategoryFile) -> Iterator[Category]:
    for major in file.major:
        yield _category(major, (major,))
        for middle in major.middle:
            yield _category(middle, (major, middle))
            for leaf in middle.leaf:
                yield _category(leaf, (major, middle, leaf))


def _category(
    row: _Major | _Middle | _Leaf, line: tuple[_Major | _Middle | _Leaf, ...]
) -> Category:
    given: dict[str, Any] = {}
    for part in fields(_Given):
        values = (getattr(one, part.name) for one in reversed(line))
        given[part.name] = next((value for value in values if value is not None), None)
    # Words belong to the category itself; all else comes from the nearest level that says something.
    given["words"] = row.words or NO_WORDS
    given["tags"] = given["tags"] or NO_WORDS
    given["urgency"] = given["urgency"] or Urgency.NORMAL
    given["site"] = bool(given["site"])
    return Category(code=row.code, name=row.name, path=tuple(one.name for one in line), **given)
