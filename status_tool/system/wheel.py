"""How the running program becomes a wheel again, from which other machines install what runs here."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.metadata import Distribution
from pathlib import Path

from status_tool import __version__
from status_tool.errors import StatusError
from status_tool.system import package_files

DISTRIBUTION = "incident-status"
_METADATA = {"METADATA", "WHEEL", "entry_points.txt"}
"""What a wheel's `.dist-info` contains, beside `RECORD` and `licenses/`; an installer adds files of its own."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can state: the bytes of the wheel do not depend on when it is made."""


@dataclass(frozen=True)
class Wheel:
    """A file in the wheel format, version 1.0."""

    name: str
    """`incident_status-0.1.0-py3-none-any.whl`"""
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, as 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


def of_this_program() -> Wheel:
    """A wheel of the running program, whether it was installed from a wheel or is a checkout installed in place.

    The same program gives the same bytes. StatusError when the program is not installed, or cannot be read.
    """
    distribution = _distribution()
    try:
        metadata_files = dict(_dist_info(distribution))
        if len(metadata_files) < len(_METADATA):
            raise StatusError("the installed program lacks its metadata.", hint=_REINSTALL)
        return _packed(distribution.version, {**dict(_program()), **metadata_files})
    except OSError as error:
        raise StatusError(f"cannot be read: {error.strerror}.", error.filename or "", hint=_REINSTALL) from None


_REINSTALL = "Install the program again, as its README says."


def _distribution() -> Distribution:
    try:
        found = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        what = "this program runs without being installed, so it cannot be put into the new site."
        raise StatusError(what, hint=_REINSTALL) from None
    if found.version != __version__:
        what = f"version {found.version} of this program is installed, but {__version__} is running."
        raise StatusError(what, hint=_REINSTALL)
    return found


def _program() -> Iterator[tuple[str, bytes]]:
    """`(name in the wheel, content)` of the modules, the templates and the manual."""
    package = package_files.PACKAGE
    for module in package.rglob("*.py"):
        yield f"{package.name}/{module.relative_to(package).as_posix()}", module.read_bytes()
    for name, template in package_files.files(Path(os.devnull), "").items():
        yield f"{package.name}/{package_files.OURS.name}/{name}", template.read_bytes()
    for page in package_files.manual().values():
        yield f"{package.name}/{page.parent.name}/{page.name}", page.read_bytes()


def _dist_info(distribution: Distribution) -> Iterator[tuple[str, bytes]]:
    """`(name in the wheel, content)` of the metadata; the list of an installed program's files is also its own."""
    for file in distribution.files or ():
        folder, *parts = file.parts
        if folder.endswith(".dist-info") and (parts[0] == "licenses" or "/".join(parts) in _METADATA):
            yield file.as_posix(), file.read_binary()


def _packed(version: str, files: dict[str, bytes]) -> Wheel:
    stem = f"{DISTRIBUTION.replace('-', '_')}-{version}"
    record = f"{stem}.dist-info/RECORD"
    lines = [f"{name},sha256={_digest(content)},{len(content)}\n" for name, content in sorted(files.items())]
    entries = [*sorted(files.items()), (record, "".join([*lines, f"{record},,\n"]).encode())]
    packed = io.BytesIO()
    # Stored, not compressed: git compresses it itself, and the bytes do not depend on the version of zlib.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in entries:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return Wheel(f"{stem}-py3-none-any.whl", packed.getvalue())


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode("ascii")
