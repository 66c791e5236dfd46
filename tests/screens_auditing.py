"""查阅记录 and the mark over windows, on a copy of the demo city."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QApplication, QWidget

from console.domain.auditing import Answer, Question, Seen, Traced, Unusual
from console.domain.mark import Medium
from console.domain.roles import Role
from console.jobs import Jobs
from console.views.auditing import AuditDialog
from console.views.parts.watermark import Watermarks
from tests.screens import SCREENS, register
from tests.screens_orders import pool

_AT = datetime(2026, 11, 22, 2, 24, tzinfo=UTC)
_ROWS = (
    ("方文 0061", "file", "受理单 第 3 份，1 页", "", ()),
    ("何静 0041", "reveal", "号码", "回访核实", (Unusual.MANY, Unusual.OUTSIDE)),
    ("李敏 0017", "reveal_caller", "来电", "接听来电", ()),
    ("周正 0002", "reveal", "号码、姓名", "紧急情况处置", (Unusual.NIGHT, Unusual.COLLEAGUE)),
    ("王街 S101", "open_file", "附件", "联系诉求人办理", ()),
    ("方文 0061", "export", "导出表", "导出工单", ()),
    ("张悦 0018", "search", "查找框", "", ()),
)


class _Desk:
    def search(self, question: Question) -> Answer:
        seen = tuple(
            Seen(
                f"a{at}", _AT - timedelta(minutes=37 * at), who, at, action, what,
                "20261121010000239" if action in ("file", "reveal", "open_file") else "", reason, "窗口-07", unusual,
            )
            for at, (who, action, what, reason, unusual) in enumerate(_ROWS)
        )  # fmt: skip
        return Answer(seen, note="2 位居民符合，合并列出")

    def identify(self, _path) -> Traced:
        return Traced(
            _AT, Medium.PAPER, False, 6, 3, "0061-3EKNG", "方文 0061", "示范市12345热线中心",
            ("20261121010000239 第 3 份",),
        )  # fmt: skip


class _Exporting:
    def table(self, *_given) -> None: ...
    def second(self, *_given) -> None: ...


_KEPT: list[object] = []


def _marked(widget: QWidget) -> QWidget:
    """As it is with somebody signed in."""
    for old in _KEPT:
        old.end()  # type: ignore[attr-defined]
    _KEPT.clear()
    marks = Watermarks(widget)
    widget.show()
    marks.begin(61, "0061", training=True)
    return widget


def audit() -> QWidget:
    dialog = AuditDialog(Jobs(QApplication.instance()), _Desk(), _Exporting())  # type: ignore[arg-type]
    dialog.citizen.setText("19900001234")
    dialog.search()
    dialog.read_copy("截图.png")
    return _marked(dialog)


def marked_pool() -> QWidget:
    return _marked(pool((1440, 900), Role.SUPERVISOR))


def _carrying(name: str) -> Callable[[], QWidget]:
    """Another window of the gallery as it is with somebody signed in."""
    return lambda: _marked(SCREENS[name]())


register("audit", audit)
register("marked-orders", marked_pool)
for _name in (
    "intake-talking-1440", "inbox-reply-1440", "registers-persons-1280", "knowledge-agent", "callback-open-1440",
):  # fmt: skip
    register(f"marked-{_name}", _carrying(_name))
