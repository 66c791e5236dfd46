"""The real cases of the five press reports, replayed by name on a real database (field-facts section 1)."""

from dataclasses import asdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import pytest

from console.domain.errors import NotAllowed, UserError
from console.domain.linkage import Basis, Incoming, Side, Span
from console.domain.loops import STEP_NAMES
from console.domain.moves import Move
from console.domain.policy_tables import StepView
from console.domain.reporting import ReportForm
from console.domain.roles import Role
from console.domain.states import (
    AssignmentState,
    Nature,
    Satisfaction,
    SupervisionLevel,
    TicketState,
    Urgency,
)
from console.domain.supervision import SuperviseForm, UrgeForm, Watch
from console.domain.verifying import VerifyForm
from console.ledger import Entry, Ledger
from console.services.dispatching import Dispatching
from console.services.handling import Handling
from console.services.handling.reporting import Reporting
from console.services.intake import Intake
from console.services.keeping import Keeping
from console.services.linkage import Linkage
from console.services.promises import Promises
from console.services.supervising import Supervising
from console.services.tallies import Tallies
from db.engine import Database
from db.models import Promise, Supervision, Urging
from tests.cases.office import (
    COMMUNITY,
    DISTRICT,
    DRAINS,
    GRID,
    POWER,
    STREET,
    TOWN_WORKS,
    Office,
    build,
    form,
    moment,
    reply,
)

S = TicketState


@pytest.fixture
def city(world: Database, tmp_path: Path) -> Database:
    build(world)
    return world


def test_yueyang_drain_goes_down_five_levels_and_comes_back_up_with_a_promise(
    city: Database, tmp_path: Path
) -> None:
    """Y6 to Y8: city → district → street → community → grid worker, who calls, looks, and is promised a change."""
    office = Office(city, "default", "2026-03-09 09:24", tmp_path)
    ticket_id = office.register()
    office.at("2026-03-09 09:41").dispatch(ticket_id, DISTRICT, opinion="请江北区转望江街道办理")

    for minute, unit_id, below, opinion in (
        (50, DISTRICT, STREET, "请望江街道今日到场核实"),
        (55, STREET, COMMUNITY, "请渔歌社区联系诉求人"),
        (58, COMMUNITY, GRID, "请第一网格下午到场"),
    ):
        office.at(f"2026-03-09 09:{minute}")
        desk = office.unit(unit_id)
        desk.sign(ticket_id)
        desk.sub_dispatch(ticket_id, below, opinion)
    worker = office.unit(GRID)
    office.at("2026-03-09 10:05")
    worker.sign(ticket_id)
    worker.contact(ticket_id, office.clock.at, "电话", "约定下午到场")
    office.at("2026-03-09 15:10")
    worker.arrive(ticket_id)
    worker.attach(ticket_id, "before", office.photo("before.jpg"))
    worker.attach(ticket_id, "after", office.photo("after.jpg"))
    Promises(office.seat(Role.GRID_WORKER, GRID)).promise(
        ticket_id, "两家餐馆加装隔油池", moment("2026-03-23 17:00")
    )
    shares = office.shares(ticket_id)
    assert [shares[u].opinion for u in (DISTRICT, STREET, COMMUNITY, GRID)] == [
        "请江北区转望江街道办理",
        "请望江街道今日到场核实",
        "请渔歌社区联系诉求人",
        "请第一网格下午到场",
    ]
    due = [shares[u].finish_due for u in (DISTRICT, STREET, COMMUNITY, GRID)]
    assert all(lower <= upper for upper, lower in pairwise(due))
    assert shares[GRID].response_due == moment("2026-03-09 10:28"), (
        "30 minutes from its own dispatch"
    )
    assert shares[GRID].responded_at <= shares[GRID].response_due

    public = "您反映的下水道堵塞已于今日疏通，路面油污已清洗，两家餐馆承诺加装隔油池。"
    for minute, unit_id in ((20, GRID), (30, COMMUNITY), (40, STREET), (50, DISTRICT)):
        office.at(f"2026-03-09 15:{minute}")
        text = (
            f"{office.shares(ticket_id)[unit_id].unit_name}：油污堵塞管道，已联系物业和商户清理。"
        )
        desk = office.unit(unit_id)
        desk.reply(ticket_id, reply(public, text, contact_at=moment("2026-03-09 10:05")))
    assert office.ticket(ticket_id).state is S.PENDING_REVIEW
    office.at("2026-03-09 16:30").review(ticket_id)
    office.at("2026-03-09 17:00").call_back(ticket_id, Satisfaction.VERY_SATISFIED)
    closed = office.ticket(ticket_id)
    assert closed.state is S.CLOSED
    assert closed.closed_at - closed.accepted_at < timedelta(days=1), (
        "Y12: solved in less than a day"
    )

    with pytest.raises(NotAllowed, match="承诺"):
        office.archive(ticket_id)
    with office.rows() as session:
        promise = session.query(Promise).filter_by(ticket_id=ticket_id).one()
    office.at("2026-03-20 10:00")
    Promises(office.seat(Role.GRID_WORKER, GRID)).keep(promise.id)
    office.archive(ticket_id)
    assert office.ticket(ticket_id).state is S.ARCHIVED
    log = office.moves(ticket_id)
    assert [unit for move, unit in log if move == "sub_dispatch"] == [
        "江北区12345热线办",
        "望江街道办事处",
        "渔歌社区",
    ]
    assert [unit for move, unit in log if move == "reply"] == [
        "渔歌社区第一网格",
        "渔歌社区",
        "望江街道办事处",
        "江北区12345热线办",
    ]


