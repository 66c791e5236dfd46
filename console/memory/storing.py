"""What was learned as one file: plain arrays and a digest, so that opening it can run nothing and shows any change."""

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from console.domain.errors import Invalid, NotFound, Unavailable
from console.memory.model import Head, Memory
from console.memory.neighbours import Neighbours
from console.memory.sparse import Array

FORMAT = 1
_HEADS = ("category", "unit")
_NOT_ITS_OWN = "不是本程序的建议模型，或已损坏"


def packed(memory: Memory, learned_at: datetime) -> bytes:
    """The file's content."""
    arrays: dict[str, Array] = {
        "vocabulary": _text(memory.vocabulary), "idf": memory.idf, "numbers": _text(memory.numbers),
        "near_starts": memory.neighbours.starts.astype(np.int32), "near_messages": memory.neighbours.messages,
        "near_values": memory.neighbours.values.astype(np.float16),
    }  # fmt: skip
    for name in _HEADS:
        head: Head | None = getattr(memory, name)
        if head is not None:
            arrays |= {f"{name}_{key}": value for key, value in _head_arrays(head).items()}
    facts = {
        **memory.facts,
        "format": FORMAT,
        "learned_at": learned_at.astimezone(UTC).isoformat(),
        "digest": digest(arrays),
    }
    arrays["facts"] = _text([json.dumps(facts, ensure_ascii=False)])
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def _head_arrays(head: Head) -> dict[str, Array]:
    found = {
        "labels": _text(head.labels), "columns": head.columns.astype(np.int32), "weights": head.weights,
        "bias": head.bias,
        "members": head.members, "heed": head.heed.astype(np.float16), "trust": np.array(head.trust, np.float32),
    }  # fmt: skip
    return found if head.by_category is None else found | {"by_category": head.by_category}


def digest(arrays: Mapping[str, Array]) -> str:
    """SHA-256 over names, shapes and bytes."""
    total = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name}:{array.dtype.str}:{array.shape};".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def unpacked(content: bytes) -> Memory:
    """Invalid when it is no such file, of another format, or not as it was written."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        facts: dict[str, Any] = json.loads(_words(arrays.pop("facts"))[0])
    except (ValueError, KeyError, OSError, EOFError, BadZipFile, IndexError) as error:
        raise Invalid(f"这个文件{_NOT_ITS_OWN}", "请重新运行 main.py train") from error
    if facts.get("format") != FORMAT:
        raise Invalid("建议模型的格式与本程序不同", "请用本程序重新运行 main.py train")
    if facts.get("digest") != digest(arrays):
        raise Invalid(f"这个文件{_NOT_ITS_OWN}", "请重新运行 main.py train")
    vocabulary = {piece: at for at, piece in enumerate(_words(arrays["vocabulary"]))}
    numbers = tuple(_words(arrays["numbers"]))
    neighbours = Neighbours(
        arrays["near_starts"].astype(np.int64),
        arrays["near_messages"],
        arrays["near_values"].astype(np.float32),
        len(numbers),
    )
    category, unit = (_head(name, arrays) for name in _HEADS)
    return Memory(vocabulary, arrays["idf"], neighbours, numbers, category, unit, facts)


def _head(name: str, arrays: Mapping[str, Array]) -> Head | None:
    if f"{name}_labels" not in arrays:
        return None
    trust = tuple(float(one) for one in arrays[f"{name}_trust"])
    return Head(
        labels=tuple(_words(arrays[f"{name}_labels"])),
        columns=arrays[f"{name}_columns"].astype(np.int64),
        weights=arrays[f"{name}_weights"],
        bias=arrays[f"{name}_bias"],
        members=arrays[f"{name}_members"],
        heed=arrays[f"{name}_heed"].astype(np.float32),
        trust=(trust[0], trust[1], trust[2], trust[3]),
        by_category=arrays.get(f"{name}_by_category"),
    )


def save(content: bytes, path: Path) -> None:
    """Written beside it first: whoever reads meanwhile has the old one or the new one whole."""
    beside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        raise Unavailable(f"写不了 {path.name}", "请检查文件夹的权限和磁盘空间") from error


def load(path: Path) -> Memory:
    """NotFound, Unavailable or Invalid when there is none that can be used."""
    try:
        return unpacked(path.read_bytes())
    except FileNotFoundError as error:
        raise NotFound(f"没有建议模型 {path.name}", "请先运行 main.py train --from 文件") from error
    except OSError as error:
        raise Unavailable(f"读不了 {path.name}", "请检查文件的权限") from error


def _text(words: Sequence[str] | Mapping[str, int]) -> Array:
    return np.frombuffer("\n".join(word.replace("\n", " ") for word in words).encode(), np.uint8)


def _words(array: Array) -> list[str]:
    words = array.tobytes().decode()
    return words.split("\n") if words else []
