"""A real console signing in to a real server: TLS, passwords checked, each person with a login of his own."""

import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QApplication

from console.actions import ActionId
from console.app import Console
from console.services.accounts import Accounts
from console.settings import Settings, Workplace
from console.views.password import PasswordDialog
from db.engine import open_database
from db.setup import guard, settle_keys, upgrade
from tests.flows.conftest import sweep
from tests.strict_server import Strict, strict_server
from tests.world import fill_world

WORD, OTHER = "first-Pass-1", "other-Pass-2"
DISPATCHER, INSPECTOR, OVERSEER = "0031", "i001", "0051"


class MemoryVault:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def drop(self, name: str) -> None:
        self.kept.pop(name, None)


class Desk:
    """A console at its sign-in page, and the owner's hand beside it."""

    def __init__(self, strict: Strict, folder, url: str, machine: Workplace | None = None) -> None:
        app = QApplication.instance()
        settings = Settings(folder / "s.json")
        self.strict, self.settings = strict, settings
        self.console = Console(app, url, False, settings, folder, folder.name, machine)
        self.vault = MemoryVault()
        self.console.admission._vault = self.vault
        self.faults: list[Exception] = []
        self.console.jobs.unhandled.connect(self._fault)
        self.console.start()

    def _fault(self, error: Exception) -> None:
        traceback.print_exception(error)
        self.faults.append(error)

    @property
    def page(self):
        return self.console.sign_in

    def type(self, name: str, password: str) -> None:
        self.page.name.setText(name)
        self.page.password.setText(password)
        self.page.enter.click()

    def refused(self, qtbot) -> str:
        field = self.page.fields["password"]
        qtbot.waitUntil(lambda: field.has_error and self.page.enter.isEnabled(), timeout=15_000)
        return field.error.text()

    def sessions(self, login: str) -> int:
        with self.strict.superuser() as raw:
            query = "select count(*) from pg_stat_activity where usename = %s"
            return raw.execute(query, (f"hl_{login}",)).fetchone()[0]


@pytest.fixture(scope="module")
def strict() -> Iterator[Strict]:
    with strict_server() as server:
        url = server.make_database("city")
        upgrade(url)
        database = open_database(url)
        fill_world(database)
        with database.writing.begin() as session:
            settle_keys(session)
        guard(url)
        accounts = Accounts(database)
        list(accounts.grant_all(lambda: WORD))
        accounts.add("0052", "周催", "overseer", "990101", WORD)
        database.close()
        yield server


@pytest.fixture
def accounts(strict: Strict) -> Iterator[Accounts]:
    database = open_database(strict.owner_url("city"))
    yield Accounts(database)
    database.close()


@pytest.fixture
def desk(qtbot, strict: Strict, tmp_path) -> Iterator[Desk]:
    made = Desk(strict, tmp_path / "home", strict.server("city").text)
    yield made
    _leave(qtbot, made)


def _leave(qtbot, made: Desk) -> None:
    """Nothing of it stays, and nothing of it was a defect."""
    qtbot.waitUntil(lambda: not made.console.jobs.is_busy, timeout=30_000)
    if made.page is not None:
        made.page.close()
    made.console.shut_window()
    made.console.close()
    made.console.deleteLater()
    sweep()
    assert made.faults == []


def test_before_somebody_signs_in_there_is_no_connection(desk: Desk, strict: Strict) -> None:
    assert desk.console.database is None
    with strict.superuser() as raw:
        query = "select count(*) from pg_stat_activity where usename like 'hl\\_%'"
        assert raw.execute(query).fetchone() == (0,)


def test_in_with_ones_own_login_and_on_the_record(qtbot, desk: Desk, strict: Strict) -> None:
    desk.page.remember.setChecked(True)
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type("I001", WORD)
    assert desk.console.window.operator.agent_no == "I001"
    assert desk.console.database.guarded
    assert desk.sessions(INSPECTOR) >= 1
    assert WORD in desk.vault.kept.values()
    assert WORD not in desk.settings._path.read_text() if desk.settings._path.exists() else True
    with strict.superuser("city") as raw:
        line = raw.execute("select account_id, state from attendance order by id desc").fetchone()
    assert line == (13, "signed_in")


