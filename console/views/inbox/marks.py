"""What sets one share apart from the next, in words; colour and shape only help."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from console.domain.inbox import InboxRow
from console.domain.states import AssignmentKind, AssignmentState, TicketState, Urgency
from console.theme import Tone
from console.views.parts.clock import database_now
from console.views.parts.light_label import Shape

translate = QCoreApplication.translate
# The unit itself owes the next step.
AT_HAND = (AssignmentState.PENDING_SIGN, AssignmentState.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class RowMark:
    """`of_share`: it belongs to this unit's share; the others belong to the case and stand in its head too."""

    words: str
    tone: Tone
    of_share: bool = False
    shape: Shape = Shape.NONE


def row_marks(record: InboxRow, drafted: bool = False) -> tuple[RowMark, ...]:
    """In the order of their weight."""
    return (*_of_case(record), *_of_share(record, drafted))


def level_overdue(record: InboxRow, now: datetime | None = None) -> bool:
    """This level has neither solved it nor passed it on in its time (field-facts X3)."""
    due = record.level_due
    running = record.share_state in AT_HAND and record.state is not TicketState.SUSPENDED
    return running and due is not None and due < (now or database_now())


def _of_case(record: InboxRow) -> Iterator[RowMark]:
    if record.supervision:
        yield RowMark(translate("inbox", "督办"), Tone.VIOLET, shape=Shape.TRIANGLE)
    if record.urgency is Urgency.CRITICAL:
        yield RowMark(translate("inbox", "特急"), Tone.BAD)
    elif record.urgency is Urgency.URGENT:
        yield RowMark(translate("inbox", "紧急"), Tone.BAD)
    if record.confidential:
        yield RowMark(translate("inbox", "保密"), Tone.BAD)
    if record.dispute:
        yield RowMark(translate("inbox", "矛盾件"), Tone.WARN)


def _of_share(record: InboxRow, drafted: bool) -> Iterator[RowMark]:
    if record.redo_count > 1:
        yield RowMark(
            translate("inbox", "第{0}次重办").format(record.redo_count), Tone.WARN, of_share=True
        )
    elif record.redo_count:
        yield RowMark(translate("inbox", "重办"), Tone.WARN, of_share=True)
    if level_overdue(record):
        yield RowMark(translate("inbox", "本级超时"), Tone.BAD, of_share=True)
    if record.kind is AssignmentKind.CO:
        yield RowMark(translate("inbox", "协办"), Tone.ACCENT, of_share=True)
    if record.designated:
        yield RowMark(translate("inbox", "指定"), Tone.WARN, of_share=True)
    if record.share_state is AssignmentState.RETURN_REVIEW:
        yield RowMark(translate("inbox", "退单待审"), Tone.WARN, of_share=True)
    if record.extension_asked:
        yield RowMark(translate("inbox", "延期待审"), Tone.WARN, of_share=True)
    if drafted:
        yield RowMark(translate("inbox", "未提交"), Tone.ACCENT, of_share=True)
