"""What stands in a site's `mkdocs.yml`: as MkDocs reads `INHERIT` and `!ENV`, without MkDocs.

The keys of MkDocs that matter to us are named here only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from pathlib import Path

from status_tool.errors import Problem
from status_tool.system import disk
from status_tool.text import yaml_text
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence

FILE = "mkdocs.yml"
PAGES = ("docs_dir",)
"""Where the folder of the owner's own pages is named; a path of keys, as for `Configuration.get`."""
THEME_FOLDER = ("theme", "custom_dir")
SITE = ("site_dir",)
HOW_TO_MOVE_SITE = f"choose another folder: {SITE[0]} in {FILE}, or --site-dir."
OTHER_PAGES = f"Create it, with a page in it so that git keeps it; or correct {PAGES[0]}."
_FOLDERS = "use_directory_urls"
NO_FOLDERS = (f"{_FOLDERS}: false is not supported, as every page here is a folder.", "Remove the line.")
_FALSE = ("false", "no", "off")
"""What YAML 1.1, in which MkDocs reads its settings, takes for false."""


@dataclass(frozen=True)
class Configuration:
    """A `mkdocs.yml` and the files it inherits from; the file itself comes first."""

    files: tuple[tuple[Path, Mapping], ...]
    mistakes: tuple[Problem, ...]
    digest: str = ""
    """SHA-256 of the text of all files as they were read."""

    @property
    def is_current(self) -> bool:
        """Whether its files still say what they said when they were read."""
        try:
            return _digest(path.read_bytes() for path, _ in self.files) == self.digest
        except OSError:
            return False

    @cached_property
    def root(self) -> Mapping:
        """All files as one: mappings are joined key by key, every other value of a later file gives way."""
        return reduce(_joined, (root for _, root in self.files))

    def get(self, *keys: str) -> Node | None:
        """The value at `theme`, `language`; None when it is absent or empty."""
        node: Node | None = self.root
        for key in keys:
            node = node.get(key) if isinstance(node, Mapping) else None
        return node

    def problem(self, node: Node | None, what: str, hint: str = "") -> Problem:
        """`what` is wrong with `node`, in whichever file it stands."""
        file = self.files[0][0]
        if node is not None:
            file = next((path for path, root in self.files if any(found is node for found in _all(root))), file)
        return Problem(what, os.path.relpath(file), node.line if node else None, hint)


def read(file: Path) -> Configuration:
    """The configuration in `file`; StatusError when it or one it inherits from cannot be read at all."""
    files: list[tuple[Path, Mapping]] = []
    contents: list[bytes] = []
    mistakes: list[Problem] = []
    while True:
        text = disk.read_text(file)
        contents.append(text.encode("utf-8"))
        root, wrong = _document(text)
        mistakes += [Problem(mistake.what, os.path.relpath(file), mistake.line, mistake.hint) for mistake in wrong]
        files.append((file, root))
        parent = root.get("INHERIT")
        name = text_of(parent) if parent else None
        if not name:
            break
        if yaml_text.unwanted(name):
            mistakes.append(Configuration(tuple(files), ()).problem(parent, "INHERIT names no file.", _INHERIT))
            break
        file = (file.parent / name).absolute()
        if os.path.realpath(file) in [os.path.realpath(known) for known, _ in files]:
            what = "INHERIT leads in a circle."
            mistakes.append(Configuration(tuple(files), ()).problem(parent, what, _INHERIT))
            break
    return Configuration(tuple(files), tuple(mistakes), _digest(contents))


def _digest(contents: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\x00".join(contents)).hexdigest()


_INHERIT = "Write, for example: INHERIT: ../base.yml"


def text_of(node: Node) -> str | None:
    """The text of a scalar, of `!ENV NAME` or of `!ENV [NAME, OTHER, default]`; None for anything else."""
    if node.tag == "!ENV":
        items = [node] if isinstance(node, Scalar) else node.items if isinstance(node, Sequence) else []
        texts = [item.text for item in items if isinstance(item, Scalar)]
        names, default = (texts[:-1], texts[-1]) if len(texts) > 1 else (texts, "")
        return next((os.environ[name] for name in names if name in os.environ), default)
    return node.text if isinstance(node, Scalar) and node.tag is None else None


def theme_of(found: Configuration) -> Node | None:
    """Where the theme is named, `theme: material` or `theme: {name: material}`; None when it is not."""
    return found.get("theme", "name") or found.get("theme")


def names(node: Node | None) -> list[str]:
    """The names in a list such as `plugins`, whose items are a name or a name with its options."""
    if isinstance(node, Mapping):
        return list(node.pairs)
    items = node.items if isinstance(node, Sequence) else ()
    found = ([item.text] if isinstance(item, Scalar) else list(getattr(item, "pairs", ())) for item in items)
    return [name for each in found for name in each]


def tags(found: Configuration) -> list[str]:
    """Every tag that stands in any of the files."""
    return [node.tag for _, root in found.files for node in _all(root) if node.tag]


def keys(found: Configuration) -> list[str]:
    """Every key that stands in any of the files."""
    nodes = (node for _, root in found.files for node in _all(root) if isinstance(node, Mapping))
    return [key for node in nodes for key in node.pairs]


def environment(found: Configuration) -> list[str]:
    """What each `!ENV` in any of the files means at present."""
    nodes = (node for _, root in found.files for node in _all(root) if node.tag == "!ENV")
    return [text_of(node) or "" for node in nodes]


def unsupported(found: Configuration) -> list[tuple[str, str]]:
    """`(what, how to put it right)` of each setting of MkDocs with which our pages cannot be built."""
    node = found.get(_FOLDERS)
    is_false = node is not None and (text_of(node) or "").lower() in _FALSE
    return [NO_FOLDERS] if is_false else []


def _document(text: str) -> tuple[Mapping, list[yaml_text.Mistake]]:
    root, mistakes = yaml_text.read(text)
    if isinstance(root, Mapping):
        return root, mistakes
    if not mistakes:
        mistakes = [yaml_text.Mistake(1, "this is no MkDocs configuration.", "Begin with: site_name: Example Status")]
    return Mapping({}, 1, 0, 0, False), mistakes


def _joined(child: Mapping, parent: Mapping) -> Mapping:
    pairs = dict(parent.pairs)
    for key, (at, value) in child.pairs.items():
        above = parent.pairs.get(key, (at, None))[1]
        both = isinstance(value, Mapping) and isinstance(above, Mapping)
        pairs[key] = (at, _joined(value, above) if both else value)  # type: ignore[arg-type]
    return replace(child, pairs=pairs)


def _all(root: Node) -> Iterator[Node]:
    """Every node below `root`, and itself; what an alias repeats comes once."""
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Mapping) and id(node.pairs) not in seen:
            seen.add(id(node.pairs))
            waiting += [part for pair in node.pairs.values() for part in pair]
        elif isinstance(node, Sequence) and id(node.items) not in seen:
            seen.add(id(node.items))
            waiting += node.items
