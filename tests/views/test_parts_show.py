"""The parts that show: tables, lights, the message strip, long jobs, dialogs."""

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QTextLayout
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.actions import ActionId, add_action
from console.domain.errors import Cancelled, Conflict
from console.domain.records import LightText
from console.domain.states import Light, SupervisionLevel
from console.settings import COLUMNS as WIDTHS
from console.settings import Settings
from console.theme import DARK, Scheme, Theme, Tone, body_font, colours
from console.views.parts.card import Card, label, row
from console.views.parts.clock import grouped_number, lasted, short_time
from console.views.parts.counter_bar import Counter, CounterBar
from console.views.parts.dialog import Dialog
from console.views.parts.elided import ElidedLabel
from console.views.parts.explain_panel import ExplainPanel, Explanation
from console.views.parts.key_cap import KeyButton, MenuButton
from console.views.parts.light_delegate import MARK_ROLE, TONE_ROLE
from console.views.parts.light_label import LightLabel, Mark, Shape, mark_of, supervision_mark
from console.views.parts.message_strip import MessageStrip
from console.views.parts.progress_bar import LongJobBar
from console.views.parts.record_table import Column, RecordTable
from console.views.parts.table import TableView
from console.views.parts.timeline import Timeline, _said, _what
from console.views.parts.wrapped import unbroken
from tests.gallery import assignments, events, gallery

YELLOW = LightText(Light.YELLOW, "黄 剩2小时")


@dataclass(frozen=True)
class Order:
    id: int
    title: str
    days: int | None
    light: LightText = YELLOW


ORDERS = [Order(1, "井盖", 10), Order(2, "路灯", 9), Order(3, "噪声", None)]
COLUMNS = [
    Column("事项", lambda o: o.title, bold=True),
    Column(
        "天",
        lambda o: str(o.days or ""),
        Tone.MUTED,
        sort_key=lambda o: o.days,
        width=60,
        right=True,
    ),
    Column("时限", lambda o: mark_of(o.light), width=110),
]


def picture(model: QAbstractItemModel) -> list[str]:
    """The table as text, one line a row."""
    across, down = range(model.columnCount()), range(model.rowCount())
    return [" | ".join(str(model.index(y, x).data()) for x in across) for y in down]


@pytest.fixture
def model(qapp):
    made = RecordTable(COLUMNS, checkable=True)
    made.show(ORDERS)
    return made


def test_the_table_keeps_qts_contract(qtmodeltester, model):
    qtmodeltester.check(model)


def test_the_table_says_what_the_records_say(model):
    assert picture(model) == [
        "井盖 | 10 | 黄 剩2小时",
        "路灯 | 9 | 黄 剩2小时",
        "噪声 |  | 黄 剩2小时",
    ]
    assert model.index(0, 2).data(MARK_ROLE) == Mark(Shape.DISC, Tone.WARN, "黄 剩2小时")
    assert model.index(0, 1).data(TONE_ROLE) == Tone.MUTED


def test_sorting_is_by_raw_value_and_nothing_comes_last(model):
    model.sort(1, Qt.SortOrder.AscendingOrder)
    assert [o.id for o in model.rows] == [2, 1, 3]
    model.sort(1, Qt.SortOrder.DescendingOrder)
    assert [o.id for o in model.rows] == [1, 2, 3]


def test_a_server_sorted_table_asks(qtbot):
    model = RecordTable(COLUMNS, server_sorts=True)
    model.show(ORDERS)
    with qtbot.waitSignal(model.sort_wanted) as wanted:
        model.sort(0, Qt.SortOrder.DescendingOrder)
    assert wanted.args == ["事项", True]
    assert [o.id for o in model.rows] == [1, 2, 3]


def test_more_is_asked_for_once_a_page(qtbot, model):
    asked = []
    model.more_wanted.connect(lambda: asked.append(1))
    model.show(ORDERS, has_more=True)
    root = model.index(-1, -1)
    model.fetchMore(root)
    model.fetchMore(root)
    assert asked == [1]
    model.append([Order(4, "垃圾", 1)], has_more=False)
    assert model.rowCount() == 4
    assert not model.canFetchMore(root)


def test_selection_is_kept_by_id_over_a_reset(qtbot, model, tmp_path):
    view, shown = TableView(model, "orders", Settings(tmp_path / "s.json")), []
    qtbot.addWidget(view)
    view.selectRow(1)
    view.selected.connect(shown.append)
    view.show_rows([Order(9, "新", 1), *ORDERS])
    assert view.current.id == 2
    assert view.selectionModel().selectedRows()[0].row() == 2
    view.show_rows([Order(9, "新", 1)])
    assert shown[-1] is None
    assert not view.select_id(77)