def test_haikou_power_cut_is_answered_within_thirty_minutes_in_three_steps(
    city: Database, tmp_path: Path
) -> None:
    """H1, H2, H6: power fails at 10:00, the company answers after a minute, power is back at 11:06."""
    office = Office(city, "haikou-30min", "2026-07-15 10:00", tmp_path)
    ticket_id = office.register(
        title="小区突然停电", nature=Nature.HELP, urgency=Urgency.URGENT, address="望江小区",
        content="望江小区三栋突然停电，电梯里可能有人，天气炎热，老人很多，请尽快派人抢修。",
    )  # fmt: skip
    case = office.case(ticket_id)
    assert case.steps == STEP_NAMES[StepView.THREE]
    office.at("2026-07-15 10:02").dispatch(ticket_id, POWER)
    share = office.shares(ticket_id)[POWER]
    assert share.response_due == moment("2026-07-15 10:32")
    assert share.sign_due == moment("2026-07-15 10:17")
    company = office.unit(POWER)
    office.at("2026-07-15 10:03")
    company.sign(ticket_id)
    company.contact(ticket_id, office.clock.at, "电话", "抢修队已出发")
    office.at("2026-07-15 10:18")
    company.arrive(ticket_id)
    company.attach(ticket_id, "before", office.photo("dark.jpg"))
    office.at("2026-07-15 11:06")
    company.attach(ticket_id, "after", office.photo("light.jpg"))
    text = "支线开关跳闸，已更换并恢复送电，三栋电梯已复位，无人被困。"
    company.reply(ticket_id, reply(text, text, contact_at=moment("2026-07-15 10:03")))
    office.at("2026-07-15 11:10").review(ticket_id)
    assert office.ticket(ticket_id).state is S.PENDING_VERIFY, (
        "H17: the worker of the grid looks first"
    )
    office.at("2026-07-15 11:25")
    looking = office.verifier()
    looking.attach(ticket_id, "verify_after", office.photo("seen.jpg"))
    looking.decide(ticket_id, VerifyForm(True, "到三栋看过，已来电，电梯正常运行。", True))
    office.at("2026-07-15 11:40").call_back(ticket_id, Satisfaction.SATISFIED)

    row, share = office.ticket(ticket_id), office.shares(ticket_id)[POWER]
    times = (
        row.dispatched_at,
        share.responded_at,
        share.arrived_at,
        share.replied_at,
        row.closed_at,
    )
    assert times == tuple(
        moment(f"2026-07-15 {t}") for t in ("10:02", "10:03", "10:18", "11:06", "11:40")
    ), "H2: dispatch, response, arrival, finish kept apart to the minute"
    assert share.responded_at - share.dispatched_at <= timedelta(minutes=30)
    case = office.case(ticket_id)
    assert (case.step_at, case.row.light.words) == (2, "按时")


def test_a_power_company_that_says_nothing_for_half_an_hour_is_late_at_the_minute(
    city: Database, tmp_path: Path
) -> None:
    """H1: the response clock is its own, far shorter than the closing clock."""
    office = Office(city, "haikou-30min", "2026-07-15 22:00", tmp_path)
    ticket_id = office.register(urgency=Urgency.URGENT)
    office.dispatch(ticket_id, POWER)
    share = office.shares(ticket_id)[POWER]
    assert share.response_due == moment("2026-07-15 22:30"), (
        "a calendar clock: night does not stop it"
    )
    assert share.finish_due == moment("2026-07-16 06:00")
    office.at("2026-07-15 22:31")
    assert share.responded_at is None
    assert office.clock.at > share.response_due
    assert office.case(ticket_id).row.light.words.startswith("绿"), "closing is not late yet"


