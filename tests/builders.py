"""Invented records that look like real ones; their phones are in the 1xx0000xxxx block (field-facts 10.11)."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from console.domain.records import (
    AssignmentLine,
    AttachmentLine,
    CallbackLine,
    CaseFile,
    EventLine,
    GridOwner,
    HandlingResult,
    LightText,
    TicketRow,
)
from console.domain.states import (
    AssignmentKind,
    AssignmentState,
    Channel,
    Light,
    Nature,
    Satisfaction,
    SupervisionLevel,
    TicketState,
    Urgency,
)

# 2026-03-08 09:24 in Beijing, the morning of field-facts 9.2's example.
ACCEPTED = datetime(2026, 3, 8, 1, 24, tzinfo=UTC)

CONTENT = (
    "来电人反映：楼台区望台街道望台社区宝丽西街123至130号门面前的下水道已堵塞三天，污水漫上人行道，"
    "异味很大，老人和学生只能绕到车行道上走，昨天下午已有一位老人滑倒。来电人称3月6日曾向物业“金色家园物业”反映，"
    "物业答复不属于小区红线范围，不予处理；随后又致电社区，社区表示已上报但未说明处理时间。\n"
    "来电人要求：一、尽快派人疏通下水道，清理路面污水；二、查明堵塞原因，若系餐饮店直排油污，请依法处理；"
    "三、处理前在现场设置警示标志，防止再有人滑倒。请在处理后回复来电人。"
)


def row(**changes: Any) -> TicketRow:
    """A closed complaint about a blocked drain."""
    base = TicketRow(
        id=123,
        number="20260308010001237",
        title="宝丽西街123号门面前下水道堵塞污水外溢",
        state=TicketState.CLOSED,
        nature=Nature.COMPLAINT,
        urgency=Urgency.NORMAL,
        channel=Channel.PHONE,
        unit="望台街道办事处",
        category="下水道堵塞",
        place="楼台区望台街道望台社区宝丽西街123至130号",
        light=LightText(Light.ON_TIME, "按时办结"),
        supervision=SupervisionLevel.NONE,
        accepted_at=ACCEPTED,
        finish_due=ACCEPTED + timedelta(days=5, hours=8),
        version=9,
    )
    return replace(base, **changes)


def grid() -> GridOwner:
    """First grid of Baling community."""
    return GridOwner(
        grid_id=7,
        grid_code="990101001002001",
        grid_name="第一网格",
        community="望台社区",
        street="望台街道",
        rule="路段门牌：宝丽西街单号1至199号",
        street_unit_id=21,
        community_unit_id=22,
        leader="周立新",
        leader_phone="0730-8800001",
        worker="吴小燕",
        worker_phone="0730-8800002",
    )


def assignment(**changes: Any) -> AssignmentLine:
    """The street's share, answered in time."""
    base = AssignmentLine(
        id=1,
        depth=0,
        unit_id=21,
        unit="望台街道办事处",
        kind=AssignmentKind.LEAD,
        state=AssignmentState.DONE,
        signer="刘联络",
        dispatched_at=ACCEPTED + timedelta(minutes=17),
        sign_due=ACCEPTED + timedelta(hours=8),
        signed_at=ACCEPTED + timedelta(minutes=41),
        response_due=ACCEPTED + timedelta(minutes=71),
        responded_at=ACCEPTED + timedelta(minutes=63),
        finish_due=ACCEPTED + timedelta(days=5, hours=8),
        replied_at=ACCEPTED + timedelta(days=1, hours=6),
        opinion="请城管办牵头，会同市政维护所今日到场处置。",
        light=LightText(Light.ON_TIME, "按时"),
    )
    return replace(base, **changes)


def assignments() -> tuple[AssignmentLine, ...]:
    """The street, its community below it, and a co-unit that was late."""
    return (
        assignment(),
        assignment(
            id=2,
            depth=1,
            unit_id=22,
            unit="望台社区居委会",
            signer="吴小燕",
            parent_id=1,
            dispatched_at=ACCEPTED + timedelta(minutes=45),
            signed_at=ACCEPTED + timedelta(minutes=52),
            replied_at=ACCEPTED + timedelta(days=1, hours=4),
            opinion="网格员到场核实。",
        ),
        assignment(
            id=3,
            unit_id=31,
            unit="区市政维护所",
            kind=AssignmentKind.CO,
            signer="陈工",
            signed_at=ACCEPTED + timedelta(hours=9),
            responded_at=ACCEPTED + timedelta(hours=10),
            replied_at=ACCEPTED + timedelta(days=1, hours=5),
            opinion="配合疏通。",
            light=LightText(Light.LATE, "超时"),
        ),
    )


