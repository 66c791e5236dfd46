"""督办: what stands out in the whole city, what is done about it, and who answers for it."""

from console.services.supervising.desk import Supervising

__all__ = ["Supervising"]
