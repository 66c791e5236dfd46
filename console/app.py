"""Composition root: the only module that knows every layer. Builds windows, desks and lanes and lets them run."""

import locale
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QObject, Qt, QTimer, QTranslator, Signal, Slot
from PySide6.QtWidgets import QApplication

from console.desks import Desks
from console.domain.changes import Changed
from console.domain.errors import UserError
from console.domain.roles import WORKPLACES, Operator, Role, Workplace
from console.domain.server import Server, for_console, is_postgresql
from console.doubts import Doubts
from console.faults import Faults
from console.frame import Frame
from console.garbage import GarbageKeeper
from console.jobs import Jobs, StallMeter
from console.ledger import Seat, open_seat
from console.ledger.fetching import FOLDER
from console.ledger.private_files import sweep as sweep_private_files
from console.live import Live
from console.pages import PageMaker
from console.rounds import Rounds
from console.services.drafts import Drafts
from console.services.intake import Intake
from console.settings import DATABASE, THEME, Settings, data_folder
from console.settings import Workplace as Machine
from console.telephone import Telephone
from console.theme import Scheme, Theme, Tone
from console.views.main_window import MainWindow
from console.views.password import PasswordDialog
from console.views.sign_in import Links, SignIn
from db.changes import Changes
from db.engine import Database, open_database

if TYPE_CHECKING:
    from console.services.admission import Admission

# The journal's own lane, so that it is closed after its last write; and one for what nobody waits for.
DRAFTS, WARMING = "drafts", "warming"


