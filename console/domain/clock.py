"""A workstation's clock against the database's: how far off, and what is said about it (field-facts 4.2 rule 6)."""

from dataclasses import dataclass
from datetime import timedelta

# A minute shows on every light; less is the network and the drift of any machine.
MOST_DRIFT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Drift:
    """How far this machine is behind the database (positive: slow)."""

    behind: timedelta = timedelta()

    @property
    def wrong(self) -> bool:
        return abs(self.behind) > MOST_DRIFT

    @property
    def words(self) -> str:
        """`本机时钟慢 12 分钟，一律以数据库时间为准`; empty while the clock is right."""
        if not self.wrong:
            return ""
        way = "慢" if self.behind > timedelta() else "快"
        return f"本机时钟{way} {_length(abs(self.behind))}，一律以数据库时间为准"


def _length(off: timedelta) -> str:
    minutes = round(off.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} 分钟"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} 小时 {rest} 分钟" if rest else f"{hours} 小时"
    return f"{minutes // (24 * 60)} 天"
