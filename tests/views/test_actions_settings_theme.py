"""The tables everything reads: actions, settings, colours."""

import json
from collections import Counter
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from console import settings as declared
from console.actions import ACTIONS, PLACES, ActionId, actions_of, add_action, places_of
from console.domain.roles import WORKPLACES, Role, Workplace
from console.settings import DATABASE, SETTINGS, SPEECH_RATE, THEME, Setting, Settings
from console.theme import DARK, LIGHT, RESOURCES, Colours, Scheme, Theme, Tone, contrast, icon
from console.views.parts.key_cap import ActionButton


@pytest.mark.parametrize(("place", "role"), list(product(Workplace, Role)))
def test_no_two_actions_of_one_place_share_a_key(place, role):
    keys = Counter(
        QKeySequence(a.shortcut).toString() for a in actions_of(place, role) if a.shortcut
    )
    assert [key for key, times in keys.items() if times > 1] == []
    assert not {f"Ctrl+{n}" for n in range(1, 10)} & set(keys), "those are the workplaces'"


def test_every_action_is_complete():
    assert {a.id for a in ACTIONS} == set(ActionId)
    assert set(PLACES) == set(Workplace)
    for action in ACTIONS:
        assert action.text
        assert not QKeySequence(action.shortcut).isEmpty()
        assert action.shortcut != "Esc", "Esc never does anything but close"
        # Ctrl+Z alone is shared: it undoes the last deed, or in a text what was typed.
        assert action.shortcut not in ("Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+A", "Ctrl+Y"), (
            "those belong to the text"
        )


def test_every_glyph_exists(qapp):
    import qtawesome

    for glyph in {a.glyph for a in ACTIONS} | {p.glyph for p in PLACES.values()}:
        assert qtawesome.charmap(glyph)
        assert not icon(glyph).pixmap(16, 16).isNull()


def test_places_follow_the_rail():
    for role in Role:
        assert set(places_of(role)) == set(WORKPLACES[role])
    assert places_of(Role.AGENT, frozenset({Workplace.ORDERS})) == (Workplace.ORDERS,)


def test_a_hidden_page_does_not_hear_its_keys(qtbot):
    window, heard = QWidget(), []
    qtbot.addWidget(window)
    page, other = QWidget(window), QWidget(window)

    class Slots(QWidget):
        def first(self) -> None:
            heard.append("first")

        def second(self) -> None:
            heard.append("second")

    slots = Slots(window)
    add_action(page, ActionId.SUBMIT, slots.first)
    add_action(other, ActionId.REPLY, slots.second)
    other.hide()
    line = QLineEdit(window)
    window.show()
    window.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClick(line, Qt.Key.Key_F8)
    assert heard == ["first"]


def test_a_button_follows_its_action(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    action = add_action(page, ActionId.SUBMIT, page.update)
    button = ActionButton(action, "primary")
    qtbot.addWidget(button)
    assert button.accessibleName() == "提交并派单 F8"
    action.setEnabled(False)
    assert not button.isEnabled()


def test_a_setting_is_kept_and_checked(tmp_path):
    kept = Settings(tmp_path / "s.json")
    assert kept.get(THEME) == "system"
    kept.put(THEME, "dark")
    assert Settings(tmp_path / "s.json").get(THEME) == "dark"
    for setting, wrong in ((THEME, "pink"), (SPEECH_RATE, "fast"), (SPEECH_RATE, True)):
        with pytest.raises(ValueError, match="does not fit"):
            kept.put(setting, wrong)


def test_an_unknown_setting_fails(tmp_path):
    with pytest.raises(KeyError):
        Settings(tmp_path / "s.json").get(Setting("colour", str, "", ""))


def test_no_setting_is_or_carries_a_secret(tmp_path):
    assert not [
        key for key in SETTINGS if any(word in key for word in ("password", "secret", "token"))
    ]
    with pytest.raises(ValueError, match="vault"):
        Settings(tmp_path / "s.json").put(DATABASE, "postgresql://li:secret@host/hotline")


def test_every_declared_setting_is_in_the_table():
    found = {value.key for value in vars(declared).values() if isinstance(value, Setting)}
    assert found == set(SETTINGS)
    assert all(type(s.default) is s.kind and s.label for s in SETTINGS.values())


def test_a_spoilt_file_gives_defaults(tmp_path):
    path = tmp_path / "s.json"
    path.write_text(json.dumps({"theme": "pink", "gone": 1, "speech_rate": 150}), encoding="utf-8")
    assert Settings(path).get(THEME) == "system"
    assert Settings(path).get(SPEECH_RATE) == 150


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_letters_can_be_read_on_every_ground(scheme: Colours):
    for tone in Tone:
        for ground in (scheme.bg, scheme.surface, scheme.hover, scheme.selected, scheme.wash(tone)):
            assert contrast(scheme.ink(tone), ground) >= 4.5, (tone, ground)
    assert contrast(scheme.on_accent, scheme.accent) >= 4.5
    for wash in (
        scheme.ok_soft,
        scheme.warn_soft,
        scheme.bad_soft,
        scheme.violet_soft,
        scheme.soft,
    ):
        assert contrast(scheme.muted, wash) >= 4.5
        assert contrast(scheme.accent, wash) >= 4.5


def test_the_theme_changes_live_and_icons_with_it(qapp):
    theme = Theme(qapp, Scheme.LIGHT)
    made = icon("fa6s.phone", Tone.BAD)
    light = made.pixmap(32, 32).toImage()
    theme.choose(Scheme.DARK)
    assert theme.is_dark
    assert made.pixmap(32, 32).toImage() != light
    assert theme.toggle() is Scheme.LIGHT


def test_the_sheet_names_only_known_colours_and_files():
    import re

    sheet = (RESOURCES / "style" / "console.qss.in").read_text(encoding="utf-8")
    names = set(re.findall(r"@(\w+)", sheet.split("*/", 1)[1]))
    assert names <= set(Colours.__dataclass_fields__)
    for file in re.findall(r"style:([\w@-]+\.svg)", sheet):
        for scheme in ("light", "dark"):
            assert (RESOURCES / "style" / file.replace("@name", scheme)).exists()


def test_a_button_is_big_enough_for_its_words_at_any_kind(qtbot):
    for kind in ("", "primary", "danger", "quiet"):
        button = QPushButton("提交并派单")
        button.setProperty("kind", kind)
        qtbot.addWidget(button)
        assert button.sizeHint().width() > button.fontMetrics().horizontalAdvance(button.text())
