"""What the Python clients make of the API at an address; run in an environment of their own.

Prints `{client: [indicator, names of what is open or planned, number of components]}` as JSON.
"""

from __future__ import annotations

import json
import sys


def statuscheck(address: str) -> list[object]:
    from statuscheck.services.bases._statuspageio import BaseStatusPageAPI

    class Ours(BaseStatusPageAPI):
        name = "ours"

        def _get_base_url(self) -> str:
            return f"{address}api/v2/"

    summary = Ours().get_summary()
    return [summary.status.code, [found.name for found in summary.incidents], len(summary.components)]


def whadup(address: str) -> list[object]:
    import whadup

    whadup.API_BASE_URL = f"{address}api/"
    summary = whadup.GithubStatus().summary()
    names = [found["name"] for found in summary["incidents"] + summary["scheduled_maintenances"]]
    return [summary["status"]["indicator"], names, len(summary["components"])]


def exporter(address: str) -> list[object]:
    from statuspage_prometheus_exporter.service_checker import check_service_status

    found = check_service_status("ours", {"name": "Ours", "url": f"{address}api/v2/summary.json"})
    if not found.get("success", True) or found.get("error"):
        raise AssertionError(found)
    names = [each["name"] for each in found.get("incident_metadata", []) + found.get("maintenance_metadata", [])]
    return [found.get("raw_status"), names, len(found.get("component_metadata", []))]


if __name__ == "__main__":
    told = {read.__name__: read(sys.argv[1]) for read in (statuscheck, whadup, exporter)}
    print(json.dumps(told))
