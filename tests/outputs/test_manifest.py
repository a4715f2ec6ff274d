"""The list of a site's files: what a build writes is read again, and nobody else's file is taken for ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status_tool.outputs import manifest
from status_tool.outputs.manifest import Manifest

paths = st.text("abé/\"' .", min_size=1).filter(lambda path: manifest.is_inside(path) and path != manifest.COMMIT)
digests = st.sampled_from(["", "0" * 64, "a1" * 32])
commits = st.sampled_from(["", "0a" * 20, f"{'0a' * 20}-dirty", "0a" * 32])


@given(st.dictionaries(paths, digests), commits)
def test_what_was_written_is_read(files: dict[str, str], commit: str) -> None:
    written = Manifest(files, commit)

    assert manifest.read(written.encoded()) == written
    assert written.is_whole == ("" not in files.values())


@pytest.mark.parametrize(
    "content",
    [
        b'{"name": "Their app", "icons": []}',
        b'{"commit": "their own"}',
        b'{"commit": 5}',
        b'{"a.html": "md5:0"}',
    ],
)
def test_the_manifest_of_another_program_is_not_ours(content: bytes) -> None:
    assert manifest.read(content).is_foreign


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"../up": ""}', b'{"a": 1}'])
def test_a_damaged_manifest_is_called_that(content: bytes) -> None:
    found = manifest.read(content)

    assert (found.is_damaged, found.is_foreign, dict(found.digests)) == (True, False, {})
