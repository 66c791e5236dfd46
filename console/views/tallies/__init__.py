"""四平台 and 专项活动 counted."""

from console.views.tallies.dialog import TalliesDialog

__all__ = ["TalliesDialog"]
