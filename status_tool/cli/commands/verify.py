"""status verify: whether the public sees the site as it was built."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from status_tool.cli import terminal
from status_tool.errors import StatusError
from status_tool.project import project
from status_tool.project.project import Project
from status_tool.system import clock

if TYPE_CHECKING:
    from status_tool.deploy.verification import Address, Result
    from status_tool.deploy.verify import Expected, Look
    from status_tool.system.web import Web

SHOWN = 10
"""How many files that differ are listed on the terminal; --json lists all."""


@click.command(name="verify")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option(
    "--wait", "wait", metavar="DURATION", default="30s", help="How long to look again until it is right (default: 30s)."
)
@click.option(
    "--site-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder with the site that should be there (default: site_dir in mkdocs.yml).",
)
@click.option(
    "--allowed-signers",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Check the signature, too: the keys that may have made it, as ssh-keygen(1) describes the file.",
)
@click.option("--receipt", type=click.Path(dir_okay=False, path_type=Path), help="Write what was seen to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print what was seen as JSON.")
def command(
    targets: tuple[str, ...],
    wait: str,
    site_dir: Path | None,
    allowed_signers: Path | None,
    receipt: Path | None,
    as_json: bool,
) -> None:
    """Look from outside whether the public sees the site as it was built here.

    At each address, every file is compared with the manifest: OK, STALE (another build), DIFFERS (with the
    files), or DOWN. Looks at all targets and at site_url, or at the targets named; where no site is built here, at
    what is there. Exit code 1 when a target that is required is not OK. When the site itself is OK, the
    hubs of the setting websub are told.

    Example: status verify --wait 5m
    """
    from status_tool.deploy import verification
    from status_tool.system import web

    site = project.load()
    limit = _wait(wait)
    addresses = verification.addresses(site.settings, targets)
    expected = _expected(site, site_dir, allowed_signers)
    width = max(len(address.name) for address in addresses)
    lock = threading.Lock()

    def report(address: Address, look: Look) -> None:
        with lock:
            click.echo(f"{address.name.ljust(width)}  {look.verdict}: {look.what} Looking again …", err=True)

    connections = web.Web()
    results = verification.verify_all(addresses, expected, connections, limit, report)
    documents = [result.document() for result in results]
    for path in [receipt or site.settings.cache / "receipts" / "verify.json"]:
        _write(path, documents, is_asked_for=receipt is not None)
    if as_json:
        terminal.say(json.dumps(documents, ensure_ascii=False, indent=2))
    else:
        for result in results:
            terminal.say(*_lines(site, result, width))
        if expected.manifest is None:
            terminal.say("No site is built here, so what is there was compared with its own manifest only.")
        for target in site.settings.targets if not targets else ():
            if not target.url and not target.is_scratch:
                terminal.say(f"{target.name.ljust(width)}  Not looked at: it has no url: in mkdocs.yml.")
    _tell_hubs(site, results, connections)
    _refuse(results)


def _wait(text: str) -> timedelta:
    try:
        return timedelta(0) if text in ("0", "0s") else clock.parse_duration(text)
    except ValueError as error:
        raise click.UsageError(f"--wait: {error} Write, for example, --wait 5m.") from None


def _expected(site: Project, site_dir: Path | None, allowed_signers: Path | None) -> Expected:
    from status_tool.deploy import signature, snapshot
    from status_tool.deploy.verify import Expected
    from status_tool.outputs import manifest

    folder = site_dir or site.settings.site
    built = manifest.of_folder(folder)
    if site_dir and not built.digests:
        raise StatusError("no site is built here.", site_dir, hint="Build it: status build")
    if not built.digests and any((folder / name).exists() for name in (manifest.NAME, "index.html")):
        what = "the last build did not finish, so nobody knows what should be there."
        raise StatusError(what, site.settings.shown(folder), hint="Build it: status build")
    state = None
    if built.digests and (folder / snapshot.STATE).is_file():
        state = snapshot.read_state((folder / snapshot.STATE).read_bytes())
    check = signature.checker(allowed_signers) if allowed_signers else None
    if check is None and site.settings.allowed_signer:
        check = signature.checker_of_key(site.settings.allowed_signer)
    return Expected(built if built.digests else None, state, site.settings.stale_after, check)


def _lines(site: Project, result: Result, width: int) -> Iterator[str]:
    look, name = result.look, result.address.name.ljust(width)
    color = "green" if look.verdict == "OK" else "red"
    yield f"{name}  {click.style(look.verdict.value, fg=color)}: {look.what}  {result.address.url}"
    for finding in look.findings[:SHOWN]:
        yield f"{'':{width}}    {finding.path}: {finding.why}"
    if len(look.findings) > SHOWN:
        yield f"{'':{width}}    and {len(look.findings) - SHOWN} more: status verify --json"
    if result.age is not None and timedelta() <= result.age < timedelta(hours=1):
        yield f"{'':{width}}    Public {int(result.age.total_seconds())} s after it was built."
    if look.is_signed:
        yield f"{'':{width}}    Its signature is right."
    for note in look.notes:
        yield f"{'':{width}}    Note: {note}."


def _write(path: Path, documents: Sequence[object], *, is_asked_for: bool) -> None:
    """Writes the receipt; where nobody has asked for it, a file that cannot be written is no error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(documents, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        if is_asked_for:
            what = f"the receipt cannot be written: {error.strerror}."
            raise StatusError(what, path, hint="Choose another file.") from None


def _tell_hubs(site: Project, results: Sequence[Result], connections: Web) -> None:
    from status_tool.deploy import websub

    hubs, own = site.settings.hubs, site.settings.site_url
    feeds = next((r.look.feeds for r in results if r.address.url == own and r.look.verdict == "OK"), None)
    if not hubs or feeds is None:
        return
    told, failures = websub.ping(hubs, own, dict(feeds), site.settings.cache / "websub.json", connections)
    number = "1 feed" if told == 1 else f"{told} feeds"
    click.echo(f"Told {'the hub' if len(hubs) == 1 else 'the hubs'} of {number} that changed.", err=True)
    for failure in failures:
        click.echo(failure, err=True)


def _lacks_signature(look: Look) -> bool:
    """Whether nothing is wrong but the signature."""
    return look.is_signed is False and len(look.findings) == 1


def _refuse(results: Sequence[Result]) -> None:
    wrong = [result for result in results if result.address.required and result.look.verdict != "OK"]
    if wrong:
        names = ", ".join(result.address.name for result in wrong)
        hint = "Deploy again: status deploy; where files differ: status deploy --all\n"
        if all(_lacks_signature(result.look) for result in wrong):
            hint = "Sign it with the key whose public half is allowed: status deploy --sign KEY\n"
        hint += "Until it is right, tell readers the addresses that are OK."
        raise StatusError(f"The public does not see the site as it was built: {names}.", hint=hint)
