"""How freshness, visits and states of the registers look: shape, colour and words together."""

from console.domain.registers.freshness import Checked, Freshness
from console.domain.registers.matrix import Occupancy
from console.domain.registers.visits import Due
from console.theme import Tone
from console.views.parts.light_label import Mark, Shape

_FRESH = {
    Freshness.FRESH: (Shape.RING, Tone.OK),
    Freshness.AGEING: (Shape.DISC, Tone.WARN),
    Freshness.STALE: (Shape.SQUARE, Tone.BAD),
    Freshness.NEVER: (Shape.DASH, Tone.MUTED),
}
_DUE = {
    Due.OVERDUE: (Shape.SQUARE, Tone.BAD),
    Due.SOON: (Shape.DISC, Tone.WARN),
    Due.AHEAD: (Shape.RING, Tone.OK),
    Due.LATER: (Shape.RING, Tone.MUTED),
}
OCCUPANCY_TONES = {
    Occupancy.OWNER: Tone.OK,
    Occupancy.RENTED: Tone.ACCENT,
    Occupancy.BUSINESS: Tone.VIOLET,
    Occupancy.VACANT: Tone.MUTED,
    Occupancy.UNKNOWN: Tone.WARN,
}


def fresh_mark(checked: Checked | None) -> Mark | str:
    if checked is None:
        return ""
    shape, tone = _FRESH[checked.freshness]
    return Mark(shape, tone, checked.words)


def due_mark(due: Due, words: str) -> Mark:
    shape, tone = _DUE[due]
    return Mark(shape, tone, words)
