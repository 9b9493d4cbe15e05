"""Names that are not plain camelCase on the wire. Generated from the API's reference by `make openapi`; do not edit."""

SPELLED = {"voice_ai": "voiceAI"}
