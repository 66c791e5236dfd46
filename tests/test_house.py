"""The rules of the house that no linter knows: what is locked, what is shipped, who imports what."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
GPL = re.compile(r"(?<!L)GPL")
ADDRESS = re.compile(r"://|index-url|find-links|trusted-host|(?:[\w-]+\.)+(?:org|com|net|cn|io)\b")


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert not ADDRESS.search((ROOT / lock).read_text(encoding="utf-8"))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    entries = re.split(r"^(?=\w)", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    bare = [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert pins(lock)
    assert not bare


def test_the_developers_lock_holds_the_same_versions() -> None:
    shipped, developers = (pins(lock) for lock in LOCKS)
    assert shipped.items() <= developers.items()


def test_qt_is_pinned_where_signals_are_safe() -> None:
    """docs/decisions/001-pyside6-pin.md"""
    assert pins("requirements.lock")["pyside6-essentials"] == "6.11.3"
    assert pins("requirements.lock")["shiboken6"] == "6.11.3"


# THIRD-PARTY.md


def third_party() -> dict[str, str]:
    """Licence by package name, as the table says."""
    rows = re.findall(
        r"^\| ([\w.-]+) \| ([^|]+) \|", (ROOT / "THIRD-PARTY.md").read_text("utf-8"), re.M
    )
    return {name: licence for name, licence in rows if name != "package"}


def stated_licence(name: str) -> str:
    """What the installed package says of itself: its expression, else its classifiers, else its field."""
    about = metadata(name)
    classifiers = [
        line.split(" :: ")[-1]
        for line in about.get_all("Classifier") or []
        if "OSI Approved" in line
    ]
    stated = (
        about.get("License-Expression") or " / ".join(classifiers) or about.get("License") or ""
    )
    return stated.splitlines()[0]


def test_third_party_lists_exactly_what_is_shipped() -> None:
    assert third_party().keys() == pins("requirements.lock").keys()


def test_third_party_says_what_the_packages_say() -> None:
    differs = {}
    for name, licence in third_party().items():
        try:
            stated = stated_licence(name)
        except PackageNotFoundError:  # one for the other operating system
            continue
        if stated != licence:
            differs[name] = stated
    assert not differs


def test_nothing_shipped_is_gpl_only() -> None:
    """LGPL (Qt, psycopg, stdnum) may be used from files the user can replace; GPL may not be shipped."""
    forbidden = {
        name: licence
        for name, licence in third_party().items()
        if all(GPL.search(choice) for choice in licence.split(" OR "))
    }
    assert not forbidden


# Who imports what


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> set[str]:
    """Top-level names of all modules imported anywhere in a file."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("program", ["dev.py", "main.py"])
def test_programs_start_before_anything_is_installed(program: str) -> None:
    path = ROOT / program
    if not path.exists():
        pytest.skip(f"{program} is not written yet")
    foreign = imported(ast.parse(path.read_text(encoding="utf-8"))) - sys.stdlib_module_names
    assert foreign <= ({"console"} if program == "main.py" else set())


def test_the_domain_needs_nothing_but_python() -> None:
    allowed = sys.stdlib_module_names | {"console"}
    foreign = {path.name: imported(tree) - allowed for path, tree in sources("console/domain")}
    assert not any(foreign.values()), foreign


def test_importing_the_domain_pulls_in_no_qt() -> None:
    assert not (ROOT / "console/__init__.py").read_text().strip()


def test_imports_go_downward() -> None:
    """The contracts of pyproject.toml, as `dev.py lint` checks them."""
    check = "from importlinter.cli import lint_imports_command as check; check()"
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


# What Qt punishes later (docs/architecture.md, threads)


def test_signals_are_connected_to_bound_methods() -> None:
    """A lambda or partial keeps its widget alive, then calls into a deleted one."""
    bad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources("console")
        for node in ast.walk(tree)
        if is_call_of(node, "connect") and any(map(is_closure, node.args))
    ]
    assert not bad


def test_the_gui_thread_never_waits_in_place() -> None:
    forbidden = ("processEvents", "terminate", "sleep")
    bad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in sources("console/views")
        for node in ast.walk(tree)
        if any(is_call_of(node, name) for name in forbidden)
    ]
    assert not bad


def is_call_of(node: ast.AST, method: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method
    )


def is_closure(argument: ast.expr) -> bool:
    if isinstance(argument, ast.Call):
        made_by = argument.func
        return isinstance(made_by, ast.Name) and made_by.id == "partial"
    return isinstance(argument, ast.Lambda)
