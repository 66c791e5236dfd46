"""Left: who is calling, who lives at that number, what they told us before; and a box to find anyone else."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.domain.intake import CallerCard, PastMatter, Resident
from console.domain.states import STATE_NAMES, TicketState
from console.jobs import Jobs
from console.theme import Tone
from console.views.intake.caller_facts import CallerFacts
from console.views.intake.pick_list import Line, ListCard, PickList
from console.views.intake.services import IntakeDesk
from console.views.intake.side_column import SideColumn
from console.views.parts.card import label, row
from console.views.parts.clock import short_time
from console.views.parts.key_cap import KeyCap
from console.views.parts.type_ahead import TypeAhead

_UNHAPPY = "不满意"
_MATTER_TONES = {
    TicketState.CLOSED: Tone.OK, TicketState.ARCHIVED: Tone.OK, TicketState.ANSWERED: Tone.MUTED,
    TicketState.REJECTED: Tone.MUTED, TicketState.VOID: Tone.MUTED, TicketState.MERGED: Tone.MUTED,
}  # fmt: skip

# The register's one-letter words read like a sex beside 男 and 女.
_RELATION_WORDS = {"子": "儿子", "女": "女儿", "父": "父亲", "母": "母亲"}


class CallerColumn(SideColumn):
    """`resident_picked(Resident)`, `matter_opened(ticket id)`, `channel_chosen(Channel)`; `left` by Esc from a list."""

    resident_picked = Signal(object)
    matter_opened = Signal(object)
    channel_chosen = Signal(object)
    left = Signal()

    def __init__(self, jobs: Jobs, desk: IntakeDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card: CallerCard | None = None
        self.caller, self.at_number, self.before = CallerFacts(), _Residents(), _Matters()
        self.finder = ResidentFinder(jobs, desk)
        for part in (self.caller, self.at_number, self.before, self.finder):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self._connect()
        self.show_nobody()

    def show_caller(self, card: CallerCard, talking: bool = False) -> None:
        self.card = card
        self.caller.show_caller(card, talking)
        self.at_number.show_residents(card.residents)
        self.before.show_matters(card)

    def show_nobody(self) -> None:
        """No call: where else the matter may have come from can be chosen."""
        self.card = None
        self.caller.show_nobody()
        self.at_number.hide()
        self.before.hide()

    def show_person(self, resident: Resident | None) -> None:
        """Who of those at the number is calling."""
        self.caller.show_person(resident)

    def show_full_number(self, number: str) -> None:
        """After a reason was given and logged; masked again with the next caller."""
        self.caller.number.setText(number)

    def pick_resident(self, at: int) -> bool:
        """Alt+1…9."""
        return self.at_number.list.pick(at)

    def focus_matters(self) -> None:
        if self.before.list.lines:
            self.before.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _connect(self) -> None:
        self.at_number.list.picked.connect(self.resident_picked)
        self.finder.picked.connect(self.resident_picked)
        self.before.list.picked.connect(self.matter_opened)
        self.caller.channel.activated.connect(self._channel)
        for part in (self.at_number.list, self.before.list, self.finder.list):
            part.left.connect(self.left)

    @Slot(int)
    def _channel(self, at: int) -> None:
        self.channel_chosen.emit(self.caller.channel.itemData(at))


class _Residents(ListCard):
    def __init__(self) -> None:
        self.count = label("", "muted")
        super().__init__(self.tr("同号登记居民"), self.count, spacing=2)
        self.list = PickList(self.tr("同号登记居民"))
        self.add(self.list)

    def show_residents(self, residents: Sequence[Resident]) -> None:
        self.count.setText(self.tr("{0} 人").format(len(residents)))
        self.list.show_lines(
            [
                resident_line(resident, f"Alt+{at}" if at < 10 else "")
                for at, resident in enumerate(residents, 1)
            ]
        )
        self.setVisible(bool(residents))


class _Matters(ListCard):
    def __init__(self) -> None:
        self.count = label("", "muted")
        super().__init__(
            self.tr("以往来电与工单"), row(self.count, KeyCap("Alt+H"), spacing=6), spacing=2
        )
        self.list = PickList(self.tr("以往来电与工单"))
        self.nothing = label("", "muted", wrap=True)
        self.add(self.list)
        self.pad(self.nothing)

    def show_matters(self, card: CallerCard) -> None:
        matters = sorted(card.matters, key=_open_first)
        running = sum(matter.open for matter in matters)
        self.count.setText(
            self.tr("{0} 件在办").format(running)
            if running
            else self.tr("{0} 件").format(len(matters))
            if matters
            else ""
        )
        self.list.show_lines([matter_line(matter) for matter in matters])
        self.nothing.setText(
            self.tr("以前来过 {0} 次电话，还没有正式工单。").format(card.calls_before)
            if card.calls_before
            else self.tr("这个号码没有以往记录。")
        )
        self.nothing.setVisible(not matters)
        self.show()


class ResidentFinder(ListCard):
    """Other residents, by name, pinyin initials, phone tail or address; `picked(Resident)`."""

    picked = Signal(object)

    def __init__(self, jobs: Jobs, desk: IntakeDesk) -> None:
        super().__init__(self.tr("查居民"), KeyCap("Alt+R"))
        self._jobs, self._desk = jobs, desk
        self.box = TypeAhead(
            self.tr("姓名、拼音首字母、尾号、地址"), free=True, name=self.tr("查居民")
        )
        self.list = PickList(self.tr("查到的居民"))
        self.nothing = label("", "muted", wrap=True)
        self.nothing.hide()
        self.pad(self.box)
        self.add(self.list)
        self.pad(self.nothing)
        self.box.text_edited.connect(self._look)
        self.box.entered.connect(self._into_list)
        self.list.picked.connect(self._pick)

    def clear(self) -> None:
        """The next call is somebody else's."""
        self.box.put("")
        self._found(())

    @Slot(str)
    def _look(self, text: str) -> None:
        if len(text.strip()) < 2:
            self._found(())
            return
        self._jobs.read(
            self,
            partial(self._desk.residents, text.strip()),
            self._found,
            self._not_found,
            key="residents",
        )

    def _found(self, residents: Sequence[Resident]) -> None:
        self.list.show_lines(
            [
                resident_line(resident, str(at) if at < 10 else "")
                for at, resident in enumerate(residents[:9], 1)
            ]
        )
        none = len(self.box.text().strip()) >= 2 and not residents
        self.nothing.setText(self.tr("没有查到。换个写法，或直接填写姓名。") if none else "")
        self.nothing.setVisible(none)

    def _not_found(self, error: Exception) -> None:
        self.nothing.setText(str(error))
        self.nothing.show()

    @Slot(str)
    def _into_list(self, _text: str) -> None:
        if self.list.lines:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot(object)
    def _pick(self, resident: Resident) -> None:
        self.box.put("")
        self.list.show_lines(())
        self.picked.emit(resident)


