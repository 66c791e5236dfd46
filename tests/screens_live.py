"""What is seen when others work at the same time: a clash, a lost connection, who else is there."""

from functools import partial

from PySide6.QtWidgets import QWidget

from console.domain.moves import Move
from console.views.cases.clash_strip import Pair
from tests.screens import register
from tests.screens_court import form
from tests.screens_desks import dispatch, later


def clash() -> QWidget:
    """The correction form after somebody else corrected the same two facts."""
    dialog = form(Move.AMEND, "塌陷")
    pairs = (
        Pair("title", "标题", "宝丽西街路面塌陷，围挡不全", "宝丽西街与清河路交叉口路面塌陷"),
        Pair("category_code", "分类", "道路塌陷", "道路破损"),
    )
    later(dialog, partial(dialog.clashes.show_pairs, "陈督办 0002", pairs))
    return dialog


def away(size=(1440, 900)) -> QWidget:
    """The database is away; somebody else looks at the same work order."""
    made = dispatch(size)
    page = made.stack.currentWidget()
    words = ("王晓 0011 正在办理", "周航 0012 正在查看")
    later(
        made,
        partial(made.call_bar.show_connection, False, "连接中断，正在重连"),
        partial(made.status.show_link, False, "连接中断，正在重连"),
        partial(page.case_view.head.show_watchers, words),
    )
    return made


def overseer(size=(1024, 640)) -> QWidget:
    """How many seats do what, at the foot of an overseer's window."""
    made = dispatch(size)
    words = "坐席 示闲 12 · 示忙 3 · 小休 2 · 通话中 18 · 话后整理 4"
    later(made, partial(made.status.show_seats, words))
    return made


def back(size=(1024, 640)) -> QWidget:
    made = dispatch(size)
    later(made, partial(made.call_bar.show_connection, True, "已恢复"))
    return made


register("live-clash", clash)
register("live-away-1440", away)
register("live-away-1024", partial(away, (1024, 640)))
register("live-back-1024", back)
register("live-overseer-1024", overseer)
