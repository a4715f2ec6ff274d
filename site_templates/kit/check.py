"""Compares every file of this kit with sums.txt; run it with any Python: python3 check.py"""

import hashlib
import pathlib
import sys

kit = pathlib.Path(__file__).resolve().parent
wrong = []
try:
    sums = (kit / "sums.txt").read_text("utf-8")
except (OSError, UnicodeDecodeError):
    sys.exit("check.py: sums.txt is damaged or missing. Make the kit again, or use another copy.")
for line in sums.splitlines():
    digest, _, name = line.partition("  ")
    try:
        found = hashlib.sha256((kit / name).read_bytes()).hexdigest()
    except OSError:
        found = ""
    if found != digest:
        wrong.append(name)
if wrong:
    sys.exit("check.py: damaged or missing: " + ", ".join(wrong) + ". Make the kit again, or use another copy.")
