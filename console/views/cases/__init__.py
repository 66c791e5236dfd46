"""One work order in full, to be shown beside any list and at any desk."""

from console.views.cases.case_view import CaseView

__all__ = ["CaseView"]
