"""Comments of a YAML text are found, and no `#` of a value is taken for one."""

from __future__ import annotations

from status_tool.text import yaml_comments, yaml_text

TEXT = """\
# above
title: a # behind
who: "it # is"  # quoted
url: x#y
contact: '#1'
message: |  # block
  # a heading
  text # too
plain: two
  lines#x # end
updates: # list
- at: x
# between
- {a: b, # flow
  c: d}
# below
"""


def test_each_comment_is_found_once_and_no_text() -> None:
    root, mistakes = yaml_text.read(TEXT)
    assert root is not None and not mistakes
    expected = ["above", "behind", "quoted", "block", "end", "list", "between", "flow", "below"]

    assert yaml_comments.of(TEXT, root) == [f"# {word}" for word in expected]
    windows = TEXT.replace("\n", "\r\n")
    root, _ = yaml_text.read(windows)
    assert root is not None
    assert yaml_comments.of(windows, root) == [f"# {word}" for word in expected]
