"""The form as it will be on paper, with what belongs around it: which form, which page, how large, which copy."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.errors import Cancelled, UserError
from console.domain.forms import FormKind
from console.domain.reports import PageImage, ReportRow, Shown
from console.jobs import Jobs
from console.theme import mark
from console.views.parts.card import Card, label, row
from console.views.parts.key_cap import KeyButton
from console.views.parts.segmented import Segmented
from console.views.reports.form_choice import FormChoice
from console.views.reports.paper_view import Fit, PaperView
from console.views.reports.services import ReportDesk


class PreviewCard(Card):
    """`show_order(row)`; `form_chosen(form)` when another form is looked at; `failed(error)`."""

    form_chosen = Signal(object)
    failed = Signal(object)

    # Somebody holding the Down key gets one preview, where they stop.
    DELAY_MS = 120

    def __init__(self, jobs: Jobs, desk: ReportDesk, parent: QWidget | None = None) -> None:
        super().__init__(padding=1, spacing=0, parent=parent)
        self._jobs, self._desk = jobs, desk
        self._order: ReportRow | None = None
        self.shown: Shown | None = None
        self._drawing = 0
        self.form = FormChoice()
        self.form.choose(FormKind.CLOSURE_REPORT)
        self.size = Segmented(
            [
                (Fit.WIDTH, self.tr("适合宽度")),
                (Fit.PAGE, self.tr("整页")),
                (Fit.ACTUAL, "100%"),
            ],
            self.tr("显示大小"),
            numbers=False,
        )
        self.size.choose(Fit.WIDTH)
        self.back, self.on = KeyButton("‹", kind="quiet"), KeyButton("›", kind="quiet")
        self.place = label("", "muted")
        self.copy, self.note = label("", "strong"), label("", "muted")
        self.paper = PaperView()
        self._soon = QTimer(self, singleShot=True, interval=self.DELAY_MS)
        self._lay_out()
        self._connect()
        self._clear()

    def show_order(self, order: ReportRow | None) -> None:
        """Preview the form of this work order; None clears."""
        self._order = order
        if order is None:
            self._soon.stop()
            self._clear()
        elif self.shown is None or self.shown.ticket_id != order.id:
            if self.shown is None:
                self.paper.say(self.tr("正在排版…"))
            self._soon.start()

    @Slot()
    def reload(self) -> None:
        """Draw again: a copy has left, or somebody changed the case."""
        if self._order is not None:
            self._soon.start(0)

    def _lay_out(self) -> None:
        self.back.setAccessibleName(self.tr("上一页"))
        self.on.setAccessibleName(self.tr("下一页"))
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.place.setMinimumWidth(44)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = row(self.form, None)
        head.layout().setContentsMargins(11, 11, 11, 0)
        pages = row(self.back, self.place, self.on, spacing=2)
        bar = row(self.copy, self.note, pages, self.size)
        bar.layout().setContentsMargins(11, 8, 11, 8)
        bar.layout().setStretchFactor(self.note, 1)
        self.body.addWidget(head)
        self.body.addWidget(bar)
        self.body.addWidget(self.paper, 1)

    def _connect(self) -> None:
        self._soon.timeout.connect(self._ask)
        self.form.chosen.connect(self._form_chosen)
        self.size.chosen.connect(self.paper.show_as)
        self.back.clicked.connect(self.paper.previous_page)
        self.on.clicked.connect(self.paper.next_page)
        self.paper.turned.connect(self._turned)
        self.paper.image_wanted.connect(self._want_image)

    @Slot(object)
    def _form_chosen(self, form: FormKind) -> None:
        self.form_chosen.emit(form)
        self.reload()

    @Slot()
    def _ask(self) -> None:
        if self._order is None:
            return
        work = partial(self._desk.preview, self._order.id, self.form.value)
        self._jobs.read(self, work, self._came, self._refused, key="preview")

    def _came(self, shown: Shown) -> None:
        if self._order is None or shown.ticket_id != self._order.id:
            return
        same = self.shown is not None and (self.shown.ticket_id, self.shown.form) == (
            shown.ticket_id,
            shown.form,
        )
        page = self.paper.page if same else 0
        self.shown = shown
        self._drawing += 1
        self.paper.show_pages(shown.document.pages)
        self.paper.turn_to(page)
        self._show_words(shown)

    def _show_words(self, shown: Shown) -> None:
        self.copy.setText(self.tr("打印出来是第 {0} 份").format(shown.next_copy))
        self.copy.setToolTip(
            self.tr("每份都有份号和暗记，登记打印人、时间和电脑。本次预览暗记 {0}").format(
                shown.mark
            )
        )
        missing = shown.document.missing
        rare = self.tr("{0} 无字体，印作〓").format("".join(missing[:6])) if missing else ""
        words = "；".join(filter(None, (shown.note, rare)))
        self.note.setText(words)
        self.note.setToolTip(words)
        mark(self.note, tone="warn" if words else "")

    def _refused(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._clear()
            if not isinstance(error, Cancelled):
                self.paper.say("　".join(filter(None, (error.text, error.hint))))
        else:
            self.failed.emit(error)

    def _clear(self) -> None:
        self.shown = None
        self.copy.setText("")
        self.note.setText("")
        self.paper.say(self.tr("在左边选一件工单，这里显示它打印出来的样子"))

    @Slot(int)
    def _turned(self, page: int) -> None:
        pages = self.paper.pages
        self.place.setText(f"{page + 1} / {pages}" if pages else "")
        self.back.setEnabled(pages > 0 and page > 0)
        self.on.setEnabled(page < pages - 1)
        self.size.setEnabled(pages > 0)

    @Slot(int, int)
    def _want_image(self, page: int, dpi: int) -> None:
        if self.shown is None:
            return
        work = partial(self._desk.page, self.shown.document.pdf, page, dpi)
        done = partial(self._image_came, self._drawing)
        self._jobs.read(self, work, done, self._refused, key=f"page {page}")

    def _image_came(self, drawing: int, image: PageImage) -> None:
        if drawing == self._drawing:
            self.paper.show_image(image)
