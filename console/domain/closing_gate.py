"""The closing gate: what a unit claims held against what is on record (peers 6.9). Pure, so that it can be measured.

Each finding asks the unit for a sentence; given, the reply goes through and stands on the supervisor's list.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

# How much of the shorter text must be the longer one's for the two to be one text with new greetings.
SAME_TEXT = 0.65
# Below this a phrase that stands in both is a form of words, not a copy.
LEAST_TEXT = 20
# So many four-letter pieces of another work order's title and place, and it is that one the text is about.
FOREIGN_PIECES = 2
_SPOKEN = re.compile(
    r"(?:已|均已|并|经|再次|多次|及时|主动)(?:电话|致电|上门|当面|微信|短信|与[^，。；]{0,8}?)?"
    r"(?:联系|告知|回复|反馈|答复|沟通|致电|回访)(?:了)?(?:诉求人|来电人|反映人|当事人|投诉人|您|市民)"
    r"|(?:已|经)(?:与|向)(?:您|诉求人|来电人|反映人|市民)[^，。；]{0,6}(?:联系|沟通|说明|解释|反馈|告知|约定)"
    r"|(?:诉求人|来电人|反映人|市民)(?:本人)?(?:已)?(?:表示|称|反馈)?(?:满意|认可|理解|无异议|感谢)"
    r"|已(?:电话|致电|当面|上门)(?:联系|告知|回复|答复|沟通)"
)


@dataclass(frozen=True)
class Matter:
    """One work order's own words, and the public reply given to it."""

    number: str
    category: str
    title: str
    place: str
    words: str = ""
    reply: str = ""

    @cached_property
    def name_pieces(self) -> frozenset[str]:
        """What only this work order is called."""
        return pieces(f"{self.title}。{self.place}", 4)

    @cached_property
    def own_pieces(self) -> frozenset[str]:
        return pieces(f"{self.title}。{self.place}。{self.words}", 4)


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """A conversation with the citizen as it is on record. `with_reply`: entered together with the reply itself."""

    at: datetime
    manner: str
    outcome: str = ""
    with_reply: bool = False
    evidence: bool = False


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the unit says, and the moments that are on record."""

    matter: Matter
    result: str
    public_reply: str
    replied_at: datetime
    dispatched_at: datetime | None = None
    reachable: bool = True
    contacts: tuple[ContactRecord, ...] = ()
    others: tuple[Matter, ...] = field(default=())
    templates: tuple[tuple[str, str], ...] = ()


def findings(claimed: Claimed) -> Iterator[str]:
    """What does not fit together, each in a sentence without a full stop."""
    yield from contact_findings(claimed)
    yield from copy_findings(claimed)


def claims_contact(*texts: str) -> bool:
    """Whether the words say that somebody spoke to the citizen."""
    return any(_SPOKEN.search(text) for text in texts)


def contact_findings(claimed: Claimed) -> Iterator[str]:
    """已联系 without a conversation on record, or with one that cannot have been."""
    said = claims_contact(claimed.result, claimed.public_reply)
    if not claimed.contacts:
        if said and not claimed.reachable:
            yield "没有登记号码，却称已联系诉求人"
        elif said:
            yield "称已联系诉求人，但没有联系记录"
        return
    if any(_too_early(contact, claimed) for contact in claimed.contacts):
        yield "联系时间早于派单时间"
    if not claimed.reachable and any(c.manner == "电话" for c in claimed.contacts):
        yield "没有登记号码，却登记电话联系"
    if all(c.with_reply and not c.outcome.strip() and not c.evidence for c in claimed.contacts):
        yield "联系与回复同时补登，没有写联系结果"


def _too_early(contact: ContactRecord, claimed: Claimed) -> bool:
    return claimed.dispatched_at is not None and contact.at < claimed.dispatched_at


def copy_findings(claimed: Claimed) -> Iterator[str]:
    """The public reply is another work order's, or a stored phrase with nothing of this matter in it."""
    plain = letters(claimed.public_reply)
    if len(plain) < LEAST_TEXT:
        return
    for name, text in claimed.templates:
        if _is_template(plain, text):
            yield f"公开答复就是模板“{name}”，没有写本件的情况"
            break
    found = _copied_from(claimed, plain)
    if found:
        yield found


def _is_template(plain: str, text: str) -> bool:
    template = letters(text)
    return (
        len(template) >= LEAST_TEXT
        and overlap(pieces(plain, 3), pieces(template, 3)) >= 0.9
        and (len(plain) <= len(template) * 1.4)
    )


def _copied_from(claimed: Claimed, plain: str) -> str:
    own, said, matter = pieces(plain, 3), pieces(claimed.public_reply, 4), claimed.matter
    near = ""
    for other in claimed.others:
        theirs = letters(other.reply)
        if other.number == matter.number or len(theirs) < LEAST_TEXT:
            continue
        if theirs == plain:
            return "公开答复与另一张工单完全相同"
        if near or overlap(own, pieces(theirs, 3)) < SAME_TEXT:
            continue
        if other.category != matter.category:
            near = "公开答复与另一类工单的答复几乎相同"
        elif len((said & other.name_pieces) - matter.own_pieces) >= FOREIGN_PIECES:
            near = "公开答复说的是另一张工单的地点或事项"
    return near


def letters(text: str) -> str:
    """Han characters and digits only: greetings may be set off as they like."""
    return re.sub(r"[^\u4e00-\u9fff0-9]", "", text)


def pieces(text: str, length: int) -> frozenset[str]:
    """Overlapping pieces, none across a full stop of different fields."""
    found: set[str] = set()
    for part in text.split("。"):
        plain = letters(part)
        found.update(plain[at : at + length] for at in range(len(plain) - length + 1))
    return frozenset(found)


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the shorter is in the longer."""
    least = min(len(one), len(other))
    return len(one & other) / least if least else 0.0


def photo_finding(used_elsewhere: bool, before: Iterable[str], after: Iterable[str]) -> str:
    """A photograph of another matter, or the same one before and after."""
    if used_elsewhere:
        return "处置后照片在其他工单用过"
    return "处置前后是同一张照片" if set(before) & set(after) else ""