class Console(QObject):
    """One running console: sign-in, then the window of whoever signed in. `opened(MainWindow)` each time."""

    opened = Signal(object)

    def __init__(
        self,
        app: QApplication,
        url: str,
        demo: bool,
        settings: Settings,
        folder: Path,
        phone_suffix: str = "",
        machine: Machine | None = None,
    ) -> None:
        super().__init__(app)
        self.jobs, self.settings, self._demo = Jobs(self), settings, demo
        self._folder, self._machine = folder, machine or Machine()
        self.theme = Theme(app, Scheme(settings.get(THEME)))
        self.telephone = Telephone(phone_suffix, self)
        self.live = Live(self.jobs, self)
        self.doubts = Doubts(self.jobs, self)
        self.doubts.settled.connect(self._say)
        self.admission: Admission | None = None
        self.database: Database | None = None
        if demo or (url and not is_postgresql(url)):
            self._take(open_seat(open_database(url), self._machine.workstation))
        else:
            self.admission = _admission(url, self._machine.workstation)
        self.sign_in: SignIn | None = None
        self.window: MainWindow | None = None
        self.frame: Frame | None = None
        self._drafts: Drafts | None = None
        self._told: set[tuple[str, str]] = set()
        self.jobs.changed.connect(self._heard)
        app.aboutToQuit.connect(self.close)

    @Slot()
    def start(self) -> None:
        """Show who can sit here."""
        if self.admission is None:
            self.sign_in = SignIn(self.desks.reception, self.jobs, self._demo)
        else:
            place = str(self._machine.source or "")
            self.sign_in = SignIn(self.admission, self.jobs, links=Links(self._machine.city, place))
            self.sign_in.server_chosen.connect(self._use_server)
        self.sign_in.signed_in.connect(self.open_window)
        self.sign_in.show()

    @Slot(object)
    def _use_server(self, server: Server) -> None:
        """Laid down on the sign-in page; where an administrator's file says it, the page does not offer that."""
        if self.admission is not None:
            self.admission.server = server
            self.settings.put(DATABASE, server.text)

    def _take(self, seat: Seat) -> None:
        """Everything that hangs on one way into the database; on PostgreSQL each person has his own."""
        before, self.desks = getattr(self, "desks", None), Desks(seat, self._folder)
        self.seat, self.database = seat, seat.db
        # Before anything runs on it: whoever listens to an engine in use may trip over its users.
        self._changes = Changes(seat.db)
        if before is not None:
            self.desks.inherit(before)
        self.rounds = Rounds(self.jobs, seat, self)
        self.rounds.cut_off.connect(self._say_cut_off)
        self.live.link_shown.connect(self.rounds.look_when_away)

    @Slot()
    def _change_password(self) -> None:
        """One's own; whoever must change it at the sign-in has the same dialog there."""
        if self.window is None:
            return
        dialog = PasswordDialog(
            self.admission or self.desks.reception, self.jobs, parent=self.window
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._password_changed)
        dialog.open()

    @Slot()
    def _password_changed(self) -> None:
        if self.admission is not None:
            self.database, self._changes = self.seat.db, Changes(self.seat.db)
            self.live.begin(self._changes.run, self._changes.nudge)
            self.rounds.ask(self.database)
        if self.window is not None:
            self.window.message.say(self.tr("密码已修改，下次用新密码登录。"), Tone.OK)

    @Slot(str, object)
    def _say(self, words: str, tone: Tone) -> None:
        if self.window is not None:
            self.window.message.say(words, tone)

    @Slot(object)
    def _say_cut_off(self, error: UserError) -> None:
        """The strip stays until somebody leaves; page and form keep what was typed, and so does the journal."""
        if self.window is not None:
            self.window.message.say_error(error)

    @Slot(object)
    def open_window(self, operator: Operator) -> None:
        """The window of this operator; the sign-in goes."""
        if self._demo:
            self.desks.reception.sit_as(operator)
        self.shut_window()
        if self.admission is not None and self.admission.seat is not None:
            self._take(self.admission.seat)
        if Workplace.INTAKE in WORKPLACES[operator.role]:
            self._drafts = self.desks.open_drafts(self.seat.operator)
        pages = PageMaker(operator.role, self.jobs, self.desks, self.settings, self._drafts).make()
        self.window = MainWindow(operator, pages, self.settings, self.seat.training)
        self.frame = Frame(self.window, self.desks, self.jobs, self.theme)
        self.telephone.rang.connect(self.frame.ring)
        self.frame.left.connect(self.change_person)
        self.frame.password_wanted.connect(self._change_password)
        self.rounds.clock_looked.connect(self.window.status.show_clock)
        self.rounds.begin(operator)
        self._listen(self.window, self.frame)
        self.window.show_place(WORKPLACES[operator.role][0])
        self.window.show()
        if self.sign_in is not None:
            self.sign_in.close()
            self.sign_in.deleteLater()
            self.sign_in = None
        self.opened.emit(self.window)
        self._look_at_drafts(operator)
        # After the first paint: whoever sits down must not wait for what only typing needs.
        QTimer.singleShot(0, self._warm)

    def _listen(self, window: MainWindow, frame: Frame) -> None:
        """Before the pages read their lists: what changes meanwhile is not lost."""
        self.live.link_shown.connect(window.call_bar.show_connection)
        self.live.link_shown.connect(window.status.show_link)
        self.live.back.connect(frame.send_waiting)
        window.call_bar.retry_connection.connect(self.live.retry)
        self.live.begin(self._changes.run, self._changes.nudge)

    @Slot()
    def change_person(self) -> None:
        """Somebody else wants to sit here; what was typed is in the journal."""
        leave = self.admission.leave if self.admission else self.desks.reception.sign_out
        close = leave()
        self.start()
        self.shut_window()
        # Films this person had a player open: the next one at this desk does not find them.
        self.jobs.on_lane(WARMING, self, FOLDER.close)
        if close is not None:
            # Behind the last write of this person: his connections are nobody else's.
            self.database = None
            self.rounds.deleteLater()
            self.jobs.write(self, close)

    def shut_window(self) -> None:
        """Close the window of the person before; what was typed there is in the journal."""
        if self.window is None or self.frame is None:
            return
        self.telephone.rang.disconnect(self.frame.ring)
        self.rounds.clock_looked.disconnect(self.window.status.show_clock)
        self.rounds.end()
        self.live.end()
        self.live.link_shown.disconnect(self.window.call_bar.show_connection)
        self.live.link_shown.disconnect(self.window.status.show_link)
        self.live.back.disconnect(self.frame.send_waiting)
        self._leave()
        self.window.close()
        self.window.deleteLater()
        self.window, self.frame = None, None

    def _leave(self) -> None:
        """What was typed a moment ago is kept, then the journal ends cleanly, in this order on its lane."""
        if self.frame is not None:
            self.frame.keep_typed()
        drafts, self._drafts = self._drafts, None
        if drafts is not None:
            self.jobs.on_lane(DRAFTS, self, drafts.close)

    @Slot(object)
    def _heard(self, changed: Changed) -> None:
        """Off the GUI thread: forgetting waits for whoever is just reading anew."""
        if changed.topics & Intake.HEARD and self.window is not None:
            self.jobs.on_lane(WARMING, self, partial(self.desks.intake.heard, changed))
            self.jobs.on_lane(WARMING, self, partial(self.desks.mapping.heard, changed))

    @Slot()
    def _warm(self) -> None:
        if self.window is None:
            return
        if Workplace.INTAKE in self.window.pages:
            self.jobs.on_lane(WARMING, self, self.desks.intake.warm, None, self._not_warmed)
        if self.window.operator.role is Role.CLERK:
            self.jobs.on_lane(WARMING, self, self.desks.paper.warm, None, self._not_warmed)

    def _not_warmed(self, error: Exception) -> None:
        """Whoever needs it first is told; only a defect is said now."""
        if not isinstance(error, UserError):
            self.jobs.unhandled.emit(error)

    def _look_at_drafts(self, operator: Operator) -> None:
        """Queued behind the page's own first look, which finds what cannot be read."""
        if self._drafts is not None:
            work = partial(_state_of, self._drafts, operator.agent_no)
            self.jobs.on_lane(DRAFTS, self, work, self._tell_of_drafts)

    def _tell_of_drafts(self, found: tuple[str, bool, int]) -> None:
        """Each once: a journal without a vault, and files that could not be read."""
        agent_no, insecure, aside = found
        sentences = {
            "insecure": self.tr(
                "本机没有可用的系统密钥库，草稿密钥存在只有您能读取的文件里，请告知管理员。"
            )
            if insecure and not self.seat.demo
            else "",
            "aside": self.tr("有 {0} 份草稿打不开，原文件都还留在本机，请告知管理员。").format(
                aside
            )
            if aside
            else "",
        }
        new = [key for key, text in sentences.items() if text and (agent_no, key) not in self._told]
        self._told |= {(agent_no, key) for key in new}
        if new and self.window is not None and self.window.operator.agent_no == agent_no:
            self.window.message.say(" ".join(sentences[key] for key in new), Tone.WARN)

    @Slot()
    def close(self) -> None:
        self.telephone.close()
        if self.database is not None:
            self.rounds.stop()
        self._leave()
        self.jobs.close()
        FOLDER.close()
        if self.database is not None:
            self.database.close()
        if self.admission is not None:
            self.admission.leave()()


