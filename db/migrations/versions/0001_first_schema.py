"""The first schema.

Until the first release this revision is the models themselves; at the release it is frozen into explicit
DDL, and every later change is a revision of its own (docs/decisions/007).
"""

from alembic import op

from db.models import Base
from db.search import install_postgresql, install_sqlite

revision = "0001"
down_revision = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        # Before the models: there `ticket_text` holds a vector, not text (db/search.py).
        tables = [t for t in Base.metadata.sorted_tables if t.name != "ticket_text"]
        Base.metadata.create_all(connection, tables=tables)
        install_postgresql(connection)
        return
    Base.metadata.create_all(connection)
    install_sqlite(connection)
