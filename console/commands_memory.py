"""`main.py train` and `main.py suggest`: learn from closed work orders, and try it on any city's sheet.

numpy and the database are imported inside the commands: `--help` must stay quick.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.errors import Invalid, NotFound

if TYPE_CHECKING:
    from console.memory.building import HalfLife
    from console.memory.corpus import Learned
    from console.memory.lexicon import Lexicon
    from console.memory.model import Memory
    from console.memory.sheets import Row, Sheet

Owner = Callable[[argparse.Namespace], str]
MODEL_FILE = "suggestions.npz"
_SHOWN_FAULTS, _FEWEST = 10, 10
_MOST_LABELS = 80


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", owner: Owner) -> None:
    """The two commands; `owner` says as whom and where the database is opened."""
    train = commands.add_parser(
        "train", help="从已办结工单学会建议类别和承办单位，并如实给出检验结果"
    )
    source = train.add_mutually_exclusive_group()
    source.add_argument(
        "--from",
        dest="sheet",
        type=Path,
        metavar="FILE",
        help="CSV 或 Excel：标题、内容、地点、类别、承办单位、时间",
    )
    source.add_argument(
        "--database",
        dest="url",
        default="",
        metavar="URL",
        help="从这个数据库的已办结工单学习，结果存回库中",
    )
    train.add_argument(
        "--out",
        type=Path,
        default=None,
        metavar="MODEL",
        help="模型存到这个文件（默认为本机数据文件夹）",
    )
    train.add_argument(
        "--half-life",
        default="auto",
        metavar="DAYS",
        help="半衰期天数；auto 由检验决定，none 新旧同等",
    )
    train.add_argument("--quick", action="store_true", help="不作交叉验证")
    train.set_defaults(work=_train, owner=owner)
    suggest = commands.add_parser(
        "suggest", help="对文件中每条诉求给出类别、承办单位、理由和以前的同一件事"
    )
    suggest.add_argument(
        "--from", dest="sheet", type=Path, required=True, metavar="FILE", help="CSV 或 Excel"
    )
    suggest.add_argument("--out", type=Path, required=True, metavar="FILE", help="结果 CSV")
    suggest.add_argument(
        "--model",
        type=Path,
        default=None,
        metavar="MODEL",
        help="模型文件（默认为最近一次 train 的）",
    )
    suggest.add_argument(
        "--words-only", action="store_true", help="不用模型，只靠目录词语（没有历史时）"
    )
    suggest.add_argument(
        "--labels",
        default="",
        metavar="A,B,C",
        help="类别名称；不给时取文件中出现过的，都没有时用本市目录",
    )
    suggest.set_defaults(work=_suggest)


def default_model() -> Path:
    """Where this person's last learned model lies."""
    from console.settings import data_folder

    return data_folder() / MODEL_FILE


def _train(options: argparse.Namespace) -> int:
    half_life = _half_life(options.half_life)
    if options.sheet is not None:
        return _train_on_sheet(
            options.sheet, options.out or default_model(), half_life, options.quick
        )
    return _train_on_database(options)


def _train_on_database(options: argparse.Namespace) -> int:
    """From the city's closed work orders, kept in the database; a copy as a file when asked for."""
    from datetime import UTC, datetime

    from console.ledger import memory as ledger
    from console.memory.storing import packed
    from db.engine import open_database

    database = open_database(options.owner(options))
    try:
        with database.reading() as session:
            learned = ledger.closed_work_orders(session)
        memory = _learn(learned, _half_life(options.half_life), options.quick)
        content = packed(memory, datetime.now(UTC))
        with database.writing.begin() as session:
            ledger.keep(session, content, len(learned), database.now(session))
    finally:
        database.close()
    _say(f"建议已存入数据库（{len(content) / 1e6:.1f} MB），各座席十分钟内用上")
    if options.out is not None:
        _write(options.out, content)
    return 0


def _half_life(said: str) -> "HalfLife":
    if said in ("auto", "none"):
        return said if said == "auto" else None
    try:
        days = float(said)
    except ValueError:
        days = 0.0
    if not 1 <= days <= 36500:
        raise Invalid("--half-life 应为天数、auto 或 none", "例如 --half-life 180")
    return days


def _train_on_sheet(path: Path, out: Path, half_life: "HalfLife", quick: bool) -> int:
    from datetime import UTC, datetime

    from console.memory.storing import packed

    rows = [row for row in _read(path).rows if row.says_something]
    learned = [row.learned for row in rows if row.category or row.unit]
    _write(out, packed(_learn(learned, half_life, quick), datetime.now(UTC)))
    return 0


