"""A work order as the rules see it: pure data, the same in the program, the demo city and the tests."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from console.domain.errors import NotFound
from console.domain.moves import Move
from console.domain.roles import Operator
from console.domain.states import (
    LIVE_ASSIGNMENTS,
    AssignmentKind,
    AssignmentState,
    Channel,
    Nature,
    TicketState,
    Urgency,
)

NO_INPUTS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as the rules need it: who it is and whose direct child."""

    id: int
    code: str
    name: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class Share:
    """One unit's share of a work order (承办)."""

    id: int
    unit: UnitRef
    kind: AssignmentKind
    state: AssignmentState
    dispatched_at: datetime
    parent_id: int | None = None
    designated: bool = False
    sign_due: datetime | None = None
    response_due: datetime | None = None
    finish_due: datetime | None = None
    # Until when this level must have solved the matter or passed it on (field-facts X3).
    level_due: datetime | None = None
    signed_at: datetime | None = None
    responded_at: datetime | None = None
    arrived_at: datetime | None = None
    replied_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def live(self) -> bool:
        return self.state in LIVE_ASSIGNMENTS

    @property
    def owes(self) -> bool:
        """Live and not yet replied to."""
        return self.live and self.state is not AssignmentState.REPLIED


@dataclass(frozen=True, slots=True)
class Case:
    """What one citizen asked for and everything the rules decide by. `state` None: not yet registered."""

    number: str
    nature: Nature
    urgency: Urgency
    channel: Channel
    created_at: datetime
    creator_id: int
    state: TicketState | None = None
    confidential: bool = False
    needs_site_proof: bool = False
    complex: bool = False
    dispute: bool = False
    # 历史遗留: known of old and counted apart; it changes no limit (field-facts 3.2).
    legacy_issue: bool = False
    # The category's own finish limit when it was registered; later catalogues do not move old work orders.
    own_limit: str = ""
    grid_code: str = ""
    reply_wanted: bool = True
    reachable: bool = True
    respondent_unit_id: int | None = None
    respondent_code: str = ""
    handler_ids: tuple[int, ...] = ()
    shares: tuple[Share, ...] = ()
    accepted_at: datetime | None = None
    dispatched_at: datetime | None = None
    dispatcher_id: int | None = None
    sign_due: datetime | None = None
    finish_due: datetime | None = None
    total_due: datetime | None = None
    closed_at: datetime | None = None
    closer_id: int | None = None
    archived_at: datetime | None = None
    suspended_at: datetime | None = None
    suspended_from: TicketState | None = None
    paused_minutes: int = 0
    supervision: int = 0
    leader_instructed: bool = False
    signed_off: bool = False
    verify_waived: bool = False
    with_police: bool = False
    open_promises: int = 0
    urge_count: int = 0
    dispatch_count: int = 0
    return_count: int = 0
    redo_count: int = 0
    ring_back_count: int = 0
    extension_days: int = 0
    extension_asked: int = 0
    extension_count: int = 0
    merged_into: str = ""

    def share(self, share_id: int | None) -> Share:
        for share in self.shares:
            if share.id == share_id:
                return share
        raise NotFound("这张工单没有派给您的单位", "请刷新后再试")

    def lead(self) -> Share | None:
        """The lead unit's live share at the top of the tree, latest dispatch first."""
        return next((s for s in reversed(self.top_leads()) if s.live), None)

    def children(self, share_id: int) -> tuple[Share, ...]:
        return tuple(s for s in self.shares if s.parent_id == share_id)

    def live_children(self, share_id: int) -> tuple[Share, ...]:
        """Children that still owe work; one that has replied does not."""
        return tuple(s for s in self.children(share_id) if s.owes)

    def top_leads(self) -> tuple[Share, ...]:
        """The lead shares of every dispatch, oldest first, ended ones too."""
        return tuple(
            s for s in self.shares if s.kind is AssignmentKind.LEAD and s.parent_id is None
        )

    def with_share(self, changed: Share) -> "Case":
        return replace(
            self, shares=tuple(changed if s.id == changed.id else s for s in self.shares)
        )

    def add_share(self, new: Share) -> "Case":
        return replace(self, shares=(*self.shares, new))

    def share_of(self, unit_id: int) -> Share | None:
        """The share a unit can act on now: its live one, the newest first."""
        for share in reversed(self.shares):
            if share.unit.id == unit_id and share.live:
                return share
        return None

    def next_share_id(self) -> int:
        """Ids inside a case run from 1; the database row carries the number beside its own key."""
        return len(self.shares) + 1


@dataclass(frozen=True, slots=True)
class Step:
    """One move by one person at one moment. `inputs` hold JSON values only, so that the log can replay it."""

    move: Move
    actor: Operator
    at: datetime
    share_id: int | None = None
    inputs: Mapping[str, Any] = field(default_factory=lambda: NO_INPUTS)

    def text(self, name: str) -> str:
        return str(self.inputs.get(name) or "").strip()

    def number(self, name: str) -> int:
        return int(self.inputs.get(name) or 0)

    def flag(self, name: str) -> bool:
        return bool(self.inputs.get(name))

    def unit(self, name: str = "unit") -> UnitRef:
        return UnitRef(**self.inputs[name])

    def units(self, name: str) -> tuple[UnitRef, ...]:
        return tuple(UnitRef(**value) for value in self.inputs.get(name) or ())


# Fields that the ticket and assignment rows keep under the same name.
STORED_AS_IS = tuple(
    f.name for f in fields(Case) if f.name not in {"shares", "creator_id", "created_at", "number"}
)
SHARE_TIMES = (
    "sign_due", "response_due", "finish_due", "level_due", "signed_at", "responded_at", "arrived_at",
    "replied_at", "ended_at",
)  # fmt: skip