_STEPS: tuple[tuple[float, str, str, str, str, TicketState, str], ...] = (
    (
        0,
        "accept",
        "受理",
        "张丽 8021",
        "热线中心",
        TicketState.PENDING_DISPATCH,
        "五要素齐全，电话登记",
    ),
    (
        17,
        "dispatch",
        "派单",
        "李审 8003",
        "热线中心",
        TicketState.PENDING_SIGN,
        "属地为望台街道，主办望台街道办事处",
    ),
    (41, "sign", "签收", "刘联络", "望台街道办事处", TicketState.IN_PROGRESS, ""),
    (
        45,
        "sub_dispatch",
        "下派",
        "刘联络",
        "望台街道办事处",
        TicketState.IN_PROGRESS,
        "下派望台社区到场核实",
    ),
    (52, "sign", "签收", "吴小燕", "望台社区居委会", TicketState.IN_PROGRESS, ""),
    (
        63,
        "arrive",
        "到场",
        "吴小燕",
        "望台社区居委会",
        TicketState.IN_PROGRESS,
        "现场污水约6平方米，已设警示牌",
    ),
    (
        75,
        "contact",
        "联系群众",
        "吴小燕",
        "望台社区居委会",
        TicketState.IN_PROGRESS,
        "电话联系，说明处理安排",
    ),
    (540, "sign", "签收", "陈工", "区市政维护所", TicketState.IN_PROGRESS, ""),
    (
        1620,
        "reply",
        "反馈",
        "吴小燕",
        "望台社区居委会",
        TicketState.IN_PROGRESS,
        "疏通完毕，路面已冲洗",
    ),
    (
        1800,
        "reply",
        "反馈",
        "刘联络",
        "望台街道办事处",
        TicketState.PENDING_REVIEW,
        "已办结，报中心审核",
    ),
    (
        1860,
        "pass_review",
        "审核通过",
        "李审 8003",
        "热线中心",
        TicketState.PENDING_CALLBACK,
        "事实清楚，附前后照片",
    ),
    (1930, "ring_back", "回访", "何回访 8040", "热线中心", TicketState.PENDING_CALLBACK, "满意"),
    (1935, "close", "办结", "何回访 8040", "热线中心", TicketState.CLOSED, ""),
)


def events(count: int = len(_STEPS)) -> tuple[EventLine, ...]:
    """The flow log from intake to closing; longer than 13 by repeating notes in between."""
    steps = list(_STEPS)
    while len(steps) < count:
        extra = len(steps)
        steps.insert(-1, (1930 + extra / 10, "note", "备注", "李审 8003", "热线中心", TicketState.PENDING_CALLBACK,
                          f"第{extra}条工作记录：与承办单位核对现场情况，等待补充材料。"))  # fmt: skip
    found, before = [], 0.0
    for index, (minute, action, name, actor, unit, state, note) in enumerate(steps[:count]):
        found.append(
            EventLine(
                id=index + 1,
                at=ACCEPTED + timedelta(minutes=minute),
                action=action,
                action_name=name,
                actor=actor,
                unit=unit,
                state=state,
                note=note,
                took=timedelta(minutes=minute - before) if index else None,
            )
        )
        before = minute
    return tuple(found)


def attachments() -> tuple[AttachmentLine, ...]:
    """A photograph before and one after."""
    base = AttachmentLine(
        id=1,
        name="宝丽西街123号处理前.jpg",
        kind="before",
        kind_name="处理前照片",
        size=482_113,
        sha256="0" * 64,
        media_type="image/jpeg",
        added_at=ACCEPTED + timedelta(minutes=64),
        added_by="吴小燕",
    )
    return base, replace(
        base, id=2, name="宝丽西街123号处理后.jpg", kind="after", kind_name="处理后照片"
    )


