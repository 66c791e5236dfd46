"""The pinned PySide6 keeps its references: 6.12.0 lost one to True at every emit and aborted."""

import subprocess
import sys

SOAK = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

class Sender(QObject):
    told = Signal(bool, object, str)

class Receiver(QObject):
    heard = 0

    @Slot(bool, object, str)
    def hear(self, flag, thing, words):
        self.heard += flag is True and thing is None and words == "派单"

application = QCoreApplication([])
sender, receiver = Sender(), Receiver()
sender.told.connect(receiver.hear)
before = sys.getrefcount(True), sys.getrefcount(None)
for _ in range(20_000):
    sender.told.emit(True, None, "派单")
after = sys.getrefcount(True), sys.getrefcount(None)
assert receiver.heard == 20_000, receiver.heard
if sys.version_info < (3, 12):  # from then on True and None are immortal and their counts mean nothing
    assert all(abs(now - then) < 100 for then, now in zip(before, after)), (before, after)
"""


def test_twenty_thousand_emits_lose_no_reference() -> None:
    """In a process of its own, since the fault this guards against is an abort."""
    done = subprocess.run([sys.executable, "-c", SOAK], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
