"""The intake desk (受理台)."""

from console.services.intake.desk import Intake

__all__ = ["Intake"]
