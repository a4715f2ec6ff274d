"""What is on a host before a deployment, and whether the deployment may replace it."""

from __future__ import annotations

from dataclasses import dataclass

from status_tool.deploy.snapshot import STATE, Snapshot, State, is_in_the_future, read_state
from status_tool.errors import StatusError
from status_tool.outputs import manifest
from status_tool.outputs.manifest import Manifest
from status_tool.system import clock

LOOKED_AT = (manifest.NAME, manifest.SIGNATURE, STATE)
"""The files of a host that tell what is there."""


@dataclass(frozen=True)
class HostCopy:
    """The site that a host has."""

    manifest: Manifest
    state: State | None = None
    is_signed: bool = False

    @classmethod
    def of(cls, files: dict[str, bytes]) -> HostCopy:
        """That of a host with those of the files `LOOKED_AT`."""
        found = manifest.read(files[manifest.NAME]) if manifest.NAME in files else Manifest()
        state = read_state(files[STATE]) if STATE in files else None
        return cls(found, state, manifest.SIGNATURE in files)

    @property
    def is_ours(self) -> bool:
        """Whether a deployment, or a copy of a site, has written what is there."""
        return bool(self.manifest.digests) or (self.manifest.is_damaged and self.state is not None)

    def refuse_drill(self, snapshot: Snapshot) -> None:
        """StatusError when a drill would take the place of a site that is none; nothing makes that right."""
        if snapshot.state.is_drill and self.state and not self.state.is_drill:
            hint = "Give the target of drills (scratch: true) a place of its own in mkdocs.yml."
            raise StatusError("it has a site that is no drill, so the drill was not deployed.", hint=hint)

    def refuse_unless_replaceable(self, snapshot: Snapshot, others: str) -> None:
        """StatusError when the host has a newer site, or files that are not ours; `others` names any of its files.

        Also when it reports an open incident that the new site does not know: readers would be told that all is well.
        """
        if not self.is_ours and others:
            raise StatusError(
                f"it has files that no deployment has put there, such as {others}, so nothing was deployed.",
                hint="Correct the target in mkdocs.yml; or, if these files may be overwritten: status deploy --force",
            )
        if self.state is None or self.state.is_drill:
            return
        known = snapshot.manifest.digests
        unknown = (
            []
            if snapshot.state.is_drill
            else sorted(id for id in self.state.open if f"incidents/{id}/index.html" not in known)
        )
        if unknown:
            what = f"the site there reports an open incident that this one does not know, {unknown[0]}"
            raise StatusError(
                f"{what}, so nothing was deployed.",
                hint="Get the newest files and build again: git pull && status build\n"
                "Or, if it was removed on purpose: status deploy --force",
            )
        if is_in_the_future(self.state.written, clock.now()):
            raise StatusError(
                f"the site there was built in the future, at {clock.iso(self.state.written)}, so nothing was deployed.",
                hint="The clock of this machine is wrong, or that of the one that built it. When this one is right: "
                "status deploy --force",
            )
        if self.state.written > snapshot.state.written:
            there, here = clock.iso(self.state.written), clock.iso(snapshot.state.written)
            raise StatusError(
                f"the site there was built at {there}, and this one earlier, at {here}, so nothing was deployed.",
                hint="Get the newest files and build again: git pull && status build\n"
                "Or, if the older one is right: status deploy --force",
            )
