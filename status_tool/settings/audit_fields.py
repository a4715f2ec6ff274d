"""What the settings may say for `status audit`: one row for each key."""

from __future__ import annotations

from status_tool.model.dependencies import Dependencies
from status_tool.model.endpoint import Endpoint
from status_tool.settings.forms import Context, Field, items, read_line, read_lines
from status_tool.text.table import Form, Table
from status_tool.text.yaml_text import Mapping, Node, Sequence


def _read_endpoints(context: Context, node: Node, field: Field) -> tuple[Endpoint, ...]:
    endpoints: list[Endpoint] = []
    for item in items(context, node, field):
        line = read_line(context, item, field)
        try:
            endpoints += [Endpoint.of(line)] if line is not None else []
        except ValueError as error:
            context.add_problem(item, f'"{field.key}": {error}.', field.sample)
    return tuple(dict.fromkeys(endpoints))


def _read_names(context: Context, node: Node, field: Field) -> tuple[str, ...]:
    """One name, or a list of them."""
    if isinstance(node, Sequence):
        return read_lines(context, node, field)
    name = read_line(context, node, field)
    return (name,) if name else ()


def _read_services(context: Context, node: Node, field: Field) -> dict[str, tuple[str, ...]]:
    if not isinstance(node, Mapping):
        context.add_problem(node, f'"{field.key}" must say what each service is used for.', field.sample)
        return {}
    pairs = {use: value for use, (_, value) in node.pairs.items() if not value.is_null}
    named = {use: _read_names(context, value, field) for use, value in pairs.items()}
    return {use: names for use, names in named.items() if names}


DEPENDS_ON = Table[Context](
    '"depends_on"',
    (
        Field(
            "product",
            Form(_read_services),
            "What the product cannot run without.",
            "{forge: github.com, mail: smtp.example.org, login: Example Login}",
            when_absent="not known",
        ),
        Field(
            "page",
            Form(_read_services),
            "What this page cannot be published without.",
            "{forge: codeberg.org, mail: smtp.example.net}",
            when_absent="not known",
        ),
    ),
    allow_null=True,
)


def _read_dependencies(context: Context, node: Node, field: Field) -> Dependencies | None:
    values = DEPENDS_ON.read(context, node)
    return None if values is None else Dependencies(**values)


FIELDS = (
    Field(
        "monitors",
        Form(_read_endpoints),
        "The servers that this page reports on; `status audit` looks whether the page depends on them.",
        "[www.example.org, api.example.org]",
        default="[]",
    ),
    Field(
        "depends_on",
        Form(_read_dependencies),
        "Which services the product and this page cannot do without, for `status audit`.",
        "{product: {forge: github.com}, page: {forge: codeberg.org}}",
        when_absent="not known",
    ),
    Field(
        "offline_channels",
        Form(read_lines),
        "How people are reached when everything on the Internet is down, for `status audit`.",
        "[recorded message on +33 1 99 00 12 34, printed cards]",
        when_absent="not known",
    ),
)
