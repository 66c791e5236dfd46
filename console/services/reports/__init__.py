"""The clerk's report desk: find, preview, print, save (product.md 报表)."""

from console.services.reports.desk import Reports

__all__ = ["Reports"]
