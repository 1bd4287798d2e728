"""The door of the web server: both faces in one process, or one of them, as the setting FACE says."""

from __future__ import annotations

import gc
import os
import signal
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from feedback_app.core.settings import read_settings
from feedback_app.factory import create_app
from feedback_app.services.screening import load_screens
from feedback_app.web.support.whole_bodies import Served

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STOPS_WITHIN = 15  # seconds, for what is being answered


def make_app() -> WSGIApplication:
    """Make what the server calls. With both faces, the staff pages are under /staff."""
    settings = read_settings()
    load_screens(settings.surveys).make_ready()  # now, and not while the first child waits
    if settings.face != "both":
        return create_app(settings.face, settings)
    return DispatcherMiddleware(create_app("public", settings), {"/staff": create_app("staff", settings)})


def stop_with_parent() -> None:
    """End this process when the one that started it is gone: killed, it cannot say so, and its port must be free."""
    parent = parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
        sleep(STOPS_WITHIN)
        os.kill(os.getpid(), signal.SIGKILL)  # a signal that comes as a process begins can be lost

    Thread(target=watch, daemon=True).start()


app = make_app()
served = Served(app)
stop_with_parent()
# What was loaded so far lives as long as the process: the collector need not look at it again. Looking cost a third of
# the time of a page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
