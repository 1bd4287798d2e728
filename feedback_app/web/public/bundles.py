"""A tablet in a place without a network: the whole survey on one page, and where its sealed answers are sent later."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import current_app
from markupsafe import Markup
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from feedback_app.core.errors import Refused
from feedback_app.core.tokens import Respondent
from feedback_app.i18n.locales import LOCALES
from feedback_app.journey.carried import can_carry, carried, limits
from feedback_app.journey.path import Path
from feedback_app.journey.plan import Plan
from feedback_app.questions import words as messages
from feedback_app.questions.asked import N_, Counted
from feedback_app.services import bundles, class_sessions, editions
from feedback_app.services.bundles import Different, Sealed
from feedback_app.services.collecting import Content, Visit
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import Here, collection_here, is_draft
from feedback_app.web.public.screens import main_part
from feedback_app.web.support.commit import store
from feedback_app.web.support.form_body import read_form
from feedback_app.web.support.language import Words, words_for
from feedback_app.web.support.rendering import STATIC, font_url, render, static_url
from feedback_app.web.support.tablet import LATER, Tablet, tablet_that_was
from feedback_app.web.support.wiring import wiring

SCRIPTS = ("outreach-path.js", "outreach-keep.js", "outreach.js")
SAID: dict[str, str | Counted] = {
    "part": N_("Part {number} of {total}"),
    "one": messages.PICK_ONE,
    "most": messages.PICK_AT_MOST,
    "alone": messages.PICK_ALONE,
    "once": messages.RANK_ONCE,
    "order": messages.RANK_IN_ORDER,
    "number": messages.NUMBER_BETWEEN,
    "both": messages.ONE_OR_OTHER,
    "whole": messages.WHOLE_DATE,
    "day": messages.DAY_BETWEEN,
    "month": messages.MONTH_BETWEEN,
    "year": messages.YEAR_BETWEEN,
    "noday": messages.NO_SUCH_DAY,
    "long": messages.TOO_LONG,
    "waiting": N_("Answers of people that wait on this tablet: {number}. They are sealed. Nobody can read them here."),
    "hours": N_("Whatever is not sent 24 hours after it was given is deleted. Hours left for the oldest: {number}."),
    "lost": N_("Answers of people that were not sent in 24 hours and are deleted: {number}."),
    "sent": N_("Sent: {number}."),
    "refused": N_("Could not be sent: {number}. Please tell the people who run the survey."),
    "offline": N_("There is no network. What waits is sent later."),
    "code": N_("This tablet is in no class now. Type the code of the class again, and then send."),
    "full": N_("This tablet could not keep your answers. Please press Send again, or tell the adult."),
}


@public.get("/<language:language>/class/outreach")
def outreach(language: str) -> str | Response:
    """The whole survey on one page, which static/outreach.js walks with or without a network."""
    tablet = tablet_that_was()
    if tablet is None or not tablet.outreach:
        return go_to(addresses.in_class(language, "next"))
    at = _at_once(language, tablet)
    able, words, keys = can_carry(at.plan), at.words, wiring().keys
    survey = carried(at.plan) | {
        "version": at.visit.version_hash,
        "language": language,
        "key_id": keys.key_id,
        "key": b64encode(keys.public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode(),
        "idle": tablet.idle,
        "open": tablet.open(wiring().clock.today()),
        "say": {name: _said(words, at.plan, text) for name, text in SAID.items()},
    }
    return render(
        "public/outreach.html",
        words,
        able=able,
        survey=json.dumps(survey),
        screens=list(_screens(at)) if able else [],
        scripts=SCRIPTS,
        listen=lambda *_: "",
        privacy=addresses.privacy(language, for_children=at.edition.for_children),
        title=at.plan.survey.title,
        opening=[question.label for question in at.plan.opening],
        mode=at.edition.mode,
        notice=at.plan.survey.notice,
        minutes=at.plan.survey.minutes,
        back=addresses.in_class(language, "next"),
        signposts=at.edition.signposts,
        for_children=at.edition.for_children,
        languages=at.languages,
        here_in=lambda code: addresses.in_class(code, "outreach"),
        draft=is_draft(at.edition, words),
    )


@public.post("/<language:language>/class/outreach")
def receive(language: str) -> Response:
    """Keep one sealed bundle: 204 when it is kept, whether now or before; 409 when its id came with other content."""
    tablet, posted, today = tablet_that_was(), read_form(), wiring().clock.today()
    held = class_sessions.find(store(), tablet.session) if tablet else None
    if held is None or today > held.closes_on + LATER + timedelta(days=1):
        return Response(status=403)
    try:
        bundles.receive(store(), held, _sealed(posted.to_dict()), today)
    except Different:
        return Response(status=409)
    except Refused:
        return Response(status=400)
    return Response(status=204)


@public.get("/class-sw.js")
def worker() -> Response:
    """The worker that keeps the help page at hand on a tablet. Elsewhere, one that takes itself away."""
    tablet = tablet_that_was()
    held = json.dumps(_held(tablet) if tablet else None)
    code = (STATIC / "kiosk-sw.js").read_text(encoding="utf-8")
    return Response(f"const HELD = {held};\n{code}", mimetype="text/javascript")


def _held(tablet: Tablet) -> dict[str, object]:
    """What the worker keeps: help, in each language of the survey; on an outreach tablet, the survey itself too."""
    _, edition = collection_here("en", tablet.collection)
    codes = editions.offered(edition, wiring().area, wiring().interfaces)
    styles = {static_url("app.css"), *filter(None, (font_url(LOCALES[code].script) for code in codes))}
    files = {static_url("kiosk.js"), static_url("icon.svg")}
    carries = tablet.outreach and can_carry(edition.plan("en"))
    notices = [addresses.privacy(code, for_children=edition.for_children) for code in codes]
    return {
        "help": [addresses.help_page(code) for code in codes],
        "pages": [*(addresses.in_class(code, "outreach") for code in codes), *notices] if carries else [],
        "styles": sorted(styles),
        "files": sorted(files | (set(map(static_url, SCRIPTS)) if carries else set())),
        "static": f"{current_app.static_url_path}/",
    }


def _said(words: Words, plan: Plan, text: str | Counted) -> str | dict[int, str]:
    """A message for the script; what counts something, in the form for each number that the survey's limits name."""
    if isinstance(text, str):
        said = words(text)
        return said.striptags() if isinstance(said, Markup) else said
    return {number: words.plural(*text, number).striptags() for number in limits(plan)}


def _screens(at: Here) -> Iterator[tuple[str, Markup]]:
    for screen in at.plan.screens.values():
        yield screen.id, Markup(main_part(at, screen))  # noqa: S704 - our own page, rendered


def _at_once(language: str, tablet: Tablet) -> Here:
    """Everywhere in the survey at once, for nobody in particular."""
    collection, edition = collection_here(language, tablet.collection)
    nobody = Respondent(wiring().keys.server, "", collection.id)
    visit = Visit(nobody, collection.version_hash, 0, Content("", ""), collection.opens_on, collection.closes_on)
    plan = edition.plan(language)
    parts = tuple(number for number, part in enumerate(plan.parts) if part.screens)
    path = Path(tuple(plan.screens.values()), {}, parts, complete=False)
    return Here(language, collection.id, words_for(language), edition, plan, visit, path)


def _sealed(posted: dict[str, str]) -> Sealed:
    try:
        sealed = urlsafe_b64decode(posted.get("sealed", ""))
    except (NotBase64, ValueError):
        raise BadRequest from None
    if posted.get("language") not in LOCALES:
        raise BadRequest
    given = {name: posted.get(name, "") for name in ("id", "version_hash", "language", "key_id")}
    return Sealed(**given, sealed=sealed)
