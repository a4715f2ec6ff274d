"""Of a message in several languages, the text that was meant is corrected, and the others are named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import sites
from sites import API_ERRORS, status

NAME = "2026-11-23-api-errors.md"


def translated(texts: dict[str, str]) -> str:
    lines = "".join(f"\n    {code}: {text}" for code, text in texts.items())
    return API_ERRORS.replace(" |\n    We are looking into it.", lines)


@pytest.mark.parametrize(
    ("texts", "args", "code", "others"),
    [
        ({"fr": "Nous cherchons.", "en": "We look."}, [], "en", "fr"),
        ({"fr": "Nous cherchons.", "en": "We look."}, ["--language", "fr"], "fr", "en"),
        ({"fr": "Nous cherchons.", "en-GB": "We look."}, [], "en-GB", "fr"),
        ({"de": "Wir suchen.", "fr": "Nous cherchons.", "en": "We look."}, [], "en", "de, fr"),
    ],
)
def test_one_text_is_corrected_and_the_others_are_named(
    texts: dict[str, str], args: list[str], code: str, others: str, tmp_path: Path
) -> None:
    site = sites.make(tmp_path / "s", {NAME: translated(texts)})
    said = status(site, "amend", *args, "-m", "New.")

    first = others.partition(",")[0]
    assert said.out.splitlines()[2:4] == [
        f"Only its text in {code} was corrected. Unchanged: {others}.",
        f"To correct it too: status amend api-errors --language {first}",
    ]
    text = sites.incident_text(site, NAME)
    assert f"    {code}: |\n      New.\n" in text
    assert [kept for kept in texts.values() if kept in text] == [texts[other] for other in others.split(", ")]
    assert status(site, "amend", "api-errors", "--language", first, "-m", "Also new.").code == 0


def test_a_message_in_one_language_needs_no_name(tmp_path: Path) -> None:
    for number, text in enumerate([API_ERRORS, translated({"fr": "Nous cherchons."})]):
        site = sites.make(tmp_path / str(number), {NAME: text})
        said = status(site, "amend", "-m", "New.")

        assert (said.code, "Unchanged" in said.out) == (0, False)
        assert "New." in sites.incident_text(site, NAME)
    assert status(tmp_path / "0", "amend", "--language", "en", "-m", "Newer.").code == 0


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            [],
            "This message has texts in several languages, de, fr, and none in that of the site, en.\n"
            "Name the one to correct: --language de\n",
        ),
        (
            ["--language", "FR"],
            'This message has no text in the language "FR".\nDid you mean "fr"? Use one of: de, fr.\n',
        ),
    ],
)
def test_a_language_that_is_not_there_or_not_clear_is_refused(args: list[str], message: str, tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {NAME: translated({"de": "Wir suchen.", "fr": "Nous cherchons."})})
    before = sites.snapshot(site)
    said = status(site, "amend", *args, "-m", "New.")

    assert (said.code, said.err, sites.snapshot(site)) == (1, message, before)


@pytest.mark.parametrize("meanwhile", ["amend", "hand"])
def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(
    meanwhile: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sites.make(tmp_path / "s", {NAME: API_ERRORS})
    program = Path(sys.executable).with_name("status")
    theirs = {
        "amend": f"cd {site} && SOURCE_DATE_EPOCH={sites.EPOCH} {program} amend -m 'Theirs.'",
        "hand": f"sed -i 's/We are looking into it./Theirs./' {site}/incidents/{NAME}",
    }[meanwhile]
    for name, value in sites.editor(tmp_path, f'{theirs} > {tmp_path}/out\nprintf "Mine.\\n" > "$1"').items():
        monkeypatch.setenv(name, value)
    said = status(site, "amend", typed="")

    assert said.code == 1
    assert "somebody else has changed this text meanwhile, so nothing was changed." in said.err
    assert "Your text is kept in" in said.err
    assert ("Theirs." in (text := sites.incident_text(site, NAME)), "Mine." in text) == (True, False)


def test_the_text_before_is_named(tmp_path: Path) -> None:
    site = sites.make(tmp_path / "s", {NAME: API_ERRORS})

    assert "The text before: We are looking into it.\n" in status(site, "amend", "-m", "New.").out
