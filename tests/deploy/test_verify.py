"""`status verify`: the right word for everything that can be wrong with what the public sees."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import channel_stub
import hosts
import pytest
import tls_server
from channel_stub import Reply
from hosts import PAGES, Host
from sites import Said, status

from status_tool.deploy import verify
from status_tool.deploy.verify import Expected, Finding, Verdict
from status_tool.outputs.manifest import Manifest
from status_tool.system import clock
from status_tool.system.web import Web

ANY = Expected(None, None, timedelta(days=3_650))
"""Any site of ours."""


def seen(tmp_path: Path, host: Host, *args: str, more: str = "") -> tuple[Said, dict[str, object]]:
    """What `status verify` says of `host`, on which the site is that is built here."""
    with hosts.served(host):
        target = f"{{name: web, kind: rclone, path: x, url: '{host.url}'}}"
        site = hosts.make(tmp_path / "v", target, more=more)
        hosts.build(site)
        said = status(site, "verify", "web", "--wait", "0", "--json", *args)
    return said, json.loads(said.out)[0] if said.out else {}


@pytest.fixture
def www(tmp_path: Path) -> Path:
    """A folder with the site that `seen` expects."""
    return hosts.build(hosts.make(tmp_path / "s"))


def test_a_whole_site_is_ok_and_there_is_a_receipt(www: Path, tmp_path: Path) -> None:
    said, found = seen(tmp_path, Host(www), "--receipt", str(tmp_path / "receipt.json"))

    assert (said.code, said.err) == (0, "")
    assert found == {
        "target": "web",
        "url": found["url"],
        "required": True,
        "verdict": "OK",
        "what": "5 files are as they were built.",
        "at": "2026-11-23T14:05:00Z",
        "written": "2026-11-23T14:05:00Z",
        "seconds_to_public": 0,
        "files": 5,
        "differs": [],
        "notes": [],
        "certificate_days": None,
        "signed": None,
    }
    assert json.loads((tmp_path / "receipt.json").read_text()) == json.loads(said.out)


def interrupted(www: Path) -> None:
    digests = json.loads((www / "manifest.json").read_text())
    (www / "manifest.json").write_bytes(Manifest({**digests, "index.html": ""}).encoded())


HERE = "and the one here at 2026-11-23T14:05:00Z."
OTHER = "manifest.json is not that of a status site."


@pytest.mark.parametrize(
    ("harm", "verdict", "what"),
    [
        (
            lambda www: hosts.build(www.parent, written=hosts.later(-9)),
            "STALE",
            f"Another build is there: built at 2026-11-23T13:56:00Z, {HERE}",
        ),
        (
            lambda www: hosts.build(www.parent, written=hosts.later(9)),
            "STALE",
            f"Another build is there: built at 2026-11-23T14:14:00Z, {HERE}",
        ),
        (interrupted, "STALE", "A deployment is under way, or was interrupted."),
        (lambda www: (www / "manifest.json").unlink(), "DOWN", "The host answers 404 for manifest.json."),
        (lambda www: (www / "manifest.json").write_text("<html>parked"), "DOWN", OTHER),
        (lambda www: (www / "manifest.json").write_text('{"name": "app"}'), "DOWN", OTHER),
        (lambda www: (www / "feed.atom").write_text("<half"), "DIFFERS", "feed.atom: has other content (5 bytes)"),
        (lambda www: (www / "style.css").write_text("body []"), "DIFFERS", "style.css: has other content (7 bytes)"),
        (lambda www: (www / "style.css").unlink(), "DIFFERS", "style.css: the host answers 404"),
    ],
)
def test_every_kind_of_harm_has_its_word(
    harm: Callable[[Path], object], verdict: str, what: str, www: Path, tmp_path: Path
) -> None:
    harm(www)
    said, found = seen(tmp_path, Host(www))
    differs = [f"{each['path']}: {each['why']}" for each in found["differs"]]  # type: ignore[attr-defined]

    assert (said.code, found["verdict"]) == (1, verdict)
    assert what in (found["what"], *differs)
    assert said.err.startswith("The public does not see the site as it was built: web.\n")


@pytest.mark.parametrize(
    ("host", "verdict", "said"),
    [
        (Host(Path(), types={".html": "text/plain"}), "DIFFERS", "index.html: is served as text/plain"),
        (Host(Path(), types={".css": "text/html"}), "DIFFERS", "style.css: is served as text/html"),
        (Host(Path(), types={".atom": "text/html"}), "DIFFERS", "feed.atom: is served as text/html"),
        (
            Host(Path(), types={".atom": "application/octet-stream"}),
            "OK",
            "the host does not know the type of files that end in .atom: feed.atom",
        ),
        (
            Host(Path(), origin=""),
            "OK",
            "scripts on other sites cannot read it (it has no Access-Control-Allow-Origin: *): status.json",
        ),
        (Host(Path(), codes={"/status.json": 500}), "DIFFERS", "status.json: the host answers 500"),
        (Host(Path(), codes={"/manifest.json": 503}), "DOWN", "The host answers 503 for manifest.json."),
    ],
)
def test_a_host_that_goes_wrong_is_named(host: Host, verdict: str, said: str, www: Path, tmp_path: Path) -> None:
    host.folder = www
    _, found = seen(tmp_path, host)
    differs = [f"{each['path']}: {each['why']}" for each in found["differs"]]  # type: ignore[attr-defined]

    assert found["verdict"] == verdict
    assert said in (found["what"], *found["notes"], *differs)  # type: ignore[misc]


@pytest.mark.parametrize(("pause", "trickle"), [(5.0, 0.0), (0.0, 0.05)], ids=["silent", "trickling"])
def test_a_host_that_is_too_slow_is_down(pause: float, trickle: float, www: Path) -> None:
    with hosts.served(Host(www, pause=pause, trickle=trickle)) as host:
        look = verify.look(host.url, ANY, Web(pause=0.3, whole=0.5), hosts.NOW)

    said = "No answer in time." if pause else "The answer takes more than 0.5 s."
    assert (look.verdict, look.what) == (Verdict.DOWN, said)


def test_a_file_that_is_too_slow_differs(www: Path) -> None:
    hosts.build(www.parent, {**PAGES, "style.css": "x" * 2_000})
    with hosts.served(Host(www, trickle=0.05, trickles="/style.css")) as host:
        look = verify.look(host.url, ANY, Web(pause=0.3, whole=0.5), hosts.NOW)

    assert look.verdict is Verdict.DIFFERS
    assert look.findings == (Finding("style.css", "the answer takes more than 0.5 s"),)


def test_a_certificate_that_ends_soon_or_has_ended_is_named(
    www: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = tls_server.Authority(tmp_path / "ca")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    now, days = clock.now() + timedelta(hours=1), {}
    for left in (90, 10, -1):
        with hosts.served(Host(www, certificate=authority.certificate("localhost", days=left))) as host:
            days[left] = verify.look(host.url, ANY, Web(), now)

    assert [(days[left].verdict, days[left].certificate_days) for left in (90, 10)] == [
        (Verdict.OK, 89),
        (Verdict.OK, 9),
    ]
    assert [days[left].notes for left in (90, 10)] == [(), ("its certificate ends in 9 days",)]
    assert (days[-1].verdict, days[-1].what) == (Verdict.DOWN, "Its certificate is not valid: certificate has expired.")


@pytest.mark.parametrize(
    ("encoding", "packed", "verdict"),
    [("gzip", True, "OK"), ("gzip", False, "DOWN"), ("br", False, "DOWN"), ("identity", False, "OK")],
)
def test_what_no_browser_can_unpack_is_not_there(encoding: str, packed: bool, verdict: str, www: Path) -> None:
    with hosts.served(Host(www, encoding=encoding, packs=packed)) as host:
        look = verify.look(host.url, ANY, Web(), hosts.NOW)

    assert look.verdict == verdict
    if verdict == "DOWN":
        said = f"manifest.json cannot be read: the host says that it is compressed ({encoding})"
        assert look.what == f"{said}, and it cannot be unpacked."


def test_a_host_that_sends_on_to_another_is_no_copy_of_its_own(www: Path) -> None:
    with hosts.served(Host(www)) as real, channel_stub.serving() as other:
        other.replies = [lambda request: Reply(302, headers={"Location": real.url + request.path[1:]})]
        look = verify.look(other.url, ANY, Web(), hosts.NOW)
        other.replies = [Reply(302, headers={"Location": "file:///etc/passwd"})]
        nowhere = verify.look(other.url, ANY, Web(), hosts.NOW)

    host = real.url.split("/")[2]
    assert (look.verdict, look.notes[0]) == (
        Verdict.OK,
        f"its host sends readers on to {host}, so it is no copy of its own",
    )
    assert nowhere.what == "It redirects to something that is no address of the web."


def test_a_manifest_that_was_changed_on_the_host_differs(www: Path, tmp_path: Path) -> None:
    text = (www / "manifest.json").read_text()
    (www / "manifest.json").write_text(text.replace("{", '{"extra.html": "' + "0" * 64 + '",', 1))
    _, found = seen(tmp_path, Host(www))

    assert found["verdict"] == "DIFFERS"
    assert {"path": "manifest.json", "why": "is not the one of this build"} in found["differs"]  # type: ignore[operator]


def test_a_site_from_the_future_is_no_new_one(www: Path) -> None:
    with hosts.served(Host(www)) as host:
        look = verify.look(host.url, ANY, Web(), hosts.later(-60))

    assert look.verdict is Verdict.STALE
    assert "which is in the future: a clock is wrong" in look.what


def test_without_a_whole_build_nobody_knows_what_should_be_there(www: Path, tmp_path: Path) -> None:
    with hosts.served(Host(www)) as host:
        site = hosts.make(tmp_path / "v", url=host.url)
        hosts.build(site)
        (site / "site" / "manifest.json").write_text("{")
        said = status(site, "verify", "--wait", "0")

    assert (said.code, "the last build did not finish" in said.err) == (1, True)


def test_a_target_without_an_address_is_said_to_be_unseen(www: Path, tmp_path: Path) -> None:
    with hosts.served(Host(www)) as host:
        site = hosts.make(tmp_path / "v", "{name: pages, kind: git}", url=host.url)
        hosts.build(site)
        said = status(site, "verify", "--wait", "0")

    assert "Not looked at: it has no url: in mkdocs.yml." in said.out


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"garbage\r\n\r\n", "The answer is not HTTP."),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "The connection broke off in the middle of the answer."),
        (b"", "The connection broke off."),
    ],
)
def test_an_answer_that_breaks_off_is_told_in_words(answer: bytes, said: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(10_000)
                    connection.sendall(answer)

    threading.Thread(target=talk, daemon=True).start()
    look = verify.look(f"http://127.0.0.1:{listener.getsockname()[1]}/", ANY, Web(), hosts.NOW)
    listener.close()

    assert (look.verdict, look.what) == (Verdict.DOWN, said)


def test_a_host_that_does_not_answer_is_down(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{hosts.free_port()}/"
    site = hosts.make(tmp_path / "s", f"{{name: web, kind: rclone, path: x, url: '{address}', required: false}}")
    hosts.build(site)
    said = status(site, "verify", "web", "--wait", "0")

    assert (said.code, said.out) == (0, f"web  DOWN: The connection is refused.  {address}\n")


def test_pages_that_say_themselves_that_they_are_old_are_stale(www: Path, tmp_path: Path) -> None:
    with hosts.served(Host(www)) as host:
        site = hosts.make(tmp_path / "v", url=host.url)
        said = status(site, "verify", "--wait", "0", now=hosts.later(25 * 60))

    assert "site  STALE: It was built at 2026-11-23T14:05:00Z, so its pages say that they are out of date." in said.out
    assert "No site is built here, so what is there was compared with its own manifest only." in said.out


@pytest.mark.slow
def test_it_looks_again_until_it_is_right(www: Path, tmp_path: Path) -> None:
    right = (www / "style.css").read_text()
    (www / "style.css").write_text("not yet")
    with hosts.served(Host(www)) as host:
        site = hosts.make(tmp_path / "v", url=host.url)
        hosts.build(site)
        threading.Timer(0.5, lambda: (www / "style.css").write_text(right) and None).start()
        said = status(site, "verify", "--wait", "20s")

    assert said.code == 0
    assert said.err == "site  DIFFERS: 1 of 5 files differ. Looking again …\n"
    assert said.out.startswith("site  OK: 5 files are as they were built.")


@pytest.mark.parametrize("signer", ["ours", "another", "nobody", "older"])
def test_the_signature_is_that_of_a_key_that_is_allowed(signer: str, www: Path, tmp_path: Path) -> None:
    for name in ("ours", "another"):
        keygen("-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name))
    (tmp_path / "allowed").write_text(f"status@example.org {(tmp_path / 'ours.pub').read_text()}")
    if signer != "nobody":
        key = tmp_path / ("another" if signer == "another" else "ours")
        keygen("-Y", "sign", "-q", "-f", str(key), "-n", "file", str(www / "manifest.json"))
    if signer == "older":
        hosts.build(www.parent, {**PAGES, "index.html": "Changed."})
        hosts.build(tmp_path / "new", {**PAGES, "index.html": "Changed."})
    said, found = seen(tmp_path, Host(www), "--allowed-signers", str(tmp_path / "allowed"), "--site-dir", str(www))

    why = {
        "ours": [],
        "another": ["no key in allowed has made it"],
        "nobody": ["the host answers 404"],
        "older": ["it does not fit manifest.json"],
    }[signer]
    assert [each["why"] for each in found["differs"]] == why  # type: ignore[attr-defined]
    assert (found["signed"], said.code) == (not why, int(bool(why)))


def test_a_site_that_names_its_key_expects_a_signature(www: Path, tmp_path: Path) -> None:
    keygen("-q", "-t", "ed25519", "-N", "", "-C", "status@example.org", "-f", str(tmp_path / "key"))
    more = f"    signing_key: {(tmp_path / 'key.pub').read_text().strip()}\n"
    said, found = seen(tmp_path, Host(www), more=more)
    assert (said.code, found["signed"]) == (1, False)
    keygen("-Y", "sign", "-q", "-f", str(tmp_path / "key"), "-n", "file", str(www / "manifest.json"))
    with hosts.served(Host(www)) as host:
        site = hosts.make(tmp_path / "w", f"{{name: web, kind: command, run: ['true'], url: '{host.url}'}}", more=more)
        hosts.build(site)
        assert "Its signature is right." in status(site, "verify", "web", "--wait", "0").out
    assert "this copy has none: status deploy --sign KEY" in status(site, "deploy").err


def keygen(*args: str) -> None:
    subprocess.run(["ssh-keygen", *args], check=True, capture_output=True)


def test_what_was_signed_while_deploying_is_right(tmp_path: Path) -> None:
    keygen("-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key"))
    (tmp_path / "allowed").write_text(f"status@example.org {(tmp_path / 'key.pub').read_text()}")
    (tmp_path / "www").mkdir()
    with hosts.served(Host(tmp_path / "www")) as host:
        run = f"[cp, -R, '{{site}}/.', '{tmp_path}/www']"
        site = hosts.make(tmp_path / "s", f"{{name: web, kind: command, run: {run}, url: '{host.url}'}}")
        hosts.build(site)
        assert status(site, "deploy", "--sign", str(tmp_path / "key")).code == 0
        said = status(site, "verify", "web", "--wait", "0", "--allowed-signers", str(tmp_path / "allowed"))

    assert (said.code, "Its signature is right." in said.out) == (0, True)
    assert status(site, "deploy", "--sign", "no-key").err.startswith("no-key: this key does not exist.\n")
    (tmp_path / "text").write_text("no key")
    assert "it cannot be signed:" in status(site, "deploy", "--sign", str(tmp_path / "text")).err


def test_hubs_hear_of_the_feeds_that_the_public_has(www: Path, tmp_path: Path) -> None:
    with hosts.served(Host(www)) as host, hosts.served(Host(tmp_path)) as hub, hosts.served(Host(tmp_path)) as broken:
        broken.codes["POST"] = 500
        more = f"    websub: ['{hub.url}', '{broken.url}']\n"
        site = hosts.make(tmp_path / "v", url=host.url, more=more)
        hosts.build(site)
        (www / "style.css").write_text("not ready")
        assert status(site, "verify", "--wait", "0").code == 1
        assert hub.posts == []
        (www / "style.css").write_text(PAGES["style.css"])
        said = status(site, "verify", "--wait", "0")
        again = status(site, "verify", "--wait", "0")

    assert hub.posts == [{"hub.mode": "publish", "hub.url": f"{host.url}feed.atom"}]
    assert said.code == again.code == 0
    failure = f"The hub {broken.url} could not be told: it answers 500.\n"
    assert said.err == f"Told the hubs of 1 feed that changed.\n{failure}"
    assert again.err == f"Told the hubs of 0 feeds that changed.\n{failure}"


def test_a_duration_that_is_none_is_a_mistake_in_the_command_line(tmp_path: Path) -> None:
    said = status(hosts.make(tmp_path / "s"), "verify", "--wait", "soon")
    assert (said.code, "--wait:" in said.err, "Write, for example, --wait 5m." in said.err) == (2, True, True)
