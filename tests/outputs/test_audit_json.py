"""audit.json: the site publishes the audit that it keeps, and never makes one."""

from __future__ import annotations

from pathlib import Path

import pytest
import sites

from status_tool.outputs import plan

AUDIT = '{"audited_at": "2026-11-23T14:00:00Z", "in_order": false}\n'


def test_the_kept_audit_is_published_as_it_is(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    (site / "audit.json").write_text(AUDIT)

    assert sites.files_of(sites.context_at(site))["audit.json"] == AUDIT.encode()
    assert plan.is_reserved("audit.json")


def test_a_site_without_one_has_none(tmp_path: Path) -> None:
    assert "audit.json" not in sites.files_of(sites.context_at(sites.make(tmp_path / "s")))


def test_a_site_as_it_was_before_the_audit_has_none(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    (site / "audit.json").write_text(AUDIT)

    assert "audit.json" not in sites.files_of(sites.context_at(site, "2026-11-23T13:59:59Z"))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"audited_at": "today"}', b'{"audited_at": 1}', b"<<<<<<< a"])
def test_what_is_no_audit_is_an_error_of_check_and_build(content: bytes, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s")
    (site / "audit.json").write_bytes(content)
    said = sites.status(site, "check")

    assert said.code == 1
    assert said.err == (
        "audit.json: this is no audit of this program.\nWrite it again: status audit --write. Or remove it.\n"
    )
