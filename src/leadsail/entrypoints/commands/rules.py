"""`leadsail rules`: the rule book, checked, shown, and applied to a case. No database is needed."""

import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from leadsail.entrypoints.options import settings_from
from leadsail.entrypoints.refusals import Refusal
from leadsail.features.contact_gate.models import Allow, Channel, ConsentKind, Decision, Deny, Purpose, Reason
from leadsail.features.contact_gate.service.explaining import Explained, Supposed, explain
from leadsail.features.contact_gate.service.rule_books import RuleBooks
from leadsail.foundation.clock import SystemClock
from leadsail.foundation.time_zones import known_zone

commands = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)

RulesDir = Annotated[
    Path | None, typer.Option("--rules-dir", help="A folder of rule files, instead of the one in force.")
]
_WIDTH = 112
_INDENT = "    "


@commands.callback()
def _rules() -> None:
    """Check the rule book, print it, and apply it to a case."""


@commands.command()
def check(*, rules_dir: RulesDir = None) -> None:
    """Name everything that is wrong with the rule book; exit code 1 when something is. Old rows are a warning."""
    books = _books(rules_dir)
    for problem in books.problems():
        typer.echo(problem)
    if books.problems():
        raise typer.Exit(1)
    for warning in books.warnings(SystemClock().now()):
        typer.echo(f"warning: {warning}")
    rules = books.rules()
    unverified = sum(not rule.verified for rule in rules)
    typer.echo(f"{len(rules)} rules can be used; {unverified} of them are not verified and take the stricter reading")


@commands.command()
def show(
    *,
    place: Annotated[
        str | None, typer.Option("--place", help="Only of this place: US, US-FL, EU, * or sandbox.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--kind", help="Only of this kind, such as calling_hours.")] = None,
    rules_dir: RulesDir = None,
) -> None:
    """Print the rules with their words, their sources, and how far they are to be trusted."""
    books = _books(rules_dir)
    _require_a_book(books)
    rules = [rule for rule in books.rules() if place in (None, rule.place) and kind in (None, rule.kind)]
    if not rules:
        places, kinds = ({getattr(rule, name) for rule in books.rules()} for name in ("place", "kind"))
        raise Refusal(f"No rule fits. Places: {', '.join(sorted(places))}. Kinds: {', '.join(sorted(kinds))}.")
    for rule in rules:
        verified = (
            f"verified {rule.last_verified}" if rule.verified else f"NOT VERIFIED, looked at {rule.last_verified}"
        )
        in_force = f"in force since {rule.in_force}" if rule.in_force else "in force since an unknown day"
        typer.echo(f"{rule.id:<36} {rule.place:<8} {rule.kind:<16} mark {rule.mark}, {verified}, {in_force}")
        _paragraph(rule.text)
        _paragraph(f"Source: {rule.source}")


@commands.command(name="explain")
def explain_case(
    *,
    phone: Annotated[str, typer.Option("--phone", help="The number, such as +13055550142.")],
    at: Annotated[str, typer.Option("--at", help="When, with its offset: 2026-11-24T18:00:00Z.")],
    channel: Annotated[Channel, typer.Option("--channel", help="How.")] = "call",
    purpose: Annotated[Purpose, typer.Option("--purpose", help="Why.")] = "marketing",
    consent: Annotated[ConsentKind, typer.Option("--consent", help="What the person agreed to before.")] = "none",
    zip_code: Annotated[str | None, typer.Option("--zip", help="Of the address, where one is known.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Of the address, such as FL.")] = None,
    country: Annotated[str | None, typer.Option("--country", help="Of the address, such as US.")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="That the person stated: America/New_York.")] = None,
    rules_dir: RulesDir = None,
) -> None:
    """Say whether a person may be contacted, and what each rule says; campaigns and the person's past are left out."""
    case = Supposed(
        phone, channel, _instant(at), purpose, consent, zone=zone, zip=zip_code, region=state, country=country
    )
    books = _books(rules_dir)
    explained = explain(case, books.current())
    _tell_decision(explained.decision)
    _tell_places(explained, case.at)
    typer.echo("\nassumed: never tried before, on no list, registries imported that day, from the United States")
    typer.echo("\nrules:")
    for reason in sorted(explained.decision.reasons, key=lambda one: one.code is None):
        _tell_reason(reason, books)


def _books(rules_dir: Path | None) -> RuleBooks:
    return RuleBooks(settings_from(rules_dir=rules_dir).rules_dir)


def _require_a_book(books: RuleBooks) -> None:
    if books.problems():
        raise Refusal("The rule book cannot be read; leadsail rules check names what is wrong with it")


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(f"--at {text} is no instant; write it like 2026-11-24T18:00:00Z") from None
    if instant.tzinfo is None:
        raise Refusal(f"--at {text} lacks an offset from UTC; write it like {text}Z or {text}-05:00")
    return instant.astimezone(UTC)


def _tell_decision(decision: Decision) -> None:
    if isinstance(decision, Allow):
        until = f"; the window closes at {_utc(decision.latest_start)}" if decision.latest_start else ""
        typer.echo(f"ALLOW{until}")
    elif isinstance(decision, Deny):
        typer.echo(f"DENY {decision.code}; waiting does not help")
    else:
        typer.echo(f"HOLD {decision.code}; the next lawful instant is {_utc(decision.until)}")


def _tell_places(explained: Explained, at: datetime) -> None:
    country = explained.number.country or "an unknown country"
    typer.echo(f"\n{explained.number.e164}: {explained.number.kind.lower()}, {country}; {_utc(at)} is there")
    clocks: dict[tuple[str, str], list[str]] = {}
    for one in explained.places:
        name = "-".join(part for part in (one.place.country, one.place.region) if part)
        clocks.setdefault((one.place.zone, one.source), []).append(name)
    for (zone, source), names in clocks.items():
        local = f"{at.astimezone(known_zone(zone)):%a %Y-%m-%d %H:%M}" if zone else "unknown"
        typer.echo(f"  {local}  {zone:<32} {', '.join(sorted(set(names)))} ({source})")


def _tell_reason(reason: Reason, books: RuleBooks) -> None:
    until = f" It agrees from {_utc(reason.until)} on." if reason.code and reason.until else ""
    detail = f": {reason.detail}" if reason.detail else ""
    typer.echo(f"  {f'AGAINST ({reason.code})' if reason.code else 'agrees'}  {reason.rule_id}{detail}{until}")
    _paragraph(books.text(reason.rule_id))


def _utc(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _paragraph(text: str) -> None:
    typer.echo(textwrap.fill(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT))
