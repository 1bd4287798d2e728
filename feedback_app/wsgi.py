"""The door of the web server: both faces in one process, or one of them, as the setting FACE says."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from feedback_app.core.settings import read_settings
from feedback_app.factory import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def make_app() -> WSGIApplication:
    """Make what the server calls. With both faces, the staff pages are under /staff."""
    settings = read_settings()
    if settings.face != "both":
        return create_app(settings.face, settings)
    return DispatcherMiddleware(create_app("public", settings), {"/staff": create_app("staff", settings)})


app = make_app()
# What was loaded so far lives as long as the process: the collector need not look at it again. Looking cost a third of
# the time of a page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
