"""What an audit says: of each check, whether it is in order, what was found, what that means, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from status_tool.errors import visible
from status_tool.system import clock


class Verdict(StrEnum):
    """The worst is the first. Unknown comes before a warning, as anything may be behind it."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    WARN = "warn"
    OK = "ok"


class Check(Enum):
    """A check: its id in `audit.json`, and its title. The order is that of the report, numbered from 1."""

    DOMAIN = "domain", "Domain"
    NAME_SERVERS = "name_servers", "Name servers"
    PROVIDER = "provider", "Host or CDN"
    NETWORK = "network", "Network"
    CERTIFICATE = "certificate", "Certificates"
    ORIGINS = "origins", "Files from elsewhere"
    SERVICES = "services", "Shared services"
    OFFLINE = "offline_channels", "Without the Internet"
    COPIES = "copies", "Copies"
    LINK = "link", "Link from the product"
    HEARTBEAT = "heartbeat", "Heartbeat"

    def __init__(self, id: str, title: str) -> None:
        self.id, self.title = id, title

    @property
    def number(self) -> int:
        return list(Check).index(self) + 1


@dataclass(frozen=True)
class Finding:
    """What was found, what it means in an outage, and what to do; the latter two are empty when it is in order."""

    check: Check
    verdict: Verdict
    what: str
    meaning: str = ""
    remedy: str = ""

    def __post_init__(self) -> None:
        for name in ("what", "meaning", "remedy"):  # DNS and other servers may answer with anything
            object.__setattr__(self, name, visible(getattr(self, name)))


@dataclass(frozen=True)
class Report:
    """All findings of an audit, at least one for each check."""

    at: datetime
    places: Sequence[str]
    """The addresses of the page, its copies, and the hosts that it depends on."""
    monitors: Sequence[str]
    findings: Sequence[Finding]

    def of(self, check: Check) -> list[Finding]:
        """The findings of one check, the worst first."""
        order = list(Verdict)
        return sorted(
            (found for found in self.findings if found.check is check), key=lambda found: order.index(found.verdict)
        )

    def verdict(self, check: Check) -> Verdict:
        """The worst verdict of its findings; unknown when there is none."""
        return next((found.verdict for found in self.of(check)), Verdict.UNKNOWN)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many checks have each verdict."""
        counted = Counter(map(self.verdict, Check))
        return {verdict: counted[verdict] for verdict in Verdict}

    @property
    def is_in_order(self) -> bool:
        """Whether every check is ok: one that is not known is not in order."""
        return self.counts[Verdict.OK] == len(Check)

    def document(self) -> dict[str, object]:
        """What `audit.json` contains."""
        return {
            "audited_at": clock.iso(self.at),
            "in_order": self.is_in_order,
            "counts": {verdict.value: count for verdict, count in self.counts.items()},
            "page": list(self.places),
            "monitors": list(self.monitors),
            "checks": [
                {
                    "number": check.number,
                    "id": check.id,
                    "title": check.title,
                    "verdict": self.verdict(check).value,
                    "findings": list(map(_document, self.of(check))),
                }
                for check in Check
            ],
        }


def listed(words: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = list(words)
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _document(found: Finding) -> dict[str, str]:
    return {
        "verdict": found.verdict.value,
        "found": found.what,
        "in_an_outage": found.meaning,
        "to_do": found.remedy,
    }
