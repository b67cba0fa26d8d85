"""Alembic's environment: the connection comes from storage/migrate.py, there is no alembic.ini."""

from alembic import context

from storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
