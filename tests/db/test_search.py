"""Any two characters are found on both databases, rare ones and Traditional ones too."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from console.domain.errors import Invalid
from db import search
from tests.server import server_url

ALPHABET = "井盖破损保利西街龙龍楼樓三3号，。 A1ａ㛃𬭎䶮𡐓😀'\\¦\udc00"
TEXTS = st.text(alphabet=ALPHABET, max_size=24)


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path_factory.mktemp('search') / 'text.db'}")
    with engine.begin() as connection:
        search.install_sqlite(connection)
        search.install_sqlite(connection)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Engine]:
    """An engine with tables of its own in a schema that goes away again."""
    with server_url() as address:
        admin = create_engine(address)
        with admin.begin() as connection:
            connection.execute(text("CREATE SCHEMA search_test"))
        engine = create_engine(address, connect_args={"options": "-c search_path=search_test"})
        with engine.begin() as connection:
            # As the schema makes it, which is one for both databases.
            connection.execute(
                text("CREATE TABLE ticket_text (ticket_id bigint PRIMARY KEY, pieces text)")
            )
            search.install_postgresql(connection)
            search.install_postgresql(connection)
        yield engine
        engine.dispose()
        with admin.begin() as connection:
            connection.execute(text("DROP SCHEMA search_test CASCADE"))
        admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    engine: Engine = request.getfixturevalue(request.param)
    with Session(engine) as session:
        yield session
        session.rollback()


def fill(session: Session, *texts: str) -> None:
    search.index_many(session, [(i, (words,)) for i, words in enumerate(texts, 1)])


@pytest.mark.parametrize(
    ("content", "query"),
    [
        ("保利西街井盖破损", "井盖"),
        ("保利西街井盖破损", "西街井"),
        ("井盖，破损", "井盖破损"),
        ("龍門樓下水道", "龙门楼"),
        ("龙门楼下水道", "龍門樓"),
        ("ＡＢＣ１２３號", "abc123号"),
        ("abc123号", "ＡＢＣ１２３"),
        ("三栋二单元", "3栋2单元"),
        ("乾隆路口", "乾隆"),
        ("乾燥", "干燥"),
        ("来电人㛃𬭎称䶮𡐓门口", "㛃𬭎"),
        ("来电人㛃𬭎称䶮𡐓门口", "𡐓门"),
        ("保利西街123号", "西街 123号"),
        ("O'Brien先生\\n", "o'brien"),
        ("電話138 0000 1234", "13800001234"),
    ],
)
def test_finds(session: Session, content: str, query: str) -> None:
    fill(session, "别的事情", content)
    assert search.find_tickets(session, query) == [2]


@pytest.mark.parametrize("query", ["井损", "盖保", "西街盖", "井盖 路灯"])
def test_does_not_find_what_is_not_there(session: Session, query: str) -> None:
    fill(session, "井盖破损，井边", "西街井盖")
    assert search.find_tickets(session, query) == []


def test_pieces_in_another_order_are_no_hit(session: Session) -> None:
    fill(session, "西街北，街北西，北西街")
    assert search.find_tickets(session, "西街北西街北西街北") == []


def test_nothing_is_found_across_two_texts(session: Session) -> None:
    search.index_ticket(session, 1, "井盖", "破损")
    assert search.find_tickets(session, "盖破") == []
    assert search.find_tickets(session, "井盖破损") == []
    assert search.find_tickets(session, "破损 井盖") == [1]


def test_newest_first_and_limited(session: Session) -> None:
    fill(session, *["井盖"] * 30)
    assert search.find_tickets(session, "井盖", limit=3) == [30, 29, 28]


def test_old_and_rare_ones_are_found_behind_the_newest(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEWEST", 5)
    fill(session, *["井盖", "路灯"] * 10)
    assert search.find_tickets(session, "井盖") == list(range(19, 0, -2))
    assert search.find_tickets(session, "井盖", limit=2) == [19, 17]


def test_indexing_again_replaces(session: Session) -> None:
    search.index_ticket(session, 7, "井盖")
    search.index_ticket(session, 7, "路灯")
    assert search.find_tickets(session, "井盖") == []
    assert search.find_tickets(session, "路灯") == [7]
    search.remove_ticket(session, 7)
    assert search.find_tickets(session, "路灯") == []


@pytest.mark.parametrize("query", ["", "井", " ", "，。", "😀😀", "井 盖"])
def test_too_short_a_query_is_refused(session: Session, query: str) -> None:
    with pytest.raises(Invalid, match="两个字"):
        search.find_tickets(session, query)


def test_longest_content_is_indexed(session: Session) -> None:
    content = "".join(chr(0x4E00 + i % 7000) for i in range(10_000)) + "井盖"
    search.index_ticket(session, 1, content)
    assert search.find_tickets(session, "井盖") == [1]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(texts=st.lists(TEXTS, min_size=1, max_size=5), query=TEXTS)
def test_hits_are_exactly_the_texts_that_contain_it(
    session: Session, texts: list[str], query: str
) -> None:
    session.rollback()
    fill(session, *texts)
    words = [w for w in map(search.normalise, query.split()) if len(w) > 1]
    if not words:
        return
    contain = [
        i for i, words_of in enumerate(texts, 1)
        if all(w in search.normalise(words_of) for w in words)
    ]  # fmt: skip
    assert search.find_tickets(session, query) == contain[::-1]


@given(st.text(max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_a_piece_of_normal_text_stays_itself(words: str, start: int, length: int) -> None:
    normal = search.normalise(words)
    piece = normal[start : start + length]
    assert search.normalise(piece) in normal


def test_simplify_survives_half_a_character() -> None:
    assert search.simplify("陽光\ud800花園") == "阳光花园"


def test_name_pieces() -> None:
    assert search.name_pieces("歐陽娜娜") == " 欧阳 阳娜 娜娜 "


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("重庆路", "cql"),
        ("长沙", "cs"),
        ("单雄信", "sxx"),
        ("解晓东", "xxd"),
        ("解放路", "jfl"),
        ("尉迟恭", "ycg"),
        ("楼台区街道", "ltqjd"),
        ("A座3栋", "az3d"),
        ("㛃𬭎", "jh"),
    ],
)
def test_likeliest_initials(name: str, expected: str) -> None:
    assert search.initials(name)[0] == expected


def test_other_readings_are_heard_too() -> None:
    assert "zql" in search.initials("重庆路")
    assert search.matches_initials("tqjd", "楼台区街道")
    assert search.matches_initials("shanxiong", "单雄信")
    assert not search.matches_initials("", "单雄信")


@given(st.text(max_size=12))
def test_initials_never_fail_and_stay_few(name: str) -> None:
    assert 1 <= len(search.initials(name)) <= 4
    assert len(search.initials_column(name, 40)) <= 40
    assert len(search.full_pinyin(name)) <= 4
