"""What is read of a message, whatever it was typed or exported with."""

from console.memory.lexicon import Lexicon, themes
from console.memory.pieces import Message, pieces, place_names, plain
from console.memory.wording import said_words

SEVEN = ("交通运输", "劳动和社会保障", "卫生计生", "商贸旅游", "城乡建设", "教育文体", "环境保护")


def test_markup_blanks_and_widths_count_for_nothing() -> None:
    said = "<p>Ａ区&nbsp;清风路\u3000路灯<br/>不亮_x000D_ 见 https://example.invalid/a?b=1</p>"
    assert plain(said).split() == ["a区", "清风路", "路灯", "不亮", "见"]


def test_numbers_are_no_words() -> None:
    counts = pieces(Message("停水3天", "电话19900001234，停水 15 天"))
    assert "停水0" in counts
    assert not any(digit in piece for piece in counts for digit in "123456789")


def test_a_very_long_letter_is_read_at_both_ends() -> None:
    counts = pieces(Message("", "路灯" + "长" * 50_000 + "拆迁"))
    assert counts["路灯"]
    assert counts["拆迁"]
    assert sum(counts.values()) < 12_000


def test_names_of_places_are_found_in_an_address_and_in_words() -> None:
    assert "清风路" in place_names("清风路")
    assert "锦湖小区" in place_names("锦湖小区物业不管")
    assert any(piece.startswith("@") for piece in pieces(Message("锦湖小区停水", "")))


def test_every_theme_has_claims_and_words_of_two_characters_or_more() -> None:
    for theme in themes():
        assert theme.claims
        assert [word for word in theme.words if len(word) < 2] == [], theme.name


def test_a_foreign_list_of_categories_is_understood_by_its_names() -> None:
    lexicon = Lexicon(SEVEN)
    for said, label in (
        ("开发商不给办房产证，小区物业乱收费", "城乡建设"),
        ("化工厂半夜偷排废气，刺鼻难闻", "环境保护"),
        ("出租车司机拒载不打表", "交通运输"),
        ("小学老师有偿补课乱收费", "教育文体"),
        ("公司拖欠农民工工资，养老保险也没交", "劳动和社会保障"),
        ("旅行社导游强制购物", "商贸旅游"),
        ("医院医生收红包，护士态度差", "卫生计生"),
    ):
        shares, spoke = lexicon.shares(Message("", said))
        best = max(range(len(shares)), key=lambda at: shares[at])
        assert lexicon.labels[best] == label, said
        assert spoke[best]


def test_the_longest_word_said_counts_and_none_inside_it() -> None:
    said = Lexicon(SEVEN).words_in(Message("", "工地夜间施工"))
    assert "夜间施工" in said
    assert "施工" not in said


def test_a_city_s_own_words_count() -> None:
    lexicon = Lexicon(("甲类", "乙类"), {"乙类": ("拎包客",)})
    shares, _ = lexicon.shares(Message("", "街上有拎包客"))
    assert shares[1] > shares[0]


def test_pieces_that_touch_are_read_as_one_word() -> None:
    strongest = [("路灯不", 0.9), ("灯不亮", 0.8), ("@清风路", 0.5), ("^路灯", 0.4), ("晚上", 0.1)]
    words, places = said_words(strongest, "清风路路灯不亮 晚上很黑")
    assert words[0] == "路灯不亮"
    assert places == ["清风路"]
