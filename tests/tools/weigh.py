"""`make weigh`: what the home page costs a reader, measured in a browser; Lighthouse on each kind, where npx is there.

The page has one open incident and 20 components. Everything is served compressed, from this machine.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import sites
from browsing import ARGUMENTS, build
from playwright.sync_api import sync_playwright

KILOBYTES, REQUESTS, FIRST = 45, 6, 14 * 1024
LIGHTHOUSE = "lighthouse@12"
KINDS = {
    "home": "",
    "incident": "incidents/2026-11-23-errors/",
    "component": "components/part-3/",
    "history": "history/",
    "subscribe": "subscribe/",
}


def make(folder: Path, url: str) -> Path:
    """A built site of 20 components in five groups, one of them in a major outage."""
    parts = "".join(
        f"    - {{id: part-{n}, name: Component {n}, group: Group {n % 5}, description: What it does}}\n"
        for n in range(20)
    )
    settings = sites.SETTINGS.partition("    - {{id: api")[0] + parts.replace("{", "{{").replace("}", "}}")
    incident = sites.API_ERRORS.replace("{api:", "{part-3:").replace("  message", "  next: 2h\n  message")
    past = sites.RESOLVED.replace("{website:", "{part-7:")
    site = sites.make(
        folder, {"2026-11-23-errors.md": incident, "2026-11-20-slow.yml": past}, url=url, settings=settings
    )
    return build(site / "mkdocs.yml", sites.NOW, folder / "site")


class _Compressed(SimpleHTTPRequestHandler):
    """As a real host answers: compressed, and cacheable for a while."""

    root: Path

    def do_GET(self) -> None:
        path = self.root / self.path.partition("?")[0].lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Cache-Control", "max-age=600")
        if path.suffix not in (".png", ".gz"):
            content = gzip.compress(content, 9)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Compressed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def weigh(address: str, html: bytes) -> list[tuple[str, str, str]]:
    """`(what, found, aim)` for the home page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_context(viewport={"width": 390, "height": 800}, timezone_id="Asia/Tokyo").new_page()
        page.add_init_script(
            "window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) shift += e.value })"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(address, wait_until="load")
        found = page.evaluate(
            "(() => { const end = performance.getEntriesByType('navigation')[0].loadEventStart;"
            "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            ".filter(e => e.startTime < end).map(e => [e.name, e.encodedBodySize]) })()"
        )
        page.wait_for_timeout(1500)
        shift = page.evaluate("shift")
        late = page.evaluate("performance.getEntriesByType('resource').some(e => e.name.includes('bundle'))")
        browser.close()
    for name, size in found:
        print(f"  {size / 1000:6.1f} KB  {name.removeprefix(address) or 'index.html'}")
    total = sum(size for _, size in found) / 1000
    foreign = [name for name, _ in found if not name.startswith((address, "data:"))]
    return [
        ("compressed, up to the load event", f"{total:.1f} KB", f"{KILOBYTES} KB"),
        ("requests, up to the load event", str(len(found)), str(REQUESTS)),
        ("requests to anybody else", str(len(foreign)), "0"),
        ("state readable after, uncompressed", f"{html.index(b'</h1>') / 1024:.1f} KB", f"{FIRST / 1024:.0f} KB"),
        ("the theme's bundle, after load", "fetched" if late else "missing", "fetched"),
        ("layout shift", f"{shift:.4f}", "0"),
    ]


def lighthouse(kind: str, address: str, folder: Path) -> list[tuple[str, str, str]]:
    """Lighthouse's four scores of a page for a telephone; none where it cannot be had."""
    npx = shutil.which("npx")
    if npx is None:
        return []
    out = folder / f"lighthouse-{kind}.json"
    flags = " ".join(["--headless", *ARGUMENTS, f"--user-data-dir={folder / 'profile'}"])
    told = ["--quiet", "--output=json", f"--output-path={out}", f"--chrome-flags={flags}"]
    subprocess.run(
        [npx, "--yes", LIGHTHOUSE, address, *told],
        env={**os.environ, "CHROME_PATH": shutil.which("chromium") or "", "npm_config_cache": str(folder / "npm")},
        check=False,
    )
    if not out.exists():
        return []
    report = json.loads(out.read_text())
    for audit in report["audits"].values():
        if audit["score"] is not None and audit["score"] < 1 and audit["scoreDisplayMode"] != "informative":
            print(f"  {audit['score']:.2f}  {audit['title']}  {audit.get('displayValue', '')}")
    scores = {name: f"{category['score'] * 100:.0f}" for name, category in report["categories"].items()}
    return [(f"Lighthouse, {kind}: {name}", score, "100") for name, score in scores.items()]


def main() -> None:
    with tempfile.TemporaryDirectory() as name, served() as address:
        folder = Path(name)
        site = make(folder / "s", address)
        _Compressed.root = site
        rows = weigh(address, (site / "index.html").read_bytes())
        for kind, path in KINDS.items():
            rows += lighthouse(kind, address + path, folder)
    print()
    for what, found, aim in rows:
        print(f"{what:<42} {found:>10}   aim {aim}")


if __name__ == "__main__":
    main()