def test_xiangyang_road_dispute_is_mediated_through_three_levels_and_signed_off(
    city: Database, tmp_path: Path
) -> None:
    """X2 to X5: the community fails twice, the street brings the city managers, the worker looks and signs."""
    office = Office(city, "xiangyang-five-level", "2026-04-07 08:40", tmp_path)
    ticket_id = office.register(
        title="路面开挖后未修复，居民与施工方争执", nature=Nature.COMPLAINT,
        content="望江东路路面开挖后一直没有修复，居民与施工方多次争吵，互不相让，要求尽快恢复路面。",
    )  # fmt: skip
    office.dispatch(ticket_id, STREET)
    street, community, worker = office.unit(STREET), office.unit(COMMUNITY), office.unit(GRID)
    street.sign(ticket_id)
    street.sub_dispatch(ticket_id, COMMUNITY, "请社区先行调解")
    community.sign(ticket_id)
    community.mark_dispute(ticket_id, True)
    community.sub_dispatch(ticket_id, GRID, "请网格员摸清情况")
    worker.sign(ticket_id)
    worker.contact(ticket_id, office.clock.at, "上门", "双方各执一词")
    with pytest.raises(NotAllowed, match="越级"):
        _escalate_past(office, ticket_id)
    assert office.shares(ticket_id)[GRID].level_due == moment("2026-04-07 15:10"), "4 working hours"
    office.at("2026-04-07 11:00")
    worker.escalate(ticket_id, "超出网格能力，需社区调解")
    assert office.shares(ticket_id)[COMMUNITY].state is AssignmentState.IN_PROGRESS

    for day, result, agreed in ((8, "施工方未到场", False), (9, "双方对修复标准有分歧", False)):
        office.at(f"2026-04-0{day} 10:00")
        community.mediate(
            ticket_id, date(2026, 4, day), "综治主任、城管主任、居民代表、施工方", result, agreed
        )
    office.at("2026-04-09 15:00")
    community.escalate(ticket_id, "两次调解未果，请街道协调城管办")
    street.whistle(ticket_id, (TOWN_WORKS,), "请派人到望江东路现场会商路面修复")
    call = street.open(ticket_id).called[-1]
    office.at("2026-04-10 09:30")
    street.whistle_arrived(ticket_id, call.id, "程城", "同意由施工方三日内修复")
    street.mediate(
        ticket_id,
        date(2026, 4, 10),
        "街道分管领导、城管办、居民代表、施工方",
        "达成一致，三日内修复",
        True,
    )
    office.at("2026-04-13 16:00")
    street.attach(ticket_id, "after", office.photo("road.jpg"))
    text = "经街道、城管办现场协调，施工方已于今日恢复路面，双方签字认可。"
    street.reply(ticket_id, reply(text, text, contact_at=moment("2026-04-13 15:30")))
    office.at("2026-04-13 16:30").review(ticket_id)
    assert office.ticket(ticket_id).state is S.PENDING_VERIFY, (
        "X4: a dispute is looked at before anything else"
    )

    office.at("2026-04-14 09:00")
    with pytest.raises(NotAllowed, match="不由您核查"):
        office.verifier("龙小燕").attach(ticket_id, "verify_after", office.photo("own.jpg"))
    looking = office.verifier("彭格")
    looking.attach(ticket_id, "verify_after", office.photo("level.jpg"))
    looking.decide(ticket_id, VerifyForm(True, "路面已恢复，双方都认可。", True))
    office.at("2026-04-14 10:00").call_back(ticket_id, Satisfaction.SATISFIED)
    office.archive(ticket_id)
    archived = office.ticket(ticket_id)
    assert (archived.state, archived.signed_off, archived.dispute) == (S.ARCHIVED, True, True)
    log = office.moves(ticket_id)
    assert [unit for move, unit in log if move == "escalate"] == ["渔歌社区第一网格", "渔歌社区"]
    assert len(street.open(ticket_id).rounds) == 3
    with pytest.raises(NotAllowed, match="已归档"):
        Handling(office.seat(Role.STREET_DESK, STREET)).mark_dispute(ticket_id, False)


def _escalate_past(office: Office, ticket_id: int) -> None:
    """The grid worker tries to hand it straight to the street."""
    ledger = Ledger(office.seat(Role.GRID_WORKER, GRID))
    with office.db.writing.begin() as session:
        unit = asdict(ledger.unit(session, STREET))
        ledger.move(session, ticket_id, Entry(Move.ESCALATE, {"reason": "太难", "unit": unit}))


