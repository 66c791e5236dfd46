"""What the documents say is there: pictures, links, keys, packages; and nothing of the machine they were written on."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

import dev
from console.actions import ACTIONS, actions_of
from console.domain.roles import WORKPLACES, Role
from console.views.intake.record_fields import NATURE_LETTERS

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "guide"
PICTURES = ROOT / "docs" / "pictures"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDES = sorted(GUIDE.glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
BOLD = re.compile(r"(?<!\\)\*\*([^*]+)\*\*")
SOMEWHERE_ELSE = ("http://", "https://", "#", "mailto:")

# Whose page it is; index and questions speak to everybody.
READERS: dict[str, tuple[Role, ...]] = {
    "agent.md": (Role.AGENT,),
    "dispatcher.md": (Role.DISPATCHER,),
    "unit.md": (Role.STREET_DESK, Role.LIAISON, Role.GRID_LEADER),
    "grid.md": (Role.GRID_WORKER, Role.GRID_LEADER),
    "callback.md": (Role.REVISITOR,),
    "linkage.md": (Role.AGENT, Role.DISPATCHER, Role.SUPERVISOR),
    "clerk.md": (Role.CLERK,),
    "supervisor.md": (Role.SUPERVISOR,),
    "overseer.md": (Role.OVERSEER,),
}
# Keys that are no actions: where each is made, and the words there that make it.
KEYS_OF_PAGES: dict[str, tuple[str, str]] = {
    "Esc": ("console/views/key_sheet.py", '("Esc"'),
    "Tab": ("console/views/key_sheet.py", "Tab"),
    "Enter": ("console/views/parts/table.py", "Key_Return"),
    "Space": ("console/views/parts/table.py", "Key_Space"),
    "Up": ("console/views/parts/segmented.py", "Key_Up"),
    "Down": ("console/views/parts/segmented.py", "Key_Down"),
    "Left": ("console/views/parts/segmented.py", "Key_Left"),
    "Right": ("console/views/parts/segmented.py", "Key_Right"),
    "PageUp": ("console/views/reports/paper_view.py", "Key_PageUp"),
    "PageDown": ("console/views/reports/paper_view.py", "Key_PageDown"),
    "Shift+Down": ("console/views/parts/table.py", "ExtendedSelection"),
    "Ctrl+A": ("console/views/archive/archive_panel.py", '"Ctrl+A"'),
    "Ctrl+J": ("console/views/archive/archive_panel.py", '"Ctrl+J"'),
    "Alt+L": ("console/views/sign_in.py", '"Alt+L"'),
    "Alt+Left": ("console/views/registers/duty_view.py", '"Alt+Left"'),
    "Alt+Right": ("console/views/registers/duty_view.py", '"Alt+Right"'),
    "Alt+T": ("console/views/connection.py", '"Alt+T"'),
    "Ctrl+Enter": ("console/views/intake/tasks.py", '"Ctrl+Enter"'),
    **{str(n): ("console/views/parts/segmented.py", "Key_1") for n in range(1, 10)},
    **{f"Ctrl+{n}": ("console/views/main_window.py", 'f"Ctrl+{at + 1}"') for n in range(1, 10)},
    **{f"Alt+{n}": ("console/views/intake/page.py", 'f"Alt+{at + 1}"') for n in range(1, 10)},
    **{
        f"Alt+{letter}": ("console/views/parts/segmented.py", "letters")
        for letter in NATURE_LETTERS
    },
}
_NAMES = {"回车": "Enter", "空格": "Space", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right"}
# A home folder, a temporary one, a drive's users; a registry or a proxy of one.
_OF_A_MACHINE = re.compile(
    r"/root/|/home/\w|/tmp/|/wor[k]/|/Users/\w|[A-Z]:\\Users|\b(?:pypi|mirror|nexus|artifactory|simple)\.[\w.]+"
    r"|--index-url|files\.python\w+|\b(?:10|172|192)\.\d+\.\d+\.\d+|localhost:\d"
)


def keys_in(path: Path) -> Iterator[str]:
    """Bold is for keys only (docs/guide/README.md says so to its readers)."""
    for found in BOLD.findall(path.read_text(encoding="utf-8")):
        *modifiers, key = found.split("+")
        yield "+".join((*modifiers, _NAMES.get(key, key)))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_picture_and_link_is_there(document: Path) -> None:
    targets = [
        t for t in LINK.findall(document.read_text("utf-8")) if not t.startswith(SOMEWHERE_ELSE)
    ]
    missing = [t for t in targets if not (document.parent / unquote(t.split("#")[0])).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_a_document_names_no_machine(document: Path) -> None:
    assert not _OF_A_MACHINE.findall(document.read_text("utf-8"))


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_every_key_of_a_guide_exists(guide: Path) -> None:
    known = {action.shortcut for action in ACTIONS} | set(KEYS_OF_PAGES)
    assert set(keys_in(guide)) <= known


@pytest.mark.parametrize("page", READERS)
def test_a_reader_has_the_keys_of_his_page(page: str) -> None:
    own = {
        action.shortcut
        for role in READERS[page]
        for place in WORKPLACES[role]
        for action in actions_of(place, role)
    }
    assert set(keys_in(GUIDE / page)) <= own | set(KEYS_OF_PAGES)


def test_keys_of_pages_are_made_where_they_are_said_to_be() -> None:
    for key, (source, words) in KEYS_OF_PAGES.items():
        assert words in (ROOT / source).read_text("utf-8"), (key, source)


def test_every_guide_is_in_the_index() -> None:
    linked = set(LINK.findall((GUIDE / "README.md").read_text("utf-8")))
    assert {guide.name for guide in GUIDES} - {"README.md"} <= linked


def test_pictures_are_small_and_every_one_is_shown() -> None:
    shown = {Path(t).name for d in DOCUMENTS for t in LINK.findall(d.read_text("utf-8"))}
    sizes = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert set(sizes) <= shown
    assert max(sizes.values()) <= 250_000
    assert sum(sizes.values()) <= 4_000_000


def test_every_picture_can_be_taken_again() -> None:
    from tests import screens
    from tools.make_pictures import EVERY, VIEWS

    screens._find_screens()
    assert {path.stem for path in PICTURES.glob("*.png")} == set(EVERY)
    assert set(VIEWS.values()) <= set(screens.SCREENS)


def test_operations_names_every_package_dev_installs() -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    packages = {*dev.LIBRARIES.values(), *dev.PROGRAMS.values(), dev.CHINESE_FONT}
    assert not [package for package in packages if f"{package}" not in text]
