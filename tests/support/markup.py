"""Which mistakes the HTML of a page has, as far as its tags show them; and what the Nu HTML checker says of pages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
GROUPS = frozenset("article section".split())
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
OBSOLETE = frozenset("acronym big center dir font frame frameset marquee nobr strike tt".split())
OBSOLETE_ATTRIBUTES = frozenset("align bgcolor border cellpadding cellspacing frameborder hspace valign vspace".split())
URLS = frozenset("action cite data formaction href poster src".split())
NOT_IN_URLS = re.compile(r"""[\s<>"\\^`{|}]""")

JAR = Path(os.environ.get("VNU_JAR", ".venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar"))
THEME = {
    "autocomplete": "The theme opens its menu and its search by checkboxes with autocomplete=off. Without it, Firefox "
    "would open them again after a reload.",
}
"""A word in a message about the theme's own markup -> why we leave it."""
NOT_FOR_FILES = "violates Content Security Policy"
"""The checker reads files, which belong to no origin, so that it takes our own files for those of others."""


@dataclass
class _Element:
    name: str
    line: int
    attributes: dict[str, str | None]
    text: str = ""
    has_heading: bool = False


@dataclass
class _Checker(HTMLParser):
    found: list[str] = field(default_factory=list)
    open: list[_Element] = field(default_factory=list)
    ids: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def fault(self, what: str, line: int | None = None) -> None:
        self.found.append(f"{line or self.getpos()[0]}: {what}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if len(attributes) < len(attrs):
            self.fault(f"an attribute of <{tag}> stands twice")
        self.check_attributes(tag, attributes)
        if tag in HEADINGS:
            for element in self.open:
                element.has_heading = True
        if tag in OBSOLETE:
            self.fault(f"<{tag}> is obsolete")
        if tag == "a" and any(element.name in ("a", "button") for element in self.open):
            self.fault("a link in a link or a button")
        if tag not in VOID:
            self.open.append(_Element(tag, self.getpos()[0], attributes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            if not any(element.name in ("svg", "math") for element in self.open):
                self.fault(f"<{tag}/> does not end itself")
            self.open.pop()

    def check_attributes(self, tag: str, attributes: dict[str, str | None]) -> None:
        for name, value in attributes.items():
            if name in URLS and NOT_IN_URLS.search(value or ""):
                self.fault(f"a character that no address has: <{tag} {name}={(value or '')[:40]!r}>")
            if name in OBSOLETE_ATTRIBUTES:
                self.fault(f"{name} of <{tag}> is obsolete")
        if "id" in attributes:
            id = attributes["id"] or ""
            self.ids[id] += 1
            if not id or re.search(r"\s", id) or self.ids[id] > 1:
                self.fault(f"the id {id!r} is empty, has blanks or stands twice")
        if "tabindex" in attributes and not re.fullmatch(r"-?\d+", attributes["tabindex"] or ""):
            self.fault(f"tabindex of <{tag}> is no number")
        if tag == "meta" and "charset" not in attributes and not (attributes.get("content") or "").strip():
            self.fault("an empty <meta>")
        if tag == "meta" and not {"charset", "name", "property", "http-equiv"} & attributes.keys():
            self.fault("a <meta> without a name")
        if tag == "link" and not attributes.get("href"):
            self.fault("a <link> that leads nowhere")
        if tag == "img" and "alt" not in attributes:
            self.fault("a picture without alt")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or not self.open or self.open[-1].name != tag:
            self.fault(f"</{tag}> ends {self.open[-1].name if self.open else 'nothing'}")
            return
        element = self.open.pop()
        if self.open:
            self.open[-1].text += element.text
        if tag == "time" and (not element.text.strip() or not element.attributes.get("datetime")):
            self.fault("a <time> without text or datetime", element.line)
        if tag == "title" and not element.text.strip():
            self.fault("an empty <title>", element.line)
        if tag in GROUPS and not element.has_heading:
            self.fault(f"a <{tag}> without a heading", element.line)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data

    def handle_entityref(self, name: str) -> None:
        self.fault(f"&{name} is not ended")


def faults(html: str) -> list[str]:
    """`["12: an empty <meta>"]`: the mistakes of a page that its tags show, each with its line."""
    checker = _Checker()
    checker.feed(html)
    checker.close()
    return [*checker.found, *(f"{element.line}: <{element.name}> is not ended" for element in checker.open)]


def can_run_nu() -> bool:
    return JAR.is_file() and shutil.which("java") is not None


def nu(folders: Sequence[Path]) -> list[str]:
    """What the Nu HTML checker says of all pages in `folders`, except on the policy, each as `path:line: message`."""
    told = ["java", "-jar", str(JAR), "--format", "json", "--skip-non-html", "--exit-zero-always", *map(str, folders)]
    answer = json.loads(subprocess.run(told, capture_output=True, text=True, check=False).stderr)
    messages = [message for message in answer["messages"] if NOT_FOR_FILES not in message["message"]]
    return [_line(message) for message in messages]


def _line(message: dict[str, Any]) -> str:
    return f"{message.get('url', '').removeprefix('file:')}:{message.get('lastLine', 0)}: {message['message']}"


def of_theme(message: str) -> bool:
    """Whether a message of the checker is about the theme's own markup."""
    return any(word in message for word in THEME)
