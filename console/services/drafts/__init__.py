"""What is kept on this workstation: forms not yet sent, and ticket numbers leased in advance."""

from console.services.drafts.journal import Drafts, SetAside
from console.services.drafts.shelf import Shelf

__all__ = ["Drafts", "SetAside", "Shelf"]
