"""Work orders, hand-overs and field reports from elsewhere, with their photographs; once each, whole or not at all."""

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from console.domain.errors import Cancelled, NotAllowed
from console.domain.importing.headers import match
from console.domain.importing.kinds import KINDS
from console.domain.importing.records import Checked, Standing
from console.domain.roles import Role
from console.domain.states import Channel, Nature, TicketState
from console.services.importing import Importing
from console.services.linkage import Linkage
from db.models import Appellant, Attachment, PoliceTransfer, StoredFile, Ticket, TicketEvent
from db.search import find_tickets
from tests.importing.files import FAR_GRID, GRID, write_csv, write_xlsx
from tests.importing.test_registers import reasons
from tests.world import seat_for


def check(desk: Importing, kind: str, path: Path) -> Checked:
    source = desk.read(path, kind)
    return desk.check(source, kind, match(source.headers, KINDS[kind]))


LEDGER = (
    "工单编号", "工单类型", "问题分类", "标题", "主要内容", "来电人", "来电人电话", "地址",
    "接收时间", "办理结果", "办结时间",
)  # fmt: skip
OPEN = (
    "A-2026-001", "投诉", "城市管理->市政设施->下水道堵塞", "", "宝丽西街101号门前下水道堵塞三天。电话19900001111。",
    "石磊", "199 0000 1111", "宝丽西街101号", "2026/11/1 9:30", "", "",
)  # fmt: skip
DONE = (
    "A-2026-002", "投诉", "下水道堵塞", "路灯不亮", "桂花社区路灯不亮。", "", "", "桂花社区",
    "2026-10-01 08:00", "已修好", "2026-10-02 17:00",
)  # fmt: skip


def test_work_orders_of_another_system(city, desk, tmp_path: Path) -> None:
    bad = (
        "A-2026-003",
        "投诉",
        "没有的分类",
        "",
        "内容",
        "",
        "",
        "",
        "2026-11-03",
        "",
        "2026-11-02",
    )
    path = write_xlsx(
        tmp_path / "a.xlsx", [LEDGER, OPEN, DONE, bad, (*OPEN[:1], *bad[1:2], "", *bad[3:10], "")]
    )
    checked = check(desk, "tickets", path)
    assert reasons(checked) == [
        "4 C列 问题分类：没有事项类别“没有的分类”，请填分类名称或编码",
        "5 A列 工单编号：与第 2 行重复（原工单编号）",
    ]
    desk.load(checked)
    with city.reading() as session:
        opened, done = session.scalars(select(Ticket).order_by(Ticket.id)).all()
        notes = session.scalars(select(TicketEvent.note).order_by(TicketEvent.id)).all()
        caller = session.execute(
            select(Appellant.name, Appellant.phone).where(Appellant.ticket_id == opened.id)
        ).one()
        found = find_tickets(session, "下水道")
    assert (opened.state, opened.nature, opened.channel) == (
        TicketState.PENDING_DISPATCH, Nature.COMPLAINT, Channel.SUB_HOTLINE,
    )  # fmt: skip
    assert (opened.category_code, opened.occurred_text) == ("010304", "2026-11-01 09:30")
    assert opened.finish_due is not None
    assert tuple(caller) == ("石磊", "19900001111")
    assert (opened.appellant_masked, opened.phone_masked) == ("石*", "199****1111")
    assert "A-2026-001" in notes[0]
    assert "19900001111" not in opened.title
    # What was finished elsewhere is history: closed then, not now, and nobody calls back.
    assert (done.state, done.direct_answer, done.anonymous) == (TicketState.CLOSED, "已修好", True)
    assert (done.accepted_at.isoformat(), done.closed_at.isoformat()) == (
        "2026-10-01T00:00:00+00:00", "2026-10-02T09:00:00+00:00",
    )  # fmt: skip
    assert opened.id in found
    again = check(desk, "tickets", path)
    assert (again.counts[Standing.SAME], again.to_write) == (2, 0)


def test_times_that_cannot_be(desk, tmp_path: Path) -> None:
    table = [
        LEDGER,
        (*OPEN[:8], "2026-11-03", "好", "2026-11-02"),
        ("B", *OPEN[1:8], "2126-11-03", "", ""),
        ("C", *OPEN[1:8], "", "", "2026-11-02"),
    ]
    said = reasons(check(desk, "tickets", write_csv(tmp_path / "a.csv", table)))
    assert [s.split("：")[1].split("，")[0] for s in said] == [
        "办结时间早于受理时间",
        "时间还没到",
        "有办结时间",
    ]


