"""F3 to the map: a school is typed, taken by Enter, and its grid and leader stand beside the map."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.domain.roles import Role
from console.views.map import MapDialog
from db.models import AddressBookEntry
from tests.flows.conftest import Running


def typed(qtbot, window, words: str):
    line = window.call_bar.find
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    line.clear()
    QTest.keyClicks(line, words)
    finder = next(f for f in window.children() if type(f).__name__ == "Finder")
    qtbot.waitUntil(lambda: finder.is_open and any(h.badge == "学校" for h in finder.list.hits))
    while finder.list.current.badge != "学校":
        QTest.keyClick(line, Qt.Key.Key_Down)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_a_school_opens_the_map_at_its_grid(qtbot, running: Running, world) -> None:
    with world.writing.begin() as session:
        for name, grid_id in (("望台小学", 30), ("文昌小学", 32)):
            session.add(AddressBookEntry(name=name, kind="学校", place="某路1号", grid_id=grid_id))
    running.open(Role.AGENT)
    window = running.console.window
    typed(qtbot, window, "wtxx")
    qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(MapDialog)))
    (dialog,) = window.findChildren(MapDialog)
    card = dialog.panel.point_card
    qtbot.waitUntil(lambda: "清风社区" in card.path.text())
    assert card.rule.text() == "按学校：望台小学（某路1号）"
    assert "刘**" in card.people.text()
    assert card.chip.text() == "望台小学"
    typed(qtbot, window, "wcxx")
    qtbot.waitUntil(lambda: "桂花社区" in card.path.text())
    assert len(window.findChildren(MapDialog)) == 1, "the map that is open is used"
