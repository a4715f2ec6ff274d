"""How the manifest is signed with a key of ssh, and how its signature is checked."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from status_tool.errors import StatusError
from status_tool.outputs import manifest
from status_tool.system import temporary

NAMESPACE = "file"
"""What ssh-keygen(1) proposes for files."""


def sign(folder: Path, key: Path) -> None:
    """Writes the signature of the manifest in `folder` beside it; ssh-keygen may ask for the passphrase of `key`.

    `key` is a private key, or a public one whose private key an agent has. StatusError when it cannot be used.
    """
    if not key.is_file():
        hint = "Name a key of ssh, for example: status deploy --sign ~/.ssh/id_ed25519"
        raise StatusError("this key does not exist.", key, hint=hint)
    signature = folder / manifest.SIGNATURE
    signature.unlink(missing_ok=True)
    command = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE, str(folder / manifest.NAME)]
    try:
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    except OSError as error:
        raise StatusError(f"ssh-keygen cannot be run: {error.strerror}.", hint="Install OpenSSH.") from None
    if done.returncode or not signature.is_file():
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        hint = "Name a private key, or the public key of one that is in the agent: ssh-add"
        raise StatusError(f"it cannot be signed: {said[-1] if said else 'ssh-keygen failed'}", key, hint=hint)


def checker_of_key(allowed_signer: str) -> Callable[[bytes, bytes], str]:
    """As `checker`, for the one line `allowed_signer`."""

    def check(content: bytes, signature: bytes) -> str:
        with temporary.folder("status-signature-") as folder:
            file = folder / "signing_key"
            file.write_text(f"{allowed_signer}\n", "utf-8")
            return checker(file)(content, signature)

    return check


def checker(allowed: Path) -> Callable[[bytes, bytes], str]:
    """`(manifest, signature)` -> why it is not signed by one of the keys in the file `allowed`; empty when it is."""
    if not allowed.is_file():
        hint = "It has a line for each key: status@example.org ssh-ed25519 AAAA…"
        raise StatusError("this file does not exist.", allowed, hint=hint)

    def check(content: bytes, signature: bytes) -> str:
        with temporary.folder("status-signature-") as folder:
            file = folder / manifest.SIGNATURE
            file.write_bytes(signature)
            found = _ssh_keygen("find-principals", "-s", str(file), "-f", str(allowed))
            principal = next(iter(found.stdout.decode("utf-8", "replace").splitlines()), "")
            if found.returncode or not principal:
                return f"no key in {allowed.name} has made it"
            command = ("verify", "-f", str(allowed), "-I", principal, "-n", NAMESPACE, "-s", str(file))
            verified = _ssh_keygen(*command, stdin=content)
            return "" if verified.returncode == 0 else f"it does not fit {manifest.NAME}"

    return check


def _ssh_keygen(*args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["ssh-keygen", "-Y", *args], input=stdin, capture_output=True, check=False)
    except OSError as error:
        raise StatusError(f"ssh-keygen cannot be run: {error.strerror}.", hint="Install OpenSSH.") from None
