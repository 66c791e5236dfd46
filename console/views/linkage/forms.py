"""The short forms of the linkage desk: judge, give, hand back, write down what 110 gave."""

import uuid

from PySide6.QtCore import QMimeData, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.linkage import (
    BASIS_NAMES,
    Basis,
    Incoming,
    Opened,
    Side,
    read_hand_over,
    ruling,
)
from console.domain.states import URGENCY_NAMES, Urgency
from console.views.parts.card import label
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import TypeAhead

REASON_MOST, CONTENT_MOST = 300, 2000
SERVICES = ("110", "119", "120", "122")


class Form(QWidget):
    """Fields one below the other. `fields` puts faults beside them; `blank`: nothing worth keeping is typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = Fields()
        self.first: QWidget = self
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def lay_out(self, first: QWidget, *parts: QWidget, pairs: bool = False) -> None:
        """The parts are made; `first` gets the focus. With `pairs`, what follows the second stands two by two."""
        self.first = first
        self.fields = Fields(*(part for part in parts if isinstance(part, Field)))
        single = parts[:2] if pairs else parts
        for part in single:
            self._column.addWidget(part)
        rest = parts[len(single) :]
        for at in range(0, len(rest), 2):
            line = QHBoxLayout()
            line.setSpacing(12)
            for part in rest[at : at + 2]:
                foot = isinstance(part, QCheckBox)
                line.addWidget(
                    part, 1, Qt.AlignmentFlag.AlignBottom if foot else Qt.AlignmentFlag(0)
                )
            self._column.addLayout(line)

    def lines(self) -> tuple[TypeAhead | SnippetEdit, ...]:
        """Every control with typed words."""
        return ()

    @property
    def blank(self) -> bool:
        return not any(_text(line).strip() for line in self.lines())

    def clear(self) -> None:
        for line in self.lines():
            line.put("")
        self.fields.clear_errors()

    def focus_first(self) -> None:
        self.first.setFocus(Qt.FocusReason.OtherFocusReason)


class RuledForm(Form):
    """Its outcome is decided by who had it first; an exception asks for both centres' consent."""

    taken_by = Side.HOTLINE

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = SnippetEdit("", REASON_MOST, rows=2)
        self.receiver = TypeAhead("", free=True)
        self.agreed = TypeAhead(self.tr("例如：周正、张警官 0231"), free=True)
        self.consent = Field(
            self.tr("双方同意人"), self.agreed, "agreed", self.tr("例外才要"), required=True
        )
        self.rule = label("", "muted", wrap=True)

    def lines(self) -> tuple[TypeAhead | SnippetEdit, ...]:
        return self.reason, self.receiver, self.agreed

    def start(self, opened: Opened) -> None:
        self.clear()
        self.show_rule(opened.first)

    @Slot(object)
    def show_rule(self, first: Side) -> None:
        found = ruling(first, self.taken_by)
        self.rule.setText(self.rule_words(found.words))
        self.consent.setVisible(found.exception)

    def rule_words(self, ruled: str) -> str:
        return ruled


class JudgeForm(RuledForm):
    """110转来: to accept needs nothing; to refuse, why and who took it back there."""

    taken_by = Side.POLICE

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hint = self.tr("退回时必填")
        reason = Field(self.tr("退回原因"), self.reason, "reason", hint)
        receiver = Field(self.tr("110接收人工号"), self.receiver, "receiver", hint)
        self.lay_out(self.reason, reason, receiver, self.consent, self.rule)

    def rule_words(self, ruled: str) -> str:
        return self.tr("职责清楚的，属我方就受理；说不清的，{0}").format(ruled)


