"""F3: one box that understands callers (peers 6.1)."""

from console.services.finding.desk import Finding

__all__ = ["Finding"]
