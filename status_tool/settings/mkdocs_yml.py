"""What a site's `mkdocs.yml` contains: `INHERIT` and `!ENV` are resolved as MkDocs does, without MkDocs.

No other module contains the names of MkDocs' own keys that we read.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from pathlib import Path

from status_tool.errors import Problem, StatusError
from status_tool.system import disk
from status_tool.text import conflict_markers, yaml_1_2, yaml_text
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence

FILE = "mkdocs.yml"
PAGES = ("docs_dir",)
"""The setting of the folder of the owner's own pages, as arguments of `Configuration.get`."""
THEME_FOLDER = ("theme", "custom_dir")
FAVICON = ("theme", "favicon")
SITE = ("site_dir",)
HOW_TO_MOVE_SITE = f"choose another folder: {SITE[0]} in {FILE}, or --site-dir."
HOW_TO_ADD_PAGES = f"Create it with at least one page, as git does not store empty folders; or correct {PAGES[0]}."
_DIRECTORY_URLS = "use_directory_urls"
NO_DIRECTORY_URLS = (f"{_DIRECTORY_URLS}: false is not supported: every page is a folder.", "Remove the line.")
_FALSE = ("false", "no", "off")
"""The texts that mean false in YAML 1.1, which MkDocs uses, in lower case."""


@dataclass(frozen=True)
class Configuration:
    """A `mkdocs.yml` and the files it inherits from."""

    files: tuple[tuple[Path, Mapping], ...]
    """Each file's path and root node: `mkdocs.yml` first, then its parent, and so on."""
    mistakes: tuple[Problem, ...]
    halves: tuple[Problem, ...] = ()
    """A character that is escaped as two halves, which MkDocs does not join, in each file that has one."""
    digest: str = ""
    """The SHA-256 of the text of all files as they were read, as 64 hexadecimal digits."""

    @property
    def is_current(self) -> bool:
        """Whether the files have the same content as when they were read."""
        try:
            return _digest(path.read_bytes() for path, _ in self.files) == self.digest
        except OSError:
            return False

    @cached_property
    def root(self) -> Mapping:
        """All files as one: mappings are merged key by key; any other value replaces the one of the parent file."""
        return reduce(_merged, (root for _, root in self.files))

    def get(self, *keys: str) -> Node | None:
        """The value at a path of keys such as `theme`, `language`; None when it is absent or empty."""
        node: Node | None = self.root
        for key in keys:
            node = node.get(key) if isinstance(node, Mapping) else None
        return node

    def problem(self, node: Node | None, what: str, hint: str = "") -> Problem:
        """The problem `what` at `node`, with the path of the file that contains it and the line."""
        file = self.files[0][0]
        if node is not None:
            file = next(
                (path for path, root in self.files if any(other is node for other in yaml_text.nodes(root))), file
            )
        return Problem(what, os.path.relpath(file), node.line if node else None, hint)


def read(file: Path) -> Configuration:
    """The configuration in `file`; StatusError when it or one it inherits from cannot be read at all."""
    files: list[tuple[Path, Mapping]] = []
    contents: list[bytes] = []
    mistakes: list[Problem] = []
    halves: list[Problem] = []
    while True:
        text = disk.read_text(file)
        if conflict := conflict_markers.problem(text, os.path.relpath(file)):
            raise StatusError.of([conflict])
        contents.append(text.encode("utf-8"))
        root, syntax_errors = _document(text)
        mistakes += [Problem(error.what, os.path.relpath(file), error.line, error.hint) for error in syntax_errors]
        halves += [Problem(_HALVES, os.path.relpath(file), line, _HOW_TO_JOIN) for line in _lines_of_halves(text, root)]
        files.append((file, root))
        parent = root.get("INHERIT")
        name = text_of(parent) if parent else None
        if not name:
            break
        if yaml_text.unwanted(name):
            mistakes.append(Configuration(tuple(files), ()).problem(parent, "INHERIT is not a file name.", _INHERIT))
            break
        file = (file.parent / name).absolute()
        if os.path.realpath(file) in [os.path.realpath(path) for path, _ in files]:
            what = "INHERIT is circular: this file inherits from itself."
            mistakes.append(Configuration(tuple(files), ()).problem(parent, what, _INHERIT))
            break
    return Configuration(tuple(files), tuple(mistakes), tuple(halves), _digest(contents))


_HALVES = "a character is escaped as two halves, which MkDocs cannot read."
_HOW_TO_JOIN = r"Write the character itself, or \U0001f525 for \ud83d\udd25."


def _lines_of_halves(text: str, root: Mapping) -> Iterator[int]:
    """The line of each text in double quotes that contains a character escaped as two halves."""
    for node in yaml_text.nodes(root) if yaml_1_2.has_half(text) else ():
        raw = text[node.begin : node.end]
        if raw.startswith('"') and yaml_1_2.joined(raw) != raw:
            yield node.line


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


def theme_of(configuration: Configuration) -> Node | None:
    """The node of the theme's name in `theme: material` or `theme: {name: material}`; None when it is absent."""
    return configuration.get("theme", "name") or configuration.get("theme")


def names(node: Node | None) -> list[str]:
    """The names in a list such as `plugins`, whose items are a name or a name with its options."""
    if isinstance(node, Mapping):
        return list(node.pairs)
    items = node.items if isinstance(node, Sequence) else ()
    names_by_item = ([item.text] if isinstance(item, Scalar) else list(getattr(item, "pairs", ())) for item in items)
    return [name for item_names in names_by_item for name in item_names]


def tags(configuration: Configuration) -> list[str]:
    """The tag of every node with one, of all files."""
    return [node.tag for _, root in configuration.files for node in yaml_text.nodes(root) if node.tag]


def keys(configuration: Configuration) -> list[str]:
    """Every key of every mapping, of all files."""
    nodes = (node for _, root in configuration.files for node in yaml_text.nodes(root) if isinstance(node, Mapping))
    return [key for node in nodes for key in node.pairs]


def environment(configuration: Configuration) -> list[str]:
    """The present value of each `!ENV`, of all files."""
    nodes = (node for _, root in configuration.files for node in yaml_text.nodes(root) if node.tag == "!ENV")
    return [text_of(node) or "" for node in nodes]


def unsupported(configuration: Configuration) -> list[tuple[str, str]]:
    """`(what, hint)` for each MkDocs setting with which our pages cannot be built."""
    node = configuration.get(_DIRECTORY_URLS)
    is_false = node is not None and (text_of(node) or "").lower() in _FALSE
    return [NO_DIRECTORY_URLS] if is_false else []


def _document(text: str) -> tuple[Mapping, list[yaml_text.Mistake]]:
    """The root mapping of `text`, empty if it has none; and the syntax errors."""
    root, mistakes = yaml_text.read(text)
    if isinstance(root, Mapping):
        return root, mistakes
    if not mistakes:
        what = "this is not an MkDocs configuration."
        mistakes = [yaml_text.Mistake(1, what, "Begin with: site_name: Example Status")]
    return Mapping({}, 1, 0, 0, False), mistakes


def _merged(child: Mapping, parent: Mapping) -> Mapping:
    pairs = dict(parent.pairs)
    for key, (key_node, value) in child.pairs.items():
        inherited = parent.pairs.get(key, (key_node, None))[1]
        both = isinstance(value, Mapping) and isinstance(inherited, Mapping)
        pairs[key] = (key_node, _merged(value, inherited) if both else value)  # type: ignore[arg-type]
    return replace(child, pairs=pairs)
