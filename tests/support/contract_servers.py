"""Services that somebody else wrote, on this machine: Mastodon's, Telegram's and Matrix' interfaces."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import environments
import hosts
import pytest

MASTODON_TOKEN = "mock_token"
TELEGRAM_TOKEN = "123456:AAtokenOfABot-x"
_TELEGRAM = "telegram-test-api@4.2.1"
_TELEGRAM_SERVER = """
const TelegramServer = require("telegram-test-api");
new TelegramServer({host: "127.0.0.1", port: Number(process.argv[1])}).start();
"""
_PACKAGES = environments.ROOT / ".venv" / "telegram"


@contextlib.contextmanager
def _running(command: Sequence[object], port: int, **more: Any) -> Iterator[str]:
    """The address of what `command` serves."""
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more
    )
    try:
        try:
            hosts.wait_for(port, 60)
        except AssertionError:
            pytest.skip(f"{command[0]} does not start here")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.kill()
        process.wait()


def asked(url: str, token: str = "", document: object = None, method: str | None = None) -> Any:
    """The JSON of an answer; with a `document`, to a POST."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    data = None if document is None else json.dumps(document).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=30) as answer:
        return json.loads(answer.read() or b"null")


@contextlib.contextmanager
def mastodon() -> Iterator[str]:
    port = hosts.free_port()
    programs = environments.made("mastodon", "mastodon_mock==0.6.1")
    with _running([programs / "mastodon_mock", "serve", "--in-memory", "--port", port], port, cwd=programs) as url:
        yield url


@contextlib.contextmanager
def telegram() -> Iterator[str]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("npm is not here")
    if not (_PACKAGES / "node_modules" / "telegram-test-api").is_dir():
        quick = ["--fetch-retries=0", "--fetch-timeout=20000", "--no-audit", "--no-fund"]
        command = [npm, "install", "--ignore-scripts", "--no-save", *quick, "--prefix", str(_PACKAGES), _TELEGRAM]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"npm cannot install it: {done.stderr.strip()[-200:]}")
    port = hosts.free_port()
    with _running([node, "-e", _TELEGRAM_SERVER, port], port, cwd=_PACKAGES) as url:
        yield url


@contextlib.contextmanager
def matrix(folder: Path) -> Iterator[str]:
    """Synapse, on which everybody may register."""
    programs = environments.made("synapse", "matrix-synapse")
    port, file = hosts.free_port(), folder / "homeserver.yaml"
    command = [programs / "python", "-m", "synapse.app.homeserver", "-c", file]
    made = [*command, "--generate-config", "-H", "localhost", "--report-stats", "no"]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    text = file.read_text().replace("port: 8008", f"port: {port}")
    file.write_text(f"{text}\nenable_registration: true\nenable_registration_without_verification: true\n")
    environment: Mapping[str, str] = {**os.environ, "SYNAPSE_CACHE_FACTOR": "0.1"}
    with _running(command, port, cwd=folder, env=environment) as url:
        yield url
