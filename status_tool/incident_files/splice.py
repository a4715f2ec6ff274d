"""How the text of an incident file gets other values and updates, one by one; all its other text stays."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from status_tool.errors import StatusError
from status_tool.incident_files import fields, formats, parser
from status_tool.model.incident import Incident
from status_tool.model.update import Update
from status_tool.system import clock
from status_tool.text import yaml_splice, yaml_text
from status_tool.text.yaml_text import Sequence as List


class Source(Protocol):
    """Where the text of new parts comes from."""

    def lines_of(self, update: Update) -> str | None:
        """The lines of an update as an item of a block list in column 0; None if it has none."""

    def postmortem(self) -> str:
        """The text below the record."""


class Splice:
    """The text of a valid file, of which parts are replaced one by one."""

    def __init__(self, text: str, path: str, updates: Sequence[Update] = ()) -> None:
        self.text, self.path, self.updates = text, path, updates

    def to(self, before: Incident, expected: Incident, source: Source | None) -> str | None:
        """The text, which contains `before`, with the values of `expected`.

        The lines of its updates come from `source` where that has them.

        None when a part cannot be replaced.
        """
        try:
            for update in expected.updates:
                self._set_update(update, source)
            for at in {update.at for update in self.updates} - {update.at for update in expected.updates}:
                self._remove_update(at)
            self._set_record(before, expected)
            if before.postmortem != expected.postmortem:
                self._set_postmortem(source.postmortem() if source else f"{expected.postmortem}\n")
        except (StatusError, LookupError, StopIteration, AssertionError):
            return None
        return self.text

    def _record(self) -> tuple[yaml_text.Mapping, int]:
        return parser.record_of(self.text, self.path)

    def items(self) -> tuple[List, int]:
        record, begin = self._record()
        items = record.pairs["updates"][1]
        if not isinstance(items, List):
            raise LookupError(self.path)
        return items, begin

    def _times(self) -> list[datetime]:
        items, _ = self.items()
        return [_time_of(item) for item in items.items]

    def first_out_of_order(self) -> int | None:
        """The index of the first update that is not later than the one above it."""
        times = self._times()
        return next((index for index in range(1, len(times)) if times[index] <= times[index - 1]), None)

    def move_to_its_place(self, index: int) -> str:
        """Moves an update where its time belongs, or to the next free second if another one has that; says so."""
        items, begin = self.items()
        times = self._times()
        at = old = times.pop(index)
        while at in times:
            at += timedelta(seconds=1)
        item = items.items[index]
        written = item.pairs["at"][1] if isinstance(item, yaml_text.Mapping) else None
        lines = yaml_splice.item_text(self.text, begin, items, index)
        if at != old and isinstance(written, yaml_text.Scalar):
            lines = re.sub(
                rf"(\bat[\"']?\s*:\s*[\"']?){re.escape(written.text)}", rf"\g<1>{clock.iso(at)}", lines, count=1
            )
        self.text = yaml_splice.without_item_text(self.text, begin, items, index)
        items, begin = self.items()
        self.text = yaml_splice.with_item_text(self.text, begin, items, sum(time < at for time in times), lines)
        if at != old:
            return f"Another update has the time {clock.iso(old)}, so one of them got {clock.iso(at)}."
        return f"The update of {clock.iso(at)} was moved to its place in the order of time."

    def _set_update(self, update: Update, source: Source | None) -> None:
        old = next((known for known in self.updates if known.at == update.at), None)
        if old == update:
            return
        if old:
            self._change_update(old, update)
            return
        items, begin = self.items()
        index = sum(at < update.at for at in self._times())
        lines = source.lines_of(update) if source and not items.flow else None
        if lines is not None:
            self.text = yaml_splice.with_item_text(self.text, begin, items, index, lines)
        else:
            self.text = yaml_splice.with_new_item(self.text, begin, items, index, fields.UPDATE.write(update))

    def lines_of(self, update: Update) -> str | None:
        """The lines of this update as they are in the text; None if it has none, or not in lines of its own."""
        items, begin = self.items()
        if items.flow or update not in self.updates:
            return None
        return yaml_splice.item_text(self.text, begin, items, self._times().index(update.at))

    def _change_update(self, old: Update, new: Update) -> None:
        written, by_key = fields.UPDATE.write(new), fields.UPDATE.by_key
        for key, field in by_key.items():
            if getattr(old, field.name) == getattr(new, field.name):
                continue
            record, begin = self._record()
            node = parser.update_node(record, new.at)
            self._set_pair(begin, node, key, written.get(key), "message")

    def _remove_update(self, at: datetime) -> None:
        items, begin = self.items()
        self.text = yaml_splice.without_item(self.text, begin, items, self._times().index(at))

    def _set_record(self, before: Incident, expected: Incident) -> None:
        written = fields.RECORD.write(expected)
        for key, field in fields.RECORD.by_key.items():
            if key != "updates" and getattr(before, field.name) != getattr(expected, field.name):
                record, begin = self._record()
                self._set_pair(begin, record, key, written.get(key), "updates")

    def postmortem(self) -> str:
        """The text below the record, with the blank lines around it."""
        return formats.of(self.path).split(self.text, self.path).postmortem

    def _set_postmortem(self, text: str) -> None:
        head, old = self.text.removesuffix(self.postmortem()), self.postmortem()
        line_end = "\r\n" if "\r\n" in self.text else "\n"
        new = text.replace("\r\n", "\n").replace("\n", line_end)
        if old.strip("\r\n") and new.strip():
            new = old.replace(old.strip("\r\n"), new.strip("\r\n"))
        elif new.strip() and not head.endswith(("\n", "\r")):
            head += line_end
        self.text = head + new

    def _set_pair(self, begin: int, node: yaml_text.Mapping, key: str, value: object, before: str) -> None:
        if value is None:
            self.text = yaml_splice.without_pair(self.text, begin, node, key)
        else:
            self.text = yaml_splice.with_pair(self.text, begin, node, key, value, before)


def _time_of(item: yaml_text.Node) -> datetime:
    at = item.pairs["at"][1] if isinstance(item, yaml_text.Mapping) else None
    if not isinstance(at, yaml_text.Scalar):
        raise LookupError("at")
    return clock.parse_time(at.text)
