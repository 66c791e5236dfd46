"""档案: people, homes, firms and those who look after them, kept by hand."""

from console.services.registers.desk import Registers

__all__ = ["Registers"]
