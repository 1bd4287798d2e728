"""The headers of every answer: nothing from another origin, no script, no copy kept, no address passed on."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


def send_headers(app: Flask, *, secure: bool) -> None:
    """Add the headers to each response. Static files carry their version in their address and may be kept."""
    fixed = list((HEADERS | ({"Strict-Transport-Security": STRICT_TRANSPORT} if secure else {})).items())

    def add(response: Response) -> Response:
        headers = response.headers
        for name, value in fixed:
            headers[name] = value
        if request.endpoint != "static":
            headers["Cache-Control"] = "no-store"
        return response

    app.after_request(add)
