"""The tables of modules in `docs/architecture.md`, from the docstring of each module: `make manual` writes them."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "status_tool"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- modules -->\n", "<!-- end of modules -->\n"
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
LAYERS = CONFIGURATION["importlinter"]["contracts"][0]["layers"]
FLOORS = [name for layer in LAYERS for name in layer.split(" | ") if (PROGRAM / name).is_dir()]
"""The folders of the program as import-linter has them, the highest floor first."""


def first_sentence(module: Path) -> str:
    """The first line of a module's docstring, without its full stop."""
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0].rstrip(".").replace("|", "\\|")


def homes() -> dict[str, str]:
    """Path of a module -> the library that it alone may import, as ruff's configuration says."""
    banned = CONFIGURATION["ruff"]["lint"]["flake8-tidy-imports"]
    rules = (re.fullmatch(r"(.+) has one home: (\S+)", rule["msg"]) for rule in banned["banned-api"].values())
    found: dict[str, str] = {}
    for rule in rules:
        if rule:
            found[rule[2]] = ", ".join(filter(None, [found.get(rule[2]), rule[1]]))
    return found


def _parts(floor: str) -> list[str]:
    """The folders inside a floor, such as `deploy/audit`; the commands have a page of their own."""
    parts = (path.parent.relative_to(PROGRAM).as_posix() for path in (PROGRAM / floor).glob("*/__init__.py"))
    return sorted(part for part in parts if part != "cli/commands")


def tables() -> str:
    """A table for each folder, the highest floor first."""
    home, lines = homes(), list[str]()
    for folder in [part for floor in FLOORS for part in (floor, *_parts(floor))]:
        modules = [module for module in sorted((PROGRAM / folder).glob("*.py")) if module.name != "__init__.py"]
        if modules:
            lines += [f"### {folder}/", "", "| module | answers | home of |", "| --- | --- | --- |"]
        for module in modules:
            library = home.get(module.relative_to(ROOT).as_posix(), "")
            lines.append(f"| `{module.name}` | {first_sentence(module)} | {library} |".replace("|  |", "| |"))
        lines += [""] * bool(modules)
    return "\n".join(lines)


def page() -> str:
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    return before + BEGIN + "\n" + tables() + "\n" + END + rest.partition(END)[2]


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
