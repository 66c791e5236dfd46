"""Policy packs: what ships, how packs build on each other, and every kind of fault."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.domain.errors import UserError
from console.domain.policy import PACKS, PolicyFault, default_pack, load_pack, pack_names
from console.domain.policy_check import merge
from console.domain.policy_tables import EmergencyLine, LightAction, StepView
from console.domain.states import Nature, Satisfaction, SupervisionLevel, Urgency
from console.domain.worktime import Limit

DEFAULT = (PACKS / "default" / "pack.toml").read_text(encoding="utf-8")
NAME = "resources/policy/haikou-30min/pack.toml"


def fault(text: str) -> PolicyFault:
    """The fault of a pack with this text."""
    with pytest.raises(PolicyFault) as caught:
        load_pack(text, NAME)
    return caught.value


def changed(old: str, new: str) -> str:
    """The default pack with one piece replaced."""
    assert DEFAULT.count(old) >= 1, old
    return DEFAULT.replace(old, new, 1)


def over(text: str) -> str:
    """A pack on top of the default one."""
    return f'extends = "default"\n{text}'


def test_the_shipped_packs_load() -> None:
    names = ("default", "haikou-30min", "longting-two-lights", "xiangyang-five-level")
    assert pack_names() == names
    packs = [load_pack(PACKS / name) for name in names]
    assert len({pack.name for pack in packs}) == 4


@pytest.mark.parametrize(
    ("urgency", "nature", "limits"),
    [
        (Urgency.NORMAL, Nature.INQUIRY, "1工作日 1工作日 1工作日 24小时"),
        (Urgency.NORMAL, Nature.HELP, "1工作日 1工作日 3工作日 24小时"),
        (Urgency.NORMAL, Nature.COMPLAINT, "1工作日 1工作日 5工作日 24小时"),
        (Urgency.NORMAL, Nature.OTHER, "1工作日 1工作日 5工作日 24小时"),
        (Urgency.URGENT, Nature.INQUIRY, "30分钟 2小时 24小时 24小时"),
        (Urgency.CRITICAL, Nature.REPORT, "15分钟 30分钟 2小时 24小时"),
    ],
)
def test_default_limits(urgency: Urgency, nature: Nature, limits: str) -> None:
    found = default_pack().limits(urgency, nature)
    assert f"{found.sign} {found.response} {found.finish} {found.callback}" == limits


@pytest.mark.parametrize(
    ("span", "clock", "night"),
    [
        ("22:00-06:00", "21:59", False), ("22:00-06:00", "22:00", True), ("22:00-06:00", "00:30", True),
        ("22:00-06:00", "05:59", True), ("22:00-06:00", "06:00", False), ("00:00-05:30", "05:29", True),
        ("00:00-05:30", "23:59", False), ("00:00-05:30", "05:30", False),
    ],
)  # fmt: skip
def test_night_is_the_citys_own(span: str, clock: str, night: bool) -> None:
    rules = load_pack(over(f'[auditing]\nnight = "{span}"'), NAME).auditing
    at = datetime.fromisoformat(f"2026-11-22T{clock}:00+08:00").astimezone(UTC)
    assert rules.night.holds(at) is night


def test_category_and_complexity_change_the_finish_of_normal_orders_only() -> None:
    pack, own = default_pack(), Limit.parse("4工作时")

    def finish(urgency: Urgency, nature: Nature, complex_matter: bool = False) -> str:
        return str(pack.limits(urgency, nature, own, complex_matter).finish)

    assert finish(Urgency.NORMAL, Nature.COMPLAINT) == "4工作时"
    assert finish(Urgency.NORMAL, Nature.INQUIRY) == "1工作日"
    assert finish(Urgency.URGENT, Nature.COMPLAINT) == "24小时"
    assert finish(Urgency.NORMAL, Nature.COMPLAINT, complex_matter=True) == "15工作日"
    assert finish(Urgency.URGENT, Nature.COMPLAINT, complex_matter=True) == "24小时"


def test_the_default_pack_holds_the_decided_numbers() -> None:
    pack = default_pack()
    assert (pack.returns.limit, pack.returns.dispatches) == (Limit.parse("1工作日"), 3)
    assert (pack.extension.times, pack.extension.workdays) == (1, 10)
    assert (pack.acceptance.content_min, pack.reply.length_min) == (10, 20)
    assert (pack.desk.undo_seconds, pack.desk.archive_days, pack.redo.reopen_days) == (10, 7, 30)
    assert [reason.code for reason in pack.acceptance.rejections] == list("123456789")
    assert [one.code for one in pack.callback.questions[:3]] == [
        "contacted",
        "resolved",
        "unit_satisfaction",
    ]
    assert pack.supervision.penalties[SupervisionLevel.RED] == 10
    assert str(pack.limit_table.grid_response) == "30分钟"


def test_haikou_answers_in_thirty_minutes_by_three_steps() -> None:
    pack = load_pack(PACKS / "haikou-30min")
    assert pack.steps is StepView.THREE
    assert {str(pack.limits(urgency, Nature.HELP).response) for urgency in Urgency} == {
        "30分钟",
        "15分钟",
    }
    assert pack.hours[0].name == "全年"
    assert pack.callback == default_pack().callback


def test_longting_has_campaigns_in_two_levels() -> None:
    campaigns = load_pack(PACKS / "longting-two-lights").campaigns
    assert sum(not campaign.parent for campaign in campaigns) == 5
    assert {one.parent for one in campaigns} == {"", "cities", "battles"}


def test_xiangyang_escalates_through_five_timed_levels() -> None:
    escalation = load_pack(PACKS / "xiangyang-five-level").escalation
    assert [level.digits for level in escalation.levels] == [4, 6, 9, 12, 15]
    assert not escalation.skip
    assert escalation.on_expiry is LightAction.SUPERVISE


def test_satisfaction_counts_by_the_pack() -> None:
    pack = default_pack()
    assert pack.counts_as_satisfied(Satisfaction.FAIRLY_SATISFIED) is True
    assert pack.counts_as_satisfied(Satisfaction.DISSATISFIED) is False
    assert pack.counts_as_satisfied(Satisfaction.NO_COMMENT) is None
    assert pack.satisfaction_choices()[0] == (Satisfaction.VERY_SATISFIED, "非常满意")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("三楼厨房着火了", EmergencyLine.FIRE),
        ("老人突然昏迷", EmergencyLine.MEDICAL),
        ("路口两车追尾", EmergencyLine.TRAFFIC),
        ("有人持刀", EmergencyLine.POLICE),
        ("路灯不亮", None),
    ],
)
def test_words_of_danger_point_to_their_line(text: str, line: EmergencyLine | None) -> None:
    assert default_pack().emergency_line(text) is line


def test_a_pack_loads_from_text_and_bytes() -> None:
    assert load_pack(DEFAULT) == load_pack(DEFAULT.encode()) == default_pack()


def test_a_pack_on_top_changes_only_what_it_names() -> None:
    pack = load_pack(over('[limits.normal]\nfinish = "7天"'), NAME)
    assert str(pack.limits(Urgency.NORMAL, Nature.OTHER).finish) == "7天"
    assert str(pack.limits(Urgency.NORMAL, Nature.HELP).finish) == "3工作日"


def test_a_wrong_limit_names_file_key_and_what_was_expected() -> None:
    found = fault(over('[limits.normal]\nfinish = "abc"'))
    assert found.text == (
        f"{NAME}：limits.normal.finish 应为“3工作日”这样的时限（分钟、小时、工作时、工作日、天，或“当日”），"
        '实际为 "abc"'
    )
    assert (found.file, found.key) == (NAME, "limits.normal.finish")
    assert isinstance(found, UserError)


WRONG_VALUES = [
    ('[limits.normal]\nfinish = 3', "limits.normal.finish", "3"),
    ('[limits.normal]\nfinishes = "3工作日"', "limits.normal.finishes", "sign、response、finish、callback"),
    ('[limits.normal.by_nature.joke]\nfinish = "1天"', "limits.normal.by_nature.joke", "inquiry、help"),
    ('[limits.normal.by_nature]\nhelp = "1天"', "limits.normal.by_nature.help", "一组键值"),
    ('limits = "1天"', "limits", "一组键值"),
    ('colour = "red"', "colour", "不认识 colour"),
    ('name = ""', "name", "非空的文字"),
    ("name = 5", "name", "非空的文字"),
    ('steps = "seven"', "steps", "six、eight、three"),
    ('late_receipt_moves = "yes"', "late_receipt_moves", "true 或 false"),
    ("late_receipt_moves = 1", "late_receipt_moves", "true 或 false"),
    ("[extension]\ntimes = true", "extension.times", "整数，实际为 true"),
    ("[extension]\ntimes = -1", "extension.times", "0 到"),
    ('[extension]\ntimes = "1"', "extension.times", '实际为 "1"'),
    ("[returns]\ndispatches = 0", "returns.dispatches", "1 到"),
    ("[lights.normal]\npercent = 101", "lights.normal.percent", "1 到 100"),
    ('[lights]\non_red = "explode"', "lights.on_red", "warn、urge、supervise"),
    ('[lights.words]\nblue = "蓝"', "lights.words.blue", "green、yellow"),
    ('[supervision.penalties]\npurple = 3', "supervision.penalties.purple", "none、normal、yellow、red"),
    ('[emergency]\n"911" = ["x"]', "emergency.911", "110、119、120、122"),
    ('[emergency]\n"110" = "枪"', "emergency.110", "一个列表"),
    ('[emergency]\n"110" = ["枪", 5]', "emergency.110[1]", "非空的文字，实际为 5"),
    ('[satisfaction]\nsatisfied = ["happy"]', "satisfaction.satisfied[0]", "very_satisfied"),
    ('[satisfaction]\nscale = ["satisfied"]', "satisfaction.satisfied[0]", "scale 中的一项"),
    ('[satisfaction]\nexcluded = ["satisfied"]', "satisfaction.excluded[0]", "不在 satisfied 中"),
    ('[score.weights]\n"加分" = 1', "score.weights", "合计 100 的权重，实际为 101"),
    ('[returns]\nreasons = [{code = "1", name = "a"}, {code = "1", name = "b"}]', "returns.reasons", "各不相同"),
    ('[returns]\nreasons = [{code = "1"}]', "returns.reasons[0].name", "缺少 returns.reasons[0].name"),
    ('campaigns = [{code = "a", name = "b", parent = "c"}]', "campaigns[0].parent", "另一专项活动"),
    ("hours = []", "hours", "每天恰有一套"),
    ("[registers]\nfresh_days = 0", "registers.fresh_days", "1 到"),
    ("[registers]\nstale_days = 90", "registers.stale_days", "大于 fresh_days（90）的天数，实际为 90"),
    ("[registers]\nfresh_days = 200", "registers.stale_days", "大于 fresh_days（200）"),
    ('[auditing]\nnight = "22-6"', "auditing.night", "“22:00-06:00”这样的时段"),
    ('[auditing]\nnight = "25:00-06:00"', "auditing.night", "“22:00-06:00”这样的时段"),
    ('[auditing]\nnight = "22:00-22:00"', "auditing.night", "起止不同"),
    ('[[hours]]\nname = "a"\nfirst = "01-01"\nlast = "06-30"\nperiods = ["08:00-12:00"]', "hours", "07-01 有 0 套"),
    ('[[hours]]\nname = "a"\nfirst = "13-01"\nlast = "06-30"\nperiods = []', "hours[0].first", "“06-01”这样的月日"),
    ('[[hours]]\nname = "a"\nfirst = "01-01"\nlast = "12-31"\nperiods = []', "hours[0].periods", "至少一段"),
    ('[[hours]]\nname = "a"\nfirst = "01-01"\nlast = "12-31"\nperiods = ["12-8"]', "hours[0].periods[0]", "时段"),
    (
        '[[hours]]\nname = "a"\nfirst = "01-01"\nlast = "12-31"\nperiods = ["08:00-12:00", "11:00-17:00"]',
        "hours[0].periods",
        "不重叠",
    ),
    (
        '[[escalation.levels]]\nname = "市"\ndigits = 4\ncommands = true\ntimer = "1天"\n'
        '[[escalation.levels]]\nname = "区"\ndigits = 4\ncommands = true\ntimer = "1天"',
        "escalation.levels[1].digits",
        "更长的编码位数",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "said"), WRONG_VALUES)
def test_every_wrong_value_is_a_fault_at_its_key(text: str, key: str, said: str) -> None:
    found = fault(over(text))
    assert found.key == key
    assert said in found.text
    assert found.text.startswith(f"{NAME}：")


def every_key(table: dict[str, Any], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    keys = []
    for key, value in table.items():
        keys.append((*path, key))
        if isinstance(value, dict):
            keys += every_key(value, (*path, key))
    return keys


# Keys that only some rows hold, or maps that may be shorter.
OPTIONAL = ("by_nature", "words", "weights", "penalties", "deductions", "emergency")
REQUIRED = [
    path
    for path in every_key(tomllib.loads(DEFAULT))
    if not set(path[:-1]) & set(OPTIONAL) and path[-1] != "by_nature"
]


@pytest.mark.parametrize("path", REQUIRED, ids=".".join)
def test_every_missing_key_is_a_fault(path: tuple[str, ...]) -> None:
    table = tomllib.loads(DEFAULT)
    inner = table
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    found = fault(as_toml(table))
    assert found.key == ".".join(path)
    assert f"缺少 {found.key}，应为" in found.text


def as_toml(value: Any) -> str:
    """A table as TOML on one line per key, enough to read a changed pack back."""

    def one(item: Any) -> str:
        if isinstance(item, dict):
            return "{" + ", ".join(f'"{key}" = {one(inner)}' for key, inner in item.items()) + "}"
        if isinstance(item, list):
            return "[" + ", ".join(map(one, item)) + "]"
        return (
            str(item).lower()
            if isinstance(item, bool)
            else repr(item)
            if isinstance(item, int)
            else f'"{item}"'
        )

    return "\n".join(f'"{key}" = {one(item)}' for key, item in value.items())


def test_missing_light_words_are_a_fault() -> None:
    found = fault(changed('grey = "灰"\n', ""))
    assert found.key == "lights.words.grey"


def test_a_fault_inherited_from_below_names_the_file_below(tmp_path: Path) -> None:
    for name, text in (
        ("base", changed('sign = "1工作日"', 'sign = "soon"')),
        ("city", 'extends = "base"\nname = "某市"'),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyFault) as caught:
        load_pack(tmp_path / "city")
    assert caught.value.file == str(tmp_path / "base" / "pack.toml")
    assert caught.value.key == "limits.normal.sign"


@pytest.mark.parametrize("base", ['"nowhere"', '"../default"', "3", '["default"]'])
def test_only_known_packs_can_be_built_on(base: str) -> None:
    found = fault(f"extends = {base}")
    assert found.key == "extends"
    assert "default、haikou-30min" in found.text


def test_packs_built_on_each_other_in_a_ring_are_a_fault(tmp_path: Path) -> None:
    for name, base in (("one", "two"), ("two", "one")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pack.toml").write_text(f'extends = "{base}"', encoding="utf-8")
    with pytest.raises(PolicyFault, match="不成环"):
        load_pack(tmp_path / "one")


def test_text_that_is_not_toml_or_not_utf8_is_a_fault(tmp_path: Path) -> None:
    assert "不是有效的 TOML" in fault("name = ").text
    with pytest.raises(PolicyFault, match="UTF-8"):
        load_pack("name = '市'".encode("gbk"), NAME)
    with pytest.raises(PolicyFault, match="打不开"):
        load_pack(tmp_path / "nowhere.toml")


def test_merging_goes_table_by_table_and_replaces_lists() -> None:
    below = {"a": {"b": 1, "c": [1, 2]}, "d": 1}
    assert merge({"a": {"c": [3]}}, below) == {"a": {"b": 1, "c": [3]}, "d": 1}
    assert below == {"a": {"b": 1, "c": [1, 2]}, "d": 1}
