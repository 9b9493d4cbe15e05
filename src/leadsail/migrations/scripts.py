"""Runs the SQL script that stands beside a revision."""

from contextlib import closing
from pathlib import Path

from alembic import op


def run_script(revision_file: str) -> None:
    """Run the `.sql` file named like `revision_file`, all of it in the revision's transaction."""
    script = Path(revision_file).with_suffix(".sql").read_text()
    # Straight to the driver: it takes several statements at once, and its errors do not quote the whole script.
    with closing(op.get_bind().connection.cursor()) as cursor:
        cursor.execute(script)
