"""What a photo or film tells without showing it, where it was taken and with whose telephone: taken out first.

A citizen's own photo carries the coordinates of his or her home, which a unit that must not see contacts would
read with any picture program (docs/decisions/013). Kept: how the picture is turned, and when it was taken.
What cannot be read as its kind is stored as it came.
"""

import io
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

# Kept of a JPEG's application segments: JFIF, the colour profile, Adobe's colour transform.
_KEPT = {0xE0: b"", 0xE2: b"ICC_PROFILE", 0xEE: b"Adobe"}
_COMMENT, _SCAN, _END = 0xFE, 0xDA, 0xD9
_NEXT_MARKER = re.compile(b"\xff[^\x00\xd0-\xd7\xff]")
_PNG_WORDS = (b"eXIf", b"tEXt", b"iTXt", b"zTXt")
_ORIENTATION, _CHANGED, _DETAILS, _TAKEN = 0x0112, 0x0132, 0x8769, 0x9003
# Where telephones write coordinates and model into a film. Called `free`, no player reads them.
_FILM_TRACES = (b"udta", b"meta", b"uuid")
_FILM_FOLDERS = (b"moov", b"trak", b"mdia", b"minf")


@contextmanager
def without_traces(content: IO[bytes], kind: str) -> Iterator[IO[bytes]]:
    """The same picture or film without them; `content` itself where there is nothing to take out."""
    clean = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}.get(kind)
    if kind in ("video/mp4", "audio/mp4"):
        _film(content, 0, content.seek(0, 2))
    if clean is None:
        yield content
        return
    content.seek(0)
    data = content.read()
    try:
        parts = list(clean(data))
    except (ValueError, IndexError, struct.error):
        yield content
        return
    del data
    with io.BytesIO(b"".join(parts)) as made:
        yield made


def _jpeg(data: bytes) -> Iterator[bytes]:
    """Segment by segment; the picture itself is not packed again. What lies behind its end (a second picture) goes."""
    yield data[:2]
    yield from _turned(data)
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == _END:
            yield data[at : at + 2]
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data) or end < at + 4:
            raise ValueError("cut off")
        if marker == _SCAN:
            found = _NEXT_MARKER.search(data, end)
            if found is None:
                yield data[at:]
                return
            end = found.start()
        if _is_kept(marker, data[at + 4 : at + 18]):
            yield data[at:end]
        at = end


def _is_kept(marker: int, begins: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        return marker in _KEPT and begins.startswith(_KEPT[marker])
    return marker != _COMMENT


def _turned(data: bytes) -> Iterator[bytes]:
    """A new Exif segment with nothing but orientation and time."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as picture:
            found = picture.getexif()
            time = found.get_ifd(_DETAILS).get(_TAKEN) or found.get(_CHANGED)
            turned = found.get(_ORIENTATION)
    except Exception:  # noqa: BLE001 - Pillow raises almost anything for damaged Exif; then none of it is kept
        return
    kept = Image.Exif()
    if isinstance(turned, int) and 1 < turned <= 8:
        kept[_ORIENTATION] = turned
    if isinstance(time, str) and re.fullmatch(r"[\d: ]{19}", time):
        kept[_CHANGED] = time
    if kept:
        exif = kept.tobytes()
        exif = exif if exif.startswith(b"Exif\x00\x00") else b"Exif\x00\x00" + exif
        yield b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif


def _png(data: bytes) -> Iterator[bytes]:
    yield data[:8]
    at = 8
    while True:
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise ValueError("cut off")
        if kind not in _PNG_WORDS:
            yield data[at:end]
        if kind == b"IEND":
            return
        at = end


def _webp(data: bytes) -> Iterator[bytes]:
    kept, at = [], 12
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 4)
        end = at + 8 + length + length % 2
        if at + 8 + length > len(data):
            raise ValueError("cut off")
        chunk = data[at:end]
        if chunk[:4] == b"VP8X":
            # The bits that promise Exif and XMP go with them.
            chunk = chunk[:8] + bytes((chunk[8] & ~0x0C,)) + chunk[9:]
        if chunk[:4] not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        at = end
    yield b"RIFF" + struct.pack("<I", 4 + sum(map(len, kept))) + b"WEBP"
    yield from kept


def _film(content: IO[bytes], at: int, end: int) -> None:
    """In place, four letters each: no offset in the film moves."""
    while at + 8 <= end:
        content.seek(at)
        length, kind = struct.unpack(">I4s", content.read(8))
        begins = at + 8
        if length == 1:
            (length,) = struct.unpack(">Q", content.read(8).ljust(8, b"\x00"))
            begins += 8
        length = length or end - at
        if length < 8 or at + length > end:
            return
        if kind in _FILM_TRACES:
            _blank(content, at + 4, begins, at + length)
        elif kind in _FILM_FOLDERS:
            _film(content, begins, at + length)
        at += length


def _blank(content: IO[bytes], name_at: int, begins: int, end: int) -> None:
    content.seek(name_at)
    content.write(b"free")
    content.seek(begins)
    left = end - begins
    while left > 0:
        some = min(left, 65536)
        content.write(bytes(some))
        left -= some
