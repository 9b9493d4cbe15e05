"""When the law lets somebody be called, read a second time from the table of rules and written as a table of our own.

Sources as named there: 47 CFR 64.1200 for the United States; the states' rows; the CRTC's rules on automatic dialing
for Canada. A row that says "limited" or "shorter" without figures is read as none. Minutes of the local day.
"""

from typing import NamedTuple

from tests.features.contact_gate.oracle.places import Where

MARGIN = 5
"""Nobody is called in the last minutes of a window: a phone rings later than it is dialed."""


class Hours(NamedTuple):
    """From the first minute to before the last one; equal where the day is closed."""

    opens: int
    closes: int

    def __str__(self) -> str:
        if self.opens == self.closes:
            return "none"
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{self.closes // 60:02}:{self.closes % 60:02}"


CLOSED = Hours(0, 0)


class Rule(NamedTuple):
    """One jurisdiction's hours and whether its legal holidays are closed."""

    weekdays: Hours
    saturday: Hours
    sunday: Hours
    holidays_closed: bool = False

    def __str__(self) -> str:
        days = f"{self.weekdays} on weekdays, {self.saturday} on Saturday, {self.sunday} on Sunday"
        return f"[{days}{', none on holidays' if self.holidays_closed else ''}, {MARGIN} minutes less]"


def _daily(opens: float, closes: float) -> Rule:
    hours = Hours(int(opens * 60), int(closes * 60))
    return Rule(hours, hours, hours)


FEDERAL = _daily(8, 21)

STATES: dict[str, Rule] = {
    "AL": _daily(8, 20)._replace(sunday=CLOSED, holidays_closed=True),
    "CT": _daily(9, 20),
    "FL": _daily(8, 20),
    "KY": _daily(10, 21),
    "LA": _daily(8, 20)._replace(sunday=CLOSED, holidays_closed=True),
    "MA": _daily(8, 20),
    "MD": _daily(8, 20),
    "MI": _daily(9, 21),
    "MN": _daily(9, 21),
    "MS": _daily(8, 20)._replace(sunday=CLOSED),
    "NM": _daily(9, 21),
    "NV": _daily(9, 20),
    "OK": _daily(8, 20),
    "OR": _daily(8, 20),
    "PA": _daily(8, 21)._replace(sunday=CLOSED, holidays_closed=True),
    "RI": _daily(9, 18)._replace(saturday=CLOSED, sunday=CLOSED),
    "TX": _daily(9, 21)._replace(sunday=Hours(12 * 60, 21 * 60)),
    "VA": _daily(8, 21),
    "WA": _daily(8, 20),
}

CANADA = Rule(Hours(9 * 60 + 30, 20 * 60), Hours(10 * 60, 17 * 60), Hours(10 * 60, 17 * 60))
"""The narrower hours of automatic dialing, which a synthesized voice is."""


def rules_at(where: Where) -> tuple[Rule, ...]:
    """Every rule that holds there; all of them must allow."""
    if where.country == "CA":
        return (CANADA,)
    return (FEDERAL, STATES[where.region]) if where.region in STATES else (FEDERAL,)