def test_suzhou_eight_steps_are_a_view_of_the_same_log(city: Database, tmp_path: Path) -> None:
    """Z3: 发现、受理、分流、处置、跟踪、督办、反馈、评价, each reached by the one log that has six steps elsewhere."""
    office = Office(city, "xiangyang-five-level", "2026-05-11 09:00", tmp_path)
    seen: list[str] = []

    def look(ticket_id: int, role: Role = Role.SUPERVISOR) -> None:
        case = office.case(ticket_id, role)
        assert case.steps == STEP_NAMES[StepView.EIGHT]
        seen.append(case.steps[case.step_at])

    draft = Intake(office.seat(Role.AGENT)).save_draft(form(content="来电人说下水道"))
    look(office.id_of(draft.number), Role.AGENT)
    reported = Reporting(office.seat(Role.GRID_WORKER, GRID)).report(
        ReportForm(
            "f3f3f3f3-0000-4000-8000-000000000001", "望江东路123号", GRID, "010304",
            "巡查发现望江东路123号门面前下水道堵塞，污水外溢到路面。", settled=False,
        )
    )  # fmt: skip
    ticket_id = reported.ticket_id
    look(ticket_id)
    Dispatching(office.seat(Role.DISPATCHER)).accept(ticket_id, office.version(ticket_id))
    look(ticket_id)
    office.dispatch(ticket_id, STREET)
    look(ticket_id)
    street = office.unit(STREET)
    street.sign(ticket_id)
    look(ticket_id)
    overseeing = Supervising(office.seat(Role.OVERSEER))
    overseeing.urge(UrgeForm((ticket_id,), "临近办结时限"))
    look(ticket_id)
    overseeing.supervise(
        SuperviseForm(
            ticket_id,
            office.version(ticket_id),
            SupervisionLevel.NORMAL,
            "超期未办结",
            "请限期办结",
            STREET,
            due=moment("2026-05-13 17:30"),
            contact="郑督",
            contact_phone="12345",
        )
    )
    look(ticket_id)
    street.attach(ticket_id, "after", office.photo("eight.jpg"))
    office.at("2026-05-11 15:00")
    text = "下水道已疏通，路面已清洗，沿线雨水口一并清掏干净。"
    street.reply(ticket_id, reply(text, text, contacted=False))
    look(ticket_id)
    office.review(ticket_id)
    look(ticket_id)
    office.call_back(ticket_id, Satisfaction.SATISFIED)
    look(ticket_id)
    assert list(dict.fromkeys(seen)) == list(STEP_NAMES[StepView.EIGHT])


def test_yueyang_110_and_the_hotline_divert_to_each_other(city: Database, tmp_path: Path) -> None:
    """Y9, field-facts 10.12: what is no police matter comes to us, danger goes to them, first receiver decides."""
    office = Office(city, "default", "2026-06-23 20:10", tmp_path)
    desk = Linkage(office.seat(Role.AGENT))

    def hand_over(number: str, content: str) -> int:
        return desk.take_in(
            Incoming(
                key=str(uuid4()), police_no=number, occurred="今晚8点", address="望江东路123号",
                name="余建国", full_phone="19900005566", content=content, handed_by="110-0362",
            )
        ).ids[0]  # fmt: skip

    noise = hand_over(
        "JJ20260623000117", "望江东路123号烧烤店营业到凌晨，噪声很大，没有冲突，请管理部门处理。"
    )
    theft = hand_over(
        "JJ20260623000118", "望江东路125号门面电动车被偷，报警人要求查看监控找回车辆。"
    )
    assert office.ticket(noise).state is S.PENDING_ACCEPT
    office.at("2026-06-23 20:14")
    desk.accept(noise)
    desk.refuse(theft, "盗窃属治安案件，110先接到，由110受理", "110-0362")
    assert office.ticket(theft).state is S.REJECTED

    fight = office.register(
        title="楼下有人持刀争执",
        content="望江东路123号楼下有人持刀争执，围观的人很多，请马上处理。",
    )
    desk.give(fight, "110-0371", Basis.DANGER, three_way=True)
    given = office.ticket(fight)
    assert (given.state, given.with_police) == (S.ANSWERED, True)
    stray = office.register(
        title="流浪狗进小区", content="望江小区有一只流浪狗，没有伤人，居民害怕，请派人处理。"
    )
    first_due = office.ticket(stray).total_due
    desk.give(stray, "110-0371", Basis.DUTY)
    office.at("2026-06-23 21:00")
    with pytest.raises(UserError):
        desk.handed_back(stray, "没有伤人，不属警情", "110-0371", Side.POLICE)
    desk.handed_back(stray, "没有伤人，不属警情", "110-0371", Side.HOTLINE)
    ours = office.ticket(stray)
    assert (ours.state, ours.total_due) == (S.PENDING_DISPATCH, first_due), (
        "the citizen's clock never stopped"
    )
    with pytest.raises(NotAllowed):
        desk.handed_back(stray, "再退一次", "110-0371")

    counts = desk.statement(Span.DAY).now
    assert (counts.came, counts.accepted, counts.sent_back) == (2, 1, 1)
    assert (counts.given, counts.kept, counts.given_back) == (2, 1, 1)
    assert desk.statement(Span.DAY).share == "50.00%", (
        "what 110 passed on and we took, of all it passed on"
    )


