"""查阅记录: who saw whom, and whose copy a picture is."""

from console.views.auditing.dialog import AuditDialog

__all__ = ["AuditDialog"]
