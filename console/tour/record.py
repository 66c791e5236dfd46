"""What the tour leaves behind: one line per step with keys and milliseconds, pictures, and the verdict."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from console.jobs import StallMeter
from console.tour.keyboard import Keyboard


@dataclass
class StepRecord:
    """One step of the case, as it stands in `transcript.json`."""

    step: str
    name: str
    role: str
    ticket: str = ""
    milliseconds: int = 0
    keys: int = 0
    words: int = 0
    pressed: list[str] = field(default_factory=list)
    longest_stall_ms: float = 0.0
    in_database: str = ""


class Transcript:
    """Collects steps. A stall while a window is being built is the tour's own changing of seats, not an operator's."""

    def __init__(self, out: Path, meter: StallMeter) -> None:
        self.out, self.ticket = out, ""
        self._meter, self._begun = meter, time.perf_counter()
        self._worst, self._aside = 0.0, 0.0
        self.steps: list[StepRecord] = []

    @contextmanager
    def step(self, step: str, name: str, role: str, keyboard: Keyboard) -> Iterator[StepRecord]:
        record = StepRecord(step, name, role)
        keys, words, pressed = keyboard.keys, keyboard.words, len(keyboard.pressed)
        self._meter.reset()
        self._worst = self._aside = 0.0
        begun = time.perf_counter()
        yield record
        record.milliseconds = round((time.perf_counter() - begun - self._aside) * 1000)
        record.keys, record.words = keyboard.keys - keys, keyboard.words - words
        record.pressed = keyboard.pressed[pressed:]
        record.longest_stall_ms = round(max(self._worst, self._meter.longest_ms), 1)
        record.ticket = self.ticket
        self.steps.append(record)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Taking a picture is the tour's own work: its time and its stalls are not the operator's."""
        self._worst = max(self._worst, self._meter.longest_ms)
        begun = time.perf_counter()
        yield
        self._aside += time.perf_counter() - begun
        self._meter.reset()

    def write(self, verdict: str, papers: dict[str, object]) -> None:
        """`transcript.json`: steps, totals, papers, and the sentence that says how it went."""
        worst = max((s.longest_stall_ms for s in self.steps), default=0.0)
        totals = {
            "steps": len(self.steps),
            "keys": sum(s.keys for s in self.steps),
            "words": sum(s.words for s in self.steps),
            "milliseconds": round((time.perf_counter() - self._begun) * 1000),
            "longest_stall_ms": worst,
            "keys_from_ring_to_dispatched": sum(
                s.keys for s in self.steps if s.step in INTAKE_STEPS
            ),
        }
        content = {
            "verdict": verdict,
            "totals": totals,
            "papers": papers,
            "steps": [asdict(s) for s in self.steps],
        }
        path = self.out / "transcript.json"
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


INTAKE_STEPS = frozenset({"来电", "认出来电人", "记录诉求", "找到网格", "派单"})
