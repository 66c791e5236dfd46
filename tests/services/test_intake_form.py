"""Every fault of a form at once, each beside its field; and what the program suggests meanwhile."""

from dataclasses import replace

import pytest

from console.domain.errors import InvalidForm, NotFound
from console.domain.intake import IntakeForm
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import Channel, Nature, Urgency
from console.ledger import Entry
from db.models import CategoryRow, KnowledgeEntry, Road, RoadRange, Ticket, TicketEvent
from db.search import initials_column, piece_text
from tests.services.intake_desk import CONTENT, PHONE, add_categories, desk, form, statements

# check


def fields(faults) -> list[str]:
    return [fault.field for fault in faults]


def test_a_good_form_has_no_fault(world) -> None:
    assert desk(world).check(form(), True) == ()


def test_an_empty_form_names_every_missing_field_at_once(world) -> None:
    faults = desk(world).check(IntakeForm(key="k"), True)
    assert fields(faults) == [
        "name",
        "contact_phone",
        "address",
        "content",
        "nature",
        "category_code",
        "unit_id",
    ]
    names = set(IntakeForm.__dataclass_fields__)
    assert set(fields(faults)) <= names


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": "13812345678", "person_id": None}, "name", "号码"),
        ({"name": "99010119600101001X"}, "name", "校验码"),
        ({"name": "110105194912310021"}, "name", "校验码"),
        ({"name": "11010519491231002X"}, "name", "姓名栏里是一个身份证号"),
        ({"name": "叶😀青"}, "name", "表情"),
        ({"name": "12"}, "name", "不是姓名"),
        ({"name": "叶" * 60}, "name", "超出"),
        ({"name": "", "person_id": None}, "name", "请填写姓名"),
        ({"contact_phone": "1381234567"}, "contact_phone", "少 1 位"),
        ({"contact_phone": "abc"}, "contact_phone", "字母"),
        ({"contact_phone": "9" * 400}, "contact_phone", "位"),
        ({"full_phone": "未知"}, "contact_phone", "没有可用的联系电话"),
        ({"full_phone": ""}, "contact_phone", "没有联系电话"),
        ({"occurred": "明天下午3点"}, "occurred", "还没到"),
        ({"occurred": "2099-01-01"}, "occurred", "还没到"),
        ({"occurred": "2026-02-30"}, "occurred", "不是存在的"),
        ({"address": "宝丽西街123到130号", "grid_id": None}, "address", "跨两个网格"),
        ({"address": "火星大道1号", "grid_id": None}, "address", "不在任何网格"),
        ({"address": "", "grid_id": None}, "address", "请填写地点"),
        ({"grid_id": 777}, "address", "网格已停用"),
        ({"address": "路" * 201}, "address", "超出 1 字"),
        ({"content": "堵了"}, "content", "不少于 10 个汉字，现有 2 个"),
        ({"content": "abcdefghijklmnopqrst!!!!"}, "content", "现有 0 个"),
        ({"content": "😀" * 30}, "content", "现有 0 个"),
        ({"content": "\x00\x07\u200b"}, "content", "请填写诉求内容"),
        ({"content": "堵" * 12_000}, "content", "超出 2000 字"),
        ({"title": "堵" * 101}, "title", "超出 1 字"),
        ({"wanted": "快" * 501}, "wanted", "超出"),
        ({"opinion": "办" * 300}, "opinion", "超出"),
        ({"tags": ("七有五性" * 60,)}, "tags", "超出"),
        ({"nature": None}, "nature", "请选择诉求性质"),
        ({"category_code": ""}, "category_code", "请选择分类"),
        ({"category_code": "999999"}, "category_code", "没有这个分类"),
        ({"category_code": "01"}, "category_code", "至少选到第 2 级"),
        ({"unit_id": None}, "unit_id", "请选择主办单位"),
        ({"unit_id": 999}, "unit_id", "没有这个单位"),
        ({"unit_id": 1}, "unit_id", "不能派给"),
        ({"co_unit_ids": (10,)}, "co_unit_ids", "相同"),
        ({"co_unit_ids": (40, 40)}, "co_unit_ids", "重复"),
        ({"co_unit_ids": (998,)}, "co_unit_ids", "没有这个单位"),
        (
            {"confidential": True, "respondent": "清河街道办事处某科长", "unit_id": 10},
            "unit_id",
            "被反映",
        ),
        ({"key": ""}, "key", "编号"),
        ({"key": "k" * 37}, "key", "编号"),
    ],
)
def test_each_fault_stands_beside_its_field(world, changes: dict, field: str, words: str) -> None:
    add_categories(world)
    wrong = form(**changes)
    found = [fault for fault in desk(world).check(wrong, True) if fault.field == field]
    assert len(found) == 1
    assert words in found[0].text
    with pytest.raises(InvalidForm) as refused:
        desk(world).submit(wrong, True)
    assert field in fields(refused.value.faults)
    with world.reading() as session:
        assert session.query(Ticket).count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"occurred": "每天晚上"}, {"occurred": ""}, {"address": "不详", "grid_id": None},
        {"address": "", "grid_id": 30}, {"name": "王㛃"},
        {"anonymous": True, "name": "", "full_phone": "", "person_id": None}, {"name": "阿卜杜·买买提"},
        {"name": "𬭎䶮"}, {"content": CONTENT + "😀\x00"}, {"full_phone": "未知", "contact_phone": "0990-8888888"},
        {"channel": Channel.WEB, "full_phone": "", "reply_wanted": False},
        {"address": "宝丽西街123号", "grid_id": None},
        {"content": "堵" * 10_000},
    ],
)  # fmt: skip
def test_what_callers_really_say_is_no_fault(world, changes: dict) -> None:
    wanted = form(**changes)
    assert desk(world).check(wanted, True) == ()
    assert desk(world).submit(wanted, True).number


