"""What a message template is: a title and a message with named blanks, and what both say when they are filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from status_tool.model.component import ComponentStatus, Impact
from status_tool.model.update import Kind, Text, UpdateStatus
from status_tool.text import blanks, markdown_literal, yaml_text

NEXT, COMPONENTS = "next", "components"
"""The blanks that are filled in by themselves: by when the next update comes, and the names of what is affected."""


@dataclass(frozen=True)
class Blank:
    """What is known of a blank beside its name."""

    hint: Text | None = None
    """What to write, for the person who is asked."""
    default: Text | None = None
    """What it says if it is not filled in; None if it must be. It may be empty."""


@dataclass(frozen=True)
class MessageTemplate:
    """The content of one file."""

    name: str
    message: Text
    """Markdown with blanks."""
    title: Text | None = None
    kind: Kind = Kind.INCIDENT
    status: UpdateStatus | None = None
    impact: Impact | None = None
    components: Mapping[str, ComponentStatus] = field(default_factory=dict)
    next: timedelta | None = None
    """How long after the update the next one is promised."""
    blanks: Mapping[str, Blank] = field(default_factory=dict)
    """What the file says of blanks, by their names."""

    def blank(self, name: str) -> Blank:
        return self.blanks.get(name, Blank())

    def in_language(self, language: str) -> MessageTemplate:
        """This template in one language: `language`, the language of the site, if it has that, or else English."""
        described = {
            name: Blank(blank.hint, blank.default and _in_language(blank.default, language))
            for name, blank in self.blanks.items()
        }
        title = self.title and _in_language(self.title, language)
        return replace(self, title=title, message=_in_language(self.message, language), blanks=described)

    def names(self, *, title: bool = True, message: bool = True) -> tuple[str, ...]:
        """The name of each blank of the title and of the message, in the order in which readers see them."""
        texts = [*(self.title.translations.values() if title and self.title else ())]
        texts += self.message.translations.values() if message else ()
        return tuple(dict.fromkeys(name for text in texts for name in blanks.names(text)))

    def filled_title(self, values: Mapping[str, str]) -> Text | None:
        """The title with `values` by the names of the blanks, on one line; a blank without a value stays as it is."""
        if self.title is None:
            return None

        def filled(text: str, language: str) -> str:
            return " ".join(blanks.fill(text, lambda name, _: self._value(name, language, values)).split())

        return Text({language: filled(text, language) for language, text in self.title.translations.items()})

    def filled_message(self, values: Mapping[str, str]) -> Text:
        """The message with `values`, each as text that means nothing in Markdown."""

        def filled(text: str, language: str) -> str:
            def value(name: str, before: str) -> str:
                return markdown_literal.escaped(self._value(name, language, values), before)

            return re.sub(r"\n{3,}", "\n\n", yaml_text.tidy(blanks.fill(text, value)))

        return Text({language: filled(text, language) for language, text in self.message.translations.items()})

    def _value(self, name: str, language: str, values: Mapping[str, str]) -> str:
        default = self.blank(name).default
        if name in values:
            return yaml_text.tidy(values[name])
        return default.in_language(language)[1] if default else f"{{{name}}}"


def _in_language(text: Text, language: str) -> Text:
    found, words = text.in_language(language)
    return Text({"" if found.split("-")[0] == language.split("-")[0] else found: words})
