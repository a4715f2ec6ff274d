"""Which relative links the texts of an incident file contain, and on which lines of the file."""

from __future__ import annotations

from collections.abc import Iterator

from status_tool.incident_files import fields, forms
from status_tool.incident_files.formats import FileParts
from status_tool.incident_files.forms import Context
from status_tool.model.link import Link
from status_tool.text import relative_links, yaml_text
from status_tool.text.table import Table
from status_tool.text.yaml_text import Mapping, Node, Scalar, Sequence


def find(text: str, parts: FileParts, record: Mapping) -> tuple[Link, ...]:
    """The links of the file with this `text`, whose `record` and post-mortem are valid; in the order of the file."""
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