def test_widths_are_remembered(qtbot, model, tmp_path):
    settings = Settings(tmp_path / "s.json")
    view = TableView(model, "orders", settings)
    qtbot.addWidget(view)
    view.setColumnWidth(1, 90)
    qtbot.waitUntil(lambda: settings.get(WIDTHS) != {})
    again = TableView(model, "orders", settings)
    qtbot.addWidget(again)
    assert again.columnWidth(1) == 90


def test_a_hidden_column_keeps_the_width_it_had(qtbot, model, tmp_path):
    settings = Settings(tmp_path / "s.json")
    view = TableView(model, "orders", settings)
    qtbot.addWidget(view)
    view.setColumnWidth(1, 90)
    qtbot.waitUntil(lambda: settings.get(WIDTHS) != {})
    view.setColumnHidden(1, True)
    view._save_widths()
    again = TableView(model, "orders", settings)
    qtbot.addWidget(again)
    assert again.columnWidth(1) == 90


def test_rows_are_ticked_and_opened_by_keyboard(qtbot, model):
    view = TableView(model)
    qtbot.addWidget(view)
    view.selectRow(0)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert [o.id for o in view.chosen] == [1]
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [ORDERS[0]]


def test_one_record_is_replaced_in_place(qtbot, model):
    assert model.replace(replace(ORDERS[1], title="路灯不亮"))
    assert picture(model)[1].startswith("路灯不亮")
    assert not model.replace(Order(99, "", 0))


def test_a_selected_row_keeps_the_colour_of_its_light(qtbot, model, qapp):
    Theme(qapp, Scheme.LIGHT)
    view = TableView(model)
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.show()
    view.selectRow(0)
    box = view.visualRect(model.index(0, 2))
    image = view.viewport().grab(box).toImage()
    names = {
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
    }
    assert colours().warn in names
    assert colours().selected in names


def test_every_light_has_shape_tone_and_words():
    for light in Light:
        mark = mark_of(LightText(light, "字"))
        assert mark.shape
        assert mark.words
    shapes = [
        mark_of(LightText(light, "")).shape
        for light in (Light.GREEN, Light.YELLOW, Light.RED, Light.GREY)
    ]
    assert len(set(shapes)) == 4, "without colours they must still differ"
    assert supervision_mark(SupervisionLevel.NONE) is None
    assert supervision_mark(SupervisionLevel.RED).shape is Shape.TRIANGLE


def test_a_light_is_read_out(qtbot):
    made = LightLabel(LightText(Light.RED, "红 超1天"))
    qtbot.addWidget(made)
    assert made.accessibleName() == "红 超1天"
    made.show_light(None)
    assert made.isHidden()


def test_the_strip_says_one_thing_and_offers_one_step(qtbot):
    strip = MessageStrip()
    qtbot.addWidget(strip)
    strip.say_error(Conflict("刚被他人修改。", "已为您刷新。"), "查看差异", "diff")
    assert strip.sentence.text() == "刚被他人修改。　已为您刷新。"
    with qtbot.waitSignal(strip.next_step) as step:
        strip.button.click()
    assert step.args == ["diff"]
    strip.say_error(Cancelled())
    assert strip.sentence.text() == ""
    with pytest.raises(KeyError):
        strip.say_error(KeyError("x"))


def test_ten_seconds_of_undo(qtbot):
    strip, undone, over = MessageStrip(), [], []
    qtbot.addWidget(strip)
    strip.undo.connect(undone.append)
    strip.undo_over.connect(over.append)
    strip.offer_undo("已派给楼台街道。", "撤销派单", 7, seconds=9)
    assert strip.button.text() == "撤销派单（9秒）"
    strip._count_down()
    assert strip.button.text() == "撤销派单（8秒）"
    assert strip.take_undo()
    assert not strip.take_undo()
    strip.offer_undo("已办结。", "撤销办结", 8, seconds=1)
    strip._count_down()
    assert (undone, over) == ([7], [8])
    # Too late to undo, but the code in it may still be being read out.
    assert strip.sentence.text() == "已办结。"
    assert strip.button.isHidden()
    strip.offer_undo("a", "撤销", 9)
    strip.say("b")
    assert over == [8, 9]


