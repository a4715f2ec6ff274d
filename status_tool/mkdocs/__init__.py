"""The frame of every page, made by MkDocs or ProperDocs with Material or MaterialX. Only this folder knows them, and
`settings/mkdocs_yml.py` the keys of `mkdocs.yml`.

`pipeline.build` imports the three names below. Another site generator is another folder with the same three names.
The engine is loaded only when it has to run.
"""

from status_tool.mkdocs.background import HostPagesStep
from status_tool.mkdocs.engine import NAME, require_engine

__all__ = ["NAME", "HostPagesStep", "require_engine"]
