"""Why each contact was allowed or not, how that is sealed, what is held, and which journal belongs to the database."""

from leadsail.migrations.scripts import run_script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script of the same name."""
    run_script(__file__)
