"""The addresses of the respondent's pages. Built by hand: looking each up costs more than the page it leads to."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, request

SEE_OTHER, NO_CONTENT = 303, 204


def go_to(address: str) -> Response:
    """Lead to another page with GET. Bare: the page of a redirect is never seen.

    Our own script (static/sending.js) is told the address and goes there by itself: it would fetch the page to follow
    a redirect, and then the browser would fetch it once more.
    """
    status = NO_CONTENT if "X-Sent-By" in request.headers else SEE_OTHER
    return Response(b"", status, {"Location": address})


def to_check() -> str:
    """What an address carries on for a person who changes an answer and will go back to the check page."""
    return "?to=check" if request.args.get("to") == "check" else ""


def start(language: str, collection: str) -> str:
    """The start page of a collection."""
    return f"/{language}/{collection}"


def told(words: list[str]) -> str:
    """What the address of a start page carries on of what the link told: `?in=QUESTION.VALUE`."""
    return f"?{urlencode([('in', said) for said in words])}" if words else ""


def screen(language: str, collection: str, ident: str) -> str:
    """One screen."""
    return f"/{language}/{collection}/{ident}"


def check(language: str, collection: str) -> str:
    """The page where answers are checked and sent."""
    return f"/{language}/{collection}/check"


def thanks(language: str, collection: str) -> str:
    """The page that says thank you, with the receipt."""
    return f"/{language}/{collection}/thank-you"


def promise(language: str, collection: str) -> str:
    """What the person wrote in the first form that they would do."""
    return f"/{language}/{collection}/what-you-said"


def letters(language: str, collection: str) -> str:
    """Where an address is given for letters about a follow-up."""
    return f"/{language}/{collection}/letters"


def certificate(language: str, collection: str) -> str:
    """Where a certificate of attendance is made."""
    return f"/{language}/{collection}/certificate"


def no_more_letters(language: str, ident: str) -> str:
    """Where an address that was given for letters is deleted."""
    return f"/{language}/no-more-letters/{ident}"


def goodbye(language: str, collection: str) -> str:
    """The page after a "no, thank you": the same thanks and the same help."""
    return f"/{language}/{collection}/goodbye"


def privacy(language: str, *, for_children: bool) -> str:
    """What is kept and who sees it; a short page for children."""
    return f"/{language}/privacy/children" if for_children else f"/{language}/privacy"


def in_class(language: str, page: str = "") -> str:
    """A page of a shared tablet: where its code is typed, or one that the code opened."""
    return f"/{language}/class/{page}" if page else f"/{language}/class"


def come_back(language: str) -> str:
    """Where five words are typed to go on with unfinished answers."""
    return f"/{language}/return"


def receipt(language: str) -> str:
    """Where the five words of a receipt are typed, to see what is held and to take it back."""
    return f"/{language}/receipt"


def help_page(language: str, collection: str = "", ident: str = "") -> str:
    """The help page, with a way back to a screen."""
    return f"/{language}/help/{collection}/{ident}" if collection else f"/{language}/help"
