"""Reading a TOML table into a dataclass, strictly: an unknown key, a missing key or a wrong value is a fault.

The dataclass is the schema. A part may define `check()`, yielding `Doubt`s about values that are well
formed but do not fit together.
"""

import tomllib
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from console.domain.errors import UserError

T = TypeVar("T")
Table = dict[str, Any]


class PolicyFault(UserError):
    """A data file that cannot be used: which file, which key, what was expected and what stands there."""

    def __init__(self, file: str, key: str, text: str) -> None:
        super().__init__(f"{file}：{text}", "请改正该文件后重新载入，当前规则保持不变", key)
        self.file, self.key = file, key


class Doubt(NamedTuple):
    """A value that does not fit: the key inside the part, what was expected, what stands there."""

    key: str
    expected: str
    actual: object


class Range(NamedTuple):
    """The smallest and largest whole number a key may hold."""

    least: int
    most: int


Count = Annotated[int, Range(0, 100_000)]
Positive = Annotated[int, Range(1, 100_000)]
Percent = Annotated[int, Range(1, 100)]


@dataclass(frozen=True, slots=True)
class Source:
    """A file's name, for faults, and its content."""

    name: str
    table: Table


def open_source(source: Path | str | bytes, name: str = "") -> Source:
    """Parse a TOML file, text or bytes; PolicyFault if it is missing, not UTF-8 or not TOML."""
    shown = name or (short_name(source) if isinstance(source, Path) else "（文本）")
    try:
        raw = source.read_bytes() if isinstance(source, Path) else source
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        return Source(shown, tomllib.loads(text))
    except OSError:
        raise PolicyFault(shown, "", "打不开这个文件") from None
    except UnicodeDecodeError:
        raise PolicyFault(shown, "", "应为 UTF-8 编码") from None
    except tomllib.TOMLDecodeError as error:
        raise PolicyFault(shown, "", f"不是有效的 TOML：{error}") from None


def short_name(path: Path) -> str:
    """The path from `resources` on, as people know it."""
    parts = path.parts
    return "/".join(parts[parts.index("resources") :]) if "resources" in parts else str(path)


