"""What was typed into a form over a case and put aside with Esc: it is there again when the form is opened anew."""

from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPlainTextEdit, QWidget

from console.views.parts.type_ahead import TypeAhead

Texts = dict[int, str]


def typed(dialog: QDialog) -> Texts:
    """The free texts somebody has changed, by their place in the form."""
    return {at: _read(field) for at, field in enumerate(_fields(dialog)) if _changed(field)}


def give_back(dialog: QDialog, texts: Texts) -> None:
    """Put them in again, as typed."""
    fields = _fields(dialog)
    for at, words in texts.items():
        if at < len(fields):
            _put(fields[at], words)


def _fields(dialog: QDialog) -> list[QWidget]:
    """Free texts only, in the order they were made: a choice is not retyped but chosen."""
    found = [*dialog.findChildren(QLineEdit), *dialog.findChildren(QPlainTextEdit)]
    return [one for one in found if not isinstance(one, TypeAhead) and not _in_a_choice(one)]


def _in_a_choice(field: QWidget) -> bool:
    return isinstance(field.parent(), QComboBox) or field.isReadOnly()


def _changed(field: QWidget) -> bool:
    if isinstance(field, QPlainTextEdit):
        return field.document().isModified()
    return bool(field.isModified())


def _read(field: QWidget) -> str:
    return field.toPlainText() if isinstance(field, QPlainTextEdit) else str(field.text())


def _put(field: QWidget, words: str) -> None:
    if isinstance(field, QPlainTextEdit):
        field.setPlainText(words)
        field.document().setModified(True)
    else:
        field.setText(words)
        field.setModified(True)
