"""Who did what last: told when a work order changes under a form."""

from PySide6.QtCore import QCoreApplication

from console.domain.records import CaseFile


def last_deed(case: CaseFile) -> str:
    """王五 0016 刚派单; for a log not shown to this person only that it changed."""
    if not case.events:
        return QCoreApplication.translate("cases", "这张工单刚有变动")
    last = case.events[-1]
    return QCoreApplication.translate("cases", "{0} 刚{1}").format(last.actor, last.action_name)
