"""How long finding an answer takes with many entries: the first reading, then each way of asking.

    python -m tests.measure_knowledge [--entries 5000]

A SQLite file of its own, invented entries. Medians of seven; `renewed` is what a look for new entries costs once
the others are known.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from console.domain.roles import Role
from console.ledger.answers import Answers
from console.ledger.knowledge import letters_of
from db.engine import Database
from db.models import KnowledgeEntry
from db.search import piece_text
from tests.world import make_world, seat_for

SUBJECTS = (
    "身份证 社保卡 公积金 居住证 医保 养老金 水费 电费 燃气 物业 停车 噪声 垃圾 路灯 井盖 低保 残疾人 廉租房 学区"
    " 入学 户口 护照 驾驶证 年检 营业执照 税务 发票 公交 地铁 养犬 装修 扬尘 占道 违建 绿化 供暖 电梯 补贴 生育"
    " 失业 工伤 劳动合同 欠薪 拆迁 补偿 宅基地"
).split()
ENDS = "怎么办理 丢了怎么补办 在哪里交 需要什么材料 多久能办好 收费标准 怎么查询 由谁负责".split()
ASKED = (
    "sfz", "shenfenzheng", "zhufangbutie", "身份证不见了", "物业费收费标准是什么",
    "社保卡丢了在哪里补办需要什么材料，昨天在公交车上丢的，里面还有钱，急着看病用",
)  # fmt: skip


def fill(db: Database, count: int) -> None:
    draw = random.Random(3)

    def said(words: int) -> str:
        return "".join(
            draw.choice(SUBJECTS) + draw.choice("的和请需持到在按由") for _ in range(words)
        )

    rows = []
    for at in range(count):
        title = f"{draw.choice(SUBJECTS)}{draw.choice(SUBJECTS)}{draw.choice(ENDS)}{at}"
        asked = "\n".join(draw.choice(SUBJECTS) + draw.choice(ENDS) for _ in range(2))
        short, long = said(25), said(80)
        rows.append(
            {
                "title": title, "initials": letters_of(title, asked), "question_variants": asked,
                "short_answer": short, "long_answer": long, "responsible_unit": "公安局",
                "state": "published", "hit_count": draw.randrange(500),
                "updated_at": datetime.now(UTC),
                "pieces": piece_text(title, *asked.split("\n"), short, long),
            }
        )  # fmt: skip
    with db.writing.begin() as session:
        session.execute(KnowledgeEntry.__table__.insert(), rows)


def took(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=5000)
    count = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as folder:
        db = make_world(Path(folder) / "many.db")
        fill(db, count)
        answers = Answers(seat_for(db, Role.AGENT))
        say("first reading", took(answers.warm))
        again = []
        for _ in range(7):
            answers.forget()
            again.append(took(answers.warm))
        say("renewed", median(again))
        for typed in ASKED:
            first = took(lambda typed=typed: answers.find(typed, 50))
            rest = median(took(lambda typed=typed: answers.find(typed, 50)) for _ in range(7))
            say(f"{typed[:14]} first {first:.1f}, then", rest)
        db.close()


def say(what: str, milliseconds: float) -> None:
    sys.stdout.write(f"{what}: {milliseconds:.1f} ms\n")


if __name__ == "__main__":
    main()
