"""The composition root: windows come and go, and nothing of the person before stays."""

import weakref

from PySide6.QtCore import SIGNAL
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from console.domain.changes import Changed, Topic
from console.domain.roles import Role, Workplace
from console.theme import Tone
from console.views.call_bar import PhoneState
from console.views.parts.page import Page
from tests.flows.conftest import Running, sweep
from tests.world import operator

ROLES = (
    Role.AGENT, Role.DISPATCHER, Role.STREET_DESK, Role.REVISITOR, Role.CLERK, Role.SUPERVISOR,
)  # fmt: skip


def test_nothing_of_the_persons_before_stays(qtbot, running) -> None:
    console, seen, widgets, listeners = running.console, [], [], []
    for round_ in range(20):
        running.open(ROLES[round_ % len(ROLES)])
        pages = [page for page in console.window.pages.values() if isinstance(page, Page)]
        seen += [weakref.ref(page) for page in (*pages, console.window, console.frame)]
        qtbot.waitUntil(lambda: not console.jobs.is_busy, timeout=10_000)
        del pages
        console.shut_window()
        sweep()
        widgets.append(len(QApplication.allWidgets()))
        listeners.append(console.jobs.receivers(SIGNAL("changed(PyObject)")))
    left = [ref() for ref in seen if ref() is not None]
    assert [one for one in left if isValid(one)] == []
    assert left == []
    assert widgets[-1] <= widgets[len(ROLES)]
    assert set(listeners) == {1}, "the console itself still listens, and nobody else"


def test_what_changed_elsewhere_reaches_the_intake_desk_off_the_gui_thread(qtbot, running) -> None:
    import threading

    running.open(Role.AGENT)
    heard: list[tuple[Changed, bool]] = []
    intake = running.console.desks.intake
    real = intake.heard

    def listen(changed: Changed) -> None:
        heard.append((changed, threading.current_thread() is threading.main_thread()))
        real(changed)

    intake.heard = listen
    running.console.jobs.announce(Changed(frozenset({Topic.TICKETS})))
    running.console.jobs.announce(Changed(frozenset({Topic.KNOWLEDGE})))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(Changed(frozenset({Topic.KNOWLEDGE})), False)]


def test_a_call_taken_begins_without_the_sentence_of_the_last(running) -> None:
    running.open(Role.AGENT)
    window = running.console.window
    intake = window.pages[Workplace.INTAKE]
    window.message.say("已派给清河街道办事处　查询码 684237", Tone.OK)
    intake.call_shown.emit(PhoneState.RINGING, None)
    assert "684237" in running.told, "only ringing: it may still be being read out"
    intake.call_shown.emit(PhoneState.TALKING, None)
    assert running.told == ""


def test_the_agents_desk_is_warm_before_the_first_caller(qtbot, running) -> None:
    running.open(Role.AGENT)
    intake = running.console.desks.intake
    qtbot.waitUntil(lambda: intake._city._found is not None and intake._answers.is_loaded)


def test_the_knowledge_base_is_read_before_the_first_question(qtbot, running) -> None:
    running.open(Role.KB_EDITOR)
    desk = running.console.desks.knowledge
    qtbot.waitUntil(lambda: desk._answers.is_loaded)
    assert running.console.desks.intake._answers is desk._answers


def test_the_clerks_paper_is_warm_before_the_first_form(qtbot, running) -> None:
    running.open(Role.CLERK)
    qtbot.waitUntil(lambda: running.console.desks.paper._fonts is not None, timeout=10_000)


def test_each_operator_has_drafts_of_his_own(qtbot, running, tmp_path) -> None:
    running.open(Role.AGENT)
    running.console.window.pages["intake"].record.content.setPlainText("路灯不亮，刚打了一半")
    running.open(Role.SUPERVISOR)
    qtbot.waitUntil(lambda: not running.console.jobs.is_busy, timeout=10_000)
    folder = tmp_path / "home" / "drafts"
    assert sorted(path.name for path in folder.iterdir()) == ["0002", "0017"]
    assert len(list((folder / "0017").glob("*.draft"))) == 1, "typed a moment before leaving"
    assert not list((folder / "0017").glob("*.alive")), "the journal ended cleanly"
    assert running.console._drafts.all() == ()
    running.open(Role.AGENT)
    assert [draft.form.content for draft in running.console._drafts.all()] == [
        "路灯不亮，刚打了一半"
    ]


def test_a_journal_in_trouble_is_told_once(qtbot, running, tmp_path) -> None:
    running.console.seat.demo = False
    running.console._demo = False
    running.console.seat.sit(operator(Role.AGENT))
    (tmp_path / "home" / "drafts" / "0017").mkdir(parents=True)
    (tmp_path / "home" / "drafts" / "0017" / "broken.draft").write_bytes(b"nonsense")
    running.open(Role.AGENT)
    qtbot.waitUntil(lambda: "密钥" in running.told and "1 份草稿打不开" in running.told)
    running.open(Role.AGENT)
    qtbot.waitUntil(lambda: not running.console.jobs.is_busy, timeout=10_000)
    assert "密钥" not in running.told


def test_leaving_the_program_keeps_what_was_typed(qtbot, qapp, world, tmp_path) -> None:
    made = Running(qapp, world, tmp_path / "home")
    made.open(Role.AGENT)
    made.console.window.pages["intake"].record.content.setPlainText("水管爆了")
    drafts = made.console._drafts
    made.console.close()
    assert [draft.form.content for draft in drafts.all()] == ["水管爆了"]
    assert not list((tmp_path / "home" / "drafts" / "0017").glob("*.alive"))
    made.console.shut_window()
    made.console.deleteLater()
    sweep()
