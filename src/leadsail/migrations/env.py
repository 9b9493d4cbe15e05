"""Alembic's entry: one connection, handed over by `leadsail.migrations.runner`."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="leadsail",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
