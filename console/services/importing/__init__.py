"""Registers and matters from files: read, held against what is there, shown, then written whole or not at all."""
