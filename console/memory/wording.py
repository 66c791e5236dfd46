"""Pieces as words an operator reads: what speaks for a suggestion, as it stands in the message."""

from collections.abc import Iterable

_MOST_WORDS, _MOST_PLACES = 3, 1
# So many of the strongest pieces are looked for in the text; runs of them longer than this say no more.
_LOOKED_FOR, _LONGEST = 9, 8


def said_words(strongest: Iterable[tuple[str, float]], text: str) -> tuple[list[str], list[str]]:
    """Of pieces, strongest first: up to three words of the plain text and one name of a place."""
    pieces = list(strongest)
    names = sorted(
        (piece[1:] for piece, _ in pieces[:_LOOKED_FOR] if piece.startswith("@")),
        key=len,
        reverse=True,
    )
    words = [(piece.lstrip("^"), weight) for piece, weight in pieces if not piece.startswith("@")]
    runs = _runs(
        [pair for pair in words if len(pair[0]) > 1 and "0" not in pair[0]][:_LOOKED_FOR], text
    )
    places = [name for name in names if len(name) > 1][:_MOST_PLACES]
    return [run for run in runs if not any(run in name for name in places)][:_MOST_WORDS], places


def _runs(words: list[tuple[str, float]], text: str) -> list[str]:
    """Pieces that touch or overlap in the text are read together, the weightiest run first."""
    weights: dict[int, float] = {}
    for word, weight in words:
        at = text.find(word)
        for place in range(at, at + len(word)) if at >= 0 else ():
            weights[place] = weights.get(place, 0.0) + weight
    found: dict[str, float] = {}
    run: list[int] = []
    for place in sorted(weights):
        if run and (place != run[-1] + 1 or len(run) >= _LONGEST):
            _keep(found, run, weights, text)
            run = []
        run.append(place)
    _keep(found, run, weights, text)
    return sorted(found, key=lambda word: -found[word])


def _keep(found: dict[str, float], run: list[int], weights: dict[int, float], text: str) -> None:
    if len(run) > 1:
        word = text[run[0] : run[-1] + 1].strip()
        found[word] = max(found.get(word, 0.0), sum(weights[place] for place in run))
