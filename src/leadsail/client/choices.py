"""Words to choose from. Generated from the API's reference by `make openapi`; do not edit."""

from typing import Literal

Scope = Literal["read", "write", "call", "sms", "admin"]
TerminationReason = Literal[
    "agent_hangup",
    "user_hangup",
    "no_answer",
    "busy",
    "voicemail",
    "rejected",
    "invalid_number",
    "max_duration",
    "transferred",
    "opt_out",
    "blocked",
    "canceled",
    "provider_error",
]
ConditionOperator = Literal[
    "equals",
    "not_equals",
    "contains",
    "not_contains",
    "greater_than",
    "less_than",
    "starts_with",
    "ends_with",
    "exists",
    "not_exists",
    "in_value_set",
    "not_in_value_set",
    "file_ready",
    "file_status_equals",
]
ConsentSource = Literal["lead", "campaign", "api", "import"]
ContactCode = Literal[
    "INVALID_PHONE_NUMBER",
    "CAMPAIGN_INACTIVE",
    "VOICE_AGENT_NOT_CONFIGURED",
    "SMS_AGENT_NOT_CONFIGURED",
    "MISSING_PHONE_NUMBER",
    "SENDER_NOT_REGISTERED",
    "CALL_IN_PROGRESS",
    "DO_NOT_CALL",
    "CONSENT_MISSING",
    "DESTINATION_NOT_ALLOWED",
    "OUTSIDE_LEGAL_HOURS",
    "FREQUENCY_CAP",
    "OUTSIDE_OPERATING_HOURS",
    "MIN_GAP_NOT_ELAPSED",
    "MAX_ATTEMPTS_REACHED",
    "PLATFORM_ON_HOLD",
    "RULES_UNAVAILABLE",
]
ContactPurpose = Literal["marketing", "informational", "callback", "reply", "opt_out_confirmation"]
OptOutChannel = Literal["call", "sms", "email", "web", "other"]
DoNotCallSource = Literal["sms", "speech", "key_press", "api", "import", "manual", "buyer"]
DoNotCallEventKind = Literal["opt_out", "repeated", "lifted", "removed"]
ConsentKind = Literal["none", "express", "written", "automated_call"]
FieldCategory = Literal["question", "file", "system", "contact", "attribution", "compliance", "flags", "custom"]
DataType = Literal["string", "number", "boolean", "date", "datetime", "array", "object", "file"]
InteractionStatus = Literal[
    "in_progress",
    "completed",
    "incomplete",
    "voicemail",
    "no_answer",
    "busy",
    "no_contact",
    "scheduled_callback",
    "follow_up",
    "qualified",
    "disqualified",
    "dnc",
    "failed",
    "canceled",
]
LeadStatus = Literal[
    "new",
    "pending",
    "processing",
    "qualified",
    "disqualified",
    "missing_data",
    "queued",
    "pending_action",
    "no_answer",
    "voicemail",
    "contacted",
    "scheduled_callback",
    "no_contact",
    "pending_signature",
    "document_sent",
    "signed",
    "delivered",
    "accepted",
    "duplicate",
    "failed",
    "error",
    "rejected",
    "dnc",
]
TimezoneSource = Literal["ip", "zip", "area_code", "user_input", "inferred"]
NumberProvider = Literal["vonage", "twilio", "sip", "sandbox"]
RegistrationStatus = Literal["not_required", "pending", "registered", "rejected"]
RegistryName = Literal["us_dnc", "ca_dncl", "gb_tps", "us_reassigned"]
RegistryAge = Literal["missing", "current", "ageing", "expired"]
TurnSource = Literal["manual", "api", "inbound", "sms_agent", "system"]
Speaker = Literal["voice_agent", "sms_agent", "human", "lead"]
WebhookEvent = Literal[
    "lead.delivered",
    "lead.disqualified",
    "lead.failed",
    "lead.queued",
    "lead.first_submission_action",
    "lead.processed",
    "interaction.started",
    "interaction.updated",
    "interaction.completed",
    "interaction.analyzed",
    "sms.received",
    "sms.sent",
    "sms.failed",
    "lead.opted_out",
]
