"""SMS by a modem of one's own: a file in the folder from which gammu-smsd sends (gammu-smsd-files(7)).

Setting `spool` is its `outboxpath`. The file appears there complete or not at all.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome, Receipt


def send(delivery: Delivery) -> Receipt:
    folder = Path(delivery.channel.spool)
    new = folder / f".status-{delivery.key}"
    try:
        with new.open("wb") as stream:
            stream.write(delivery.words.text.encode("utf-16"))
            stream.flush()
            os.fsync(stream.fileno())
        new.chmod(0o664)
        new.rename(folder / name(delivery))
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink()
        return Receipt(Outcome.UNSENT, detail=f"the folder {folder} cannot be written: {error.strerror}")
    return Receipt(Outcome.ACCEPTED, delivery.key)


def name(delivery: Delivery) -> str:
    """`OUTA20261123_130000_00_+33199001234_KEY.txt`: what is written again replaces what is not sent yet."""
    return f"OUTA{delivery.notice.at:%Y%m%d_%H%M%S}_00_{delivery.recipient}_{delivery.key}.txt"
