"""A date and time as people give it: a choice of usual moments, or the exact one typed."""

from datetime import UTC, datetime, time, timedelta

from PySide6.QtCore import QDate, QDateTime, QTime, Signal, Slot
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QWidget

from console.views.parts.clock import SHANGHAI, database_now, local
from console.views.parts.segmented import Segmented

END_OF_DAY = time(18, 0)


class MomentEdit(QWidget):
    """`value` is aware UTC or None. Quick choices first, the exact field beside them; `changed()`."""

    changed = Signal()

    def __init__(
        self,
        name: str,
        choices: tuple[tuple[str, timedelta | int], ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`choices`: words and a span from now, or a number of days until 18:00."""
        super().__init__(parent)
        self._choices = dict(choices)
        self._chosen: datetime | None = None
        self.quick = Segmented([(words, words) for words, _span in choices], name, numbers=False)
        self.exact = QDateTimeEdit(displayFormat="yyyy-MM-dd HH:mm", calendarPopup=True)
        self.exact.setAccessibleName(self.tr("{0}（精确时间）").format(name))
        self.exact.setFixedSize(158, 30)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.quick)
        line.addWidget(self.exact)
        line.addStretch(1)
        self.quick.setVisible(bool(choices))
        self.setFocusProxy(self.quick if choices else self.exact)
        self.setAccessibleName(name)
        self.quick.chosen.connect(self._quick)
        self.exact.dateTimeChanged.connect(self._typed)
        self.put(None)

    @property
    def value(self) -> datetime | None:
        return self._chosen

    def put(self, value: datetime | None) -> None:
        """None: nothing chosen; the exact field then shows now."""
        self._chosen = value
        self.quick.blockSignals(True)
        self.quick.choose(None)
        self.quick.blockSignals(False)
        self._show(value or database_now())

    def _show(self, moment: datetime) -> None:
        here = local(moment)
        self.exact.blockSignals(True)
        shown = QDateTime(QDate(here.year, here.month, here.day), QTime(here.hour, here.minute))
        self.exact.setDateTime(shown)
        self.exact.blockSignals(False)

    @Slot(object)
    def _quick(self, words: str | None) -> None:
        span = self._choices.get(words or "")
        if span is None:
            return
        now = database_now()
        self._chosen = _end_of_day(now, span) if isinstance(span, int) else _minute(now + span)
        self._show(self._chosen)
        self.changed.emit()

    @Slot()
    def _typed(self) -> None:
        at = self.exact.dateTime()
        date, clock = at.date(), at.time()
        here = datetime(
            date.year(), date.month(), date.day(), clock.hour(), clock.minute(), tzinfo=SHANGHAI
        )
        self._chosen = here.astimezone(UTC)
        self.quick.blockSignals(True)
        self.quick.choose(None)
        self.quick.blockSignals(False)
        self.quick.update()
        self.changed.emit()


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _end_of_day(now: datetime, days: int) -> datetime:
    day = (local(now) + timedelta(days=days)).date()
    return datetime.combine(day, END_OF_DAY, SHANGHAI).astimezone(UTC)
