"""A wrong identity number: what the right one says, who has it already, why it changes."""

from functools import partial

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from console.domain.errors import Invalid, UserError
from console.domain.identity import SEX_NAMES, read_identity_number
from console.domain.registers.correcting import REASON_MOST, CorrectionForm
from console.domain.registers.kinds import Register
from console.domain.registers.records import Match, RegisterCard
from console.jobs import Jobs
from console.views.parts.card import label
from console.views.parts.clock import database_now, local
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton
from console.views.parts.snippet_edit import SnippetEdit
from console.views.registers.dialogs import Work, WriteForm
from console.views.registers.services import RegisterDesk

COMPARE_MS = 400
LENGTH = 18


class CorrectDialog(WriteForm):
    """`open_wanted(register, id)` when the number belongs to somebody registered already and he is asked for."""

    open_wanted = Signal(object, int)

    def __init__(
        self, jobs: Jobs, desk: RegisterDesk, card: RegisterCard, parent: QWidget | None = None
    ) -> None:
        hint = "性别、出生日期随新号码改；旧号码只留遮蔽的，谁改的、为什么改都有记录"
        super().__init__(jobs, f"更正身份证号：{card.title}", "更正身份证号", parent, hint)
        self._desk, self._card = desk, card
        self._match: Match | None = None
        self.number = QLineEdit(maxLength=40)
        self.number.setPlaceholderText(_fact(card, "id_number"))
        self.reason = SnippetEdit(self.tr("更正原因"), REASON_MOST, rows=2)
        self.says = label("", "muted", wrap=True)
        self.other = KeyButton("", kind="danger")
        self.other.hide()
        number = Field(self.tr("正确的身份证号"), self.number, "id_number", required=True)
        reason = Field(self.tr("更正原因"), self.reason, "reason", required=True)
        self.fields = Fields(number, reason)
        for widget in (number, self.says, self.other, reason):
            self.body.addWidget(widget)
        self._soon = QTimer(self, singleShot=True, interval=COMPARE_MS)
        self._soon.timeout.connect(self._compare)
        self.number.textEdited.connect(self._typed)
        self.other.clicked.connect(self._open_other)
        self._typed()

    @property
    def plain(self) -> str:
        return "".join(self.number.text().split()).upper()

    @Slot()
    def _typed(self) -> None:
        self.fields["id_number"].clear_error()
        self.show_matches(())
        self.says.setText(self._words())
        if len(self.plain) == LENGTH:
            self._soon.start()

    def _words(self) -> str:
        """What the number says of its owner, beside what is registered; a wrong one is told at once."""
        if len(self.plain) < LENGTH:
            return self.tr("现在登记的：{0}　{1}").format(
                _fact(self._card, "sex"), _fact(self._card, "born_on")
            )
        try:
            number = read_identity_number(self.plain, local(database_now()).date(), "id_number")
        except Invalid as fault:
            return fault.sentence
        return self.tr("更正后：{0}　{1}").format(SEX_NAMES[number.sex], number.born)

    @Slot()
    def _compare(self) -> None:
        work = partial(
            self._desk.compare, Register.PERSONS, {"id_number": self.plain}, self._card.id
        )
        self._jobs.read(self, work, self.show_matches, self._not_compared, key="correct")

    def _not_compared(self, error: Exception) -> None:
        """Looked up too often, or the database is away: the number is compared again when it is saved."""
        if isinstance(error, UserError):
            self.fields["id_number"].show_error(error)
        else:
            self._jobs.unhandled.emit(error)

    def show_matches(self, matches: tuple[Match, ...]) -> None:
        self._match = next((one for one in matches if one.certain), None)
        if self._match is not None:
            self.other.set_words(
                self.tr("打开 {0}：{1}").format(self._match.title, self._match.why)
            )
        self.other.setVisible(self._match is not None)

    @Slot()
    def _open_other(self) -> None:
        if self._match is not None:
            self.open_wanted.emit(self._match.register, self._match.id)
            self.reject()

    def work(self) -> Work:
        form = CorrectionForm(self._card.id, self._card.version, self.plain, self.reason.text)
        return partial(self._desk.correcting.correct, form)


def _fact(card: RegisterCard, name: str) -> str:
    return next((fact.shown for fact in card.facts if fact.name == name), "")
