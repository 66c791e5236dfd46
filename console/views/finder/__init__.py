"""F3: what the one box found, under the box."""

from console.views.finder.finder import Finder

__all__ = ["Finder"]
