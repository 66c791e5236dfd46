"""Views count by the database's clock: `database_now`, never the workstation's own (product.md 4)."""

import re
from pathlib import Path

CONSOLE = Path(__file__).resolve().parents[2] / "console"
OWN_CLOCK = re.compile(
    r"datetime\.now\(|datetime\.utcnow\(|date\.today\(|\.current(?:Date|Time|DateTime)\w*\("
)
# Both ends local: how long a call has lasted, when a draft was kept on this machine; and the clock itself.
LOCAL = {
    "views/parts/clock.py",
    "views/call_bar.py",
    "views/intake/calls.py",
    "views/intake/outcome.py",
    "services/clock.py",
    "services/drafts/journal.py",
}


def asks_its_own_clock() -> set[str]:
    found = set()
    for folder in ("views", "services", "ledger"):
        for path in (CONSOLE / folder).rglob("*.py"):
            if OWN_CLOCK.search(path.read_text("utf-8")):
                found.add(path.relative_to(CONSOLE).as_posix())
    return found


def test_nobody_counts_by_the_workstations_clock() -> None:
    assert asks_its_own_clock() <= LOCAL
