"""What a time zone is called on a page."""

from datetime import datetime


def zone_name(time: datetime) -> str:
    """`UTC`, `CEST`; `UTC+03:00` where the zone has no letters of its own."""
    name = time.tzname() or "UTC"
    if name[0] in "+-":
        offset = time.strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:5]}"
    return name
