"""On which page of a forge a person writes a new file, and how its address says what is in that file already."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit


class Forge(StrEnum):
    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"
    FORGEJO = "forgejo"

    @property
    def title(self) -> str:  # type: ignore[override]
        """Its name as people write it."""
        return {"github": "GitHub", "gitlab": "GitLab", "gitea": "Gitea", "forgejo": "Forgejo"}[self.value]


HOSTS = {
    "github.com": Forge.GITHUB,
    "gitlab.com": Forge.GITLAB,
    "gitea.com": Forge.GITEA,
    "codeberg.org": Forge.FORGEJO,
}
"""Host -> forge, for those that are known by their name."""
MAX_ADDRESS = 7_500
"""Characters of an address that every forge reads: nginx, before most of them, takes 8 KiB."""


@dataclass(frozen=True)
class NewFilePage:
    """The page for new files of a repository on a forge."""

    forge: Forge
    url: str
    """The address of the repository, without a slash at its end."""
    branch: str = "main"
    folder: str = ""
    """The folder of the site in the repository, without slashes around it; empty at the top."""

    @property
    def address(self) -> str:
        """The address of the page for an empty file."""
        branch = quote(self.branch)
        if self.forge is Forge.GITHUB:
            return f"{self.url}/new/{branch}"
        if self.forge is Forge.GITLAB:
            return f"{self.url}/-/new/{branch}"
        return f"{self.url}/_new/{branch}/"

    @property
    def parameters(self) -> tuple[str, str]:
        """The parameters of the address that have the path of the file, and its text."""
        return ("file_name", "content") if self.forge is Forge.GITLAB else ("filename", "value")


def of_url(url: str) -> Forge | None:
    """The forge at an address; None when its host is not known by name."""
    return HOSTS.get((urlsplit(url).hostname or "").removeprefix("www."))
