"""The ground of the platform: tenants, keys, configuration records, leads and interactions."""

from leadsail.migrations.scripts import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script of the same name."""
    run_script(__file__)
