"""`main.py tour --out DIR`: the real windows, one whole case, by keys; leaves pictures, papers and a transcript.

Exits non-zero when any step did not happen in the database, so that CI may run it.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path


def run_tour(out: Path) -> int:
    """Make the tour; 0 when every step came to stand in the database."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from console.tour.guide import Guide
    from console.tour.keyboard import Stuck

    out.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="hotline-tour-"))
    guide = Guide(out.resolve(), work)
    try:
        guide.go()
    except Stuck as stuck:
        guide.give_up(str(stuck))
        print(f"走查未完成：{stuck}", file=sys.stderr)
        return 1
    finally:
        guide.close()
        shutil.rmtree(work, ignore_errors=True)
    print(guide.summary())
    return 0
