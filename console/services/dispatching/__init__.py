"""The dispatch desk."""

from console.services.dispatching.desk import Dispatching

__all__ = ["Dispatching"]
