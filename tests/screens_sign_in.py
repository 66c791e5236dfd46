"""The sign-in page of a city on a server, its connection panel, and the password dialog."""

from PySide6.QtWidgets import QApplication, QWidget

from console.domain.errors import Invalid, Unavailable
from console.domain.server import Server
from console.jobs import Jobs
from console.views.connection import ConnectionPanel
from console.views.password import PasswordDialog
from console.views.sign_in import Links, SignIn
from tests.gallery import FakeSignIn
from tests.screens import register

SERVER = Server(
    (("db1", 5432), ("db2", 5432)), "hotline", "verify-full", "/etc/hotline12345/root.crt"
)


class FakeAdmission(FakeSignIn):
    """A city whose server is set."""

    server: Server | None = SERVER

    def probe(self, server: Server, login: str = "") -> str:
        return f"能连上 {server.words}，已加密，证书和主机名相符"

    def change_password(self, old: str, new: str) -> None:
        raise Invalid("现在的密码不对", field="old")


def _jobs() -> Jobs:
    return Jobs(QApplication.instance())


def sign_in(trouble: Exception | None = None, server: Server | None = SERVER) -> QWidget:
    service = FakeAdmission()
    service.server = server
    page = SignIn(service, _jobs(), links=Links("泊宁市"))
    page.name.setText("0017")
    page.password.setText("12345678")
    if trouble is not None:
        page.fail(trouble)
    return page


def panel(file: str = "", outcome: str = "") -> QWidget:
    made = ConnectionPanel(FakeAdmission(), _jobs(), "0017", file)
    if outcome == "good":
        made._answered("能连上 db1:5432、db2:5432 / hotline，已加密，证书和主机名相符")
    elif outcome == "bad":
        made._failed(
            Unavailable("数据库服务器证书上的名字与所填主机不符", "请按证书上的名字填写主机")
        )
    return made


def password(given: str = "", wrong: bool = False) -> QWidget:
    made = PasswordDialog(FakeAdmission(), _jobs(), given)
    if wrong:
        made._failed(Invalid("现在的密码不对", field="old"))
    return made


register("sign-in-server", sign_in)
register(
    "sign-in-server-away",
    lambda: sign_in(Unavailable("数据库连接中断", "请检查网络，稍后再按登录重试")),
)
register("sign-in-server-none", lambda: sign_in(server=None))
register("connection", lambda: panel(outcome="good"))
register("connection-fixed", lambda: panel("/etc/hotline12345/hotline.toml", "bad"))
register("password", lambda: password(wrong=True))
register("password-given", lambda: password("given-Pass-1"))
