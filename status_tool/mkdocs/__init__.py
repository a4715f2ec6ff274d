"""The page around ours, made by MkDocs or ProperDocs with Material or MaterialX: all that knows them.

`pipeline.build` imports what is named here. A second frame is a second folder with the same three names. Nothing here
loads the engine before it has to run.
"""

from status_tool.mkdocs.background import HostPagesStep
from status_tool.mkdocs.engine import NAME, require_engine

__all__ = ["NAME", "HostPagesStep", "require_engine"]
