"""What holds for every test: no connection but to this machine, and no clock from the environment."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("shared", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", settings.get_profile("shared"), max_examples=12)
settings.load_profile("shared")


def pytest_configure(config: pytest.Config) -> None:
    """The fast tests try fewer examples of each law than the whole suite does."""
    if config.getoption("markexpr") == "not slow":
        settings.load_profile("quick")


def _only_here(way: Callable[..., Any]) -> Callable[..., Any]:
    """`way` of a socket to reach an address, its last argument, for addresses of this machine alone."""

    def guarded(self: socket.socket, *args: Any) -> Any:
        address = args[-1]
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wants to talk to {address}")
        return way(self, *args)

    return guarded


@pytest.fixture(autouse=True, scope="session")
def nobody_else() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _only_here(getattr(socket.socket, name)))
        yield


@pytest.fixture(autouse=True, scope="session")
def a_cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def no_clock_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SOURCE_DATE_EPOCH", "NO_COLOR", "STATUS_DEBUG"):
        monkeypatch.delenv(name, raising=False)
