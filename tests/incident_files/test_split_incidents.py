"""An incident is the same however its updates are divided between its file and files of their own."""

from __future__ import annotations

from dataclasses import replace

import strategies
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from status_tool.errors import StatusError
from status_tool.incident_files import amend, folding, parser, read_cache, record_in_text, writer
from status_tool.incident_files.read_cache import Reading
from status_tool.incident_files.update_files import FileText
from status_tool.model.incident import Incident
from status_tool.model.update import Text, Update

OWN = "en"
PATH = "incidents/x.md"


def can_be_a_file(update: Update) -> bool:
    """Whether files can say all that the update says; a text that looks like the record is refused in them."""
    texts = update.message.translations
    has_own = "" in texts or (OWN in texts and len(texts) > 1)
    return has_own and not any(record_in_text.at_start(text) or record_in_text.find(text) for text in texts.values())


@st.composite
def splits(draw: st.DrawFn) -> tuple[Incident, str, list[FileText]]:
    """An incident; the text of its file with some of its updates; and the files of the others."""
    incident = draw(strategies.incidents())
    stays = {draw(st.sampled_from(incident.updates)).at}
    files: list[FileText] = []
    for update in incident.updates:
        if update.at not in stays and can_be_a_file(update) and draw(st.integers(0, 3)):
            lines = writer.update_files(update, OWN)
            end = draw(st.sampled_from(["\n", "\r\n"]))
            files += [FileText(f"incidents/x/{name}", text.replace("\n", end)) for name, text in lines]
    moved = {file.path.split("/")[-1][:16] for file in files}
    listed = tuple(update for update in incident.updates if update.stamp not in moved)
    text = writer.draft(replace(incident, updates=listed))
    assume(is_valid(text))
    return incident, text, sorted(files)


def is_valid(text: str) -> bool:
    try:
        return bool(parser.parse(text, PATH, is_part=True))
    except StatusError:
        return False


def read(text: str, files: list[FileText]) -> Incident:
    return parser.parse(text, PATH, files=files, language=OWN)


@settings(max_examples=12)
@given(splits())
def test_a_split_incident_is_read_as_the_whole_one(split: tuple[Incident, str, list[FileText]]) -> None:
    incident, text, files = split
    whole = read(text, files)

    assert whole == incident
    assert read(text, files).source == whole.source
    found = read_cache.unpack(read_cache.pack({PATH: Reading((1, 2, 3), whole, ((PATH, (4, 5, 6)),))}))[PATH]
    assert (found.incident, found.incident.source, found.updates) == (incident, whole.source, ((PATH, (4, 5, 6)),))


@settings(max_examples=12)
@given(splits())
def test_folded_again_it_is_the_same_and_every_line_stays(split: tuple[Incident, str, list[FileText]]) -> None:
    incident, text, files = split
    folded = folding.fold(text, PATH, files, OWN)

    assert parser.parse(folded.text, PATH) == incident
    assert sorted(folded.removed) == [file.path for file in files]
    rest = iter(folded.text.split("\n"))
    assert all(line in rest for line in text.split("\n"))


@settings(max_examples=12)
@given(splits(), strategies.texts, st.data())
def test_an_amended_message_is_the_only_change(
    split: tuple[Incident, str, list[FileText]], message: str, data: st.DataObject
) -> None:
    incident, text, files = split
    assume(files and not record_in_text.at_start(message) and not record_in_text.find(message))
    file = data.draw(st.sampled_from(files))
    at = next(update for update in incident.updates if update.stamp in file.path)
    language = file.path.removesuffix(".md").partition("Z.")[2]
    edited = at.edited or at.published_at
    changed = file._replace(text=amend.amend_file(file.text, file.path, message, edited, incident.kind))

    texts = {**at.message.translations, language or ("" if "" in at.message.translations else OWN): message}
    after = replace(at, message=Text(texts), edited=edited)
    expected = replace(incident, updates=tuple(after if update is at else update for update in incident.updates))
    assert read(text, [changed if other is file else other for other in files]) == expected
