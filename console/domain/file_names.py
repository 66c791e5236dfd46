"""Names of files as they may lie on a disk: what a name says is never trusted, what the content is decides."""

import re

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The first suffix of a kind is the one given where a name has none of them.
SUFFIXES: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "video/mp4": (".mp4", ".m4v", ".mov", ".3gp"),
    "audio/mp4": (".m4a", ".mp4"),
    "audio/amr": (".amr",),
    "audio/mpeg": (".mp3",),
    "audio/wav": (".wav",),
    "application/pdf": (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
# What Windows runs, mounts or shows as a page with scripts when it is opened.
RUNS = frozenset(
    """
    .ade .adp .appref-ms .appx .application .bat .bas .chm .cmd .com .cpl .dll .exe .gadget .hta .htm .html .img
    .inf .iso .jar .js .jse .lnk .mht .mhtml .mmc .msc .msi .msix .msp .mst .ocx .pif .ps1 .psm1 .py .reg .scf
    .scr .sct .settingcontent-ms .sh .svg .svgz .sys .url .vb .vbe .vbs .vhd .vhdx .website .ws .wsc .wsf .wsh
    .xbap .xhtml .xll .xml .docm .dotm .xlsm .xltm .xlam .pptm .ppam .slk .library-ms .search-ms .one .zip .rar
    .7z .cab .tar .gz
    """.split()
)
# Not for file names on Windows; and the marks that turn the direction of writing, which make exe.gpj of jpg.exe.
_FORBIDDEN = re.compile('[\x00-\x1f\x7f<>:"/\\\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
LONGEST = 120
# Larger pictures are no photographs of a street corner, and would fill the memory when they are unfolded.
MOST_PIXELS = 120_000_000


def suffix(name: str) -> str:
    """The last suffix in small letters, as Windows reads it: dots and blanks at the end do not count."""
    bare = _FORBIDDEN.sub("", name).rstrip(". ")
    at = bare.rfind(".")
    return bare[at:].lower() if at >= 0 else ""


def runs(name: str) -> bool:
    """Whether opening a file of this name would run something, whatever it holds."""
    return suffix(name) in RUNS


def safe_name(name: str, media_type: str) -> str:
    """The name as it may be stored and written to a disk: the suffix of its content, nothing hidden, not too long."""
    bare = _FORBIDDEN.sub("_", name).strip(". ")
    known = SUFFIXES.get(media_type, (".bin",))
    end = suffix(bare)
    stem = bare[: -len(end)] if end in known else bare
    stem = stem.strip(". ")[-LONGEST:] or "附件"
    if _DEVICE.match(stem):
        stem = f"_{stem}"
    return stem + (end if end in known else known[0])