class Reader:
    """Builds values from one table. `layers` are the files it was merged from, the strongest first."""

    def __init__(self, *layers: Source) -> None:
        self.layers = layers

    def fault(self, key: str, expected: str, actual: object) -> PolicyFault:
        """The fault for a value that stands in a file."""
        return _misfit(self._file_of(key), key, expected, actual)

    def build(self, kind: type[T], table: object, key: str = "") -> T:
        """A dataclass from a table, every key accounted for."""
        if not isinstance(table, dict):
            raise self.fault(key, expected(kind), table)
        hints = hints_of(kind)
        known = {key_of(part): part for part in fields(kind)}  # type: ignore[arg-type]
        for name in table:
            if name not in known:
                raise self._unknown(_join(key, name), known)
        values = {
            part.name: self._value(hints[part.name], table[name], _join(key, name))
            for name, part in known.items()
            if self._present(part, hints[part.name], name in table, _join(key, name))
        }
        return self._checked(kind(**values), key)

    def _present(self, part: Field[Any], hint: Any, given: bool, key: str) -> bool:
        if not given and part.default is MISSING and part.default_factory is MISSING:
            text = f"缺少 {key}，应为{expected(hint)}"
            raise PolicyFault(self.layers[0].name, key, text)
        return given

    def _unknown(self, key: str, known: Mapping[str, object]) -> PolicyFault:
        names = "、".join(known)
        return PolicyFault(self._file_of(key), key, f"不认识 {key}，此处可用的键有：{names}")

    def _checked(self, built: T, key: str) -> T:
        check: Callable[[], Iterator[Doubt]] | None = getattr(built, "check", None)
        for doubt in check() if check else ():
            # Values that do not fit together may stand in two files: name the one that was put on top.
            file = self._file_of(key or doubt.key)
            raise _misfit(file, _join(key, doubt.key), doubt.expected, doubt.actual)
        return built

    def _value(self, hint: Any, value: object, key: str) -> Any:
        origin: Any = get_origin(hint)
        if origin is Annotated:
            return self._number(hint, value, key)
        if origin in (Union, types.UnionType):
            hint = next(one for one in get_args(hint) if one is not type(None))
            return self._value(hint, value, key)
        if origin is tuple:
            return self._items(get_args(hint)[0], value, key)
        if origin is not None:
            names, items = get_args(hint)
            return self._mapping(names, items, value, key)
        return self._single(hint, value, key)

    def _single(self, hint: Any, value: object, key: str) -> Any:
        if hasattr(hint, "parse"):
            return self._parsed(hint, value, key)
        if is_dataclass(hint):
            return self.build(hint, value, key)  # type: ignore[arg-type]
        if issubclass(hint, Enum):
            return self._choice(hint, value, key)
        filled = not isinstance(value, str) or value.strip()
        if not (isinstance(value, hint) and filled):
            raise self.fault(key, expected(hint), value)
        return value

    def _number(self, hint: Any, value: object, key: str) -> int:
        bounds: Range = hint.__metadata__[0]
        # bool is a kind of int in Python, not in a policy pack.
        if type(value) is not int or not bounds.least <= value <= bounds.most:
            raise self.fault(key, expected(hint), value)
        return value

    def _items(self, hint: Any, value: object, key: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise self.fault(key, expected(tuple[hint]), value)
        return tuple(self._value(hint, one, f"{key}[{at}]") for at, one in enumerate(value))

    def _mapping(self, names: Any, hint: Any, value: object, key: str) -> Mapping[Any, Any]:
        if not isinstance(value, dict):
            raise self.fault(key, expected(dict), value)
        return {
            self._single(names, name, _join(key, name)): self._value(hint, one, _join(key, name))
            for name, one in value.items()
        }

    def _parsed(self, hint: Any, value: object, key: str) -> Any:
        try:
            if isinstance(value, str):
                return hint.parse(value)
        except ValueError:
            pass
        raise self.fault(key, expected(hint), value)

    def _choice(self, hint: type[Enum], value: object, key: str) -> Enum:
        choices = choices_of(hint)
        if isinstance(value, str) and value in choices:
            return choices[value]
        raise self.fault(key, expected(hint), value)

    def _file_of(self, key: str) -> str:
        """The file the key stands in; for one that stands nowhere, the strongest."""
        return next(
            (one.name for one in self.layers if _holds(one.table, key)), self.layers[0].name
        )


def key_of(part: Field[Any]) -> str:
    """The key a field is read from, where it cannot be the field's own name."""
    return str(part.metadata.get("key", part.name))


def hints_of(kind: type) -> dict[str, Any]:
    """A dataclass's resolved types."""
    return get_type_hints(kind, include_extras=True)


def choices_of(kind: type[Enum]) -> dict[str, Enum]:
    """How each member is written. Whole-number enums go by name: 100 for a yellow card says nothing."""
    by_name = issubclass(kind, IntEnum)
    return {one.name.lower() if by_name else str(one.value): one for one in kind}


def expected(hint: Any) -> str:
    """What a key of that type should hold, in words for the person who edits the file."""
    origin = get_origin(hint)
    if origin is Annotated:
        bounds: Range = hint.__metadata__[0]
        return f" {bounds.least} 到 {bounds.most} 的整数"
    if origin is tuple:
        return "一个列表"
    if hasattr(hint, "EXPECTED"):
        return str(hint.EXPECTED)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"以下之一：{'、'.join(choices_of(hint))}"
    return {bool: " true 或 false", str: "一段非空的文字"}.get(hint, "一组键值")


def merge(over: Table, under: Table) -> Table:
    """`over` on top of `under`, table by table; a list replaces a list."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        merged[key] = merge(value, below) if both and below is not None else value
    return merged


def shown(value: object) -> str:
    """A value as it would stand in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _misfit(file: str, key: str, expected: str, actual: object) -> PolicyFault:
    return PolicyFault(file, key, f"{key} 应为{expected}，实际为 {shown(actual)}")


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _holds(table: Table, key: str) -> bool:
    value: Any = table
    for part in key.replace("[", ".").replace("]", "").split("."):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            return False
    return True
