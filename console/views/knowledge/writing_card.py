"""The form in place of the answer while a version is being written."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from console.domain.errors import UserError
from console.domain.knowledge import EntryFile, EntryText
from console.views.knowledge.entry_form import EntryForm
from console.views.parts.card import Card, label, row, scrolled


class WritingCard(Card):
    """`begin(file or None, text, category)`; `given()` is what is written, None while a field of it is wrong.

    What is left without storing it is there again when the form is opened for the same version.
    """

    def __init__(self, form: EntryForm, buttons: Sequence[QWidget]) -> None:
        super().__init__(padding=16, spacing=12)
        self.form, self.file = form, None
        self.head = label("", "title")
        self._left: dict[int | None, EntryText] = {}
        self.add(self.head, scrolled(form), row(None, *buttons))
        self.body.setStretch(1, 1)

    file: EntryFile | None

    def begin(self, file: EntryFile | None, text: EntryText, category: str) -> None:
        self.file = file
        words = self.tr("修改　第 {0} 版").format(file.version) if file else self.tr("写新条目")
        self.head.setText(words)
        self.form.put(text, category)
        left = self._left.pop(self._key, None)
        if left is not None:
            self.form.put(left, category if left.category_code == text.category_code else "")
        self.form.title.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def given(self) -> EntryText | None:
        self.form.fields.clear_errors()
        try:
            return self.form.collect()
        except UserError as error:
            self.form.fields.show_errors(error)
            return None

    def keep(self, text: EntryText) -> bool:
        """Put by what is not stored; False where nothing was changed."""
        if not self.form.is_changed:
            return False
        self._left[self._key] = text
        return True

    @property
    def _key(self) -> int | None:
        return self.file.id if self.file is not None else None
