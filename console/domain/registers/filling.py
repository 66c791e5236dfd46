"""What a form knows by itself: the order of its fields, words most used, what is wrong the moment a field is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from console.domain.errors import Invalid
from console.domain.identity import SEX_NAMES, read_identity_number
from console.domain.importing.fields import Field, Reads
from console.domain.importing.values import read_cell
from console.domain.registers.kinds import KINDS, Register

# Who it is, how to reach him, where he lives: asked at every door. The rest follows in the order of the register.
FIRST: dict[Register, tuple[str, ...]] = {
    Register.PERSONS: (
        "name", "id_number", "sex", "born_on", "phone", "home_address", "grid_id", "household_id", "relation",
        "residence_kind", "verified_on",
    ),
    Register.HOUSEHOLDS: ("address", "grid_id", "number", "kind", "residence_state", "last_visit_on"),
    Register.ENTERPRISES: ("name", "uscc", "phone", "address", "grid_id"),
}  # fmt: skip
# A new row was looked at on the day it is written down.
SEEN_TODAY = frozenset({"verified_on", "last_visit_on"})
# A number the program gives when nobody types one.
GIVEN: dict[Register, frozenset[str]] = {Register.HOUSEHOLDS: frozenset({"number"})}
# The number of a household: its community and a count within it.
COMMUNITY, COUNT = 12, 6
_CIVIL = 18


def _words(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (one.split(":") for one in text.split())
    return tuple((word, letters) for word, letters in pairs)


# Words most used of a field that takes any, with their initials; offered while typing.
WORDS: dict[tuple[Register, str], tuple[tuple[str, str], ...]] = {
    (Register.PERSONS, "relation"): _words(
        "户主:hz 配偶:po 子:z 女:n 父亲:fq 母亲:mq 儿媳:ex 女婿:nx 孙子:sz 孙女:sn 外孙:ws 外孙女:wsn 祖父:zf "
        "祖母:zm 公公:gg 婆婆:pp 岳父:yf 岳母:ym 兄弟:xd 姐妹:jm 其他亲属:qtqs 非亲属:fqs"
    ),
    (Register.PERSONS, "ethnicity"): _words(
        "汉族:hz 壮族:zz 回族:hz 满族:mz 维吾尔族:wwez 苗族:mz 彝族:yz 土家族:tjz 藏族:zz 蒙古族:mgz 侗族:dz "
        "布依族:byz 瑶族:yz 白族:bz 朝鲜族:cxz 哈尼族:hnz 黎族:lz 哈萨克族:hskz 傣族:dz 畲族:sz"
    ),
    (Register.PERSONS, "marital_state"): _words("未婚:wh 已婚:yh 丧偶:so 离异:ly"),
    (Register.PERSONS, "political_status"): _words("群众:qz 中共党员:zgdy 共青团员:gqty 民主党派:mzdp"),
    (Register.PERSONS, "education"): _words(
        "小学:xx 初中:cz 高中:gz 中专:zz 大专:dz 本科:bk 研究生:yjs 文盲或半文盲:wm"
    ),
    (Register.HOUSEHOLDS, "kind"): _words("家庭户:jth 集体户:jth"),
    (Register.HOUSEHOLDS, "residence_state"): _words("在住:zz 空户:kh 出租:cz 人户分离:rhfl"),
    (Register.HOUSES, "usage"): _words("自住:zz 出租:cz 经营:jy 空置:kz"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GridChoice:
    """A grid of the branch, to be chosen by name, initials or code."""

    id: int
    code: str
    name: str
    above: str


@dataclass(frozen=True, slots=True)
class HouseChoice:
    """A house of the branch: who chooses its address has chosen its grid."""

    id: int
    address: str
    grid: str
    lived: str


@dataclass(frozen=True, slots=True)
class HomeChoice:
    """A household of the branch, to be chosen by where it lives or by a part of its number."""

    number: str
    head: str
    address: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """What an empty field may be filled with, and why. `label` is how the value reads, where that differs."""

    value: str
    why: str
    label: str = ""


def in_order(register: Register) -> tuple[Field, ...]:
    """A register's fields as they are asked."""
    first = FIRST.get(register, ())
    place = {name: at for at, name in enumerate(first)}
    return tuple(sorted(KINDS[register].fields, key=lambda one: place.get(one.name, len(first))))


def offered(register: Register, name: str, typed: str) -> tuple[str, ...]:
    """Usual words of a field that what is typed may mean; all of them for nothing."""
    plain = typed.strip().lower()
    return tuple(
        word
        for word, letters in WORDS.get((register, name), ())
        if word.startswith(plain) or letters.startswith(plain)
    )


def fault_of(field: Field, text: str, today: date) -> Invalid | None:
    """What is wrong with a field as it is left; the rest is compared when the row is saved."""
    plain = "".join(text.split()).upper()
    try:
        if field.reads is Reads.IDENTITY and (len(plain) == _CIVIL or plain.isdecimal()):
            read_identity_number(plain, today, field.name)
        elif plain:
            read_cell(field, text, today)
    except Invalid as fault:
        return in_person(fault, field.name)
    return None


def in_person(fault: Invalid, field: str) -> Invalid:
    """The same fault for somebody who stands at the door: nobody is on the line."""
    return Invalid(fault.text, fault.hint.replace("来电人", "本人"), field)


def said_by(number: str, today: date) -> Mapping[str, str]:
    """Sex and day of birth a complete and right identity number says; nothing while it is neither."""
    try:
        found = read_identity_number(number, today)
    except Invalid:
        return {}
    return {"sex": SEX_NAMES[found.sex], "born_on": found.born.isoformat()}


def household_prefix(grid_code: str) -> str:
    return grid_code[:COMMUNITY]


def next_number(prefix: str, last: str) -> str:
    """The number after the last one of a community; nothing when its count is used up."""
    count = int(last[len(prefix) :]) + 1 if last else 1
    return f"{prefix}{count:0{COUNT}d}" if count < 10**COUNT else ""
