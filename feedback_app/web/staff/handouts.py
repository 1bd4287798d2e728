"""What is handed out for a collection: its QR code, posters, one-time cards, a preview pack. None holds an answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Response, abort, request

from feedback_app.core.errors import Refused
from feedback_app.documents import poster, preview
from feedback_app.documents.poster import Invitation
from feedback_app.documents.preview import Preview
from feedback_app.i18n.locales import SOURCE
from feedback_app.services import cards, editions, openings
from feedback_app.services.collections import Held
from feedback_app.storage.db import db
from feedback_app.web.staff import staff
from feedback_app.web.staff.arriving import collection_here
from feedback_app.web.staff.collections import one_page
from feedback_app.web.staff.gate import signed_in
from feedback_app.web.staff.paper import paper_here
from feedback_app.web.staff.standing import address_of
from feedback_app.web.support.language import words_for
from feedback_app.web.support.rendering import STATIC
from feedback_app.web.support.wiring import wiring


@staff.get("/collections/<collection>/qr.svg")
def qr(collection: str) -> Response:
    """The QR code of its address."""
    one = paper_here(collection)
    return Response(poster.square(address_of(one.id)), content_type="image/svg+xml")


@staff.get("/collections/<collection>/poster-<language:language>.pdf")
def poster_of(collection: str, language: str) -> Response:
    """A poster in one language."""
    one = paper_here(collection)
    return _pdf(poster.write(_invitation(one, language), _folders()), f"{one.id}-poster-{language}")


@staff.post("/collections/<collection>/cards")
def make_cards(collection: str) -> Response | tuple[str, int]:
    """Make one-time cards. Their codes are in this one file and nowhere else."""
    one, wired = collection_here(collection), wiring()
    number, language = request.form.get("number", 0, type=int), request.form.get("in", SOURCE)
    try:
        by, now = signed_in().name, wired.clock.now()
        codes = cards.make(db.session(), wired.keys.server, one, number, by=by, now=now)
    except Refused as error:
        return one_page(one, error, "cards-to-print"), 422
    made = poster.write_cards(_invitation(one, language), codes, _folders())
    return _pdf(made, f"{one.id}-cards-{language}", "attachment")


@staff.get("/collections/<collection>/preview.pdf")
def preview_pack(collection: str) -> Response:
    """The preview pack for a head teacher: all questions, and which parts can be left out."""
    one, wired = paper_here(collection), wiring()
    edition = wired.editions.get(db.session(), one.version_hash)
    survey = edition.plan(SOURCE).survey
    can_go = frozenset(page.id for page in openings.may_go(edition))
    given = Preview(survey, wired.area, edition.signposts, one.title, can_go, one.left_out.split(), wired.clock.today())
    return _pdf(preview.write(given, _folders()), f"{one.id}-preview")


def _invitation(one: Held, language: str) -> Invitation:
    wired = wiring()
    edition = wired.editions.asked(db.session(), one)
    if language not in editions.offered(edition, wired.area, wired.interfaces):
        abort(404)
    words = words_for(language)
    draft = "draft" in (edition.review(language), words.interface.review)
    survey = edition.plan(language).survey
    address = address_of(one.id)
    return Invitation(survey, wired.area, edition.signposts, words, address, draft, edition.for_children)


def _folders() -> Mapping[str, Path]:
    return {"static": STATIC}


def _pdf(made: bytes, name: str, how: str = "inline") -> Response:
    shown = {"Content-Disposition": f'{how}; filename="{name}.pdf"'}
    return Response(made, headers=shown, content_type="application/pdf")
