"""承办: the unit's inbox."""

from console.views.inbox.page import InboxPage
from console.views.inbox.services import Beside

__all__ = ["Beside", "InboxPage"]