def result(**changes: Any) -> HandlingResult:
    """What the street answered."""
    base = HandlingResult(
        unit="望台街道办事处",
        handler="吴小燕",
        true_appeal=True,
        beyond_duty=False,
        contacted=True,
        contact_number="138****0012",
        contacted_at=ACCEPTED + timedelta(minutes=75),
        resolution="resolved",
        unresolved_reason="",
        internal_note="金色家园物业对红线外责任认识不清，已约谈；涉事餐饮店一家，已移交城管中队立案。",
        public_reply=(
            "您好！您反映的宝丽西街123号门面前下水道堵塞问题，我街道高度重视，3月8日10时27分网格员到达现场核实，"
            "设置了警示标志；当日组织市政维护人员疏通管道26米，清运淤泥1.5立方米，3月9日中午前已全部疏通并冲洗路面。"
            "经查，堵塞系沿街一家餐饮店未安装隔油设施所致，城管部门已责令其3日内整改。"
            "依据《城镇排水与污水处理条例》（国务院令第641号）第二十条，我们将继续跟踪。感谢您对城市管理工作的支持！"
        ),
        cause="沿街“湘味小厨”未设隔油池，餐厨油污直接排入雨水篦子，日积月累在检查井处板结，雨后排水不畅。",
        measures=(
            "一是组织市政维护所出动高压疏通车1台、人员4名，疏通管道26米，清运淤泥1.5立方米；"
            "二是对涉事餐饮店下达责令改正通知书，限3日内安装隔油设施；三是对沿街17家餐饮门店开展排查。"
        ),
        promise="每周巡查一次该路段排水情况，连续四周",
        promise_due=ACCEPTED + timedelta(days=28),
        replied_at=ACCEPTED + timedelta(days=1, hours=6),
    )
    return replace(base, **changes)


def callbacks() -> tuple[CallbackLine, ...]:
    """One attempt nobody answered, one that closed the case."""
    first = CallbackLine(
        attempt=1,
        at=ACCEPTED + timedelta(days=1, hours=7),
        revisitor="何回访 8040",
        reached=False,
        not_reached="no_answer",
        contacted=None,
        resolution="",
        satisfaction=None,
        dissatisfied_reason="",
        hotline_satisfaction=None,
        comment="",
        conclusion="",
    )
    return first, replace(
        first,
        attempt=2,
        at=ACCEPTED + timedelta(minutes=1930),
        reached=True,
        not_reached="",
        contacted=True,
        resolution="resolved",
        satisfaction=Satisfaction.SATISFIED,
        hotline_satisfaction=Satisfaction.VERY_SATISFIED,
        comment="处理得很快，希望以后多巡查。",
        conclusion="结案",
    )


def case_file(**changes: Any) -> CaseFile:
    """A closed case with everything in it. Keywords change the case; those only TicketRow has change its row."""
    names = {item.name for item in fields(CaseFile)}
    row_changes = {name: changes.pop(name) for name in list(changes) if name not in names}
    base = CaseFile(
        row=row(**row_changes),
        content=CONTENT,
        appellant="张**",
        phone="138****0012",
        phone_hidden=True,
        caller_kind="首次",
        occurred="2026年3月5日起",
        address="楼台区望台街道望台社区宝丽西街123至130号门面",
        grid=grid(),
        wanted="尽快疏通，查明原因并回复",
        category_path=("城市管理", "市政设施", "下水道堵塞"),
        reply_wanted=True,
        anonymous=False,
        confidential_reason="",
        lookup_code="482913",
        agent="张丽 8021",
        created_at=ACCEPTED - timedelta(minutes=6),
        dispatcher="李审 8003",
        dispatch_opinion="请望台街道办事处牵头，区市政维护所配合，今日到场处置并设置警示标志，按期反馈。",
        dispatched_at=ACCEPTED + timedelta(minutes=17),
        sign_due=ACCEPTED + timedelta(hours=8),
        finish_due=ACCEPTED + timedelta(days=5, hours=8),
        total_due=ACCEPTED + timedelta(days=6),
        closed_at=ACCEPTED + timedelta(minutes=1935),
        archived_at=None,
        archive_no="",
        lead_unit="望台街道办事处",
        co_units=("区市政维护所",),
        assignments=assignments(),
        events=events(),
        attachments=attachments(),
        result=result(),
        callbacks=callbacks(),
        review_comment="事实清楚，附前后照片",
        reviewer="李审 8003",
        steps=("受理", "派单", "签收", "办理", "反馈", "办结"),
        step_at=5,
        tags=("污水", "安全隐患"),
        heading="云澜市12345政务服务便民热线",
    )
    return replace(base, **changes)
