"""Which commit a site is built from."""

from __future__ import annotations

from status_tool.project import git
from status_tool.settings.settings import Settings


def of(settings: Settings) -> str:
    """The commit that is checked out, with `-dirty` where a source of the site has been changed since.

    Empty where the site is in no repository, or git cannot say.
    """
    if git.repository_of(settings.folder) is None:
        return ""
    sources = [*(path for path, _ in settings.configuration.files), *settings.sources]
    try:
        commit = git.read(settings.folder, "rev-parse", "--verify", "--quiet", "HEAD").decode("ascii").strip()
        is_changed = git.read(settings.folder, "status", "--porcelain", "--", *(str(path) for path in sources))
    except git.Refused:
        return ""
    return f"{commit}-dirty" if is_changed else commit
