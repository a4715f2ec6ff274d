"""Where templates, stylesheets, catalogues and the manual are: a template in the site's own folder replaces ours."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
"""The folder of the package `status_tool`."""
# In the wheel the templates and the manual are inside the package, in a checkout beside it.
OURS = next(path for path in (PACKAGE / "site_templates", PACKAGE.parent / "site_templates") if path.is_dir())
_MANUAL = OURS.with_name("docs")
_HOME_PAGE = "index"
"""The page of the demo's home, which is no page of the manual."""


def files(own: Path, folder: str) -> dict[str, Path]:
    """Name -> path of every file in `folder`; a file in the site's `own` folder replaces ours of that name."""
    paths: dict[str, Path] = {}
    for root in (OURS / folder, own / folder):
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            # pip compiles every module that it installs, also one that is a template.
            if path.is_file() and not path.name.startswith(".") and path.parent.name != "__pycache__":
                paths[path.relative_to(root).as_posix()] = path
    return dict(sorted(paths.items()))


def manual() -> dict[str, Path]:
    """Name -> path of every page of the manual, such as `settings`."""
    return {path.stem: path for path in sorted(_MANUAL.glob("*.md")) if path.stem != _HOME_PAGE}
