"""The figures of docs/memory.md on invented messages: `python -m tests.memory.measure --out DIR [--seed N]`.

Goes through the commands themselves: sheets are written, `main.py train` and `main.py suggest` read them.
"""

import argparse
import csv
import sys
from pathlib import Path

from console import commands
from tests.memory.invented import Invented, invented, write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=101)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    rows = invented(10_000, options.seed)
    for learned, tried in ((6500, 1500), (300, 1500), (8000, 2000)):
        _say(f"— learned from the first {learned}, tried on the next {tried}")
        model = options.out / f"{learned}.npz"
        write(rows[:learned], options.out / "learn.csv")
        write(rows[learned : learned + tried], options.out / "try.csv")
        commands.run(
            ["train", "--from", str(options.out / "learn.csv"), "--out", str(model), "--quick"]
        )
        _suggest(options.out, "try.csv", "--model", str(model))
    _say("— no history: the words of the seven names alone")
    _suggest(options.out, "try.csv", "--words-only")
    _say("— the earlier report of the same matter, all 10000")
    write(rows, options.out / "all.csv")
    _suggest(options.out, "all.csv", "--words-only")
    _say(_earlier(rows, options.out / "answer.csv"))


def _suggest(folder: Path, name: str, *more: str) -> None:
    commands.run(
        ["suggest", "--from", str(folder / name), "--out", str(folder / "answer.csv"), *more]
    )


def _earlier(rows: list[Invented], path: Path) -> str:
    """How often one of the five earlier rows named is about the same matter, of those that have one."""
    group = [row.same_as if row.same_as >= 0 else at for at, row in enumerate(rows)]
    again = first = found = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for at, answer in enumerate(csv.DictReader(file)):
            if rows[at].same_as < 0:
                continue
            # Line 1 are the headings.
            named = [
                group[int(line) - 2] == group[at]
                for n in range(1, 6)
                if (line := answer[f"earlier_{n}_line"])
            ]
            again, first, found = (
                again + 1,
                first + bool(named[:1] and named[0]),
                found + any(named),
            )
    return f"{again} reports of an earlier matter: first {first / again:.3f}, among five {found / again:.3f}"


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
