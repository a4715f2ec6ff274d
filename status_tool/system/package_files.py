"""Where templates, stylesheets and catalogues lie: the site's own folder, then ours."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
"""The folder of the whole program."""
# In the wheel the folder lies inside the package, in a checkout beside it.
OURS = next(path for path in (PACKAGE / "site_templates", PACKAGE.parent / "site_templates") if path.is_dir())


def files(own: Path, folder: str) -> dict[str, Path]:
    """Name -> file of everything in `folder`; a file in the site's `own` templates comes before ours."""
    found: dict[str, Path] = {}
    for root in (OURS / folder, own / folder):
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                found[path.relative_to(root).as_posix()] = path
    return dict(sorted(found.items()))
