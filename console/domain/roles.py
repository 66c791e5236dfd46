"""Who does what, and whose work orders each may see (field-facts 2, product.md Workplaces)."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    DISPATCHER = "dispatcher"
    LIAISON = "liaison"
    HANDLER = "handler"
    STREET_DESK = "street_desk"
    GRID_LEADER = "grid_leader"
    GRID_WORKER = "grid_worker"
    REVISITOR = "revisitor"
    OVERSEER = "overseer"
    INSPECTOR = "inspector"
    LEADER = "leader"
    QC = "qc"
    KB_EDITOR = "kb_editor"
    CLERK = "clerk"
    TRAINER = "trainer"
    ADMIN = "admin"
    # The program itself: urges, supervises and archives by the clock. Nobody signs in as this.
    KEEPER = "keeper"


ROLE_NAMES: dict[Role, str] = {
    Role.AGENT: "话务员",
    Role.SUPERVISOR: "值班长",
    Role.DISPATCHER: "派单员",
    Role.LIAISON: "联络员",
    Role.HANDLER: "承办人",
    Role.STREET_DESK: "街道热线办",
    Role.GRID_LEADER: "网格长",
    Role.GRID_WORKER: "网格员",
    Role.REVISITOR: "回访员",
    Role.OVERSEER: "督办员",
    Role.INSPECTOR: "督察员",
    Role.LEADER: "领导",
    Role.QC: "质检员",
    Role.KB_EDITOR: "知识库管理员",
    Role.CLERK: "文员",
    Role.TRAINER: "培训师",
    Role.ADMIN: "系统管理员",
    Role.KEEPER: "系统值守",
}

CENTRE_ROLES = frozenset(
    {
        Role.AGENT,
        Role.SUPERVISOR,
        Role.DISPATCHER,
        Role.REVISITOR,
        Role.OVERSEER,
        Role.INSPECTOR,
        Role.LEADER,
        Role.QC,
        Role.KB_EDITOR,
        Role.CLERK,
        Role.KEEPER,
    }
)
UNIT_ROLES = frozenset(
    {Role.LIAISON, Role.HANDLER, Role.STREET_DESK, Role.GRID_LEADER, Role.GRID_WORKER}
)


# Codes of the city and its districts are no longer than this (field-facts 5.2).
DISTRICT_DIGITS = 6


class Workplace(StrEnum):
    """The rail, top to bottom."""

    INTAKE = "intake"
    ORDERS = "orders"
    DISPATCH = "dispatch"
    INBOX = "inbox"
    CALLBACK = "callback"
    LINKAGE = "linkage"
    SUPERVISION = "supervision"
    REGISTERS = "registers"
    DASHBOARD = "dashboard"
    REPORTS = "reports"
    KNOWLEDGE = "knowledge"
    TRAINING = "training"
    QUALITY = "quality"
    ADMINISTRATION = "administration"


class Scope(StrEnum):
    """Whose work orders an operator may see (field-facts 2, data scope)."""

    ALL = "all"
    SUBTREE = "subtree"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Operator:
    """The person signed in at this workstation.

    `unit_code` is the division or grid code of the unit (text, 2 to 15 digits) or `D` + number for
    departments; `unit_path` is the code prefix that bounds the data scope.
    """

    account_id: int
    agent_no: str
    name: str
    role: Role
    unit_id: int
    unit_name: str
    unit_code: str

    @property
    def scope(self) -> Scope:
        if self.role is Role.ADMIN or self.role is Role.TRAINER:
            return Scope.NONE
        if self.role is Role.LEADER and not self.commands_all:
            return Scope.SUBTREE
        return Scope.ALL if self.role in CENTRE_ROLES else Scope.SUBTREE

    @property
    def commands_all(self) -> bool:
        """Whether the unit stands over all others: the city and its districts do, streets and departments do not."""
        return self.unit_code.isdigit() and len(self.unit_code) <= DISTRICT_DIGITS

    @property
    def signature(self) -> str:
        """Name and agent number, as printed and logged."""
        return f"{self.name} {self.agent_no}"


WORKPLACES: dict[Role, tuple[Workplace, ...]] = {
    Role.AGENT: (
        Workplace.INTAKE,
        Workplace.ORDERS,
        Workplace.REPORTS,
        Workplace.LINKAGE,
        Workplace.KNOWLEDGE,
        Workplace.REGISTERS,
    ),
    Role.SUPERVISOR: (
        Workplace.INTAKE,
        Workplace.ORDERS,
        Workplace.DISPATCH,
        Workplace.CALLBACK,
        Workplace.SUPERVISION,
        Workplace.REPORTS,
        Workplace.LINKAGE,
        Workplace.KNOWLEDGE,
        Workplace.REGISTERS,
    ),
    Role.DISPATCHER: (
        Workplace.DISPATCH,
        Workplace.ORDERS,
        Workplace.REPORTS,
        Workplace.LINKAGE,
        Workplace.KNOWLEDGE,
    ),
    Role.LIAISON: (Workplace.INBOX, Workplace.ORDERS, Workplace.REPORTS, Workplace.KNOWLEDGE),
    Role.HANDLER: (Workplace.INBOX, Workplace.ORDERS, Workplace.REPORTS, Workplace.KNOWLEDGE),
    Role.STREET_DESK: (
        Workplace.INBOX,
        Workplace.ORDERS,
        Workplace.REPORTS,
        Workplace.KNOWLEDGE,
        Workplace.REGISTERS,
    ),
    Role.GRID_LEADER: (
        Workplace.INBOX,
        Workplace.ORDERS,
        Workplace.REPORTS,
        Workplace.KNOWLEDGE,
        Workplace.REGISTERS,
    ),
    Role.GRID_WORKER: (
        Workplace.INBOX,
        Workplace.ORDERS,
        Workplace.KNOWLEDGE,
        Workplace.REGISTERS,
    ),
    Role.REVISITOR: (Workplace.CALLBACK, Workplace.ORDERS, Workplace.REPORTS, Workplace.KNOWLEDGE),
    Role.OVERSEER: (
        Workplace.SUPERVISION,
        Workplace.ORDERS,
        Workplace.REPORTS,
        Workplace.KNOWLEDGE,
    ),
    Role.INSPECTOR: (
        Workplace.SUPERVISION,
        Workplace.ORDERS,
        Workplace.REPORTS,
        Workplace.KNOWLEDGE,
    ),
    Role.LEADER: (Workplace.SUPERVISION, Workplace.ORDERS, Workplace.REPORTS, Workplace.KNOWLEDGE),
    Role.QC: (Workplace.ORDERS, Workplace.KNOWLEDGE),
    Role.KB_EDITOR: (Workplace.KNOWLEDGE, Workplace.ORDERS),
    Role.CLERK: (Workplace.REPORTS, Workplace.ORDERS, Workplace.KNOWLEDGE),
    Role.TRAINER: (),
    Role.ADMIN: (),
    Role.KEEPER: (),
}
