"""Composition root: the only module that knows every layer. Builds windows, desks and lanes and lets them run."""

import locale
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QObject, QTimer, QTranslator, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from console.desks import Desks
from console.domain.changes import Changed
from console.domain.errors import UserError
from console.domain.masking import mask_text
from console.domain.roles import WORKPLACES, Operator, Role, Workplace
from console.faults import Faults
from console.frame import Frame
from console.garbage import GarbageKeeper
from console.jobs import Jobs, StallMeter
from console.ledger import open_seat
from console.rounds import Rounds
from console.services.drafts import Drafts
from console.services.intake import Intake
from console.settings import THEME, Settings, data_folder
from console.telephone import Telephone
from console.theme import Scheme, Theme, Tone
from console.views.main_window import MainWindow
from console.views.sign_in import SignIn
from db.engine import open_database

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
    ) -> None:
        super().__init__(app)
        self.jobs, self.settings, self._demo = Jobs(self), settings, demo
        self.database = open_database(url)
        self.seat = open_seat(self.database)
        self.desks = Desks(self.seat, folder)
        self.theme = Theme(app, Scheme(settings.get(THEME)))
        self.telephone = Telephone(phone_suffix, self)
        self.rounds = Rounds(self.jobs, self.seat, self)
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
        self.sign_in = SignIn(self.desks.reception, self.jobs, self._demo)
        self.sign_in.signed_in.connect(self.open_window)
        self.sign_in.show()

    @Slot(object)
    def open_window(self, operator: Operator) -> None:
        """The window of this operator; the sign-in goes."""
        if self._demo:
            self.desks.reception.sit_as(operator)
        self.shut_window()
        pages = self._pages(operator)
        self.window = MainWindow(operator, pages, self.settings, self.seat.training)
        self.frame = Frame(self.window, self.desks, self.jobs, self.theme)
        self.telephone.rang.connect(self.frame.ring)
        self.frame.left.connect(self.change_person)
        self.rounds.clock_looked.connect(self.window.status.show_clock)
        self.rounds.begin(operator)
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

    @Slot()
    def change_person(self) -> None:
        """Somebody else wants to sit here; what was typed is in the journal."""
        self.desks.reception.sign_out()
        self.start()
        self.shut_window()

    def shut_window(self) -> None:
        """Close the window of the person before; what was typed there is in the journal."""
        if self.window is None or self.frame is None:
            return
        self.telephone.rang.disconnect(self.frame.ring)
        self.rounds.clock_looked.disconnect(self.window.status.show_clock)
        self.rounds.end()
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
        if changed.topics & Intake.HEARD:
            self.jobs.on_lane(WARMING, self, partial(self.desks.intake.heard, changed))

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
        self.rounds.stop()
        self._leave()
        self.jobs.close()
        self.database.close()

    def _pages(self, operator: Operator) -> dict[Workplace, QWidget]:
        makers: dict[Workplace, Callable[[], QWidget]] = {
            Workplace.INTAKE: self._intake,
            Workplace.ORDERS: self._orders,
            Workplace.DISPATCH: self._dispatch,
            Workplace.INBOX: self._inbox,
            Workplace.CALLBACK: self._callback,
            Workplace.SUPERVISION: self._supervision,
            Workplace.LINKAGE: self._linkage,
            Workplace.REPORTS: self._reports,
        }
        wanted = WORKPLACES[operator.role]
        return {place: makers[place]() for place in wanted if place in makers}

    # Pages are imported where they are made: an agent's start does not pay for the clerk's report desk.

    def _intake(self) -> QWidget:
        from console.views.intake.page import IntakePage

        self._drafts = self.desks.open_drafts(self.seat.operator)
        return IntakePage(self.jobs, self.desks.intake, self._drafts)

    def _orders(self) -> QWidget:
        from console.views.orders import OrdersPage

        role = self.seat.operator.role
        return OrdersPage(self.jobs, self.desks.orders, self.settings, self.desks, role)

    def _dispatch(self) -> QWidget:
        from console.views.dispatch.dispatch_page import DispatchPage

        desks = self.desks
        return DispatchPage(
            self.jobs, desks.dispatching, desks.reviewing, desks.deciding, desks.orders
        )

    def _inbox(self) -> QWidget:
        from console.views.inbox import Beside, InboxPage

        desks = self.desks
        beside = Beside(
            verifying=desks.verifying,
            reporting=desks.reporting,
            promises=desks.promises,
            supervising=getattr(desks, "supervising", None),
            deciding=desks.deciding,
        )
        return InboxPage(self.jobs, desks.handling, desks.orders, beside=beside)

    def _callback(self) -> QWidget:
        from console.views.callback.callback_page import CallbackPage

        return CallbackPage(self.jobs, self.desks.callbacks, self.desks.orders)

    def _linkage(self) -> QWidget:
        from console.views.linkage import LinkagePage

        return LinkagePage(self.jobs, self.desks.linkage, self.desks.orders)

    def _supervision(self) -> QWidget:
        from console.views.supervision import SupervisionPage

        role = self.seat.operator.role
        return SupervisionPage(self.jobs, self.desks.supervising, self.desks.orders, role)

    def _reports(self) -> QWidget:
        from console.views.reports.page import ReportsPage

        sheets = self.desks.sheets if self.desks.sheets.allowed else None
        return ReportsPage(
            self.jobs, self.desks.reports, self.desks.archiving, self.settings, sheets
        )


def _state_of(drafts: Drafts, agent_no: str) -> tuple[str, bool, int]:
    return agent_no, drafts.insecure, len(drafts.set_aside)


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


def open_console(url: str, demo: bool = False) -> int:
    """Run the console until its last window is closed; the exit code."""
    app = make_application(sys.argv[:1])
    faults = Faults(mask=mask_text)
    faults.install()
    console = Console(app, url, demo, Settings(), data_folder())
    console.jobs.unhandled.connect(faults.report)
    keeper, meter = GarbageKeeper(app), StallMeter(app, watch=bool(os.environ.get("CONSOLE_DEBUG")))
    app.aboutToQuit.connect(keeper.stop)
    app.aboutToQuit.connect(meter.stop)
    console.start()
    return app.exec()
