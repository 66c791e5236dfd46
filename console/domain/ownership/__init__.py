"""Whose grid an address lies in, by which rule, and what to ask when that is not clear (peers 6.2).

Never a guess: what is not registered word for word, lies only near something, or contradicts the street that was
said, is asked about; what lies in no range of doors is said to be outside every grid.
"""

from console.domain.ownership.answer import AnswerKind, OwnerAnswer, OwnerCandidate
from console.domain.ownership.finding import find_owner
from console.domain.ownership.spoken import find_spoken

__all__ = ["AnswerKind", "OwnerAnswer", "OwnerCandidate", "find_owner", "find_spoken"]
