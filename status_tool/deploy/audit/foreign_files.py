"""Whether the pages need files of other hosts, and whether these share anything with the product (check 6)."""

from __future__ import annotations

from collections.abc import Iterator

from status_tool.deploy.audit.facts import Gap, Origins
from status_tool.deploy.audit.findings import Check, Finding, Verdict, listed
from status_tool.deploy.audit.independence import COMPARISONS, compare, shortened
from status_tool.deploy.audit.survey import Facts

_MEANING = "When that host is down or slow, the pages are incomplete; it also learns who reads them, and when."
_REMEDY = "Keep a copy of what they load in your docs folder, and name that; or remove it."
_NOT_BUILT = "What the pages load is not known before the site is built."


def judge(facts: Facts) -> Iterator[Finding]:
    if isinstance(facts.origins, Gap):
        what = f"Not known: {facts.origins.reason}."
        yield Finding(Check.ORIGINS, Verdict.UNKNOWN, what, _NOT_BUILT, "Run: status build")
        return
    origins = facts.origins
    for host, path in origins.loaded.items():
        yield from _of_host(host, path, facts)
    for host, path in origins.in_scripts.items():
        what = f"A script has the address of {host}, and no policy of the pages forbids to call it ({path})."
        yield Finding(Check.ORIGINS, Verdict.WARN, what, _MEANING, _REMEDY)
    if not origins.loaded and not origins.in_scripts:
        yield Finding(Check.ORIGINS, Verdict.OK, _summary(origins))


def _of_host(host: str, path: str, facts: Facts) -> Iterator[Finding]:
    """A warning; a failure if the host shares something with the product; or that this is not known."""
    server = facts.origin_servers.get(host)
    found = [
        compare(check, server, other, facts) for check in COMPARISONS for other in facts.product if server is not None
    ]
    if things := sorted({thing for shared in found for thing in shared.whole}):
        what = f"Pages load files from {host} ({path}), which shares {listed(things)} with the product."
        meaning = "The pages stay without these files, when they are needed most: styles, icons, or all that they show."
        yield Finding(Check.ORIGINS, Verdict.FAIL, what, meaning, _REMEDY)
        return
    yield Finding(Check.ORIGINS, Verdict.WARN, f"Pages load files from {host} ({path}).", _MEANING, _REMEDY)
    gaps = dict.fromkeys(gap for shared in found for gap in shared.gaps)
    if gaps or not found:
        reason = shortened(gaps) or "nothing to compare"
        what = f"Not known: whether {host} shares anything with the product ({reason})."
        yield Finding(Check.ORIGINS, Verdict.UNKNOWN, what, _MEANING, _REMEDY)


def _summary(origins: Origins) -> str:
    text = "The pages load nothing from other hosts."
    if origins.blocked:
        text += f" Their policy forbids the addresses that stand in scripts: {listed(origins.blocked)}."
    return text
