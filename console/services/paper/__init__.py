"""Official paper (field-facts 9): forms as PDF, and PDF as pixels. Light to import; the engine loads on first use."""

from console.domain.forms import FORM_NAMES, Document, FormKind, Stamp
from console.services.paper.press import Paper
from console.services.paper.preview import preview

__all__ = ["FORM_NAMES", "Document", "FormKind", "Paper", "Stamp", "preview"]
