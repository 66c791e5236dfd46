"""The unit's desk (承办)."""

from console.services.handling.desk import Handling

__all__ = ["Handling"]
