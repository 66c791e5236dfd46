"""What the system does by the clock: urge, supervise, warn, remind, archive (product.md 5)."""

from console.services.keeping.desk import Keeping

__all__ = ["Keeping"]
