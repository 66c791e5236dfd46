"""What a file really is, by its first bytes; its name proves nothing."""

import zipfile
from typing import IO

from console.domain.errors import Invalid

MP4, SOUND = "video/mp4", "audio/mp4"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"%PDF-", "application/pdf"),
)
RIFF_KINDS = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
OFFICE = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))
# Windows, Linux and macOS programs; a `#!` line is a script (AMR sound begins alike and is met first).
PROGRAMS = (
    b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
)  # fmt: skip
APPLE_PICTURES = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
HEAD = 16
ACCEPTED = "可添加照片（JPG、PNG、GIF、WebP）、视频（MP4）、录音（AMR、MP3、WAV）和文档（PDF、Word、Excel）"


def media_type(content: IO[bytes], name: str) -> str:
    """The media type by content. Raises Invalid (field `attachment`) for programs and everything unknown."""
    content.seek(0)
    head = content.read(HEAD)
    found = _by_head(head, name) or _office(content, head, name)
    if found:
        return found
    if head.startswith(PROGRAMS):
        raise Invalid(f"“{name}”是程序文件，不能作为附件", ACCEPTED, "attachment")
    raise Invalid(f"“{name}”不是可添加的文件类型", ACCEPTED, "attachment")


def _by_head(head: bytes, name: str) -> str:
    for beginning, kind in BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF":
        return RIFF_KINDS.get(head[8:12], "")
    return _film(head[8:12], name) if head[4:8] == b"ftyp" else ""


def _film(brand: bytes, name: str) -> str:
    if brand in APPLE_PICTURES:
        raise Invalid(
            f"“{name}”是苹果手机的 HEIC 照片，打印和查看都不支持",
            "请在手机上改存为 JPG 后再添加",
            "attachment",
        )
    return SOUND if brand.startswith(b"M4A") else MP4


def _office(content: IO[bytes], head: bytes, name: str) -> str:
    if not head.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(content) as package:
            inside = set(package.namelist())
    except zipfile.BadZipFile:
        return ""
    if any(part.endswith("vbaProject.bin") for part in inside):
        raise Invalid(f"“{name}”含有宏程序，不能作为附件", "请另存为不含宏的文档", "attachment")
    return next((kind for part, kind in OFFICE if part in inside), "")
