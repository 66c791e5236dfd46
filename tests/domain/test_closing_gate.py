"""The gate's arithmetic: which words claim a conversation, when two replies are one text (peers 6.9)."""

from datetime import UTC, datetime, timedelta

import pytest

from console.domain.closing_gate import (
    Claimed,
    ContactRecord,
    Matter,
    claims_contact,
    findings,
    photo_finding,
)

NOW = datetime(2026, 11, 20, 7, tzinfo=UTC)
MATTER = Matter("1", "010304", "宝丽西街123号下水道堵塞", "宝丽西街123号", "油污外溢，有老人滑倒")
REPLY = "您好，您反映的宝丽西街123号下水道堵塞已疏通，路面已冲洗，责令餐饮店清掏隔油池，社区每周巡查一次。"


def claimed(**changes) -> Claimed:
    values = {
        "matter": MATTER, "result": "已疏通管道并冲洗路面", "public_reply": REPLY, "replied_at": NOW,
        "dispatched_at": NOW - timedelta(hours=5),
        "contacts": (ContactRecord(NOW - timedelta(hours=3), "电话", "约定下午到场"),),
    }  # fmt: skip
    return Claimed(**(values | changes))


@pytest.mark.parametrize(
    "words",
    ["已电话联系诉求人", "已与来电人沟通", "经联系，诉求人表示满意", "已致电告知诉求人", "工作人员已联系您并约定时间"],
)  # fmt: skip
def test_words_that_claim_a_conversation(words: str) -> None:
    assert claims_contact(words)


@pytest.mark.parametrize(
    "words",
    ["已疏通管道", "请诉求人拨打12345", "联系市政部门疏通", "感谢您的来电", "已联系供电公司抢修"],
)
def test_words_that_do_not(words: str) -> None:
    assert not claims_contact(words)


def test_an_honest_reply_has_no_findings() -> None:
    assert list(findings(claimed())) == []


def test_the_same_text_at_the_same_matter_names_no_other_place() -> None:
    """A unit words like matters alike: that alone is no copy."""
    other = Matter(
        "2",
        "010304",
        "宝丽西街123号下水道又堵",
        "宝丽西街123号",
        reply=REPLY.replace("每周", "每天"),
    )
    assert list(findings(claimed(others=(other,)))) == []


def test_another_place_in_it_gives_the_copy_away() -> None:
    reply = REPLY.replace("宝丽西街123号", "香樟路127号")
    other = Matter("2", "010304", "香樟路127号下水道堵塞", "香樟路127号", reply=reply)
    edited = "市民朋友您好：" + reply.removeprefix("您好，")
    assert list(findings(claimed(public_reply=edited + "特此答复。", others=(other,)))) == [
        "公开答复说的是另一张工单的地点或事项"
    ]


def test_the_same_photograph_before_and_after() -> None:
    assert photo_finding(False, ("a",), ("b",)) == ""
    assert photo_finding(False, ("a",), ("a",)) == "处置前后是同一张照片"
