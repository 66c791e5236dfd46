import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.errors import Invalid
from console.domain.phones import PhoneKind, is_phone, parse_phone, reversed_tail

MOBILES = st.from_regex(r"1[3-9][0-9]0000[0-9]{4}", fullmatch=True)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
FORMS = st.sampled_from(
    [
        "{0}",
        "+86{0}",
        "+86 {0}",
        "0086-{0}",
        "86{0}",
        "0{0}",
        " {1} {2} {3} ",
        "{1}-{2}-{3}",
        "(+86){0}",
        "{0}转分机8012",
        "{0} 转 8012",
        "{0}#8012",
    ]
)


@given(MOBILES, FORMS, st.booleans())
def test_a_mobile_in_any_form_is_one_number(mobile: str, form: str, wide: bool) -> None:
    typed = form.format(mobile, mobile[:3], mobile[3:7], mobile[7:])
    phone = parse_phone(typed.translate(FULL_WIDTH) if wide else typed)
    assert (phone.digits, phone.kind) == (mobile, PhoneKind.MOBILE)
    assert phone.tail == mobile[-4:]
    assert phone.extension == ("8012" if "8012" in form else "")
    assert parse_phone(str(phone)) == phone


@given(st.from_regex(r"[2-8][0-9]{6,7}", fullmatch=True), st.sampled_from(["", "-", " "]))
def test_a_fixed_line_in_any_form_is_one_number(local: str, gap: str) -> None:
    whole = parse_phone(f"0730{gap}{local}")
    assert (whole.digits, whole.area, whole.kind) == ("0730" + local, "0730", PhoneKind.FIXED)
    assert parse_phone(local, area="0730") == whole
    assert parse_phone(f"+86 730 {local}") == whole
    assert parse_phone(f"(0730){local}-8012").extension == "8012"
    assert parse_phone(str(whole)) == whole


@given(MOBILES, st.integers(4, 11))
def test_trailing_digits_are_a_prefix_of_the_reversed_number(mobile: str, length: int) -> None:
    phone = parse_phone(mobile)
    assert phone.reversed_digits.startswith(reversed_tail(" " + mobile[-length:]))


@given(st.text(max_size=20) | st.from_regex(r"[0-9+() -]{1,20}", fullmatch=True))
def test_nothing_but_invalid_is_raised(text: str) -> None:
    if is_phone(text):
        assert parse_phone(parse_phone(text).digits).digits == parse_phone(text).digits
        return
    with pytest.raises(Invalid) as fault:
        parse_phone(text)
    assert fault.value.text
    assert fault.value.field == "phone"


@pytest.mark.parametrize(
    ("text", "kind", "digits"),
    [
        ("12345", PhoneKind.SHORT, "12345"),
        ("110", PhoneKind.SHORT, "110"),
        ("668812", PhoneKind.SHORT, "668812"),
        ("95588", PhoneKind.SERVICE, "95588"),
        ("400-812-3123", PhoneKind.SERVICE, "4008123123"),
        ("010-8123 4567", PhoneKind.FIXED, "01081234567"),
        ("+852 1234 5678", PhoneKind.UNKNOWN, "0085212345678"),
    ],
)
def test_kinds(text: str, kind: PhoneKind, digits: str) -> None:
    assert (parse_phone(text).kind, parse_phone(text).digits) == (kind, digits)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1234567", "本地固定电话不会以 1 开头"),
        ("999999999999999", "有 15 位数字"),
        ("1380000123", "应为 11 位，现在是 10 位，少 1 位"),
        ("138000012345", "多 1 位"),
        ("12800001234", "第二位应为 3 至 9，现为 2"),
        ("0730-88888", "区号 0730 后应有 7 或 8 位号码，现在是 5 位"),
        ("010-8888888", "区号 010 后应有 8 位号码"),
        ("0730-1888888", "不会以 1 开头"),
        ("abc", "有字母“abc”"),
        ("138OOOO1234", "有字母“OOOO”"),
        ("☎😀", "有“☎😀”"),
        ("一三八", "有“一三八”"),
        ("", "请填写电话号码"),
        ("anonymous", "来电号码未显示"),
        ("12", "只有 2 位"),
        ("0086", "有 4 位数字"),
        ("00861", "只有 1 位"),
    ],
)
def test_absurd_numbers_get_a_precise_sentence(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        parse_phone(text)


@pytest.mark.parametrize(
    "typed",
    [
        "+86 138 0000-0008",
        "+86-138-0000-0008",
        "0086 138-0000-0008",
        "86 1380000-0008",
        "138 0000-0008",
        "0138 0000-0008",
    ],
)
def test_a_dash_inside_a_mobile_starts_no_extension(typed: str) -> None:
    phone = parse_phone(typed)
    assert (phone.digits, phone.kind, phone.extension) == ("13800000008", PhoneKind.MOBILE, "")


@pytest.mark.parametrize(
    ("typed", "digits", "extension"),
    [
        ("0730-8888888-8012", "07308888888", "8012"),
        ("+86 730 8888888-801", "07308888888", "801"),
        ("13800000008-12", "13800000008", "12"),
    ],
)
def test_a_dash_after_a_whole_number_still_does(typed: str, digits: str, extension: str) -> None:
    phone = parse_phone(typed)
    assert (phone.digits, phone.extension) == (digits, extension)
