"""Every table of the product, by subject."""

from db.models.audit import AuditEntry, PrintLog, QualityCheck
from db.models.base import Base
from db.models.calls import BlockedNumber, Call, PoliceTransfer
from db.models.decisions import (
    Callback,
    ExtensionRequest,
    GateOverride,
    JointSheet,
    ReturnRequest,
    Supervision,
    Suspension,
    Urging,
)
from db.models.desks import (
    Campaign,
    KeeperLease,
    NumberLease,
    Presence,
    SavedFilter,
    TicketCampaign,
    TicketText,
)
from db.models.handling import (
    ArchiveManifest,
    Attachment,
    Contact,
    FilePiece,
    HandlingResult,
    MediationRound,
    NotifyCopy,
    Promise,
    StoredFile,
    Upload,
    Verification,
    WhistleCall,
)
from db.models.importing import ImportBatch
from db.models.knowledge import Bulletin, KnowledgeEntry, KnowledgeFeedback, Snippet
from db.models.organisation import (
    Account,
    Attendance,
    DutyRoster,
    Grid,
    GridStaff,
    PostHistory,
    Staff,
    Unit,
)
from db.models.people import (
    DailyTask,
    Household,
    LifeEvent,
    Patrol,
    Person,
    RegisterChange,
    SpecialGroupMember,
    Visit,
    VisitPolicy,
)
from db.models.places import (
    AddressBookEntry,
    Building,
    Component,
    Enterprise,
    Estate,
    House,
    Inspection,
    Road,
    RoadRange,
)
from db.models.policy import CalendarDay, CategoryRow, City, PolicyPackRow, Preference, Template
from db.models.suggestions import SuggestionModel
from db.models.tickets import Appellant, Assignment, OriginalText, Ticket, TicketEvent
from db.models.training import Attempt, Scenario
from db.models.watching import WatchedNumber

__all__ = [
    "Account", "AddressBookEntry", "Appellant", "ArchiveManifest", "Assignment", "Attachment", "Attempt", "Attendance",
    "AuditEntry", "Base", "BlockedNumber", "Building", "Bulletin", "CalendarDay", "Call", "Callback",
    "Campaign", "CategoryRow", "City", "Component", "Contact", "DailyTask", "DutyRoster", "Enterprise",
    "Estate", "ExtensionRequest", "FilePiece", "GateOverride", "Grid", "GridStaff", "HandlingResult", "House",
    "Household", "ImportBatch", "Inspection", "JointSheet", "KeeperLease", "KnowledgeEntry", "KnowledgeFeedback",
    "LifeEvent",
    "MediationRound", "NotifyCopy", "NumberLease", "OriginalText", "Patrol", "Person", "PoliceTransfer",
    "PolicyPackRow", "PostHistory", "Preference", "Presence", "PrintLog", "Promise", "QualityCheck",
    "RegisterChange", "ReturnRequest", "Road", "RoadRange", "SavedFilter", "Scenario", "Snippet",
    "SpecialGroupMember", "Staff", "StoredFile", "SuggestionModel",
    "Supervision", "Suspension", "Template", "Ticket",
    "TicketCampaign", "TicketEvent", "TicketText", "Unit", "Upload", "Urging", "Verification", "Visit",
    "VisitPolicy", "WatchedNumber", "WhistleCall",
]  # fmt: skip
