"""110联动: what passes between the police and the hotline, both ways."""

from console.services.linkage.desk import Linkage

__all__ = ["Linkage"]
