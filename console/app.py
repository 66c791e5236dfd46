"""Composition root: the only module that knows every layer. Builds windows, desks and lanes and lets them run."""

import locale
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from console.desks import Desks
from console.domain.masking import mask_text
from console.domain.roles import WORKPLACES, Operator, Workplace
from console.faults import Faults
from console.frame import Frame
from console.garbage import GarbageKeeper
from console.jobs import Jobs, StallMeter
from console.ledger import open_seat
from console.settings import THEME, Settings, data_folder
from console.telephone import Telephone
from console.theme import Scheme, Theme
from console.views.main_window import MainWindow
from console.views.sign_in import SignIn
from db.engine import open_database


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
        self.sign_in: SignIn | None = None
        self.window: MainWindow | None = None
        self.frame: Frame | None = None
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
        self.window.show_place(WORKPLACES[operator.role][0])
        self.window.show()
        if self.sign_in is not None:
            self.sign_in.close()
        self.opened.emit(self.window)

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
        self.window.close()
        self.window.deleteLater()
        self.window, self.frame = None, None

    @Slot()
    def close(self) -> None:
        self.telephone.close()
        self.jobs.close()
        self.database.close()

    def _pages(self, operator: Operator) -> dict[Workplace, QWidget]:
        makers: dict[Workplace, Callable[[], QWidget]] = {
            Workplace.INTAKE: self._intake,
            Workplace.ORDERS: self._orders,
            Workplace.DISPATCH: self._dispatch,
            Workplace.INBOX: self._inbox,
            Workplace.CALLBACK: self._callback,
            Workplace.REPORTS: self._reports,
        }
        wanted = WORKPLACES[operator.role]
        return {place: makers[place]() for place in wanted if place in makers}

    # Pages are imported where they are made: an agent's start does not pay for the clerk's report desk.

    def _intake(self) -> QWidget:
        from console.views.intake.page import IntakePage

        return IntakePage(self.jobs, self.desks.intake, self.desks.drafts)

    def _orders(self) -> QWidget:
        from console.views.orders import OrdersPage

        return OrdersPage(self.jobs, self.desks.orders, self.settings)

    def _dispatch(self) -> QWidget:
        from console.views.dispatch.dispatch_page import DispatchPage

        return DispatchPage(
            self.jobs, self.desks.dispatching, self.desks.reviewing, self.desks.orders
        )

    def _inbox(self) -> QWidget:
        from console.views.inbox import InboxPage

        return InboxPage(self.jobs, self.desks.handling, self.desks.orders)

    def _callback(self) -> QWidget:
        from console.views.callback.callback_page import CallbackPage

        return CallbackPage(self.jobs, self.desks.callbacks, self.desks.orders)

    def _reports(self) -> QWidget:
        from console.views.reports.page import ReportsPage

        return ReportsPage(self.jobs, self.desks.reports, self.desks.archiving, self.settings)


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
