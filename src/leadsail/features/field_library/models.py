"""The standard fields: what every tenant's library holds from the start, besides what the tenant adds.

A key is the name of the lead's own property in snake case; parts of a group carry the group's name where they would
be mistaken for another property (`address_city`, `consent_ip_address`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_PHONE_SIGNS = r"^[\d\s\-\(\)\.+]+$"
_COUNTRY = "^[A-Z]{2}$"


@dataclass(frozen=True, slots=True)
class StandardField:
    """A field that no tenant can be without; `rules` are its validation rules until the tenant changes them."""

    key: str
    label: str
    category: str
    data_type: str = "string"
    rules: Mapping[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The field in its wire form."""
        return {
            "key": self.key,
            "label": self.label,
            "category": self.category,
            "dataType": self.data_type,
            "validationRules": {"required": False, **self.rules},
            "isStandard": True,
            "active": True,
        }


_CONTACT = (
    StandardField("first_name", "First name", "contact", rules={"required": True, "minLength": 1}),
    StandardField("last_name", "Last name", "contact", rules={"required": True, "minLength": 1}),
    StandardField("email", "E-mail address", "contact", rules={"required": True, "maxLength": 320}),
    StandardField(
        "phone", "Phone number", "contact", rules={"required": True, "minLength": 10, "pattern": _PHONE_SIGNS}
    ),
    StandardField("country", "Country", "contact", rules={"pattern": _COUNTRY}),
    StandardField("address_street", "Street", "contact"),
    StandardField("address_unit", "Unit", "contact"),
    StandardField("address_city", "City", "contact"),
    StandardField("address_state", "State", "contact"),
    StandardField("address_zip", "ZIP code", "contact"),
    StandardField("address_country", "Country of the address", "contact"),
    StandardField("date_of_birth", "Date of birth", "contact", "date"),
    StandardField("timezone", "Time zone", "contact"),
)

_SYSTEM = (
    StandardField("lead_id", "Lead", "system"),
    StandardField("campaign_id", "Campaign", "system"),
    StandardField("campaign_name", "Name of the campaign", "system"),
    StandardField("client_id", "Client", "system"),
    StandardField("client_name", "Name of the client", "system"),
    StandardField("offer_id", "Offer", "system"),
    StandardField("offer_name", "Name of the offer", "system"),
    StandardField("client_lead_id", "Lead at the client", "system"),
    StandardField("status", "Status", "system"),
    StandardField("detail", "Detail of the status", "system"),
    StandardField("timezone_source", "Where the time zone is known from", "system"),
    StandardField("tags", "Tags", "system", "array"),
    StandardField("reposted_to", "Reposted to", "system", "array"),
    StandardField("submission_count", "Number of submissions", "system", "number", {"min": 0}),
    StandardField("created_at", "Created at", "system", "datetime"),
    StandardField("updated_at", "Updated at", "system", "datetime"),
    StandardField("latest_submitted_at", "Last submitted at", "system", "datetime"),
    StandardField("last_activity_at", "Last activity at", "system", "datetime"),
    StandardField("delivered_at", "Delivered at", "system", "datetime"),
    StandardField("call_direction", "Direction of the call", "system"),
    StandardField("contact_type", "Kind of contact: new, first or returning", "system"),
)

_ATTRIBUTION = (
    StandardField("attribution_params", "URL parameters", "attribution", "object"),
    StandardField("capture_url", "Page of capture", "attribution"),
    StandardField("referrer", "Referrer", "attribution"),
    StandardField("ip_address", "IP address", "attribution"),
    StandardField("user_agent", "User agent", "attribution"),
    StandardField("gclid", "Google click (gclid)", "attribution"),
    StandardField("gbraid", "Google app click (gbraid)", "attribution"),
    StandardField("wbraid", "Google web-to-app click (wbraid)", "attribution"),
    StandardField("fbclid", "Meta click (fbclid)", "attribution"),
    StandardField("fbc", "Meta click cookie (fbc)", "attribution"),
    StandardField("fbp", "Meta browser cookie (fbp)", "attribution"),
    StandardField("ttclid", "TikTok click (ttclid)", "attribution"),
    StandardField("ttp", "TikTok cookie (ttp)", "attribution"),
    StandardField("msclkid", "Microsoft click (msclkid)", "attribution"),
    StandardField("tblci", "Taboola click (tblci)", "attribution"),
    StandardField("ad_platform", "Ad platform", "attribution"),
    StandardField("capture_platform", "Platform of capture", "attribution"),
)

_COMPLIANCE = (
    StandardField("tcpa_consent", "Consent under the TCPA", "compliance", "boolean"),
    StandardField("consent_text", "Text of the consent", "compliance"),
    StandardField("consent_at", "Consented at", "compliance", "datetime"),
    StandardField("consent_page_url", "Page of the consent", "compliance"),
    StandardField("consent_ip_address", "IP address of the consent", "compliance"),
    StandardField("consent_sellers", "Sellers named in the consent", "compliance", "array"),
    StandardField("trusted_form_cert_url", "TrustedForm certificate", "compliance"),
    StandardField("jornaya_lead_id", "Jornaya lead", "compliance"),
)

_FLAGS = (
    StandardField("is_test", "Test lead", "flags", "boolean"),
    StandardField("is_duplicate", "Duplicate", "flags", "boolean"),
    StandardField("is_imported", "Imported", "flags", "boolean"),
    StandardField("is_dnc", "Do not contact", "flags", "boolean"),
)

STANDARD_FIELDS = (*_CONTACT, *_SYSTEM, *_ATTRIBUTION, *_COMPLIANCE, *_FLAGS)
