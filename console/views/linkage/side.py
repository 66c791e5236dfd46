"""The right side of the linkage desk: what is known of the matter, and the one form that fits it."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from console.domain.linkage import Opened
from console.domain.moves import Move
from console.domain.records import CaseFile
from console.domain.states import Channel
from console.views.linkage.facts import BoundaryTable, Danger, TransferList
from console.views.linkage.forms import Form, GiveForm, HandBackForm, IncomingForm, JudgeForm
from console.views.parts.card import Card, column, label, scrolled
from console.views.parts.key_cap import ActionButton


class Sheet(Card):
    """A titled form that scrolls, its buttons below in one line."""

    def __init__(
        self, title: str, inner: QWidget, buttons: Sequence[tuple[QAction, str, str]]
    ) -> None:
        super().__init__(title, padding=14, spacing=10)
        self.body.addWidget(scrolled(column(inner, None)), 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for action, kind, words in buttons:
            foot.addWidget(ActionButton(action, kind, words))
        if buttons:
            self.body.addLayout(foot)


class Side(QWidget):
    """`show_case(case, opened)` chooses the form by what this person may do; `show_incoming()` the empty one."""

    def __init__(self, take: QAction, accept: QAction, back: QAction, give: QAction) -> None:
        super().__init__()
        self.incoming, self.judge = IncomingForm(), JudgeForm()
        self.hand_back, self.give = HandBackForm(), GiveForm()
        self.danger, self.transfers = Danger(), TransferList()
        self.typed_danger = Danger()
        self.stack = QStackedWidget()
        self.sheets: dict[str, Sheet] = {
            "boundary": Sheet(self.tr("谁管什么"), BoundaryTable(), []),
            "incoming": Sheet(
                self.tr("登记110转来"),
                column(self.typed_danger, self.incoming),
                [(accept, "primary", self.tr("登记，待判定"))],
            ),
            "judge": Sheet(
                self.tr("判定110转来"),
                column(self.judge, _boundary(self.tr("谁管什么"))),
                [(back, "danger", self.tr("退回110")), (accept, "primary", self.tr("受理"))],
            ),
            "hand_back": Sheet(
                self.tr("110退回"), self.hand_back, [(back, "", self.tr("登记110退回"))]
            ),
            "give": Sheet(
                self.tr("移交"),
                column(self.give, _boundary(self.tr("谁管什么"))),
                [(give, "danger", self.tr("移交"))],
            ),
            "none": Sheet(self.tr("谁管什么"), BoundaryTable(), []),
        }
        for sheet in self.sheets.values():
            self.stack.addWidget(sheet)
        self.known = Card(self.tr("转办经过"), padding=14, spacing=8)
        self.note = label("", "muted", wrap=True)
        self.known.add(self.danger, self.transfers, self.note)
        whole = column(self.known, self.stack, spacing=12)
        whole.layout().setStretch(1, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(whole)
        self.show_nothing()

    @property
    def at(self) -> str:
        """The name of the form in sight."""
        return next(
            name for name, sheet in self.sheets.items() if sheet is self.stack.currentWidget()
        )

    @property
    def form(self) -> Form | None:
        forms: dict[str, Form] = {
            "incoming": self.incoming,
            "judge": self.judge,
            "hand_back": self.hand_back,
            "give": self.give,
        }
        return forms.get(self.at)

    @property
    def is_typing(self) -> bool:
        return self.form is not None and not self.form.blank

    def show_nothing(self) -> None:
        self.known.hide()
        self._show("boundary")

    def show_incoming(self) -> None:
        self.known.hide()
        self._show("incoming")

    def show_case(self, case: CaseFile, opened: Opened) -> None:
        """The form for this matter, empty; the known facts above it."""
        name = fitting(case)
        self.danger.say(opened.danger if name in ("judge", "give") else "")
        self.transfers.show_opened(opened)
        self.note.setText(self._note(case, name))
        self.note.setVisible(bool(self.note.text()))
        self.known.setVisible(bool(opened.danger or opened.transfers or self.note.text()))
        form = {"judge": self.judge, "hand_back": self.hand_back, "give": self.give}.get(name)
        if form is not None:
            form.start(opened)
        self._show(name)

    def _note(self, case: CaseFile, name: str) -> str:
        if name == "none":
            return self.tr("这张工单已派出或已办结，不能再转办")
        if name == "give" and any(line.action == Move.POLICE_REFUSED for line in case.events):
            return self.tr("已回到待派单，按普通工单派出；仍属110职责的，可再次移交")
        return ""

    def _show(self, name: str) -> None:
        self.stack.setCurrentWidget(self.sheets[name])


def _boundary(caption: str) -> QWidget:
    """Below the fields: what to weigh."""
    return column(label(caption, "caption"), BoundaryTable(), spacing=6)


def fitting(case: CaseFile) -> str:
    """Which form fits: judge theirs, take back ours, give before dispatch, or none."""
    allowed = case.permitted
    if Move.REFUSE_POLICE in allowed and case.row.channel is Channel.POLICE_110:
        return "judge"
    if Move.POLICE_REFUSED in allowed:
        return "hand_back"
    return "give" if Move.HAND_TO_POLICE in allowed else "none"
