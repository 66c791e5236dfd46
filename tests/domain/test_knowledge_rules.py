"""Rules of the knowledge base, without a database: dates, who may what, what a text must be."""

from datetime import date

import pytest

from console.domain.errors import Invalid, InvalidForm
from console.domain.knowledge import (
    Deed,
    EntryState,
    EntryText,
    Standing,
    changes,
    checked,
    overtaken,
    permitted,
    read_day,
    standing_of,
    validity_words,
)
from console.domain.roles import Role

TODAY = date(2026, 11, 22)
EARLIER, LATER = date(2026, 11, 1), date(2026, 12, 1)
GOOD = EntryText(title="怎么办", short_answer="这样办。")


@pytest.mark.parametrize(
    ("state", "first", "last", "standing"),
    [
        (EntryState.PUBLISHED, None, None, Standing.IN_FORCE),
        (EntryState.PUBLISHED, TODAY, TODAY, Standing.IN_FORCE),
        (EntryState.PUBLISHED, LATER, None, Standing.FUTURE),
        (EntryState.PUBLISHED, None, EARLIER, Standing.EXPIRED),
        (EntryState.WITHDRAWN, None, EARLIER, Standing.WITHDRAWN),
        (EntryState.DRAFT, LATER, None, Standing.DRAFT),
    ],
)
def test_what_a_version_is_today(state, first, last, standing) -> None:
    assert standing_of(state, first, last, TODAY) is standing


def test_the_older_version_holds_until_the_day_before_the_newer() -> None:
    assert overtaken(None, None, None, TODAY) == (EntryState.REPLACED, None)
    assert overtaken(None, None, TODAY, TODAY) == (EntryState.REPLACED, None)
    assert overtaken(None, None, LATER, TODAY) == (EntryState.PUBLISHED, date(2026, 11, 30))
    assert overtaken(None, EARLIER, LATER, TODAY) == (EntryState.PUBLISHED, EARLIER)
    assert overtaken(LATER, None, LATER, TODAY) == (EntryState.REPLACED, None)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("standing", Standing)
def test_nobody_publishes_or_judges_his_own(role, standing) -> None:
    assert not permitted(role, True, standing) & {Deed.PUBLISH, Deed.SEND_BACK}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.KB_EDITOR, Role.SUPERVISOR}))
@pytest.mark.parametrize("standing", Standing)
def test_others_touch_nothing_but_their_own_drafts(role, standing) -> None:
    assert permitted(role, False, standing) == frozenset()
    own = permitted(role, True, standing)
    assert own <= {Deed.EDIT, Deed.SUBMIT, Deed.WITHDRAW}
    assert not own or standing in (Standing.DRAFT, Standing.REVIEW)


@pytest.mark.parametrize(
    "typed", ["2026-12-01", "2026年12月1日", "20261201", "2026.12.1", "２０２６/12/01"]
)
def test_a_day_as_people_type_it(typed) -> None:
    assert read_day(typed, "expires_on") == LATER


@pytest.mark.parametrize("typed", ["明天", "2026-13-01", "2026-02-30", "1", "2026-12"])
def test_what_is_no_day_is_named(typed) -> None:
    with pytest.raises(Invalid, match="不是日期") as refused:
        read_day(typed, "expires_on")
    assert refused.value.field == "expires_on"


def test_nothing_typed_is_no_day() -> None:
    assert read_day("  ", "expires_on") is None


@pytest.mark.parametrize(
    "said", ["找老张19900001234", "199-0000-1234", "１９９００００１２３４", "990101196001010011"]
)
def test_nobodys_own_number_gets_in(said) -> None:
    with pytest.raises(InvalidForm) as refused:
        checked(EntryText(title="怎么办", short_answer="这样办。", long_answer=said), TODAY)
    assert refused.value.field == "long_answer"
    assert "19900001234" not in str(refused.value)


@pytest.mark.parametrize(
    "said", ["0990-96390", "12345", "国办发〔2020〕53号", "收费1980元，共120000000分"]
)
def test_office_numbers_and_figures_do(said) -> None:
    assert checked(EntryText("怎么办", short_answer=said), TODAY).short_answer == said


def test_a_text_is_cleaned_and_kept_as_it_is() -> None:
    made = checked(EntryText(" 怎么\n办 ", "一\r\n二", " 这样办。\u200b"), TODAY)
    assert (made.title, made.question_variants, made.short_answer) == (
        "怎么 办",
        "一\n二",
        "这样办。",
    )
    assert checked(made, TODAY) == made


def test_changes_are_named_in_the_order_of_the_form() -> None:
    later = EntryText(title="怎么办", short_answer="那样办。", basis="文件", expires_on=LATER)
    assert [(c.caption, c.before, c.after) for c in changes(GOOD, later)] == [
        ("简短答复", "这样办。", "那样办。"),
        ("依据", "", "文件"),
        ("失效日期", "", "2026年12月1日"),
    ]
    assert changes(None, later) == ()


def test_how_long_it_holds_in_words() -> None:
    assert validity_words(None, None, TODAY) == ""
    assert validity_words(LATER, None, TODAY) == "2026年12月1日起生效"
    assert validity_words(None, LATER, TODAY) == "有效至2026年12月1日"
    assert validity_words(None, EARLIER, TODAY) == "已于2026年11月1日到期"
