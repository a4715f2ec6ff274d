"""Settings: what `mkdocs.yml` means to us, and what is wrong with it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sites import inside

from status_tool.errors import StatusError
from status_tool.model.announcement import Announcement
from status_tool.model.channel import Channel, ChannelKind, Mode
from status_tool.model.component import Component, Impact
from status_tool.model.dependencies import Dependencies
from status_tool.model.endpoint import Endpoint
from status_tool.model.forge import Forge, NewFilePage
from status_tool.model.target import Target, TargetKind
from status_tool.model.update import Kind, Text
from status_tool.settings import fields, mkdocs_yml, preflight, settings

WHOLE = """\
site_name: Example Status
site_url: https://example.org/status
docs_dir: pages
theme:
  name: material
  language: fr
  custom_dir: overrides
  favicon: images/icon.png
markdown_extensions:
- pymdownx.emoji:
    emoji_index: !!python/name:material.extensions.emoji.twemoji
plugins:
- search
- status:
    incidents: files
    timezone: Europe/Paris
    promise: 30m
    rhythm: {critical: 20m, minor: 1h}
    count_default_promises: true
    stale_after: 2d
    renewed_by: cron on host-2
    quiet_after: 3h
    mirrors: ["https://status.example.net", "https://example.com/status/"]
    targets:
    - {name: pages, kind: git, branch: pages, url: "https://example.org/status"}
    - {name: store, kind: rclone, path: "backup:status", url: "https://status.example.com", required: false,
       timeout: 2m}
    - {name: cdn, kind: command, run: [upload, "{site}"], url: "https://drill.example.org/", scratch: true}
    channels:
    - {name: mail, kind: email, from: status@example.org, to_env: STATUS_TO, server_env: STATUS_SMTP, mode: auto,
       impact: major, kinds: [incident], languages: [en, fr], quiet: "22:00-07:00", per_minute: 9, components: [api]}
    - {name: text, kind: sms, url: "https://sms.example.org/send", to_env: STATUS_SMS, body: {t: "{text}"}, drill: true}
    signing_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1ZgHlZ0Ozm2rQxIyR0cIy2rKqbXrYtFyyU5jmJxx3q a@example.org
    websub: ["https://hub.example.org", "https://hub.example.org"]
    homepage: https://www.example.org/en?from=status
    monitors: [API.example.org, "https://www.example.org/x", api.example.org, 192.0.2.1]
    depends_on: {product: {forge: github.com, mail: [a, b]}, page: {}}
    offline_channels: [printed cards]
    updates: files
    push: true
    require_review: true
    speakers: [ann]
    say: {url: https://git.example.org/a/b.git/, forge: gitea, branch: ops/x, folder: a/b/}
    allow_empty: true
    announcement: {text: {en: Closed, fr: Fermé}, until: 2026-05-01}
    bar_days: 60
    uptime: false
    components:
    - {id: api, name: API, group: Platform, description: "REST: fast", since: 2024-03-01, retired: 2026-05-01}
    - id: website
"""


def load(folder: Path, text: str) -> settings.Settings:
    (folder / "mkdocs.yml").write_text(text)
    with inside(folder):
        return settings.load(Path("mkdocs.yml"))


def mistakes(folder: Path, block: str) -> str:
    with pytest.raises(StatusError) as raised:
        load(folder, f"site_name: x\nplugins:\n- status:\n{block}")
    return str(raised.value)


def test_every_key_is_read(tmp_path: Path) -> None:
    found = load(tmp_path, WHOLE)

    assert found == settings.Settings(
        file=tmp_path / "mkdocs.yml",
        site_name="Example Status",
        site_url="https://example.org/status/",
        language="fr",
        docs=tmp_path / "pages",
        theme_folders=(tmp_path / "overrides",),
        favicon="images/icon.png",
        site=tmp_path / "site",
        incidents=tmp_path / "files",
        timezone=ZoneInfo("Europe/Paris"),
        promise=timedelta(minutes=30),
        rhythm={Impact.CRITICAL: timedelta(minutes=20), Impact.MINOR: timedelta(hours=1)},
        count_default_promises=True,
        stale_after=timedelta(days=2),
        renewed_by="cron on host-2",
        quiet_after=timedelta(hours=3),
        mirrors=("https://status.example.net/", "https://example.com/status/", "https://status.example.com/"),
        targets=(
            Target("pages", TargetKind.GIT, "https://example.org/status/", branch="pages"),
            Target(
                "store",
                TargetKind.RCLONE,
                "https://status.example.com/",
                required=False,
                timeout=timedelta(minutes=2),
                path="backup:status",
            ),
            Target("cdn", TargetKind.COMMAND, "https://drill.example.org/", is_scratch=True, run=("upload", "{site}")),
        ),
        channels=(
            Channel(
                "mail",
                ChannelKind.EMAIL,
                Mode.AUTO,
                sender="status@example.org",
                to_env="STATUS_TO",
                server_env="STATUS_SMTP",
                impact=Impact.MAJOR,
                kinds=(Kind.INCIDENT,),
                languages=("en", "fr"),
                quiet=(time(22), time(7)),
                per_minute=9,
                components=("api",),
            ),
            Channel(
                "text",
                ChannelKind.SMS,
                url="https://sms.example.org/send",
                to_env="STATUS_SMS",
                body={"t": "{text}"},
                is_drill=True,
            ),
        ),
        signing_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE1ZgHlZ0Ozm2rQxIyR0cIy2rKqbXrYtFyyU5jmJxx3q a@example.org",
        hubs=("https://hub.example.org",),
        homepage="https://www.example.org/en?from=status",
        monitors=(Endpoint("api.example.org"), Endpoint("www.example.org", path="/x"), Endpoint("192.0.2.1")),
        depends_on=Dependencies({"forge": ("github.com",), "mail": ("a", "b")}, {}),
        offline_channels=("printed cards",),
        updates="files",
        pushes=True,
        requires_review=True,
        speakers=("ann",),
        say=NewFilePage(Forge.GITEA, "https://git.example.org/a/b", "ops/x", "a/b"),
        allow_empty=True,
        announcement=Announcement(Text({"en": "Closed", "fr": "Fermé"}), date(2026, 5, 1)),
        bar_days=60,
        shows_uptime=False,
        components=(
            Component("api", "API", "Platform", "REST: fast", date(2024, 3, 1), date(2026, 5, 1)),
            Component("website", "website"),
        ),
        configuration=found.configuration,
    )


@pytest.mark.parametrize(
    "plugins", ["[search, status]", "\n- status", "\n- status: {}", "\n  search: {}\n  status:", "{status: {}}"]
)
def test_the_plugin_may_stand_there_without_settings(plugins: str, tmp_path: Path) -> None:
    found = load(tmp_path, f"site_name: x\nplugins: {plugins}\n")

    assert (found.components, found.promise, found.stale_after) == ((), None, timedelta(hours=24))


def test_settings_are_inherited(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text(WHOLE)
    found = load(tmp_path, "INHERIT: base.yml\nsite_name: Child\n")

    assert (found.site_name, found.language, found.component_ids) == ("Child", "fr", ("api", "website"))


def test_plugins_written_as_a_mapping_are_inherited_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text(
        "plugins:\n  status:\n    promise: 30m\n    timezone: UTC\n    components: [{id: api}]\n"
    )
    found = load(tmp_path, "INHERIT: base.yml\nplugins:\n  status:\n    promise: 1h\n")

    assert (found.promise, found.component_ids) == (timedelta(hours=1), ("api",))


def test_a_mistake_in_an_inherited_file_is_shown_there(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text("plugins:\n  status:\n    timezone: UTC\n    promise: soon\n")
    with pytest.raises(StatusError, match=r"^base\.yml:4: \"promise\""):
        load(tmp_path, "INHERIT: base.yml\nsite_name: Child\n")


def test_a_file_full_of_aliases_is_searched_in_no_time(tmp_path: Path) -> None:
    bomb = "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    with pytest.raises(StatusError, match="componets"):
        load(tmp_path, f"a0: &a0 [x]\n{bomb}plugins:\n- status: {{componets: 1}}\n")


def test_files_that_inherit_from_each_other_are_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text("site_name: x\nINHERIT: mkdocs.yml\n")
    with pytest.raises(StatusError, match=r"^base\.yml:2: INHERIT is circular: this file inherits from itself\."):
        load(tmp_path, f"INHERIT: base.yml\n{WHOLE}")


def test_values_come_from_the_environment_as_in_mkdocs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATUS_URL", "https://status.example.org")
    text = WHOLE.replace("https://example.org/status", "!ENV STATUS_URL", 1).replace(
        "Example Status", "!ENV [NO_SUCH_NAME, NOR_THIS, Fallback]"
    )
    found = load(tmp_path, text)

    assert (found.site_url, found.site_name) == ("https://status.example.org/", "Fallback")


@pytest.mark.parametrize(
    ("tag", "url"),
    [
        ("!ENV STATUS_URL", "https://status.example.org/"),
        ("!ENV [STATUS_URL]", "https://status.example.org/"),
        ("!ENV NO_SUCH_NAME", ""),
        ("!ENV [NO_SUCH_NAME]", ""),
        ("!ENV []", ""),
    ],
)
def test_an_environment_variable_may_be_named_alone(
    tag: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATUS_URL", "https://status.example.org")

    assert load(tmp_path, WHOLE.replace("https://example.org/status", tag, 1)).site_url == url


def test_our_own_keys_come_from_the_environment_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMISE", "45m")

    assert load(tmp_path, WHOLE.replace("promise: 30m", "promise: !ENV PROMISE")).promise == timedelta(minutes=45)


def test_absent_keys_have_the_defaults_of_the_table(tmp_path: Path) -> None:
    found = load(tmp_path, "site_name: x\nplugins: [status]\n")

    assert found.incidents == tmp_path / "incidents"
    assert (found.timezone, found.promise) == (ZoneInfo("UTC"), None)
    assert (found.stale_after, found.quiet_after) == (timedelta(hours=24), timedelta(hours=24))
    assert (found.mirrors, found.allow_empty, found.components) == ((), False, ())


@pytest.mark.parametrize("empty", ["''", "!ENV NO_SUCH_NAME"])
def test_an_empty_name_of_a_folder_is_absent(empty: str, tmp_path: Path) -> None:
    found = load(tmp_path, f"site_name: x\nplugins:\n- status: {{incidents: {empty}}}\n")

    assert found.incidents == tmp_path / "incidents"


def test_a_key_without_a_value_is_absent(tmp_path: Path) -> None:
    empty = "".join(f"    {field.key}:\n" for field in fields.STATUS.fields)
    found = load(tmp_path, f"site_name: x\nplugins:\n- status:\n{empty}")

    assert found == replace(load(tmp_path, "site_name: x\nplugins: [status]\n"), configuration=found.configuration)


@pytest.mark.parametrize("field", [*fields.STATUS.fields, *fields.COMPONENT.fields], ids=lambda field: field.key)
def test_the_example_of_a_row_is_read_without_a_problem(field: fields.Field, tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text(f"{field.key}: {field.example}\n")
    context = fields.Context(mkdocs_yml.read(tmp_path / "mkdocs.yml"))
    node = context.configuration.get(field.key)
    assert node is not None

    assert field.form.read(context, node, field) is not None
    assert context.problems == []


@given(st.permutations(fields.STATUS.fields), st.permutations(fields.COMPONENT.fields))
def test_no_order_in_the_tables_changes_the_settings(status: list[fields.Field], component: list[fields.Field]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        expected = load(Path(folder), WHOLE)
        patch.setattr(fields, "STATUS", replace(fields.STATUS, fields=tuple(status)))
        patch.setattr(fields, "COMPONENT", replace(fields.COMPONENT, fields=tuple(component)))

        assert load(Path(folder), WHOLE) == expected


@pytest.mark.parametrize("word", ["false", "False", "no", "off"])
def test_addresses_without_folders_are_noticed_as_mkdocs_spells_them(word: str, tmp_path: Path) -> None:
    found = load(tmp_path, f"use_directory_urls: {word}\n{WHOLE}")

    assert "use_directory_urls: false is not supported" in str(preflight.problems(found)[0])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("site_name: [a]", 'mkdocs.yml:1: "site_name" must be one line of text.'),
        ("site_url: {a: b}", 'mkdocs.yml:1: "site_url" must be one line of text.'),
        ("site_name: !!binary aGk=", 'mkdocs.yml:1: "site_name" must be one line of text.'),
        ('site_name: "two\\nlines"', 'mkdocs.yml:1: "site_name" must be one line of text.'),
        ('site_url: "http://[::1"', 'mkdocs.yml:1: site_url is not a full URL: "http://[::1".'),
        (
            'site_url: "https://example.org:port/"',
            'mkdocs.yml:1: site_url is not a full URL: "https://example.org:port/".',
        ),
        ('INHERIT: "a\\0b"', "mkdocs.yml:1: INHERIT is not a file name."),
    ],
)
def test_what_mkdocs_shares_with_us_is_checked(wrong: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(StatusError) as raised:
        load(tmp_path, f"{wrong}\nplugins: [status]\n")

    assert str(raised.value).splitlines()[0] == said


def test_a_file_to_inherit_from_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StatusError, match=r"^base\.yml: cannot be read: No such file"):
        load(tmp_path, "INHERIT: base.yml\nplugins: [status]\n")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "    componets: []\n",
            'mkdocs.yml:4: unknown key "componets".\nDid you mean "components"? '
            "Use one of: incidents, timezone, promise, rhythm, count_default_promises, stale_after, "
            "renewed_by, quiet_after, mirrors, targets, channels, signing_key, websub, homepage, monitors, "
            "depends_on, offline_channels, "
            "updates, push, require_review, speakers, say, allow_empty, announcement, bar_days, uptime, components.",
        ),
        (
            "    timezone: Europe/Pariss\n",
            'mkdocs.yml:4: unknown timezone "Europe/Pariss".\nDid you mean "Europe/Paris"? '
            "Write, for example, Europe/Paris or UTC.",
        ),
        (
            "    timezone: posix/Europe/Paris\n",
            'mkdocs.yml:4: browsers do not support the timezone "posix/Europe/Paris".\nDid you mean "Europe/Paris"? '
            "Write, for example, Europe/Paris or UTC.",
        ),
        (
            "    timezone: right/UTC\n",
            'mkdocs.yml:4: browsers do not support the timezone "right/UTC".\nDid you mean "UTC"? '
            "Write, for example, Europe/Paris or UTC.",
        ),
        *(
            (
                f"    timezone: {name}\n",
                f'mkdocs.yml:4: browsers do not support the timezone "{name}".\n'
                "Write, for example, Europe/Paris or UTC.",
            )
            for name in ("localtime", "posixrules", "Factory")
        ),
        (
            "    rhythm: {huge: 5m, major: soon}\n",
            'mkdocs.yml:4: unknown key "huge".\nUse one of: critical, major, minor, none.\n'
            'mkdocs.yml:4: "major": "soon" is not a duration.\nWrite, for example, 30m, 1h30m or 2d.',
        ),
        (
            "    promise: soon\n",
            'mkdocs.yml:4: "promise": "soon" is not a duration.\nWrite, for example, 30m, 1h30m or 2d.',
        ),
        (
            "    bar_days: 6\n",
            'mkdocs.yml:4: "bar_days" is "6".\nWrite a number of days from 7 to 365.',
        ),
        (
            "    bar_days: ²\n",
            'mkdocs.yml:4: "bar_days" is "²".\nWrite a number of days from 7 to 365.',
        ),
        ("    uptime: hidden\n", 'mkdocs.yml:4: "uptime" is "hidden".\nWrite true or false.'),
        (
            "    announcement: [a]\n",
            'mkdocs.yml:4: "announcement" must be a text, or one text for each language.\n'
            "For example: Our office is closed on 1 May.",
        ),
        (
            "    announcement: {until: 2026-12-31}\n",
            'mkdocs.yml:4: "text" is missing.\nWrite, for example: text: Our office is closed on 1 May.',
        ),
        (
            "    announcement: {text: a, until: never}\n",
            'mkdocs.yml:4: "until" is "never", which is not a date from 1970 on.\nWrite, for example, 2026-12-31.',
        ),
        (
            "    announcement: {english: a}\n",
            'mkdocs.yml:4: unknown language "english".\nWrite a language code such as en, fr or pt-BR.',
        ),
        (
            "    announcement: {text: a, from: 2026-12-31}\n",
            'mkdocs.yml:4: unknown key "from".\nUse one of: text, until.',
        ),
        ("    allow_empty: perhaps\n", 'mkdocs.yml:4: "allow_empty" is "perhaps".\nWrite true or false.'),
        (
            "    components: api\n",
            'mkdocs.yml:4: "components" must be a list.\nWrite, for example: components: [{id: api, name: API}]',
        ),
        (
            "    components:\n    - {name: API}\n    - {id: A P I}\n    - {id: api}\n    - {id: api, since: soon}\n",
            'mkdocs.yml:5: "id" is missing.\nWrite, for example: id: api\n'
            'mkdocs.yml:6: "A P I" cannot be an id.\n'
            "Use lower-case letters, digits and hyphens, for example public-api.\n"
            'mkdocs.yml:8: "since" is "soon", which is not a date from 1970 on.\nWrite, for example, 2024-03-01.\n'
            'mkdocs.yml:8: a second component "api".\nGive each its own id.',
        ),
        (
            "    components: [{id: ''}]\n",
            'mkdocs.yml:4: "" cannot be an id.\nUse lower-case letters, digits and hyphens, for example public-api.',
        ),
        ("    timezone: [UTC]\n", 'mkdocs.yml:4: "timezone" must be one line of text.\nFor example: Europe/Paris'),
        ("    promise: {a: b}\n", 'mkdocs.yml:4: "promise" must be one line of text.\nFor example: 30m'),
        ("    allow_empty: [a]\n", 'mkdocs.yml:4: "allow_empty" must be one line of text.\nFor example: true'),
        (
            "    mirrors: [status.example.net]\n",
            'mkdocs.yml:4: mirrors is not a full URL: "status.example.net".\n'
            "Write the full URL, for example https://status.example.org/.",
        ),
        (
            "    homepage: javascript:alert(1)\n",
            'mkdocs.yml:4: homepage is not a full URL: "javascript:alert(1)".\n'
            "Write the full URL, for example https://www.example.org/.",
        ),
        (
            "    mirrors: https://status.example.net/\n",
            'mkdocs.yml:4: "mirrors" must be a list.\nWrite, for example: mirrors: [https://status.example.net/]',
        ),
        ("    incidents: !x y\n", 'mkdocs.yml:4: the tag "!x" is not supported here.\nRemove it.'),
        (
            "    components: [{id: api, since: 0001-01-01}]\n",
            'mkdocs.yml:4: "since" is "0001-01-01", which is not a date from 1970 on.\nWrite, for example, 2024-03-01.',
        ),
        (
            "    components: [api]\n",
            "mkdocs.yml:4: a component must have keys and values.\n"
            "Known keys: id, name, group, description, since, retired.",
        ),
        *(
            (
                f"    {key}: {value}\n",
                f'mkdocs.yml:4: the tag "{tag}" is not supported here.\nRemove it.',
            )
            for key, value, tag in (
                ("renewed_by", "!!python/name:os.system", "!!python/name:os.system"),
                ("mirrors", "!!python/tuple ['https://a.example.org']", "!!python/tuple"),
                (
                    "components",
                    "[{id: api, name: !!python/object/apply:os.system [ls]}]",
                    "!!python/object/apply:os.system",
                ),
                ("bar_days", "!!python/int 60", "!!python/int"),
                ("homepage", "!mine https://example.org", "!mine"),
            )
        ),
        (
            "    signing_key: -----BEGIN OPENSSH PRIVATE KEY-----\n",
            'mkdocs.yml:4: "signing_key" is no public key of ssh.\nWrite the one line of its .pub file: '
            "ssh-ed25519 AAAA... status@example.org. Never the private key.",
        ),
        (
            "    targets:\n    - {name: a, kind: ftp}\n",
            'mkdocs.yml:5: "kind" is "ftp".\nUse one of: git, rclone, command.',
        ),
        (
            "    targets:\n    - {name: a, kind: rclone}\n    - {name: a, kind: git, path: x}\n",
            'mkdocs.yml:5: "path" is missing.\nWrite, for example: path: backup:status\n'
            'mkdocs.yml:6: a target of kind git has no "path".\nRemove path:.\n'
            'mkdocs.yml:6: a second target "a".\nGive each a name of its own.',
        ),
        (
            "    targets:\n    - {name: a, kind: command, run: [up, '{folder}']}\n",
            'mkdocs.yml:5: "run" has the placeholder {folder}, which nothing fills.\n'
            "Use one of: {name}, {site}, {url}.",
        ),
        (
            "    targets:\n    - {name: a, kind: rclone, path: --config=x, timeout: 1m, url: nowhere}\n",
            'mkdocs.yml:5: "path" begins with a hyphen.\nFor example: backup:status\n'
            'mkdocs.yml:5: url is not a full URL: "nowhere".\n'
            "Write the full URL, for example https://status.example.net/.",
        ),
        *(
            (f"    targets:\n    - {line}\n", f"mkdocs.yml:{row}: {error}\n{hint}")
            for line, row, error, hint in (
                (
                    "{name: a, kind: command, run: []}",
                    5,
                    '"run" is empty.',
                    'Write, for example: run: [netlify, deploy, --prod, --dir, "{site}"]',
                ),
                (
                    "{name: a, kind: git, remote: ''}",
                    5,
                    '"remote" is empty.',
                    "For example: git@codeberg.org:example/pages.git",
                ),
                *(
                    (
                        f"{{name: a, kind: git, branch: '{name}'}}",
                        5,
                        f'"{name}" cannot be a branch.',
                        "For example: pages",
                    )
                    for name in ("x.lock", "HEAD", "@", "a//b", "a/", "a.", "a@{1}", "a/.b", "a.lock/b")
                ),
                (
                    "{name: a, kind: rclone, path: ~/www}",
                    5,
                    '"path" begins with ~, which rclone does not know.',
                    "Write the whole path.",
                ),
                *(
                    (
                        f"{{name: a, kind: rclone, path: {path}}}",
                        5,
                        f'the target "a" names a folder of this site: {path}.',
                        "Name a folder elsewhere, such as /srv/www/status.",
                    )
                    for path in (".", "..", "/", "site", "./docs", "incidents/")
                ),
                (
                    "{name: a, kind: rclone, path: 'x:', url: 'https://me:pw@example.org/'}",
                    5,
                    "url has a user or a password in it.",
                    "It is published: write it without them, for example https://status.example.net/.",
                ),
                (
                    "{name: a, kind: rclone, path: 'x:', url: 'https://example.org/?a=b'}",
                    5,
                    'url has a "?" or a "#": "https://example.org/?a=b".',
                    "Write the address of the site alone, for example https://status.example.net/.",
                ),
                (
                    "{name: a, kind: rclone, path: www}\n    - {name: b, kind: rclone, path: ./www/, scratch: true}",
                    6,
                    'the targets "a" and "b" are the same place.',
                    "Give each a place of its own.",
                ),
                (
                    "{name: a, kind: git}\n    - {name: b, kind: git}",
                    6,
                    'the targets "a" and "b" are the same place.',
                    "Give each a place of its own.",
                ),
            )
        ),
        (
            "    components:\n    - id: fax\n      since: 2024-05-02\n      retired: 2024-05-01\n",
            'mkdocs.yml:7: "retired" (2024-05-01) is earlier than "since" (2024-05-02).\nCorrect one of the two days.',
        ),
        (
            "  - x\n",
            "mkdocs.yml:4: the status plugin must have keys and values.\nKnown keys: incidents, timezone, promise, "
            "rhythm, count_default_promises, "
            "stale_after, renewed_by, quiet_after, mirrors, targets, channels, signing_key, websub, homepage, "
            "monitors, depends_on, offline_channels, updates, push, require_review, "
            "speakers, "
            "say, allow_empty, announcement, bar_days, uptime, "
            "components.",
        ),
    ],
)
def test_a_mistake_has_its_line_and_its_remedy(block: str, said: str, tmp_path: Path) -> None:
    assert mistakes(tmp_path, block) == said


def test_a_site_without_the_plugin_is_told_how_to_add_it(tmp_path: Path) -> None:
    with pytest.raises(StatusError) as raised:
        load(tmp_path, "site_name: x\nplugins: [search]\n")

    assert str(raised.value) == (
        "mkdocs.yml:2: the status plugin is missing.\n"
        "Add an item below plugins:\n- status:\n    components:\n    - {id: api, name: API}"
    )


@pytest.mark.parametrize("text", ["", "- a list\n", "site_name: [\n", "\tx", "site_name: x\nsite_name: y\n"])
def test_a_file_that_is_no_configuration_is_a_mistake_with_a_place(text: str, tmp_path: Path) -> None:
    with pytest.raises(StatusError, match=r"^mkdocs\.yml:\d+: "):
        load(tmp_path, text)


def test_an_address_must_be_whole(tmp_path: Path) -> None:
    with pytest.raises(StatusError, match='site_url is not a full URL: "status'):
        load(tmp_path, WHOLE.replace("https://example.org/status", "status.example.org", 1))


def test_a_site_is_found_from_any_folder_below_it(tmp_path: Path) -> None:
    load(tmp_path, WHOLE)
    (tmp_path / "a" / "b").mkdir(parents=True)

    assert settings.find(tmp_path / "a" / "b") == tmp_path / "mkdocs.yml"


def test_text_that_is_not_utf_8_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_bytes(b"site_name: x\nsite_url: \xff\n")
    with inside(tmp_path), pytest.raises(StatusError) as raised:
        settings.load(Path("mkdocs.yml"))

    assert str(raised.value) == "mkdocs.yml:2: not UTF-8 text.\nSave the file as UTF-8."


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (
            "    monitors: [a b, ftp://x.org]\n",
            'mkdocs.yml:4: "monitors": "a b" is not the address of a server.\n'
            "Write, for example: monitors: [www.example.org, api.example.org]\n"
            'mkdocs.yml:4: "monitors": "ftp" is neither https nor http.\n'
            "Write, for example: monitors: [www.example.org, api.example.org]",
        ),
        (
            "    depends_on: {products: {forge: x}}\n",
            'mkdocs.yml:4: unknown key "products".\nDid you mean "product"? Use one of: product, page.',
        ),
        (
            "    depends_on: {page: [x]}\n",
            'mkdocs.yml:4: "page" must say what each service is used for.\n'
            "Write, for example: page: {forge: codeberg.org, mail: smtp.example.net}",
        ),
    ],
)
def test_a_mistake_in_what_the_audit_compares_is_named(block: str, said: str, tmp_path: Path) -> None:
    assert mistakes(tmp_path, block) == said


def test_no_way_without_the_internet_is_another_thing_than_nothing_said(tmp_path: Path) -> None:
    """So that the audit can tell that it does not know from that there is none."""
    text = "site_name: x\nplugins:\n- status:\n    allow_empty: true\n"

    assert load(tmp_path, text).offline_channels is None
    assert load(tmp_path, f"{text}    offline_channels: []\n").offline_channels == ()
