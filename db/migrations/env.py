"""Alembic's entry: the URL comes from `db.setup`, never from a file."""

from alembic import context

from db.engine import open_database
from db.models import Base


def run() -> None:
    database = open_database(context.config.attributes["url"])
    try:
        with database.writing() as session:
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
