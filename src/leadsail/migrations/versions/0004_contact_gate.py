"""Who a person is, what was attempted with them, and what a tenant sets for all its contacts."""

from leadsail.migrations.scripts import run_script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script of the same name."""
    run_script(__file__)
