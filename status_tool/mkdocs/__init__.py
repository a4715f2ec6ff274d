"""The frame of every page, made by MkDocs or ProperDocs with Material or MaterialX. Only this folder knows them, and
`settings/mkdocs_yml.py` the keys of `mkdocs.yml`.

Others import the names below and nothing else. Another site generator is another folder with the same names.
The engine is loaded only when it has to run.
"""

from status_tool.mkdocs.background import HostPagesStep
from status_tool.mkdocs.engine import NAME, default_theme, require_engine

__all__ = ["NAME", "HostPagesStep", "default_theme", "require_engine"]
