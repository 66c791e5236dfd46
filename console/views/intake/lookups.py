"""What the program finds out while the operator types. It asks late, drops stale answers, and never disturbs."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.domain.intake import IntakeForm
from console.jobs import Jobs
from console.views.intake.record_form import RecordForm
from console.views.intake.services import IntakeDesk
from console.views.parts.ime import ime_guard
from console.views.parts.type_ahead import Suggestion

_PLACE, _SUGGEST, _DUPLICATES, _KNOWLEDGE, _PREVIEW = (
    "place",
    "suggest",
    "duplicates",
    "knowledge",
    "preview",
)
# Which answers a changed field may change.
_TOUCHES = {
    "address": (_PLACE, _SUGGEST, _DUPLICATES),
    "content": (_SUGGEST, _DUPLICATES, _KNOWLEDGE),
    "title": (),
    "nature": (_PREVIEW, _SUGGEST),
    "urgency": (_PREVIEW,),
    "category_code": (_PREVIEW, _SUGGEST, _DUPLICATES),
    "contact_phone": (_DUPLICATES,),
    "person": (_PLACE, _SUGGEST),
    "everything": (_PLACE, _SUGGEST, _DUPLICATES, _KNOWLEDGE, _PREVIEW),
}
COMMON_TIMES = ("刚才", "今天上午", "今天下午", "昨天白天", "昨天晚上", "3天前", "1周前")


class Lookups(QObject):
    """Signals carry the answers; every answer belongs to the form that is open, or it is dropped."""

    placed = Signal(object)
    suggested = Signal(object)
    duplicates_found = Signal(object)
    knowledge_found = Signal(object)
    previewed = Signal(object)
    troubled = Signal(object)

    DELAY_MS = 250

    def __init__(self, jobs: Jobs, desk: IntakeDesk, form: RecordForm) -> None:
        super().__init__(form)
        self._jobs, self._desk, self._form = jobs, desk, form
        self._due: set[str] = set()
        self._asked_for: dict[str, object] = {}
        self._delay = QTimer(self, singleShot=True, interval=self.DELAY_MS)
        self._delay.timeout.connect(self._time_is_up)
        form.changed.connect(self.touch)
        form.asked.connect(self._offer)

    @Slot(str)
    def touch(self, name: str) -> None:
        """A field changed: ask again what depends on it, a moment after the last key."""
        wanted = _TOUCHES.get(name, ())
        if wanted:
            self._due |= set(wanted)
            self._delay.start()

    @Slot()
    def ask_everything(self) -> None:
        """At once: a form was put in place of another."""
        self._asked_for.clear()
        self._due = set(_TOUCHES["everything"])
        self._delay.stop()
        self._ask()

    @Slot()
    def _time_is_up(self) -> None:
        # A lookup's answer may move things about; not under the eyes of someone choosing a character.
        ime_guard().run_when_idle(self, self._ask)

    @Slot()
    def _ask(self) -> None:
        due, self._due = self._due, set()
        form = replace(self._form.form(), screen=())
        for what in sorted(due):
            work, asked = self._work(what, form)
            if self._asked_for.get(what) != asked:
                self._asked_for[what] = asked
                self._jobs.read(self, work, getattr(self, f"_{what}_came"), self._failed, key=what)

    def _work(self, what: str, form: IntakeForm) -> tuple[partial, object]:
        desk = self._desk
        if what == _PLACE:
            address = form.address.strip()
            return partial(desk.place, address, form.person_id), (form.key, address, form.person_id)
        if what == _KNOWLEDGE:
            return partial(desk.knowledge, form.content), (form.key, form.content)
        if what == _PREVIEW:
            asked = (form.nature, form.urgency, form.category_code)
            return partial(desk.preview, *asked), (form.key, *asked)
        return partial(desk.suggest if what == _SUGGEST else desk.duplicates, form), form

    def _is_stale(self, what: str) -> bool:
        asked = self._asked_for.get(what)
        key = (
            asked.key
            if isinstance(asked, IntakeForm)
            else asked[0]
            if isinstance(asked, tuple)
            else ""
        )
        return key != self._form.key

    def _place_came(self, answer: object) -> None:
        if not self._is_stale(_PLACE):
            self.placed.emit(answer)

    def _suggest_came(self, answer: object) -> None:
        if not self._is_stale(_SUGGEST):
            self.suggested.emit(answer)

    def _duplicates_came(self, answer: object) -> None:
        if not self._is_stale(_DUPLICATES):
            self.duplicates_found.emit(answer)

    def _knowledge_came(self, answer: object) -> None:
        if not self._is_stale(_KNOWLEDGE):
            self.knowledge_found.emit(answer)

    def _preview_came(self, answer: object) -> None:
        if not self._is_stale(_PREVIEW):
            self.previewed.emit(answer)

    def _failed(self, error: Exception) -> None:
        # Asked again with the next key: a failed answer must not count as known.
        self._asked_for.clear()
        self.troubled.emit(error)

    # Type-ahead

    @Slot(str, str)
    def _offer(self, name: str, text: str) -> None:
        if name == "occurred":
            self._form.occurred.set_suggestions(
                [Suggestion(words) for words in COMMON_TIMES if text in words and text != words]
            )
            return
        work = {
            "category_code": self._desk.categories,
            "unit_id": self._desk.units,
            "co_unit_ids": self._desk.units,
            "address": self._desk.addresses,
        }.get(name)
        if work is None or (name == "address" and not text.strip()):
            return
        self._jobs.read(
            self,
            partial(_with_text, name, text, work),
            self._offers_came,
            self.troubled.emit,
            key=f"offer {name}",
        )

    def _offers_came(self, answer: tuple) -> None:
        name, text, choices = answer
        line = {
            "category_code": self._form.category,
            "unit_id": self._form.unit,
            "co_unit_ids": self._form.co_units.line,
            "address": self._form.address,
        }[name]
        free = name == "address"
        offers = [
            Suggestion(choice.text, None if free else choice, choice.detail or choice.hint)
            for choice in choices
        ]
        line.set_suggestions(offers, text)


def _with_text(name: str, text: str, work) -> tuple:
    return name, text, work(text)