def _state_of(drafts: Drafts, agent_no: str) -> tuple[str, bool, int]:
    return agent_no, drafts.insecure, len(drafts.set_aside)


def _admission(url: str, workstation: str) -> "Admission":
    """Imported here: the demo on SQLite does not pay for the driver."""
    from console.services.admission import Admission
    from console.services.vault import Vault

    return Admission(for_console(url) if url else None, Vault(), workstation)


def make_application(arguments: list[str]) -> QApplication:
    """The Qt application with Chinese standard buttons. A screenless Linux machine gets the offscreen platform."""
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication(arguments)
    app.setApplicationName("12345热线工作台")
    # SAPI and C libraries must not read figures with a comma for a point.
    locale.setlocale(locale.LC_NUMERIC, "C")
    translator = QTranslator(app)
    if translator.load(
        "qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        app.installTranslator(translator)
    return app


def open_console(url: str, demo: bool = False, machine: Machine | None = None) -> int:
    """Run the console until its last window is closed; the exit code."""
    app = make_application(sys.argv[:1])
    faults = Faults()
    faults.install()
    console = Console(app, url, demo, Settings(), data_folder(), machine=machine)
    console.jobs.unhandled.connect(faults.report)
    keeper, meter = GarbageKeeper(app), StallMeter(app, watch=bool(os.environ.get("CONSOLE_DEBUG")))
    app.aboutToQuit.connect(keeper.stop)
    app.aboutToQuit.connect(meter.stop)
    console.start()
    # What a console that was killed left of citizens' files.
    console.jobs.on_lane(WARMING, console, sweep_private_files)
    return app.exec()
