"""Sets the stage for the tour: a fresh demo city, a console, a camera; and collects what it leaves."""

import os
import shutil
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from console.app import Console, make_application
from console.domain.forms import FormKind
from console.domain.roles import WORKPLACES, Role
from console.garbage import GarbageKeeper
from console.jobs import StallMeter
from console.settings import THEME, Settings
from console.theme import Scheme
from console.tour.case import Case
from console.tour.keyboard import Keyboard, Stuck, pause, wait_for
from console.tour.record import Transcript
from console.tour.script import Script
from db.demo.build import build_demo

PAPERS = {
    FormKind.TICKET_FORM: "ticket-form.pdf",
    FormKind.HANDLING_SHEET: "handling-sheet.pdf",
    FormKind.CLOSURE_REPORT: "closure-report.pdf",
}
SIZE = (1440, 900)


class Guide(QObject):
    """Owns the application for as long as the tour lasts."""

    def __init__(self, out: Path, work: Path) -> None:
        self.app = QApplication.instance() or make_application(["tour"])
        super().__init__(self.app)
        self.out, self._work, self._suffix = out, work, f"-tour-{os.getpid()}"
        self._defects: list[Exception] = []
        build_demo(work / "demo.db")
        settings = Settings(work / "settings.json")
        settings.put(THEME, "light")
        self.console = Console(
            self.app, f"sqlite:///{work / 'demo.db'}", True, settings, work / "local", self._suffix
        )
        self.console.jobs.unhandled.connect(self._defect)
        # As in the console itself: collection by the timer, not in the middle of a key.
        self._keeper = GarbageKeeper(self)
        self._meter = StallMeter(self)
        self._transcript = Transcript(out, self._meter)
        self._papers: dict[str, object] = {}
        (out / "screens").mkdir(exist_ok=True)

    def go(self) -> None:
        """The sign-in, the case, the papers, then every workplace in both themes."""
        self.console.start()
        assert self.console.sign_in is not None
        pause(400)
        self._both(self.console.sign_in, "sign-in")
        keyboard = Keyboard(self.console.sign_in)
        case = Case(self.console, keyboard, self._photos())
        Script(case, self._transcript, self.look, self._suffix).run()
        self._print(case)
        self._visit_workplaces(case)
        if self._defects:
            raise Stuck(f"过程中出现缺陷：{type(self._defects[0]).__name__}: {self._defects[0]}")
        self._transcript.write("完成", self._papers)

    def give_up(self, why: str) -> None:
        if self.console.window is not None:
            self.console.window.grab().save(str(self.out / "screens" / "stuck.png"))
        self._transcript.write(f"未完成：{why}", self._papers)

    def close(self) -> None:
        self._meter.stop()
        self._keeper.stop()
        self.console.shut_window()
        self.console.close()

    def summary(self) -> str:
        steps = self._transcript.steps
        keys = sum(step.keys for step in steps)
        worst = max(step.longest_stall_ms for step in steps)
        return f"走完 {len(steps)} 步，{keys} 键，最长停顿 {worst:.0f} 毫秒，结果在 {self.out}"

    def look(self, name: str) -> None:
        """The window as it stands, in both themes."""
        if self.console.window is not None:
            with self._transcript.aside():
                self.console.window.resize(*SIZE)
                self._both(self.console.window, name)

    def _both(self, window: object, name: str) -> None:
        for scheme in (Scheme.DARK, Scheme.LIGHT):
            self.console.theme.choose(scheme)
            pause(120)
            window.grab().save(str(self.out / "screens" / f"{name}-{scheme.value}.png"))  # type: ignore[attr-defined]

    def _print(self, case: Case) -> None:
        """The three papers of the finished case, as the clerk's report desk makes them."""
        case.page.show_ticket(case.ticket_id, FormKind.CLOSURE_REPORT)
        wait_for(lambda: case.page.print_desk.preview.paper.is_complete, "办结报告预览")
        pause(500)
        self.look("reports")
        for form, name in PAPERS.items():
            self._papers[name] = self._paper(case.ticket_id, form, name)

    def _paper(self, ticket_id: int, form: FormKind, name: str) -> dict[str, int]:
        """A numbered, logged copy, as if saved from the report desk."""
        desk = self.console.desks.reports
        document = desk.preview(ticket_id, form).document
        if document.missing:
            raise Stuck(f"{name} 缺字：{document.missing}")
        folder = self._work / "papers"
        folder.mkdir(exist_ok=True)
        written = desk.save((ticket_id,), form, folder)
        shutil.move(written.files[0], self.out / name)
        return {"pages": document.pages, "copy": written.copies[0].copy_no}

    def _visit_workplaces(self, case: Case) -> None:
        """Each role's own view of its workplaces."""
        for role in (Role.AGENT, Role.DISPATCHER, Role.REVISITOR, Role.CLERK, Role.SUPERVISOR):
            window = case.sit(role)
            for place in WORKPLACES[role]:
                if place in window.pages:
                    window.show_place(place)
                    pause(600)
                    self.look(f"{place.value}-{role.value}")

    def _photos(self) -> tuple[Path, Path]:
        """Invented pictures of a street, before and after, drawn here: no real place, no real person."""
        return self._photo("处置前.jpg", stalls=3), self._photo("处置后.jpg", stalls=0)

    def _photo(self, name: str, stalls: int) -> Path:
        image = QImage(960, 720, QImage.Format.Format_RGB32)
        image.fill(QColor("#C9D6DF"))
        painter = QPainter(image)
        painter.fillRect(0, 430, 960, 290, QColor("#7A7F85"))
        painter.fillRect(60, 200, 300, 230, QColor("#E8C9A0"))
        painter.fillRect(600, 160, 300, 270, QColor("#D8B48C"))
        for at in range(stalls):
            painter.fillRect(140 + at * 230, 470, 150, 110, QColor("#A4563F"))
            painter.fillRect(120 + at * 230, 600, 190, 26, QColor("#3A3D40"))
        painter.setFont(QFont("Noto Sans CJK SC", 28))
        painter.drawText(70, 150, f"演示照片（虚构）· {name.removesuffix('.jpg')}")
        painter.end()
        path = self._work / name
        image.save(str(path), "JPG", 88)
        return path

    @Slot(object)
    def _defect(self, error: Exception) -> None:
        self._defects.append(error)
