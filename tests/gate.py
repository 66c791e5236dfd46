"""The closing gate measured: honest replies of the demo's own stories against seeded false closures (peers 6.9).

    python -m tests.gate

Every reply goes through the real service on a real database. A false closure counts as found when the gate refuses it
or asks for an explanation; an honest reply that is asked anything is a false alarm.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random

from sqlalchemy import update

from console.domain.errors import UserError
from console.domain.inbox import Manner, ReplyForm
from console.domain.moves import Move
from console.domain.roles import Role
from console.domain.states import Resolution, Satisfaction
from console.ledger import Entry, Ledger
from console.ledger.looks import look_of
from console.services.callbacks import Callbacks
from console.services.callbacks.recording import CONTRADICTION
from console.services.handling import Handling
from db.contents import put
from db.engine import Database
from db.models import Assignment, Attachment, Contact, GateOverride, Snippet, Ticket
from tests.desks import move
from tests.gate_material import Story, saved_anew, scene, stories
from tests.journeys import open_ticket, version_of
from tests.world import make_world, seat_for

UNITS = ((10, Role.STREET_DESK), (40, Role.LIAISON), (11, Role.STREET_DESK))
HONEST, EACH = 300, 60
TEMPLATES = (
    "您好，您反映的问题我单位高度重视，已安排专人到现场核实处理，感谢您对我们工作的监督与支持。",
    "尊敬的市民，您反映的情况已收悉，经核实已按相关规定妥善处理，后续将继续加强管理。",
    "您好！经工作人员现场查看，问题已处理完毕，如再有类似情况请及时拨打12345热线反映。",
)
GREETINGS = ("您好！", "尊敬的市民，您好！", "市民朋友您好：", "您好，市民朋友：")
CONTACT, COPY, PHOTO, QUICK, DENIED = (
    "称已联系而无记录", "公开答复抄自模板或他单", "照片用于他单", "签收后片刻即回复", "称已解决而诉求人说未解决",
)  # fmt: skip


@dataclass
class Rate:
    """How many of a kind were found, and by what; `by` counts the way each was made."""

    made: int = 0
    found: int = 0
    by: dict[str, list[int]] = field(default_factory=dict)

    def note(self, way: str, found: bool) -> None:
        self.made, self.found = self.made + 1, self.found + found
        tally = self.by.setdefault(way, [0, 0])
        tally[0] += found
        tally[1] += 1

    @property
    def rate(self) -> float:
        return self.found / self.made if self.made else 0.0


@dataclass
class Report:
    """Detection by kind; false alarms among the honest, by what was asked."""

    kinds: dict[str, Rate] = field(default_factory=dict)
    honest: int = 0
    alarms: dict[str, int] = field(default_factory=dict)
    listed: int = 0
    asked: int = 0

    @property
    def false_alarms(self) -> float:
        return sum(self.alarms.values()) / self.honest

    def lines(self) -> Iterator[str]:
        asked = sum(self.alarms.values())
        yield f"honest replies: {self.honest}, asked anything: {asked} ({self.false_alarms:.1%})"
        for words, times in sorted(self.alarms.items()):
            yield f"    {times:3}  {words}"
        for kind, rate in self.kinds.items():
            yield f"{kind}: {rate.found} of {rate.made} found ({rate.rate:.0%})"
            for way, (found, made) in rate.by.items():
                yield f"    {found:3} of {made:3}  {way}"
        yield f"explained and let through: {self.asked}, on the supervisor's list: {self.listed}"


class Bench:
    """Brings stories to the moment of replying, in the small city."""

    def __init__(self, database: Database) -> None:
        self.db, self.report, self._at = database, Report(), 0
        self._rng = Random(2026)
        self._by_unit: dict[int, list[bytes]] = {}
        with database.writing.begin() as session:
            for number, words in enumerate(TEMPLATES):
                session.add(
                    Snippet(initials=f"mb{number}", title=f"答复模板{number + 1}", text=words)
                )

    def signed(
        self, story: Story, took: timedelta | None = None, **changes: object
    ) -> tuple[int, Handling]:
        """Registered, dispatched and signed `took` ago."""
        unit, role = UNITS[_unit_of(story)]
        appeal = story.history.appeal
        values: dict[str, object] = {
            "title": appeal.title[:120], "content": appeal.content, "wanted": appeal.wanted[:500],
            "address": appeal.spot.address or appeal.spot.text, "respondent": appeal.respondent[:120],
            "category_code": f"{abs(sum(map(ord, story.category))):06d}"[:12], "category_path": story.category[:120],
            "nature": appeal.nature, "urgency": appeal.urgency,
        }  # fmt: skip
        ticket_id = open_ticket(self.db, **(values | changes))
        ledger = Ledger(seat_for(self.db, Role.DISPATCHER))
        with self.db.writing.begin() as session:
            inputs = {"unit": asdict(ledger.unit(session, unit)), "co_units": []}
            ledger.move(session, ticket_id, Entry(Move.DISPATCH, inputs, "派单"))
        move(self.db, ticket_id, role, Entry(Move.SIGN), unit)
        self._set_back(ticket_id, max(story.took, timedelta(minutes=1)) if took is None else took)
        return ticket_id, Handling(seat_for(self.db, role, unit))

    def _set_back(self, ticket_id: int, took: timedelta) -> None:
        """As if signed that long ago, half an hour after it was dispatched and an hour after it came."""
        with self.db.writing.begin() as session:
            now = datetime.now(UTC)
            signed, sent, came = (
                now - took,
                now - took - timedelta(minutes=30),
                now - took - timedelta(hours=1),
            )
            session.execute(
                update(Assignment).where(Assignment.ticket_id == ticket_id)
                .values(signed_at=signed, dispatched_at=sent)
            )  # fmt: skip
            session.execute(
                update(Ticket).where(Ticket.id == ticket_id)
                .values(created_at=came, accepted_at=came, dispatched_at=sent)
            )  # fmt: skip

    def form(self, story: Story, **changes: object) -> ReplyForm:
        appeal = story.history.appeal
        base = ReplyForm(
            true_appeal=True, resolution=story.resolution, cause=appeal.cause, measures=appeal.measures,
            result=story.result, public_reply=story.reply,
            unresolved_reason="" if story.resolution is Resolution.RESOLVED else "涉及长期整改，已列入计划",
        )  # fmt: skip
        return replace(base, **changes)

    def spoke(
        self,
        ticket_id: int,
        desk: Handling,
        took: timedelta,
        outcome: str = "已核实诉求，约定处理时间",
    ) -> None:
        desk.contact(ticket_id, datetime.now(UTC) - took * 0.6, Manner.PHONE, outcome)

    def photo(self, ticket_id: int, kind: str, content: bytes | None = None) -> bytes:
        """A picture nobody else has, or this one."""
        content = content or scene(self._rng)
        name = sha256(content).hexdigest()
        with self.db.writing.begin() as session:
            put(session, content)
            session.add(Attachment(
                ticket_id=ticket_id, share_seq=1, kind=kind, name=f"{name[:6]}.jpg", media_type="image/jpeg",
                size=len(content), sha256=name, look=look_of(BytesIO(content)), added_at=datetime.now(UTC),
                added_by="王街",
            ))  # fmt: skip
        return content

    def send(self, ticket_id: int, desk: Handling, form: ReplyForm) -> str:
        """What the gate says to this reply without an explanation; then it is explained and sent."""
        try:
            desk.reply(ticket_id, form)
        except UserError as refusal:
            said = "；".join(f.text for f in getattr(refusal, "faults", (refusal,)))
            self._explain(ticket_id, desk, form)
            return said
        return ""

    def _explain(self, ticket_id: int, desk: Handling, form: ReplyForm) -> None:
        try:
            desk.reply(ticket_id, replace(form, explanation="情况属实，说明如上"))
            self.report.asked += 1
        except UserError:
            # Refused whatever is said: nothing gets through, nothing is to be listed.
            pass

    # --- honest

    def honest(self, story: Story, number: int) -> None:
        took = max(story.took, timedelta(minutes=1))
        ticket_id, desk = self.signed(story)
        form = self.form(story)
        if number % 10 < 7:
            self.spoke(ticket_id, desk, took)
        else:
            form = replace(
                form, contacted=True, contact_at=datetime.now(UTC) - took * 0.5,
                contact_outcome="来电人同意处理方案",
            )  # fmt: skip
        if story.history.case.needs_site_proof:
            self.photo(ticket_id, "before")
            self.photo(ticket_id, "after")
        said = self.send(ticket_id, desk, form)
        self.report.honest += 1
        if said:
            words = said.removesuffix("，请说明情况")
            self.report.alarms[words] = self.report.alarms.get(words, 0) + 1

    # --- false

    def false(self, kind: str, way: str, said: str) -> None:
        self.report.kinds.setdefault(kind, Rate()).note(way, bool(said))

    def contact_claims(self, some: Sequence[Story]) -> None:
        """已联系 in six ways; the last is formally complete and cannot be told from an honest one."""
        claim = "工作人员已电话联系诉求人，诉求人表示满意。"
        for number, story in enumerate(some):
            way = number % 6
            took = timedelta(hours=5)
            unreachable = {"reachable": False, "phone_masked": "", "anonymous": True}
            ticket_id, desk = self.signed(story, took, **(unreachable if way in (1, 4) else {}))
            form, now = self.form(story, result=story.result + claim), datetime.now(UTC)
            if way == 2:
                form = replace(
                    form,
                    contacted=True,
                    contact_at=now - took - timedelta(minutes=45),
                    contact_outcome="已沟通",
                )
            elif way in (3, 4):
                form = replace(
                    form,
                    contacted=True,
                    contact_at=now,
                    contact_outcome="" if way == 3 else "已沟通",
                )
            elif way == 5:
                self.spoke(ticket_id, desk, took, "已联系")
            words = (
                "没有任何联系记录", "未留号码却称已电话联系", "联系时间早于派单", "回复时补登且无结果",
                "未留号码却登记电话联系", "另行登记、形式完备的虚构联系",
            )[way]  # fmt: skip
            self.false(CONTACT, words, self.send(ticket_id, desk, form))

    def copies(self, some: Sequence[Story], before: Sequence[Story]) -> None:
        """Replies of other work orders, plain and with other greetings, and stored phrases."""
        for number, story in enumerate(some):
            unit = _unit_of(story)
            same_unit = [s for s in before if _unit_of(s) == unit]
            near = [s for s in same_unit if s.category == story.category and s.reply != story.reply]
            far = [s for s in same_unit if s.category != story.category]
            way = number % 4
            source = self._rng.choice(near if way == 2 and near else far)
            if way == 0:
                words, reply = "照抄另一类工单", source.reply
            elif way == 1:
                words, reply = "改了称呼和结尾的另一类工单", self._edited(source.reply)
            elif way == 2:
                words = "改了称呼的同类他处工单" if near else "改了称呼的另一类工单"
                reply = self._edited(source.reply)
            else:
                words, reply = (
                    "模板原文",
                    self._rng.choice(TEMPLATES) + self._rng.choice(("", "特此答复。")),
                )
            ticket_id, desk = self.signed(story, timedelta(hours=5))
            self.spoke(ticket_id, desk, timedelta(hours=5))
            self.false(
                COPY, words, self.send(ticket_id, desk, self.form(story, public_reply=reply))
            )

    def _edited(self, reply: str) -> str:
        body = reply
        for greeting in ("尊敬的市民，您好！", "市民朋友您好：", "您好！", "您好，"):
            body = body.removeprefix(greeting)
        kept = [part for part in body.split("。") if part][: max(1, body.count("。") - 1)]
        return self._rng.choice(GREETINGS) + "。".join(kept) + "。谢谢您的来电。"

    def photos(self, some: Sequence[Story]) -> None:
        """Pictures of elsewhere, and the same one before and after."""
        known: list[bytes] = []
        for story in some[:12]:
            ticket_id, desk = self.signed(story, timedelta(hours=5))
            self.spoke(ticket_id, desk, timedelta(hours=5))
            shown = [self.photo(ticket_id, "before"), self.photo(ticket_id, "after")]
            known += shown
            self._by_unit.setdefault(_unit_of(story), []).extend(shown)
            self.send(ticket_id, desk, self.form(story))
        for number, story in enumerate(some[12 : 12 + EACH]):
            ticket_id, desk = self.signed(story, timedelta(hours=5), needs_site_proof=True)
            self.spoke(ticket_id, desk, timedelta(hours=5))
            way = number % 4
            own = self.photo(ticket_id, "before")
            # Photographs are taken from the same desk's work orders, as on a unit's own computer.
            mine = self._taken_by(story)
            source = (self._rng.choice(known[1::2]), self._rng.choice(known[::2]), own, None)[way]
            self.photo(ticket_id, "after", source or saved_anew(self._rng.choice(mine), self._rng))
            words = (
                "他单的处置后照片",
                "他单的处置前照片",
                "处置前后同一张",
                "他单的照片缩小另存",
            )[way]
            self.false(PHOTO, words, self.send(ticket_id, desk, self.form(story)))

    def _taken_by(self, story: Story) -> list[bytes]:
        return self._by_unit.get(_unit_of(story)) or next(iter(self._by_unit.values()))

    def quick(self, some: Sequence[Story]) -> None:
        """Signed and at once replied to."""
        for number, story in enumerate(some):
            seconds = (5, 20, 45, 120, 300, 560)[number % 6]
            ticket_id, desk = self.signed(story, timedelta(seconds=seconds))
            self.spoke(ticket_id, desk, timedelta(seconds=seconds))
            said = self.send(ticket_id, desk, self.form(story))
            self.false(QUICK, f"签收后 {seconds} 秒", said)

    def denied(self, some: Sequence[Story]) -> None:
        """The unit says 已解决, the citizen on the phone says it is not: closed all the same, or done again."""
        for number, story in enumerate(some):
            ticket_id, desk = self.signed(story, timedelta(hours=5))
            self.spoke(ticket_id, desk, timedelta(hours=5))
            self.send(
                ticket_id,
                desk,
                self.form(story, resolution=Resolution.RESOLVED, unresolved_reason=""),
            )
            move(self.db, ticket_id, Role.DISPATCHER, Entry(Move.PASS_REVIEW))
            self.false(
                DENIED, ("照样结案", "发回重办")[number % 2], self._call(ticket_id, number % 2 == 1)
            )

    def _call(self, ticket_id: int, again: bool) -> str:
        from console.domain.desks import CallbackAnswers

        desk = Callbacks(seat_for(self.db, Role.REVISITOR))
        said = CallbackAnswers(
            True, "unresolved", Satisfaction.DISSATISFIED, None, "结果", "问题还在"
        )
        if again:
            desk.redo(ticket_id, said, "请重新办理", version_of(self.db, ticket_id))
        else:
            desk.close(ticket_id, said, version_of(self.db, ticket_id))
        with self.db.reading() as session:
            found = session.query(GateOverride).filter_by(
                ticket_id=ticket_id, finding=CONTRADICTION
            )
            return CONTRADICTION if found.count() else ""


def _unit_of(story: Story) -> int:
    return sum(map(ord, story.category)) % len(UNITS)


def measure(database: Database) -> Report:
    """Everything, in the order of a working month: the honest ones first, so that there is something to copy."""
    bench, told = Bench(database), stories()
    usual = [s for s in told if s.took >= timedelta(0)]
    honest, rest = usual[:HONEST], usual[HONEST:]
    for number, story in enumerate(honest):
        bench.honest(story, number)
    steps: tuple[tuple[Callable[[Sequence[Story]], None], int], ...] = (
        (bench.contact_claims, EACH), (lambda some: bench.copies(some, honest), EACH),
        (bench.photos, EACH + 12), (bench.quick, EACH), (bench.denied, EACH),
    )  # fmt: skip
    for step, many in steps:
        some, rest = rest[:many], rest[many:]
        step(some)
    with database.reading() as session:
        explained = session.query(GateOverride.ticket_id).filter(
            GateOverride.finding != CONTRADICTION
        )
        bench.report.listed = explained.distinct().count()
        assert session.query(Contact).count() > HONEST
    return bench.report


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        database = make_world(Path(folder) / "gate.db")
        for line in measure(database).lines():
            sys.stdout.write(f"{line}\n")
        database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
