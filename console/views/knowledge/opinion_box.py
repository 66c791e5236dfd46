"""有用, 有误, 已过时: one key while talking, words where something is wrong."""

from PySide6.QtCore import Qt, Signal, Slot

from console.domain.knowledge import OPINION_NAMES, WORDS_LIMIT, Opinion
from console.views.knowledge.strip_box import StripBox
from console.views.parts.card import row
from console.views.parts.field import Field, Fields
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit


class OpinionBox(StripBox):
    """`given(Opinion, words)`; stays open until `done`. Esc puts it away, what is typed stays."""

    given = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("反馈"))
        self.kind = Segmented(list(OPINION_NAMES.items()), self.tr("这条知识"))
        self.words = SnippetEdit(self.tr("哪里不对、应当怎样"), WORDS_LIMIT, rows=2)
        hint = self.tr("有误的请写明；编辑据此核实")
        self.fields = Fields(Field(self.tr("说明"), self.words, "text", hint=hint))
        self.send.set_words(self.tr("提交反馈"))
        self.lay_out(row(self.kind, None), self.fields["text"], row(None, self.send))

    @property
    def is_typing(self) -> bool:
        return self.isVisible() and bool(self.words.text.strip())

    def ask(self) -> None:
        """Opens it, or puts it away again."""
        self.setVisible(not self.isVisible())
        if self.isVisible():
            self.kind.choose(self.kind.value or Opinion.USEFUL)
            self.kind.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def done(self) -> None:
        self.words.put("")
        self.kind.choose(None)
        self.fields.clear_errors()
        self.hide()

    @Slot()
    def give(self) -> None:
        self.fields.clear_errors()
        if self.kind.value is not None:
            self.given.emit(self.kind.value, self.words.text)
