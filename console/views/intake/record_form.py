"""The record: what stands in its fields as an IntakeForm, and what was suggested as against chosen."""

import re
from dataclasses import replace
from uuid import uuid4

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from console.domain.intake import Choice, IntakeForm
from console.domain.states import Nature, Urgency
from console.theme import mark
from console.views.intake.record_fields import RecordFields
from console.views.parts.type_ahead import TypeAhead

TITLE_LENGTH = 25
# Why is said in full in the card 建议; over the field there is room for the one word.
_EXPLAINED = ("nature", "urgency", "category_code", "unit_id")
_CLAUSE_END = re.compile(r"[。！？!?；;\n，,]")
SUGGESTABLE = ("name", "address", "title", "nature", "urgency", "category_code", "unit_id")


class RecordForm(RecordFields):
    """`form` and `put` are inverse to the character, the cursor and half-typed choices included.

    A suggestion fills a field only while the operator has put nothing there and is not in it; what the operator
    typed or chose is never touched. `changed(name)` tells of every change, `asked(name, text)` wants offers.
    """

    changed = Signal(str)
    focus_moved = Signal(QWidget, QWidget)
    asked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = fresh()
        self._caller_phone = ("", "")
        self._mine: set[str] = set()
        self._offered: dict[str, tuple[object, str, str]] = {}
        self._filling = False
        self._connect()
        self.put(self._base)

    # What stands in the form

    @property
    def key(self) -> str:
        return self._base.key

    @property
    def ids(self) -> IntakeForm:
        """The form without its texts: call, person, grid, ticket."""
        return self._base

    def set_ids(self, **values: object) -> None:
        """Call, person, grid: what is not typed."""
        self._base = replace(self._base, **values)

    def form(self) -> IntakeForm:
        category, unit = self.category.value, self.unit.value
        texts = {name: line.text() for name, line in self.lines.items()}
        return replace(
            self._base,
            **texts,
            full_phone=self._base.full_phone or self.full_contact,
            contact_phone=self.full_contact,
            content=self.content.text,
            nature=self.nature.value,
            urgency=self.urgency.value or Urgency.NORMAL,
            category_code=category.key if category else "",
            unit_id=unit.id if unit else None,
            co_unit_ids=tuple(number for number, _name in self.co_units.units),
            reply_wanted=self.reply_wanted.isChecked(),
            confidential=self.confidential.isChecked(),
            anonymous=self.anonymous.isChecked(),
            screen=self._screen(),
        )

    def put(self, form: IntakeForm) -> None:
        """Show a form: a fresh one, a draft found again, or one brought back by undo."""
        self._filling = True
        screen = dict(form.screen)
        self._base = replace(form, screen=())
        self._offered.clear()
        for name, line in self.lines.items():
            line.put(getattr(form, name))
        self.content.put(form.content)
        self._put_contact(form)
        self._put_choices(form, screen)
        self.reply_wanted.setChecked(form.reply_wanted)
        self.confidential.setChecked(form.confidential)
        self.anonymous.setChecked(form.anonymous)
        self._show_conditional()
        self.fields.clear_errors()
        self._mine = set(screen.get("mine", "").split()) if form.screen else self._filled()
        for name in SUGGESTABLE:
            self._show_origin(name, "")
        self._filling = False

    def _filled(self) -> set[str]:
        """Of a form that came without its screen everything filled counts as chosen; 一般 is only the default."""
        return {name for name in SUGGESTABLE if name != "urgency" and not self._is_empty(name)}

    def place_cursor(self, form: IntakeForm) -> None:
        """Back into the field and to the character where the operator stood."""
        name, _, at = dict(form.screen).get("cursor", "").partition(":")
        control = self._controls.get(name)
        if control is None:
            return
        control.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(control, QLineEdit):
            control.deselect()
            control.setCursorPosition(int(at or 0))
        elif isinstance(control, QPlainTextEdit):
            cursor = control.textCursor()
            # In Qt's 16-bit units, in which 𡐓 is two.
            last = control.document().characterCount() - 1
            cursor.setPosition(min(int(at or 0), last))
            control.setTextCursor(cursor)

    # The contact number stands masked while it is the caller's own

    @property
    def full_contact(self) -> str:
        masked, full = self._caller_phone
        shown = self.contact_phone.text()
        return full if masked and shown == masked else shown

    def put_caller(self, masked: str, full: str) -> None:
        """The caller's number becomes the contact number unless another was typed."""
        if not self.contact_phone.text() or self.contact_phone.text() == self._caller_phone[0]:
            self._caller_phone = (masked, full)
            self.contact_phone.put(masked)
        else:
            self._caller_phone = (masked, full)
        self.set_ids(full_phone=full)
        self.by_name["contact_phone"].say(
            self.tr("同来电号码") if self.full_contact == full and full else ""
        )

    # Suggestions

    def suggest(self, name: str, value: object, reason: str = "", text: str = "") -> None:
        """Offer a value for a field; it is filled in as 建议 now or when the operator leaves the field empty."""
        self._offered[name] = (value, reason, text)
        self._apply(name)

    def put_inquiry(self, question: str) -> None:
        """An answer is cited before anything was written: the question it answers is what was asked."""
        if not self.content.text.strip():
            self.content.put(self.tr("咨询：{0}").format(question))
        if self.nature.value is None:
            self.suggest("nature", Nature.INQUIRY, self.tr("引用了知识答案"))

    def is_suggested(self, name: str) -> bool:
        return name not in self._mine and name in self._offered and not self._is_empty(name)

    @property
    def offered(self) -> frozenset[str]:
        """The fields for which something was suggested."""
        return frozenset(self._offered)

    def put_chosen(self, name: str, value: object) -> None:
        """The operator picked it somewhere else than in the field: it counts as theirs."""
        control = self._controls[name]
        self._filling = True
        control.put(getattr(value, "text", value), value if isinstance(value, Choice) else None)
        self._filling = False
        self._own(name)
        self.changed.emit(name)

    def fill_under_hands(self, name: str, text: str, reason: str) -> None:
        """Fill the empty field the operator stands in, all of it selected: the next key replaces it."""
        self._offered[name] = (text, reason, text)
        control = self._controls[name]
        self._filling = True
        control.put(text)
        control.selectAll()
        self._filling = False
        self._show_origin(name, reason)
        self.changed.emit(name)

    @Slot(QWidget, QWidget)
    def _focus_moves(self, old: QWidget | None, new: QWidget | None) -> None:
        self.focus_moved.emit(old, new)
        for name in tuple(self._offered):
            self._apply(name)

    def _apply(self, name: str) -> None:
        control = self._controls[name]
        if name in self._mine or control.hasFocus():
            return
        value, reason, text = self._offered[name]
        self._filling = True
        before = self._value_of(name)
        if isinstance(control, TypeAhead):
            control.put(text or str(value or ""), value if isinstance(value, Choice) else None)
        else:
            control.choose(value)
        self._filling = False
        self._show_origin(name, reason)
        if before != self._value_of(name):
            self.by_name[name].clear_error()
            self.changed.emit(name)

    def _show_origin(self, name: str, reason: str) -> None:
        suggested = self.is_suggested(name)
        words = " · ".join(filter(None, (self.tr("建议"), reason))) if suggested else ""
        short = self.tr("建议") if suggested and name in _EXPLAINED else words
        self.by_name[name].say(short, "accent" if suggested else "", words)
        mark(self._controls[name], suggested=suggested)

    def _is_empty(self, name: str) -> bool:
        control = self._controls[name]
        return not control.text() if isinstance(control, QLineEdit) else control.value is None

    def _value_of(self, name: str) -> object:
        control = self._controls[name]
        return (control.text(), control.value) if isinstance(control, TypeAhead) else control.value

    # What the operator does

    def _connect(self) -> None:
        self._controls: dict[str, QWidget] = dict(self.lines) | {
            "contact_phone": self.contact_phone,
            "content": self.content,
            "nature": self.nature,
            "urgency": self.urgency,
            "category_code": self.category,
            "unit_id": self.unit,
            "co_unit_ids": self.co_units.line,
        }
        for name, control in self._controls.items():
            control.setProperty("fieldName", name)
            if isinstance(control, TypeAhead):
                control.textChanged.connect(self._text_changed)
                control.text_edited.connect(self._asks)
                control.chosen.connect(self._text_changed)
        self.content.textChanged.connect(self._content_changed)
        for segments in (self.nature, self.urgency):
            segments.chosen.connect(self._text_changed)
        self.co_units.changed.connect(self._boxes_changed)
        for box in (self.reply_wanted, self.confidential, self.anonymous):
            box.toggled.connect(self._boxes_changed)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moves)

    @Slot()
    def _text_changed(self, *_what: object) -> None:
        if self._filling:
            return
        control = self.sender()
        name = control.property("fieldName") if control else ""
        if not name:
            return
        self._own(name)
        if name == "contact_phone":
            self.by_name[name].say(
                self.tr("同来电号码") if self.full_contact == self._caller_phone[1] != "" else ""
            )
        self.changed.emit(name)

    def _own(self, name: str) -> None:
        """What the operator put there is theirs; an emptied field may be suggested again."""
        self.by_name[name].clear_error()
        if name not in SUGGESTABLE:
            return
        if self._is_empty(name):
            self._mine.discard(name)
        else:
            self._mine.add(name)
        self._show_origin(name, "")

    @Slot()
    def _content_changed(self) -> None:
        if self._filling:
            return
        self.by_name["content"].clear_error()
        self._count()
        self.suggest("title", first_clause(self.content.text))
        self.changed.emit("content")

    def _count(self) -> None:
        count = self.content.characters
        over = self.tr("{0} 字，超出上限 {1} 字") if self.content.is_over else self.tr("{0} 字")
        words = over.format(count, len(self.content.text) - 10_000) if self.content.text else ""
        self.by_name["content"].say(words, "bad" if self.content.is_over else "")

    @Slot()
    def _boxes_changed(self, *_what: object) -> None:
        if not self._filling:
            self._show_conditional()
            self.changed.emit("flags")

    def _show_conditional(self) -> None:
        self.by_name["confidential_reason"].setVisible(self.confidential.isChecked())
        if self.respondent.text() or self.opinion.text():
            self.more.show()
        self._count()

    @Slot(str)
    def _asks(self, text: str) -> None:
        self.asked.emit(self.sender().property("fieldName"), text)

    def show_more(self, room: bool) -> None:
        """被反映对象 and 转办意见 when there is room for them, and always while they hold something."""
        used = any(line.text() or line.hasFocus() for line in (self.respondent, self.opinion))
        self.more.setVisible(room or used)

    # Saved with the form, for the window alone

    def _screen(self) -> tuple[tuple[str, str], ...]:
        kept = {
            "category": self.category.text(),
            "unit": self.unit.text(),
            "mine": " ".join(sorted(self._mine)),
            "co_units": "\x1f".join(name for _number, name in self.co_units.units),
            "co_typed": self.co_units.line.text(),
            "cursor": self._cursor(),
            "urgency": str(self.urgency.value or ""),
            "masked": self._caller_phone[0],
        }
        return tuple((name, value) for name, value in kept.items() if value)

    def _cursor(self) -> str:
        for name, control in self._controls.items():
            if control.hasFocus():
                at = control.textCursor().position() if isinstance(control, QPlainTextEdit) else 0
                return (
                    f"{name}:{control.cursorPosition() if isinstance(control, QLineEdit) else at}"
                )
        return ""

    def _put_contact(self, form: IntakeForm) -> None:
        masked = dict(form.screen).get("masked", "")
        same = bool(masked) and form.contact_phone == form.full_phone
        self._caller_phone = (masked, form.full_phone) if masked else ("", "")
        self.contact_phone.put(masked if same else form.contact_phone)
        self.by_name["contact_phone"].say(self.tr("同来电号码") if same else "")

    def _put_choices(self, form: IntakeForm, screen: dict[str, str]) -> None:
        words = screen.get("category", form.category_code)
        self.category.put(words, Choice(form.category_code, words) if form.category_code else None)
        words = screen.get("unit", "")
        self.unit.put(words, Choice("", words, id=form.unit_id) if form.unit_id else None)
        names = filter(None, screen.get("co_units", "").split("\x1f"))
        self.co_units.put(tuple(zip(form.co_unit_ids, names, strict=False)))
        self.co_units.line.put(screen.get("co_typed", ""))
        self.nature.choose(form.nature)
        self.urgency.choose(Urgency(screen["urgency"]) if screen.get("urgency") else form.urgency)


def fresh(**values: object) -> IntakeForm:
    """A form with a key of its own: the key makes submitting idempotent (architecture, nothing typed is lost)."""
    return replace(IntakeForm(key=uuid4().hex), **values)


def first_clause(content: str) -> str:
    """The first clause of what was told, at most 25 characters: good enough a title in most calls."""
    words = next((part.strip() for part in _CLAUSE_END.split(content) if len(part.strip()) > 3), "")
    return words[:TITLE_LENGTH]
