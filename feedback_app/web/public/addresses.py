"""The addresses of the respondent's pages. Built by hand: looking each up costs more than the page it leads to."""

from __future__ import annotations

from flask import Response, request

SEE_OTHER = 303


def go_to(address: str) -> Response:
    """Lead to another page with GET. Bare: the page of a redirect is never seen."""
    return Response(b"", SEE_OTHER, {"Location": address})


def to_check() -> str:
    """What an address carries on for a person who changes an answer and will go back to the check page."""
    return "?to=check" if request.args.get("to") == "check" else ""


def start(language: str, collection: str) -> str:
    """The start page of a collection."""
    return f"/{language}/{collection}"


def screen(language: str, collection: str, ident: str) -> str:
    """One screen."""
    return f"/{language}/{collection}/{ident}"


def check(language: str, collection: str) -> str:
    """The page where answers are checked and sent."""
    return f"/{language}/{collection}/check"


def thanks(language: str, collection: str) -> str:
    """The page that says thank you, with the receipt."""
    return f"/{language}/{collection}/thank-you"


def goodbye(language: str, collection: str) -> str:
    """The page after a "no, thank you": the same thanks and the same help."""
    return f"/{language}/{collection}/goodbye"


def help_page(language: str, collection: str = "", ident: str = "") -> str:
    """The help page, with a way back to a screen."""
    return f"/{language}/help/{collection}/{ident}" if collection else f"/{language}/help"
