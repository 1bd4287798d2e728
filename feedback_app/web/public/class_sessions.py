"""A shared tablet: the class's code makes it one, an adult's PIN lets the next person begin, and each one is wiped."""

from __future__ import annotations

from werkzeug.wrappers import Response

from feedback_app.core.tokens import Respondent
from feedback_app.services import class_sessions, collecting, editions
from feedback_app.web.public import addresses, public
from feedback_app.web.public.addresses import go_to
from feedback_app.web.public.arriving import collection_here, is_draft
from feedback_app.web.support import tablet as tablets
from feedback_app.web.support.commit import store
from feedback_app.web.support.form_body import read_form
from feedback_app.web.support.language import words_for
from feedback_app.web.support.problems import say_problem
from feedback_app.web.support.rendering import render
from feedback_app.web.support.tablet import Tablet, tablet_here, tablet_that_was
from feedback_app.web.support.tries import Tries, client
from feedback_app.web.support.visitor import forget, remember, session_here
from feedback_app.web.support.wiring import wiring

# A whole school shares one address and types its code on thirty tablets; a code is one of 148 million.
CODES = Tries("class code", "30 per hour")
PINS = Tries("class pin", "10 per hour")  # for each tablet, so that a child can lock only the one in hand
ALL_PINS = Tries("class pin, all tablets", "60 per hour")
BUSY = 429


@public.get("/<language:language>/class")
def ask_for_code(language: str) -> str | Response:
    """Ask for the class's code, once for each tablet."""
    if tablet_here():
        return go_to(addresses.in_class(language, "next"))
    return _code_page(language)


@public.post("/<language:language>/class")
def take_code(language: str) -> Response | tuple[str, int]:
    """Make this browser a tablet of the class that the code belongs to."""
    typed, wired = read_form().get("code", ""), wiring()
    if not CODES.left(client()):
        return _too_many(language), BUSY
    held = class_sessions.with_code(store(), wired.keys.server, typed, wired.clock.today())
    if held is None:
        CODES.failed(client())
        return _code_page(language, wrong=True), 422
    return forget(tablets.make_tablet(go_to(addresses.in_class(language, "next")), held))


@public.get("/<language:language>/class/next")
def next_person(language: str) -> str | Response:
    """The locked screen between one person and the next."""
    tablet = tablet_here()
    if tablet is None:
        return go_to(addresses.in_class(language))
    return _next_page(language, tablet)


@public.post("/<language:language>/class/next")
def let_begin(language: str) -> Response | tuple[str, int]:
    """With the PIN: let the next person begin, or take this tablet out of the class."""
    posted, tablet = read_form(), tablet_here()
    if tablet is None:
        return go_to(addresses.in_class(language))
    if not (PINS.left(tablet.session, tablet.mark) and ALL_PINS.left(tablet.session)):
        return _too_many(language), BUSY
    if not class_sessions.is_pin(store(), wiring().keys.server, tablet.session, posted.get("pin", "")):
        PINS.failed(tablet.session, tablet.mark)
        ALL_PINS.failed(tablet.session)
        return _next_page(language, tablet, wrong=True), 422
    _delete_answers()
    if posted.get("go") == "end" or not _is_open(tablet):
        return _end(language, tablet)
    return forget(tablets.unlock(go_to(addresses.start(language, tablet.collection)), tablet))


@public.post("/<language:language>/class/wipe")
def wipe(language: str) -> Response:
    """Forget who was here: after the last page, when somebody leaves, or when nobody pressed anything for minutes."""
    return wiped(language)


def wiped(language: str, *, delete: bool = True) -> Response:
    """Lock this tablet and forget who was here. Without `delete`, for a GET, which writes nothing: what is left of the
    answers is encrypted under the session that the browser forgets now, and is cleared away within a day."""
    tablet = tablet_that_was()
    if delete:
        _delete_answers()
    response = go_to(addresses.in_class(language, "next" if tablet else ""))
    if tablet:
        tablets.lock(response, tablet)
    # Not "storage" too: that would throw away the help page that is kept for when there is no network.
    response.headers["Clear-Site-Data"] = '"cache"'
    return forget(response)


@public.post("/<language:language>/class/stay")
def stay(language: str) -> Response:
    """Somebody is still here, though they sent nothing yet."""
    tablet, session, wired = tablet_here(), session_here(), wiring()
    if tablet and session:
        respondent = Respondent(wired.keys.server, session, tablet.collection)
        visit = collecting.find(store(), respondent, wired.clock.now(), wired.settings.session_hours)
        if visit:
            collecting.still_here(store(), visit)
    return Response(status=204)


def may_begin(tablet: Tablet, collection: str, *, began: bool) -> bool:
    """Whether a visit may begin on a tablet: when an adult unlocked it, or when the same person begins again."""
    return tablet.collection == collection and (tablet.unlocked or began)


def on_tablet(tablet: Tablet | None) -> tuple[str, int]:
    """What a visit keeps of the tablet it is on: the class session, and the minutes after which it is over."""
    return (tablet.session, tablet.idle) if tablet else ("", 0)


def for_a_while(response: Response, respondent: Respondent) -> Response:
    """On a tablet the thank-you page is for a few minutes only: then the browser forgets the session by itself."""
    tablet = tablet_here()
    return remember(response, respondent, seconds=tablet.idle * 60) if tablet else response


def _end(language: str, tablet: Tablet) -> Response:
    response = go_to(addresses.in_class(language))
    # What waits on an outreach tablet is sealed and stays, so that it can still be sent when the code is typed again.
    response.headers["Clear-Site-Data"] = '"cache"' if tablet.outreach else '"cache", "storage"'
    return forget(tablets.unmake(response))


def _is_open(tablet: Tablet) -> bool:
    held = class_sessions.find(store(), tablet.session)
    return held is not None and held.open(wiring().clock.today())


def _delete_answers() -> None:
    session = session_here()
    if session:
        collecting.leave_all(store(), wiring().keys, session)


def _code_page(language: str, *, wrong: bool = False) -> str:
    words = words_for(language)
    return render(
        "public/class_code.html",
        words,
        wrong=wrong,
        action=addresses.in_class(language),
        languages=wiring().spoken,
        here_in=addresses.in_class,
        draft=words.interface.review == "draft",
    )


def _next_page(language: str, tablet: Tablet, *, wrong: bool = False) -> str:
    _, edition = collection_here(language, tablet.collection)
    words = words_for(language)
    return render(
        "public/class_next.html",
        words,
        wrong=wrong,
        action=addresses.in_class(language, "next"),
        outreach=addresses.in_class(language, "outreach") if tablet.outreach else "",
        languages=editions.offered(edition, wiring().area, wiring().interfaces),
        for_children=edition.for_children,
        here_in=lambda code: addresses.in_class(code, "next"),
        draft=is_draft(edition, words),
    )


def _too_many(language: str) -> str:
    words = words_for(language)
    return say_problem(words, words("Too many tries"), words("Please wait an hour and try again."))
