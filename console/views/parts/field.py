"""A form field: caption above, hint at the right, the error sentence below; what was typed stays."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.domain.errors import Invalid, InvalidForm, UserError
from console.theme import mark
from console.views.parts.card import label
from console.views.parts.key_cap import KeyCap


class Field(QWidget):
    """Wraps one input. `name` is the domain's field name, by which errors find their place."""

    def __init__(
        self,
        caption: str,
        control: QWidget,
        name: str = "",
        hint: str = "",
        key: str = "",
        required: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name, self.control = name, control
        self.caption = label(caption + (" *" if required else ""), "caption")
        self.hint = label(hint, "muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        if not control.accessibleName():
            control.setAccessibleName(caption)
        self.caption.setBuddy(control)
        self._lay_out(key)

    def _lay_out(self, key: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.caption)
        head.addWidget(self.hint, 1)
        if key:
            head.addWidget(KeyCap(key))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        grows = bool(self.control.sizePolicy().expandingDirections() & Qt.Orientation.Vertical)
        column.addWidget(self.control, 1 if grows else 0)
        column.addWidget(self.error)
        if not grows:
            # Beside a field with an error this one keeps its caption on the same line.
            column.addStretch(1)

    def say(self, hint: str, tone: str = "", tip: str = "") -> None:
        """Change the quiet words at the right; `tip` is what there is no room for."""
        self.hint.setText(hint)
        self.hint.setToolTip(tip or hint)
        if (self.hint.property("tone") or "") != tone:
            mark(self.hint, tone=tone)

    def show_error(self, error: UserError | str) -> None:
        """One sentence and the next step below the field; the text in it is not touched."""
        words = error if isinstance(error, str) else error.sentence
        self.error.setText(words)
        self.error.show()
        self.control.setAccessibleDescription(words)
        mark(self.control, bad=True)

    def clear_error(self) -> None:
        if self.error.isHidden():
            return
        self.error.hide()
        self.control.setAccessibleDescription("")
        mark(self.control, bad=False)

    @property
    def has_error(self) -> bool:
        return not self.error.isHidden()


class Fields:
    """The fields of one form by their domain names; puts each fault of a form beside its field."""

    def __init__(self, *fields: Field) -> None:
        self._fields = {field.name: field for field in fields if field.name}

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def clear_errors(self) -> None:
        for field in self._fields.values():
            field.clear_error()

    def show_errors(self, error: Exception) -> UserError | None:
        """Shows what belongs to a field, focuses the first; returns what has no field, for the message strip."""
        if not isinstance(error, UserError):
            return None
        faults = error.faults if isinstance(error, InvalidForm) else (error,)
        placed = [
            fault for fault in faults if isinstance(fault, Invalid) and fault.field in self._fields
        ]
        for fault in placed:
            self._fields[fault.field].show_error(fault)
        if placed:
            self._fields[placed[0].field].control.setFocus(Qt.FocusReason.OtherFocusReason)
        rest = [fault for fault in faults if fault not in placed]
        return rest[0] if rest else None