def photo(path: Path, colour: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), colour).save(path)
    return path


def report(number: str, **more) -> dict:
    return {
        "编号": number, "情况说明": "宝丽西街101号门前井盖破损，有行人绊倒的危险。", "地点": "宝丽西街101号",
        "网格": GRID, "类别": "下水道堵塞", "发生时间": "2026-11-20 08:00", "上报人": "陈晓燕",
        "电话": "19900000022", **more,
    }  # fmt: skip


def field_reports(folder: Path) -> Path:
    photo(folder / "one" / "前.jpg", "red")
    photo(folder / "one" / "后.png", "blue")
    one = folder / "one" / "1.json"
    one.write_text(json.dumps(report("R1", 照片=["前.jpg", "后.png"]), ensure_ascii=False), "utf-8")
    some = [
        report("R2"),
        report("R3", 照片=["没有.jpg"]),
        report("R4", 照片=["../../a.jpg"]),
        report("R5", 网格=FAR_GRID),
    ]
    (folder / "more.json").write_text(json.dumps(some, ensure_ascii=False), "gb18030")
    (folder / "文字.txt").write_text("不是照片", "utf-8")
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_field_reports_with_photographs(city, tmp_path: Path, packed: bool) -> None:
    folder = field_reports(tmp_path / "上报")
    path = folder
    if packed:
        path = tmp_path / "上报.zip"
        with zipfile.ZipFile(path, "w") as made:
            for file in folder.rglob("*.*"):
                made.write(file, file.relative_to(folder))
    desk = Importing(seat_for(city, Role.STREET_DESK, 10))
    checked = check(desk, "reports", path)
    said = [fault.reason for fault in checked.faults]
    assert "没有找到照片“没有.jpg”" in said[0]
    assert "没有找到照片“a.jpg”" in said[1]
    assert "管辖范围" in said[2]
    desk.load(checked)
    with city.reading() as session:
        tickets = {t.title: t for t in session.scalars(select(Ticket))}
        files = session.execute(
            select(Attachment.ticket_id, Attachment.kind, Attachment.media_type)
        ).all()
        stored = session.scalar(select(func.count()).select_from(StoredFile))
    assert len(tickets) <= 2
    assert {t.state for t in tickets.values()} == {TicketState.PENDING_ACCEPT}
    assert {(kind, media) for _t, kind, media in files} == {
        ("before", "image/jpeg"),
        ("before", "image/png"),
    }
    assert stored == 2
    desk.close()


def test_hand_overs_of_110_wait_to_be_judged(city, tmp_path: Path) -> None:
    rows = [
        {"警情编号": "J1", "内容": "邻居半夜施工噪声扰民，请12345处理。", "报警人": "石磊", "报警电话": "19900001111",
         "地点": "宝丽小区", "接警员": "0101", "三方通话": "否"},
        {"警情编号": "J2", "内容": ""},
    ]  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"records": rows}, ensure_ascii=False), "utf-8")
    seat = seat_for(city, Role.DISPATCHER)
    desk = Importing(seat)
    checked = check(desk, "police", path)
    assert [f.reason for f in checked.faults] == ["没有填内容"]
    desk.load(checked)
    with city.reading() as session:
        row = session.scalars(select(PoliceTransfer)).one()
        ticket = session.scalars(select(Ticket)).one()
    assert (row.police_no, row.handed_by, row.result, row.direction) == (
        "J1",
        "0101",
        "pending",
        "in",
    )
    assert (ticket.channel, ticket.state) == (Channel.POLICE_110, TicketState.PENDING_ACCEPT)
    # The linkage desk judges it as any other.
    Linkage(seat).accept(ticket.id)
    with pytest.raises(NotAllowed):
        Importing(seat_for(city, Role.CLERK)).read(path, "police")


def test_stopping_leaves_no_work_order(city, desk, tmp_path: Path) -> None:
    rows = [(f"A-{n}", *OPEN[1:]) for n in range(60)]
    checked = check(desk, "tickets", write_csv(tmp_path / "a.csv", [LEDGER, *rows]))
    seen: list[int] = []

    def progress(done: int, _total: int, _words: str) -> None:
        seen.append(done)

    with pytest.raises(Cancelled):
        desk.load(checked, progress, lambda: bool(seen) and seen[-1] >= 40)
    with city.reading() as session:
        assert session.scalar(select(func.count()).select_from(Ticket)) == 0
    desk.load(checked)
    with city.reading() as session:
        numbers = session.scalars(select(Ticket.number)).all()
    assert len(set(numbers)) == 60
