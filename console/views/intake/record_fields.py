"""The fields of a record in the order people tell them: made, named and laid out, nothing more."""

import itertools

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from console.domain.states import NATURE_NAMES, URGENCY_NAMES, Nature
from console.domain.wording import CONTENT_LIMIT, TITLE_LIMIT
from console.theme import mark
from console.views.intake.co_units import CoUnits
from console.views.parts.card import label
from console.views.parts.field import Field, Fields
from console.views.parts.key_cap import small_button
from console.views.parts.segmented import Segmented
from console.views.parts.snippet_edit import SnippetEdit
from console.views.parts.type_ahead import TypeAhead

NATURES = (
    Nature.INQUIRY,
    Nature.HELP,
    Nature.COMPLAINT,
    Nature.REPORT,
    Nature.SUGGESTION,
    Nature.PRAISE,
)
# First letters of the pinyin (jianyi gives its second syllable: J is 举报). Alt+1…9 belong to the residents.
NATURE_LETTERS = "ZQTJYB"


class RecordFields(QWidget):
    """`fields["content"]` finds a field by the name it has in IntakeForm."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        mark(self, kind="clear")
        self._make_telling()
        self._make_sorting()
        self._make_flags()
        self._wrap()
        self._lay_out()
        self._order()

    def _make_telling(self) -> None:
        self.name = TypeAhead(self.tr("姓名或称呼"), free=True, name=self.tr("何人"))
        self.contact_phone = TypeAhead(self.tr("回访用的号码"), free=True, name=self.tr("联系电话"))
        self.occurred = TypeAhead(self.tr("今天上午、昨晚9点…"), free=True, name=self.tr("何时"))
        self.address = TypeAhead(
            self.tr("路名门牌、小区楼栋，或照来电人的说法写"), free=True, name=self.tr("何地")
        )
        self.content = SnippetEdit(self.tr("何事与诉求"), limit=CONTENT_LIMIT, rows=3)
        self.content.setPlaceholderText(
            self.tr("起因、经过、影响（输入 :: 和拼音首字母可带出常用语）")
        )
        self.wanted = TypeAhead(self.tr("来电人要什么结果"), free=True, name=self.tr("希望怎么办"))
        self.title = TypeAhead(self.tr("取自内容首句，可改"), free=True, name=self.tr("标题"))
        self.title.setMaxLength(TITLE_LIMIT * 10)

    def _make_sorting(self) -> None:
        self.nature = Segmented(
            [(nature, NATURE_NAMES[nature]) for nature in NATURES],
            self.tr("性质"),
            letters=NATURE_LETTERS,
        )
        self.urgency = Segmented(list(URGENCY_NAMES.items()), self.tr("紧急程度"), numbers=False)
        self.category = TypeAhead(self.tr("中文、拼音首字母或编码"), name=self.tr("分类"))
        self.unit = TypeAhead(self.tr("单位名称或拼音首字母"), name=self.tr("主办单位"))
        self.co_units = CoUnits(self.tr("协办单位"))

    def _make_flags(self) -> None:
        self.reply_wanted = QCheckBox(self.tr("需要回复"))
        self.confidential = QCheckBox(self.tr("保密"))
        self.anonymous = QCheckBox(self.tr("匿名"))
        self.confidential_reason = TypeAhead(
            self.tr("承办单位看不到联系方式；请写明为何保密"), free=True, name=self.tr("保密理由")
        )
        self.respondent = TypeAhead(
            self.tr("被反映的人或单位"), free=True, name=self.tr("被反映对象")
        )
        self.opinion = TypeAhead(self.tr("给承办单位的话"), free=True, name=self.tr("转办意见"))

    def _wrap(self) -> None:
        self.flags = QWidget()
        self.flags.setFixedHeight(30)
        line = QHBoxLayout(self.flags)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for box in (self.reply_wanted, self.confidential, self.anonymous):
            line.addWidget(box)
        line.addStretch(1)
        made = {
            "name": Field(self.tr("何人"), self.name, "name"),
            "contact_phone": Field(self.tr("联系电话"), self.contact_phone, "contact_phone"),
            "occurred": Field(self.tr("何时"), self.occurred, "occurred"),
            "address": Field(self.tr("何地"), self.address, "address"),
            "content": Field(self.tr("何事与诉求"), self.content, "content"),
            "wanted": Field(self.tr("希望怎么办"), self.wanted, "wanted"),
            "title": Field(self.tr("标题"), self.title, "title"),
            "nature": Field(self.tr("性质　Alt+字母"), _left(self.nature), "nature"),
            "urgency": Field(self.tr("紧急程度"), _left(self.urgency), "urgency"),
            "category_code": Field(self.tr("分类"), self.category, "category_code"),
            "unit_id": Field(self.tr("主办单位"), self.unit, "unit_id"),
            "co_unit_ids": Field(self.tr("协办单位"), self.co_units, "co_unit_ids"),
            "reply_wanted": Field(self.tr("回复与保密"), self.flags, "reply_wanted"),
            "confidential_reason": Field(
                self.tr("保密理由"), self.confidential_reason, "confidential_reason"
            ),
            "respondent": Field(self.tr("被反映对象"), self.respondent, "respondent"),
            "opinion": Field(self.tr("转办意见"), self.opinion, "opinion"),
        }
        self.by_name = made
        self.fields = Fields(*made.values())

    def _lay_out(self) -> None:
        at = self.by_name
        self.more = side_by_side((at["respondent"], 1), (at["opinion"], 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(
            side_by_side((at["name"], 5), (at["contact_phone"], 5), (at["occurred"], 6))
        )
        column.addWidget(at["address"])
        column.addWidget(at["content"], 1)
        column.addWidget(side_by_side((at["wanted"], 1), (at["title"], 1)))
        column.addWidget(side_by_side((at["nature"], 0), (None, 1), (at["urgency"], 0)))
        column.addWidget(side_by_side((at["category_code"], 3), (at["unit_id"], 2)))
        column.addWidget(side_by_side((at["co_unit_ids"], 1), (at["reply_wanted"], 0)))
        column.addWidget(at["confidential_reason"])
        column.addWidget(self.more)
        at["confidential_reason"].hide()
        self.more.hide()

    def _order(self) -> None:
        stops = (
            self.name,
            self.contact_phone,
            self.occurred,
            self.address,
            self.content,
            self.wanted,
            self.title,
            self.nature,
            self.urgency,
            self.category,
            self.unit,
            self.co_units.line,
            self.reply_wanted,
            self.confidential,
            self.anonymous,
            self.confidential_reason,
            self.respondent,
            self.opinion,
        )
        for one, following in itertools.pairwise(stops):
            QWidget.setTabOrder(one, following)

    @property
    def lines(self) -> dict[str, TypeAhead]:
        """The one-line texts by the names they have in IntakeForm."""
        return {
            "name": self.name,
            "occurred": self.occurred,
            "address": self.address,
            "wanted": self.wanted,
            "title": self.title,
            "confidential_reason": self.confidential_reason,
            "respondent": self.respondent,
            "opinion": self.opinion,
        }


class DeadlineLine(QFrame):
    """What the citizen can be told, and the key that explains it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "strip")
        self.setProperty("tone", "accent")
        self.setFixedHeight(30)
        self.words = Elided()
        self.warning = label("", "caption", tone="warn")
        self.why = small_button(self.tr("依据"), "Ctrl+L")
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 0, 8, 0)
        line.setSpacing(10)
        for part, stretch in (
            (self.words, 1),
            (self.warning, 0),
            (self.why, 0),
        ):
            line.addWidget(part, stretch)
        self.say("")

    def say(self, words: str, warning: str = "") -> None:
        empty = self.tr("选定性质后显示签收与办结时限")
        self.words.setText(words or empty)
        self.words.setToolTip("\n".join(filter(None, (words, warning))))
        self.warning.setText(warning)
        self.why.setVisible(bool(words))
        mark(self.words, face="" if words else "muted")
        self.setAccessibleName(self.tr("时限 {0}").format(words))


class Elided(QLabel):
    """A line that loses its （…） and then ends in … where the room ends; the whole of it is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event) -> None:
        painter = QPainter(self)
        metrics, text = self.fontMetrics(), self.text()
        if metrics.horizontalAdvance(text) > self.width() and text.endswith("）"):
            text = text.rpartition("（")[0]
        words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, words)


def side_by_side(*parts: tuple[QWidget | None, int], spacing: int = 12) -> QWidget:
    """Widgets in one line with their stretches; None is room."""
    made = QWidget()
    made.setProperty("kind", "clear")
    line = QHBoxLayout(made)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing)
    for part, stretch in parts:
        if part is None:
            line.addStretch(stretch)
        else:
            line.addWidget(part, stretch, Qt.AlignmentFlag(0))
    return made


def _left(control: Segmented) -> Segmented:
    control.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return control
