"""承办: the unit's inbox."""

from console.views.inbox.page import InboxPage

__all__ = ["InboxPage"]
