"""督办: the two-colour board, what is done about it, and who answers for it."""

from console.views.supervision.page import SupervisionPage

__all__ = ["SupervisionPage"]
