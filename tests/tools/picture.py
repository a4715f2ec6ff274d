"""`make picture`: the picture in the README, of the demo's home page as it is published."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from browsing import ARGUMENTS, build, served
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
SIZE = {"width": 1280, "height": 1180}
"""In pixels."""


def main(now: str, target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build(ROOT / "mkdocs.yml", now, Path(folder), is_replay=True)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_context(viewport=SIZE, timezone_id="UTC", color_scheme="light").new_page()  # type: ignore[arg-type]
        with served(Path(folder)) as address:
            page.goto(address, wait_until="networkidle")
            page.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