def test_a_new_call_takes_away_good_news_of_the_last_one_and_nothing_else(qtbot):
    strip = MessageStrip()
    qtbot.addWidget(strip)
    strip.offer_undo("已派给楼台街道　查询码 684237", "撤销派单", 7, seconds=1)
    strip.let_go()
    assert strip.take_undo(), "a running undo stays"
    strip.offer_undo("已派给楼台街道　查询码 684237", "撤销派单", 7, seconds=1)
    strip._count_down()
    strip.let_go()
    assert strip.sentence.text() == ""
    strip.say("数据库断开", Tone.WARN)
    strip.let_go()
    assert strip.sentence.text() == "数据库断开"
    strip.say("已存", Tone.OK, "打印", "print")
    strip.let_go()
    assert strip.sentence.text() == "已存", "a next step stays"


def test_a_line_too_long_ends_in_an_ellipsis(qtbot):
    line = ElidedLabel()
    qtbot.addWidget(line)
    words = "找回 1 份未提交的记录　21:40　199****1234　紫藤路49号映月新城2号楼1单元"
    line.setText(words)
    line.resize(200, 30)
    line.show()
    assert line.shown.endswith("…")
    assert line.toolTip() == words
    line.resize(900, 30)
    assert (line.shown, line.toolTip()) == (words, "")


def test_undo_reaches_the_strip_past_an_empty_field_but_not_past_a_typed_one(qtbot):
    class Window(QWidget):
        def undo(self) -> None:
            self.strip.take_undo()

    window, undone = Window(), []
    qtbot.addWidget(window)
    window.strip, line = MessageStrip(), QLineEdit()
    lines = QVBoxLayout(window)
    lines.addWidget(line)
    lines.addWidget(window.strip)
    window.strip.undo.connect(undone.append)
    add_action(window, ActionId.UNDO, window.undo)
    window.show()
    window.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    window.strip.offer_undo("已派单。", "撤销派单", 5)
    qtbot.keyClicks(line, "x")
    qtbot.keySequence(line, QKeySequence("Ctrl+Z"))
    assert (line.text(), undone) == ("", [])
    qtbot.keySequence(line, QKeySequence("Ctrl+Z"))
    assert undone == [5]


def test_counters_filter_and_unfilter(qtbot):
    bar, picked = CounterBar(), []
    qtbot.addWidget(bar)
    bar.picked.connect(picked.append)
    bar.show_counters(
        [Counter("a", "待签收", None), Counter("b", "黄灯", 2, Tone.WARN, Shape.DISC)]
    )
    button = bar._buttons["b"]
    assert button.accessibleName() == "黄灯 2"
    button.click()
    bar.show_counters([Counter("a", "待签收", 5), Counter("b", "黄灯", 3, Tone.WARN, Shape.DISC)])
    assert bar.chosen == "b", "new numbers do not unfilter"
    button.click()
    assert picked == ["b", ""]


def test_a_long_job_is_shown_and_stopped(qtbot):
    class Job:
        stopped = False

        def cancel(self) -> None:
            self.stopped = True

    bar, job = LongJobBar(), Job()
    qtbot.addWidget(bar)
    bar.start("正在导出", job)
    bar.progressed(3, 10, "第 3 页")
    assert (bar.figures.text(), bar.words.text()) == ("3 / 10", "第 3 页")
    bar.cancel_button.click()
    assert job.stopped
    bar.finish("已导出 10 条")
    with qtbot.waitSignal(bar.opened):
        bar.open_button.click()


def test_a_dialog_by_keyboard(qtbot):
    dialog, line = Dialog("退单", "退回热线中心", "请写明理由", danger=True), QLineEdit()
    qtbot.addWidget(dialog)
    dialog.body.addWidget(line)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert dialog.isVisible(), "a hasty Enter does nothing"
    dialog.fail("请写明理由。")
    assert dialog.error.isVisible()
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_the_arithmetic_can_be_copied(qtbot):
    panel = ExplainPanel()
    qtbot.addWidget(panel)
    panel.show_lines("为什么", [Explanation("时限", "3 个工作日", "默认政策包"), "周六日不计"])
    assert panel.text() == "为什么\n时限　3 个工作日　默认政策包\n周六日不计"


def test_a_card_is_emptied_and_labels_are_plain_text(qtbot):
    card = Card("标题", label("右"))
    qtbot.addWidget(card)
    card.add(label("<b>x</b>"), row(label("y"), None))
    assert card.body.itemAt(1).widget().textFormat() == Qt.TextFormat.PlainText
    card.clear()
    assert card.body.count() == 1


