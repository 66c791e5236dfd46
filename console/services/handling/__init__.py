"""The unit's desk (承办)."""

from console.services.handling.desk import Handling
from console.services.handling.reporting import Reporting

__all__ = ["Handling", "Reporting"]
