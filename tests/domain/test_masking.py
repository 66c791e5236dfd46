from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import masking
from console.domain.identity import identity_check
from console.domain.numbering import ticket_number

WORDS = st.text(alphabet="来电反映井盖，。 门口㛃𬭎😀", max_size=8)
MOBILES = st.from_regex(r"1[3-9][0-9]0000[0-9]{4}", fullmatch=True)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳锋", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("张女士", "张女士"),
        ("𡐓㛃𬭎", "𡐓**"),
        ("葛\U000e0100洪", "葛\U000e0100*"),
        ("阿卜杜·买买提", "阿**·***"),
        ("John Smith", "J*** *****"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_names(name: str, masked: str) -> None:
    assert masking.mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800005678", "138****5678"),
        ("+86 138-0000-5678", "138****5678"),
        ("0730-8881234", "0730-888****"),
        ("8881234", "888****"),
        ("110", "110"),
        ("668812", "66****"),
        ("说不清1380000", "说不清*******"),
        ("", ""),
    ],
)
def test_phones(number: str, masked: str) -> None:
    assert masking.mask_phone(number) == masked


def test_numbers_of_people_and_things() -> None:
    assert masking.mask_identity("430602199001011234") == "430602********1234"
    assert masking.mask_identity("430602") == "******"
    assert masking.mask_bank_card("6222 0212 3456 7890") == "************7890"
    assert masking.mask_plate("湘F12345") == "湘F·**345"
    assert masking.mask_plate("湘FD12345") == "湘F·***345"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("楼台区保利西街12号3栋2单元501室", "楼台区保利西街12号3栋***"),
        ("保利西街123号门面", "保利西街123号门面"),
        ("阳光花园3-2-501", "阳光花园3-***"),
        ("阳光小区三栋二单元", "阳光小区三栋***"),
        ("金鹗村3组12号", "金鹗村3组***"),
        ("建设路5号2楼", "建设路5号***"),
        ("五里牌", "五里牌"),
        ("往东走两百米，宝丽西街（老车站旁）１２号", "往东走两百米，宝丽西街（老车站旁）12号"),
        ("宝丽小区3栋，", "宝丽小区3栋"),
    ],
)
def test_addresses_end_at_the_building(address: str, masked: str) -> None:
    assert masking.mask_address(address) == masked


@given(WORDS, MOBILES, st.sampled_from(["{}", "+86{}", "0086 {}"]), st.booleans(), WORDS)
def test_no_mobile_is_left_in_text(
    before: str, mobile: str, form: str, wide: bool, after: str
) -> None:
    said = form.format(mobile)
    shown = masking.mask_text(f"{before}{said.translate(FULL_WIDTH) if wide else said}{after}")
    assert shown == f"{before}{mobile[:3]}****{mobile[-4:]}{after}"


@given(WORDS, st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999), WORDS)
def test_no_identity_number_is_left_in_text(
    before: str, born: date, order: int, after: str
) -> None:
    first = f"430602{born:%Y%m%d}{order:03d}"
    number = first + identity_check(first)
    shown = masking.mask_text(before + number + after)
    assert shown == f"{before}430602********{number[-4:]}{after}"


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 999_999))
def test_ticket_numbers_stay(day: date, sequence: int) -> None:
    content = f"前次工单{ticket_number(day, '01', sequence)}未解决"
    assert masking.mask_text(content) == content


@pytest.mark.parametrize(
    ("content", "masked"),
    [
        ("请回138 0000 1234。", "请回138****1234。"),
        ("请回138-0000-1234。", "请回138****1234。"),
        ("座机0730-8881234", "座机0730-888****"),
        ("电话：8881234", "电话：888****"),
        ("共8881234元", "共8881234元"),
        ("卡号6222021234567890123", "卡号***************0123"),
        ("幺三八零零零零幺二三四", "幺三八****幺二三四"),
        ("邮箱zhang3@example.com", "邮箱z***@example.com"),
        ("11月22日8点30分，123号门口积水20厘米", "11月22日8点30分，123号门口积水20厘米"),
        ("", ""),
    ],
)
def test_text(content: str, masked: str) -> None:
    assert masking.mask_text(content) == masked


@given(st.text(max_size=40))
def test_nothing_is_raised_and_masking_twice_adds_nothing(text: str) -> None:
    for mask in (
        masking.mask_name,
        masking.mask_phone,
        masking.mask_identity,
        masking.mask_bank_card,
        masking.mask_plate,
        masking.mask_address,
    ):
        mask(text)
    once = masking.mask_text(text)
    assert masking.mask_text(once) == once
