"""SMS by a modem of one's own: a file for gammu-smsd, as the real one takes it."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import messages
import pytest

from status_tool.model.channel import Channel, ChannelKind
from status_tool.notify.channels import gammu
from status_tool.notify.delivery import Delivery
from status_tool.notify.receipt import Outcome
from status_tool.notify.words import Words

TEXT = "Investigating: API errors, since 13:00 UTC. https://status.example.org/"


def delivery(spool: Path, text: str = TEXT) -> Delivery:
    channel = Channel("sms", ChannelKind.GAMMU, spool=str(spool), to_env="T_TO")
    return messages.delivery(channel, {"to_env": "+33199001234"}, recipient="+33199001234", words=Words(text, "", "en"))


def test_a_repeat_replaces_what_is_not_sent_yet(tmp_path: Path) -> None:
    receipts = [gammu.send(delivery(tmp_path)) for _ in range(2)]
    (file,) = tmp_path.iterdir()

    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED] * 2
    assert file.name.startswith("OUTA20261123_130000_00_+33199001234_")
    assert file.read_bytes().decode("utf-16") == TEXT


def test_a_folder_that_is_missing_is_named_and_no_number(tmp_path: Path) -> None:
    receipt = gammu.send(delivery(tmp_path / "none"))

    assert (receipt.outcome, "331" in receipt.detail) == (Outcome.UNSENT, False)
    assert receipt.detail.endswith("none cannot be written: No such file or directory")


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("gammu-smsd"), reason="needs gammu-smsd")
@pytest.mark.parametrize(
    "text", [TEXT, "Été à Zürich: été réparé. €", "Проверяем: ошибки API"], ids=["7 bit", "é", "ж"]
)
def test_gammu_sends_it(text: str, tmp_path: Path) -> None:
    for name in ("phone", "out", "sent", "error", "in"):
        (tmp_path / name).mkdir()
    (tmp_path / "phone" / "sms").mkdir()
    (tmp_path / "smsd.conf").write_text(
        f"[gammu]\nmodel = dummy\nconnection = none\nport = {tmp_path}/phone\ngammuloc = /dev/null\n"
        f"[smsd]\nservice = files\nlogfile = {tmp_path}/log\ndebuglevel = 255\ninboxpath = {tmp_path}/in/\n"
        f"outboxpath = {tmp_path}/out/\nsentsmspath = {tmp_path}/sent/\nerrorsmspath = {tmp_path}/error/\n"
        "commtimeout = 1\nreceivefrequency = 5\nloopsleep = 1\nchecksecurity = 0\ntransmitformat = auto\n"
    )
    gammu.send(delivery(tmp_path / "out", text))
    process = subprocess.Popen(["gammu-smsd", "-c", str(tmp_path / "smsd.conf")])
    try:
        for _ in range(300):
            if any((tmp_path / "sent").iterdir()) or any((tmp_path / "error").iterdir()):
                break
            time.sleep(0.1)
    finally:
        process.terminate()
        process.wait()

    assert (list((tmp_path / "error").iterdir()), list((tmp_path / "out").iterdir())) == ([], [])
    (sent,) = (tmp_path / "sent").iterdir()
    assert "+33199001234" in sent.name
    kept = sent.read_bytes()
    assert text in (kept.decode("utf-16") if kept[:2] in (b"\xff\xfe", b"\xfe\xff") else kept.decode())
