"""status init: creates a new status site, ready to push."""

from __future__ import annotations

import contextlib
import os
import shlex
from importlib import metadata
from pathlib import Path

import click

from status_tool import __version__
from status_tool.cli import terminal
from status_tool.errors import StatusError
from status_tool.mkdocs import default_theme
from status_tool.system import clock, package_files

_MAY_EXIST = ("README.md", ".gitignore")
"""Files that an existing repository may have; they are not changed."""
DISTRIBUTION = "incident-status"


@click.command(name="init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False, path_type=Path))
def command(folder: Path) -> None:
    """Create a new status site in DIR.

    It contains settings, a first incident file, a page about the site, and a workflow that publishes it.

    Example: status init my-status
    """
    now = clock.now()
    theme = default_theme()
    requirement = _requirement(theme)
    values = {"@today@": f"{now:%Y-%m-%d}", "@now@": clock.iso(now), "@requirement@": requirement, "@theme@": theme}
    files = {
        folder / _filled(name, values): _filled(path.read_text("utf-8"), values)
        for name, path in package_files.files(Path(os.devnull), "init").items()
    }
    unchanged = [path for path in files if path.name in _MAY_EXIST and path.is_file()]
    files = {path: text for path, text in files.items() if path not in unchanged}
    conflicts = sorted(path for path in files if path.exists() or path.is_symlink())
    if conflicts:
        raise StatusError(
            "already exists, so nothing was written.",
            ", ".join(map(str, conflicts)),
            hint="Choose another folder: status init my-status",
        )
    _write(files)
    terminal.say(
        f"Created a status site in {terminal.bold(folder)}:",
        *(f"  {path}" for path in files),
        *(f"  {path} already exists and is unchanged" for path in unchanged),
        "",
        "Next:",
        *([f"  cd {shlex.quote(str(folder))}"] if folder != Path() else []),
        "  edit mkdocs.yml: set the name, the address and your components",
        *(["  edit requirements.txt: set where CI installs this program from"] if requirement.startswith("#") else []),
        "  status serve                            preview the site on this machine",
        "  git init && git add . && git commit     then add a remote and push",
        '  status open "API errors" -c api=major_outage -m "We are looking into it."',
    )


def _write(files: dict[Path, str]) -> None:
    created: list[Path] = []
    for path, text in files.items():
        try:
            for folder in reversed(path.parents):
                if not folder.exists():
                    folder.mkdir()
                    created.append(folder)
            with path.open("x", encoding="utf-8") as file:
                created.append(path)
                file.write(text)
        except OSError as error:
            _remove(created)
            hint = "All new files were removed again. Check the free space and the permissions of the folder."
            raise StatusError(f"cannot be written: {error.strerror}.", path, hint=hint) from None


def _remove(created: list[Path]) -> None:
    for path in reversed(created):
        with contextlib.suppress(OSError):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()


def _filled(text: str, values: dict[str, str]) -> str:
    """`text` with its placeholders replaced; between slashes, a leading `dot.` becomes `.`, as in `dot.github/`."""
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    segments = text.split("/")
    return "/".join(name.replace("dot.", ".", 1) if name.startswith("dot.") else name for name in segments)


_WHEEL = f"{DISTRIBUTION.replace('-', '_')}-{__version__}-py3-none-any.whl"
_UNKNOWN_ORIGIN = """\
# The program that created this site was installed from a folder that CI cannot read.
# Write here where CI can install it from, for example
# {program} @ git+https://git.example.org/tools/{distribution}@0123abcd
# or the path of a wheel that you commit: ./{wheel}[{theme}]"""
"""A comment and no requirement: with the bare name, pip could install another project's package."""


def _requirement(theme: str) -> str:
    """The requirement for `requirements.txt`: this version, from where it was installed (PEP 610), with a theme."""
    import json

    program = f"{DISTRIBUTION}[{theme}]"
    unknown = _UNKNOWN_ORIGIN.format(program=program, distribution=DISTRIBUTION, wheel=_WHEEL, theme=theme)
    try:
        origin = json.loads(metadata.distribution(DISTRIBUTION).read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return unknown
    version_control = origin.get("vcs_info")
    if version_control:
        return f"{program} @ {version_control['vcs']}+{origin['url']}@{version_control['commit_id']}"
    if origin.get("url", "").startswith("https://"):
        return f"{program} @ {origin['url']}"
    return unknown if origin else f"{program}=={__version__}"
