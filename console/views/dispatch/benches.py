"""The benches of the dispatch desk, one for every pile."""

from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from console.domain.court import ExtensionHearing, ReturnHearing
from console.domain.desks import DispatchHelp
from console.domain.moves import Move
from console.domain.piles import Pile
from console.domain.records import CaseFile
from console.jobs import Failed, Jobs
from console.views.dispatch.bench import Bench, Decision
from console.views.dispatch.court_form import CourtCard
from console.views.dispatch.dispatch_form import DispatchCard, Values
from console.views.dispatch.extension_form import ExtensionCard
from console.views.dispatch.review_form import ReviewCard
from console.views.dispatch.services import DecideDesk, DispatchDesk, ReviewDesk
from console.views.dispatch.watch_form import WatchCard


class Reads:
    """How a bench reads what its decision rests on: `ready` once it is there."""

    def __init__(self, jobs: Jobs, ready: Any, failed: Failed) -> None:
        self.jobs, self.ready, self.failed = jobs, ready, failed


class DispatchBench(Bench):
    """待派单: to whom; with a 会商 open F8 designates."""

    pile = Pile.DISPATCH
    card: DispatchCard

    def __init__(self, card: DispatchCard, desk: DispatchDesk, reads: Reads, parent: QObject):
        super().__init__(card, parent)
        self._desk, self._reads = desk, reads
        self.usual, self.undo_words = self.tr("派单"), self.tr("撤销派单")
        self._ticket_id: int | None = None
        self.must_designate = False

    def start(self, case: CaseFile, draft: Any) -> None:
        self.card.start(draft if isinstance(draft, Values) else None, case.row.id)
        self._ticket_id, self.helped, self.must_designate = case.row.id, False, False
        read = partial(self._desk.help, case.row.id)
        jobs = self._reads.jobs
        jobs.read(self, read, self._help_read, self._help_failed, key="help")

    def _help_read(self, shown: DispatchHelp) -> None:
        if shown.ticket_id == self._ticket_id:
            self.must_designate = shown.must_designate
            self.card.show_help(shown)
            self._ready()

    def _help_failed(self, error: Exception) -> None:
        """The unit can be typed all the same."""
        self._ready()
        self._reads.failed(error)

    def _ready(self) -> None:
        self.helped = True
        self._reads.ready()

    def draft(self) -> Any:
        return self.card.draft()

    def focus_first(self) -> None:
        self.card.focus_first()

    def show_errors(self, error: Exception) -> Exception | None:
        return self.card.show_errors(error)

    def decide(self, case: CaseFile) -> Decision:
        return self.designate(case) if self.must_designate else self._send(case, "dispatch")

    def designate(self, case: CaseFile) -> Decision:
        """指定承办: the opinion is the reason, and the conclusion of an open 会商."""
        return self._send(case, "designate")

    def _send(self, case: CaseFile, how: str) -> Decision:
        form = self.card.form(case.row.id, case.row.version)
        return Decision(partial(getattr(self._desk, how), form))


class AcceptBench(DispatchBench):
    """待受理: ours or not; what is ours is dispatched next."""

    pile = Pile.ACCEPT

    def __init__(self, card: DispatchCard, desk: DispatchDesk, reads: Reads, parent: QObject):
        super().__init__(card, desk, reads, parent)
        self.usual = self.tr("受理")

    def decide(self, case: CaseFile) -> Decision:
        row = case.row
        return Decision(partial(self._desk.accept, row.id, row.version))

    def focus_first(self) -> None:
        """There is nothing to fill in yet."""


class ReviewBench(Bench):
    """待审核: does the reply answer the appeal."""

    pile = Pile.REVIEW
    more = 70
    card: ReviewCard

    def __init__(self, card: ReviewCard, desk: ReviewDesk, reads: Reads, parent: QObject) -> None:
        super().__init__(card, parent)
        self._desk, self._reads = desk, reads
        self.usual, self.other = self.tr("通过，转回访"), self.tr("发回重办")

    def start(self, case: CaseFile, draft: Any) -> None:
        self.card.start(case.result, draft if isinstance(draft, str) else "")
        read, jobs = self._desk.snippets, self._reads.jobs
        jobs.read(self, read, self.card.set_snippets, self._reads.failed, key="help")

    def draft(self) -> Any:
        return self.card.draft()

    def focus_first(self) -> None:
        self.card.focus_first()

    def show_errors(self, error: Exception) -> Exception | None:
        return self.card.show_errors(error)

    def decide(self, case: CaseFile) -> Decision:
        return self.judge(case, verify=False)

    def judge(self, case: CaseFile, verify: bool) -> Decision:
        row, comment = case.row, self.card.comment.text
        work = partial(self._desk.pass_reply, row.id, row.version, comment, verify)
        words = self.tr("审核通过，已转现场核查") if verify else self.tr("审核通过，已转回访")
        return Decision(work, words)

    def refuse(self, case: CaseFile) -> Decision:
        row, comment = case.row, self.card.comment.text
        work = partial(self._desk.send_back, row.id, row.version, comment)
        return Decision(work, self.tr("已发回重办"))


