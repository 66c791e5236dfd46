"""Every setting, each once: key, type, default, label. Never a secret: those live in the credential vault."""

import json
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import platformdirs

log = logging.getLogger(__name__)
T = TypeVar("T")

PROGRAM = "hotline12345"
_PASSWORD_IN_ADDRESS = re.compile(r"://[^/@\s]*:[^/@\s]+@")


@dataclass(frozen=True, eq=False)
class Setting(Generic[T]):
    """One setting; `choices` limits what may be stored, empty means anything of the type."""

    key: str
    kind: type[T]
    default: T
    label: str
    choices: tuple[T, ...] = ()


THEME = Setting("theme", str, "system", "界面明暗", ("system", "light", "dark"))
LANGUAGE = Setting("language", str, "zh_CN", "界面语言", ("zh_CN", "en"))
DATABASE = Setting("database", str, "", "数据库地址")
ACCOUNT = Setting("account", str, "", "上次登录的账号")
DEMO_ROLE = Setting("demo_role", str, "", "上次选择的演示角色")
WORKPLACE = Setting("workplace", str, "", "上次打开的工作区")
WINDOW = Setting("window", str, "", "窗口位置与大小")
SPLITTERS = Setting("splitters", dict, {}, "分栏宽度")
COLUMNS = Setting("columns", dict, {}, "表格列宽")
SPEECH_ON = Setting("speech_on", bool, True, "允许朗读")
SPEECH_RATE = Setting("speech_rate", int, 200, "朗读速度（字/分）")
SPEECH_VOICE = Setting("speech_voice", str, "", "朗读声音")
ANNOUNCE_URGENT = Setting("announce_urgent", bool, True, "紧急工单到达时播报")
KEY_COUNTER = Setting("key_counter", bool, False, "显示本单按键数")
PRINTER = Setting("printer", str, "", "打印机")
EXPORT_FOLDER = Setting("export_folder", str, "", "上次导出的文件夹")

SETTINGS: dict[str, Setting[Any]] = {
    setting.key: setting
    for setting in (
        THEME, LANGUAGE, DATABASE, ACCOUNT, DEMO_ROLE, WORKPLACE, WINDOW, SPLITTERS, COLUMNS, SPEECH_ON, SPEECH_RATE,
        SPEECH_VOICE, ANNOUNCE_URGENT, KEY_COUNTER, PRINTER, EXPORT_FOLDER,
    )
}  # fmt: skip


def config_folder() -> Path:
    return platformdirs.user_config_path(PROGRAM, appauthor=False)


def data_folder() -> Path:
    return platformdirs.user_data_path(PROGRAM, appauthor=False)


def log_folder() -> Path:
    return platformdirs.user_log_path(PROGRAM, appauthor=False)


class Settings:
    """The settings of this person on this workstation, kept in one JSON file."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_folder() / "settings.json"
        self._values = self._load()

    def get(self, setting: Setting[T]) -> T:
        self._require_known(setting)
        value = self._values.get(setting.key, setting.default)
        return dict(value) if isinstance(value, dict) else value  # type: ignore[return-value]

    def put(self, setting: Setting[T], value: T) -> None:
        """Store at once. ValueError when the value does not fit the setting, or carries a password."""
        self._require_known(setting)
        if not _fits(setting, value):
            raise ValueError(
                f"{setting.key}: {value!r} does not fit {setting.kind.__name__} {setting.choices or ''}"
            )
        if isinstance(value, str) and _PASSWORD_IN_ADDRESS.search(value):
            raise ValueError(f"{setting.key}: a password belongs in the credential vault")
        if self.get(setting) != value:
            self._values[setting.key] = value
            self._save()

    def _require_known(self, setting: Setting[Any]) -> None:
        if SETTINGS.get(setting.key) is not setting:
            raise KeyError(f"unknown setting {setting.key!r}")

    def _load(self) -> dict[str, Any]:
        try:
            stored = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("settings unreadable, defaults used: %s", error)
            return {}
        return {k: v for k, v in dict(stored).items() if k in SETTINGS and _fits(SETTINGS[k], v)}

    def _save(self) -> None:
        # Written beside and moved over: a power cut leaves the old file or the new one, never half of one.
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(self._values, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(beside, self._path)


def _fits(setting: Setting[Any], value: object) -> bool:
    # bool is an int to Python, not to us.
    return type(value) is setting.kind and (not setting.choices or value in setting.choices)
