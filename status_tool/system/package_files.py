"""Where templates, stylesheets and catalogues are: a file in the site's own folder replaces ours."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
"""The folder of the package `status_tool`."""
# In the wheel the folder is inside the package, in a checkout beside it.
OURS = next(path for path in (PACKAGE / "site_templates", PACKAGE.parent / "site_templates") if path.is_dir())


def files(own: Path, folder: str) -> dict[str, Path]:
    """Name -> path of every file in `folder`; a file in the site's `own` folder replaces ours of that name."""
    paths: dict[str, Path] = {}
    for root in (OURS / folder, own / folder):
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                paths[path.relative_to(root).as_posix()] = path
    return dict(sorted(paths.items()))
