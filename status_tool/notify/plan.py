"""Whom the emergency plan on paper names: the contacts in a private file, which is read here and kept nowhere.

CSV with a header: `name`, `role`, `phone`, `mail`, `decides` (yes or empty), `calls` (names, separated by semicolons).
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from status_tool.errors import Problem, StatusError, did_you_mean
from status_tool.project import git
from status_tool.settings.settings import Settings
from status_tool.system import disk

COLUMNS = ("name", "role", "phone", "mail", "decides", "calls")
_EXAMPLE = "name,role,phone,mail,decides,calls\nAnn,Incident lead,+33199001234,ann@example.org,yes,Bob; Cem"


@dataclass(frozen=True)
class Contact:
    """Somebody in the plan; what is not known is empty."""

    name: str
    role: str
    phone: str
    mail: str
    decides: bool
    calls: tuple[str, ...]

    @property
    def number(self) -> str:
        """`+33199001234`: the telephone number without blanks, for a `tel:` link."""
        return re.sub(r"[^\d+]", "", self.phone)


def refuse_inside(settings: Settings, path: Path) -> None:
    """StatusError when contact data would be in the repository or the site, which others can read."""
    real = Path(os.path.realpath(path))
    repository = git.repository_of(settings.folder)
    for folder in filter(None, (repository, settings.folder, settings.site, settings.docs, settings.incidents)):
        if real.is_relative_to(os.path.realpath(folder)):
            hint = "Keep it elsewhere, for example in your home folder: ~/contacts.csv"
            raise StatusError("contact data may not be in the repository or the site.", path, hint=hint)


def read(file: Path) -> tuple[Contact, ...]:
    """The contacts in a file, in its order; StatusError with everything that is wrong in it."""
    text = disk.read_text(file).removeprefix("\ufeff")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise StatusError(f"not CSV: {error}.", file, hint=f"Write, for example:\n{_EXAMPLE}") from None
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    unknown = [name for name in header if name not in COLUMNS]
    if "name" not in header or unknown:
        what = f'unknown column "{unknown[0]}".' if unknown else "the first line has no column name."
        hint = did_you_mean(unknown[0], COLUMNS) if unknown else ""
        raise StatusError(what, file, 1, f"{hint} Write, for example:\n{_EXAMPLE}".strip())
    found: list[tuple[int, Contact]] = []
    problems: list[Problem] = []
    for line, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            contact = _contact(dict(zip(header, (cell.strip() for cell in row), strict=False)))
            problems += _problems(contact, len(row) > len(header), file, line)
            found.append((line, contact))
    names = [contact.name for _, contact in found]
    for line, contact in found:
        for name in contact.calls:
            if name not in names:
                hint = did_you_mean(name, names) or "Add a line for them, or correct the name."
                problems.append(
                    Problem(f'"{contact.name}" calls "{name}", who is not in the file.', str(file), line, hint)
                )
    if not found:
        problems.append(Problem("nobody is in the file.", str(file), hint=f"Write, for example:\n{_EXAMPLE}"))
    if problems:
        raise StatusError.of(problems)
    return tuple(contact for _, contact in found)


def _contact(values: dict[str, str]) -> Contact:
    calls = tuple(name for part in values.get("calls", "").split(";") if (name := part.strip()))
    decides = values.get("decides", "").lower() in ("yes", "y", "true", "1", "x", "oui", "ja", "sí")
    return Contact(
        values.get("name", ""), values.get("role", ""), values.get("phone", ""), values.get("mail", ""), decides, calls
    )


def _problems(contact: Contact, is_long: bool, file: Path, line: int) -> Iterator[Problem]:
    if is_long:
        yield Problem(
            "more values than columns.", str(file), line, 'Put a value with a comma into quotes: "Lead, nights"'
        )
    if not contact.name:
        yield Problem("nobody is named.", str(file), line, "Write a name in the column name.")
    if contact.phone and not _is_number(contact.phone):
        yield Problem(
            "this is no telephone number with + and the country code.", str(file), line, "Write +33 1 99 00 12 34."
        )
    if contact.mail and not re.fullmatch(r"[^@\s]+@[^@\s]+", contact.mail):
        yield Problem("this is no mail address.", str(file), line, "Write ann@example.org.")


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\+[1-9][\d ().-]{5,20}\d", text)) and 7 <= len(re.sub(r"\D", "", text)) <= 15


def missing(contacts: Sequence[Contact]) -> list[str]:
    """What the plan lacks, in words for its owner."""
    found = [] if any(contact.decides for contact in contacts) else ["nobody decides: write yes in the column decides"]
    called = {name for contact in contacts for name in contact.calls}
    found += [f"nobody calls {contact.name}" for contact in contacts[1:] if contact.name not in called]
    return found + [f"{contact.name} has no telephone number" for contact in contacts if not contact.phone]
