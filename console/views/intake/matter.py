"""The matter on the desk: begun by a call or a key, filled from what is known, parked when another comes first."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from console.domain.city_map import PointAnswer
from console.domain.intake import (
    CallerCard,
    Choice,
    DeadlinePreview,
    DuplicateCard,
    IntakeForm,
    PlaceAnswer,
    Resident,
    Suggested,
)
from console.domain.records import GridOwner
from console.domain.states import Channel, Urgency
from console.theme import Tone
from console.views.intake.record_form import fresh
from console.views.parts.ime import ime_guard

if TYPE_CHECKING:
    from console.views.intake.page import IntakePage

_PICKED = "来电登记核对"


class Matter(QObject):
    """Owns which form is open and whose call it belongs to; writes what is found out into the columns."""

    def __init__(self, page: "IntakePage") -> None:
        super().__init__(page)
        self._page, self._jobs, self._desk = page, page.jobs, page.desk
        self._record, self._callers, self._assist = page.record, page.callers, page.assist
        self._last: QWidget | None = None
        self._asked_person: tuple[str, Resident, str] | None = None
        self._place = PlaceAnswer()
        self._pointed: str | None = None
        self._connect()

    # Which form is open

    def begin(self, card: CallerCard | None = None) -> None:
        """A fresh form, for this caller or for nobody yet."""
        form = fresh(call_id=card.call_id, full_phone=card.full_phone) if card else fresh()
        self._open(form)
        if card is None:
            self._callers.show_nobody()
            self._page.tasks.caller = None
        else:
            self._show_caller(card)

    def ask_caller_again(self) -> None:
        """What was just registered belongs among the caller's earlier matters."""
        ids = self._record.ids
        if ids.full_phone:
            work = partial(self._desk.caller, ids.full_phone, ids.call_id)
            self._jobs.read(self, work, self._caller_came, key="caller")

    def bring_back(self, form: IntakeForm) -> None:
        """A draft, or a record taken back: to the character, with its caller."""
        self._open(form)
        self._record.place_cursor(form)
        self._page.lookups.ask_everything()
        self.ask_caller_again()
        if not form.full_phone:
            self._callers.show_nobody()

    def park(self) -> None:
        """What is half typed leaves the screen but is kept, and the operator is told."""
        form = self._record.form()
        if not form.blank:
            self._page.journal.keep(form)
            self._page.said.emit(self._page.tr("没写完的记录已保留，Ctrl+O 恢复。"), Tone.ACCENT)

    def _open(self, form: IntakeForm) -> None:
        self._assist.clear()
        self._place = PlaceAnswer()
        # A draft found again with a point in it keeps the point for the words it was picked for.
        self._pointed = form.address.strip() if form.x is not None else None
        self._record.put(form)
        self._page.tasks.preview = DeadlinePreview("", ())
        self._page.deadline.say("")
        self._callers.finder.clear()
        self._record.name.setPlaceholderText(self._page.tr("姓名或称呼"))
        self._page.noted.emit("")
        self._page.journal.look()

    # The call

    @Slot(object)
    def adopt(self, card: CallerCard) -> None:
        """It rings: on an idle desk the caller is shown and the fresh form is theirs; a form in work is left alone."""
        idle = self._record.form().blank and not ime_guard().is_composing
        if idle and self._page.calls.talking is None:
            self._page.begin_count()
            self._record.set_ids(call_id=card.call_id)
            self._show_caller(card, talking=False)

    def take_call(self, card: CallerCard) -> None:
        """Answered: the form prepared while it rang is used; another half-typed one is kept aside."""
        if self._record.ids.call_id != card.call_id or (
            card.call_id is None and not self._record.form().blank
        ):
            self.park()
            self.begin(card)
        else:
            self._show_caller(card)
        if len(card.residents) == 1 and self._record.ids.person_id is None:
            self.pick_resident(card.residents[0])
        self.focus_first()

    def call_over(self) -> None:
        if self._record.form().blank:
            self.begin()

    def _show_caller(self, card: CallerCard, talking: bool = True) -> None:
        self._callers.show_caller(card, talking)
        self._record.put_caller(card.phone, card.full_phone)
        self._page.tasks.caller = card
        names = "　".join(
            f"Alt+{at} {resident.name}" for at, resident in enumerate(card.residents[:2], 1)
        )
        if names:
            self._record.name.setPlaceholderText(names)

    def _caller_came(self, card: CallerCard) -> None:
        if card.full_phone == self._record.ids.full_phone:
            self._show_caller(card)

    @Slot()
    def focus_first(self) -> None:
        """The name while nobody is known, else the first of place and content that is empty."""
        record = self._record
        known = record.ids.person_id is not None or bool(record.name.text())
        first: QWidget = record.name
        if known:
            empty = not record.address.text() or record.is_suggested("address")
            first = record.address if empty else record.content
        first.setFocus(Qt.FocusReason.TabFocusReason)

    # What is known goes into the form

    @Slot(object)
    def pick_resident(self, resident: Resident) -> None:
        """Alt+1…9 or the find box: the name and home in full are asked for, which is logged."""
        self._record.set_ids(person_id=resident.person_id)
        before = self._record.name.text()
        self._asked_person = (self._record.key, resident, before)
        self._callers.show_person(resident)
        work = partial(self._desk.full_person, resident.person_id, _PICKED)
        self._jobs.write(self, work, self._person_came, self._page.say_trouble)
        if self._record.name.hasFocus() or self._callers.isAncestorOf(
            self._page.focusWidget() or self._record.name
        ):
            self._record.address.setFocus(Qt.FocusReason.TabFocusReason)

    def _person_came(self, person: tuple[str, str]) -> None:
        asked, name, home = self._asked_person, *person
        if (
            asked is None
            or asked[0] != self._record.key
            or asked[1].person_id != self._record.ids.person_id
        ):
            return
        if self._record.name.text() == asked[2]:
            self._record.put_chosen("name", name)
        if home and not self._record.address.hasFocus():
            self._record.suggest("address", home, self._page.tr("登记住址"))
        elif home and not self._record.address.text():
            self._record.fill_under_hands("address", home, self._page.tr("登记住址"))
        self._page.lookups.touch("person")

    @Slot(object)
    def show_place(self, answer: PlaceAnswer) -> None:
        said = self._record.address.text().strip()
        if self._pointed is not None and self._pointed == said:
            # The point on the map was chosen for these very words; what they alone would mean is less.
            if self._place.owner is None:
                self._assist.place.show_answer(PlaceAnswer(rule=self._record.ids.grid_rule))
            return
        self._pointed, self._place = None, answer
        asked = bool(said)
        self._assist.place.show_answer(answer, asked)
        self._take_owner(answer.owner, answer.rule)
        hint, tone = "", ""
        if answer.owner is not None:
            hint = self._page.tr("已定位：{0}{1}").format(
                answer.owner.community, answer.owner.grid_name.removeprefix(answer.owner.community)
            )
        elif answer.candidates:
            hint, tone = (
                self._page.tr("可能有 {0} 处，Alt+G 选").format(len(answer.candidates)),
                "warn",
            )
        elif asked:
            hint, tone = self._page.tr("未找到网格"), "warn"
        if not self._record.is_suggested("address"):
            self._record.by_name["address"].say(hint, tone)

    @Slot(object)
    def pick_owner(self, owner: GridOwner) -> None:
        """One of several candidates: the operator asked, the caller answered."""
        self._place = PlaceAnswer(owner, rule=owner.rule, confidence=self._page.tr("来电人确认"))
        self._assist.place.show_answer(self._place)
        work = partial(self._desk.grid, owner.grid_id, owner.rule)
        self._jobs.read(self, work, self._people_came, key="owner")
        self._record.by_name["address"].say(self._page.tr("已选定：{0}").format(owner.grid_name))
        self._take_owner(owner, self._page.tr("来电人确认　{0}").format(owner.rule))
        self._record.changed.emit("grid")
        self.go_back()

    def _people_came(self, owner: GridOwner | None) -> None:
        """Who is responsible there, unless another place was named meanwhile."""
        if owner is not None and self._place.owner and self._place.owner.grid_id == owner.grid_id:
            self._place = replace(self._place, owner=owner)
            self._assist.place.show_answer(self._place)

    @Slot(object)
    def take_point(self, point: PointAnswer) -> None:
        """Picked on the map: grid, rule and coordinates; the nearest address where nothing was said."""
        owner = point.place.owner
        if owner is None:
            return
        if not self._record.address.text().strip() or self._record.is_suggested("address"):
            nearest = (
                self._page.tr("{0}附近").format(point.nearest) if point.nearest else owner.path
            )
            self._record.put_chosen("address", nearest)
        self._pointed = self._record.address.text().strip()
        self._place = replace(point.place, candidates=(), ask="")
        self._assist.place.show_answer(self._place)
        self._record.by_name["address"].say(self._page.tr("图上选点：{0}").format(owner.grid_name))
        self._take_owner(owner, point.place.rule)
        self._record.set_ids(x=point.x, y=point.y)
        self._record.changed.emit("grid")
        self.go_back()

    def _take_owner(self, owner: GridOwner | None, rule: str) -> None:
        self._record.set_ids(
            grid_id=owner.grid_id if owner else None,
            grid_rule=(rule or owner.rule) if owner else "",
            x=None,
            y=None,
        )
        if owner is not None and "unit_id" not in self._record.offered:
            street = Choice("", owner.street, id=owner.street_unit_id)
            self._record.suggest("unit_id", street, self._page.tr("网格所在街道"), owner.street)

    @Slot(object)
    def show_suggested(self, found: Suggested) -> None:
        record = self._record
        self._assist.suggestion.show_suggested(found)
        self._assist.emergency.say(found.emergency_line)
        if found.category is not None:
            record.suggest(
                "category_code", found.category, found.category_reason, found.category.text
            )
        if found.unit is not None:
            record.suggest("unit_id", found.unit, found.unit_reason, found.unit.text)
        if found.nature is not None:
            record.suggest("nature", found.nature, found.nature_reason)
        if found.urgency not in (None, Urgency.NORMAL) or "urgency" in record.offered:
            record.suggest("urgency", found.urgency)

    @Slot(object)
    def pick_category(self, choice: Choice) -> None:
        self._record.put_chosen("category_code", choice)
        self.go_back()

    @Slot(object)
    def show_duplicates(self, found: tuple[DuplicateCard, ...]) -> None:
        """Nothing told yet is like everything: on a fresh form the caller's own last record is no duplicate."""
        form = self._record.form()
        self._assist.duplicates.show_duplicates(() if form.blank else found, form)

    @Slot(str)
    def open_like(self, number: str) -> None:
        """A work order named as a reason; the form stays as it is."""
        work = partial(self._desk.like, number)
        self._jobs.read(self, work, self._like_came, self._page.say_trouble, key="like")

    def _like_came(self, ticket_id: int) -> None:
        self._page.open_ticket.emit(ticket_id)

    @Slot(object)
    def show_preview(self, preview: DeadlinePreview) -> None:
        self._page.tasks.preview = preview
        words = preview.words if preview.lines else ""
        self._page.deadline.say(words, preview.warnings[0] if preview.warnings else "")

    @Slot(object)
    def choose_channel(self, channel: Channel) -> None:
        self._record.set_ids(channel=channel)

    # The way back from a panel

    @Slot(QWidget, QWidget)
    def remember(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._record.isAncestorOf(new):
            self._last = new

    @Slot()
    def go_back(self) -> None:
        (self._last or self._record.name).setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        page = self._page
        page.calls.rang.connect(self.adopt)
        page.callers.resident_picked.connect(self.pick_resident)
        page.callers.channel_chosen.connect(self.choose_channel)
        page.lookups.placed.connect(self.show_place)
        page.lookups.suggested.connect(self.show_suggested)
        page.lookups.duplicates_found.connect(self.show_duplicates)
        page.lookups.knowledge_found.connect(self._assist.answers.show_found)
        page.lookups.previewed.connect(self.show_preview)
        self._assist.place.owner_picked.connect(self.pick_owner)
        self._assist.suggestion.category_picked.connect(self.pick_category)
        self._assist.suggestion.number_opened.connect(self.open_like)
        for column in (self._callers, self._assist):
            column.left.connect(self.go_back)
        self._record.focus_moved.connect(self.remember)
