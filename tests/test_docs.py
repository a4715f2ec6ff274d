"""The manual says what the program does: no command, key, template or module is missing, no link is dead."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import architecture_page
import commands_page
import pytest
from sites import inside

from status_tool import __version__
from status_tool.incident_files import fields, parser, template_parser
from status_tool.incident_files.update_files import FileText
from status_tool.model.channel import ChannelKind
from status_tool.notify.channels import CHANNELS
from status_tool.settings import channel_fields, settings, target_fields
from status_tool.settings import fields as settings_fields
from status_tool.system import package_files
from status_tool.text.table import Field

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md", ROOT / ".github" / "CONTRIBUTING.md"])
GENERATED = {"history/index.md", "subscribe/index.md"}
"""Pages of the site that are no files of the manual."""


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def keys(text: str) -> list[str]:
    """The first cell of every row of every table, where it is code."""
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def test_the_page_of_commands_is_what_help_prints() -> None:
    assert page("commands.md") == commands_page.page(), "run: make manual"


def test_every_field_of_an_incident_file_is_in_the_manual() -> None:
    tables = (fields.RECORD, fields.UPDATE, fields.WINDOW)

    assert keys(page("incident-file.md")) == [field.key for table in tables for field in table.fields]


def test_every_key_of_the_settings_is_in_the_manual() -> None:
    """Each with what holds when it is absent."""
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| [^|]+ \|$", page("settings.md"), re.MULTILINE)
    tables = (
        settings_fields.STATUS,
        target_fields.TARGET,
        channel_fields.CHANNEL,
        settings_fields.COMPONENT,
        settings_fields.ANNOUNCEMENT,
    )
    fields = [field for table in tables for field in table.fields]

    assert rows == [(field.key, when_absent(field)) for field in fields]


def when_absent(field: Field[Any]) -> str:
    return "required" if field.required else f"`{field.default}`" if field.default else field.when_absent


def test_every_template_is_in_the_manual() -> None:
    folders = [ROOT / "site_templates" / name for name in ("pages", "notify", "assets")]
    files = {f"{folder.name}/{path.name}" for folder in folders for path in folder.iterdir()}
    templates = ROOT / "site_templates"
    theme = {path.relative_to(templates).as_posix() for path in (templates / "theme").rglob("*.*")}

    assert {key for key in keys(page("looks.md")) if "/" in key} == files | theme | {"theme/"}


def test_every_message_template_and_its_keys_are_in_the_manual() -> None:
    text = page("templates.md")
    ours = [path.stem for path in (ROOT / "site_templates" / "messages").glob("*.md")]

    assert keys(text) == [field.key for field in template_parser.TEMPLATE.fields]
    assert sorted(re.findall(r"^\| ([a-z-]+) \| `\w+`:", text, re.MULTILINE)) == sorted(ours)


def test_the_example_of_a_template_is_right() -> None:
    (text,) = blocks(page("templates.md"), "markdown")

    assert template_parser.parse(text, "x.md", "x", ["api"]).names() == ("region", "detail", "next")


def test_the_modules_of_the_architecture_are_those_of_the_program() -> None:
    assert page("architecture.md") == architecture_page.page(), "run: make manual"


def test_every_folder_of_the_program_is_a_floor_of_the_architecture() -> None:
    folders = {path.parent.name for path in (ROOT / "status_tool").glob("*/__init__.py")}

    assert folders == set(architecture_page.FLOORS)
    assert all(f"| `{folder}/` |" in page("architecture.md") for folder in folders)


def test_every_colour_of_the_stylesheet_is_in_the_manual() -> None:
    css = (ROOT / "site_templates" / "assets" / "status.css").read_text()

    assert set(re.findall(r"(--st-\w+):", css)) == set(re.findall(r"`?(--st-\w+)`", page("looks.md")))


def test_every_page_of_the_manual_is_in_the_wheel() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    pages = [path.relative_to(ROOT).as_posix() for path in package_files.manual().values()]

    assert {name: path for name, path in wheel["force-include"].items() if name.startswith("docs/")} == {
        page: f"status_tool/{page}" for page in pages
    }


def test_the_changelog_has_this_version() -> None:
    assert f"\n## {__version__}\n" in page("changelog.md")


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_of_the_manual_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        name, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link) or name in GENERATED:
            continue
        target = path.parent / name if name else path
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            dead.append(link)

    assert dead == []


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_examples_of_incident_files_are_right() -> None:
    whole, alone = blocks(page("incident-file.md"), "markdown")
    late, planned, move, _comment = blocks(page("incident-file.md"), "yaml")

    assert parser.parse(whole, "x.md", components=["api", "website"]).postmortem
    file = FileText("x/20261123T145255Z.md", alone.replace("2021-10-04", "2026-11-23"))
    assert len(parser.parse(whole, "x.md", components=["api", "website"], files=[file]).updates) == 4
    assert parser.parse(f"title: x\nupdates:\n{late}", "x.yml", components=["api"]).first.posted
    assert parser.parse(planned, "x.yml", components=["api"]).scheduled
    assert parser.parse(planned + move, "x.yml").window != parser.parse(planned, "x.yml").window


def test_the_example_of_settings_is_right(tmp_path: Path) -> None:
    (text,) = blocks(page("settings.md"), "yaml")
    (tmp_path / "mkdocs.yml").write_text(text)
    with inside(tmp_path):
        found = settings.load(Path("mkdocs.yml"))

    assert found.component_ids == ("api", "website")


def test_the_readme_begins_with_the_two_commands() -> None:
    first = blocks((ROOT / "README.md").read_text("utf-8"), "console")[0]

    assert [line.split("#")[0].strip() for line in first.splitlines()] == ["$ make serve", "$ make test"]


def test_the_manual_says_of_each_channel_how_it_recognises_a_repeat() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", page("channels.md"), re.MULTILINE)

    assert rows == [(kind.value, driver.how) for kind, driver in CHANNELS.items()]
    assert set(CHANNELS) == set(ChannelKind)