def test_without_dispatch_neither_unit_nor_a_sure_place_is_needed(world) -> None:
    assert desk(world).check(form(unit_id=None, grid_id=None, address="火星大道1号"), False) == ()


def test_checking_costs_no_statement_when_the_grid_is_known(world) -> None:
    intake = desk(world)
    intake.warm()
    with statements(world) as seen:
        intake.check(form(), True)
    assert seen == []


# suggest


def test_category_and_unit_are_suggested_with_their_reasons(world) -> None:
    add_categories(world)
    found = desk(world).suggest(form(category_code="", unit_id=None))
    assert found.category is not None
    assert found.category.key == "010304"
    assert found.category_reason == "按目录词语“下水道堵塞”"
    assert found.unit is not None
    assert found.unit.id == 10
    assert found.unit_reason.startswith(
        "“下水道堵塞”由属地街道承办，地址属清河街道办事处 › 清风社区"
    )
    assert "按地址：宝丽西街 101–199 号单号侧" in found.unit_reason
    assert found.nature is Nature.HELP


def test_a_department_is_found_by_its_short_name(world) -> None:
    add_categories(world)
    found = desk(world).suggest(
        form(title="路灯不亮", content="路口的路灯不亮好几天了，太黑", category_code="")
    )
    assert found.category is not None
    assert found.unit is not None
    assert (found.category.key, found.unit.id) == ("010303", 40)


def test_without_a_place_the_street_is_asked_for(world) -> None:
    found = desk(world).suggest(form(grid_id=None, category_code=""))
    assert found.unit is None
    assert found.unit_reason == "“下水道堵塞”由属地街道承办，请先确定地点"


