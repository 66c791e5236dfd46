"""查阅记录: who saw whom; and whose copy a picture or a file is, read back from its mark."""

from console.services.auditing.desk import Auditing

__all__ = ["Auditing"]
