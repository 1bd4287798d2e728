"""Commit once, at the door, when a request that may write went well. A GET never writes, so it is never committed.

When the database cannot keep an answer (a full disk, a server that went away) the person sees their own page again with
what they typed, and 503; nothing is half kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, g, make_response, request
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError

from feedback_app.storage.db import db
from feedback_app.web.support.problems import problem_page

T = TypeVar("T")
READS = frozenset({"GET", "HEAD", "OPTIONS"})
FAILURES = (OperationalError, InternalError)  # the second: a PostgreSQL that may be read and not written


def if_not_kept(page: Callable[[], str]) -> None:
    """Say which page to show if this request's writing fails."""
    g.not_kept = page


def remember_typed(words: str) -> None:
    """Keep the words of this request at hand, to give them back on whatever page it ends."""
    g.typed = words


def store() -> Connection:
    """The connection of this request, made when it is first asked for. The respondent's pages need no ORM session."""
    if "store" not in g:
        g.store = db.engine.connect()
    held: Connection = g.store
    return held


def read_with(read: Callable[[Connection], T]) -> T:
    """Read first thing in a request; once more on a new connection when the old one turns out to be dead."""
    try:
        return read(store())
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        _let_go()
        return read(store())


def _let_go(_: BaseException | None = None) -> None:
    held = g.pop("store", None)
    if held is not None:
        held.close()


def commit_at_the_door(app: Flask) -> None:
    """Commit after each request that may write and did not fail; what failed is rolled back."""

    def commit(response: Response) -> Response:
        if request.method in READS or response.status_code >= 400:
            return response
        try:
            if "store" in g:
                g.store.commit()
                _let_go()
            if db.session.registry.has():
                db.session.commit()
        except FAILURES as error:
            return make_response(not_kept(error))
        return response

    def not_kept(error: DBAPIError) -> tuple[str, int]:
        app.logger.error("The database could not keep or find something: %s", type(error.orig).__name__)
        _let_go()
        db.session.rollback()
        page = g.get("not_kept")
        return (page() if page else problem_page(503)), 503

    for failure in FAILURES:
        app.register_error_handler(failure, not_kept)
    app.after_request(commit)
    app.teardown_appcontext(_let_go)
