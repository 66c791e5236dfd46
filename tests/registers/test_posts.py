"""A career: every change of post, unit or grid, with its days (field-facts X12, K8)."""

from datetime import UTC, date, datetime, timedelta

from console.domain.registers.kinds import Register
from console.domain.registers.records import PostLine, Typed
from console.domain.roles import Role
from console.domain.worktime import civil_date
from console.services.registers import Registers
from db.engine import Database
from tests.registers.city import desk

FIRST, SECOND = "990101001001001", "990101001001002"


def today() -> date:
    return civil_date(datetime.now(UTC))


def change(own: Registers, values: dict[str, str]) -> tuple[PostLine, ...]:
    version = own.form(Register.STAFF, 2).version
    own.saving.save(Typed(Register.STAFF, 2, version, values))
    return own.open(Register.STAFF, 2).posts


def test_each_move_ends_one_post_and_begins_the_next(city: Database) -> None:
    own = desk(city, Role.SUPERVISOR)
    began = today() - timedelta(days=900)
    (first,) = change(own, {"started_on": f"{began}"})
    assert (first.started_on, first.ended_on) == (began, None)
    posts = change(own, {"post": "网格长"})
    assert [(one.post, one.started_on, one.ended_on) for one in posts] == [
        ("网格长", today(), None),
        (first.post, began, today()),
    ]
    assert change(own, {"phone": "19900000555"}) == posts
    posts = change(own, {"grids": f"{FIRST}、{SECOND}"})
    assert posts[0].grids == "清风社区第一网格、清风社区第二网格"
    assert len(posts) == 3
    posts = change(own, {"duty_state": "离职"})
    assert posts[0].ended_on == today()
    assert len(posts) == 3


def test_a_move_may_be_dated_back(city: Database) -> None:
    own = desk(city, Role.SUPERVISOR)
    change(own, {"started_on": f"{today() - timedelta(days=400)}"})
    since = today() - timedelta(days=30)
    posts = change(own, {"post": "网格长", "started_on": f"{since}"})
    assert [(one.started_on, one.ended_on) for one in posts] == [
        (since, None),
        (today() - timedelta(days=400), since),
    ]


def test_training_and_rank_are_typed_shown_and_on_record(city: Database) -> None:
    own = desk(city, Role.SUPERVISOR)
    change(own, {"training_state": "考核合格", "cadre_rank": "科级"})
    card = own.open(Register.STAFF, 2)
    shown = {fact.title: fact.shown for fact in card.facts}
    assert (shown["培训情况"], shown["职级"]) == ("考核合格", "科级")
    assert {"培训情况", "职级"} <= {one.title for one in card.history}
