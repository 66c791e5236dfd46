"""What a file really is, by its first bytes and by what it holds; its name proves nothing."""

import struct
import warnings
import zipfile
from typing import IO

from console.domain.errors import Invalid
from console.domain.file_names import DOCX, MOST_PIXELS, XLSX, runs

MP4, SOUND, PDF = "video/mp4", "audio/mp4", "application/pdf"
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
    (b"%PDF-", PDF),
)
RIFF_KINDS = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
OFFICE = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))
# Windows, Linux and macOS programs, shortcuts; a `#!` line is a script (AMR sound begins alike and is met first).
PROGRAMS = (
    b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"L\x00\x00\x00\x01\x14\x02\x00", b"dex\n",
)  # fmt: skip
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
APPLE_PICTURES = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
HEAD = 16
SOME = 256 * 1024
# What a paper of an office never needs: programs, and templates fetched from elsewhere when it is opened.
MACROS = ("vbaproject.bin", "vbadata.xml")
INSIDE = ("/activex/", "/macrosheets/", "/embeddings/oleobject")
# A directory of so many bytes lists tens of thousands of parts: no paper, but a way to fill the memory.
LONGEST_DIRECTORY, LARGEST_PART = 2 * 1024 * 1024, 1024 * 1024
# Names in a PDF that start programs or carry other files. Packed ones are out of sight; so it is opened by the
# system's own reader, which asks, and only ever with the mark of a file from elsewhere.
PDF_RUNS = (b"/Launch", b"/JavaScript", b"/EmbeddedFile")
ACCEPTED = "可添加照片（JPG、PNG、GIF、WebP）、视频（MP4）、录音（AMR、MP3、WAV）和文档（PDF、Word、Excel）"


def media_type(content: IO[bytes], name: str) -> str:
    """The media type by content. Raises Invalid (field `attachment`) for programs and everything unknown."""
    content.seek(0)
    head = content.read(HEAD)
    if head.startswith(PROGRAMS) and not head.startswith(b"#!AMR"):
        raise _refused(f"“{name}”是程序文件，不能作为附件")
    if runs(name):
        # A picture that is called .js is a picture to us and a script to whoever saves it.
        raise _refused(f"“{name}”是程序、网页、压缩包一类的文件，不能作为附件")
    found = _by_head(head, name) or _office(content, head, name)
    if not found:
        _say_unknown(head, name)
    if found.startswith("image/"):
        _fits_memory(content, name)
    if found == PDF:
        _is_only_paper(content, name)
    return found


def _refused(words: str, hint: str = ACCEPTED) -> Invalid:
    return Invalid(words, hint, "attachment")


def _say_unknown(head: bytes, name: str) -> None:
    if head.startswith(OLD_OFFICE):
        raise _refused(
            f"“{name}”是旧格式的文档，里面可能有宏程序", "请另存为 docx、xlsx 或 PDF 后再添加"
        )
    raise _refused(f"“{name}”不是可添加的文件类型")


def _by_head(head: bytes, name: str) -> str:
    for beginning, kind in BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF":
        return RIFF_KINDS.get(head[8:12], "")
    return _film(head[8:12], name) if head[4:8] == b"ftyp" else ""


def _film(brand: bytes, name: str) -> str:
    if brand in APPLE_PICTURES:
        raise _refused(
            f"“{name}”是苹果手机的 HEIC 照片，打印和查看都不支持", "请在手机上改存为 JPG 后再添加"
        )
    return SOUND if brand.startswith(b"M4A") else MP4


def _fits_memory(content: IO[bytes], name: str) -> None:
    """A picture of a few kilobytes may unfold to gigabytes: its size is read before anything is unfolded."""
    from PIL import Image

    content.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(content) as picture:
                pixels = picture.width * picture.height
    except Image.DecompressionBombError:
        pixels = MOST_PIXELS + 1
    except (OSError, ValueError, SyntaxError):
        # Damaged: kept as evidence of what was sent; the viewer says that it cannot be shown.
        return
    if pixels > MOST_PIXELS:
        raise _refused(
            f"“{name}”展开后超过 {MOST_PIXELS // 1_000_000} 百万像素，不能作为附件",
            "请缩小后再添加",
        )


def _is_only_paper(content: IO[bytes], name: str) -> None:
    content.seek(0)
    rest = b""
    while some := content.read(SOME):
        window = rest + some
        if any(word in window for word in PDF_RUNS):
            raise _refused(
                f"“{name}”里带有脚本、外部程序或夹带文件，不能作为附件",
                "请重新打印或另存为普通 PDF 后再添加",
            )
        rest = some[-16:]


def _office(content: IO[bytes], head: bytes, name: str) -> str:
    if not head.startswith(b"PK\x03\x04"):
        return ""
    if not _directory_is_small(content):
        raise _refused(f"“{name}”是压缩包，不能作为附件", "请逐个添加里面的照片和文档")
    try:
        with zipfile.ZipFile(content) as package:
            inside = set(package.namelist())
            _holds_no_program(package, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return ""
    return next((kind for part, kind in OFFICE if part in inside), "")


def _directory_is_small(content: IO[bytes]) -> bool:
    """The directory's length stands at the end of the file; it is read whole when the file is opened."""
    end = content.seek(0, 2)
    content.seek(max(0, end - 65557))
    tail = content.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 16:
        return True
    (length,) = struct.unpack_from("<I", tail, at + 12)
    return bool(length <= LONGEST_DIRECTORY)


def _holds_no_program(package: zipfile.ZipFile, name: str) -> None:
    for part in package.infolist():
        small = "/" + part.filename.lower()
        if small.endswith(MACROS) or any(word in small for word in INSIDE):
            raise _refused(f"“{name}”含有宏程序或嵌入的程序，不能作为附件", "请另存为不含宏的文档")
        if runs(small) and not small.endswith(".xml"):
            raise _refused(f"“{name}”里夹带了程序文件，不能作为附件")
        if small.endswith("settings.xml.rels") and _fetches(package, part):
            raise _refused(f"“{name}”打开时会从外部下载模板，不能作为附件", "请另存为普通文档")


def _fetches(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    if part.file_size > LARGEST_PART:
        return True
    return b'targetmode="external"' in package.read(part).lower()
