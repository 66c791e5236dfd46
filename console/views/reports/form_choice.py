"""Which form: the daily ones in sight, the rest behind one key."""

from typing import cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from console.domain.forms import FORM_NAMES, FormKind
from console.domain.reports import DESK_FORMS, OTHER_FORMS
from console.views.orders.filter_chip import FilterChip
from console.views.parts.segmented import Segmented

_KEYS = "123456789abcdefghijk"


class FormChoice(QWidget):
    """`chosen(form)` tells of every change by the operator or by `choose`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._other: FormKind | None = None
        self.daily = Segmented(
            [(form, FORM_NAMES[form]) for form in DESK_FORMS], self.tr("表单"), alt_keys=True
        )
        self.rest = FilterChip(self.tr("更多表单"), self._menu())
        self.rest.setToolTip(self.tr("通知、申请、核查、会商、抄告、交接等表单，Alt+6"))
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.daily)
        box.addWidget(self.rest)
        self.setFocusProxy(self.daily)
        key = QAction(self)
        key.setShortcut(QKeySequence("Alt+6"))
        key.triggered.connect(self._open)
        self.addAction(key)
        self.daily.chosen.connect(self._daily_chosen)

    @property
    def value(self) -> FormKind:
        return self._other or cast(FormKind, self.daily.value)

    def choose(self, form: FormKind) -> None:
        """Choose by value."""
        if form in DESK_FORMS:
            self.daily.choose(form)
        elif form is not self._other:
            self._other = form
            self.daily.choose(None)
            self.rest.show_value(FORM_NAMES[form])
            self.chosen.emit(form)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for key, form in zip(_KEYS, OTHER_FORMS, strict=False):
            action = menu.addAction(f"&{key}　{FORM_NAMES[form]}")
            action.setData(form.value)
        menu.triggered.connect(self._picked)
        return menu

    @Slot()
    def _open(self) -> None:
        self.rest.click()

    @Slot(QAction)
    def _picked(self, action: QAction) -> None:
        self.choose(FormKind(action.data()))

    @Slot(object)
    def _daily_chosen(self, form: FormKind | None) -> None:
        # Chosen nothing is what the segments say when a form of the menu takes over.
        if form is None:
            return
        self._other = None
        self.rest.show_value("")
        self.chosen.emit(form)
