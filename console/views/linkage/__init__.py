"""110联动: what passes between the police and the hotline."""

from console.views.linkage.page import LinkagePage

__all__ = ["LinkagePage"]
