"""Whose copy this is: a picture's mark, a PDF's ground, an exported file's code; then the account and the copies."""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.domain.auditing import Traced
from console.domain.errors import Invalid, NotFound, Unavailable
from console.domain.trace import read_trace, trace_code
from console.ledger.copies import form_words
from console.services.auditing.reading import read
from db.models import Account, PrintLog, Ticket, Unit

Pixels = Callable[[bytes, int, int], tuple[int, int, bytes]]
# A picture of more is no screenshot and no sheet; a longer paper has the mark on each of its pages.
MOST_PIXELS, MOST_PAGES, MOST_BYTES, DPI = 80_000_000, 10, 200_000_000, 200
_CODE = re.compile(r"([0-9A-Z]{1,20}-[0-9A-HJKMNP-TV-Z]{5})(?![0-9A-Z])")
_SAID = re.compile(r"追溯码[\s:：]*" + _CODE.pattern)
_MARK_LENGTH = 24


def read_file(path: Path, pixels: Pixels) -> Traced:
    """What the file itself tells, without any database. Raises Invalid, NotFound, Unavailable."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Invalid("文件太大", "请截取其中一部分再识别", "path")
        return _read_as(path, pixels)
    except OSError as error:
        raise Unavailable("文件打不开", "请检查文件是否还在、能否读取") from error


def _read_as(path: Path, pixels: Pixels) -> Traced:
    ending = path.suffix.lower()
    if ending == ".pdf":
        pictures = _pages(path.read_bytes(), pixels)
    elif ending in (".xlsx", ".csv", ".txt"):
        return read_code(_text(path))
    else:
        pictures = _picture(path)
    for grey in pictures:
        found = read(grey)
        if found is not None:
            mark = found.mark
            return Traced(mark.at, mark.medium, mark.training, mark.account_id, mark.copy)
    raise NotFound(
        "没有读出追溯码", "请换一张更清楚或更大的截图；扫描请用 150 dpi 以上，截取不小于 4 厘米见方"
    )


def read_code(text: str) -> Traced:
    """From words: a code as printed, or a text that carries one. Raises NotFound."""
    found = _SAID.search(text) or _CODE.fullmatch(text.strip().upper())
    if found is None:
        raise NotFound("没有找到追溯码", "请选本系统导出的原文件，或输入完整的追溯码")
    try:
        _agent_no, at = read_trace(found[1])
    except ValueError:
        raise NotFound("没有找到追溯码", "请核对是否抄错") from None
    return Traced(at, None, code=found[1])


def _picture(path: Path) -> Iterator[np.ndarray]:
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Invalid("图片太大", "请截取其中一部分再识别", "path")
            yield np.asarray(picture.convert("L"), np.float32)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError):
        raise Invalid("这不是能识别的图片", "请用 PNG、JPEG、TIFF 图片或 PDF", "path") from None


def _pages(pdf: bytes, pixels: Pixels) -> Iterator[np.ndarray]:
    for page in range(MOST_PAGES):
        try:
            width, height, raw = pixels(pdf, page, DPI)
        except IndexError:
            return
        except (RuntimeError, ValueError) as error:  # what PDFium says of a broken file
            raise Invalid("PDF 文件打不开", "文件可能已损坏或有密码", "path") from error
        shades = np.frombuffer(raw, np.uint8).reshape(height, width, 4)[:, :, :3]
        yield shades.astype(np.float32) @ np.array([0.114, 0.587, 0.299], np.float32)


def _text(path: Path) -> str:
    if path.suffix.lower() != ".xlsx":
        return path.read_text("utf-8-sig", errors="replace")
    try:
        with zipfile.ZipFile(path) as book:
            wanted = [name for name in book.namelist() if "docProps" in name]
            parts = [book.read(name).decode("utf-8", "replace") for name in wanted]
    except zipfile.BadZipFile:
        raise Invalid("表格文件打不开", "文件可能已损坏", "path") from None
    return " ".join(re.sub(r"<[^>]*>", " ", part) for part in parts)


def resolved(session: Session, found: Traced) -> Traced:
    """With the person and the numbered copies behind it; unknown accounts stay unnamed."""
    query = select(Account, Unit.name).join(Unit, Unit.id == Account.unit_id)
    if found.code:
        agent_no, _at = read_trace(found.code)
        query = query.where(Account.agent_no == agent_no)
    else:
        query = query.where(Account.id == found.account_id)
    row = session.execute(query).first()
    if row is None:
        return found
    account, unit = row
    code = trace_code(account.agent_no, found.at)
    who = f"{account.name} {account.agent_no}"
    copies = tuple(_copies(session, account.id, code, found.copy))
    return replace(found, account_id=account.id, code=code, who=who, unit=unit or "", copies=copies)


def _copies(session: Session, account_id: int, code: str, copy: int) -> Iterator[str]:
    """Lines of the log of copies under this code; the number in the ground tells which of a batch."""
    query = select(PrintLog, Ticket.number).outerjoin(Ticket, Ticket.id == PrintLog.ticket_id)
    query = query.where(PrintLog.account_id == account_id, PrintLog.mark == code[-_MARK_LENGTH:])
    rows = session.execute(query.order_by(PrintLog.id).limit(200)).all()
    names = form_words(session, {row.form for row, _number in rows})
    for row, number in rows:
        if not copy or row.copy_no % 4096 == copy:
            yield f"{number or names[row.form]} 第 {row.copy_no} 份"
