"""连接设置: where the city's database is and how it is checked. Never a name, never a password."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QWidget

from console.domain.errors import Invalid, UserError
from console.domain.server import PORT, TLS_NAMES, Server, hosts_of
from console.jobs import Jobs
from console.theme import Tone, mark
from console.views.parts.card import label, row
from console.views.parts.dialog import Dialog
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import KeyButton


class ServerService(Protocol):
    """What the panel asks for; `probe` runs on a lane."""

    server: Server | None

    def probe(self, server: Server, login: str = "") -> str: ...


class ConnectionPanel(Dialog):
    """`chosen(Server)` when it is saved. With `file` everything is shown and nothing can be changed."""

    chosen = Signal(object)

    def __init__(
        self,
        service: ServerService,
        jobs: Jobs,
        login: str = "",
        file: str = "",
        parent: QWidget | None = None,
    ) -> None:
        hint = (
            "由管理员在 {0} 里设定，这里只能查看和测试。"
            if file
            else "向系统管理员要这几项。这里不存密码。"
        )
        super().__init__("连接设置", "保存", hint.format(file), width=520, parent=parent)
        self._service, self._jobs, self._login, self._fixed = service, jobs, login, bool(file)
        self._inputs()
        self._fill(service.server)
        self.test = KeyButton(self.tr("测试连接"), "Alt+T")
        self.test.setShortcut("Alt+T")
        self.test.setAutoDefault(False)
        self.buttons.insertWidget(0, self.test)
        self.outcome = label("", wrap=True)
        self.outcome.hide()
        self.body.addWidget(self.outcome)
        self.test.clicked.connect(self._test)
        self.browse.clicked.connect(self._pick)
        self.tls.currentIndexChanged.connect(self._tls_changed)
        self._tls_changed()
        self._fix()

    def server(self) -> Server:
        """What is filled in. Raises Invalid beside its field."""
        hosts = self.hosts.text().strip()
        if not hosts:
            raise Invalid("请填主机", "例如 db1 或 10.0.0.5；两台用逗号隔开", "hosts")
        if not self.database.text().strip():
            raise Invalid("请填数据库名", "一般是 hotline", "database")
        try:
            found = hosts_of(hosts)
        except Invalid as error:
            raise Invalid(error.text, error.hint, "hosts") from error
        port = self.port.text().strip()
        if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise Invalid("端口不对", "应为 1 至 65535 的数字，一般是 5432", "port")
        if port:
            found = tuple((h, int(port) if p == PORT else p) for h, p in found)
        before = self._service.server
        return Server(
            found,
            self.database.text().strip(),
            str(self.tls.currentData()),
            self.certificate.text().strip() if self._checks else "",
            before.session if before else "",
            before.others if before else (),
        )

    @Slot()
    def try_accept(self) -> None:
        self.fields.clear_errors()
        try:
            server = self.server()
        except Invalid as error:
            self.fields.show_errors(error)
            return
        self.chosen.emit(server)
        self.accept()

    def _inputs(self) -> None:
        self.hosts, self.port, self.database = QLineEdit(), QLineEdit(), QLineEdit()
        self.port.setPlaceholderText(str(PORT))
        self.tls, self.certificate = QComboBox(), QLineEdit()
        for mode, words in TLS_NAMES.items():
            self.tls.addItem(words, mode)
        self.browse = KeyButton(self.tr("浏览…"))
        self.browse.setAutoDefault(False)
        picker = row(self.certificate, self.browse)
        hosts = Field(self.tr("主机"), self.hosts, "hosts", self.tr("主备两台用逗号隔开"))
        port = Field(self.tr("端口"), self.port, "port")
        port.setFixedWidth(110)
        database = Field(self.tr("数据库"), self.database, "database")
        tls = Field(self.tr("加密"), self.tls, "tls")
        picker.setFocusProxy(self.certificate)
        root = Field(self.tr("根证书文件"), picker, "certificate", self.tr("管理员给的 .crt 文件"))
        self.certificate.setAccessibleName(self.tr("根证书文件"))
        self.fields = Fields(hosts, port, database, tls, root)
        line = row(hosts, port, spacing=12)
        for part in (line, database, tls, root):
            self.body.addWidget(part)

    def _fill(self, server: Server | None) -> None:
        if server is None:
            self.database.setText("hotline")
            return
        same = {port for _host, port in server.hosts}
        one = len(same) == 1
        words = [host if one or port == PORT else f"{host}:{port}" for host, port in server.hosts]
        self.hosts.setText(",".join(words))
        self.port.setText(str(same.pop()) if one else "")
        self.database.setText(server.database)
        self.tls.setCurrentIndex(self.tls.findData(server.tls))
        self.certificate.setText(server.root_certificate)

    def _fix(self) -> None:
        for part in (self.hosts, self.port, self.database, self.tls, self.certificate, self.browse):
            part.setEnabled(part.isEnabled() and not self._fixed)
        self.accept_button.setVisible(not self._fixed)
        if self._fixed:
            self.cancel_button.set_words(self.tr("关闭"))

    @property
    def _checks(self) -> bool:
        return str(self.tls.currentData()).startswith("verify")

    @Slot()
    def _tls_changed(self) -> None:
        for part in (self.certificate, self.browse):
            part.setEnabled(self._checks and not self._fixed)

    @Slot()
    def _test(self) -> None:
        self.fields.clear_errors()
        try:
            server = self._service.server if self._fixed else self.server()
        except Invalid as error:
            self.fields.show_errors(error)
            return
        if server is None:
            return
        self.test.setEnabled(False)
        self._say(self.tr("正在连接…"), Tone.MUTED)
        work = partial(self._service.probe, server, self._login)
        self._jobs.read(self, work, self._answered, self._failed, key="probe")

    def _answered(self, sentence: str) -> None:
        self.test.setEnabled(True)
        self._say(f"✓ {sentence}", Tone.OK)

    def _failed(self, error: Exception) -> None:
        self.test.setEnabled(True)
        if isinstance(error, UserError):
            self._say(f"✗ {error.sentence}", Tone.BAD)
        else:
            self.outcome.hide()
            self._jobs.unhandled.emit(error)

    def _say(self, sentence: str, tone: Tone) -> None:
        self.outcome.setText(sentence)
        mark(self.outcome, tone=tone)
        self.outcome.show()

    @Slot()
    def _pick(self) -> None:
        words = self.tr("证书 (*.crt *.pem *.cer);;所有文件 (*)")
        file, _kind = QFileDialog.getOpenFileName(self, self.tr("根证书文件"), "", words)
        if file:
            self.certificate.setText(file)
