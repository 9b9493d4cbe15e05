"""The database's history: one linear list of plain SQL scripts, run by Alembic as `leadsail_owner`."""