def test_the_wrong_password_is_said_as_everywhere_and_the_name_stays(qtbot, desk: Desk) -> None:
    desk.type(INSPECTOR, "wrong-Pass-9")
    assert desk.refused(qtbot) == "账号或密码不对，请核对后重试"
    assert desk.page.name.text() == INSPECTOR
    desk.type("nobody", "wrong-Pass-9")
    assert desk.refused(qtbot) == "账号或密码不对，请核对后重试", (
        "who is not known is told nothing else"
    )


def test_whoever_errs_again_and_again_has_to_wait(qtbot, desk: Desk) -> None:
    for _ in range(5):
        desk.type(OVERSEER, "wrong-Pass-9")
        said = desk.refused(qtbot)
    assert "30 秒后再试" in said
    desk.type(OVERSEER, WORD)
    assert "连续输错密码" in desk.refused(qtbot)
    desk.console.admission._clock = lambda: 1e12
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type(OVERSEER, WORD)


def test_disabled_and_expired_are_said(qtbot, desk: Desk, accounts: Accounts) -> None:
    accounts.disable("0041")
    desk.type("0041", WORD)
    assert desk.refused(qtbot) == "此账号已停用，请联系系统管理员"
    accounts.enable("0041")
    yesterday = datetime.now(UTC).date() - timedelta(days=2)
    accounts.expire("0041", yesterday)
    desk.type("0041", WORD)
    assert desk.refused(qtbot) == "此账号已停用，请联系系统管理员"


def test_a_server_that_is_away_is_not_a_wrong_password(qtbot, desk: Desk, strict: Strict) -> None:
    strict.stop()
    try:
        desk.type(INSPECTOR, WORD)
        assert desk.refused(qtbot) == "数据库连接中断，请检查网络，稍后再按登录重试"
        assert desk.page.password.text() == WORD
    finally:
        strict.start()
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.page.enter.click()


def test_without_trusted_tls_no_password_leaves_the_machine(qtbot, strict, tmp_path) -> None:
    if not strict.tls:
        pytest.skip("this server speaks no TLS")
    wrong = Desk(strict, tmp_path / "a", strict.server("city", host="127.0.0.1").text)
    wrong.type(INSPECTOR, WORD)
    assert "证书上的名字与所填主机不符" in wrong.refused(qtbot)
    _leave(qtbot, wrong)
    plain = Desk(strict, tmp_path / "b", strict.server("city", "disable").text)
    plain.type(INSPECTOR, WORD)
    assert "不接受本机的连接" in plain.refused(qtbot)
    _leave(qtbot, plain)


