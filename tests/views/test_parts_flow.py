"""Parts that came with the case view: wrapping lines, a panel that can be closed, buttons that do not flash."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPushButton

from console.theme import Scheme, Theme
from console.views.parts.explain_panel import ExplainPanel
from console.views.parts.flow import Flow
from console.views.parts.key_cap import ActionButton


def test_a_flow_goes_on_in_the_next_line_and_hidden_ones_take_no_room(qtbot) -> None:
    Theme(QApplication.instance(), Scheme.LIGHT)
    buttons = [QPushButton(str(at)) for at in range(4)]
    for button in buttons:
        button.setFixedSize(100, 30)
    flow = Flow(*buttons, gap=10)
    qtbot.addWidget(flow)
    flow.resize(330, 200)
    flow.show()
    assert [button.y() for button in buttons] == [0, 0, 0, 40]
    assert flow.heightForWidth(330) == 70
    assert flow.heightForWidth(1000) == 30
    buttons[0].hide()
    qtbot.waitUntil(lambda: buttons[3].y() == 0)
    flow.show_widgets([QPushButton("neu")])
    qtbot.waitUntil(lambda: flow.heightForWidth(330) < 40)


def test_an_action_button_without_a_parent_is_no_window(qtbot, qapp) -> None:
    action = QAction("显示")
    button = ActionButton(action)
    qtbot.addWidget(button)
    assert not button.isVisible()
    action.setVisible(False)
    assert button.isHidden()


def test_a_closable_panel_tells(qtbot) -> None:
    panel = ExplainPanel(closable=True)
    qtbot.addWidget(panel)
    with qtbot.waitSignal(panel.closed):
        panel.close_button.click()
    plain = ExplainPanel()
    qtbot.addWidget(plain)
    assert plain.close_button.isHidden()