def test_the_timeline_grows_with_its_words(qtbot):
    line = Timeline()
    qtbot.addWidget(line)
    line.show_events(events())
    assert line.heightForWidth(240) > line.heightForWidth(600)
    assert "4 条" in line.accessibleName()


def test_the_timeline_does_not_say_an_act_twice():
    event = replace(
        events()[0], action="ask_return", action_name="申请退单", note="申请退单（职责不符）"
    )
    assert _what(event) == "↑ 申请退单（职责不符）"
    assert _what(replace(event, note="职责不符")) == "↑ 申请退单　职责不符"


def test_the_timeline_says_which_way_a_step_went():
    """field-facts Y4: reported up, passed down."""
    event = replace(events()[0], action="sub_dispatch", action_name="下派", note="下派给清风社区")
    assert _what(event) == "↓ 下派给清风社区"
    assert _said(event) == "向下 下派给清风社区"
    up = replace(event, action="escalate", action_name="上报", note="超出本级职权")
    assert _what(up) == "↑ 上报　超出本级职权"
    level = replace(event, action="sign", action_name="签收", note="")
    assert (_what(level), _said(level)) == ("签收", "签收")


def test_times_are_short_and_numbers_grouped():
    first = assignments()[0].dispatched_at
    assert short_time(None) == ""
    assert short_time(first, first).startswith("今天")
    assert (lasted(42), lasted(3729)) == ("00:42", "1:02:09")
    assert grouped_number("20261122010003175") == "20261122 01 000317 5"
    assert grouped_number("abc") == "abc"


def test_a_dialog_grows_with_its_words_as_far_as_the_screen_goes(qtbot):
    dialog, words = Dialog("合并", "并入主工单"), label("", wrap=True)
    dialog.body.addWidget(words)
    qtbot.addWidget(dialog)
    dialog.show()
    before = dialog.height()
    words.setText("下水道堵塞，油污外溢到人行道。" * 12)
    qtbot.waitUntil(lambda: dialog.height() > before)
    assert dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width())
    words.setText("下水道堵塞，油污外溢到人行道。" * 900)
    most = dialog.screen().availableGeometry().height()
    qtbot.waitUntil(lambda: dialog.height() > most // 2)
    assert dialog.height() <= most


def test_a_column_is_headed_by_what_it_holds_now(qtbot):
    model = RecordTable((Column("姓名", str),), identity=str)
    across = Qt.Orientation.Horizontal
    with qtbot.waitSignal(model.headerDataChanged):
        model.rename(0, "户主")
    assert model.headerData(0, across) == "户主"
    with qtbot.assertNotEmitted(model.headerDataChanged):
        model.rename(0, "户主")


def test_a_button_shows_arrow_keys_as_they_stand_on_the_keyboard(qtbot):
    button = KeyButton("下月", "Alt+Right")
    qtbot.addWidget(button)
    assert button.accessibleName() == "下月 Alt+→"
    button.set_key("Ctrl+Shift+U")
    assert button.accessibleName() == "下月 Ctrl+Shift+U"


def test_a_menu_button_has_room_for_its_arrow(qtbot):
    plain, menu = KeyButton("更多操作"), MenuButton("更多操作")
    for button in (plain, menu):
        qtbot.addWidget(button)
    assert menu.sizeHint().width() > plain.sizeHint().width()
    assert menu.accessibleName() == "更多操作"
    assert not menu.grab().isNull()


def test_a_date_is_never_torn_apart():
    """Two of them on a line that has room for one and a half: the second goes down whole."""
    dates = ("今天 16:36 前签收", "今天 16:51 前联系群众")
    assert unbroken(dates[0]).replace("\u2060", "") == "今天\u00a016:36\u00a0前签收"
    layout = QTextLayout("\u00a0· ".join(map(unbroken, dates)), body_font())
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(QFontMetrics(body_font()).horizontalAdvance("".join(dates)) * 0.75)
    layout.endLayout()
    assert layout.text()[: line.textLength()].rstrip() == unbroken(dates[0]) + "\u00a0·"


def test_the_gallery_draws_in_both_themes(qtbot, qapp):
    theme = Theme(qapp, Scheme.LIGHT)
    page = gallery()
    qtbot.addWidget(page)
    page.show()
    light = page.grab().toImage()
    theme.choose(Scheme.DARK)
    dark = page.grab().toImage()
    assert dark.pixelColor(3, 3).name().upper() == DARK.bg
    assert light != dark