class HandBackForm(RuledForm):
    """110退回 what we gave: why, who handed it back, and who had it first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first_side = Segmented(
            [(side, str(side)) for side in Side], self.tr("谁先接到"), numbers=False
        )
        reason = Field(self.tr("110退回的原因"), self.reason, "reason", required=True)
        receiver = Field(self.tr("110退回人工号"), self.receiver, "receiver", required=True)
        first = Field(self.tr("谁先接到这件事"), self.first_side, "first")
        self.lay_out(self.reason, reason, receiver, first, self.rule, self.consent)
        self.first_side.chosen.connect(self.show_rule)

    def start(self, opened: Opened) -> None:
        super().start(opened)
        self.first_side.choose(opened.first)


class GiveForm(Form):
    """移交110: on what ground, to whom; danger is given first and explained later."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.basis = Segmented(list(BASIS_NAMES.items()), self.tr("移交依据"), numbers=False)
        self.service = Segmented([(s, s) for s in SERVICES], self.tr("转往"), numbers=False)
        self.receiver = TypeAhead("", free=True)
        self.reason = TypeAhead(self.tr("例如：斗殴，有人伤"), free=True)
        self.agreed = TypeAhead(self.tr("例如：周正、张警官 0231"), free=True)
        self.three_way = QCheckBox(self.tr("三方通话"))
        self.consent = Field(self.tr("双方同意人"), self.agreed, "agreed", required=True)
        hint = self.tr("没报就空着")
        self.lay_out(
            self.receiver,
            Field(self.tr("移交依据"), self.basis, "basis"),
            self.consent,
            Field(self.tr("转往"), self.service, "service"),
            self.three_way,
            Field(self.tr("对方接警员工号"), self.receiver, "receiver", hint),
            Field(self.tr("说明"), self.reason, "reason"),
            pairs=True,
        )
        self.basis.chosen.connect(self._basis_chosen)

    def lines(self) -> tuple[TypeAhead | SnippetEdit, ...]:
        return self.receiver, self.reason, self.agreed

    def start(self, opened: Opened) -> None:
        self.clear()
        self.service.choose(SERVICES[0])
        self.three_way.setChecked(False)
        self.basis.choose(Basis.DANGER if opened.danger else Basis.DUTY)
        self._basis_chosen(self.basis.value)

    @Slot(object)
    def _basis_chosen(self, basis: Basis) -> None:
        self.consent.setVisible(basis is Basis.AGREED)
        if basis is Basis.AGREED:
            self.three_way.setChecked(True)


class SheetEdit(SnippetEdit):
    """Tells `sheet(text)` instead of inserting, when what is pasted or dropped has the labels of a 110 sheet;
    `file(path)` when it is a file.
    """

    sheet = Signal(str)
    file = Signal(str)

    def insertFromMimeData(self, source: QMimeData) -> None:
        files = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        if files:
            self.file.emit(files[0])
            return
        text = source.text()
        read = read_hand_over(text)
        if any((read.address, read.police_no, read.name, read.occurred)):
            self.sheet.emit(text)
        else:
            super().insertFromMimeData(source)


class IncomingForm(Form):
    """登记110转来: typed, or the sheet 110 sends pasted into the content, which then fills the form."""

    filled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = uuid.uuid4().hex
        self.content = SheetEdit(self.tr("内容"), CONTENT_MOST, rows=3)
        self.values = {
            "address": TypeAhead(self.tr("例如：宝丽西街123号"), free=True, name=self.tr("地点")),
            "name": TypeAhead(self.tr("不愿留名就空着"), free=True, name=self.tr("报警人")),
            "full_phone": TypeAhead("", free=True, name=self.tr("电话")),
            "occurred": TypeAhead(self.tr("例如：今天10:12"), free=True, name=self.tr("时间")),
            "police_no": TypeAhead("", free=True, name=self.tr("警情编号")),
            "handed_by": TypeAhead("", free=True, name=self.tr("110移交人工号")),
        }
        self.urgency = Segmented(list(URGENCY_NAMES.items()), self.tr("紧急程度"), numbers=False)
        self.three_way = QCheckBox(self.tr("三方通话"))
        hint = self.tr("可整段粘贴110移交单")
        self.lay_out(
            self.content,
            Field(self.tr("内容"), self.content, "content", hint, required=True),
            *(Field(line.accessibleName(), line, name) for name, line in self.values.items()),
            Field(self.tr("紧急程度"), self.urgency, "urgency"),
            self.three_way,
            pairs=True,
        )
        self.content.sheet.connect(self.fill)
        self.start()

    def lines(self) -> tuple[TypeAhead | SnippetEdit, ...]:
        return (self.content, *self.values.values())

    def start(self) -> None:
        """An empty form with a key of its own."""
        self.key = uuid.uuid4().hex
        self.clear()
        self.urgency.choose(Urgency.NORMAL)
        self.three_way.setChecked(False)

    @Slot(str)
    def fill(self, text: str) -> None:
        """A sheet: each labelled value into its own line; what was typed there stays."""
        read = read_hand_over(text)
        for name, line in self.values.items():
            value = getattr(read, name)
            if value and not line.text().strip():
                line.put(value)
        self.content.put("\n".join(filter(None, (self.content.text.strip(), read.content))))
        self.filled.emit()

    def collect(self) -> Incoming:
        return Incoming(
            key=self.key,
            content=self.content.text.strip(),
            three_way=self.three_way.isChecked(),
            urgency=self.urgency.value,
            **{name: line.text().strip() for name, line in self.values.items()},
        )


def _text(line: TypeAhead | SnippetEdit) -> str:
    return line.text if isinstance(line, SnippetEdit) else line.text()
