"""Addresses of a server: read, written, and never with a password in a file."""

from pathlib import Path

import pytest

from console.domain.errors import Invalid, UserError
from console.domain.server import Server, hosts_of, read_address
from console.settings import read_workplace

SEVERAL = "postgresql://db1,db2:5433/hotline?sslmode=verify-full&sslrootcert=/etc/x/root.crt&target_session_attrs=read-write"


@pytest.mark.parametrize(
    "url",
    [
        SEVERAL,
        "postgresql://db1/hotline",
        "postgresql+psycopg://hl_0017@[::1]:5440/hotline?sslmode=require",
        "postgresql:///hotline?host=/run/postgresql",
        "postgresql://localhost/%E7%83%AD%E7%BA%BF",
    ],
)
def test_what_is_written_down_is_read_back(url: str) -> None:
    server = read_address(url).server
    assert read_address(server.text).server == server
    assert read_address(server.url("hl_0017", "p@ss/wo:rd")).password == "p@ss/wo:rd"


def test_several_hosts_keep_their_ports() -> None:
    server = read_address(SEVERAL).server
    assert server.hosts == (("db1", 5432), ("db2", 5433))
    assert server.parameters("hl_0017")["host"] == "db1,db2"
    assert server.parameters("hl_0017")["port"] == "5432,5433"
    assert hosts_of("db1， db2:5433") == server.hosts


@pytest.mark.parametrize(
    "url",
    [
        "mysql://db1/hotline", "postgresql://db1", "postgresql://db1:0/hotline", "postgresql://db1:x/hotline",
        "postgresql://db1/hotline?sslmode=perhaps", "postgresql://db1/hotline?password=geheim",
        "postgresql://d b/hotline", "postgresql://db1/hotline?target_session_attrs=mine",
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_is_one_sentence_that_repeats_no_secret(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_address(url)
    assert "geheim" not in refused.value.sentence


def test_a_password_never_shows() -> None:
    address = read_address("postgresql://owner:geheim@db1/hotline")
    assert "geheim" not in repr(address) + address.server.text + address.server.words


def file(folder: Path, text: str):
    path = folder / "hotline.toml"
    path.write_text(text, encoding="utf-8")
    return iter((folder / "none.toml", path))


def test_one_small_file_says_what_a_workstation_is(tmp_path: Path) -> None:
    text = f'server = "{SEVERAL}"\ncity = "泊宁市"\nworkstation = "3号席"\n[phone]\nline = "8001"\n'
    found = read_workplace(file(tmp_path, text))
    assert (found.server, found.city, found.workstation) == (SEVERAL, "泊宁市", "3号席")
    assert found.phone == {"line": "8001"}
    assert found.source == tmp_path / "hotline.toml"
    assert read_workplace(iter(())).server == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('server = "postgresql://hl_0017:geheim@db1/hotline"', "写了密码"),
        ('server = "postgresql://db1/hotline?password=geheim"', "不认识的参数"),
        ('server = "postgresql://db1/hotline\ncity = "x"', "第 1 行"),
        ('sever = "postgresql://db1/hotline"', "“sever”"),
        ("city = 5", "“city”"),
    ],
)
def test_a_file_that_says_what_it_must_not_is_refused_by_name(
    tmp_path, text: str, said: str
) -> None:
    with pytest.raises(UserError) as refused:
        read_workplace(file(tmp_path, text))
    assert said in refused.value.sentence
    assert "geheim" not in refused.value.sentence


def test_a_server_is_named_without_a_secret() -> None:
    assert Server((("db1", 5432),), "hotline").words == "db1:5432 / hotline"
