"""Registers and lists into spreadsheets: never more than the role may see, masked, stamped, logged."""

from console.services.exporting.desk import Exporting, Second

__all__ = ["Exporting", "Second"]
