"""The code that pairs a follow-up with its first form: asked for on the start page, and nobody has to have it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from feedback_app.core.tokens import RECEIPT_WORDS, read_words, unknown_words
from feedback_app.services import pairing
from feedback_app.services.editions import Edition
from feedback_app.services.pairing import Known
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import here, is_draft
from feedback_app.web.support.commit import store
from feedback_app.web.support.language import Words
from feedback_app.web.support.rendering import render
from feedback_app.web.support.tries import Tries, client
from feedback_app.web.support.wiring import wiring

# Five words that are all in the list and belong to no form. Right ones never count.
FROM_ONE, FROM_ALL = Tries("pair code", "20 per hour"), Tries("pair code, everyone", "1000 per hour")


@dataclass(frozen=True, slots=True)
class Asking:
    """The box for the code: what was typed into it, and what is wrong."""

    typed: str = ""
    trouble: str = ""


def asking(edition: Edition) -> Asking | None:
    """The box for the code, where the survey asks for one."""
    pair = edition.frozen.document.get("pair") or {}
    return Asking() if pair.get("code") == "ask" else None


def typed_code(edition: Edition, words: Words) -> Known | Asking | None:
    """What the code that was typed leads to; the box again where it leads to nothing; None where none was typed."""
    typed = request.form.get("code", "")[:200].replace("\0", "")
    if asking(edition) is None or not typed.strip():
        return None
    given = read_words(typed)
    if unknown := unknown_words(given):
        return Asking(
            typed, words.say("This is not one of our words: {word}. Please look at it again.", word=unknown[0][:30])
        )
    if len(given) != RECEIPT_WORDS:
        return Asking(typed, words("Please type all five words."))
    if not (FROM_ONE.left(client()) and FROM_ALL.left()):
        return Asking(typed, words("That was too many tries. Please wait an hour and try again."))
    known = pairing.find(store(), wiring().keys.server, given)
    if known is None:
        FROM_ONE.failed(client())
        FROM_ALL.failed()
        return Asking(typed, words("We do not know this code. Look at it again, or leave the box empty and start."))
    return known


def first_page(language: str, collection: str, first: str, known: Known | None) -> str:
    """Where a visit begins: with what the person wrote in the first form, where their code opened it."""
    return addresses.promise(language, collection) if known and known.promise else first


@public.get("/<language:language>/<collection>/what-you-said")
def promise(language: str, collection: str) -> str | Response:
    """Show what the person wrote in the first form that they would do."""
    at = here(language, collection)
    onward = addresses.screen(language, collection, at.plan.first.id)
    if not at.visit.content.promise:
        return go_to(onward)
    return render(
        "public/promise.html",
        at.words,
        promise=at.visit.content.promise,
        onward=onward,
        for_children=False,
        languages=at.languages,
        here_in=lambda code: addresses.promise(code, collection),
        draft=is_draft(at.edition, at.words),
    )
