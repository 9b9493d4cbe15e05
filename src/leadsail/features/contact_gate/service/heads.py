"""The heads of the chain of decisions as the journal keeps them, and the moments at which a part of it became void."""

from datetime import datetime

from pydantic import JsonValue

from leadsail.features.contact_gate.repository.memory import Life
from leadsail.ports.journal import Entry, NewEntry


def head_entry(number: int, head: bytes, at: datetime) -> NewEntry:
    """The journal's line for the head of one seal."""
    return NewEntry("head", at, {"number": number, "head": head.hex()})


def released_entry(number: int, life: Life, by: str, at: datetime) -> NewEntry:
    """The journal's line that says: from here on the chain goes on after seal `number`; later heads above are void."""
    told: dict[str, JsonValue] = {"systemIdentifier": str(life.system_identifier), "timeline": life.timeline}
    return NewEntry("released", at, {"number": number, "by": by, **told})


class Heads:
    """What a journal says of the chain, entry after entry."""

    def __init__(self) -> None:
        self.known: dict[int, bytes] = {}
        """The heads that are valid, by the number of their seal."""
        self.contradicted: set[int] = set()
        """Seals for which the journal names two heads."""
        self.resumed_after = 0
        """The seal after which the chain went on when the last hold for a restored copy was released."""

    def hear(self, entry: Entry) -> None:
        """Take in the next entry; those that tell nothing of the chain are fine."""
        if entry.kind == "released":
            self.resumed_after = int(str(entry.payload["number"]))
            self._forget_above(self.resumed_after)
        elif entry.kind == "head":
            number, head = int(str(entry.payload["number"])), bytes.fromhex(str(entry.payload["head"]))
            # A crash between writing and noting it writes the same head twice; another one is another matter.
            if self.known.setdefault(number, head) != head:
                self.contradicted.add(number)

    def _forget_above(self, number: int) -> None:
        self.known = {known: head for known, head in self.known.items() if known <= number}
        self.contradicted = {known for known in self.contradicted if known <= number}
