"""Matters that come from elsewhere: another system's work orders, 110's hand-overs, the grids' field reports."""

from console.domain.importing.fields import Field, Kind, Reads
from console.domain.roles import Role
from console.domain.states import NATURE_NAMES, URGENCY_NAMES

_CONTENT = ("主要内容", "诉求内容", "问题描述", "内容", "简述", "content")
_NATURES = {name: nature.value for nature, name in NATURE_NAMES.items()}
_URGENCIES = {name: urgency.value for urgency, name in URGENCY_NAMES.items()}
_PLACE = ("地点", "地址", "发生地点", "事发地址", "小区点位", "address", "place")
_CALLER = (
    Field("name", "来电人", Reads.NAME, ("诉求人", "联系人", "姓名", "报警人", "当事人", "caller", "name"), longest=50, private="name"),
    Field("phone", "联系电话", Reads.PHONE, (
        "来电人电话", "诉求人电话", "联系号码", "诉求号码", "来电人电话/账号", "电话", "报警电话", "phone",
    ), private="phone"),
)  # fmt: skip

TICKETS = Kind(
    "tickets", "其他系统工单",
    (
        Field("outside_no", "原工单编号", Reads.CODE, ("工单编号", "办件编号", "工单号", "市级编号", "编号", "number", "id"), True, 30),
        Field("content", "内容", Reads.TEXT, _CONTENT, True, 10_000),
        Field("title", "标题", Reads.LINE, ("诉求主题", "主题", "事件名称", "title"), longest=100),
        Field("nature", "诉求性质", Reads.CHOICE, ("工单类型", "诉求类型", "来电类别", "性质", "nature"), choices=_NATURES | {"建议(意见)": "suggestion", "表扬(感谢)": "praise"}),
        Field("urgency", "紧急程度", Reads.CHOICE, ("urgency",), choices=_URGENCIES),
        *_CALLER,
        Field("address", "地点", Reads.LINE, _PLACE, longest=200),
        Field("category", "事项类别", Reads.LINE, ("问题分类", "事项小类", "分类", "类别", "category"), longest=120),
        Field("grid_id", "网格", Reads.CODE, ("网格编码", "所属网格", "grid"), longest=120),
        Field("received_at", "受理时间", Reads.MOMENT, ("接收时间", "录入时间", "来电时间", "派发时间", "received")),
        Field("confidential", "是否保密", Reads.YES, ("保密",)),
        Field("wants_reply", "是否回复", Reads.YES, ("需要回复",)),
        Field("outcome", "办理结果", Reads.TEXT, ("回复内容", "处理结果", "办理情况", "result"), longest=2000),
        Field("closed_at", "办结时间", Reads.MOMENT, ("完成时间", "closed")),
    ),
    ("outside_no",), frozenset({Role.SUPERVISOR}), matters=True, unit="件",
)  # fmt: skip

POLICE = Kind(
    "police", "110移交",
    (
        Field("police_no", "警情编号", Reads.CODE, ("接警单号", "110编号", "编号", "警单号", "policeno", "number", "id"), True, 40),
        Field("content", "内容", Reads.TEXT, (*_CONTENT, "警情内容"), True, 2000),
        *_CALLER,
        Field("address", "地点", Reads.LINE, (*_PLACE, "案发地点"), longest=200),
        Field("occurred", "发生时间", Reads.LINE, ("报警时间", "接警时间", "occurred"), longest=60),
        Field("handed_by", "移交人", Reads.LINE, ("接警员", "移交人工号", "handedby"), longest=60),
        Field("urgency", "紧急程度", Reads.CHOICE, ("urgency",), choices=_URGENCIES),
        Field("three_way", "三方通话", Reads.YES, ("threeway",)),
        Field("photos", "附件", Reads.LIST, ("照片", "图片", "photos", "files"), longest=2000),
    ),
    ("police_no",), frozenset({Role.AGENT, Role.SUPERVISOR, Role.DISPATCHER}), matters=True, unit="件",
)  # fmt: skip

REPORTS = Kind(
    "reports", "网格上报",
    (
        Field("report_no", "上报编号", Reads.CODE, ("编号", "事件编号", "number", "id"), True, 36),
        Field("content", "情况说明", Reads.TEXT, _CONTENT, True, 2000),
        Field("address", "地点", Reads.LINE, _PLACE, True, 200),
        Field("grid_id", "网格", Reads.CODE, ("网格编码", "所属网格", "grid", "gridcode"), True, 120),
        Field("category", "事项类别", Reads.LINE, ("事件类型", "类别", "分类", "category"), True, 120),
        Field("occurred_at", "发生时间", Reads.MOMENT, ("上报时间", "occurredat", "time")),
        Field("reporter", "上报人", Reads.NAME, ("网格员", "reporter"), longest=50),
        Field("phone", "上报人电话", Reads.PHONE, ("联系电话", "电话", "phone"), private="phone"),
        Field("urgency", "紧急程度", Reads.CHOICE, ("urgency",), choices=_URGENCIES),
        Field("photos", "照片", Reads.LIST, ("图片", "现场照片", "附件", "photos", "images"), longest=2000),
    ),
    ("report_no",),
    frozenset({Role.SUPERVISOR, Role.STREET_DESK, Role.GRID_LEADER, Role.GRID_WORKER}),
    matters=True, unit="件",
)  # fmt: skip

MATTERS = (TICKETS, POLICE, REPORTS)
