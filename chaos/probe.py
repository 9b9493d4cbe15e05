"""`python -m chaos.probe`: asks the sampled questions until the first unlawful allow, and ends with 1 if there is one.

Run with a faulty copy of the product in front of the real one, to see the fault caught.
"""

import sys

from tests.features.contact_gate.oracle.comparison import compare
from tests.features.contact_gate.oracle.sample import questions


def main() -> None:
    """Ask until something is found."""
    for one in questions():
        found = compare(one.situation, one.instants, channel=one.channel, purpose=one.purpose).findings
        if found:
            print(found[0])
            sys.exit(1)


if __name__ == "__main__":
    main()
