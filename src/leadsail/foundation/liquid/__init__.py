"""Prompt templates: Liquid, narrowed until a hostile template can cost no more than a dear one."""

from leadsail.foundation.liquid.budget import TemplateLimits
from leadsail.foundation.liquid.errors import (
    TemplateError,
    TemplateFault,
    TemplateInvalid,
    TemplateTooExpensive,
    TemplateTooLong,
)
from leadsail.foundation.liquid.templates import Templates
from leadsail.foundation.liquid.vocabulary import AnyKey, Group, Leaf, ListOf, Vocabulary

__all__ = [
    "AnyKey",
    "Group",
    "Leaf",
    "ListOf",
    "TemplateError",
    "TemplateFault",
    "TemplateInvalid",
    "TemplateLimits",
    "TemplateTooExpensive",
    "TemplateTooLong",
    "Templates",
    "Vocabulary",
]
