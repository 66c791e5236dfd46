"""The clock of the first answer, counting down: minutes in the list, seconds in the case (field-facts H1, H2)."""

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QTimer, Slot
from PySide6.QtWidgets import QWidget

from console.domain.inbox import InboxRow
from console.views.parts.clock import database_now, short_time
from console.views.parts.light_label import LightLabel, Mark, mark_of

translate = QCoreApplication.translate
# Nearer than this it is counted in minutes and seconds; further off its time of day says more.
COUNTED = timedelta(hours=1)


def countdown_words(record: InboxRow, now: datetime | None = None, seconds: bool = False) -> str:
    """响应剩 24 分钟, 响应超 5 分钟; with `seconds` 响应剩 24:31; far off 明天 17:30 前响应."""
    due = record.response_due
    if due is None:
        return ""
    left = due - (now or database_now())
    if left > COUNTED:
        return translate("inbox", "{0} 前响应").format(short_time(due))
    words = (
        translate("inbox", "响应剩 {0}") if left > timedelta() else translate("inbox", "响应超 {0}")
    )
    whole = int(abs(left.total_seconds()))
    if whole >= 24 * 3600:
        return words.format(translate("inbox", "{0} 天").format(whole // 86400))
    if whole >= 3600:
        return words.format(translate("inbox", "{0} 小时").format(whole // 3600))
    if seconds:
        return words.format(f"{whole // 60:02}:{whole % 60:02}")
    return words.format(translate("inbox", "{0} 分钟").format(max(1, whole // 60)))


class Countdown(LightLabel):
    """Ticks by itself while it is in sight; hidden once the answer was given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: InboxRow | None = None
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self._tick)
        self.hide()

    def show_record(self, record: InboxRow | None) -> None:
        owed = record is not None and record.answer_owed
        self._record = record if owed else None
        self._tick()
        self.setVisible(owed)

    @Slot()
    def _tick(self) -> None:
        if self._record is None:
            self._second.stop()
            return
        mark = mark_of(self._record.response_light)
        words = countdown_words(self._record, seconds=True)
        self.show_light(Mark(mark.shape, mark.tone, words))

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._tick()
        self._second.start()

    def hideEvent(self, event) -> None:
        self._second.stop()
        super().hideEvent(event)