def test_closed_work_orders_alike_speak_for_their_category(world) -> None:
    add_categories(world)
    intake = desk(world)
    numbers = []
    for _ in range(3):
        done = intake.submit(
            form(content="地面上到处反味，餐馆油污漫出来，踩上去打滑，没人来弄干净"), True
        )
        with world.writing.begin() as session:
            session.get(Ticket, done.ticket_id).state = "closed"
        numbers.append(done.number)
    said = form(title="", content="餐馆油污漫出来，踩上去打滑，没有人弄干净", category_code="")
    with statements(world) as seen:
        found = intake.suggest(said)
    assert found.category is not None
    assert found.category.key == "010304"
    assert found.category_reason == f"像{numbers[-1]}等3件已办结工单"
    assert found.unit_reason.endswith("同类已由其办结3件")
    assert intake.like(numbers[-1]) == done.ticket_id
    with pytest.raises(NotFound):
        intake.like("20200101010000018")
    assert len(seen) <= 2


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("楼下着火了，冒浓烟", "119"),
        ("老人晕倒没有呼吸", "120"),
        ("两车追尾有人受伤", "122"),
        ("有人持刀打架", "110"),
        ("下水道堵塞", ""),
    ],
)
def test_words_of_danger_name_the_line(world, content: str, line: str) -> None:
    found = desk(world).suggest(form(title="", content=content))
    assert found.emergency_line == line
    assert (found.urgency is Urgency.CRITICAL) == bool(line)


@pytest.mark.parametrize(
    ("content", "nature"),
    [("请问医保异地就医怎么办理", Nature.INQUIRY), ("投诉物业乱收费", Nature.COMPLAINT),
     ("举报小作坊偷排", Nature.REPORT),
     ("建议路口加红绿灯", Nature.SUGGESTION), ("感谢社区工作人员", Nature.PRAISE),
     ("家里停水了", Nature.HELP), ("嗯", None)],
)  # fmt: skip
def test_the_nature_is_guessed_from_the_callers_words(world, content: str, nature) -> None:
    assert desk(world).suggest(form(title="", content=content, category_code="")).nature is nature


def test_leaning_words_count_after_plain_ones_and_the_reason_is_said(world) -> None:
    intake = desk(world)
    said = form(title="", content="烧烤摊占道经营，希望尽快整治，感谢", category_code="")
    found = intake.suggest(said)
    assert (found.nature, found.nature_reason) == (
        Nature.COMPLAINT,
        "话中有“整治”、“占道”、“希望”",
    )
    asked = intake.suggest(replace(said, content="老年卡要多少钱，哪里办"))
    assert (asked.nature, asked.nature_reason) == (Nature.INQUIRY, "话中有“多少”、“哪里”")


def test_what_a_category_is_by_its_kind_beats_leaning_words(world) -> None:
    add_categories(world)
    with world.writing.begin() as session:
        session.get(CategoryRow, "010306").default_nature = Nature.HELP
    found = desk(world).suggest(
        form(title="", content="这条路水淹了，希望有人来看看", category_code="010306")
    )
    assert (found.nature, found.nature_reason) == (Nature.HELP, "“路面积水”一般是求助")


def test_closed_work_orders_of_a_category_tell_what_it_mostly_was(world) -> None:
    add_categories(world)
    intake = desk(world)
    for _ in range(5):
        done = intake.submit(form(category_code="020101", nature=Nature.COMPLAINT), True)
        with world.writing.begin() as session:
            session.get(Ticket, done.ticket_id).state = "closed"
    found = intake.suggest(form(title="", content="校门口有人摆摊", category_code="020101"))
    assert (found.nature, found.nature_reason) == (
        Nature.COMPLAINT,
        "“占道经营”近5件中5件是投诉",
    )


@pytest.mark.parametrize("content", ["", "😀", "堵" * 12_000, "\x00", "%'\""])
def test_odd_content_suggests_without_breaking(world, content: str) -> None:
    intake = desk(world)
    odd = form(content=content, title="")
    intake.suggest(odd)
    intake.duplicates(odd)
    intake.knowledge(content)
    intake.read_back(odd)


# knowledge


def test_knowledge_by_words_initials_and_whole_content(world) -> None:
    title = "医保异地就医怎么备案"
    with world.writing.begin() as session:
        created = session.get(KnowledgeEntry, 1).updated_at
        for id_, state in ((2, "published"), (3, "draft")):
            entry = KnowledgeEntry(
                id=id_, title=title, short_answer="可在手机上备案。", updated_at=created
            )
            entry.state, entry.initials = state, initials_column(title)
            entry.pieces = piece_text(title, "跨省 住院 报销")
            session.add(entry)
    intake = desk(world)
    assert [card.id for card in intake.knowledge("下水道")] == [1]
    assert [card.id for card in intake.knowledge("xsd")] == [1]
    assert [
        card.id for card in intake.knowledge("市民咨询，去外省住院，医保异地就医要怎么备案才能报销")
    ] == [2]
    assert intake.knowledge(CONTENT)[0].id == 1
    assert intake.knowledge("噪声扰民") == ()
    assert intake.knowledge("x") == ()