def resident_line(resident: Resident, key: str) -> Line:
    who = " ".join(
        filter(None, (resident.name, resident.sex, str(resident.age) if resident.age else ""))
    )
    flags = "、".join(resident.care)
    last = short_time(resident.last_contact)
    note = flags or _RELATION_WORDS.get(resident.relation, resident.relation)
    return Line(
        who,
        resident,
        resident.home or last,
        note,
        Tone.VIOLET if flags else Tone.MUTED,
        key,
        strong=True,
    )


def matter_line(matter: PastMatter) -> Line:
    """What came of it at the right; of one in hand the state, and below with whom it is."""
    state = STATE_NAMES[matter.state]
    note = state if matter.open else matter.outcome or state
    holder = matter.outcome if matter.open and matter.outcome != state else ""
    detail = " · ".join(filter(None, (short_time(matter.at), holder)))
    tone = Tone.ACCENT if matter.open else _MATTER_TONES.get(matter.state, Tone.MUTED)
    if _UNHAPPY in matter.outcome:
        # Who was left dissatisfied is treated with care the next time.
        tone = Tone.BAD
    return Line(matter.title, matter.ticket_id, detail, note, tone, strong=matter.open)


def _open_first(matter: PastMatter) -> tuple[bool, float]:
    return not matter.open, -matter.at.timestamp()
