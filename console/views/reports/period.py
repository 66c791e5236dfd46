"""Days by name: what a clerk asks for without a calendar."""

from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum

from PySide6.QtCore import QDate, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.worktime import civil_date
from console.views.parts.card import label
from console.views.parts.clock import database_now

Days = tuple[date | None, date | None]


class Span(StrEnum):
    TODAY = "today"
    WEEK = "week"
    THIRTY = "thirty"
    MONTH = "month"
    LAST_MONTH = "last_month"
    YEAR = "year"
    ALWAYS = "always"
    CHOSEN = "chosen"


def _last_month(today: date) -> Days:
    end = today.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


DAYS: dict[Span, Callable[[date], Days]] = {
    Span.TODAY: lambda today: (today, today),
    Span.WEEK: lambda today: (today - timedelta(days=6), today),
    Span.THIRTY: lambda today: (today - timedelta(days=29), today),
    Span.MONTH: lambda today: (today.replace(day=1), today),
    Span.LAST_MONTH: _last_month,
    Span.YEAR: lambda today: (today.replace(month=1, day=1), today),
    Span.ALWAYS: lambda _today: (None, None),
}


class Period(QWidget):
    """`changed()` when other days are asked for; `days` gives the first and the last, None where open.

    `exact`, the two date fields, is for the owner to place; it shows itself when wanted.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.span = QComboBox(accessibleName=self.tr("日期范围"))
        for value, words in self._words():
            self.span.addItem(words, value)
        self.span.setCurrentIndex(self.span.findData(Span.THIRTY))
        self.since, self.until = self._edit(self.tr("起始日期")), self._edit(self.tr("截止日期"))
        self.exact = QWidget()
        self._lay_out()
        self.span.currentIndexChanged.connect(self._spanned)
        for edit in (self.since, self.until):
            edit.dateChanged.connect(self._dated)

    @property
    def days(self) -> Days:
        span = Span(self.span.currentData())
        if span is not Span.CHOSEN:
            return DAYS[span](civil_date(database_now()))
        first, last = self.since.date().toPython(), self.until.date().toPython()
        return min(first, last), max(first, last)

    def choose(self, span: Span) -> None:
        self.span.setCurrentIndex(self.span.findData(span))

    def show_days(self, since: date, until: date) -> None:
        """Just these days; says nothing itself."""
        for edit, day in ((self.since, since), (self.until, until)):
            edit.blockSignals(True)
            edit.setDate(QDate(day.year, day.month, day.day))
            edit.blockSignals(False)
        self.span.blockSignals(True)
        self.choose(Span.CHOSEN)
        self.span.blockSignals(False)
        self.exact.show()

    def _words(self) -> list[tuple[Span, str]]:
        return [
            (Span.TODAY, self.tr("今天")),
            (Span.WEEK, self.tr("近 7 天")),
            (Span.THIRTY, self.tr("近 30 天")),
            (Span.MONTH, self.tr("本月")),
            (Span.LAST_MONTH, self.tr("上月")),
            (Span.YEAR, self.tr("今年")),
            (Span.ALWAYS, self.tr("不限日期")),
            (Span.CHOSEN, self.tr("自选日期…")),
        ]

    def _edit(self, name: str) -> QDateEdit:
        edit = QDateEdit(displayFormat="yyyy-MM-dd", calendarPopup=True, accessibleName=name)
        today = civil_date(database_now())
        edit.setDate(QDate(today.year, today.month, today.day))
        edit.setKeyboardTracking(False)
        return edit

    def _lay_out(self) -> None:
        line = QHBoxLayout(self.exact)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.since, 1)
        line.addWidget(label(self.tr("至"), "muted"))
        line.addWidget(self.until, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.span)
        self.span.setMinimumWidth(150)
        self.exact.hide()

    @Slot(int)
    def _spanned(self, _at: int) -> None:
        self.exact.setVisible(self.span.currentData() == Span.CHOSEN)
        self.changed.emit()

    @Slot(QDate)
    def _dated(self, _day: QDate) -> None:
        if self.exact.isVisible():
            self.changed.emit()
