"""`make test-clients`: programs written for Atlassian Statuspage read our files, unchanged.

The clients come from their registries into `.venv/clients`; those for Node only where npm is there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import sites
from moments import FILES, MOMENTS

from status_tool.system import clock

HERE = Path(__file__).parent
PLACE = HERE.parents[1] / ".venv" / "clients"
PYTHON = ("statuscheck==3.11.0", "whadup==0.2.0", "statuspage-prometheus-exporter==2.6.0")
NODE = ("statuspage.js@1.0.17", "statuspage.io@3.3.8")
EXPECTED = {
    "well": ["none", ["Database upgrade"], 3],
    "critical": ["critical", ["Who knows", "API errors", "Database upgrade"], 3],
    "working": ["minor", ["Who knows", "API errors", "Database upgrade"], 3],
    "after": ["none", [], 3],
}


def readers() -> list[list[str]]:
    """The commands that read an address with every client; installs them first."""
    python = PLACE / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PLACE)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PYTHON], check=True)
    found = [[str(python), str(HERE / "read.py")]]
    if shutil.which("npm"):
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", str(PLACE), *NODE], check=True)
        found.append(["env", f"NODE_PATH={PLACE / 'node_modules'}", "node", str(HERE / "read.js")])
    return found


def told(command: list[str], folder: Path) -> dict[str, list[object]]:
    """What the clients behind `command` make of the site in `folder`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        with tempfile.TemporaryDirectory() as elsewhere:  # one of them keeps what it read in the folder it stands in
            done = subprocess.run([*command, address], cwd=elsewhere, capture_output=True, text=True, check=True)
    finally:
        server.shutdown()
    found: dict[str, list[object]] = json.loads(done.stdout)
    return found


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> int:
    wrong = 0
    commands = readers()
    with tempfile.TemporaryDirectory() as name:
        site = sites.make(Path(name) / "s", FILES)
        for moment, now in MOMENTS.items():
            said = sites.status(site, "build", "--site-dir", moment, now=clock.parse_time(now))
            if said.code:
                raise SystemExit(said.err)
            for client, found in (pair for command in commands for pair in told(command, site / moment).items()):
                expected = list(EXPECTED[moment])
                if client == "exporter" and moment == "working":
                    expected[0] = "critical"  # it takes the impact of the worst incident for the whole
                print(f"{moment:<9} {client:<14} {'reads it' if found == expected else f'{found} != {expected}'}")
                wrong += found != expected
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
