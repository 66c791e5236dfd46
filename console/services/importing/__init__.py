"""Registers and matters from files: read, held against what is there, shown, then written whole or not at all."""

from console.services.importing.desk import Importing

__all__ = ["Importing"]
