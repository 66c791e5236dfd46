"""Photographs beside the records of a folder or archive: looked at while checking, sent before anything is written."""

from collections.abc import Sequence
from pathlib import Path

from console.domain.errors import Invalid, UserError
from console.domain.importing.records import Entry
from console.ledger import Seat
from console.ledger.files import Taken, taken
from console.ledger.uploads import send
from console.services.importing.zips import Stop

MOST = 20


def found(base: str, names: Sequence[str], pictures: bool) -> tuple[str, ...]:
    """Where the files lie; raises Invalid when one is missing, leads out of the folder or is none that is taken."""
    if len(names) > MOST:
        raise Invalid(f"一件最多附 {MOST} 个文件，现有 {len(names)} 个", field="photos")
    root = Path(base).resolve()
    return tuple(str(_one(root, name, pictures)) for name in names)


def _one(root: Path, name: str, pictures: bool) -> Path:
    path = (root / name.replace("\\", "/")).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise Invalid(
            f"没有找到照片“{Path(name).name[:60]}”",
            "照片要和数据放在同一个文件夹或压缩包里",
            "photos",
        )
    try:
        with taken(path) as file:
            kind = file.media_type
    except UserError as fault:
        raise Invalid(fault.text, fault.hint, "photos") from None
    if pictures and not kind.startswith(("image/", "video/")):
        raise Invalid(f"“{path.name[:60]}”不是照片或视频", "请换成照片", "photos")
    return path


def sent(seat: Seat, entries: Sequence[Entry], cancelled: Stop) -> dict[str, Taken]:
    """Every file brought into the database, each once, before the transaction that puts them on work orders.

    What is stopped half way is swept away by the keeper: no work order holds it.
    """
    files: dict[str, Taken] = {}
    for entry in entries:
        for name in entry.values.get("photos") or ():
            if name not in files:
                with taken(Path(name), cancelled=cancelled) as file:
                    send(seat, file, cancelled=cancelled)
                    files[name] = file
    return files