def test_longting_lights_urge_at_yellow_and_supervise_at_red_each_once(
    city: Database, tmp_path: Path
) -> None:
    """K2, K14, K15: the street whistles, the lights write by themselves, the inspector looks on and touches nothing."""
    office = Office(city, "longting-two-lights", "2026-03-02 09:00", tmp_path)
    ticket_id = office.register(
        title="创文路段门面前垃圾堆积", nature=Nature.COMPLAINT,
        content="创建全国文明城市检查路段，望江东路123号门面前垃圾堆积多日，散发臭味，请尽快清运。",
    )  # fmt: skip
    Tallies(office.seat(Role.DISPATCHER)).tag(ticket_id, None, ("civilised", "risk"))
    office.dispatch(ticket_id, STREET)
    street = office.unit(STREET)
    street.sign(ticket_id)
    street.contact(ticket_id, office.clock.at, "电话", "约定现场核实")
    due = office.ticket(ticket_id).finish_due
    assert due == moment("2026-03-09 17:30"), (
        "a complaint: five working days, the day of receipt not counted"
    )
    keeping = Keeping(office.seat(Role.OVERSEER))
    keeping.sweep()
    assert _written(office, ticket_id) == (0, 0), "no light is on"

    office.at("2026-03-04 10:00")
    street.whistle(ticket_id, (TOWN_WORKS, DRAINS), "请到望江东路123号现场会商清运")
    works, _drains = street.open(ticket_id).called
    office.at("2026-03-04 10:40")
    street.whistle_arrived(ticket_id, works.id, "程城", "当场落实清运车辆")
    called = {c.unit: c for c in street.open(ticket_id).called}
    assert called["城市管理和综合执法局"].arrived_at == moment("2026-03-04 10:40")
    assert called["市政设施维护处"].arrived_at is None, (
        "who was called and did not come stands there too"
    )

    office.at("2026-03-09 10:00")
    assert office.case(ticket_id).row.light.words.startswith("黄灯催办")
    keeping.sweep()
    Keeping(office.seat(Role.SUPERVISOR)).sweep()
    assert _written(office, ticket_id) == (1, 0), "yellow urges, once, whoever keeps"
    office.at("2026-03-09 17:31")
    assert office.case(ticket_id).row.light.words.startswith("红灯督办")
    keeping.sweep()
    keeping.sweep()
    assert _written(office, ticket_id) == (1, 1), "red supervises, once"
    with office.rows() as session:
        notice = session.query(Supervision).filter_by(ticket_id=ticket_id).one()
    assert notice.automatic
    assert notice.document_no.endswith("〔2026〕1号")
    assert "督察局" in notice.copied_to

    office.at("2026-03-16 09:00")
    keeping.sweep()
    assert office.ticket(ticket_id).supervision == SupervisionLevel.RED, (
        "the ladder: three working days late"
    )
    inspector = Supervising(office.seat(Role.INSPECTOR))
    assert inspector.board().number(Watch.RED) >= 1
    with pytest.raises(NotAllowed):
        inspector.urge(UrgeForm((ticket_id,), "督察催办"))
    table = Tallies(office.seat(Role.INSPECTOR)).campaign_table(
        moment("2026-03-01 00:00"), office.clock.at
    )
    assert (table.tickets, table.shared) == (1, 1)
    assert "同属两项以上" in table.words, (
        "K14: sums are larger than the total, and the report says why"
    )


def _written(office: Office, ticket_id: int) -> tuple[int, int]:
    """Urgings about the light and supervisions so far."""
    with office.rows() as session:
        urged = (
            session.query(Urging)
            .filter_by(ticket_id=ticket_id, automatic=True, share_seq=None)
            .count()
        )
        return urged, session.query(Supervision).filter_by(ticket_id=ticket_id).count()
