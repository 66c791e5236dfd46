"""四平台 and 专项活动: counts that say by themselves why their sum is not the total (field-facts K1, K14)."""

from dataclasses import dataclass

from console.domain.policy_tables import Campaign
from console.domain.states import Platform


@dataclass(frozen=True, slots=True)
class CampaignChoice:
    """A campaign as offered: its parent's name before it, whether the words point to it, whether it is chosen."""

    code: str
    name: str
    parent: str = ""
    suggested: bool = False
    chosen: bool = False

    @property
    def path(self) -> str:
        return f"{self.parent} › {self.name}" if self.parent else self.name


@dataclass(frozen=True, slots=True)
class Tags:
    """What a work order is tagged with, and everything it could be."""

    ticket_id: int
    version: int
    platform: Platform
    campaigns: tuple[CampaignChoice, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.campaigns if choice.chosen)


@dataclass(frozen=True, slots=True)
class PlatformTally:
    """One of the four tiles; every work order has exactly one platform, so these add up."""

    platform: Platform
    total: int = 0
    open: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class CampaignTally:
    """One row; a parent counts every work order in it or below it once."""

    code: str
    name: str
    depth: int
    total: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class CampaignTable:
    """All from rows. `tickets` are the work orders in any campaign, each once; `shared` those in two or more of
    the top ones, `nested` those in two or more below one and the same top.
    """

    rows: tuple[CampaignTally, ...] = ()
    tickets: int = 0
    shared: int = 0
    nested: int = 0

    @property
    def sum(self) -> int:
        """Of the top rows, as somebody adding up the table would get it."""
        return sum(row.total for row in self.rows if row.depth == 0)

    @property
    def words(self) -> str:
        """Why the rows do not add up to the total; said on every table (field-facts K14)."""
        if not self.tickets:
            return "本期没有列入专项活动的工单"
        parts = [f"列入专项活动的工单共 {self.tickets} 件"]
        if self.shared:
            parts.append(
                f"各活动之和 {self.sum} 大于总数 {self.tickets}，因为 {self.shared} 件同属两项以上"
            )
        if self.nested:
            parts.append(f"{self.nested} 件同属一个大项下的两个以上子项，子项之和大于大项")
        if not self.shared and not self.nested:
            parts.append("没有一件同属两项以上")
        return "；".join(parts)


def suggested(campaigns: tuple[Campaign, ...], text: str) -> tuple[str, ...]:
    """Codes of the campaigns whose words stand in what was said."""
    return tuple(one.code for one in campaigns if any(word in text for word in one.words))


def choices(
    campaigns: tuple[Campaign, ...], chosen: tuple[str, ...], text: str = ""
) -> tuple[CampaignChoice, ...]:
    """All of a pack's campaigns, children under their parent, in the pack's order."""
    names = {one.code: one.name for one in campaigns}
    pointed = suggested(campaigns, text)
    ordered = [
        one for top in campaigns if not top.parent for one in (top, *_below(campaigns, top.code))
    ]
    return tuple(
        CampaignChoice(
            one.code, one.name, names.get(one.parent, ""), one.code in pointed, one.code in chosen
        )
        for one in ordered
    )


def _below(campaigns: tuple[Campaign, ...], code: str) -> list[Campaign]:
    return [one for one in campaigns if one.parent == code]
