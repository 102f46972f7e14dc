"""How alembic runs a migration: on the connection and for the part that engine.store.migrating hands over."""

from alembic import context

part = context.config.attributes["part"]
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=part.metadata,
    version_table=part.version_table,
    render_as_batch=True,
)
context.run_migrations()
