"""`python -m leadsail` is the same program as `leadsail`."""

from leadsail.entrypoints.cli import main

main()
