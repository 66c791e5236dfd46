"""The map: shapes, pins, what lies at a point, and finding a place. No network."""

from console.services.mapping.desk import Mapping

__all__ = ["Mapping"]
