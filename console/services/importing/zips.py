"""Packed files looked over before anything in them is parsed: how large they become, what lies inside."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from console.domain.errors import Cancelled, Invalid, Unavailable

MEGABYTE = 1024 * 1024
# A register of 600,000 rows is 60 MB packed and 400 MB unpacked; ten times a year's paper of a large city.
LARGEST_PACKED = 200 * MEGABYTE
LARGEST_UNPACKED = 1024 * MEGABYTE
# A sheet of repeated rows packs forty to one. Small parts may pack better and do no harm.
STEEPEST = 150
_HARMLESS = 8 * MEGABYTE
MOST_PARTS = 20_000
_PIECE = MEGABYTE
Stop = Callable[[], bool]


def refuse_bomb(path: Path, cancelled: Stop) -> None:
    """Unpack to nowhere and count. Raises Invalid before harm is done, Cancelled when asked to stop."""
    if path.stat().st_size > LARGEST_PACKED:
        raise _too_large(path)
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS:
                raise Invalid(
                    f"“{path.name}”里有 {len(parts)} 个部件，不像正常的文件", "请核对来源", "file"
                )
            left = LARGEST_UNPACKED
            for part in parts:
                left -= _unpacked(packed, part, left, path, cancelled)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise Invalid(
            f"“{path.name}”已损坏或加了密码", "请重新导出，或去掉密码后再导入", "file"
        ) from fault
    except OSError as fault:
        raise Unavailable(
            f"读不到文件“{path.name}”", "请确认文件还在、没有被占用", "file"
        ) from fault


def _unpacked(
    packed: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, path: Path, cancelled: Stop
) -> int:
    """Bytes this part really becomes; what its heading claims may be a lie."""
    size = 0
    with packed.open(part) as source:
        while piece := source.read(_PIECE):
            size += len(piece)
            steep = size > _HARMLESS and size > STEEPEST * max(part.compress_size, 1)
            if size > left or steep:
                raise _too_large(path)
            if cancelled():
                raise Cancelled
    return size


def _too_large(path: Path) -> Invalid:
    return Invalid(
        f"“{path.name}”展开后过大，可能是压缩炸弹，已拒绝",
        "请核对来源，或分成几个文件再导入",
        "file",
    )


def unpack(path: Path, folder: Path, cancelled: Stop) -> None:
    """A checked archive into an empty folder; names that lead out of it are refused. Raises Invalid."""
    refuse_bomb(path, cancelled)
    root = folder.resolve()
    # Chinese Windows writes names in GBK without saying so; names that are UTF-8 say so.
    with zipfile.ZipFile(path, metadata_encoding="gb18030") as packed:
        for part in packed.infolist():
            target = (folder / part.filename).resolve()
            if not target.is_relative_to(root):
                raise Invalid(
                    f"压缩包里的路径“{part.filename[:40]}”不合规，已拒绝", "请核对来源", "file"
                )
            if part.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(part) as source, target.open("wb") as copy:
                while piece := source.read(_PIECE):
                    copy.write(piece)
                    if cancelled():
                        raise Cancelled
