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
    Base.metadata.create_all(connection)
    on_postgresql = connection.dialect.name == "postgresql"
    (install_postgresql if on_postgresql else install_sqlite)(connection)
