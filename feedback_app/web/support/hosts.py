"""Answer only under our own names: a page that is asked for under another never reaches the application."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask

from feedback_app.core.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
WRITTEN = re.compile(r"([a-z0-9.\-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?")
OTHER = b"Nothing is here under this name. PUBLIC_URL and STAFF_URL say under which names these pages are.\n"


def refuse_other_hosts(app: Flask, settings: Settings) -> None:
    """Refuse what is asked for under a name that is neither in the settings nor this machine's own.

    Passkeys are bound to the name that a request says, and a name can be forged. Ports are the proxy's affair.
    """
    named = frozenset(urlsplit(address).hostname or "" for address in (settings.address, settings.staff_address))
    app.wsgi_app = _only(app.wsgi_app, (named | THIS_MACHINE) - {""})  # type: ignore[assignment, method-assign]


def _only(inner: WSGIApplication, ours: frozenset[str]) -> WSGIApplication:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if _name(environ.get("HTTP_HOST", "")) in ours:
            return inner(environ, start_response)
        start_response(
            "400 Bad Request", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(OTHER)))]
        )
        return [OTHER]

    return application


def _name(host: str) -> str:
    """The name in a Host header, without its port. What is written in any other way is none of ours."""
    found = WRITTEN.fullmatch(host.lower())
    return found[1].strip("[]") if found else ""
