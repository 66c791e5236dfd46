"""Division, grid and component codes as text; scope is a prefix (field-facts 5.2).

Lengths: 2 province, 4 city, 6 county, 9 street, 12 community, 15 grid.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from console.domain.errors import Invalid

DEPARTMENT_LETTER = "D"
LAST_OF_THREE = 999


class DivisionLevel(IntEnum):
    """The value is the number of digits of a code of that level."""

    PROVINCE = 2
    CITY = 4
    COUNTY = 6
    STREET = 9
    COMMUNITY = 12
    GRID = 15


LEVEL_NAMES: dict[DivisionLevel, str] = {
    DivisionLevel.PROVINCE: "省",
    DivisionLevel.CITY: "市",
    DivisionLevel.COUNTY: "区县",
    DivisionLevel.STREET: "街道",
    DivisionLevel.COMMUNITY: "社区",
    DivisionLevel.GRID: "网格",
}
_LENGTHS = "2、4、6、9、12 或 15"


@dataclass(frozen=True, slots=True)
class GridCodeRule:
    """What this city's grid codes look like; from the policy pack. Local forms of 17 or 18 digits exist."""

    pattern: str = r"[0-9]{15}"
    wording: str = "15 位数字"


NATIONAL_GRID_CODE = GridCodeRule()


@dataclass(frozen=True, slots=True)
class DivisionCode:
    """A division or grid code without padding zeros, so that `text` is the prefix of all below it."""

    text: str

    @property
    def level(self) -> DivisionLevel:
        return DivisionLevel(len(self.text))

    @property
    def parent(self) -> "DivisionCode | None":
        shorter = [level for level in DivisionLevel if level < len(self.text)]
        return DivisionCode(self.text[: shorter[-1]]) if shorter else None

    @property
    def ancestors(self) -> tuple[str, ...]:
        """The codes above this one, province first."""
        return tuple(self.text[:level] for level in DivisionLevel if level < len(self.text))

    @property
    def kind(self) -> str:
        """街道, 镇, 乡, 社区 or 村 where the statistical numbering tells, else the level's name."""
        last = int(self.text[-3:]) if len(self.text) in {9, 12} else 0
        if self.level is DivisionLevel.STREET:
            return "街道" if last < 100 else "镇" if last < 200 else "乡"
        if self.level is DivisionLevel.COMMUNITY:
            return "社区" if last < 200 else "村"
        return LEVEL_NAMES[self.level]


def _digits(text: str, what: str, field: str) -> str:
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not plain:
        raise Invalid(f"请填写{what}", field=field)
    if not re.fullmatch(r"[0-9]+", plain):
        raise Invalid(f"{what}只含数字，现为“{text.strip()}”", field=field)
    return plain


def scope_prefix(digits: str) -> str:
    """`digits` without the zeros that pad a code of a higher level: 430600 → 4306, 430602000000 → 430602."""
    for longer, shorter in ((15, 12), (12, 9), (9, 6), (6, 4), (4, 2)):
        if len(digits) == longer and not digits[shorter:].strip("0"):
            digits = digits[:shorter]
    return digits


def read_division_code(text: str, field: str = "code") -> DivisionCode:
    """A province to grid code as typed; padding zeros are dropped. Raises Invalid naming the lengths."""
    plain = scope_prefix(_digits(text, "区划代码", field))
    if len(plain) not in set(DivisionLevel):
        raise Invalid(f"区划代码“{plain}”是 {len(plain)} 位，应为 {_LENGTHS} 位", field=field)
    if plain[0] == "0":
        raise Invalid(f"区划代码“{plain}”不能以 0 开头", field=field)
    return DivisionCode(plain)


def read_grid_code(text: str, rule: GridCodeRule = NATIONAL_GRID_CODE, field: str = "code") -> str:
    """A grid code checked against the city's own pattern; at most 20 characters. Raises Invalid."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if len(plain) > 20 or not re.fullmatch(rule.pattern, plain):
        raise Invalid(f"网格编码应为{rule.wording}，现为“{plain}”（{len(plain)} 位）", field=field)
    return plain


def grid_code(community: str, sequence: int) -> str:
    """The 15-digit code of a community's n-th grid; above 999 it is refused (GB/T 30428)."""
    above = read_division_code(community)
    if above.level is not DivisionLevel.COMMUNITY:
        raise Invalid(f"“{community}”不是 12 位社区代码", field="community")
    if not 1 <= sequence <= LAST_OF_THREE:
        raise Invalid("一个社区最多编 999 个网格", "请先调整社区划分", "code")
    return f"{above.text}{sequence:03d}"


def covers(prefix: str, code: str) -> bool:
    """Whether a unit whose code is `prefix` has `code` in its scope; departments cover only themselves."""
    if prefix.startswith(DEPARTMENT_LETTER):
        return prefix == code
    return code.startswith(prefix)


def code_range(prefix: str) -> tuple[str, str]:
    """`(low, high)` such that `covers(prefix, code)` is `low <= code < high`, which an index can answer.

    Holds for codes of digits and `D` + digits under any collation. An empty prefix covers everything.
    """
    if not prefix:
        return "", "z"
    if prefix.startswith(DEPARTMENT_LETTER):
        return prefix, prefix + " "
    # 4399 ends before 44, not before 4400: "44" itself, a province, sorts between the two.
    stem = prefix.rstrip("9")
    return prefix, stem[:-1] + str(int(stem[-1]) + 1) if stem else "A"


@dataclass(frozen=True, slots=True)
class ComponentCode:
    """A component's 16-digit code: division 6, major class 2, minor class 2, sequence 6."""

    text: str
    division: str
    major: str
    minor: str
    sequence: int


def read_component_code(text: str, field: str = "code") -> ComponentCode:
    """Take apart a component code (3205820102048188 = 张家港, 公用设施, 污水井盖). Raises Invalid."""
    plain = _digits(text, "部件编码", field)
    if len(plain) != 16:
        raise Invalid(f"部件编码应为 16 位，现在是 {len(plain)} 位", field=field)
    return ComponentCode(plain, plain[:6], plain[6:8], plain[8:10], int(plain[10:]))
