"""Which relative links the texts of an incident file contain, and on which lines of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from status_tool.incident_files import fields, formats, forms
from status_tool.incident_files.formats import FileParts
from status_tool.incident_files.forms import Context
from status_tool.incident_files.update_files import FileText
from status_tool.model.link import Link
from status_tool.text import relative_links, yaml_text
from status_tool.text.table import Table
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence


def find(text: str, parts: FileParts, record: Mapping, files: Iterable[FileText] = ()) -> tuple[Link, ...]:
    """The links of the file with this `text`, whose `record` and post-mortem are valid; then those of update files."""
    return (*_of_incident_file(text, parts, record), *(link for file in files for link in _of_update_file(file)))


def _of_update_file(file: FileText) -> Iterator[Link]:
    """The links of an update file, in the order of the file. What is above its message has none."""
    text = file.text.removeprefix("\ufeff")
    if relative_links.are_possible(text):
        has_front_matter = formats.has_front_matter(text)
        body = formats.of(file.path).split(text, file.path).postmortem if has_front_matter else text
        line = text.count("\n", 0, len(text) - len(body)) + 1
        name = "/".join(PurePath(file.path).parts[-2:])
        links = {
            Link(address, line + relative_links.line_of(address, body), name)
            for address in relative_links.addresses(yaml_text.tidy(body))
        }
        yield from sorted(links, key=lambda link: (link.line, link.address))


def _of_incident_file(text: str, parts: FileParts, record: Mapping) -> tuple[Link, ...]:
    if not relative_links.are_possible(text):
        return ()
    links = [link for scalar in _scalars(fields.RECORD, record) for link in _links(scalar, parts.record)]
    addresses = relative_links.addresses(yaml_text.tidy(parts.postmortem), is_postmortem=True)
    line = text.count("\n", 0, len(text) - len(parts.postmortem)) + 1
    links += [Link(address, line + relative_links.line_of(address, parts.postmortem)) for address in addresses]
    return tuple(sorted(set(links), key=lambda link: (link.line, link.address)))


def _links(scalar: Scalar, record: str) -> Iterator[Link]:
    """The links in one text, each on the line where it is, or where the text begins if it is written with escapes."""
    source = record[scalar.begin : scalar.end]
    for address in relative_links.addresses(yaml_text.tidy(scalar.text)):
        yield Link(address, scalar.line + relative_links.line_of(address, source))


def _scalars(table: Table[Context], record: Node) -> Iterator[Scalar]:
    """The Markdown texts of a record or of an update, in all languages."""
    if not isinstance(record, Mapping):
        return
    for key, (_, value) in record.pairs.items():
        form = table.by_key[key].form
        if form is forms.TEXT:
            yield from (node for node in _values(value) if isinstance(node, Scalar))
        elif form is fields.UPDATES and isinstance(value, Sequence):
            for item in value.items:
                yield from _scalars(fields.UPDATE, item)


def _values(node: Node) -> Iterator[Node]:
    if isinstance(node, Mapping):
        yield from (value for _, value in node.pairs.values())
    else:
        yield node
