"""导入 and 导出: from a file to the register, from the register to a file."""

from console.views.importing.dialog import ImportDialog
from console.views.importing.export_dialog import ExportDialog

__all__ = ["ExportDialog", "ImportDialog"]
