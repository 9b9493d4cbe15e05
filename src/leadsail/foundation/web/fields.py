"""Kinds of field that many shapes share: texts with a sane length, addresses of mail and web, zones, countries."""

from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, EmailStr, Field, StringConstraints, WithJsonSchema

Text = Annotated[str, StringConstraints(max_length=2_000)]
LongText = Annotated[str, StringConstraints(max_length=100_000)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), Field(examples=["US"])]
Date = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), Field(examples=["1980-02-29"])]
Email = Annotated[EmailStr, StringConstraints(max_length=320), Field(examples=["ann.lee@example.com"])]

_ZONES = available_timezones()


def _known_zone(name: str) -> str:
    if name not in _ZONES:
        raise ValueError("must be an IANA time zone such as America/Chicago")
    return name


Zone = Annotated[str, AfterValidator(_known_zone), Field(examples=["America/Chicago"])]


def _http_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or any(sign.isspace() for sign in text):
        raise ValueError("must be an http or https URL")
    return text


HttpUrl = Annotated[
    str,
    StringConstraints(max_length=2_000),
    AfterValidator(_http_url),
    WithJsonSchema({"type": "string", "format": "uri", "examples": ["https://buyer.example/leads"]}),
]
"""A URL that is kept exactly as it was given; whether it may be reached is judged when it is used."""
