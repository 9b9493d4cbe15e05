"""What a tenant sets for all its contacts, as it is sent and read. It can only be stricter than the law."""

from typing import Annotated

from phonenumbers import SUPPORTED_REGIONS
from pydantic import AfterValidator, Field

from leadsail.features.campaigns.schemas import DayHours
from leadsail.features.leads.schemas import RealDate
from leadsail.foundation.web.fields import Country, Name
from leadsail.foundation.web.schemas import Maybe, Shape, Timestamp


def _dialed_country(code: str) -> str:
    if code not in SUPPORTED_REGIONS:
        raise ValueError("must be the ISO 3166-1 code of a country with telephones, such as US or GB")
    return code


Attempts = Annotated[int, Field(ge=1, le=10_000)]
Countries = Annotated[list[Annotated[Country, AfterValidator(_dialed_country)]], Field(max_length=250)]
ClosedDays = Annotated[list[RealDate], Field(max_length=1_000)]
SellerNames = Annotated[list[Name], Field(max_length=1_000)]
CheckDays = Annotated[int, Field(ge=1, le=10_000)]


class PolicyHours(Shape):
    """The tenant's own hours, read in every place where a contact could be. A day that is left out follows the law."""

    mon: Maybe[DayHours] = None
    tue: Maybe[DayHours] = None
    wed: Maybe[DayHours] = None
    thu: Maybe[DayHours] = None
    fri: Maybe[DayHours] = None
    sat: Maybe[DayHours] = None
    sun: Maybe[DayHours] = None


class Acknowledgement(Shape):
    """Who took note of a duty that software cannot fulfil, and when."""

    by: Name = Field(examples=["Maria Diaz"])
    at: Timestamp


class ContactPolicyChange(Shape):
    """A change of the policy: absent leaves unchanged, `null` goes back to what the law alone demands."""

    hours: Maybe[PolicyHours] = None
    max_attempts_per_day: Maybe[Attempts] = None
    max_attempts_per_week: Maybe[Attempts] = None
    allowed_countries: Maybe[Countries] = None
    closed_days: Maybe[ClosedDays] = None
    sellers_strict: Maybe[bool] = None
    seller_names: Maybe[SellerNames] = None
    reassigned_check_days: Maybe[CheckDays] = None
    california_acknowledged: Maybe[Acknowledgement] = None


class ContactPolicySettings(ContactPolicyChange):
    """What is kept of the policy."""

    max_attempts_per_day: Maybe[Attempts] = Field(
        default=None,
        description="With one person within any 24 hours, by call or text; the law's own cap binds too",
    )
    max_attempts_per_week: Maybe[Attempts] = Field(default=None, description="The same within any 7 days")
    allowed_countries: Countries = Field(
        default=[], description="Where contacts may be. Empty: your own country alone", examples=[["US", "CA"]]
    )
    closed_days: ClosedDays = Field(default=[], description="On these days nobody is contacted")
    sellers_strict: bool = Field(
        default=False, description="A consent that names sellers counts for calls, too, only if it names your business"
    )
    seller_names: SellerNames = Field(
        default=[], description="Names of your business in consents, besides your organisation's and your client's name"
    )
    reassigned_check_days: Maybe[CheckDays] = Field(
        default=None, description="Block marketing where consent is older and the number was not checked since"
    )
    california_acknowledged: Maybe[Acknowledgement] = Field(
        default=None, description="Without it no artificial voice calls California"
    )


class ContactPolicy(ContactPolicySettings):
    """The tenant's own rules for every contact. The law binds besides: of both, the stricter counts."""

    updated_at: Maybe[Timestamp] = Field(default=None, description="Left out until somebody changes the policy")
