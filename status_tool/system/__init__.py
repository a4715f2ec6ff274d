"""The machine below: its clock, disk, caches and processes, and the files of this package."""
