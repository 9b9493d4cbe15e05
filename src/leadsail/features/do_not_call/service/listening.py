"""Hears what people say on any channel, and acts when they ask to be left alone: the one door to the detector."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from leadsail.features.do_not_call.models import OptOut, Suppressed
from leadsail.features.do_not_call.rules.wording import SecondOpinion, asks_for_help, detect, detect_start
from leadsail.features.do_not_call.service.do_not_call import DoNotCallService
from leadsail.foundation.database import Work

Meaning: TypeAlias = Literal["opted_out", "restarted", "asked_for_help", "nothing"]
"""What came of words: the person is on the list, the handset restarted this sender, or somebody should explain."""

_QUOTED = 500


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the person behind `phone`, texted or spoken. `sender` is our number that they answered."""

    phone: str
    words: str
    channel: Literal["sms", "speech"]
    sender: str | None = None
    lead_id: str | None = None
    interaction_id: str | None = None


class ListeningService:
    """Asks the detector before anybody else hears the words, a model least of all."""

    def __init__(self, do_not_call: DoNotCallService, second_opinion: SecondOpinion | None = None) -> None:
        self._do_not_call = do_not_call
        self._second_opinion = second_opinion

    async def hear(self, work: Work, said: Said) -> Meaning:
        """Take in one message or one spoken turn, in the caller's unit of work. Raises `Unavailable`.

        START counts as a text only, since it must come from the handset; it lifts nothing but the number it was sent
        to.
        """
        if said.channel == "sms" and said.sender and detect_start(said.words):
            lifted = await self._do_not_call.start(work, said.phone, said.sender, {"words": said.words[:_QUOTED]})
            return "restarted" if lifted else "nothing"
        if await self._opt_out(work, said) is not None:
            return "opted_out"
        return "asked_for_help" if said.channel == "sms" and asks_for_help(said.words) else "nothing"

    async def hear_transcript(self, work: Work, turns: Iterable[Said]) -> Meaning:
        """Take in what a person said in a whole conversation that somebody else's agent led, turn by turn."""
        for said in turns:
            if await self._opt_out(work, said) is not None:
                return "opted_out"
        return "nothing"

    async def _opt_out(self, work: Work, said: Said) -> Suppressed | None:
        wording = detect(said.words, said.channel, self._second_opinion)
        if wording is None:
            return None
        opt_out = OptOut(
            said.phone,
            source=said.channel,
            channel="sms" if said.channel == "sms" else "call",
            evidence={
                "words": said.words[:_QUOTED],
                "matched": wording.matched,
                "rule": wording.rule,
                "certainty": wording.certainty,
                "language": wording.language,
            },
            sender=said.sender,
            lead_id=said.lead_id,
            interaction_id=said.interaction_id,
        )
        return await self._do_not_call.opt_out(work, opt_out)
