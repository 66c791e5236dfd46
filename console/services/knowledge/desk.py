"""The knowledge base of one seat: everybody finds and says what is wrong, editors write, review, publish, withdraw."""

from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from console.domain.changes import Changed, Topic
from console.domain.errors import Conflict, Invalid, NotAllowed
from console.domain.knowledge import (
    EDITORS,
    PROPOSERS,
    WORDS_LIMIT,
    Deed,
    EntryState,
    EntryText,
    Opinion,
    Proposal,
    checked,
    overtaken,
    permitted,
    standing_of,
)
from console.domain.masking import mask_text
from console.domain.wording import check_length, clean
from console.ledger.audit import record
from console.ledger.knowledge import in_force, letters_of
from console.services.knowledge.finding import Shelf
from console.services.knowledge.proposing import finished_ticket, proposal_of
from console.services.knowledge.reading import (
    root_of,
    versions_of,
)
from db.models import KnowledgeEntry, KnowledgeFeedback
from db.search import piece_text

NOTE_LIMIT = 300


class KnowledgeBase(Shelf):
    """Every write is one transaction with its line in the audit. Raises NotFound, NotAllowed, Invalid, Conflict."""

    # --- what those who use it say

    def used(self, entry_id: int) -> Changed:
        """It was read out to a caller; an answer given with it counts by itself."""
        with self._seat.db.writing.begin() as session:
            hit = update(KnowledgeEntry).where(
                KnowledgeEntry.id == entry_id, KnowledgeEntry.state == EntryState.PUBLISHED
            )
            session.execute(hit.values(hit_count=KnowledgeEntry.hit_count + 1))
            return Changed(frozenset(), (entry_id,))

    def say(self, entry_id: int, kind: Opinion, words: str = "") -> Changed:
        """有用, 有误 or 已过时, signed; 有误 wants words."""
        text = _words(words, WORDS_LIMIT, "text")
        if kind is Opinion.WRONG and not text:
            raise Invalid("请写明哪里有误", "例如“电话已改号”，编辑据此核实", "text")
        with self._seat.db.writing.begin() as session:
            row = self._seen(session, entry_id)
            if row.state != EntryState.PUBLISHED:
                raise NotAllowed("只能对已发布的条目反馈", "请打开有效的版本")
            said = KnowledgeFeedback(
                entry_id=row.id, at=self._seat.now(session), kind=kind.value, text=mask_text(text)
            )
            said.by = self._seat.operator.signature
            session.add(said)
            return self._changed(row)

    def settle(self, entry_id: int, note: str) -> Changed:
        """核实后答复无误: the open complaints of the whole line are settled, and why stands in the audit."""
        reason = self._reason(note, "请填写核实结果")
        with self._seat.db.writing.begin() as session:
            row = self._for(session, entry_id, Deed.SETTLE)
            count = self._settle(session, row)
            if not count:
                raise NotAllowed("没有未处理的反馈", "已为您刷新，请核对后再操作")
            self._log(session, row, "kb_settle", reason, opinions=count)
            return self._changed(row)

    # --- writing

    def save(
        self,
        text: EntryText,
        entry_id: int | None = None,
        stamp: datetime | None = None,
        submit: bool = False,
        from_ticket: int | None = None,
    ) -> Changed:
        """Keep what is written as a draft, or hand it in for review. `stamp`: when it was read for editing."""
        with self._seat.db.writing.begin() as session:
            text = checked(text, self._today(session))
            if entry_id is None:
                row = self._new(session, from_ticket)
            else:
                row = self._for(session, entry_id, Deed.EDIT, stamp)
            self._only_title(session, row, text.title)
            self._write(session, row, text)
            if submit:
                row.state = EntryState.REVIEW.value
            session.add(row)
            session.flush()
            self._log(session, row, "kb_submit" if submit else "kb_draft")
            return self._changed(row)

    def revise(self, entry_id: int) -> Changed:
        """A next version as a draft, or one's own that is open already; what is in force stays until it is published.

        Its id is `ids[0]`.
        """
        with self._seat.db.writing.begin() as session:
            before = self._for(session, entry_id, Deed.REVISE)
            versions = versions_of(session, root_of(before))
            open_one = next((v for v in versions if v.state in ("draft", "review")), None)
            if open_one is not None and open_one.author_id == self._seat.operator.account_id:
                return self._changed(open_one)
            if open_one is not None:
                words = f"{open_one.author or '别人'}正在写第 {open_one.version} 版"
                raise NotAllowed(words, "请先发布或放弃那一版，可在“待审”里找到")
            row = self._new(session, None)
            row.root_id, row.previous_id = root_of(before), before.id
            row.version = versions[0].version + 1
            for name in EntryText.__slots__:
                setattr(row, name, getattr(before, name))
            row.effective_on, row.proposed_from = None, before.proposed_from
            if row.expires_on is not None and row.expires_on < self._today(session):
                row.expires_on = None
            row.initials, row.pieces = before.initials, before.pieces
            session.add(row)
            session.flush()
            self._log(session, row, "kb_revise")
            return self._changed(row)

    def publish(self, entry_id: int, stamp: datetime | None = None, note: str = "") -> Changed:
        """In force from its day on; the version before gives way then, complaints about it are settled."""
        with self._seat.db.writing.begin() as session:
            row = self._for(session, entry_id, Deed.PUBLISH, stamp)
            now, today = self._seat.now(session), self._today(session)
            if row.expires_on is not None and row.expires_on < today:
                raise Invalid("失效日期已经过去", "请先修改失效日期", "expires_on")
            self._only_title(session, row, row.title)
            row.hit_count = self._overtake(session, row, today)
            row.state, row.published_at, row.updated_at = EntryState.PUBLISHED.value, now, now
            row.reviewed_on, row.reviewer = today, self._seat.operator.signature
            row.note = _words(note, NOTE_LIMIT, "note")
            self._settle(session, row)
            self._log(session, row, "kb_publish", version=row.version)
            return self._changed(row)

    def send_back(self, entry_id: int, why: str) -> Changed:
        """Not good enough yet: a draft again, with what is missing."""
        reason = self._reason(why, "请写明要修改什么")
        with self._seat.db.writing.begin() as session:
            row = self._for(session, entry_id, Deed.SEND_BACK)
            now = self._seat.now(session)
            row.state, row.note, row.updated_at = EntryState.DRAFT.value, reason, now
            self._log(session, row, "kb_send_back", reason)
            return self._changed(row)

    def withdraw(self, entry_id: int, why: str) -> Changed:
        """No caller is told it any more; a draft is given up."""
        reason = self._reason(why, "请写明为什么撤下")
        with self._seat.db.writing.begin() as session:
            row = self._for(session, entry_id, Deed.WITHDRAW)
            now = self._seat.now(session)
            if row.state == EntryState.PUBLISHED:
                row.published_at = row.published_at or row.updated_at
            row.state, row.note, row.updated_at = EntryState.WITHDRAWN.value, reason, now
            self._log(session, row, "kb_withdraw", reason)
            return self._changed(row)

    def confirm(self, entry_id: int) -> Changed:
        """复核无误: looked at again, nothing to change; due again after its days."""
        with self._seat.db.writing.begin() as session:
            row = self._for(session, entry_id, Deed.CONFIRM)
            row.reviewed_on, row.reviewer = self._today(session), self._seat.operator.signature
            row.updated_at = self._seat.now(session)
            self._log(session, row, "kb_confirm")
            return self._changed(row)

    # --- from a finished work order

    def may_propose(self) -> bool:
        return self._seat.operator.role in PROPOSERS

    def proposal(self, ticket_id: int) -> Proposal:
        """What a finished work order suggests; nothing is stored."""
        self._require_proposer()
        with self._seat.db.reading() as session:
            return proposal_of(session, self._seat, finished_ticket(session, self._seat, ticket_id))

    def propose(self, ticket_id: int, text: EntryText) -> Changed:
        """Handed in for review; an editor publishes it."""
        return self.save(text, submit=True, from_ticket=ticket_id)

    # ---

    def _for(
        self, session: Session, entry_id: int, deed: Deed, stamp: datetime | None = None
    ) -> KnowledgeEntry:
        """The version, locked, for somebody who may do this to it."""
        row = self._seen(session, entry_id, lock=True)
        if stamp is not None and row.updated_at != stamp:
            raise Conflict("别人刚改过这一版", "请重新打开，您写的内容还在")
        me, today = self._seat.operator, self._today(session)
        standing = standing_of(EntryState(row.state), row.effective_on, row.expires_on, today)
        mine = row.author_id == me.account_id
        wrote = row.editor_id == me.account_id
        if deed not in permitted(me.role, mine, standing, wrote):
            raise _refusal(deed, me.role in EDITORS, mine or wrote)
        return row

    def _new(self, session: Session, from_ticket: int | None) -> KnowledgeEntry:
        self._require_proposer()
        me, number = self._seat.operator, ""
        if from_ticket is not None:
            number = finished_ticket(session, self._seat, from_ticket).number
        return KnowledgeEntry(
            state=EntryState.DRAFT.value, version=1, author=me.signature, author_id=me.account_id,
            proposed_from=number, updated_at=self._seat.now(session),
        )  # fmt: skip

    def _write(self, session: Session, row: KnowledgeEntry, text: EntryText) -> None:
        for name in EntryText.__slots__:
            setattr(row, name, getattr(text, name))
        row.initials = letters_of(text.title, text.question_variants)
        asked = text.question_variants.split("\n")
        row.pieces = piece_text(text.title, *asked, text.short_answer, text.long_answer)
        row.updated_at = self._seat.now(session)
        me = self._seat.operator
        if row.author_id != me.account_id:
            row.editor, row.editor_id = me.signature, me.account_id

    def _only_title(self, session: Session, row: KnowledgeEntry, title: str) -> None:
        """Two answers to one question would contradict each other sooner or later."""
        root = row.root_id or row.id
        query = select(KnowledgeEntry.id).where(
            KnowledgeEntry.title == title, in_force(self._today(session))
        )
        if root is not None:
            other = func.coalesce(KnowledgeEntry.root_id, KnowledgeEntry.id) != root
            query = query.where(other)
        with session.no_autoflush:
            if session.scalar(query.limit(1)) is not None:
                raise Invalid("已有同名的条目", "请修订那一条，或把标题写得更具体", "title")

    def _overtake(self, session: Session, new: KnowledgeEntry, today: date) -> int:
        """The older published versions make way; gives how often they were used, which goes on counting."""
        hits = 0
        for row in versions_of(session, root_of(new)):
            if row.id == new.id or row.state != EntryState.PUBLISHED:
                continue
            state, last = overtaken(row.effective_on, row.expires_on, new.effective_on, today)
            hits = max(hits, row.hit_count)
            row.published_at = row.published_at or row.updated_at
            row.state, row.expires_on = state.value, last
        session.flush()
        return hits

    def _settle(self, session: Session, row: KnowledgeEntry) -> int:
        ids = [one.id for one in versions_of(session, root_of(row))]
        done = update(KnowledgeFeedback).where(
            KnowledgeFeedback.entry_id.in_(ids),
            KnowledgeFeedback.settled_at.is_(None),
            KnowledgeFeedback.kind != Opinion.USEFUL.value,
        )
        result = session.execute(done.values(settled_at=self._seat.now(session)))
        return int(result.rowcount)  # type: ignore[attr-defined]

    def _require_proposer(self) -> None:
        if self._seat.operator.role not in PROPOSERS:
            raise NotAllowed("您的岗位不写知识条目", "可以用“有误”“已过时”反馈")

    def _reason(self, words: str, missing: str) -> str:
        said = _words(words, NOTE_LIMIT, "note")
        if not said:
            raise Invalid(missing, field="note")
        return said

    def _log(
        self, session: Session, row: KnowledgeEntry, action: str, reason: str = "", **more: int
    ) -> None:
        record(session, self._seat, action, ("knowledge", str(row.id)), reason, details=more)

    def _changed(self, row: KnowledgeEntry) -> Changed:
        self._answers.forget()
        return Changed(frozenset({Topic.KNOWLEDGE}), (row.id,))


def _words(text: str, most: int, field: str) -> str:
    return check_length(clean(text).text.strip(), most, "说明", field)


def _refusal(deed: Deed, editor: bool, mine: bool) -> NotAllowed:
    if deed in (Deed.PUBLISH, Deed.SEND_BACK) and editor and mine:
        return NotAllowed("自己写的条目不能自己发布", "请值班长或另一位知识库管理员审核")
    if editor:
        return NotAllowed("这一版现在不能这样处理", "已为您刷新，请核对后再操作")
    return NotAllowed("知识条目由知识库管理员和值班长审核、发布", "可以反馈，或提出新的条目")
