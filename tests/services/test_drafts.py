"""The local journal: killed, damaged, full, without a vault; and never a citizen's word in plain on the disk."""

import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from console.domain.errors import Unavailable
from console.domain.intake import IntakeForm
from console.services.drafts import Drafts
from tests.services.intake_desk import CONTENT, PHONE, form

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("叶长青", PHONE, "宝丽西街", "下水道", "油污外溢")


class Store:
    """A vault in memory; `away` behaves as a machine without one."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.away = False

    def get(self, name: str) -> str | None:
        self._look()
        return self.kept.get(name)

    def put(self, name: str, secret: str) -> None:
        self._look()
        self.kept[name] = secret

    def _look(self) -> None:
        if self.away:
            raise Unavailable("没有凭据库")


@pytest.fixture
def vault() -> Store:
    return Store()


@pytest.fixture
def drafts(tmp_path: Path, vault: Store) -> Drafts:
    return Drafts(tmp_path / "drafts", vault)


def files(folder: Path, kind: str) -> list[Path]:
    return sorted(folder.rglob(f"*{kind}"))


def test_a_form_comes_back_to_the_character(drafts: Drafts) -> None:
    typed = form(
        content="  半个字\n㛃𬭎😀\t", co_unit_ids=(40, 41), tags=("七有五性",), nature=None, number="1",
        screen=(("cursor", "content:3"), ("unit_id", "清河街道办事处")),
    )  # fmt: skip
    drafts.keep(typed)
    (found,) = drafts.all()
    assert found.form == typed
    assert (found.key, found.masked_phone, found.left_by_crash) == (typed.key, "199****1234", False)


def test_keeping_again_replaces_and_dropping_forgets(drafts: Drafts) -> None:
    first, second = form(), form()
    drafts.keep(first)
    drafts.keep(second)
    drafts.keep(replace(first, content="改过的内容"))
    assert [draft.form.content for draft in drafts.all()] == ["改过的内容", CONTENT]
    drafts.drop(first.key)
    drafts.drop("never kept")
    assert [draft.key for draft in drafts.all()] == [second.key]


def test_half_a_pasted_character_is_kept_too(drafts: Drafts) -> None:
    typed = form(content="坏掉的字\ud83d")
    drafts.keep(typed)
    assert drafts.all()[0].form == typed


def test_no_citizens_word_stands_on_the_disk(drafts: Drafts, tmp_path: Path) -> None:
    drafts.keep(form())
    drafts.queue(form(), True)
    drafts.queue(form(), False)
    names = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(names) >= 3
    for path in names:
        raw = path.read_bytes()
        for word in WORDS:
            for coded in (
                word.encode(),
                word.encode("utf-16-le"),
                word.encode("gb18030"),
                word.encode("unicode_escape"),
            ):
                assert coded not in raw
            assert word not in path.name


def test_files_are_this_users_alone_and_nothing_half_written_is_left(
    drafts: Drafts, tmp_path: Path
) -> None:
    drafts.keep(form())
    for path in files(tmp_path, ".draft"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert files(tmp_path, ".new") == []


# the key


def test_the_key_lies_in_the_vault(drafts: Drafts, vault: Store, tmp_path: Path) -> None:
    assert not drafts.insecure
    assert list(vault.kept) == ["journal-key"]
    assert files(tmp_path, ".key") == []
    typed = form()
    drafts.keep(typed)
    assert Drafts(tmp_path / "drafts", Store()).all() == ()


def test_without_a_vault_a_private_key_file_and_a_visible_warning(
    tmp_path: Path, vault: Store
) -> None:
    vault.away = True
    typed = form()
    one = Drafts(tmp_path, vault)
    one.keep(typed)
    one.close()
    assert one.insecure
    assert stat.S_IMODE((tmp_path / "journal.key").stat().st_mode) == 0o600
    assert Drafts(tmp_path, None).all()[0].form == typed
    vault.away = False
    moved = Drafts(tmp_path, vault)
    assert not moved.insecure
    assert moved.all()[0].form == typed
    assert not (tmp_path / "journal.key").exists()


def test_files_of_another_key_stay_where_they_are(
    drafts: Drafts, vault: Store, tmp_path: Path
) -> None:
    typed = form()
    drafts.keep(typed)
    drafts.close()
    vault.away = True
    without = Drafts(tmp_path / "drafts", vault)
    assert without.all() == ()
    assert "另一把密钥" in without.set_aside[0].reason
    vault.away = False
    without.close()
    (tmp_path / "drafts" / "journal.key").unlink()
    assert Drafts(tmp_path / "drafts", vault).all()[0].form == typed


# damaged


@pytest.mark.parametrize(
    "harm",
    [lambda raw: b"", lambda raw: raw[:7], lambda raw: raw[:40], lambda raw: raw[: len(raw) // 2], lambda raw: raw[:-1],
     lambda raw: raw[:-9] + b"X" + raw[-8:], lambda raw: b"\x00" * len(raw), lambda raw: b"plain words",
     lambda raw: raw[:4] + raw[20:]],
)  # fmt: skip
def test_a_damaged_file_is_set_aside_and_the_others_are_read(
    drafts: Drafts, tmp_path: Path, harm
) -> None:
    drafts.keep(form())
    (path,) = files(tmp_path, ".draft")
    raw = harm(path.read_bytes())
    path.write_bytes(raw)
    good = form()
    drafts.keep(good)
    assert [draft.form for draft in drafts.all()] == [good]
    assert len(drafts.set_aside) == 1
    if "损坏" in drafts.set_aside[0].reason:
        assert (tmp_path / "drafts" / "set-aside" / path.name).read_bytes() == raw
    drafts.all()
    assert len(drafts.set_aside) == 1


def test_a_damaged_waiting_form_does_not_stop_the_queue(drafts: Drafts, tmp_path: Path) -> None:
    drafts.queue(form(), True)
    files(tmp_path, ".outbox")[0].write_bytes(b"HCJ1")
    good = form()
    drafts.queue(good, False)
    assert [one.form for one in drafts.waiting()] == [good]


def test_a_form_of_another_version_is_read_as_far_as_it_is_known(
    drafts: Drafts, monkeypatch
) -> None:
    typed = form()
    monkeypatch.setattr(
        "console.services.drafts.journal._plain",
        lambda _form: {"key": "old", "name": "叶", "unheard": 1},
    )
    drafts.keep(typed)
    assert drafts.all()[0].form == IntakeForm(key="old", name="叶")


# the disk


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "磁盘已满"), (errno.EROFS, "不可写"), (errno.EACCES, "不可写")],
)
def test_a_full_disk_is_said_in_a_sentence_and_keeps_what_was_there(
    drafts: Drafts, tmp_path: Path, monkeypatch, number: int, words: str
) -> None:
    first = form()
    drafts.keep(first)

    def full(_handle: int) -> None:
        raise OSError(number, "no")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match=words) as fault:
            drafts.keep(replace(first, content="新写的内容"))
        assert "输入的内容还在窗口里" in fault.value.hint
        with pytest.raises(Unavailable):
            drafts.queue(form(), True)
    assert drafts.all()[0].form == first
    assert drafts.waiting() == ()
    assert files(tmp_path, ".new") == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="草稿夹"):
        Drafts(tmp_path / "file" / "drafts")


# the outbox


def test_waiting_forms_keep_their_order_and_are_no_drafts_any_more(drafts: Drafts) -> None:
    forms = [form() for _ in range(4)]
    drafts.keep(forms[0])
    for at, typed in enumerate(forms):
        drafts.queue(typed, at % 2 == 0)
    drafts.queue(forms[0], True)
    assert [one.form for one in drafts.waiting()] == forms
    assert [one.dispatch for one in drafts.waiting()] == [True, False, True, False]
    assert drafts.all() == ()
    drafts.sent(forms[0].key)
    drafts.drop(forms[1].key)
    assert [one.key for one in drafts.waiting()] == [forms[2].key, forms[3].key]


def test_the_outbox_survives_the_window(drafts: Drafts, vault: Store, tmp_path: Path) -> None:
    typed = form()
    drafts.queue(typed, True)
    drafts.close()
    (found,) = Drafts(tmp_path / "drafts", vault).waiting()
    assert (found.form, found.dispatch) == (typed, True)


# crashes

TYPING = textwrap.dedent(
    """
    import sys
    from dataclasses import replace
    from pathlib import Path
    from console.services.drafts import Drafts
    from tests.services.intake_desk import form
    drafts, typed = Drafts(Path(sys.argv[1]), None), form(key="typed", content="")
    for at in range(100_000):
        typed = replace(typed, content=f"第{at:06d}个字" + "堵" * (at % 3000))
        drafts.keep(typed)
        print(at, flush=True)
    """
)


def test_killed_while_typing_everything_acknowledged_is_found(tmp_path: Path) -> None:
    for round_ in range(5):
        child = subprocess.Popen(
            [sys.executable, "-c", TYPING, str(tmp_path)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        last = -1
        for line in child.stdout:
            last = int(line)
            if last >= 30 + 7 * round_:
                break
        os.kill(child.pid, signal.SIGKILL)
        rest = child.stdout.read().split()
        child.wait()
        child.stdout.close()
        last = int(rest[-1]) if rest else last
        found = Drafts(tmp_path, None)
        (draft,) = found.all()
        assert int(draft.form.content[1:7]) in (last, last + 1)
        assert draft.left_by_crash
        assert found.set_aside == ()
        found.drop("typed")
        assert found.all() == ()
        assert len(files(tmp_path, ".alive")) == 1, "markers of the dead are swept away"
        assert files(tmp_path, ".new") == []
        found.close()


def test_what_another_living_window_is_typing_is_not_offered(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", TYPING, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    here = Drafts(tmp_path, None)
    assert here.all() == ()
    child.kill()
    child.wait()
    child.stdout.close()
    assert [draft.left_by_crash for draft in here.all()] == [True]


def test_a_form_left_on_purpose_is_no_crash(drafts: Drafts, vault: Store, tmp_path: Path) -> None:
    drafts.keep(form())
    drafts.close()
    assert [draft.left_by_crash for draft in Drafts(tmp_path / "drafts", vault).all()] == [False]
