"""Names that sound like what was heard: 宝丽西街 for 保利西街, 新渡路 for 兴渡路."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from threading import Lock

from console.domain.gazetteer import NameKind
from db.pinyin import full_pinyin

_LEAST, _LONGEST = 3, 16
Named = tuple[NameKind, str]


class Sounds:
    """All registered names by their pinyin; made when first asked, because pinyin is slow to load.

    zh = z, ch = c, sh = s and a final ng = n, as many callers speak.
    """

    def __init__(self, names: Iterable[Named]) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._lock = Lock()
        self._by_sound: dict[tuple[int, str], list[Named]] | None = None

    def like(self, said: str) -> Sequence[Named]:
        """Other names that sound like `said`, or like its end of at least three characters."""
        if not _LEAST <= len(said) <= _LONGEST:
            return ()
        known = self._known()
        found: dict[Named, None] = {}
        for start in range(len(said) - _LEAST + 1):
            tail = said[start:]
            for sound in _sounds(tail):
                found |= dict.fromkeys(known.get((len(tail), sound), ()))
            if found:
                break
        return [named for named in found if named[1] != said]

    def _known(self) -> dict[tuple[int, str], list[Named]]:
        with self._lock:
            if self._by_sound is None:
                made: defaultdict[tuple[int, str], list[Named]] = defaultdict(list)
                for named in self._names:
                    for sound in _sounds(named[1]):
                        made[len(named[1]), sound].append(named)
                self._by_sound = made
            return self._by_sound


def _sounds(name: str) -> set[str]:
    return {_slurred(variant) for variant in full_pinyin(name)}


def _slurred(pinyin: str) -> str:
    plain = pinyin.replace("zh", "z").replace("ch", "c").replace("sh", "s")
    return plain.replace("ng", "n")
