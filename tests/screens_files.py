"""The viewer over a case with pictures, a film, a paper and a card; a zone with a film under way."""

import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.roles import Role
from console.jobs import Jobs
from console.services.handling import Handling
from console.services.orders import Orders
from console.theme import mark
from console.views.cases.attachments import AttachmentStrip
from console.views.cases.file_viewer import FileViewer
from console.views.inbox.evidence_box import EvidenceBox
from console.views.inbox.files import Files
from db.models import Ticket
from tests.journeys import STREET, dispatched, version_of
from tests.screens import register
from tests.screens_inbox import _photo
from tests.services.test_evidence import office
from tests.services.test_uploads import FILM
from tests.world import make_world, seat_for

KEPT: list[object] = []


def _city() -> tuple[Orders, Handling, int]:
    folder = Path(tempfile.mkdtemp(prefix="files-"))
    database = make_world(folder / "files.db")
    ticket_id = dispatched(database)
    street = Handling(seat_for(database, Role.STREET_DESK, STREET))
    street.sign(ticket_id, version_of(database, ticket_id))
    film = folder / "西侧第二口雨水井疏通过程.mp4"
    film.write_bytes(FILM * 6)
    paper = folder / "责令整改通知书.docx"
    paper.write_bytes(office("[Content_Types].xml", "word/document.xml"))
    for kind, path in (
        ("before", _photo(folder, 1)), ("after", _photo(folder, 2)), ("handling", film), ("handling", paper),
        ("identity", _photo(folder, 3)),
    ):  # fmt: skip
        street.attach(ticket_id, kind, path)
    with database.writing.begin() as session:
        session.get_one(Ticket, ticket_id).reply_wanted = True
    return Orders(seat_for(database, Role.STREET_DESK, STREET)), street, ticket_id


def viewer(at: int, turned: bool = False, reason: bool = False) -> QWidget:
    orders, street, ticket_id = _city()
    jobs = Jobs()
    lines = orders.open(ticket_id).case.attachments
    made = FileViewer(jobs, orders, lines, at, street)
    KEPT.extend((jobs, orders))
    if turned:
        made.canvas.turn_right()
    if reason:
        made.reasons.buttons[2].click()
    return made


def fetching() -> QWidget:
    """Half-way through a film."""
    made = viewer(2)
    made.bar.start("正在取回“西侧第二口雨水井疏通过程.mp4”", None)
    made._progressed(made._turn, 5_600_000, 11_000_000)
    return made


def strip() -> QWidget:
    orders, street, ticket_id = _city()
    jobs, window = Jobs(), QWidget()
    mark(window, kind="page")
    window.resize(980, 330)
    column = QVBoxLayout(window)
    shown = AttachmentStrip(jobs, orders)
    box = EvidenceBox()
    files = Files(jobs, street, orders, window)
    files.serve(box)
    column.addWidget(shown)
    column.addWidget(box)
    lines = orders.open(ticket_id).case.attachments
    shown.show_lines(lines)
    box.show_files(lines, True)
    for kind, name, percent in (
        ("after", "处置后_20261122_1530.jpg", 12),
        ("handling", "西侧第二口雨水井疏通过程.mp4", 64),
    ):
        box.sending(kind).begin(name, None)
        box.sending(kind).progressed(name, percent, 100)
    KEPT.extend((jobs, files))
    return window


register("files-picture", partial(viewer, 0))
register("files-film", partial(viewer, 2))
register("files-paper", partial(viewer, 3))
register("files-card", partial(viewer, 4))
register("files-card-seen", partial(viewer, 4, reason=True))
register("files-fetching", fetching)
register("files-strip", strip)
