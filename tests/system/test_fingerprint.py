"""A changed program makes everything anew, whichever of its modules is another."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sites

from status_tool.system import package_files

ROOT = Path(__file__).parents[2]
MODULES = sorted(path.relative_to(package_files.PACKAGE) for path in package_files.PACKAGE.rglob("*.py"))


def copy_of_the_program(folder: Path) -> Path:
    for name in ("status_tool", "site_templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(program: Path, folder: Path, *words: str) -> str:
    """What Python prints in `folder`, with that copy of the program."""
    environment = {**os.environ, "PYTHONPATH": str(program), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, check=True, capture_output=True, text=True, env=environment
    ).stdout


def digests(program: Path, *changed: Path) -> list[str]:
    """`fingerprint.program()` of the copy as it is, and with a byte more in one of these files each time."""
    code = """
import sys
from pathlib import Path
from status_tool.system import fingerprint
assert fingerprint.package_files.PACKAGE == Path.cwd() / "status_tool"
print(fingerprint.program())
for path in map(Path, sys.argv[1:]):
    before = path.read_bytes()
    path.write_bytes(before + b"\\n")
    fingerprint.program.cache_clear()
    print(fingerprint.program())
    path.write_bytes(before)
"""
    return run(program, program, "-c", code, *map(str, changed)).split()


@pytest.mark.slow
def test_a_byte_more_in_any_module_or_template_is_another_program(tmp_path: Path) -> None:
    program = copy_of_the_program(tmp_path)
    changed = [Path("status_tool", module) for module in MODULES]
    changed += [Path("site_templates/pages/home.html"), Path("site_templates/locales/fr.po")]

    found = digests(program, *changed)

    assert len(set(found)) == len(changed) + 1


@pytest.mark.slow
def test_a_module_deep_in_a_folder_makes_the_pages_of_the_past_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", sites.EPOCH)
    program = copy_of_the_program(tmp_path / "program")
    site = sites.make(tmp_path / "s", {"2026-11-20-slow-website.yml": sites.RESOLVED})
    page = site / "site" / "incidents" / "2026-11-20-slow-website" / "index.html"

    def build() -> str:
        return run(program, site, "-m", "status_tool", "build", "-v")

    build()
    assert "MkDocs did not run" in build()
    assert "Resolved" in page.read_text()

    module = program / "status_tool" / "render" / "phrases.py"
    module.write_text(module.read_text().replace('N_("Resolved")', 'N_("Settled")'))

    assert "MkDocs ran: " in build()
    assert "Resolved" not in page.read_text()
    assert "Settled" in page.read_text()
