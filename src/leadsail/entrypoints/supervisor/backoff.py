"""How long to wait before starting again what has just ended."""

_SHORTEST = 0.2
_LONGEST = 10.0
_HEALTHY_AFTER = 30.0


class Backoff:
    """Seconds that double from 0.2 to 10 with every end, and begin anew after 30 seconds of health."""

    def __init__(self) -> None:
        self._next = _SHORTEST

    def after(self, lived: float) -> float:
        """How long to wait after it has lived for `lived` seconds."""
        pause = _SHORTEST if lived >= _HEALTHY_AFTER else self._next
        self._next = min(_LONGEST, 2 * pause)
        return pause
