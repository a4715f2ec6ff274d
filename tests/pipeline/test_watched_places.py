"""What is watched: the real folders, and each link on the way to them; loops are left."""

from __future__ import annotations

from pathlib import Path

from status_tool.pipeline import watched_places
from status_tool.system import fingerprint


def test_each_link_on_the_way_is_an_entry_and_its_end_a_tree(tmp_path: Path) -> None:
    (tmp_path / "srv" / "1" / "docs").mkdir(parents=True)
    (tmp_path / "srv" / "now").symlink_to("1")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "docs").symlink_to("../srv/now/docs")
    (tmp_path / "page.md").touch()
    (tmp_path / "srv" / "1" / "docs" / "a.md").symlink_to(tmp_path / "page.md")
    missing = tmp_path / "site" / "templates" / "pages"
    places = watched_places.of([tmp_path / "site" / "docs", missing])

    assert places.trees == {tmp_path / "srv" / "1" / "docs"}
    assert places.entries == {
        tmp_path / "site": {"docs", "templates"},
        tmp_path / "srv": {"now"},
        tmp_path / "srv" / "1": {"docs"},
        tmp_path: {"page.md"},
    }


def test_links_that_lead_back_are_no_trees(tmp_path: Path) -> None:
    for folder, other in (("a", "b"), ("b", "a")):
        (tmp_path / "docs" / folder).mkdir(parents=True)
        for name in ("x", "y"):
            (tmp_path / "docs" / folder / name).symlink_to(f"../{other}")
    (tmp_path / "docs" / "above").symlink_to("..")
    (tmp_path / "docs" / "self").symlink_to("self")

    assert watched_places.of([tmp_path / "docs"]).trees == {tmp_path / "docs"}
    assert list(fingerprint.files(tmp_path / "docs", ".md")) == []  # two links in each would be 2 ** 40 paths
