"""What every page of every form carries: marks, barcode, foot (field-facts 9.1, product.md 8)."""

from dataclasses import dataclass

from console.domain.forms import Stamp
from console.services.paper.fonts import Role
from console.services.paper.layout import (
    BOTTOM,
    FOOT,
    LEFT,
    MARK,
    MM,
    RIGHT,
    Bars,
    Matrix,
    Rule,
    Sheet,
)
from console.services.paper.text import Style
from console.services.paper.words import moment

_BAR_TOP, _BAR_HEIGHT, _BAR_WIDTH = 15 * MM, 8 * MM, 52 * MM
_QR_ROOM = 22 * MM
_FOOT_TOP = 278 * MM
_NUMBER = Style(Role.BODY, 14, 18)
_MIDDLE = (LEFT + RIGHT) / 2


@dataclass(frozen=True, slots=True)
class Furniture:
    """What stands on every page of one document; a form with its `own_header` draws marks and barcode itself."""

    number: str
    marks: tuple[str, ...]
    stamp: Stamp
    watermark: bool = True
    own_header: bool = False


def furnish(sheet: Sheet, furniture: Furniture) -> None:
    """Put head and foot on every page of a finished sheet."""
    for index, page in enumerate(sheet.pages):
        over = Sheet(sheet.fonts, pages=[page], missing=sheet.missing)
        if not furniture.own_header:
            _header(over, furniture)
        if index in sheet.letter_pages:
            over.put(_MIDDLE, BOTTOM + 5 * MM, f"— {index + 1} —", _NUMBER, "center")
        _footer(over, furniture, f"第{index + 1}页 共{len(sheet.pages)}页")


def _header(page: Sheet, furniture: Furniture) -> None:
    """Marks at the left, where GB/T 9704 puts classification and urgency; the number's barcode at the right."""
    has_qr = any(isinstance(op, Matrix) for op in page.pages[0])
    left = RIGHT - _BAR_WIDTH - (_QR_ROOM if has_qr else 0)
    page.add(Bars(left, _BAR_TOP, _BAR_WIDTH, _BAR_HEIGHT, furniture.number))
    page.put(left + _BAR_WIDTH / 2, _BAR_TOP + _BAR_HEIGHT, furniture.number, FOOT, "center")
    page.put(LEFT, _BAR_TOP, "".join(f"【{mark}】" for mark in furniture.marks), MARK)


def _footer(page: Sheet, furniture: Furniture, place: str) -> None:
    stamp, first, second = furniture.stamp, _FOOT_TOP + 2, _FOOT_TOP + 2 + FOOT.leading
    page.add(Rule(LEFT, _FOOT_TOP, RIGHT, _FOOT_TOP, 0.4))
    page.put(LEFT, first, f"工单编号 {furniture.number}", FOOT)
    page.put(_MIDDLE, first, place, FOOT, "center")
    page.put(RIGHT, first, f"份号 {stamp.copy_no}", FOOT, "right")
    page.put(LEFT, second, f"打印人 {stamp.printed_by}", FOOT)
    page.put(_MIDDLE, second, "演练材料 不作实用" if stamp.training else "", FOOT, "center")
    page.put(RIGHT, second, f"打印时间 {moment(stamp.printed_at)}", FOOT, "right")
