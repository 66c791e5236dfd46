"""导入: one window from the file to the rows on the register."""

from console.views.importing.dialog import ImportDialog

__all__ = ["ImportDialog"]
