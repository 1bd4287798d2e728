"""The headers of every answer: nothing from another origin, no inline script, no copy kept, no address passed on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self'; "
    "media-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
NO_STORE = ("Cache-Control", "no-store")
FOUND = frozenset({"200", "206", "304"})


def send_headers(app: Flask, *, secure: bool) -> None:
    """Add the headers to each answer, errors included. Static files and recordings carry their version and may be kept;
    that there is none may not.

    Done around the application, not in it: there the same headers cost as much as the page's own work.
    """
    fixed = [*HEADERS, *([STRICT_TRANSPORT] if secure else [])]
    kept = (f"{app.static_url_path}/", "/sound/")
    app.wsgi_app = _with_headers(app.wsgi_app, fixed, kept)  # type: ignore[assignment, method-assign]


def _with_headers(inner: WSGIApplication, fixed: list[tuple[str, str]], kept: tuple[str, ...]) -> WSGIApplication:
    pages = [*fixed, NO_STORE]

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        may_be_kept = environ["PATH_INFO"].startswith(kept)

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            added = fixed if may_be_kept and status[:3] in FOUND else pages
            return start_response(status, headers + added, exc_info)

        return inner(environ, start)

    return application
