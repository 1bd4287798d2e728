"""A server of one process that kills itself, with SIGKILL, at one moment of the first sending: for tests of faults.

`python -m tests.integration.dying_server PORT MOMENT`, with the settings of a copy in the environment. The moments:
"after the insert", when all rows are written and the commit has not begun; "after the commit", when it is on the disk
and the reply is not sent; "never".
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.serving import make_server

from feedback_app.core.clock import FixedClock
from feedback_app.factory import create_app
from feedback_app.storage.db import db
from tests.factories import NOON


def die_at(app: Flask, moment: str) -> None:
    """Die at the first moment of that name after a text was put in the queue."""
    sent: list[bool] = []

    def seen(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("INSERT INTO triage "):
            sent.append(True)

    def die(*given: Any) -> None:
        if sent:
            os.kill(os.getpid(), signal.SIGKILL)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", seen)
        event.listen(db.engine, {"after the insert": "commit", "after the commit": "checkin"}[moment], die)


def main(port: str, moment: str) -> None:
    """Serve until it is killed."""
    app = create_app("public", clock=FixedClock(NOON))
    if moment != "never":
        die_at(app, moment)
    make_server("127.0.0.1", int(port), app).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
