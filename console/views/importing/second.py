"""第二人: many rows leave only with somebody beside the operator, who proves himself with his own password."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from console.domain.errors import UserError
from console.jobs import Jobs
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field


class SecondDesk(Protocol):
    """console.services.exporting.Exporting, as far as this window uses it."""

    def second(self, login: str, password: str) -> Any: ...


class SecondDialog(Dialog):
    """`done(what the work made)` when it went through; `broken(error)` for defects.

    `work(second=…)` is run on the write lane and refuses (field `second`) whoever may not stand there.
    """

    done = Signal(object)
    broken = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        desk: SecondDesk,
        sentence: str,
        work: Callable[..., Any],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(self.tr("须两人同意"), self.tr("导出"), sentence, width=420, parent=parent)
        self._jobs, self._desk, self._work = jobs, desk, work
        self.login, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.second_field = Field(self.tr("第二人的账号"), self.login, "second")
        self.second_field.say(self.tr("值班长、督办员、领导或管理员，不能是本人"))
        self.body.addWidget(self.second_field)
        self.body.addWidget(Field(self.tr("第二人的密码"), self.password, "password"))

    @Slot()
    def try_accept(self) -> None:
        self.second_field.clear_error()
        if not self.login.text().strip():
            self.second_field.show_error(self.tr("请第二人输入账号和密码"))
            self.login.setFocus()
            return
        self.wait(True)
        second = self._desk.second(self.login.text().strip(), self.password.text())
        self._jobs.write(self, partial(self._work, second=second), self._through, self._refused)

    def _through(self, made: Any) -> None:
        self.done.emit(made)
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.password.clear()
        self.wait(False)
        if not isinstance(error, UserError):
            self.broken.emit(error)
            self.reject()
        elif error.field == "second":
            self.second_field.show_error(error)
            self.login.setFocus()
        else:
            self.fail(error.sentence)
