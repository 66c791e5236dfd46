"""Marks on copies: read back from a picture, and whose they are."""
