"""A vocabulary as a prompt has it, and a clock that stands still: only steps may stop a template here."""

from collections.abc import Callable

import pytest

from leadsail.foundation.liquid import AnyKey, Group, ListOf, Templates, Vocabulary

Renders = Callable[..., str]
Complains = Callable[[str], list[str]]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The variables of a prompt (contract 7.6)."""
    address = Group.of("street", "unit", "city", "state", "zip", "country")
    contact = ("firstName", "lastName", "email", "phone", "country", "dateOfBirth", "timezone", "status")
    return Vocabulary(
        Group.of(
            "call_direction",
            "contact_type",
            "now",
            lead=Group.of(*contact, address=address, tags=ListOf()),
            campaign=Group.of("campaignId", "name"),
            client=Group.of("name", "abbrev"),
            offer=Group.of("name", "abbrev"),
            agent=Group.of("name", "description"),
            questionnaire=AnyKey(),
            custom=AnyKey(),
            known_information=ListOf(Group.of("key", "question", "answer")),
            information_to_collect=ListOf(Group.of("key", "question", "required")),
        )
    )


@pytest.fixture(scope="session")
def templates(vocabulary: Vocabulary) -> Templates:
    """Templates of that vocabulary with the shipped limits."""
    return Templates(vocabulary, lambda: 0.0)


@pytest.fixture(scope="session")
def render(templates: Templates) -> Renders:
    """Render a template with the variables given by name."""
    return lambda source, **variables: templates.render(source, variables)


@pytest.fixture(scope="session")
def complaints(templates: Templates) -> Complains:
    """What is said about a template when it is saved."""
    return lambda source: [str(fault) for fault in templates.check(source)]
