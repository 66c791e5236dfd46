"""Alembic's entry: the URL comes from `db.setup`, never from a file."""

from alembic import context
from sqlalchemy import text

from db.engine import open_database
from db.models import Base


def run() -> None:
    database = open_database(context.config.attributes["url"])
    try:
        with database.writing() as session:
            if not database.is_sqlite:
                # A new index on a year's work orders takes longer than any desk may wait.
                session.execute(text("SET statement_timeout = 0"))
            context.configure(
                connection=session.connection(),
                target_metadata=Base.metadata,
                render_as_batch=database.is_sqlite,
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            session.commit()
    finally:
        database.close()


run()
