"""`python -m chaos [hours|faults|opt-outs|caps]...`: the long checks named, or all; ends with 1 when one failed."""

import argparse
import sys

from chaos.frequency import check_frequency
from chaos.lawful_hours import check_lawful_hours
from chaos.opt_out_race import check_opt_out_race
from chaos.planted_faults import check_planted_faults

_CHECKS = {
    "hours": check_lawful_hours,
    "faults": check_planted_faults,
    "opt-outs": check_opt_out_race,
    "caps": check_frequency,
}


def main() -> None:
    """Parse, check, tell."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("checks", nargs="*", metavar="|".join(_CHECKS))
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    if unknown := set(options.checks) - set(_CHECKS):
        parser.error(f"there is no check named {', '.join(sorted(unknown))}; there are {', '.join(_CHECKS)}")
    passed = [_CHECKS[name](options.processes) for name in options.checks or _CHECKS]
    sys.exit(0 if all(passed) else 1)


if __name__ == "__main__":
    main()
