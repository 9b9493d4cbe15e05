"""Brings a database to the newest schema. A second runner at the same time waits and finds nothing to do."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Connection

from leadsail.migrations.newest import NEWEST

_FOLDER = Path(__file__).parent
_LOCK = 7_255_401_953  # any number, the same in every release


def migrate(url: str, *, role: str | None, progress: Callable[[str], None]) -> None:
    """Run what is missing as `role`, or as the URL's own user; raises what PostgreSQL refuses."""
    target = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(target)
    try:
        with engine.connect() as connection:
            if role:
                connection.execute(text(f'set session authorization default; set role "{role}"'))
            connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
            connection.execute(text("create schema if not exists leadsail"))
            connection.commit()
            _upgrade(connection, progress)
    finally:
        engine.dispose()


def _upgrade(connection: Connection, progress: Callable[[str], None]) -> None:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    progress(f"bringing the database to schema {NEWEST}")
    command.upgrade(config, "head")
    connection.commit()
