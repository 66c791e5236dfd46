"""Moved to the parts: the supervision desk needs it too."""

from console.views.parts.moment_edit import MomentEdit

__all__ = ["MomentEdit"]
