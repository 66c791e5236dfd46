"""A whole sentence, held against each of its clauses: 我住码头新村，要反映的是锦江路上的路灯 names two places."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from console.domain.address import AddressParts
from console.domain.address_book import AddressBook
from console.domain.ownership.answer import OwnerAnswer, ask
from console.domain.ownership.finding import find_owner

_CLAUSE = re.compile(r"[，。；！？,;!?\n]+")
_REPORTS = re.compile(
    r"(?:要|想|来|是|就)*(?:反映|投诉|举报|反应一下|说的是|问的是)(?:一下)?(?:的?是)?"
)
# What only says how to get there, or what it is not.
_ASIDE = re.compile(
    r"^(?:就?在?(?:它|那)?的?)?(?:旁边|附近|对面|隔壁|靠近|挨着|离|距|不是|不在|从|过了)"
)
_MOST_CLAUSES = 8


def find_spoken(
    sentence: str, read: Callable[[str], AddressParts], book: AddressBook
) -> OwnerAnswer:
    """As `find_owner`, but asked about when another clause names a place in other grids."""
    answer = find_owner(read(sentence), book)
    if answer.grid is None:
        return answer
    for clause, sure in _clauses(sentence):
        other = find_owner(read(clause), book)
        grids = {one.grid.id for one in other.candidates}
        if grids and (answer.grid.id not in grids or (sure and grids != {answer.grid.id})):
            both = {c.grid.id: c for c in (*answer.candidates, *other.candidates)}
            asked = ask("说了不止一处地点，请问事发在哪一处？", tuple(both.values()))
            return replace(asked, recognised=answer.recognised)
    return answer


def _clauses(sentence: str) -> Iterator[tuple[str, bool]]:
    """Each clause of a sentence of several; sure: what stands behind 反映 is what it is about."""
    parts = _CLAUSE.split(sentence)[:_MOST_CLAUSES]
    pieces: list[tuple[str, bool]] = []
    for part in parts:
        told = _REPORTS.search(part)
        if told and part[told.end() :]:
            pieces += [(part[: told.start()], False), (part[told.end() :], True)]
        else:
            pieces.append((part, False))
    if len(pieces) < 2:
        return
    yield from ((p, sure) for p, sure in pieces if len(p) > 2 and not _ASIDE.search(p))
