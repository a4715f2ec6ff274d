"""Which engine runs, MkDocs or ProperDocs, and whether it and the theme are installed."""

from __future__ import annotations

import importlib
import os
import sys
from importlib.util import find_spec

from status_tool.errors import StatusError
from status_tool.settings import mkdocs_yml
from status_tool.settings.settings import Settings

NAME = "MkDocs"
"""What messages call the engine, ProperDocs too."""
PACKAGES = {
    "material": ("mkdocs>=1.6.1,<2", "mkdocs-material>=9.6,<10"),
    "materialx": ("properdocs>=1.6.7,<2", "mkdocs-materialx>=10.2,<11"),
}
"""Theme -> what our extra of that name installs, the engine first."""
_THEME_GROUPS = ("mkdocs.themes", "properdocs.themes")
_ADVERTISEMENTS = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
"""Environment variables that stop the engines and themes from printing advertisements during a build."""


def require_engine() -> None:
    """StatusError when neither engine is installed."""
    if not (_is_installed("properdocs") or _is_installed("mkdocs")):
        what = "neither MkDocs nor ProperDocs is installed; a build needs one of them."
        raise StatusError(what, hint=_install("material"))


def require_theme(settings: Settings) -> None:
    """StatusError when the theme in the settings is not installed."""
    node = mkdocs_yml.theme_of(settings.configuration)
    name = mkdocs_yml.text_of(node) if node else None
    if name and name not in installed_themes():
        hint = _install(name) if name in PACKAGES else "Install the package it is in, or correct theme in mkdocs.yml."
        if (other := default_theme()) != name and other in installed_themes():
            hint += f"\nOr use the theme that is installed, with name: {other} below theme in mkdocs.yml."
        raise StatusError.of([settings.configuration.problem(node, f'the theme "{name}" is not installed.', hint)])


def default_theme() -> str:
    """The theme for a new site: the one that is installed, and Material where both are, or none."""
    return next((theme for theme in PACKAGES if theme in installed_themes()), "material")


def start() -> None:
    """Lets `import mkdocs` find the engine: the one that runs already, else ProperDocs, else MkDocs.

    Both themes install MkDocs, so an installed ProperDocs was installed on purpose. It then answers to both names.
    """
    for name, value in _ADVERTISEMENTS.items():
        os.environ.setdefault(name, value)
    require_engine()
    if "mkdocs" not in sys.modules and _is_installed("properdocs"):
        importlib.import_module("properdocs.replacement")


def _install(theme: str) -> str:
    return "Install both: pip install " + " ".join(f'"{package}"' for package in PACKAGES[theme])


def _is_installed(module: str) -> bool:
    return module in sys.modules or find_spec(module) is not None


def installed_themes() -> set[str]:
    """The names of the themes that installed packages bring."""
    from importlib import metadata  # 30 ms, only when the engine runs

    return {entry.name for group in _THEME_GROUPS for entry in metadata.entry_points(group=group)}
