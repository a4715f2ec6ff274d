"""The machine: clock, disk, caches and processes, and the files of this package."""
