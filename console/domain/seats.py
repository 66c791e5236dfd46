"""What a seat of the telephone desk is doing (field-facts 6.1, 8)."""

from dataclasses import dataclass
from enum import StrEnum


class AgentState(StrEnum):
    """示闲, 示忙 and 小休 are chosen; talking and wrapping up follow the call."""

    READY = "ready"
    BUSY = "busy"
    BREAK = "break"
    TALKING = "talking"
    WRAP_UP = "wrap_up"


AGENT_STATE_NAMES = {
    AgentState.READY: "示闲",
    AgentState.BUSY: "示忙",
    AgentState.BREAK: "小休",
    AgentState.TALKING: "通话中",
    AgentState.WRAP_UP: "话后整理",
}


@dataclass(frozen=True, slots=True)
class SeatCounts:
    """How many seats are in each state now; states nobody is in are left out."""

    by_state: tuple[tuple[AgentState, int], ...]

    @property
    def words(self) -> str:
        told = " · ".join(f"{AGENT_STATE_NAMES[state]} {number}" for state, number in self.by_state)
        return f"坐席 {told}" if told else ""
