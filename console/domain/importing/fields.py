"""A column of a register as data: its Chinese heading, how its cells are read, what they must be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from console.domain.roles import Role


class Reads(StrEnum):
    """How a cell becomes a value."""

    LINE = "line"
    TEXT = "text"
    NAME = "name"
    CODE = "code"
    DIVISION = "division"
    IDENTITY = "identity"
    CREDIT = "credit"
    PHONE = "phone"
    DAY = "day"
    MOMENT = "moment"
    WHOLE = "whole"
    DOOR = "door"
    DECIMAL = "decimal"
    YES = "yes"
    CHOICE = "choice"
    LIST = "list"
    SHAPE = "shape"


# Numbers that are names: a spreadsheet that made a number of them may have lost digits.
AS_TEXT = frozenset({Reads.CODE, Reads.DIVISION, Reads.IDENTITY, Reads.CREDIT, Reads.PHONE})


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the table's column (`class_details.x` a key of its document); `choices` word → stored value."""

    name: str
    title: str
    reads: Reads = Reads.LINE
    synonyms: tuple[str, ...] = ()
    required: bool = False
    longest: int = 60
    choices: Mapping[str, object] = field(default_factory=dict)
    # Masked in logs and exports (field-facts 10.4).
    private: str = ""

    @property
    def label(self) -> str:
        return f"{self.title} *" if self.required else self.title


@dataclass(frozen=True, slots=True)
class Kind:
    """One register or list that can be imported."""

    name: str
    title: str
    fields: tuple[Field, ...]
    # What says that two rows mean the same thing.
    keys: tuple[str, ...]
    roles: frozenset[Role]
    # Matters are entered one by one through the ledger; registers are compared and brought up to date.
    matters: bool = False
    unit: str = "条"

    def field(self, name: str) -> Field:
        """Raises KeyError for a name the kind has not."""
        for one in self.fields:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def key_titles(self) -> str:
        return "、".join(self.field(key).title for key in self.keys)
