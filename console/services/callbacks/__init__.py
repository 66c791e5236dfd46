"""The callback desk."""

from console.services.callbacks.desk import Callbacks

__all__ = ["Callbacks"]
