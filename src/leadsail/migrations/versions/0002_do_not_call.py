"""Who must not be contacted: the list, the registries, and the order in which locks were taken."""

from leadsail.migrations.scripts import run_script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the script of the same name."""
    run_script(__file__)
