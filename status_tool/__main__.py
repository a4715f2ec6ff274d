"""`python -m status_tool`, where the `status` command is not on the path."""

from status_tool.cli.main import main

main()