def _learn(learned: "Sequence[Learned]", half_life: "HalfLife", quick: bool) -> "Memory":
    from console.memory.corpus import read_corpus
    from console.memory.measuring import learned_and_measured

    if len(learned) < _FEWEST:
        raise Invalid(f"只有 {len(learned)} 条有类别或承办单位", f"至少要 {_FEWEST} 条才能学习")
    corpus = read_corpus([one.message for one in learned])
    _say(f"读入 {len(learned)} 条有类别或承办单位的工单，{len(corpus.vocabulary)} 个词片")
    memory = learned_and_measured(corpus, learned, _say, half_life, quick)
    if memory.category is None and memory.unit is None:
        raise Invalid("类别和承办单位都不足两个，没有可学的", "请检查文件中的类别、承办单位列")
    return memory


def _write(path: Path, content: bytes) -> None:
    from console.memory.storing import save

    save(content, path)
    _say(f"模型已存到 {path}（{len(content) / 1e6:.1f} MB）")


def _read(path: Path) -> "Sheet":
    from console.memory.sheets import read_sheet

    sheet = read_sheet(path)
    for fault in sheet.faults[:_SHOWN_FAULTS]:
        _say(fault)
    if len(sheet.faults) > _SHOWN_FAULTS:
        _say(f"另有 {len(sheet.faults) - _SHOWN_FAULTS} 处同类问题")
    if not any(row.says_something for row in sheet.rows):
        raise Invalid(f"{path.name} 中没有一条诉求", "请检查文件的标题和内容两列")
    return sheet


def _suggest(options: argparse.Namespace) -> int:
    from console.memory.answering import agreement, answers, write

    rows = _read(options.sheet).rows
    memory = None if options.words_only else _model(options.model)
    lexicon = _lexicon(rows, memory, options.labels)
    found = write(answers(rows, memory, lexicon), options.out)
    for what, name in (("category", "类别"), ("unit", "承办单位")):
        said = agreement(found, what)
        if said:
            _say(f"{name}与文件所载相比：{said}")
    asked = [one for one in found if one.row.says_something]
    _say(f"一条建议{_times([one.milliseconds for one in asked])}")
    _say(f"找以前的同一件事{_times([one.searching for one in asked])}")
    _say(f"{len(found)} 条已写入 {options.out}")
    return 0


def _times(milliseconds: "Sequence[float]") -> str:
    times = sorted(milliseconds)
    middle, slow = times[len(times) // 2], times[int(len(times) * 0.95)]
    return f"中位 {middle:.1f} 毫秒，95% 在 {slow:.1f} 毫秒内，最长 {times[-1]:.1f} 毫秒"


def _model(path: Path | None) -> "Memory | None":
    """The model asked for; without asking the last one learned, or none."""
    from console.memory.storing import load

    try:
        memory = load(path or default_model())
    except NotFound:
        if path is not None:
            raise
        _say("本机还没有学过（main.py train），只靠目录词语建议类别")
        return None
    learned_at = str(memory.facts.get("learned_at", ""))[:16]
    _say(f"用模型 {path or default_model()}，学于 {learned_at}，{memory.facts.get('messages')} 条")
    return memory


def _lexicon(rows: "Sequence[Row]", memory: "Memory | None", labels: str) -> "Lexicon":
    """The names of categories known, wherever from: never which row has which."""
    from console.memory.lexicon import Lexicon

    if memory is not None and memory.category is not None:
        return Lexicon(memory.category.labels)
    names = [
        name.strip() for name in labels.replace("，", ",").split(",") if name.strip()
    ] or sorted({row.category for row in rows} - {""})
    if 2 <= len(names) <= _MOST_LABELS:
        _say(f"类别 {len(names)} 个：{'、'.join(names[:12])}{'……' if len(names) > 12 else ''}")
        return Lexicon(names)
    return _catalogue()


def _catalogue() -> "Lexicon":
    from console.domain.catalogue import default_catalogue
    from console.memory.lexicon import Lexicon

    leaves = default_catalogue().leaves
    _say(f"类别取自本市目录，{len(leaves)} 个")
    return Lexicon(
        [one.full_name for one in leaves], {one.full_name: (one.name, *one.words) for one in leaves}
    )


def _say(words: str) -> None:
    import sys

    # A windowed exe has no standard output.
    if sys.stdout is not None:
        sys.stdout.write(f"{words}\n")
        sys.stdout.flush()
