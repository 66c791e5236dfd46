"""Where somebody sits: the database, who is signed in, and the city's rules in force."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from console.domain.errors import NotAllowed
from console.domain.roles import Operator
from console.domain.rules import Rules
from console.ledger.numbers import Numbers
from db.engine import Database

MOST_KEYS = 500


@dataclass
class Seat:
    """One workstation. `operator` changes when somebody else signs in; services read it at each call."""

    db: Database
    rules: Rules
    workstation: str
    numbers: Numbers
    heading: str = "12345政务服务便民热线"
    city_name: str = ""
    training: bool = False
    demo: bool = False
    # Keys of numbers asked for at this seat (`console.ledger.contacts`): typing asks for the same one again and again.
    keys: dict[str, str] = field(default_factory=dict, repr=False)
    # What several desks read once and share, by its class; nothing of it is anybody's own.
    shared: dict[type, object] = field(default_factory=dict, repr=False)
    _operator: Operator | None = field(default=None)

    @property
    def operator(self) -> Operator:
        if self._operator is None:
            raise NotAllowed("请先登录")
        return self._operator

    def remember_key(self, value: str, key: str) -> None:
        """Bounded, and forgotten when somebody else sits down."""
        if len(self.keys) >= MOST_KEYS:
            self.keys.clear()
        self.keys[value] = key

    def sit(self, operator: Operator | None) -> None:
        self.keys.clear()
        self._operator = operator
        self.numbers.belong_to(operator.account_id if operator else None)

    def now(self, session: Session) -> datetime:
        return self.db.now(session)
