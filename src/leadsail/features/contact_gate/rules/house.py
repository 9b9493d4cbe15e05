"""Rules of the house: what the gate asks beyond the law, in the words in which a decision explains it."""

from collections.abc import Mapping

HOUSE_RULES: Mapping[str, str] = {
    "platform.number": "A number must be one that a telephone network could have given out.",
    "platform.one_call": "Nobody is called while another call to the same number has not ended.",
    "platform.hold": "Nobody is called or texted while somebody, or the platform itself, has put contact on hold.",
    "platform.rules": "Without a rule book that can be read nobody is called or texted.",
    "platform.confirmation": "An opt-out is confirmed by text, and by nothing else.",
    "campaign.active": "An archived or inactive campaign contacts nobody.",
    "campaign.agent": "A campaign needs an agent for the channel on which it contacts people.",
    "campaign.hours": "The campaign keeps hours of its own, read by the clock where the lead is.",
    "campaign.min_gap": "The campaign leaves some time between two attempts, whoever made the first.",
    "campaign.max_attempts": "The campaign gives up after so many attempts.",
    "campaign.max_attempts_per_day": "The campaign makes only so many attempts in 24 hours.",
    "tenant.hours": "The tenant keeps hours of its own within those of the law.",
    "tenant.closed_days": "The tenant contacts nobody on these days.",
    "tenant.frequency": "The tenant allows fewer attempts than the law.",
    "tenant.countries": "Only numbers of the countries that the tenant has allowed are called or texted.",
    "sender.number": "A call or text needs a number of ours to come from.",
    "key.test": "A test key reaches the sandbox's numbers and no others.",
}
"""Id to explanation. They are code, not law: nobody need check them against a statute."""
