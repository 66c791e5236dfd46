"""The short code on every print, export and preview: who looked, and in which minute (peers 6.8).

A photograph of any corner of a sheet is then enough to find the copy it was taken of.
"""

from datetime import UTC, datetime, timedelta

# Without I, L, O and U, which are misread on a crumpled photograph.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ORIGIN = datetime(2020, 1, 1, tzinfo=UTC)
# Five letters last until 2083.
_LENGTH = 5


def trace_code(agent_no: str, at: datetime) -> str:
    """`0061-3F9KQ`: the viewer's agent number and the minute."""
    minute = int((at - _ORIGIN).total_seconds() // 60)
    letters = ""
    for _ in range(_LENGTH):
        minute, digit = divmod(minute, 32)
        letters = _LETTERS[digit] + letters
    return f"{agent_no}-{letters}"


def read_trace(code: str) -> tuple[str, datetime]:
    """Who and when, to the minute; ValueError when it is no such code."""
    agent_no, _, letters = code.strip().upper().rpartition("-")
    if not agent_no or len(letters) != _LENGTH:
        raise ValueError(code)
    minute = 0
    for letter in letters:
        minute = minute * 32 + _LETTERS.index(letter)
    return agent_no, _ORIGIN + timedelta(minutes=minute)
