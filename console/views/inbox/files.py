"""Files on their way into a work order and pictures on their way out, beside the page's own work."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from console.domain.changes import Changed
from console.domain.errors import Cancelled, NotAllowed, UserError
from console.domain.inbox import Attached
from console.domain.records import AttachmentLine
from console.jobs import Jobs
from console.theme import Tone
from console.views.cases.attachments import PRIVATE, PictureDialog, read_picture
from console.views.cases.services import CaseDesk
from console.views.inbox.evidence_box import EvidenceBox, is_picture, load_thumbnail
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
        self._viewer: PictureDialog | None = None
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
        """Store each file on the long lane; the zone shows how far it is."""
        box = self.sender()
        for path in paths:
            work = partial(self._keepers[box].attach, self.ticket_id, kind, path)
            box.show_busy(kind, True)
            self._jobs.long(
                box, work, partial(self._stored, box, kind), partial(self._refused, box, kind),
                partial(self._progressed, box, path.name),
            )  # fmt: skip

    def _progressed(
        self, box: EvidenceBox, name: str, done: int, total: int, _words: str = ""
    ) -> None:
        percent = done * 100 // total if total else 0
        box.show_progress(self.tr("正在添加 {0}　{1}%").format(name, percent))

    def _stored(self, box: EvidenceBox, kind: str, attached: Attached) -> None:
        self._rest(box, kind)
        words = self.tr("{0}已在工单上。") if attached.again else self.tr("已添加{0}。")
        self.said.emit(words.format(f"{attached.line.kind_name}“{attached.line.name}”"), Tone.OK)

    def _refused(self, box: EvidenceBox, kind: str, error: Exception) -> None:
        self._rest(box, kind)
        if isinstance(error, Cancelled):
            return
        if isinstance(error, UserError):
            box.show_error(kind, "　".join(filter(None, (error.text, error.hint))))
        else:
            self._jobs.unhandled.emit(error)

    @staticmethod
    def _rest(box: EvidenceBox, kind: str) -> None:
        box.show_progress("")
        box.show_busy(kind, False)

    @Slot(int)
    def _remove(self, attachment_id: int) -> None:
        work = partial(self._keepers[self.sender()].detach, self.ticket_id, attachment_id)
        self._jobs.write(self, work, None, self._failed)

    @Slot(object)
    def _open(self, line: AttachmentLine) -> None:
        """A picture is shown large; a paper or film can only be saved and opened elsewhere."""
        if is_picture(line):
            most = self._page.screen().availableSize() * 0.8
            work = partial(read_picture, self._orders, line.id, most)
            self._jobs.read(self, work, partial(self._show, line), self._failed, "picture")
        elif line.kind in PRIVATE:
            self._failed(
                NotAllowed(
                    self.tr("证件和录音不在这里打开"), self.tr("请在工单详情中说明理由后查看")
                )
            )
        else:
            self._save(line)

    def _show(self, line: AttachmentLine, image: QImage) -> None:
        self._viewer = PictureDialog(line, image, self._page.window())
        self._viewer.open()

    def _save(self, line: AttachmentLine) -> None:
        path, _kind = QFileDialog.getSaveFileName(self._page, self.tr("另存附件"), line.name)
        if path:
            work = partial(self._handling.save_copy, line.id, Path(path))
            self._jobs.write(self, work, partial(self._saved, Path(path).name), self._failed)

    def _saved(self, name: str, _changed: Changed) -> None:
        self.said.emit(self.tr("已另存“{0}”，已记入审计。").format(name), Tone.OK)

    @Slot(object)
    def _want(self, line: AttachmentLine) -> None:
        """Read and shrink on the reading lane; asked once however many boxes want it."""
        waiting = self._boxes.setdefault(line.sha256, [])
        waiting.append(self.sender())
        if len(waiting) == 1:
            work = partial(load_thumbnail, self._orders, line)
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
