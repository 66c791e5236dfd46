"""The registers as a workplace shows them; their fields are those that can be imported, written once."""

from dataclasses import replace
from enum import StrEnum

from console.domain.importing import kinds as imported
from console.domain.importing.fields import Field, Kind, Reads
from console.domain.roles import Role


class Register(StrEnum):
    """In the order of the list at the left."""

    PERSONS = "persons"
    HOUSEHOLDS = "households"
    BUILDINGS = "buildings"
    HOUSES = "houses"
    ENTERPRISES = "enterprises"
    MEMBERS = "members"
    GRIDS = "grids"
    STAFF = "staff"
    UNITS = "units"


# Who keeps residents and places: those on the spot, in their own branch, and the centre's head (field-facts 2).
KEEPERS = frozenset({Role.SUPERVISOR, Role.STREET_DESK, Role.GRID_LEADER, Role.GRID_WORKER})
# The skeleton of the city is kept by the centre.
BUILDERS = frozenset({Role.SUPERVISOR})

RISKS = {"high": "高", "medium": "中", "normal": "一般"}
# Whoever answers the telephone may be told of these; the rest are seen by named staff only (field-facts 10.5).
OPEN_CLASSES = tuple(
    "高龄 独居老人 空巢老人 留守老人 残疾 低保 特困 失独 退役军人 下岗失业".split()
)
RESTRICTED_CLASSES = tuple(
    "留守儿童 困境儿童 孕产妇 大病 刑满释放 社区矫正 严重精神障碍 吸毒 艾滋 重点青少年 上访".split()
)
CLASSES = OPEN_CLASSES + RESTRICTED_CLASSES
# What is asked of each class beyond the common fields, in short (field-facts 6.4).
CLASS_DETAILS: dict[str, tuple[str, ...]] = {
    "刑满释放": ("原罪名", "刑期", "服刑场所", "释放日期", "危险性评估", "衔接情况", "安置情况", "帮教情况"),
    "社区矫正": ("矫正编号", "矫正类别", "案件类别", "罪名", "矫正起止", "矫正小组", "脱管漏管", "奖惩"),
    "严重精神障碍": ("监护人", "诊断", "初发日期", "危险等级", "肇事肇祸史", "治疗医院", "服药情况", "参与管理人员"),
    "吸毒": ("初次发现", "管控情况", "管控人", "帮扶人", "吸毒原因"),
    "艾滋": ("感染途径", "关注类型", "收治情况", "收治机构"),
    "重点青少年": ("人员类型", "家庭情况", "监护人", "违法犯罪", "帮扶手段"),
    "上访": ("上访日期", "上访次数", "上访原因"),
    "残疾": ("残疾类型", "残疾等级"),
    "低保": ("保障人数", "月保障金额"),
    "孕产妇": ("预产期",),
    "留守儿童": ("监护人", "父母务工地"),
    "困境儿童": ("困境类型", "监护人"),
    "大病": ("病种", "就诊医院"),
}  # fmt: skip
DETAILS_OF_ANY = tuple(dict.fromkeys(name for names in CLASS_DETAILS.values() for name in names))


def is_restricted(group_class: str) -> bool:
    """A class nobody knows is kept as the closest."""
    return group_class not in OPEN_CLASSES


def _words(*choices: str) -> dict[str, object]:
    return {word: word for word in choices}


MEMBERS = Kind(
    "members", "特殊人群",
    (
        Field("person_id", "身份证号", Reads.IDENTITY, (), True, 20, private="identity"),
        Field("group_class", "类别", Reads.CHOICE, (), True, choices=_words(*CLASSES)),
        Field("risk_level", "风险等级", Reads.CHOICE, choices={word: code for code, word in RISKS.items()}),
        Field("guardian", "包案人", Reads.NAME, longest=50, private="name"),
        Field("guardian_post", "包案人职务", Reads.LINE),
        Field("guardian_phone", "包案人电话", Reads.PHONE, private="phone"),
        Field("registered_on", "登记日期", Reads.DAY),
        Field("state", "状态", Reads.CHOICE, choices={"在管": "active", "已解除": "closed"}),
        *(Field(f"details.{name}", name, Reads.LINE, longest=200, private="hidden") for name in DETAILS_OF_ANY),
    ),
    ("person_id", "group_class"), KEEPERS, unit="人",
)  # fmt: skip


def _without(kind: Kind, *names: str) -> Kind:
    return replace(kind, fields=tuple(field for field in kind.fields if field.name not in names))


def _required(kind: Kind, *names: str) -> Kind:
    """What a list from elsewhere may leave out and a keeper at the door is asked for."""
    fields = tuple(replace(one, required=one.required or one.name in names) for one in kind.fields)
    return replace(kind, fields=fields)


# Shapes are drawn or imported, never typed; a household's last visit follows from its visits.
KINDS: dict[Register, Kind] = {
    Register.PERSONS: _required(imported.PERSONS, "residence_kind"),
    Register.HOUSEHOLDS: imported.HOUSEHOLDS,
    Register.BUILDINGS: imported.BUILDINGS,
    Register.HOUSES: imported.HOUSES,
    Register.ENTERPRISES: imported.ENTERPRISES,
    Register.MEMBERS: MEMBERS,
    Register.GRIDS: _without(imported.GRIDS, "boundary"),
    Register.STAFF: imported.STAFF,
    Register.UNITS: imported.UNITS,
}
# Fields of another row: they say which, and are never changed in a form that is open already.
FIXED: dict[Register, frozenset[str]] = {
    Register.PERSONS: frozenset({"id_number"}),
    Register.HOUSEHOLDS: frozenset({"number"}),
    Register.BUILDINGS: frozenset({"estate", "number"}),
    Register.HOUSES: frozenset({"estate", "number", "unit_no", "room"}),
    Register.ENTERPRISES: frozenset({"uscc"}),
    Register.MEMBERS: frozenset({"person_id", "group_class"}),
    Register.GRIDS: frozenset({"code"}),
    Register.STAFF: frozenset({"staff_no"}),
    Register.UNITS: frozenset({"code", "parent_code"}),
}
# New rows of these come from the administrator's import: they carry codes others hang on.
FOUNDED = frozenset({Register.GRIDS, Register.UNITS})


def keepers_of(register: Register) -> frozenset[Role]:
    """Who may write rows of it."""
    skeleton = register in (Register.GRIDS, Register.STAFF, Register.UNITS)
    return BUILDERS if skeleton else KEEPERS
