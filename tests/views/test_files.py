"""Files in the windows: how far they are, a way to stop them; pictures looked into, films handed over once proved."""

import io
import threading
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDesktopServices, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from console.domain.errors import NotAllowed
from console.domain.inbox import InboxTab
from console.domain.roles import Role
from console.ledger import uploads
from console.services.orders import Orders
from console.views.cases import picture_canvas
from console.views.cases.attachments import AttachmentStrip
from console.views.cases.file_viewer import FileViewer
from console.views.cases.pictures import decoded
from db.models import Attachment, AuditEntry, FilePiece, Upload
from tests.journeys import STREET
from tests.services.test_uploads import FILM, bomb, photo
from tests.services.test_uploads import film as film_file
from tests.units import picture
from tests.units import rows as table_rows
from tests.views.inbox_desk import (  # noqa: F401 - fixtures among them
    contacted,
    desk_fixture,
    jobs_fixture,
    street_fixture,
)
from tests.world import seat_for


@pytest.fixture
def slow_line(monkeypatch):
    """Every megabyte waits until it is let through."""
    through, real = threading.Event(), uploads._put
    through.asked = threading.Event()

    def put(*args) -> None:
        through.asked.set()
        through.wait(10)
        real(*args)

    monkeypatch.setattr(uploads, "_put", put)
    return through


def colourful(size: tuple[int, int] = (320, 200), colour: str = "teal") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def viewer(world, qtbot, jobs, street, tmp_path):
    """Two pictures, a film, a paper and a card on one work order, the viewer open at the first."""
    windows = []

    def make(at: int = 0, role: Role = Role.STREET_DESK, saves: bool = True) -> FileViewer:
        if not table_rows(world, Attachment):
            ticket_id = contacted(world, street)
            street.attach(ticket_id, "before", picture(tmp_path, "before.png", colourful()))
            street.attach(ticket_id, "after", picture(tmp_path, "after.jpg", photo()))
            street.attach(ticket_id, "handling", film_file(tmp_path))
            street.attach(ticket_id, "handling", picture(tmp_path, "a.docx", _paper()))
            street.attach(ticket_id, "identity", picture(tmp_path, "card.png", colourful((64, 40))))
        orders = Orders(seat_for(world, role, STREET if role is Role.STREET_DESK else None))
        window = QWidget()
        window.resize(1100, 800)
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        lines = orders.open(table_rows(world, Attachment)[0].ticket_id).case.attachments
        made = FileViewer(jobs, orders, lines, at, street if saves else None, window)
        made.open()
        qtbot.waitUntil(made.isActiveWindow)
        return made

    yield make
    for window in windows:
        window.close()


def _paper() -> bytes:
    from tests.services.test_evidence import office

    return office("[Content_Types].xml", "word/document.xml")


