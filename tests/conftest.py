"""What every test starts from."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
