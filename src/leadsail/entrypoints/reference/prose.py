"""What the reference says in words: how the API behaves everywhere, and what each group of operations is about."""

DESCRIPTION = """\
Everything is JSON below `/api/v1`, in camelCase. Send your key in the header `X-API-Key`; it selects the tenant, and
whatever belongs to another tenant does not exist for it. Each operation says which scope its key needs.

**Answers** come in an envelope: `{"success": true, "data": …}`, or `{"success": false, "error": {"code", "message"}}`.
A `VALIDATION_ERROR` lists every fault in `error.details`, one line each, beginning with the dotted field name.
A path that is not offered answers 404, a method that is not offered 405.
An optional field without a value is left out; arrays are never left out. Instants are UTC with milliseconds.

**Repeating safely.** Every POST takes an `Idempotency-Key`: the same key with the same body takes effect once, and for
seven days it is answered the same again.

**Changing.** In a PATCH, absent fields stay, `null` clears, objects merge one level deep. Single records carry an
`ETag`; send it as `If-Match`, and the change happens only if nobody else changed the record since.

**Lists** are newest first. Numbers and booleans in a query are text, such as `limit=50` and `active=true`.

**Limits.** Bodies hold at most 1 MiB. `RateLimit` and `RateLimit-Policy` tell how many requests a key has left; a 429
or 503 says in `Retry-After` when to come back. Every answer carries an `X-Request-Id`: quote it when something is odd.
"""

TAGS = {
    "Leads": "People who may become customers, and the attempts to sell them.",
    "Interactions": "Calls and text threads with leads: their state, their transcript, and live events.",
    "Contact gate": "May this person be called or texted, and why was that person?",
    "Campaigns": "Where leads come from, who talks to them, when they are called and who buys them.",
    "Do not call": "Numbers that asked to be left alone, and the national registries.",
    "Consents": "What people agreed to besides what stands on their lead, and what counts for a lead now.",
    "Holds": "The emergency stop: of everything, or of one campaign.",
    "Contact policy": "Your own rules for every call and text; the law binds besides.",
    "Clients and offers": "The buyers of leads, and the products that leads are won for.",
    "Agents and phone numbers": "Who speaks and writes with leads, and the numbers they use.",
    "Prompt templates and flows": "What agents are told (Liquid), and how a conversation runs (YAML).",
    "Fields and value sets": "The library of fields that questions and conditions name, and shared lists of values.",
    "Tenant and API keys": "Your organisation's settings and its keys.",
    "Health": "For supervisors, load balancers and scrapers; no key is needed.",
}