def test_another_person_comes_with_connections_of_his_own(qtbot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type(INSPECTOR, WORD)
    qtbot.waitUntil(lambda: not desk.console.jobs.is_busy, timeout=20_000)
    before = desk.console.database
    desk.console.window.wanted.emit(ActionId.SIGN_OUT)
    qtbot.waitUntil(lambda: desk.sessions(INSPECTOR) == 0, timeout=20_000)
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type(OVERSEER, WORD)
    assert desk.console.database is not before
    assert desk.console.window.operator.agent_no == "0051"
    assert desk.sessions(OVERSEER) >= 1
    assert desk.sessions(INSPECTOR) == 0


def test_disabled_while_signed_in_is_cut_off_at_once_and_said(qtbot, desk, accounts) -> None:
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type(DISPATCHER, WORD)
    console = desk.console
    qtbot.waitUntil(lambda: not console.jobs.is_busy, timeout=20_000)
    console.window.call_bar.find.setText("泊宁路灯")
    accounts.disable(DISPATCHER)
    assert desk.sessions(DISPATCHER) == 0
    said = console.window.message.sentence
    qtbot.waitUntil(lambda: "此账号已停用" in said.text(), timeout=20_000)
    assert console.window.isVisible()
    assert console.window.call_bar.find.text() == "泊宁路灯", "what was typed stays"
    accounts.enable(DISPATCHER)


def test_a_given_password_is_changed_before_anything_opens(qtbot, desk: Desk) -> None:
    desk.type("0052", WORD)
    qtbot.waitUntil(lambda: desk.page._password_dialog is not None, timeout=20_000)
    dialog: PasswordDialog = desk.page._password_dialog
    assert desk.console.window is None
    dialog.new.setText(OTHER)
    dialog.again.setText("something-Else-3")
    dialog.try_accept()
    assert dialog.fields["again"].error.text() == "两次输入的新密码不同。"
    dialog.again.setText(OTHER)
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        dialog.try_accept()
    # A new connection comes with the new word, and the next sign-in is not asked again.
    desk.console.database.close()
    with desk.console.database.reading() as session:
        session.connection()
    desk.console.window.wanted.emit(ActionId.SIGN_OUT)
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type("0052", OTHER)


def test_ones_own_password_from_the_window(qtbot, desk: Desk, strict: Strict) -> None:
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type(DISPATCHER, WORD)
    desk.console.window.wanted.emit(ActionId.CHANGE_PASSWORD)
    dialog = desk.console.window.findChild(PasswordDialog)
    dialog.old.setText("wrong-Pass-9")
    dialog.new.setText(OTHER)
    dialog.again.setText(OTHER)
    dialog.try_accept()
    field = dialog.fields["old"]
    qtbot.waitUntil(lambda: field.has_error, timeout=20_000)
    assert field.error.text() == "现在的密码不对"
    dialog.old.setText(WORD)
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        dialog.try_accept()
    assert "密码已修改" in desk.console.window.message.sentence.text()
    with strict.superuser("city") as raw:
        line = raw.execute("select action, subject_key from audit_entry order by id desc limit 1")
        assert line.fetchone() == ("change_password", DISPATCHER)


def test_a_workstation_without_a_server_is_told_one_on_the_page(qtbot, strict, tmp_path) -> None:
    desk = Desk(strict, tmp_path / "home", "")
    desk.type(INSPECTOR, WORD)
    assert desk.refused(qtbot) == "还没有设置数据库服务器，请先在连接设置里填写"
    desk.page.open_connection()
    panel, server = desk.page._panel, strict.server("city")
    panel.hosts.setText("localhost")
    panel.port.setText("70000")
    panel.try_accept()
    assert panel.fields["port"].has_error
    panel.port.setText(str(server.hosts[0][1]))
    panel.database.setText("city")
    panel.tls.setCurrentIndex(panel.tls.findData(server.tls))
    panel.certificate.setText(server.root_certificate)
    panel.test.click()
    qtbot.waitUntil(lambda: panel.outcome.text().startswith("✓"), timeout=20_000)
    panel.try_accept()
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type(INSPECTOR, WORD)
    stored = desk.settings._path.read_text()
    assert "localhost" in stored
    assert WORD not in stored
    _leave(qtbot, desk)


def test_what_an_administrator_laid_down_is_only_looked_at(qtbot, strict, tmp_path) -> None:
    file = tmp_path / "hotline.toml"
    machine = Workplace(strict.server("city").text, "泊宁市", "3号席", {}, file)
    desk = Desk(strict, tmp_path / "home", machine.server, machine)
    desk.page.open_connection()
    panel = desk.page._panel
    assert not panel.hosts.isEnabled()
    assert panel.accept_button.isHidden()
    panel.reject()
    with qtbot.waitSignal(desk.console.opened, timeout=20_000):
        desk.type(INSPECTOR, WORD)
    assert desk.console.seat.workstation == "3号席"
    _leave(qtbot, desk)
