"""The callback desk with several appellants, a redo about to be ordered, reopening; the archive with obstacles."""

import struct
import tempfile
import zlib
from datetime import timedelta
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

from PySide6.QtWidgets import QWidget

from console.domain.desks import CallbackAnswers
from console.domain.roles import Role, Workplace
from console.domain.states import NotReached, Satisfaction
from console.jobs import Jobs
from console.services.callbacks import Callbacks
from console.services.orders import Orders
from console.views.callback import CallbackPage
from db.contents import put
from db.engine import Database
from db.models import Appellant, Attachment, Promise, Ticket
from tests.desks import HAPPY, closed, to_call_back
from tests.journeys import version_of
from tests.screens import register
from tests.screens_desks import MATTERS, later, window
from tests.world import make_world, seat_for

PEOPLE = (
    ("叶长青", "19900001234", True, ""),
    ("王小梅", "19900002222", False, "我家门口也堵了，油污流到台阶下"),
    ("李大海", "19900003333", False, "接孩子路过时滑了一跤"),
    ("钱进", "", False, ""),
)
CROSS = CallbackAnswers(
    True, "unresolved", Satisfaction.DISSATISFIED, Satisfaction.SATISFIED, "结果", "路面还有油污，雨天仍然打滑"
)  # fmt: skip


@cache
def city() -> Database:
    """One matter many complained of, promised, photographed and twice redone; others around it."""
    database = make_world(Path(tempfile.mkdtemp()) / "callback.db")
    for title, *_rest in MATTERS[3:7]:
        to_call_back(database, title=title)
    ticket_id = to_call_back(database, title="下水道堵塞，油污外溢", urgency="urgent")
    with database.writing.begin() as session:
        ticket = session.get_one(Ticket, ticket_id)
        now = ticket.created_at
        ticket.redo_count, ticket.open_promises, ticket.dispute = 2, 1, True
        ids = []
        for name, phone, main, said in PEOPLE:
            row = Appellant(
                ticket_id=ticket_id, name=name, phone=phone, main=main, said=said,
                joined_at=now,
            )  # fmt: skip
            session.add(row)
            session.flush()
            ids.append(row.id)
        session.add(Promise(
            ticket_id=ticket_id, what="三天内装好隔油池并回电", due=now + timedelta(days=2),
            made_at=now, made_by="王街",
        ))  # fmt: skip
        for kind, grey in (("before", 70), ("after", 190)):
            _photo(session, ticket_id, kind, grey, now)
    desk = Callbacks(seat_for(database, Role.REVISITOR))
    desk.hear(ticket_id, ids[0], HAPPY, version_of(database, ticket_id))
    desk.not_reached(ticket_id, NotReached.NO_ANSWER, version_of(database, ticket_id), ids[1])
    for title, *_rest in MATTERS[2:5]:
        closed(database, title=title)
    return database


def _photo(session, ticket_id: int, kind: str, grey: int, now) -> None:
    content = _png(grey)
    name = sha256(content).hexdigest()
    put(session, content)
    session.add(Attachment(
        ticket_id=ticket_id, share_seq=1, kind=kind, name=f"{kind}.png", media_type="image/png", size=len(content),
        sha256=name, added_at=now, added_by="王街 S101",
    ))  # fmt: skip


def _png(grey: int, width: int = 120, height: int = 80) -> bytes:
    """A shaded rectangle: no picture of anything real is needed."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    lines = b"".join(
        b"\0" + bytes((grey + (x + y) % 60) for x in range(width)) for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


def callback(size=(1440, 900), what: str = "people") -> QWidget:
    jobs, role = Jobs(), Role.SUPERVISOR if what == "reopen" else Role.REVISITOR
    seat = seat_for(city(), role)
    page = CallbackPage(jobs, Callbacks(seat), Orders(seat))
    made = window(role, Workplace.CALLBACK, page, size)
    later(made, *_STEPS[what](page))
    return made


def _open(page: CallbackPage) -> None:
    rows = page.panel.table.records.rows
    page.open_one(next(row.id for row in rows if "下水道" in row.row.title))


def _nothing() -> None:
    """Time to read the case."""


def _cross(page: CallbackPage) -> None:
    page.form._put(CROSS)
    page.redo.trigger()


def _second(page: CallbackPage) -> None:
    page.form.people.setCurrentRow(1)
    page.unreached.trigger()


def _open_closed(page: CallbackPage) -> None:
    with city().reading() as session:
        ticket = session.query(Ticket).filter(Ticket.state == "closed").first()
        page.open_one(ticket.id)


def _press_reopen(page: CallbackPage) -> None:
    from console.views.parts.key_cap import KeyButton

    page.case_view.foot.moves.findChildren(KeyButton)[0].click()


_STEPS = {
    "people": lambda page: (partial(_open, page), _nothing, page.number.trigger),
    "redo": lambda page: (partial(_open, page), _nothing, partial(_cross, page)),
    "early": lambda page: (partial(_open, page), _nothing, partial(_second, page)),
    "reopen": lambda page: (partial(_open_closed, page), _nothing, partial(_press_reopen, page)),
}  # fmt: skip

for _what in _STEPS:
    register(f"recall-{_what}-1440", partial(callback, what=_what))
for _what in ("people", "redo"):
    register(f"recall-{_what}-1280", partial(callback, (1280, 720), _what))
register("recall-people-1920", partial(callback, (1920, 1080)))
