"""The import window: with a file that has good, changed and faulty rows, before, after and empty."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from console.domain.roles import Role
from console.jobs import Jobs
from console.services.exporting import Exporting
from console.services.importing import Importing
from console.views.importing import ExportDialog, ImportDialog
from tests.importing.files import PEOPLE, person, write_csv, write_xlsx
from tests.screens import _settle, register
from tests.world import make_world, seat_for


def window(
    fill: Callable[[ImportDialog, Path], None] | None = None, role: Role = Role.SUPERVISOR
) -> QWidget:
    folder = Path(tempfile.mkdtemp())
    desk = Importing(seat_for(make_world(folder / "world.db"), role))
    dialog = ImportDialog(Jobs(QApplication.instance()), desk)
    dialog.show()
    if fill is not None:
        fill(dialog, folder)
    _settle(900)
    if fill is not None:
        # Where it lay on the machine that took the picture is nobody's business.
        dialog.path.setText(f"D:\\登记\\{Path(dialog.path.text()).name}")
    return dialog


def residents(dialog: ImportDialog, folder: Path) -> None:
    head = (*PEOPLE, "备注")
    rows = [[*person(n), ""] for n in range(1, 40)]
    first = write_csv(folder / "一月.csv", [PEOPLE, *(person(n) for n in range(1, 6))])
    dialog._desk.load(_checked(dialog, first))
    rows[1][2] = "19900007777"
    rows[3][1] = 1.1010519491231e17
    rows[7][0] = ""
    rows[9][4] = "清风社区第九网格"
    rows[12][1] = rows[11][1]
    rows[15][2] = "1990001"
    path = write_xlsx(folder / "清风社区人口登记表.xlsx", [["清风社区实有人口登记表"], head, *rows])
    dialog.choose_file(path)


def _checked(dialog: ImportDialog, path: Path):
    from console.domain.importing.headers import match

    kind = dialog._kinds[0]
    source = dialog._desk.read(path, kind.name)
    return dialog._desk.check(source, kind.name, match(source.headers, kind))


def good_rows(dialog: ImportDialog, folder: Path) -> None:
    residents(dialog, folder)
    _settle(900)
    dialog.outcome.counters.choose("changed")
    dialog.outcome._picked("new")


def written(dialog: ImportDialog, folder: Path) -> None:
    residents(dialog, folder)
    _settle(900)
    dialog.load()


def unmapped(dialog: ImportDialog, folder: Path) -> None:
    rows = [
        ("户籍人姓名", "号码", "住处", "所属网格"),
        ("石磊", "990101194001010011", "宝丽小区3栋", "清风社区第一网格"),
    ]
    dialog.choose_file(write_csv(folder / "旧系统导出.csv", rows, "gb18030"))


def bomb(dialog: ImportDialog, folder: Path) -> None:
    path = folder / "人口.xlsm"
    path.write_bytes(b"PK")
    dialog.choose_file(path)


register("import-empty", window)
register("import-faults", partial(window, residents))
register("import-rows", partial(window, good_rows))
register("import-done", partial(window, written))
register("import-unmapped", partial(window, unmapped))
register("import-refused", partial(window, bomb))
register("import-reports", partial(window, None, Role.GRID_WORKER))


def export_dialog() -> QWidget:
    seat = seat_for(make_world(Path(tempfile.mkdtemp()) / "world.db"), Role.SUPERVISOR)
    dialog = ExportDialog(Jobs(QApplication.instance()), Exporting(seat))
    dialog.show()
    dialog.second_field.show_error("居民超过 200 行，导出须两人同意，请第二人输入账号和密码")
    return dialog


register("import-export", export_dialog)
