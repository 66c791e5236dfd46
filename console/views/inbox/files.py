"""Files on their way into a work order and pictures on their way out, beside the page's own work."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from console.domain.errors import Cancelled, UserError
from console.domain.inbox import Attached
from console.domain.records import AttachmentLine
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.file_viewer import FileViewer
from console.views.cases.pictures import thumbnail_of
from console.views.cases.services import CaseDesk
from console.views.inbox.evidence_box import LOADED, EvidenceBox
from console.views.inbox.services import FileKeeper, HandlingDesk


class Files(QObject):
    """Serves the evidence boxes of the page for the work order in sight.

    `said(sentence, tone)` when a file is in, `failed(error)` when no zone can say so.
    """

    said = Signal(str, object)
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, handling: HandlingDesk, orders: CaseDesk, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._page = parent
        self._jobs, self._handling, self._orders = jobs, handling, orders
        self.viewer: FileViewer | None = None
        self._boxes: dict[str, list[EvidenceBox]] = {}
        self._keepers: dict[EvidenceBox, FileKeeper] = {}
        self.ticket_id = 0

    def serve(self, box: EvidenceBox, keeper: FileKeeper | None = None) -> None:
        """`keeper`: who stores what is put into this box; the unit's own desk unless said."""
        self._keepers[box] = keeper or self._handling
        box.added.connect(self._add)
        box.removed.connect(self._remove)
        box.wanted.connect(self._want)
        box.opened.connect(self._open)

    @Slot(str, object)
    def _add(self, kind: str, paths: Sequence[Path]) -> None:
        """Send each file on the long lane; the zone shows how far it is and stops it."""
        box = self.sender()
        for path in paths:
            work = partial(self._keepers[box].attach, self.ticket_id, kind, path)
            job = self._jobs.long(
                box, work, partial(self._stored, box, kind, path), partial(self._refused, box, kind, path),
                partial(self._progressed, box, kind, path),
            )  # fmt: skip
            box.sending(kind).begin(path.name, job)

    @staticmethod
    def _progressed(
        box: EvidenceBox, kind: str, path: Path, done: int, total: int, _words: str = ""
    ) -> None:
        box.sending(kind).progressed(path.name, done, total)

    def _stored(self, box: EvidenceBox, kind: str, path: Path, attached: Attached) -> None:
        box.sending(kind).end(path.name)
        words = self.tr("{0}已在工单上。") if attached.again else self.tr("已添加{0}。")
        self.said.emit(words.format(f"{attached.line.kind_name}“{attached.line.name}”"), Tone.OK)

    def _refused(self, box: EvidenceBox, kind: str, path: Path, error: Exception) -> None:
        box.sending(kind).end(path.name)
        if isinstance(error, Cancelled):
            words = self.tr("已停止添加“{0}”。再添加一次时只传还没到的部分。")
            self.said.emit(words.format(path.name), Tone.NEUTRAL)
        elif isinstance(error, UserError):
            box.show_error(kind, "　".join(filter(None, (error.text, error.hint))))
        else:
            self._jobs.unhandled.emit(error)

    @Slot(int)
    def _remove(self, attachment_id: int) -> None:
        work = partial(self._keepers[self.sender()].detach, self.ticket_id, attachment_id)
        self._jobs.write(self, work, None, self._failed)

    @Slot(object)
    def _open(self, line: AttachmentLine) -> None:
        """All files of that box, beginning with this one."""
        lines = self.sender().lines
        at = next((at for at, one in enumerate(lines) if one.id == line.id), None)
        if at is None:
            return
        self.viewer = FileViewer(
            self._jobs, self._orders, lines, at, self._handling, self._page.window()
        )
        self.viewer.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.viewer.saved.connect(self._saved)
        self.viewer.open()

    @Slot(str)
    def _saved(self, name: str) -> None:
        self.said.emit(self.tr("已另存“{0}”，已记入审计。").format(name), Tone.OK)

    @Slot(object)
    def _want(self, line: AttachmentLine) -> None:
        """Read and shrink on the reading lane; asked once however many boxes want it."""
        waiting = self._boxes.setdefault(line.sha256, [])
        waiting.append(self.sender())
        if len(waiting) == 1:
            work = partial(thumbnail_of, self._orders, line, LOADED)
            self._jobs.read(self, work, self._loaded, partial(self._lost, line.sha256))

    def _loaded(self, found: tuple[str, QImage]) -> None:
        for box in self._boxes.pop(found[0], ()):
            box.show_image(found)

    def _lost(self, sha256: str, error: Exception) -> None:
        self._boxes.pop(sha256, None)
        self._failed(error)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.failed.emit(error)
        else:
            self._jobs.unhandled.emit(error)