class _AskedBench(Bench):
    """A unit asked for something: granted or refused, with an opinion."""

    grants: Move
    refuses: Move
    card: CourtCard | ExtensionCard

    def __init__(
        self, card: CourtCard | ExtensionCard, desk: DecideDesk, reads: Reads, parent: QObject
    ) -> None:
        super().__init__(card, parent)
        self._desk, self._reads = desk, reads
        self._ticket_id: int | None = None

    def _read(self, ticket_id: int) -> Any:
        raise NotImplementedError

    def start(self, case: CaseFile, draft: Any) -> None:
        self.card.start(draft if isinstance(draft, str) else "")
        self._ticket_id, self.helped = case.row.id, False
        self._reads.jobs.read(
            self, self._read(case.row.id), self._heard, self._not_heard, key="help"
        )

    def _heard(self, heard: ReturnHearing | ExtensionHearing | None) -> None:
        if heard is not None and heard.ticket_id == self._ticket_id:
            self.card.show_hearing(heard)  # type: ignore[arg-type]
            self.helped = True
            self._reads.ready()

    def _not_heard(self, error: Exception) -> None:
        """Nothing is decided without having seen what was asked for."""
        self._reads.failed(error)

    def draft(self) -> Any:
        return self.card.draft()

    def focus_first(self) -> None:
        self.card.focus_first()

    def show_errors(self, error: Exception) -> Exception | None:
        return self.card.show_errors(error)

    def decide(self, case: CaseFile) -> Decision:
        return self._verdict(case, self.grants)

    def refuse(self, case: CaseFile) -> Decision:
        return self._verdict(case, self.refuses)

    def _verdict(self, case: CaseFile, move: Move) -> Decision:
        row, said = case.row, self.card.opinion.text
        return Decision(partial(self._desk.decide, row.id, move, said, row.version))


class CourtBench(_AskedBench):
    """退单待审."""

    pile = Pile.RETURNS
    grants, refuses = Move.GRANT_RETURN, Move.REFUSE_RETURN

    def __init__(self, card: CourtCard, desk: DecideDesk, reads: Reads, parent: QObject) -> None:
        super().__init__(card, desk, reads, parent)
        self.usual, self.other = self.tr("同意退单"), self.tr("不同意退单")
        self.undo_words = self.tr("撤销同意")

    def _read(self, ticket_id: int) -> Any:
        return partial(self._desk.returning, ticket_id)


class ExtensionBench(_AskedBench):
    """延期待审: whatever state it is in, as long as the request stands."""

    pile = Pile.EXTENSIONS
    grants, refuses = Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION

    def __init__(
        self, card: ExtensionCard, desk: DecideDesk, reads: Reads, parent: QObject
    ) -> None:
        super().__init__(card, desk, reads, parent)
        self.usual, self.other = self.tr("同意延期"), self.tr("不同意延期")

    def fits(self, case: CaseFile) -> bool:
        return Move.GRANT_EXTENSION in case.permitted and super().fits(case)

    def _read(self, ticket_id: int) -> Any:
        return partial(self._desk.extending, ticket_id)


class WatchBench(Bench):
    """待核查: the grid's people decide; the centre may take it back."""

    pile = Pile.WATCH
    card: WatchCard

    def __init__(self, card: WatchCard, desk: ReviewDesk, parent: QObject) -> None:
        super().__init__(card, parent)
        self._desk = desk
        self.other = self.tr("撤回核查")

    def start(self, case: CaseFile, draft: Any) -> None:
        self.card.start(case, draft if isinstance(draft, str) else "")

    def draft(self) -> Any:
        return self.card.draft()

    def focus_first(self) -> None:
        self.card.focus_first()

    def show_errors(self, error: Exception) -> Exception | None:
        return self.card.show_errors(error)

    def refuse(self, case: CaseFile) -> Decision:
        row, reason = case.row, self.card.reason.text
        work = partial(self._desk.cancel_verify, row.id, row.version, reason)
        return Decision(work, self.tr("已撤回核查，回到待审核"))
