"""How work orders are written and read, for every desk: one guard, one log, one scope, one numbering.

Services stand on this and on nothing of each other's.
"""

from console.ledger.cases import case_file
from console.ledger.numbers import Numbers
from console.ledger.opening import open_seat
from console.ledger.rows import row_columns, ticket_row
from console.ledger.scope import visible
from console.ledger.seat import Seat
from console.ledger.writing import Entry, Ledger

__all__ = [
    "Entry",
    "Ledger",
    "Numbers",
    "Seat",
    "case_file",
    "open_seat",
    "row_columns",
    "ticket_row",
    "visible",
]
