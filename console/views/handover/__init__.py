"""交接班."""

from console.views.handover.dialog import HandoverDialog

__all__ = ["HandoverDialog"]
