"""status audit: whether the page shares anything with what it reports on, and whether readers find and trust it."""

from __future__ import annotations

import ipaddress
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from status_tool.cli import options, terminal
from status_tool.project import project
from status_tool.settings import kept_audit
from status_tool.system import clock

if TYPE_CHECKING:
    from status_tool.deploy.audit.findings import Check, Finding, Report, Verdict

_COLORS = {"fail": "red", "unknown": "magenta", "warn": "yellow", "ok": "green"}
_WORDS = {"fail": "FAIL", "unknown": "NOT KNOWN", "warn": "WARNING", "ok": "ok"}
_WIDTH = 100
_INDENT, _FURTHER = "    ", "      "


@click.command(name="audit")
@click.option(
    "--site-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The built site, whose files are read (default: site_dir in mkdocs.yml).",
)
@click.option(
    "--resolver", metavar="IP[:PORT]", help="Ask this DNS server, for example 9.9.9.9, instead of the machine's."
)
@click.option("--timeout", default="30s", show_default=True, metavar="DURATION", help="How long it may ask.")
@click.option("--strict", is_flag=True, help="The exit code is 1 also if something is not known.")
@click.option("--write", "is_kept", is_flag=True, help="Write audit.json, which the next build publishes.")
@options.json_option
def command(
    site_dir: Path | None, resolver: str | None, timeout: str, strict: bool, is_kept: bool, as_json: bool
) -> None:
    """Check that the page shares nothing with what it reports on.

    Compares the page and its copies with the product, which the settings name (monitors, homepage):
    domain, name servers, provider, network, certificates. Reads what the built pages load from other
    hosts, and what the settings say about services and channels. Looks whether the product's site leads
    to this one, and how old the published pages are. It asks DNS and these servers; only --write writes.

    The exit code is 1 if a check fails. What could not be found out is not in order either; with
    --strict, it is a failure too.

    Example: status audit --strict --write
    """
    server, port = _server(resolver)
    seconds = _seconds(timeout)
    site = project.load()
    settings = replace(site.settings, site=site_dir.absolute()) if site_dir else site.settings
    from status_tool.deploy.audit import audit

    if sys.stderr.isatty():
        click.echo(f"Asking DNS and servers, for {timeout} at most ...", err=True)
    report = audit.report(settings, site.now, seconds, server, port)
    if is_kept:
        path = kept_audit.write(settings, report.document())
    if as_json:
        terminal.say(json.dumps(report.document(), ensure_ascii=False, indent=2))
    else:
        terminal.say(*_lines(report))
        if is_kept:
            terminal.say(f"Wrote {site.shown(path)}. The next build publishes it; commit it, too.")
    counts = {verdict.value: count for verdict, count in report.counts.items()}
    if counts["fail"] or (strict and counts["unknown"]):
        raise click.exceptions.Exit(1)


def _server(text: str | None) -> tuple[str, int]:
    """The address and the port of a DNS server, from `9.9.9.9`, `127.0.0.1:5353` or `[::1]:5353`."""
    if text is None:
        return "", 53
    host, _, port = text.rpartition(":") if text.count(":") == 1 or "]:" in text else (text, "", "53")
    host = host.removeprefix("[").removesuffix("]")
    try:
        address, number = str(ipaddress.ip_address(host)), int(port)
    except ValueError:
        address, number = "", 0
    if not 0 < number < 65536:
        raise click.UsageError(f"--resolver {text}: write the address of a DNS server, as 9.9.9.9 or [::1]:5353.")
    return address, number


def _seconds(text: str) -> float:
    try:
        return clock.parse_duration(text).total_seconds()
    except ValueError as error:
        raise click.UsageError(f"--timeout: {error} Write, for example, 30s or 2m.") from None


# -- what is printed -------------------------------------------------------------------------------


def _lines(report: Report) -> Iterator[str]:
    from status_tool.deploy.audit.findings import Check, Verdict, listed

    width = min(shutil.get_terminal_size().columns, _WIDTH)
    page = ", ".join(report.places) or "a page without an address"
    yield from _wrapped(f"Page: {page}", width)
    yield from _wrapped(f"Product: {', '.join(report.monitors) or 'not named'}", width)
    for check in Check:
        yield ""
        yield from _of_check(check, report, width)
    yield ""
    if report.is_in_order:
        yield click.style(f"In order: all {len(Check)} checks.", fg="green", bold=True)
        return
    parts = [_counted(verdict, count) for verdict, count in report.counts.items() if count]
    yield click.style(f"Of {len(Check)} checks, {listed(parts)}.", bold=True)
    if unknown := [check.title for check in Check if report.verdict(check) is Verdict.UNKNOWN]:
        text = f"NOT KNOWN, and so not in order: {listed(unknown)}."
        yield from (click.style(line, fg=_COLORS["unknown"], bold=True) for line in _wrapped(text, width, further=""))
    yield "What each check means: status manual audit"


def _counted(verdict: Verdict, count: int) -> str:
    """`2 fail`, `1 is not known`"""
    words = {
        "fail": ("fails", "fail"),
        "unknown": ("is not known", "are not known"),
        "warn": ("has a warning", "have warnings"),
        "ok": ("is in order", "are in order"),
    }
    return f"{count} {words[verdict.value][count > 1]}"


def _of_check(check: Check, report: Report, width: int) -> Iterator[str]:
    verdict = report.verdict(check).value
    word = click.style(_WORDS[verdict], fg=_COLORS[verdict], bold=verdict != "ok")
    yield f"{check.number:2}  {click.style(check.title, bold=True)}: {word}"
    for found in report.of(check):
        yield from _of_finding(found, width)


def _of_finding(found: Finding, width: int) -> Iterator[str]:
    verdict = found.verdict.value
    lines = _wrapped(found.what, width, _INDENT, _INDENT)
    yield from (click.style(line, fg=_COLORS[verdict]) if verdict != "ok" else line for line in lines)
    perhaps = ", perhaps" if verdict == "unknown" else ""
    for label, text in ((f"In an outage{perhaps}: ", found.meaning), ("To do: ", found.remedy)):
        if text:
            yield from _wrapped(f"{label}{text}", width, _INDENT, _FURTHER)


def _wrapped(text: str, width: int, first: str = "", further: str = "  ") -> list[str]:
    """`text` in lines of `width`; an address is never cut."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=further, break_on_hyphens=False, break_long_words=False
    )