# duplicates


def test_the_same_matter_is_shown_with_reasons_in_three_statements(world) -> None:
    intake = desk(world)
    first = intake.submit(form(), True)
    mine = form(title="", content="门面前下水道又堵了，油污外溢到人行道上")
    with statements(world) as seen:
        found = intake.duplicates(mine)
    assert [card.ticket_id for card in found] == [first.ticket_id]
    assert found[0].reasons[:3] == ("同一来电 刚刚", "同一门牌 宝丽西街 123 号", "同类 下水道堵塞")
    # By the number, by the place, by uncommon words; whether anything was learned is asked every ten minutes.
    assert len([one for one in seen if "suggestion_model" not in one]) == 3
    other = intake.duplicates(replace(mine, full_phone="13800000009", address="宝丽西街125号"))
    assert [card.ticket_id for card in other] == [first.ticket_id]
    assert "同一路段 宝丽西街，相隔 2 号" in other[0].reasons


def test_the_other_side_of_the_road_is_looked_at_and_other_matters_are_not(world) -> None:
    intake = desk(world)
    first = intake.submit(form(), True)
    across = form(full_phone="13800000009", address="宝丽西街124号", grid_id=31)
    assert [card.ticket_id for card in intake.duplicates(across)] == [first.ticket_id]
    said = "门面下水道堵塞，油污外溢到人行道，路面湿滑"
    away = form(full_phone="13800000009", address="桂花社区", grid_id=32, content=said)
    assert intake.duplicates(away) == ()
    quite_other = form(
        full_phone="13800000009", category_code="", title="", content="请问退休金几号发放到银行卡"
    )
    assert intake.duplicates(quite_other) == ()


def test_drafts_and_voided_ones_and_oneself_are_no_duplicates(world) -> None:
    intake = desk(world)
    intake.save_draft(form())
    own = intake.submit(form(), False)
    assert intake.duplicates(form(ticket_id=own.ticket_id)) == ()
    supervisor = desk(world, Role.SUPERVISOR)
    with world.writing.begin() as session:
        supervisor._ledger.move(session, own.ticket_id, Entry(Move.VOID, {"reason": "录错"}))
    assert intake.duplicates(form()) == ()


def test_at_most_two_hundred_earlier_ones_are_read(world) -> None:
    intake = desk(world)
    first = intake.submit(form(), False)
    with world.writing.begin() as session:
        row = session.get(Ticket, first.ticket_id)
        kept = {
            c.key: getattr(row, c.key)
            for c in Ticket.__table__.columns
            if c.key not in ("id", "number", "form_key")
        }
        session.add_all(
            Ticket(**kept, number=f"9{at:016d}", form_key=f"k{at}") for at in range(300)
        )
    found = intake.duplicates(form(full_phone="13800000009"))
    assert len(found) == 5


def test_the_log_holds_no_phone_and_no_name(world) -> None:
    intake = desk(world)
    intake.submit(form(opinion="请联系来电人"), True)
    with world.reading() as session:
        for line in session.query(TicketEvent):
            assert PHONE not in f"{line.inputs}{line.note}"
            assert "长青" not in f"{line.inputs}{line.note}"


def test_roads_that_begin_alike_are_kept_apart(world) -> None:
    with world.writing.begin() as session:
        session.add(Road(id=2, name="宝丽西街北段", initials="blxjbd"))
        session.flush()
        session.add(RoadRange(road_id=2, grid_id=32, low=1, high=99, side="both"))
    found = desk(world).place("宝丽西街北段9号", None)
    assert found.owner is not None
    assert found.owner.grid_id == 32
