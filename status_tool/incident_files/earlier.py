"""Whether one text of an incident file became another only because updates were added at the end of its list."""

from __future__ import annotations

from dataclasses import dataclass

from status_tool.incident_files import parser
from status_tool.text.yaml_text import Sequence


@dataclass(frozen=True)
class LaterText:
    """The text of a valid file, and where its updates begin."""

    text: str
    begins: tuple[int, ...]
    """The offsets of the lines on which updates begin, without the first; none if the list is in brackets."""
    end: int
    """The offset of the line after the last update."""

    @classmethod
    def of(cls, text: str, path: str) -> LaterText:
        record, begin = parser.record_of(text, path)
        updates = record.get("updates")
        if not isinstance(updates, Sequence) or updates.flow:
            return cls(text, (), 0)
        last_line = text.find("\n", len(text[: begin + updates.end].rstrip()))  # the blank lines below may be older
        end = last_line + 1 or len(text)
        return cls(text, tuple(_line_begin(text, begin + item.begin) for item in updates.items[1:]), end)

    def has_all_of(self, earlier: str) -> bool:
        """Whether `earlier` is this text without some of its last updates: then each of its updates is unchanged."""
        begin = self.end - (len(self.text) - len(earlier))
        return begin in self.begins and earlier == self.text[:begin] + self.text[self.end :]


def _line_begin(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1
