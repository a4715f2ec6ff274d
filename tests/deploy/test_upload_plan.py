"""Whenever an upload is killed, every link on the host leads to a page; and the next one repairs what it left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from status_tool.deploy import upload_plan
from status_tool.outputs.manifest import Manifest

NAMES = ("index.html", "a/index.html", "b/index.html", "c/index.html", "c/feed.atom", "x.css", "y.png")
Site = dict[str, tuple[int, frozenset[str]]]
"""Path -> a number that stands for the content, and the files to which it leads."""


@st.composite
def sites(draw: st.DrawFn) -> Site:
    paths = ["index.html", *draw(st.lists(st.sampled_from(NAMES[1:]), unique=True))]
    leads = st.frozensets(st.sampled_from(paths))
    return {path: (draw(st.integers(0, 2)), draw(leads) if path.endswith(".html") else frozenset()) for path in paths}


def manifest_of(site: Site) -> Manifest:
    return Manifest({path: f"{content}{sorted(leads)}" for path, (content, leads) in site.items()})


def steps(new: Site, host: Site, there: Manifest) -> tuple[list[tuple[str, Site, list[str]]], Manifest]:
    """`(what, files written, files deleted)` in the order of the plan, and what the host says meanwhile."""
    plan = upload_plan.of(manifest_of(new), there)
    bare = {path: (new[path][0], new[path][1] - plan.absent) for path in plan.new_pages}
    gone = frozenset(plan.gone)
    lonely = {path: (content, leads - gone) for path, (content, leads) in host.items() if path in gone}
    groups = [plan.first, bare, plan.new_documents, plan.last, plan.home]
    written = [group if isinstance(group, dict) else {path: new[path] for path in group} for group in groups]
    return [
        *(("write", files, []) for files in written),
        ("write", lonely, []),
        ("delete", {}, list(gone)),
    ], plan.before


@given(sites(), sites(), st.data())
def test_whenever_it_is_killed_no_link_is_dead_and_the_next_one_repairs(
    old: Site, new: Site, data: st.DataObject
) -> None:
    host, there = dict(old), manifest_of(old)
    for attempt in range(data.draw(st.integers(1, 3))):
        groups, before = steps(new, host, there)
        there = before
        ends_after = data.draw(st.integers(0, 30)) if attempt < 2 else 1000
        for what, files, gone in groups:
            for path in data.draw(st.permutations([*files, *gone])):
                if ends_after == 0:
                    break
                ends_after -= 1
                if what == "delete":
                    host.pop(path, None)
                else:
                    host[path] = files[path]
                dead = {(page, link) for page, (_, leads) in host.items() for link in leads if link not in host}
                assert dead == set()
    groups, _ = steps(new, host, there)
    for _, files, gone in groups:
        host |= files
        for path in gone:
            host.pop(path, None)

    assert host == new


@given(sites())
def test_the_first_upload_ends_with_the_home_page(new: Site) -> None:
    plan = upload_plan.of(manifest_of(new), Manifest())

    assert (plan.home, plan.gone, plan.same) == (("index.html",), (), ())
    assert {*plan.first, *plan.last, *plan.home} == set(new)


@given(sites())
def test_what_is_there_is_uploaded_again_only_on_request(new: Site) -> None:
    assert upload_plan.of(manifest_of(new), manifest_of(new)).changed == 0
    assert upload_plan.of(manifest_of(new), manifest_of(new), renew=True).changed == len(new)
