"""Which services the product, and which its status page, cannot do without; and which of them are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Services = Mapping[str, tuple[str, ...]]
"""What a service is used for -> its names: `{"forge": ("github.com",), "mail": ("Example Mail",)}`."""


@dataclass(frozen=True)
class Shared:
    """A service that both need, and what each uses it for."""

    name: str
    by_product: tuple[str, ...]
    by_page: tuple[str, ...]


@dataclass(frozen=True)
class Dependencies:
    product: Services = field(default_factory=dict)
    page: Services = field(default_factory=dict)

    @property
    def shared(self) -> list[Shared]:
        """The services that both name, whatever each uses them for; case and blanks do not matter."""
        product, page = _uses(self.product), _uses(self.page)
        names = {_plain(name): name for found in self.page.values() for name in found}
        return [
            Shared(name, tuple(product[plain]), tuple(page[plain])) for plain, name in names.items() if plain in product
        ]


def _plain(name: str) -> str:
    """`GitHub Actions` and `github  actions` as `githubactions`."""
    return "".join(name.casefold().split())


def _uses(services: Services) -> dict[str, list[str]]:
    """Plain name of a service -> what it is used for."""
    uses: dict[str, list[str]] = {}
    for use, names in services.items():
        for name in names:
            uses.setdefault(_plain(name), []).append(use)
    return uses
