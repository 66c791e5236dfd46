"""What other workstations changed: LISTEN/NOTIFY on PostgreSQL, a look every quarter second on SQLite."""

from db.changes.listening import Changes

__all__ = ["Changes"]
