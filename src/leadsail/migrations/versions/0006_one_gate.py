"""The database's own guard: no attempt goes ahead without the gate's decision."""

from leadsail.migrations.scripts import run_script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script of the same name."""
    run_script(__file__)
