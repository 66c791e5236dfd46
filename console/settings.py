"""Every setting, each once: key, type, default, label. Never a secret: those live in the credential vault."""

import json
import logging
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import platformdirs

from console.domain.errors import UserError
from console.domain.server import Address, is_postgresql, read_address

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
REGISTERS_MAP = Setting("registers_map", bool, False, "居民与网格显示地图")

SETTINGS: dict[str, Setting[Any]] = {
    setting.key: setting
    for setting in (
        THEME, LANGUAGE, DATABASE, ACCOUNT, DEMO_ROLE, WORKPLACE, WINDOW, SPLITTERS, COLUMNS, SPEECH_ON, SPEECH_RATE,
        SPEECH_VOICE, ANNOUNCE_URGENT, KEY_COUNTER, PRINTER, EXPORT_FOLDER, REGISTERS_MAP,
    )
}  # fmt: skip


def config_folder() -> Path:
    return platformdirs.user_config_path(PROGRAM, appauthor=False)


def data_folder() -> Path:
    return platformdirs.user_data_path(PROGRAM, appauthor=False)


def log_folder() -> Path:
    return platformdirs.user_log_path(PROGRAM, appauthor=False)


FILE = "hotline.toml"
_KEYS: dict[str, type] = {"server": str, "city": str, "workstation": str, "phone": dict}


@dataclass(frozen=True, slots=True)
class Workplace:
    """What an administrator laid down for this machine in one small file; `source` is that file, if there is one."""

    server: str = ""
    city: str = ""
    workstation: str = ""
    phone: Mapping[str, Any] = field(default_factory=dict)
    source: Path | None = None


def workplace_files() -> Iterator[Path]:
    """Where that file may lie; the first one found counts: beside the program, for all users, for this user."""
    program = sys.executable if getattr(sys, "frozen", False) else sys.argv[0]
    yield Path(program).resolve().parent / FILE
    if sys.platform == "win32":
        yield Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / PROGRAM / FILE
    else:
        yield Path("/etc") / PROGRAM / FILE
    yield config_folder() / FILE


def read_workplace(files: Iterator[Path] | None = None) -> Workplace:
    """The first file there is. Raises UserError, naming it, when it cannot be read or says what it must not."""
    for file in files or workplace_files():
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(
                f"读不了 {file}", "请管理员检查文件权限，文件应为 UTF-8 编码"
            ) from error
        return _workplace(text, file)
    return Workplace()


def _workplace(text: str, file: Path) -> Workplace:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Its own words name the line; they may also quote it, and a password may stand there.
        where = re.search(r"line (\d+)", str(error))
        raise UserError(
            f"{file} 第 {where[1] if where else '?'} 行写得不对", "请管理员更正"
        ) from error
    for key, value in table.items():
        if not isinstance(value, _KEYS.get(key, ())):
            known = "、".join(_KEYS)
            raise UserError(f"{file} 里的“{key[:20]}”不认识或写法不对", f"可写：{known}")
    server = str(table.get("server", ""))
    if server:
        _refuse_password(server, file)
    return Workplace(
        server, table.get("city", ""), table.get("workstation", ""), table.get("phone", {}), file
    )


def _refuse_password(url: str, file: Path) -> None:
    if not is_postgresql(url):
        return
    address: Address = read_address(url)
    if address.password or _PASSWORD_IN_ADDRESS.search(url):
        raise UserError(f"{file} 里写了密码，未采用", "请删去地址里的密码；密码由本人登录时输入")


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
