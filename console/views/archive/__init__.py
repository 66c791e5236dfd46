"""办结归档: closed work orders become read-only."""

from console.views.archive.archive_panel import ArchivePanel

__all__ = ["ArchivePanel"]
