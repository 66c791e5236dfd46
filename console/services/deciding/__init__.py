"""What the centre decides about a work order that a unit asked for."""

from console.services.deciding.desk import Deciding

__all__ = ["Deciding"]
