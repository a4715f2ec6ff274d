"""How readers of the feeds hear of news at once: hubs are told that a feed has changed, by WebSub."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from status_tool.system import threads
from status_tool.system.web import AT_ONCE, Web


def ping(
    hubs: Sequence[str], site_url: str, feeds: Mapping[str, str], told_file: Path, connections: Web
) -> tuple[int, list[str]]:
    """Tells each hub of each feed that it was not told of: how many, and why others could not be told.

    `feeds`: path -> SHA-256, as the public sees them now. `told_file` keeps what the hubs were told; without it, they
    are told of every feed once more, which does no harm.
    """
    told = _told(told_file)
    news = [(hub, path) for hub in hubs for path, digest in feeds.items() if told.get(f"{hub} {path}") != digest]

    def tell(pair: tuple[str, str]) -> str:
        hub, path = pair
        answer = connections.post(hub, {"hub.mode": "publish", "hub.url": site_url + path})
        return answer.error or ("" if 200 <= answer.code < 300 else f"it answers {answer.code}")

    answers = threads.run_all(tell, news, AT_ONCE)
    done = {f"{hub} {path}": feeds[path] for (hub, path), error in zip(news, answers, strict=True) if not error}
    _remember(told_file, told | done)
    return len(done), list(_failures(news, answers))


def _failures(news: Sequence[tuple[str, str]], answers: Sequence[str]) -> Iterable[str]:
    """One line for each hub that could not be told."""
    errors = {hub: error for (hub, _), error in zip(news, answers, strict=True) if error}
    return (f"The hub {hub} could not be told: {error}." for hub, error in errors.items())


def _told(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_bytes())
        return {str(key): str(value) for key, value in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _remember(file: Path, told: Mapping[str, str]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(told, indent=0), "utf-8")
    except OSError:  # the hubs are told once more, the next time
        pass
