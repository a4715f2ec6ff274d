"""Every phrase of ours that readers see; `make catalogue` brings the `.po` files up to date with them."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "site_templates" / "locales"
KEYWORDS = {"gettext": None, "_": None, "ngettext": (1, 2), "N_": None}
# What Jinja2 looks up at run time: with its newstyle gettext, every % of a phrase is a %%.
JINJA = {"trimmed": "true", "extensions": "jinja2.ext.i18n", "newstyle_gettext": "true"}
OPTIONS = {"**.html": JINJA, "**.txt": JINJA}
TEMPLATES = [
    ("pages/**.html", "jinja2"),
    ("pages/**.txt", "jinja2"),
    ("notify/**.txt", "jinja2"),
    ("notify/**.html", "jinja2"),
]


def phrases() -> Catalog:
    """The phrases in the source and in the page templates."""
    catalogue = Catalog(charset="utf-8")
    for folder, methods in (("status_tool", [("**.py", "python")]), ("site_templates", TEMPLATES)):
        found = extract_from_dir(ROOT / folder, methods, OPTIONS, KEYWORDS, comment_tags=())
        for file, _line, message, _comments, context in found:
            catalogue.add(message, None, [(f"{folder}/{file}", None)], context=context)
    return catalogue


def existing(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, omit_header=False, include_lineno=False)
    return out.getvalue()


def main() -> None:
    for path in sorted(LOCALES.glob("*.po")):
        catalogue = existing(path)
        catalogue.update(phrases(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_bytes(written(catalogue))


if __name__ == "__main__":
    main()
