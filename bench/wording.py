"""How well opt-outs are heard: the detector's scores on its practice phrases, and on a hold-out it was not tuned on."""

from dataclasses import dataclass
from pathlib import Path

from tests.features.do_not_call.wording_score import phrases, scored

_FOLDER = Path(__file__).parent.parent / "tests" / "features" / "contact_gate" / "wording"


@dataclass(frozen=True, slots=True)
class Hearing:
    """Shares of one set of phrases: whole-message words heard, free wording heard, and false alarms."""

    number: int
    per_se: float
    free: float
    false_alarms: float


def measure_hearing(name: str) -> Hearing:
    """Score the set `name`; phrases on which careful readers would disagree are not scored."""
    score = scored(one for one in phrases(_FOLDER / f"{name}.tsv") if one.label in {"per_se", "free", "keep"})
    return Hearing(
        number=sum(score.total.values()),
        per_se=score.share_opted_out("per_se"),
        free=score.share_opted_out("free"),
        false_alarms=score.share_opted_out("keep"),
    )
