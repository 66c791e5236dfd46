"""修改密码: one's own, from the window's foot or right after a password that somebody else gave."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from console.domain.errors import Invalid, UserError
from console.jobs import Jobs
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field, Fields


class PasswordService(Protocol):
    def change_password(self, old: str, new: str) -> None: ...


class PasswordDialog(Dialog):
    """Closed with `accepted` when the new password holds. `given` is the one just signed in with, not asked again."""

    def __init__(
        self, service: PasswordService, jobs: Jobs, given: str = "", parent: QWidget | None = None
    ) -> None:
        first = "这是管理员给的密码，请先换成只有您自己知道的。" if given else ""
        hint = first + "不少于 8 位，不要用生日、电话。"
        super().__init__("修改密码", "修改", hint, width=420, parent=parent)
        self._service, self._jobs, self._given = service, jobs, given
        self.old, self.new, self.again = (
            QLineEdit(echoMode=QLineEdit.EchoMode.Password) for _ in range(3)
        )
        old = Field(self.tr("现在的密码"), self.old, "old")
        new = Field(self.tr("新密码"), self.new, "new")
        again = Field(self.tr("再输一次新密码"), self.again, "again")
        self.fields = Fields(old, new, again)
        for part in (old, new, again):
            self.body.addWidget(part)
        old.setVisible(not given)
        self.again.returnPressed.connect(self.try_accept)

    @Slot()
    def try_accept(self) -> None:
        if not self.accept_button.isEnabled():
            return
        self.fields.clear_errors()
        fault = self._fault()
        if fault is not None:
            self.fields.show_errors(fault)
            return
        self.wait(True)
        work = partial(
            self._service.change_password, self._given or self.old.text(), self.new.text()
        )
        self._jobs.write(self, work, self._changed, self._failed)

    def _fault(self) -> Invalid | None:
        if not self._given and not self.old.text():
            return Invalid(self.tr("请输入现在的密码。"), field="old")
        if not self.new.text():
            return Invalid(self.tr("请输入新密码。"), field="new")
        if self.new.text() != self.again.text():
            return Invalid(self.tr("两次输入的新密码不同。"), field="again")
        return None

    def _changed(self, _nothing: object) -> None:
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.wait(False)
        rest = self.fields.show_errors(error)
        if rest is not None:
            self.fail(rest.sentence)
        elif not isinstance(error, UserError):
            self._jobs.unhandled.emit(error)
