"""JSON and GeoJSON, alone, in a folder or packed: every object is a row, every name a heading."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from console.domain.errors import Invalid
from console.domain.importing.records import Cell, SourceRow
from console.services.importing.texts import decode

SHAPE = "geometry"
MOST_RECORDS = 1_100_000


def folder_records(folder: Path) -> tuple[list[dict[str, Any]], str]:
    """Every record of every JSON file in a folder, in the order of their names, and the encoding of the last."""
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".json", ".geojson"))
    if not files:
        raise Invalid("文件夹里没有 JSON 文件", "每件事项一个 .json，照片放在旁边", "file")
    records, encoding = [], ""
    for file in files:
        found, encoding = file_records(file)
        # Photographs are named from where their own record lies.
        below = file.parent.relative_to(folder)
        records += [record | {"__folder": str(below)} for record in found]
    return records, encoding


def file_records(path: Path) -> tuple[list[dict[str, Any]], str]:
    """The records of one file: a list, one object, or the features of a GeoJSON. Raises Invalid."""
    text, encoding = decode(path.read_bytes())
    try:
        content = json.loads(text)
    except json.JSONDecodeError as fault:
        raise Invalid(
            f"“{path.name}”第 {fault.lineno} 行不是合格的 JSON", "请重新导出", "file"
        ) from None
    except RecursionError:
        raise Invalid(f"“{path.name}”嵌套过深，已拒绝", "请核对来源", "file") from None
    records = list(_records(content))
    if not records or len(records) > MOST_RECORDS:
        raise Invalid(
            f"“{path.name}”里没有可以导入的记录", "应为对象、对象的列表或 GeoJSON", "file"
        )
    return records, encoding


def _records(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, Mapping) and content.get("type") == "FeatureCollection":
        content = content.get("features")
    if isinstance(content, Mapping):
        lists = [
            v
            for v in content.values()
            if isinstance(v, list) and v and all(isinstance(r, dict) for r in v)
        ]
        content = lists[0] if len(lists) == 1 else [content]
    for record in content if isinstance(content, list) else ():
        if isinstance(record, dict):
            yield _flat(record)


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    """A feature's properties with its shape beside them; other objects as they are."""
    if record.get("type") == "Feature":
        return dict(record.get("properties") or {}) | {SHAPE: record.get("geometry")}
    return record


def as_rows(records: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], list[SourceRow]]:
    """Headings in the order they are first met, and one row a record."""
    headers = tuple(
        dict.fromkeys(name for record in records for name in record if name != "__folder")
    )
    rows = [
        SourceRow(at, tuple(_cell(record.get(h), str(record.get("__folder", ""))) for h in headers))
        for at, record in enumerate(records, 1)
    ]
    return headers, rows


def _cell(value: Any, folder: str) -> Cell:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return [str(Path(folder) / part) if folder not in ("", ".") else part for part in value]
    if isinstance(value, str | int | float | bool | dict | list) or value is None:
        return value
    return str(value)
