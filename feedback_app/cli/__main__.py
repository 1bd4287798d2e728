"""Let `python -m feedback_app.cli` be the `feedback` command, for a process that starts another."""

from feedback_app.cli import main

main()
