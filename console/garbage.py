"""When Python's cycle collector runs: only ever on the GUI thread."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot


class GarbageKeeper(QObject):
    """Collects cycles on the GUI thread only: the collector destroys QObjects in the thread it runs in.

    Small generations are looked at every second by Python's own thresholds; the full one once a minute.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.collect()
        gc.freeze()
        gc.disable()
        self._rounds = 0
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        self._rounds += 1
        if self._rounds % 60 == 0:
            gc.collect()
            return
        counts, limits = gc.get_count(), gc.get_threshold()
        if counts[0] > limits[0]:
            gc.collect(1 if counts[1] > limits[1] else 0)

    @Slot()
    def stop(self) -> None:
        self._timer.stop()
        gc.enable()
        gc.unfreeze()
