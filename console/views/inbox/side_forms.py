"""Panels that send nothing themselves: photos and papers, and why a due time is what it is."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from console.domain.inbox import Desk
from console.views.inbox.evidence_box import EvidenceBox
from console.views.inbox.form_panel import FormPanel
from console.views.parts.card import scrolled
from console.views.parts.explain_panel import ExplainPanel


class EvidenceForm(FormPanel):
    """照片和材料, at any time while the unit has the matter: a grid worker adds them on the spot."""

    name = "attach"

    def __init__(self) -> None:
        super().__init__(
            self.tr("照片和材料"),
            self.tr("选择照片…"),
            self.tr("照片、视频、录音、PDF、Word、Excel，单个不超过 50 MB"),
        )
        self.evidence = EvidenceBox()
        self.body.addWidget(self.evidence)

    def show_desk(self, desk: Desk) -> None:
        self.evidence.show_files(desk.case.attachments, desk.needs_photo)

    def values(self) -> None:
        return None

    def put(self, values: Any) -> None:
        """Nothing is typed here."""

    def first_field(self) -> QWidget:
        return self.evidence.zones["after"].button


class ExplainForm(FormPanel):
    """时限说明: the arithmetic of this unit's due times."""

    name = "explain"

    def __init__(self) -> None:
        super().__init__(self.tr("时限说明"), self.tr("复制算式"))
        self.lines = ExplainPanel()
        self.lines.copy_button.hide()
        area = scrolled(self.lines)
        area.setMinimumHeight(170)
        self.body.addWidget(area)

    def show_lines(self, title: str, lines: Sequence[str]) -> None:
        self.lines.show_lines(title, lines)

    def values(self) -> None:
        return None

    def put(self, values: Any) -> None:
        """Nothing is typed here."""

    def first_field(self) -> QWidget:
        return self.close_button