def key(qtbot, dialog, which, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(dialog.canvas if dialog.canvas.isVisible() else dialog, which, modifier)


# --- on the way in


def test_a_film_under_way_says_how_far_it_is_and_can_be_stopped_and_goes_on_later(
    world, desk, street, tmp_path, slow_line
) -> None:
    contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+O")
    at.until(lambda: at.panel is not None and at.panel.name == "attach")
    zone = at.panel.evidence.zones["handling"]
    zone.add([film_file(tmp_path)])
    at.until(lambda: zone.sending.isVisible() and "50%" in zone.sending.words.text())
    assert "正在添加 现场.mp4" in zone.sending.words.text()
    at.until(slow_line.asked.is_set)
    at.bot.mouseClick(zone.sending.stop_button, Qt.MouseButton.LeftButton)
    assert zone.sending.words.text() == "正在停止…"
    slow_line.set()
    at.until(lambda: not zone.sending.isVisible())
    at.until(lambda: any("已停止添加" in words for words in at.said))
    assert zone.count == 0
    assert not table_rows(world, Attachment)
    assert len(table_rows(world, Upload)) == 1
    with world.reading() as session:
        assert session.query(FilePiece).count() == 4, "the megabyte in hand has arrived"
    zone.add([film_file(tmp_path)])
    at.until(lambda: zone.count == 1)
    assert not zone.error.isVisible()
    assert not zone.sending.is_busy


def test_two_files_at_once_are_counted(world, desk, street, tmp_path, slow_line) -> None:
    contacted(world, street)
    at = desk(InboxTab.IN_HAND)
    at.ready("回复办结")
    at.key("Ctrl+O")
    at.until(lambda: at.panel is not None and at.panel.name == "attach")
    zone = at.panel.evidence.zones["after"]
    zone.add(
        [picture(tmp_path, "one.png", colourful()), picture(tmp_path, "two.png", colourful((9, 9)))]
    )
    at.until(lambda: "还有 1 个" in zone.sending.words.text())
    slow_line.set()
    at.until(lambda: zone.count == 2 and not zone.sending.isVisible())


# --- looking


def test_pictures_are_turned_over_by_keys(viewer, qtbot) -> None:
    at = viewer()
    qtbot.waitUntil(lambda: at.canvas.has_picture)
    assert at.title.text() == "before.png"
    assert at.hint.text().startswith("1 / 5　处置前照片　王街 S101")
    assert not at.before.isEnabled()
    key(qtbot, at, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: at.canvas.has_picture and at.title.text() == "after.jpg")
    assert at.canvas._picture.size().height() > at.canvas._picture.size().width(), "right way up"
    key(qtbot, at, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: at.canvas.has_picture and at.title.text() == "before.png")
    assert not at.bar.isVisible()


def test_a_picture_is_zoomed_turned_and_moved(viewer, qtbot) -> None:
    at = viewer()
    qtbot.waitUntil(lambda: at.canvas.has_picture)
    assert at.canvas.percent == 100
    key(qtbot, at, Qt.Key.Key_Plus)
    assert at.canvas.percent == 125
    key(qtbot, at, Qt.Key.Key_Minus)
    key(qtbot, at, Qt.Key.Key_Minus)
    assert at.canvas.percent == 80
    key(qtbot, at, Qt.Key.Key_0)
    assert at.canvas.percent == 100
    key(qtbot, at, Qt.Key.Key_R)
    assert at.canvas.turned == 90
    key(qtbot, at, Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert at.canvas.turned == 0
    middle = QPointF(at.canvas.rect().center())
    for _ in range(30):
        QApplication.sendEvent(at.canvas, QWheelEvent(
            middle, at.canvas.mapToGlobal(middle), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ))  # fmt: skip
    assert at.canvas.scale == picture_canvas.MOST
    at.canvas.move_by(QPointF(1e6, 1e6))
    assert at.canvas._middle.x() <= 320 * picture_canvas.MOST / 2, "never out of sight"
    key(qtbot, at, Qt.Key.Key_1)
    assert at.canvas.percent == 100


def test_nothing_of_a_picture_stays_on_the_disk(viewer, qtbot, tmp_path, monkeypatch) -> None:
    from console.ledger import fetching
    from console.ledger.private_files import MARK, PrivateFolder

    folder = PrivateFolder(tmp_path / "private")
    monkeypatch.setattr(fetching.fetch, "__defaults__", (*fetching.fetch.__defaults__[:-1], folder))
    at = viewer()
    qtbot.waitUntil(lambda: at.canvas.has_picture)
    left = [p for p in (tmp_path / "private").rglob("*") if p.is_file() and p.name != MARK]
    assert left == []
    folder.close()


def test_a_film_is_handed_over_only_whole_and_logged(world, viewer, qtbot, monkeypatch) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: opened.append(Path(url.toLocalFile())) or True
    )
    at = viewer(2)
    assert "核对无误后" in at.words.text()
    assert not opened, "not by turning the page"
    key(qtbot, at, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(opened))
    assert opened[0].read_bytes() == FILM
    assert opened[0].suffix == ".mp4"
    assert [row.action for row in table_rows(world, AuditEntry)] == ["open_file"]


def test_a_damaged_film_is_not_handed_over(world, viewer, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: pytest.fail("handed over"))
    at = viewer(2)
    with world.writing.begin() as session:
        session.query(FilePiece).filter(FilePiece.piece == 5).update({"content": b"MZ"})
    key(qtbot, at, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: at.error.isVisible())
    assert "不一致，已停止打开" not in at.words.text()
    assert "与登记的不一致" in at.error.text()


def test_a_word_paper_is_saved_never_opened(viewer, qtbot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: pytest.fail("opened"))
    at = viewer(3)
    assert not at.opening.isVisible()
    key(qtbot, at, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert "请另存后" in at.words.text()
    place = tmp_path / "saved.docx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(place), ""))
    key(qtbot, at, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(place.exists)
    qtbot.waitUntil(lambda: "已记入审计" in at.bar.words.text())
    assert viewer(3, saves=False).saving.isVisible() is False


def test_a_card_is_shown_after_a_reason(world, viewer, qtbot) -> None:
    at = viewer(4, Role.AGENT, saves=False)
    assert at.reasons.isVisible()
    assert not at.canvas.has_picture
    qtbot.mouseClick(at.reasons.buttons[2], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: at.canvas.has_picture)
    (entry,) = table_rows(world, AuditEntry)
    assert (entry.action, entry.reason) == ("open_file", "核对身份与地址")
    assert not viewer(0).reasons.isVisible()


def test_who_may_not_see_the_citizen_is_told_so(viewer, qtbot) -> None:
    at = viewer(4, Role.INSPECTOR, saves=False)
    qtbot.mouseClick(at.reasons.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: at.error.isVisible())
    assert "不能查看" in at.error.text()
    assert not at.canvas.has_picture


def test_closing_the_viewer_stops_the_fetch(viewer, qtbot, monkeypatch) -> None:
    from console.ledger import fetching

    asked, through, real = threading.Event(), threading.Event(), fetching._read

    def slow(*args):
        asked.set()
        through.wait(10)
        return real(*args)

    monkeypatch.setattr(fetching, "_read", slow)
    at = viewer()
    job = at._job
    assert at.bar.isVisible()
    qtbot.waitUntil(asked.is_set)
    at.reject()
    assert job.is_cancelled
    through.set()


def test_the_strip_of_a_case_opens_the_viewer_at_what_was_pressed(
    world, qtbot, jobs, street, tmp_path
) -> None:
    ticket_id = contacted(world, street)
    street.attach(ticket_id, "before", picture(tmp_path, "before.png", colourful()))
    street.attach(ticket_id, "after", picture(tmp_path, "after.jpg", photo()))
    orders = Orders(seat_for(world, Role.STREET_DESK, STREET))
    strip = AttachmentStrip(jobs, orders)
    qtbot.addWidget(strip)
    strip.show()
    strip.show_lines(orders.open(ticket_id).case.attachments)
    thumbs = list(strip._thumbs.values())
    qtbot.waitUntil(lambda: not thumbs[1]._picture.isNull())
    thumbs[1].click()
    assert strip.viewer.line.name == "after.jpg"
    qtbot.waitUntil(lambda: strip.viewer.canvas.has_picture)
    strip.viewer.close()


@pytest.mark.qt_log_ignore("Not a JPEG file")
def test_a_picture_that_unfolds_to_gigabytes_is_refused_and_one_in_disguise_not_decoded(
    tmp_path,
) -> None:
    with pytest.raises(NotAllowed, match="过大"):
        decoded(picture(tmp_path, "bomb.png", bomb(60_000, 60_000)), "image/png")
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'
    )
    assert decoded(picture(tmp_path, "a.jpg", drawing), "image/jpeg").isNull()
    shown = decoded(picture(tmp_path, "b.png", colourful((9000, 6000))), "image/png")
    assert isinstance(shown, QImage)
    assert shown.width() * shown.height() <= 41_000_000
