"""The page of licences is complete: our own, the libraries at run time, and what the theme's scripts are made of."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import files, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PAGE = (ROOT / "docs" / "licences.md").read_text("utf-8")

SPDX = {
    "Apache Software License": "Apache-2.0",  # ghp-import, whose repository has that version
    "ISC License (ISCL)": "ISC",
    "BSD License": "BSD-3-Clause",  # Jinja2, whose metadata does not say which; its LICENSE.txt has three clauses
    "FreeBSD and LGPLv3+": "BSD-2-Clause OR LGPL-3.0-or-later",
    "MIT License": "MIT",
    "SIL OFL 1.1": "OFL-1.1",
}
"""What metadata say that has no SPDX expression yet."""


OTHER_PAIR = {"properdocs": "BSD-2-Clause", "mkdocs-materialx": "MIT"}
"""What the metadata of those say that cannot be installed beside the others; the test of pairs compares."""


def licence(library: str) -> str:
    """The licence of an installed library: its SPDX expression, else its licence field, else its classifiers."""
    found = metadata(library)
    fields = [*(found.get_all("License-Expression") or []), *(found.get_all("License") or [])]
    for text in fields:
        if text and text != "UNKNOWN" and "\n" not in text:  # a long one is the whole text of a licence
            return SPDX.get(text, text)
    names = [name.split(" :: ") for name in found.get_all("Classifier") or []]
    return " AND ".join(SPDX.get(name[-1], name[-1]) for name in names if name[0] == "License")


def test_the_program_states_its_own_licence() -> None:
    assert licence("incident-status") == "MIT"
    assert metadata("incident-status").get_all("License-File") == ["LICENSE"]
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License\n\nCopyright (c) 2026 the incident-status")


def test_every_library_stands_on_the_page_with_the_licence_its_metadata_state() -> None:
    extras = PROJECT["optional-dependencies"]
    named = [*PROJECT["dependencies"], *extras["material"], *extras["materialx"], *extras["rclone"]]
    libraries = [re.split(r"[^\w.-]", dependency)[0] for dependency in named]
    table = re.findall(r"^\| `([\w.-]+)` \| (.+) \|$", PAGE, re.MULTILINE)

    assert table == [(library, OTHER_PAIR.get(library) or licence(library)) for library in libraries]


def test_every_package_in_the_scripts_of_the_theme_stands_on_the_page() -> None:
    maps = [file for file in files("mkdocs-material") or [] if file.name.endswith((".js.map", ".css.map"))]
    sources = [source for file in maps for source in json.loads(file.read_text("utf-8"))["sources"]]
    packages = {name for source in sources for name in re.findall(r"node_modules/((?:@[^/]+/)?[^/]+)", source)}

    assert packages
    assert {name for name in packages if f"`{name}`" not in PAGE} == set()
